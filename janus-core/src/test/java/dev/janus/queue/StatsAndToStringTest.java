package dev.janus.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.JanusQueue;
import dev.janus.QueueShutdownException;
import dev.janus.QueueStats;
import dev.janus.fixtures.QueueAssertions;
import dev.janus.fixtures.QueueKind;
import dev.janus.fixtures.QueueSuite;
import dev.janus.fixtures.Running;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import kotlin.Unit;
import kotlin.coroutines.Continuation;
import kotlin.coroutines.CoroutineContext;
import kotlin.coroutines.EmptyCoroutineContext;
import kotlin.coroutines.intrinsics.IntrinsicsKt;
import org.junit.jupiter.api.Test;

/** The counts of a queue, and what it says of itself. */
class StatsAndToStringTest extends QueueSuite {

    /** A suspended caller without a coroutine around it. */
    private static final class Suspended<T> implements Continuation<T> {
        private final CountDownLatch resumed = new CountDownLatch(1);

        @Override
        public CoroutineContext getContext() {
            return EmptyCoroutineContext.INSTANCE;
        }

        @Override
        public void resumeWith(Object result) {
            resumed.countDown();
        }

        void awaitResumed() throws InterruptedException {
            assertTrue(resumed.await(10, TimeUnit.SECONDS), "resumed");
        }
    }

    @QueueKind.Roomy
    void stats_everyStep_areExact(QueueKind kind) throws InterruptedException {
        JanusQueue<Integer> queue = queueOfSome(kind);
        assertCounts(queue, 5, 5, 0, 0, 5, 5);
        queue.sync().take();
        queue.sync().takeBatch(2);
        assertCounts(queue, 2, 5, 3, 0, 5, 5);
        queue.sync().taskDone();
        queue.sync().taskDone();
        assertCounts(queue, 2, 5, 3, 0, 3, 5);
        queue.sync().remove(queue.sync().peek());
        assertCounts(queue, 1, 5, 3, 1, 2, 5);
        queue.sync().putAll(List.of(1000, 1001));
        assertCounts(queue, 3, 7, 3, 1, 4, 5);
        queue.sync().drainTo(new ArrayList<>(), 1);
        assertCounts(queue, 2, 7, 4, 1, 4, 5);
        queue.shutdownNow();
        assertCounts(queue, 0, 7, 4, 3, 2, 5);
    }

    private static void assertCounts(
            JanusQueue<?> queue,
            int size,
            long accepted,
            long taken,
            long removed,
            long unfinished,
            int highWaterMark) {
        QueueStats stats = queue.stats();
        assertEquals(size, stats.size(), "size");
        assertEquals(size, queue.size());
        assertEquals(size == 0, queue.isEmpty());
        assertEquals(accepted, stats.accepted(), "accepted");
        assertEquals(taken, stats.taken(), "taken");
        assertEquals(removed, stats.removed(), "removed");
        assertEquals(unfinished, stats.unfinishedTasks(), "unfinished");
        assertEquals(unfinished, queue.unfinishedTasks());
        assertEquals(highWaterMark, stats.highWaterMark(), "high-water mark");
    }

    @QueueKind.Bounded
    void stats_refusedElements_countNothing(QueueKind kind) throws InterruptedException {
        JanusQueue<Integer> queue = fullQueue(kind);
        queue.sync().offer(1000);
        queue.sync().offer(1000, 1, TimeUnit.NANOSECONDS);
        queue.async().trySend(1000);
        int size = kind.capacity();
        assertCounts(queue, size, size, 0, 0, size, size);
    }

    @Test
    void stats_earlierSnapshot_staysAsItWas() {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(2));
        QueueStats before = queue.stats();
        queue.sync().add(1);
        queue.shutdown();
        assertEquals(0, before.size());
        assertEquals(0, before.accepted());
        assertFalse(before.isShutdown());
        assertEquals(2, before.capacity());
    }

    @Test
    void stats_shutdown_showsBothStates() {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(2));
        queue.sync().add(1);
        assertFalse(queue.stats().isShutdown());
        queue.shutdown();
        assertTrue(queue.stats().isShutdown());
        assertFalse(queue.stats().isTerminated());
        queue.sync().poll();
        assertTrue(queue.stats().isTerminated());
    }

    @Test
    void stats_readWhileOthersWork_areConsistent() throws Exception {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(4));
        Running<Void> producer = Running.startAction(() -> {
            for (int i = 0; i < 5_000; i++) {
                queue.sync().put(i);
            }
            queue.shutdown();
        });
        Running<Void> consumer = Running.start(() -> {
            for (Integer element : queue.sync().untilShutdown()) {
                queue.sync().taskDone();
            }
            return null;
        });
        QueueStats stats;
        do {
            stats = queue.stats();
            QueueAssertions.assertConserved(stats);
            assertTrue(stats.size() <= 4 && stats.highWaterMark() <= 4, stats.toString());
            assertTrue(stats.reservedElements() <= stats.size(), stats.toString());
        } while (!stats.isTerminated());
        producer.result();
        consumer.result();
        queue.sync().join();
        assertCounts(queue, 0, 5_000, 5_000, 0, 0, queue.stats().highWaterMark());
    }

    @Test
    void stats_waiters_areCountedByKind() throws Exception {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(1));
        Running<Integer> thread = Running.startTake(queue, queue.sync()::take);
        Suspended<Integer> coroutine = new Suspended<>();
        assertEquals(IntrinsicsKt.getCOROUTINE_SUSPENDED(), queue.async().receive(coroutine));
        assertEquals(1, queue.stats().waitingTakeThreads());
        assertEquals(1, queue.stats().waitingTakeCoroutines());
        assertEquals(0, queue.stats().waitingPutThreads() + queue.stats().waitingPutCoroutines());
        assertEquals(
                "JanusQueue[fifo, 0 of 1 elements, open, waiting to take: 1 thread and 1 coroutine]", queue.toString());
        queue.shutdown();
        thread.failure(QueueShutdownException.class);
        coroutine.awaitResumed();
        assertEquals("JanusQueue[fifo, 0 of 1 elements, terminated]", queue.toString());
    }

    @Test
    void toString_exampleOfTheDocumentation_isThat() throws Exception {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(64));
        queue.sync().addAll(QueueKind.elements(64));
        Running<Void> first = Running.startPut(queue, () -> queue.sync().put(1));
        Running<Void> second = Running.startPut(queue, () -> queue.sync().put(2));
        Suspended<Unit> third = new Suspended<>();
        queue.async().send(3, third);
        assertEquals(1, queue.stats().waitingPutCoroutines());
        assertEquals(
                "JanusQueue[fifo, 64 of 64 elements, open, waiting to put: 2 threads and 1 coroutine]",
                queue.toString());
        queue.capacity(67);
        first.result();
        second.result();
        third.awaitResumed();
        assertEquals("JanusQueue[fifo, 67 of 67 elements, open]", queue.toString());
    }

    @Test
    void toString_ordersAndStates_areNamed() throws Exception {
        JanusQueue<Integer> unbounded = checked(JanusQueue.unbounded());
        assertEquals("JanusQueue[fifo, 0 elements, open]", unbounded.toString());
        JanusQueue<Integer> lifo = checked(JanusQueue.lifo(3));
        lifo.sync().add(1);
        lifo.shutdown();
        assertEquals("JanusQueue[lifo, 1 of 3 elements, shut down]", lifo.toString());
        JanusQueue<Integer> priority = checked(JanusQueue.priority(0));
        assertEquals("JanusQueue[priority, 0 of 0 elements, open]", priority.toString());
    }

    @Test
    void toString_joinsWait_areCounted() throws Exception {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(1));
        Running<Boolean> wait = Running.startJoin(queue, () -> queue.sync().awaitTermination(1, TimeUnit.HOURS));
        assertTrue(queue.toString().contains("waiting for the end: 1"), queue.toString());
        queue.shutdown();
        assertTrue(wait.result());
    }

    @Test
    void statsToString_everyCount_isNamed() {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(9));
        queue.sync().addAll(List.of(1, 2, 3));
        queue.sync().poll();
        String text = queue.stats().toString();
        for (String part : List.of("size=2", "capacity=9", "highWaterMark=3", "accepted=3", "taken=1", "removed=0")) {
            assertTrue(text.contains(part), text);
        }
    }

    @Test
    void name_isShown() {
        JanusQueue<Integer> orders =
                JanusQueue.<Integer>builder().capacity(1).name("orders").build();
        assertEquals("orders", orders.name());
        assertEquals("JanusQueue[orders, fifo, 0 of 1 elements, open]", orders.toString());
        assertNull(JanusQueue.fifo(1).name());
        assertThrows(NullPointerException.class, () -> JanusQueue.builder().name(null));
    }
}
