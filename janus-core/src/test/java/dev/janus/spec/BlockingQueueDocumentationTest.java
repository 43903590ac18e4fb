package dev.janus.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.JanusQueue;
import dev.janus.fixtures.PutCall;
import dev.janus.fixtures.QueueAssertions;
import dev.janus.fixtures.QueueKind;
import dev.janus.fixtures.QueueSuite;
import dev.janus.fixtures.Running;
import dev.janus.fixtures.TakeCall;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the class description of {@link BlockingQueue} says, in the order of its paragraphs: the four forms of methods (2nd,
 * with the table), null (3rd), capacity (4th), the use as a collection (5th). Threads (6th to 8th) are in
 * {@link ProducerConsumerDocumentationTest}, memory (9th) in {@link MemoryConsistencyTest}.
 */
class BlockingQueueDocumentationTest extends QueueSuite {
    private static final Integer ONE_MORE = 1000;
    private static final long SHORT_MILLIS = 10;

    /** The ways to take elements out that wait for nobody, and leave room for one more at the least. */
    enum Removal {
        POLL(BlockingQueue::poll),
        REMOVE_HEAD(BlockingQueue::remove),
        REMOVE_ELEMENT(queue -> assertTrue(queue.remove(queue.element()))),
        DRAIN_TO(queue -> queue.drainTo(new ArrayList<>())),
        DRAIN_ONE_TO(queue -> queue.drainTo(new ArrayList<>(), 1)),
        CLEAR(BlockingQueue::clear),
        REMOVE_IF(queue -> queue.removeIf(element -> true)),
        REMOVE_ALL(queue -> queue.removeAll(List.copyOf(queue))),
        RETAIN_ALL(queue -> queue.retainAll(Set.of())),
        ITERATOR_REMOVE(Removal::removeFirstOfIteration);

        private final Consumer<BlockingQueue<Integer>> call;

        Removal(Consumer<BlockingQueue<Integer>> call) {
            this.call = call;
        }

        private static void removeFirstOfIteration(BlockingQueue<Integer> queue) {
            Iterator<Integer> iterator = queue.iterator();
            iterator.next();
            iterator.remove();
        }
    }

    static Stream<Arguments> reachableByRemoval() {
        return QueueKind.bounded()
                .filter(kind -> kind.capacity() > 0)
                .flatMap(kind -> Stream.of(Removal.values()).map(removal -> Arguments.of(kind, removal)));
    }

    static Stream<Arguments> everyByPutCall() {
        return QueueKind.every().flatMap(kind -> Stream.of(PutCall.values()).map(put -> Arguments.of(kind, put)));
    }

    @QueueKind.Bounded
    @DisplayName("2nd paragraph and table: insert where there is no room")
    void insert_full_throwsOrReturnsSpecialValueOrTimesOut(QueueKind kind) throws InterruptedException {
        JanusQueue<Integer> queue = fullQueue(kind);
        BlockingQueue<Integer> sync = queue.sync();
        assertThrows(IllegalStateException.class, () -> sync.add(ONE_MORE));
        assertFalse(sync.offer(ONE_MORE));
        long start = System.nanoTime();
        assertFalse(sync.offer(ONE_MORE, SHORT_MILLIS, TimeUnit.MILLISECONDS));
        assertAtLeast(SHORT_MILLIS, start);
        assertEquals(kind.arranged(kind.fillingElements()), QueueAssertions.takeAll(queue));
    }

    @QueueKind.Bounded
    @DisplayName("2nd paragraph and table: put, and offer with time, wait until they can succeed")
    void putAndTimedOffer_full_waitForRoom(QueueKind kind) throws Exception {
        for (PutCall put : List.of(PutCall.PUT, PutCall.TIMED_OFFER)) {
            JanusQueue<Integer> queue = fullQueue(kind);
            Running<Void> waiting = Running.startPut(queue, () -> put.put(queue, ONE_MORE));
            Queue<Integer> model = modelOf(kind);
            if (kind.capacity() == 0) {
                model.add(ONE_MORE);
            }
            assertEquals(model.remove(), queue.sync().take());
            waiting.result();
            if (kind.capacity() > 0) {
                model.add(ONE_MORE);
            }
            assertEquals(drained(model), QueueAssertions.takeAll(queue));
        }
    }

    @QueueKind.Every
    @DisplayName("2nd paragraph and table: remove and examine where there is no element")
    void removeAndExamine_empty_throwOrReturnSpecialValueOrTimeOut(QueueKind kind) throws InterruptedException {
        BlockingQueue<Integer> sync = queue(kind).sync();
        assertThrows(NoSuchElementException.class, sync::remove);
        assertNull(sync.poll());
        assertThrows(NoSuchElementException.class, sync::element);
        assertNull(sync.peek());
        long start = System.nanoTime();
        assertNull(sync.poll(SHORT_MILLIS, TimeUnit.MILLISECONDS));
        assertAtLeast(SHORT_MILLIS, start);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everyByPutCall")
    @DisplayName("2nd paragraph and table: take, and poll with time, wait until they can succeed")
    void takeAndTimedPoll_empty_waitForEveryInsertion(QueueKind kind, PutCall put) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        for (TakeCall take : List.of(TakeCall.TAKE, TakeCall.TIMED_POLL)) {
            Running<Integer> waiting = Running.startTake(queue, () -> take.take(queue));
            put.put(queue, ONE_MORE);
            assertEquals(ONE_MORE, waiting.result());
            assertEquals(0, queue.size());
        }
    }

    @QueueKind.Storing
    @DisplayName("2nd paragraph and table: what can be satisfied at once waits for nobody")
    void waitingForms_satisfiedAtOnce_doNotWait(QueueKind kind) throws InterruptedException {
        BlockingQueue<Integer> sync = queue(kind).sync();
        sync.put(1);
        assertEquals(1, sync.take());
        assertTrue(sync.offer(2, 1, TimeUnit.HOURS));
        assertEquals(2, sync.poll(1, TimeUnit.HOURS));
        assertTrue(sync.offer(3, 0, TimeUnit.HOURS));
        assertEquals(3, sync.element());
        assertEquals(3, sync.poll(0, TimeUnit.HOURS));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everyByPutCall")
    @DisplayName("3rd paragraph: null is refused, with and without room, with and without a receiver")
    void everyInsertion_null_isRefused(QueueKind kind, PutCall put) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        Running<Integer> receiver = Running.startTake(queue, queue.sync()::take);
        assertThrows(NullPointerException.class, () -> put.put(queue, null));
        assertEquals(1, queue.stats().waitingTakeThreads());
        queue.sync().put(1);
        assertEquals(1, receiver.result());
        assertThrows(NullPointerException.class, () -> put.put(queue, null));
        kind.someElements().forEach(queue.sync()::offer);
        assertThrows(NullPointerException.class, () -> put.put(queue, null));
        assertEquals(kind.arranged(kind.someElements()), QueueAssertions.takeAll(queue));
    }

    @QueueKind.Storing
    @DisplayName("3rd paragraph: null from poll means that nothing was there, and only that")
    void poll_everyFill_isNullOnlyWhenEmpty(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        for (int left = kind.someElements().size(); left > 0; left--) {
            assertEquals(left, queue.size());
            assertEquals(queue.sync().peek(), queue.sync().poll());
        }
        assertNull(queue.sync().poll());
        assertEquals(0, queue.size());
    }

    @QueueKind.Bounded
    @DisplayName("4th paragraph: beyond the remaining capacity a put waits, up to it none does")
    void put_remainingCapacityUsedUp_waits(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        BlockingQueue<Integer> sync = queue.sync();
        for (int left = kind.capacity(); left > 0; left--) {
            assertEquals(left, sync.remainingCapacity());
            sync.put(left);
        }
        assertEquals(0, sync.remainingCapacity());
        Running<Void> waiting = Running.startPut(queue, () -> sync.put(ONE_MORE));
        assertEquals(0, sync.remainingCapacity());
        sync.take();
        waiting.result();
        assertEquals(0, sync.remainingCapacity());
        assertEquals(kind.capacity(), QueueAssertions.takeAll(queue).size());
        assertEquals(kind.capacity(), sync.remainingCapacity());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unbounded")
    @DisplayName("4th paragraph: without a bound the remaining capacity is always the greatest integer")
    void remainingCapacity_unbounded_neverChanges(QueueKind kind) {
        BlockingQueue<Integer> sync = queue(kind).sync();
        assertEquals(Integer.MAX_VALUE, sync.remainingCapacity());
        IntStream.range(0, 1_000).forEach(i -> assertTrue(sync.offer(i)));
        assertEquals(Integer.MAX_VALUE, sync.remainingCapacity());
        sync.clear();
        assertEquals(Integer.MAX_VALUE, sync.remainingCapacity());
    }

    static Stream<QueueKind> unbounded() {
        return QueueKind.every().filter(kind -> kind.capacity() == QueueKind.UNBOUNDED);
    }

    @QueueKind.Roomy
    @DisplayName("5th paragraph: an element anywhere can be removed, as a message that is cancelled")
    void removeElement_anywhere_leavesTheOthersInOrder(QueueKind kind) {
        List<Integer> elements = QueueKind.elements(20);
        for (Integer cancelled : elements) {
            JanusQueue<Integer> queue = queueOf(kind, elements);
            assertTrue(queue.sync().remove(cancelled));
            List<Integer> others = new ArrayList<>(kind.arranged(elements));
            others.remove(cancelled);
            assertEquals(others, QueueAssertions.takeAll(queue));
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("reachableByRemoval")
    @DisplayName("5th paragraph: whatever takes elements out makes room for a put that waits")
    void everyRemoval_putWaits_letsItIn(QueueKind kind, Removal removal) throws Exception {
        JanusQueue<Integer> queue = fullQueue(kind);
        Running<Void> waiting = Running.startPut(queue, () -> queue.sync().put(ONE_MORE));
        removal.call.accept(queue.sync());
        waiting.result();
        assertTrue(queue.sync().contains(ONE_MORE));
        QueueAssertions.takeAll(queue);
    }

    private static Queue<Integer> modelOf(QueueKind kind) {
        Queue<Integer> model = kind.order().model();
        model.addAll(kind.fillingElements());
        return model;
    }

    private static List<Integer> drained(Queue<Integer> model) {
        return Stream.generate(model::poll).limit(model.size()).toList();
    }

    private static void assertAtLeast(long millis, long startNanos) {
        long passed = System.nanoTime() - startNanos;
        assertTrue(passed >= TimeUnit.MILLISECONDS.toNanos(millis), "gave up after " + passed + " ns");
    }
}
