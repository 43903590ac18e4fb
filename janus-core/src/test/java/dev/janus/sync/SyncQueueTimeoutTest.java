package dev.janus.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.JanusQueue;
import dev.janus.fixtures.QueueAssertions;
import dev.janus.fixtures.QueueKind;
import dev.janus.fixtures.QueueSuite;
import dev.janus.fixtures.Running;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The timed calls of the sync face: not before their time, not at all without time, and every time there is. */
class SyncQueueTimeoutTest extends QueueSuite {
    private static final long MILLIS = 30;

    @QueueKind.Every
    void poll_empty_returnsNullNotBeforeTheTime(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        assertNull(notBefore(() -> queue.sync().poll(MILLIS, TimeUnit.MILLISECONDS)));
        assertEquals(0, queue.stats().taken());
    }

    @QueueKind.Bounded
    void offer_full_returnsFalseNotBeforeTheTime(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = fullQueue(kind);
        assertFalse(notBefore(() -> queue.sync().offer(1000, MILLIS, TimeUnit.MILLISECONDS)));
        assertEquals(kind.arranged(kind.fillingElements()), QueueAssertions.takeAll(queue));
    }

    @QueueKind.Storing
    void join_unfinished_returnsFalseNotBeforeTheTime(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queueOfSome(kind);
        assertFalse(notBefore(() -> queue.sync().join(MILLIS, TimeUnit.MILLISECONDS)));
    }

    @QueueKind.Every
    void awaitTermination_open_returnsFalseNotBeforeTheTime(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queueOfSome(kind);
        assertFalse(notBefore(() -> queue.sync().awaitTermination(MILLIS, TimeUnit.MILLISECONDS)));
    }

    private static <T> T notBefore(Callable<T> call) throws Exception {
        long start = System.nanoTime();
        T result = call.call();
        long nanos = System.nanoTime() - start;
        assertTrue(nanos >= TimeUnit.MILLISECONDS.toNanos(MILLIS), "back after " + nanos + " ns");
        return result;
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, Long.MIN_VALUE + 1000})
    @Timeout(5)
    void timedCalls_mostNegativeTime_doNotWait(long time) throws InterruptedException {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(1));
        assertNull(queue.sync().poll(time, TimeUnit.NANOSECONDS));
        assertNull(queue.sync().poll(time, TimeUnit.DAYS));
        assertTrue(queue.sync().offer(1, time, TimeUnit.DAYS));
        assertFalse(queue.sync().offer(2, time, TimeUnit.NANOSECONDS));
        assertFalse(queue.sync().join(time, TimeUnit.MILLISECONDS));
        assertFalse(queue.sync().awaitTermination(time, TimeUnit.SECONDS));
    }

    @QueueKind.Every
    void poll_longestTime_waitsForPut(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        Running<Integer> poll = Running.startTake(queue, () -> queue.sync().poll(Long.MAX_VALUE, TimeUnit.DAYS));
        queue.sync().put(7);
        assertEquals(7, poll.result());
    }

    @QueueKind.Bounded
    void offer_longestTime_waitsForTake(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = fullQueue(kind);
        Running<Void> offer = Running.startPut(
                queue, () -> assertTrue(queue.sync().offer(1000, Long.MAX_VALUE, TimeUnit.NANOSECONDS)));
        queue.sync().take();
        offer.result();
    }

    @Test
    void joinAndAwaitTermination_longestTime_waitForTheEnd() throws Exception {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(1));
        queue.sync().put(1);
        Running<Boolean> join = Running.startJoin(queue, () -> queue.sync().join(Long.MAX_VALUE, TimeUnit.NANOSECONDS));
        Running<Boolean> termination =
                Running.startJoin(queue, () -> queue.sync().awaitTermination(Long.MAX_VALUE, TimeUnit.DAYS));
        queue.shutdownNow();
        assertTrue(join.result());
        assertTrue(termination.result());
    }

    @Test
    void timedCalls_nullUnitWhereTheyWouldWait_throw() throws InterruptedException {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(1));
        assertThrows(NullPointerException.class, () -> queue.sync().poll(1, null));
        assertThrows(NullPointerException.class, () -> queue.sync().awaitTermination(1, null));
        queue.sync().put(1);
        assertThrows(NullPointerException.class, () -> queue.sync().offer(2, 1, null));
        assertThrows(NullPointerException.class, () -> queue.sync().join(1, null));
        assertEquals(1, queue.size());
    }

    @Test
    void timedOut_thenPut_elementIsThereForTheNext() throws InterruptedException {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(1));
        assertNull(queue.sync().poll(1, TimeUnit.NANOSECONDS));
        assertTrue(queue.sync().offer(1));
        assertFalse(queue.sync().offer(2, 1, TimeUnit.NANOSECONDS));
        assertEquals(1, queue.sync().poll());
        assertTrue(queue.sync().offer(3));
        assertEquals(3, queue.sync().poll());
    }
}
