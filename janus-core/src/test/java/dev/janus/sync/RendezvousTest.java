package dev.janus.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.JanusQueue;
import dev.janus.QueueShutdownException;
import dev.janus.fixtures.Await;
import dev.janus.fixtures.PutCall;
import dev.janus.fixtures.QueueKind;
import dev.janus.fixtures.QueueSuite;
import dev.janus.fixtures.Running;
import dev.janus.fixtures.TakeCall;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Capacity 0: the queue holds nothing by itself, as {@link java.util.concurrent.SynchronousQueue}. */
class RendezvousTest extends QueueSuite {

    static Stream<Arguments> putCallByTakeCall() {
        return QueueKind.rendezvous()
                .flatMap(kind -> PutCall.waiting().stream()
                        .flatMap(put -> Stream.of(TakeCall.values()).map(take -> Arguments.of(kind, put, take))));
    }

    @QueueKind.Rendezvous
    void offer_noReceiver_returnsFalse(QueueKind kind) throws InterruptedException {
        JanusQueue<Integer> queue = queue(kind);
        assertFalse(queue.sync().offer(1));
        assertFalse(queue.sync().offer(1, 0, TimeUnit.SECONDS));
        assertFalse(queue.async().trySend(1));
        assertThrows(IllegalStateException.class, () -> queue.sync().add(1));
        assertEquals(0, queue.stats().accepted());
    }

    @QueueKind.Rendezvous
    void offer_receiverWaits_handsOver(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        for (TakeCall take : TakeCall.waiting()) {
            Running<Integer> taker = Running.startTake(queue, () -> take.take(queue));
            assertTrue(queue.sync().offer(1));
            assertFalse(queue.sync().offer(2), "the only receiver has its element");
            assertFalse(queue.async().trySend(3));
            assertEquals(1, taker.result());
        }
        Running<Integer> taker = Running.startTake(queue, queue.sync()::take);
        assertTrue(queue.async().trySend(4));
        assertFalse(queue.sync().offer(5));
        assertEquals(4, taker.result());
    }

    @QueueKind.Rendezvous
    void offer_moreThanReceivers_succeedsOncePerReceiver(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        List<Running<Integer>> takers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            takers.add(Running.startTake(queue, queue.sync()::take));
        }
        for (int i = 0; i < 6; i++) {
            assertEquals(i < 3, queue.sync().offer(i));
        }
        List<Integer> taken = new ArrayList<>();
        for (Running<Integer> taker : takers) {
            taken.add(taker.result());
        }
        assertEquals(List.of(0, 1, 2), taken.stream().sorted().toList());
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("putCallByTakeCall")
    void everyPut_noReceiver_waitsForOne(QueueKind kind, PutCall put, TakeCall take) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        Running<Void> putter = Running.startPut(queue, () -> put.put(queue, 7));
        assertEquals(1, queue.stats().waitingPutThreads());
        assertEquals(7, take.take(queue));
        putter.result();
        assertEquals(1, queue.stats().taken());
    }

    @QueueKind.Rendezvous
    void poll_putterWaits_takesFromIt(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        Running<Void> putter = Running.startPut(queue, () -> queue.sync().put(1));
        assertEquals(1, queue.sync().poll());
        assertNull(queue.sync().poll());
        putter.result();
        Running<Void> next = Running.startPut(queue, () -> queue.sync().put(2));
        assertEquals(2, queue.async().tryReceive());
        assertNull(queue.async().tryReceive());
        next.result();
    }

    @QueueKind.Rendezvous
    void poll_severalPuttersWait_takesInTheOrderTheyCame(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        List<Running<Void>> putters = startPuts(queue, 3);
        for (int i = 0; i < 3; i++) {
            assertEquals(i, queue.sync().poll());
            putters.get(i).result();
        }
    }

    @QueueKind.Rendezvous
    void drainTo_puttersWait_takesFromAll(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        List<Running<Void>> putters = startPuts(queue, 3);
        List<Integer> target = new ArrayList<>();
        assertEquals(2, queue.sync().drainTo(target, 2));
        assertEquals(1, queue.sync().drainTo(target));
        assertEquals(List.of(0, 1, 2), target);
        for (Running<Void> putter : putters) {
            putter.result();
        }
    }

    @QueueKind.Rendezvous
    void takeBatch_puttersWait_takesAtLeastOne(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        List<Running<Void>> putters = startPuts(queue, 3);
        List<Integer> taken = new ArrayList<>();
        while (taken.size() < 3) {
            List<Integer> batch = queue.sync().takeBatch(2);
            assertTrue(batch.size() == 1 || batch.size() == 2, batch.toString());
            taken.addAll(batch);
        }
        assertEquals(List.of(0, 1, 2), taken.stream().sorted().toList());
        for (Running<Void> putter : putters) {
            putter.result();
        }
    }

    @QueueKind.Rendezvous
    void collectionView_putterWaits_showsNothing(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        Running<Void> putter = startPuts(queue, 1).get(0);
        assertNull(queue.sync().peek());
        assertEquals(0, queue.sync().size());
        assertTrue(queue.sync().isEmpty());
        assertTrue(queue.isFull());
        assertEquals(0, queue.sync().remainingCapacity());
        assertFalse(queue.sync().contains(0));
        assertFalse(queue.sync().remove((Object) 0));
        assertFalse(queue.sync().iterator().hasNext());
        assertEquals(0, queue.sync().toArray().length);
        queue.sync().clear();
        assertEquals(1, queue.stats().waitingPutThreads());
        assertEquals(0, queue.sync().take());
        putter.result();
    }

    @QueueKind.Rendezvous
    void put_interrupted_isNotReceivedByAnybody(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        List<Running<Void>> putters = startPuts(queue, 2);
        putters.get(0).interrupt();
        putters.get(0).failure(InterruptedException.class);
        assertEquals(1, queue.sync().take());
        putters.get(1).result();
        assertNull(queue.sync().poll());
    }

    @QueueKind.Rendezvous
    void offer_timedOut_isNotReceivedByAnybody(QueueKind kind) throws InterruptedException {
        JanusQueue<Integer> queue = queue(kind);
        assertFalse(queue.sync().offer(1, 1, TimeUnit.MILLISECONDS));
        assertNull(queue.sync().poll());
        assertNull(queue.sync().poll(1, TimeUnit.MILLISECONDS));
        assertFalse(queue.sync().offer(2), "the receiver whose time is up waits no more");
    }

    @QueueKind.Rendezvous
    void shutdownNow_putterWaits_elementStaysWithIt(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        List<Running<Void>> putters = startPuts(queue, 2);
        assertEquals(List.of(), queue.shutdownNow());
        for (Running<Void> putter : putters) {
            putter.failure(QueueShutdownException.class);
        }
        assertNull(queue.sync().poll());
        assertEquals(0, queue.stats().accepted());
    }

    @Test
    void poll_putterWithElementThatCannotBeCompared_putterFailsAndPollDoesNot() throws Exception {
        JanusQueue<Object> queue = checked(JanusQueue.priority(0));
        Object element = new Object();
        Running<Void> putter = Running.startPut(queue, () -> queue.sync().put(element));
        assertNull(queue.sync().poll());
        putter.failure(ClassCastException.class);
    }

    @Test
    void offer_storeRefusesWhileReceiverWaits_throwsAndReceiverWaitsOn() throws Exception {
        JanusQueue<Object> queue = checked(JanusQueue.priority(0));
        Running<Object> taker = Running.startTake(queue, queue.sync()::take);
        assertThrows(ClassCastException.class, () -> queue.sync().offer(new Object()));
        Await.awaitUntil("the taker in its line", () -> queue.stats().waitingTakeThreads() == 1);
        assertTrue(queue.sync().offer(1));
        assertEquals(1, taker.result());
    }

    @Test
    void putAndTake_manyThreads_handOverEachElementOnce() throws Exception {
        int producers = 3;
        int each = 1_000;
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(0));
        AtomicLong sum = new AtomicLong();
        List<Running<?>> calls = new ArrayList<>();
        for (int i = 0; i < producers; i++) {
            int first = i * each;
            calls.add(Running.start(() -> {
                for (int j = 0; j < each; j++) {
                    queue.sync().put(first + j);
                }
                return null;
            }));
            calls.add(Running.start(() -> {
                for (int j = 0; j < each; j++) {
                    sum.addAndGet(queue.sync().take());
                }
                return null;
            }));
        }
        for (Running<?> call : calls) {
            call.result();
        }
        long count = (long) producers * each;
        assertEquals(count * (count - 1) / 2, sum.get());
        assertEquals(count, queue.stats().taken());
    }

    /** Starts threads that put 0, 1, 2 and so on, each when the one before waits. */
    private static List<Running<Void>> startPuts(JanusQueue<Integer> queue, int count) {
        List<Running<Void>> putters = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int element = i;
            putters.add(Running.startPut(queue, () -> queue.sync().put(element)));
        }
        return putters;
    }
}
