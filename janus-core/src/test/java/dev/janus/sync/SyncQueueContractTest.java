package dev.janus.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.JanusQueue;
import dev.janus.QueueShutdownException;
import dev.janus.fixtures.PutCall;
import dev.janus.fixtures.QueueAssertions;
import dev.janus.fixtures.QueueKind;
import dev.janus.fixtures.QueueSuite;
import dev.janus.fixtures.TakeCall;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One element in or out of the sync face where nobody has to wait: results, order, refusals. */
class SyncQueueContractTest extends QueueSuite {

    static Stream<Arguments> storingByPutCall() {
        return QueueKind.storing().flatMap(kind -> Stream.of(PutCall.values()).map(call -> Arguments.of(kind, call)));
    }

    static Stream<Arguments> everyByPutCall() {
        return QueueKind.every().flatMap(kind -> Stream.of(PutCall.values()).map(call -> Arguments.of(kind, call)));
    }

    static Stream<Arguments> storingByTakeCall() {
        return QueueKind.storing().flatMap(kind -> Stream.of(TakeCall.values()).map(call -> Arguments.of(kind, call)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("storingByPutCall")
    void everyPut_room_addsElementInOrder(QueueKind kind, PutCall call) throws InterruptedException {
        JanusQueue<Integer> queue = queue(kind);
        int size = 0;
        for (Integer element : kind.someElements()) {
            call.put(queue, element);
            assertEquals(++size, queue.size());
            assertEquals(size, queue.stats().accepted());
        }
        assertEquals(kind.arranged(kind.someElements()), QueueAssertions.takeAll(queue));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everyByPutCall")
    void everyPut_null_throwsAndAddsNothing(QueueKind kind, PutCall call) {
        JanusQueue<Integer> queue = queue(kind);
        assertThrows(NullPointerException.class, () -> call.put(queue, null));
        assertEquals(0, queue.stats().accepted());
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("storingByTakeCall")
    void everyTake_elements_takesThemInOrder(QueueKind kind, TakeCall call) throws InterruptedException {
        JanusQueue<Integer> queue = queueOfSome(kind);
        List<Integer> taken = new ArrayList<>();
        while (!queue.isEmpty()) {
            taken.add(call.take(queue));
            assertEquals(taken.size(), queue.stats().taken());
        }
        assertEquals(kind.arranged(kind.someElements()), taken);
    }

    @QueueKind.Storing
    void randomCalls_comparedWithModel_agree(QueueKind kind) {
        JanusQueue<Integer> queue = queue(kind);
        Queue<Integer> model = kind.order().model();
        Random random = new Random(kind.hashCode());
        int next = 0;
        for (int i = 0; i < 2_000; i++) {
            if (random.nextInt(100) < (i / 200 % 2 == 0 ? 70 : 30)) {
                boolean room = model.size() < kind.capacity();
                assertEquals(room && model.offer(next), queue.sync().offer(next));
                next++;
            } else {
                assertEquals(model.peek(), queue.sync().peek());
                assertEquals(model.poll(), queue.sync().poll());
            }
            assertEquals(model.size(), queue.sync().size());
        }
    }

    @QueueKind.Bounded
    void offer_full_returnsFalse(QueueKind kind) {
        JanusQueue<Integer> queue = fullQueue(kind);
        assertFalse(queue.sync().offer(1000));
        assertFullAndUntouched(kind, queue);
    }

    @QueueKind.Bounded
    void offer_fullWithoutTime_returnsFalse(QueueKind kind) throws InterruptedException {
        JanusQueue<Integer> queue = fullQueue(kind);
        assertFalse(queue.sync().offer(1000, 0, TimeUnit.SECONDS));
        assertFalse(queue.sync().offer(1000, -1, TimeUnit.DAYS));
        assertFullAndUntouched(kind, queue);
    }

    @QueueKind.Bounded
    void add_full_throws(QueueKind kind) {
        JanusQueue<Integer> queue = fullQueue(kind);
        IllegalStateException thrown =
                assertThrows(IllegalStateException.class, () -> queue.sync().add(1000));
        assertNotEquals(QueueShutdownException.class, thrown.getClass());
        assertFullAndUntouched(kind, queue);
    }

    private static void assertFullAndUntouched(QueueKind kind, JanusQueue<Integer> queue) {
        assertTrue(queue.isFull());
        assertEquals(0, queue.sync().remainingCapacity());
        assertEquals(kind.arranged(kind.fillingElements()), QueueAssertions.takeAll(queue));
    }

    @QueueKind.Every
    void poll_empty_returnsNull(QueueKind kind) throws InterruptedException {
        JanusQueue<Integer> queue = queue(kind);
        assertNull(queue.sync().poll());
        assertNull(queue.sync().poll(0, TimeUnit.SECONDS));
        assertNull(queue.sync().poll(-1, TimeUnit.DAYS));
    }

    @QueueKind.Storing
    void poll_elementWithoutTime_takesIt(QueueKind kind) throws InterruptedException {
        JanusQueue<Integer> queue = queueOf(kind, List.of(7));
        assertEquals(7, queue.sync().poll(-1, TimeUnit.DAYS));
        assertTrue(queue.isEmpty());
    }

    @QueueKind.Storing
    void offer_roomWithoutTime_adds(QueueKind kind) throws InterruptedException {
        JanusQueue<Integer> queue = queue(kind);
        assertTrue(queue.sync().offer(7, -1, TimeUnit.DAYS));
        assertEquals(7, queue.sync().peek());
    }

    @QueueKind.Every
    void removeAndElement_empty_throw(QueueKind kind) {
        JanusQueue<Integer> queue = queue(kind);
        assertThrows(NoSuchElementException.class, queue.sync()::remove);
        assertThrows(NoSuchElementException.class, queue.sync()::element);
    }

    @QueueKind.Every
    void peek_empty_returnsNull(QueueKind kind) {
        assertNull(queue(kind).sync().peek());
    }

    @QueueKind.Storing
    void peekAndElement_elements_showTheNextAndLeaveIt(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        for (Integer next : kind.arranged(kind.someElements())) {
            assertEquals(next, queue.sync().peek());
            assertEquals(next, queue.sync().element());
            assertEquals(next, queue.sync().poll());
        }
    }

    @QueueKind.Every
    void remainingCapacity_everyFill_isWhatIsFree(QueueKind kind) {
        JanusQueue<Integer> queue = queue(kind);
        int size = 0;
        for (Integer element : kind.someElements()) {
            assertEquals(remaining(kind, size), queue.sync().remainingCapacity());
            queue.sync().add(element);
            size++;
        }
        assertEquals(remaining(kind, size), queue.sync().remainingCapacity());
    }

    private static int remaining(QueueKind kind, int size) {
        return kind.capacity() == QueueKind.UNBOUNDED ? Integer.MAX_VALUE : kind.capacity() - size;
    }

    @QueueKind.Every
    void sizeAndIsEmpty_everyFill_areExact(QueueKind kind) {
        JanusQueue<Integer> queue = queue(kind);
        assertTrue(queue.sync().isEmpty());
        assertEquals(0, queue.sync().size());
        for (Integer element : kind.someElements()) {
            queue.sync().add(element);
            assertFalse(queue.sync().isEmpty());
        }
        assertEquals(kind.someElements().size(), queue.sync().size());
        QueueAssertions.takeAll(queue);
        assertTrue(queue.sync().isEmpty());
    }

    @Test
    void equals_sameElements_isIdentity() {
        JanusQueue<Integer> one = checked(JanusQueue.fifo(2));
        JanusQueue<Integer> other = checked(JanusQueue.fifo(2));
        assertEquals(one.sync(), one.sync());
        assertEquals(one.sync().hashCode(), one.sync().hashCode());
        assertNotEquals(one.sync(), other.sync());
    }

    @Test
    void priority_equalElements_allComeOut() {
        JanusQueue<String> queue = checked(JanusQueue.priority(8, String.CASE_INSENSITIVE_ORDER));
        Collections.addAll(queue.sync(), "b", "A", "B", "a");
        List<String> taken = QueueAssertions.takeAll(queue);
        assertEquals(
                List.of("a", "a", "b", "b"),
                taken.stream().map(String::toLowerCase).toList());
        assertEquals(4, taken.stream().distinct().count());
    }

    @Test
    void priority_elementThatCannotBeCompared_isRefusedAndChangesNothing() {
        JanusQueue<Object> queue = checked(JanusQueue.priority(8));
        queue.sync().add(1);
        assertThrows(ClassCastException.class, () -> queue.sync().add("one"));
        assertThrows(ClassCastException.class, () -> queue.sync().put("one"));
        assertEquals(List.of(1), QueueAssertions.takeAll(queue));
    }
}
