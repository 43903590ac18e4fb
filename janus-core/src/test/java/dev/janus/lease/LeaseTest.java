package dev.janus.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.JanusQueue;
import dev.janus.Lease;
import dev.janus.QueueStats;
import dev.janus.fixtures.LeaseEnd;
import dev.janus.fixtures.QueueAssertions;
import dev.janus.fixtures.QueueKind;
import dev.janus.fixtures.QueueSuite;
import dev.janus.fixtures.Running;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An element on trial: it is done, kept or given back, once, and comes out first if it is given back. */
class LeaseTest extends QueueSuite {
    @QueueKind.Storing
    void lease_done_elementIsTakenAndItsTaskDone(QueueKind kind) throws InterruptedException {
        JanusQueue<Integer> queue = queueOf(kind, List.of(7));
        Lease<Integer> lease = queue.sync().takeLease();
        assertEquals(7, lease.element());
        assertCounts(queue, 0, 1, 1, 1);
        lease.done();
        assertCounts(queue, 0, 1, 0, 0);
        assertEquals(7, lease.element());
    }

    @QueueKind.Storing
    void lease_keep_elementIsTakenAndItsTaskGoesOn(QueueKind kind) throws InterruptedException {
        JanusQueue<Integer> queue = queueOf(kind, List.of(7));
        queue.sync().takeLease().keep();
        assertCounts(queue, 0, 1, 0, 1);
        queue.sync().taskDone();
        assertEquals(0, queue.unfinishedTasks());
    }

    @QueueKind.Storing
    void lease_close_elementIsTheNextToComeOut(QueueKind kind) throws InterruptedException {
        List<Integer> elements = kind.someElements();
        JanusQueue<Integer> queue = queueOf(kind, elements);
        for (int leased = 1; leased <= elements.size(); leased++) {
            queue.sync().takeLease().close();
            assertCounts(queue, elements.size(), 0, 0, elements.size());
        }
        assertEquals(kind.arranged(elements), QueueAssertions.takeAll(queue));
    }

    @QueueKind.Storing
    void leases_severalClosedFromTheLast_theOldOrderIsBack(QueueKind kind) throws InterruptedException {
        List<Integer> elements = kind.someElements();
        JanusQueue<Integer> queue = queueOf(kind, elements);
        ArrayDeque<Lease<Integer>> leases = new ArrayDeque<>();
        for (int i = 0; i < elements.size(); i++) {
            leases.push(queue.sync().takeLease());
        }
        leases.forEach(Lease::close);
        assertEquals(kind.arranged(elements), QueueAssertions.takeAll(queue));
    }

    @QueueKind.Bounded
    void lease_closedWhenTheQueueIsFullAgain_goesInBeyondTheCapacity(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        Running<Void> putter = null;
        if (kind.capacity() == 0) {
            putter = Running.startPut(queue, () -> queue.sync().put(0));
        } else {
            queue.sync().addAll(kind.fillingElements());
        }
        Lease<Integer> lease = queue.sync().takeLease();
        if (putter != null) {
            putter.result();
        } else {
            assertTrue(queue.sync().offer(lease.element()));
        }
        lease.close();
        assertEquals(kind.capacity() + 1, queue.size());
        assertEquals(kind.capacity() + 1, queue.stats().highWaterMark());
        assertFalse(queue.sync().offer(0));
        assertEquals(lease.element(), queue.sync().poll());
        assertEquals(kind.capacity(), QueueAssertions.takeAll(queue).size());
    }

    @ParameterizedTest
    @EnumSource
    void lease_ended_secondCallIsRefusedAndChangesNothing(LeaseEnd first) throws InterruptedException {
        for (LeaseEnd second : LeaseEnd.values()) {
            JanusQueue<Integer> queue = checked(JanusQueue.fifo(2));
            queue.sync().addAll(List.of(7, 8));
            queue.sync().take();
            Lease<Integer> lease = queue.sync().takeLease();
            first.end(lease);
            String before = queue.stats().toString();
            if (second == LeaseEnd.CLOSE) {
                second.end(lease);
            } else {
                assertThrows(IllegalStateException.class, () -> second.end(lease));
            }
            assertEquals(before, queue.stats().toString());
        }
    }

    @Test
    void done_taskWasMarkedAlready_isRefusedAndTheLeaseEnds() throws InterruptedException {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(1));
        queue.sync().put(7);
        Lease<Integer> lease = queue.sync().takeLease();
        queue.sync().taskDone();
        assertThrows(IllegalStateException.class, lease::done);
        assertEquals(0, queue.stats().leased());
        assertEquals(0, queue.unfinishedTasks());
    }

    @ParameterizedTest
    @EnumSource
    void lease_inATryBlock_endsAsItWasEndedInside(LeaseEnd end) throws InterruptedException {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(1));
        queue.sync().put(7);
        try (Lease<Integer> lease = queue.sync().takeLease()) {
            end.end(lease);
        }
        assertEquals(end == LeaseEnd.CLOSE ? 1 : 0, queue.size());
        assertEquals(0, queue.stats().leased());
    }

    @Test
    void lease_tryBlockThrows_elementIsBackAndWasNotTaken() {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(1));
        queue.sync().add(7);
        RuntimeException failure = new UnsupportedOperationException();
        assertSame(failure, assertThrows(RuntimeException.class, () -> failWithLease(queue, failure)));
        assertCounts(queue, 1, 0, 0, 1);
        assertThrows(IllegalStateException.class, queue.sync()::taskDone);
    }

    private static void failWithLease(JanusQueue<Integer> queue, RuntimeException failure) throws InterruptedException {
        try (Lease<Integer> lease = queue.sync().takeLease()) {
            assertEquals(7, lease.element());
            throw failure;
        }
    }

    @ParameterizedTest
    @EnumSource
    void lease_endedByAnotherThread_isTheSame(LeaseEnd end) throws Exception {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(1));
        queue.sync().put(7);
        Lease<Integer> lease = queue.sync().takeLease();
        Running.start(() -> {
                    end.end(lease);
                    return null;
                })
                .result();
        assertEquals(0, queue.stats().leased());
        assertEquals(end == LeaseEnd.CLOSE ? 1 : 0, queue.size());
        assertEquals(end == LeaseEnd.DONE ? 0 : 1, queue.unfinishedTasks());
    }

    @Test
    void toString_saysWhetherItHasEnded() throws InterruptedException {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(1));
        queue.sync().put(7);
        Lease<Integer> lease = queue.sync().takeLease();
        assertEquals("Lease[7]", lease.toString());
        lease.done();
        assertEquals("Lease[7, ended]", lease.toString());
    }

    @Test
    void lease_outWhileTheQueueIsUsed_isOutOfReach() throws InterruptedException {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(2));
        queue.sync().addAll(List.of(7, 8));
        Lease<Integer> lease = queue.sync().takeLease();
        assertFalse(queue.sync().remove(7));
        assertFalse(queue.sync().contains(7));
        queue.sync().clear();
        assertNull(queue.sync().poll());
        assertEquals(1, queue.unfinishedTasks());
        lease.close();
        assertEquals(7, queue.sync().peek());
    }

    @Test
    void lease_comparatorThrowsWhenItIsGivenBack_itComesOutFirst() throws InterruptedException {
        AtomicBoolean broken = new AtomicBoolean();
        JanusQueue<Integer> queue = JanusQueue.priority(10, (a, b) -> {
            if (broken.get()) {
                throw new IllegalStateException("broken");
            }
            return Integer.compare(a, b);
        });
        queue.sync().putAll(List.of(3, 1, 2));
        Lease<Integer> lease = queue.sync().takeLease();
        broken.set(true);
        lease.close();
        broken.set(false);

        assertEquals(
                List.of(1, 2, 3),
                List.of(queue.sync().take(), queue.sync().take(), queue.sync().take()));
        QueueAssertions.assertNothingPending(queue);
    }

    private static Stream<Queue<Integer>> stores() {
        return Stream.of(
                new ConcurrentLinkedQueue<>(),
                new LinkedBlockingDeque<>(),
                new PriorityBlockingQueue<>(),
                Collections.asLifoQueue(new ArrayDeque<>()));
    }

    private static void assertCounts(JanusQueue<?> queue, int size, int taken, int leased, int unfinished) {
        QueueStats stats = queue.stats();
        assertEquals(
                List.of(size, (long) taken, leased, (long) unfinished),
                List.of(stats.size(), stats.taken(), stats.leased(), stats.unfinishedTasks()),
                stats::toString);
    }
}
