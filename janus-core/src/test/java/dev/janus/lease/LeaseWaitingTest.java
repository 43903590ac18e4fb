package dev.janus.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.JanusQueue;
import dev.janus.Lease;
import dev.janus.QueueShutdownException;
import dev.janus.fixtures.LeaseEnd;
import dev.janus.fixtures.QueueKind;
import dev.janus.fixtures.QueueSuite;
import dev.janus.fixtures.Running;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Waits while leases are out: for their elements, for the end of the work and for the end of the queue. */
class LeaseWaitingTest extends QueueSuite {
    private final JanusQueue<Integer> queue = checked(JanusQueue.fifo(1));

    @QueueKind.Every
    void takeLease_empty_waitsForAnElement(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        Running<Lease<Integer>> waiting = Running.startTake(queue, queue.sync()::takeLease);
        assertTrue(queue.sync().offer(7));
        Lease<Integer> lease = waiting.result();
        assertEquals(7, lease.element());
        lease.done();
        assertEquals(0, queue.unfinishedTasks());
    }

    @QueueKind.Every
    void close_takersOfBothKindsWait_theyGetWhatIsGivenBack(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        Lease<Integer> lease = leaseOf(queue, 7);
        Running<Lease<Integer>> thread = Running.startTake(queue, queue.sync()::takeLease);
        CompletableFuture<Integer> future = queue.async().receiveAsync();
        assertEquals(7, lease.element());
        lease.close();
        thread.result().close();
        assertEquals(7, future.get(20, TimeUnit.SECONDS));
        assertEquals(1, queue.stats().taken());
    }

    @QueueKind.Rendezvous
    void close_rendezvousAndNobodyWaits_elementWaitsForTheNext(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        leaseOf(queue, 7).close();
        assertEquals(1, queue.size());
        assertFalse(queue.sync().offer(8));
        assertEquals(7, queue.sync().poll());
    }

    @Test
    void takeLease_interruptedWhileItWaits_takesNothing() throws Exception {
        Running<Lease<Integer>> waiting = Running.startTake(queue, queue.sync()::takeLease);
        waiting.interrupt();
        waiting.failure(InterruptedException.class);
        assertTrue(queue.sync().offer(7));
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, queue.sync()::takeLease);
        assertEquals(1, queue.size());
        assertEquals(0, queue.stats().leased());
    }

    @Test
    void takeLease_shutDownAndEmpty_isRefused() throws Exception {
        Running<Lease<Integer>> waiting = Running.startTake(queue, queue.sync()::takeLease);
        queue.shutdown();
        waiting.failure(QueueShutdownException.class);
        assertThrows(QueueShutdownException.class, queue.sync()::takeLease);
    }

    @ParameterizedTest
    @EnumSource
    void termination_leaseIsOut_waitsForItsEnd(LeaseEnd end) throws Exception {
        Lease<Integer> lease = leaseOf(queue, 7);
        Running<Boolean> awaiting = Running.startJoin(queue, () -> queue.sync().awaitTermination(1, TimeUnit.HOURS));
        queue.shutdown();
        assertFalse(queue.isTerminated());
        assertEquals(1, queue.stats().waitingJoins());
        end.end(lease);
        if (end == LeaseEnd.CLOSE) {
            assertFalse(queue.isTerminated());
            assertEquals(7, queue.sync().take());
        }
        assertTrue(queue.isTerminated());
        assertTrue(awaiting.result());
    }

    @ParameterizedTest
    @EnumSource
    void take_shutDownWithALeaseOut_waitsForItsEnd(LeaseEnd end) throws Exception {
        Lease<Integer> lease = leaseOf(queue, 7);
        queue.shutdown();
        Running<Integer> taker = Running.startTake(queue, queue.sync()::take);
        Running<Integer> poller = Running.startTake(queue, () -> queue.sync().poll(1, TimeUnit.HOURS));
        CompletableFuture<Integer> future = queue.async().receiveAsync();
        assertNull(queue.sync().poll());
        assertFalse(future.isDone());
        end.end(lease);
        if (end == LeaseEnd.CLOSE) {
            assertEquals(7, taker.result());
        } else {
            taker.failure(QueueShutdownException.class);
        }
        assertNull(poller.result());
        assertThrows(Exception.class, () -> future.get(20, TimeUnit.SECONDS));
    }

    @ParameterizedTest
    @EnumSource
    void shutdownNow_leaseIsOut_terminatesAtOnceAndItsElementStaysWithTheHolder(LeaseEnd end) throws Exception {
        Lease<Integer> lease = leaseOf(queue, 7);
        queue.sync().put(8);
        Running<Boolean> awaiting = Running.startJoin(queue, () -> queue.sync().awaitTermination(1, TimeUnit.HOURS));
        assertEquals(List.of(8), queue.shutdownNow());
        assertTrue(awaiting.result());
        assertTrue(queue.isTerminated());
        if (end == LeaseEnd.CLOSE) {
            QueueShutdownException refused = assertThrows(QueueShutdownException.class, lease::close);
            assertTrue(refused.getMessage().contains("7"), refused.getMessage());
        } else {
            end.end(lease);
        }
        assertEquals(List.of(), queue.shutdownNow());
        assertEquals(end == LeaseEnd.KEEP ? 1 : 0, queue.unfinishedTasks());
    }

    @ParameterizedTest
    @EnumSource
    void join_leaseIsOut_waitsForTheWork(LeaseEnd end) throws Exception {
        Lease<Integer> lease = leaseOf(queue, 7);
        Running<Void> joining = Running.startJoin(queue, () -> {
            queue.sync().join();
            return null;
        });
        CompletableFuture<Void> future = queue.async().joinAsync();
        end.end(lease);
        if (end != LeaseEnd.DONE) {
            assertEquals(2, queue.stats().waitingJoins());
            assertFalse(future.isDone());
            if (end == LeaseEnd.CLOSE) {
                assertEquals(7, queue.sync().take());
            }
            queue.sync().taskDone();
        }
        joining.result();
        future.get(20, TimeUnit.SECONDS);
    }

    @Test
    void awaitTermination_timePassesWithALeaseOut_isFalse() throws Exception {
        Lease<Integer> lease = leaseOf(queue, 7);
        queue.shutdown();
        assertFalse(queue.sync().awaitTermination(5, TimeUnit.MILLISECONDS));
        lease.done();
        assertTrue(queue.sync().awaitTermination(0, TimeUnit.SECONDS));
    }

    @Test
    void close_fullQueueWithPuttersInLine_theyWaitUntilItFits() throws Exception {
        Lease<Integer> lease = leaseOf(queue, 7);
        queue.sync().put(8);
        Running<Void> putter = Running.startPut(queue, () -> queue.sync().put(9));
        lease.close();
        assertEquals(7, queue.sync().take());
        assertEquals(1, queue.stats().waitingPutThreads());
        assertEquals(8, queue.sync().take());
        putter.result();
        assertEquals(9, queue.sync().take());
    }

    private static Lease<Integer> leaseOf(JanusQueue<Integer> queue, Integer element) throws Exception {
        Running<Lease<Integer>> waiting = Running.startTake(queue, queue.sync()::takeLease);
        assertTrue(queue.sync().offer(element));
        return waiting.result();
    }
}
