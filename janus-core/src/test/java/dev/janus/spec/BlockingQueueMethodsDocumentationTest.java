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
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What {@link BlockingQueue} says of put, take, offer and poll one by one: interruption, timeouts (with the paragraph on
 * timing in the package description) and elements of a class that the order cannot take.
 */
class BlockingQueueMethodsDocumentationTest extends QueueSuite {
    private static final Integer ONE_MORE = 1000;
    private static final List<PutCall> PUTS = List.of(PutCall.PUT, PutCall.TIMED_OFFER);
    private static final List<TakeCall> TAKES = List.of(TakeCall.TAKE, TakeCall.TIMED_POLL);

    /** The ways in, for elements of any class. */
    enum Insertion {
        ADD(BlockingQueue::add),
        OFFER(BlockingQueue::offer),
        PUT(BlockingQueue::put),
        TIMED_OFFER((queue, element) -> queue.offer(element, 1, TimeUnit.HOURS));

        private final Call call;

        Insertion(Call call) {
            this.call = call;
        }

        private interface Call {
            void insert(BlockingQueue<Object> queue, Object element) throws InterruptedException;
        }
    }

    static Stream<Arguments> boundedByPut() {
        return QueueKind.bounded().flatMap(kind -> PUTS.stream().map(put -> Arguments.of(kind, put)));
    }

    static Stream<Arguments> everyByTake() {
        return QueueKind.every().flatMap(kind -> TAKES.stream().map(take -> Arguments.of(kind, take)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("boundedByPut")
    @DisplayName("put and offer with time: InterruptedException if interrupted while waiting")
    void waitingPut_interrupted_throwsAndAddsNothing(QueueKind kind, PutCall put) throws Exception {
        JanusQueue<Integer> queue = fullQueue(kind);
        Running<Void> waiting = Running.startPut(queue, () -> put.put(queue, ONE_MORE));
        waiting.interrupt();
        waiting.failure(InterruptedException.class);
        assertFalse(waiting.interruptedAtEnd(), "the exception stands for the status");
        assertEquals(kind.arranged(kind.fillingElements()), QueueAssertions.takeAll(queue));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everyByTake")
    @DisplayName("take and poll with time: InterruptedException if interrupted while waiting")
    void waitingTake_interrupted_throwsAndTakesNothing(QueueKind kind, TakeCall take) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        Running<Integer> waiting = Running.startTake(queue, () -> take.take(queue));
        waiting.interrupt();
        waiting.failure(InterruptedException.class);
        assertFalse(waiting.interruptedAtEnd(), "the exception stands for the status");
        queue.sync().addAll(kind.someElements());
        assertEquals(kind.arranged(kind.someElements()), QueueAssertions.takeAll(queue));
    }

    @QueueKind.Every
    @DisplayName("put, take, offer and poll with time: interrupted before the call, they throw and do nothing")
    void waitingForms_interruptedBefore_throwAndDoNothing(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queueOfSome(kind);
        for (TakeCall take : TAKES) {
            assertInterrupted(() -> take.take(queue));
        }
        for (PutCall put : PUTS) {
            assertInterrupted(() -> put.put(queue, ONE_MORE));
        }
        assertInterrupted(() -> queue.sync().poll(0, TimeUnit.SECONDS));
        assertInterrupted(() -> queue.sync().offer(ONE_MORE, 0, TimeUnit.SECONDS));
        assertEquals(kind.arranged(kind.someElements()), QueueAssertions.takeAll(queue));
    }

    private static void assertInterrupted(Executable body) throws Exception {
        Running<Void> call = Running.startAction(() -> {
            Thread.currentThread().interrupt();
            body.execute();
        });
        call.failure(InterruptedException.class);
        assertFalse(call.interruptedAtEnd(), "the exception stands for the status");
    }

    @QueueKind.Storing
    @DisplayName("Table of the class description: only what waits, and what times out, knows interruption")
    void formsThatDoNotWait_interrupted_workAndKeepTheStatus(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        BlockingQueue<Integer> sync = queue.sync();
        Running<Void> call = Running.start(() -> {
            Thread.currentThread().interrupt();
            assertTrue(sync.add(1));
            assertEquals(1, sync.element());
            assertEquals(1, sync.remove());
            assertTrue(sync.offer(2));
            assertEquals(2, sync.peek());
            assertEquals(2, sync.poll());
            assertTrue(sync.offer(3));
            assertEquals(1, sync.drainTo(new ArrayList<>()));
            assertTrue(sync.isEmpty());
            return null;
        });
        call.result();
        assertTrue(call.interruptedAtEnd());
    }

    @QueueKind.Bounded
    @DisplayName("Package, timing: a time of zero or less does not wait, and the least of all times neither")
    void timedForms_zeroOrLess_doNotWait(QueueKind kind) throws InterruptedException {
        for (TimeUnit unit : TimeUnit.values()) {
            for (long time : new long[] {0, -1, Long.MIN_VALUE}) {
                JanusQueue<Integer> queue = fullQueue(kind);
                assertFalse(queue.sync().offer(ONE_MORE, time, unit));
                for (Integer next : kind.arranged(kind.fillingElements())) {
                    assertEquals(next, queue.sync().poll(time, unit));
                }
                assertNull(queue.sync().poll(time, unit));
                assertEquals(kind.capacity() > 0, queue.sync().offer(ONE_MORE, time, unit));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("Package, timing: the greatest of all times, of every unit, is for ever")
    void timedForms_greatestTime_waitUntilTheySucceed(TimeUnit unit) throws Exception {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(1));
        Running<Integer> poll = Running.startTake(queue, () -> queue.sync().poll(Long.MAX_VALUE, unit));
        queue.sync().put(1);
        assertEquals(1, poll.result());
        queue.sync().put(2);
        Running<Void> offer =
                Running.startPut(queue, () -> assertTrue(queue.sync().offer(3, Long.MAX_VALUE, unit)));
        assertEquals(2, queue.sync().take());
        offer.result();
        assertEquals(3, queue.sync().take());
    }

    @ParameterizedTest
    @EnumSource(names = {"NANOSECONDS", "MICROSECONDS", "MILLISECONDS"})
    @DisplayName("offer and poll with time: the unit says what the number means")
    void timedForms_shortUnits_waitAtLeastThatLong(TimeUnit unit) throws InterruptedException {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(0));
        long time = unit.convert(2, TimeUnit.MILLISECONDS);
        long start = System.nanoTime();
        assertNull(queue.sync().poll(time, unit));
        assertFalse(queue.sync().offer(1, time, unit));
        assertTrue(System.nanoTime() - start >= 2 * unit.toNanos(time));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("add, offer, put: ClassCastException if the class prevents the element from being added")
    void insertion_elementThatHasNoOrder_isRefused(Insertion insertion) {
        for (int capacity : new int[] {1, 64, QueueKind.UNBOUNDED}) {
            JanusQueue<Object> queue = checked(JanusQueue.priority(capacity));
            assertThrows(ClassCastException.class, () -> insertion.call.insert(queue.sync(), new Object()));
            assertEquals(0, queue.stats().accepted());
        }
        JanusQueue<Object> queue = checked(JanusQueue.priority(2));
        queue.sync().add(1);
        assertThrows(ClassCastException.class, () -> insertion.call.insert(queue.sync(), "one"));
        assertEquals(List.of(1), QueueAssertions.takeAll(queue));
    }

    @Test
    @DisplayName("add, offer, put: NullPointerException comes before the comparator's own opinion of null")
    void insertion_nullThatTheComparatorTakes_isRefused() {
        JanusQueue<Object> queue = checked(JanusQueue.priority(4, (one, other) -> 0));
        for (Insertion insertion : Insertion.values()) {
            assertThrows(NullPointerException.class, () -> insertion.call.insert(queue.sync(), null));
        }
        assertEquals(0, queue.stats().accepted());
    }

    @Test
    @DisplayName("put: ClassCastException after a wait as well, and then the next in line gets the room")
    void put_elementThatHasNoOrderAfterWaiting_isRefusedAndLetsTheNextIn() throws Exception {
        JanusQueue<Object> queue = checked(JanusQueue.priority(1));
        queue.sync().put(1);
        Running<Void> refused = Running.startPut(queue, () -> queue.sync().put(new Object()));
        Running<Void> next = Running.startPut(queue, () -> queue.sync().put(2));
        assertEquals(1, queue.sync().take());
        refused.failure(ClassCastException.class);
        next.result();
        assertEquals(2, queue.sync().take());
        assertEquals(2, queue.stats().accepted());
    }
}
