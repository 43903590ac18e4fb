package dev.janus.queue;

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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A capacity that is changed while the queue is at work. */
class CapacityChangeTest extends QueueSuite {

    @ParameterizedTest
    @ValueSource(ints = {-1, -42, Integer.MIN_VALUE})
    void capacity_negative_throwsNamesItAndChangesNothing(int capacity) {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(3));
        IllegalArgumentException thrown = assertThrows(IllegalArgumentException.class, () -> queue.capacity(capacity));
        assertTrue(thrown.getMessage().contains(String.valueOf(capacity)), thrown.getMessage());
        assertEquals(3, queue.capacity());
    }

    @QueueKind.Every
    void capacity_everyValue_isReadBack(QueueKind kind) {
        JanusQueue<Integer> queue = queue(kind);
        assertEquals(kind.capacity(), queue.capacity());
        for (int capacity : new int[] {5, 0, QueueKind.UNBOUNDED, 1}) {
            queue.capacity(capacity);
            assertEquals(capacity, queue.capacity());
            assertEquals(capacity, queue.stats().capacity());
            assertEquals(capacity, queue.sync().remainingCapacity());
        }
    }

    @QueueKind.Bounded
    void capacity_grown_letsInAsManyWaitingPutsAsFit(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = fullQueue(kind);
        List<Running<Void>> putters = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int element = 1000 + i;
            putters.add(Running.startPut(queue, () -> queue.sync().put(element)));
        }
        queue.capacity(kind.capacity() + 2);
        putters.get(0).result();
        putters.get(1).result();
        assertEquals(2, queue.stats().waitingPutThreads());
        assertEquals(kind.capacity() + 2, queue.size());
        queue.capacity(QueueKind.UNBOUNDED);
        putters.get(2).result();
        putters.get(3).result();
        List<Integer> expected = new ArrayList<>(kind.fillingElements());
        expected.addAll(List.of(1000, 1001, 1002, 1003));
        assertEquals(
                expected.stream().sorted().toList(),
                QueueAssertions.takeAll(queue).stream().sorted().toList());
    }

    @QueueKind.Roomy
    void capacity_shrunk_keepsWhatIsThereAndLetsNoMoreIn(QueueKind kind) throws InterruptedException {
        JanusQueue<Integer> queue = queueOfSome(kind);
        queue.capacity(2);
        assertEquals(5, queue.size());
        List<Integer> taken = new ArrayList<>();
        for (int left = 5; left >= 2; left--) {
            assertTrue(queue.isFull());
            assertEquals(0, queue.sync().remainingCapacity());
            assertFalse(queue.sync().offer(1000), "with " + left + " elements");
            taken.add(queue.sync().take());
        }
        assertFalse(queue.isFull());
        assertEquals(1, queue.sync().remainingCapacity());
        taken.addAll(QueueAssertions.takeAll(queue));
        assertEquals(kind.arranged(kind.someElements()), taken);
        assertTrue(queue.sync().offer(1000));
    }

    @QueueKind.Roomy
    void capacity_shrunkWhilePutWaits_putWaitsUntilItFits(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = fullQueue(kind);
        Running<Void> putter = Running.startPut(queue, () -> queue.sync().put(1000));
        queue.capacity(2);
        for (int i = 0; i < 62; i++) {
            queue.sync().take();
            assertEquals(1, queue.stats().waitingPutThreads());
        }
        assertEquals(2, queue.size());
        queue.sync().take();
        putter.result();
        assertEquals(2, queue.size());
    }

    @QueueKind.Storing
    void capacity_shrunkToNothing_drainsThenIsARendezvous(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queueOfSome(kind);
        queue.capacity(0);
        assertEquals(kind.arranged(kind.someElements()), QueueAssertions.takeAll(queue));
        assertFalse(queue.sync().offer(1));
        Running<Integer> taker = Running.startTake(queue, queue.sync()::take);
        assertTrue(queue.sync().offer(2));
        assertEquals(2, taker.result());
        Running<Void> putter = Running.startPut(queue, () -> queue.sync().put(3));
        assertEquals(3, queue.sync().poll());
        putter.result();
    }

    @QueueKind.Bounded
    void capacity_shrunkToNothingWhilePutWaits_elementsComeBeforeIts(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = fullQueue(kind);
        Running<Void> putter = Running.startPut(queue, () -> queue.sync().put(1000));
        queue.capacity(0);
        List<Integer> taken = new ArrayList<>();
        for (int i = 0; i < kind.capacity(); i++) {
            assertEquals(1, queue.stats().waitingPutThreads());
            taken.add(queue.sync().take());
        }
        assertEquals(kind.arranged(kind.fillingElements()), taken);
        assertEquals(1000, queue.sync().take());
        putter.result();
    }

    @QueueKind.Rendezvous
    void capacity_rendezvousGrownWhileTakeWaits_putGoesToIt(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        Running<Integer> taker = Running.startTake(queue, queue.sync()::take);
        queue.capacity(1);
        assertEquals(1, queue.stats().waitingTakeThreads());
        assertTrue(queue.sync().offer(1));
        assertEquals(1, taker.result());
        assertTrue(queue.sync().offer(2));
        assertFalse(queue.sync().offer(3));
        assertEquals(2, queue.sync().poll());
        assertNull(queue.sync().poll());
    }

    @QueueKind.Bounded
    void capacity_unboundedThenBoundedAgain_boundHolds(QueueKind kind) {
        JanusQueue<Integer> queue = fullQueue(kind);
        queue.capacity(QueueKind.UNBOUNDED);
        assertTrue(queue.sync().offer(1000));
        assertFalse(queue.isFull());
        queue.capacity(kind.capacity());
        assertFalse(queue.sync().offer(1001));
        assertEquals(kind.capacity() + 1, queue.size());
    }

    @QueueKind.Bounded
    void capacity_grownAfterShutdown_putsStayRefused(QueueKind kind) {
        JanusQueue<Integer> queue = fullQueue(kind);
        queue.shutdown();
        queue.capacity(QueueKind.UNBOUNDED);
        assertFalse(queue.sync().offer(1000));
        assertEquals(kind.arranged(kind.fillingElements()), QueueAssertions.takeAll(queue));
    }
}
