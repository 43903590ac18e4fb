package dev.janus.futures;

import static dev.janus.fixtures.QueueAssertions.takeAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.QueueShutdownException;
import dev.janus.fixtures.FutureRig;
import dev.janus.fixtures.QueueKind;
import dev.janus.fixtures.Running;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@code sendAsync}, {@code receiveAsync} and {@code joinAsync}, for every order and capacity. */
class FutureContractTest {
    private static final List<Integer> LATER = List.of(203, 201, 202);

    @FutureRig.Storing
    void receiveAsync_elementsThere_getsThemInTheQueuesOrder(FutureRig.Kind kind) throws Exception {
        FutureRig rig = kind.rig();
        List<Integer> elements = kind.kind().someElements();
        rig.sync.addAll(elements);

        for (Integer expected : kind.kind().arranged(elements)) {
            CompletableFuture<Integer> received = rig.async.receiveAsync();
            assertEquals(!rig.isBound(), received.isDone(), "complete when it is returned");
            assertEquals(expected, rig.get(received));
        }

        rig.assertNothingPending();
    }

    @FutureRig.Every
    void receiveAsync_empty_eachGetsOneInTheOrderOfTheirCalls(FutureRig.Kind kind) throws Exception {
        FutureRig rig = kind.rig();
        List<CompletableFuture<Integer>> receives = rig.receive(3);
        receives.forEach(rig::assertWaits);
        assertEquals(3, rig.queue.stats().waitingTakeCoroutines());

        for (int i = 0; i < 3; i++) {
            assertTrue(rig.sync.offer(LATER.get(i)));
            assertEquals(LATER.get(i), rig.get(receives.get(i)));
            receives.subList(i + 1, 3).forEach(rig::assertWaits);
        }

        rig.assertNothingPending();
    }

    @FutureRig.Storing
    void sendAsync_room_completes(FutureRig.Kind kind) throws Exception {
        FutureRig rig = kind.rig();
        List<Integer> elements = kind.kind().someElements();

        List<CompletableFuture<Void>> sends = rig.sendAll(elements);

        sends.forEach(sent -> assertEquals(!rig.isBound(), sent.isDone(), "complete when it is returned"));
        for (CompletableFuture<Void> sent : sends) {
            assertNull(rig.get(sent));
        }
        assertEquals(kind.kind().arranged(elements), takeAll(rig.queue));
        rig.assertNothingPending();
    }

    @FutureRig.Bounded
    void sendAsync_full_eachGetsRoomInTheOrderOfTheirCalls(FutureRig.Kind kind) throws Exception {
        FutureRig rig = kind.rig();
        List<Integer> all = new ArrayList<>(rig.fill());
        List<CompletableFuture<Void>> sends = rig.sendAll(LATER);
        sends.forEach(rig::assertWaits);
        assertEquals(3, rig.queue.stats().waitingPutCoroutines());

        List<Integer> taken = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            taken.add(rig.sync.take());
            assertNull(rig.get(sends.get(i)));
            sends.subList(i + 1, 3).forEach(rig::assertWaits);
        }

        taken.addAll(takeAll(rig.queue));
        all.addAll(LATER);
        assertEquals(all.stream().sorted().toList(), taken.stream().sorted().toList());
        rig.assertNothingPending();
    }

    @FutureRig.Every
    void sendAsync_null_isRefusedAtOnce(FutureRig.Kind kind) {
        FutureRig rig = kind.rig();

        assertThrows(NullPointerException.class, () -> rig.async.sendAsync(null));

        assertEquals(0, rig.queue.stats().accepted());
        rig.assertNothingPending();
    }

    @FutureRig.Every
    void sendAsync_receiverWaits_isHandedOver(FutureRig.Kind kind) throws Exception {
        FutureRig rig = kind.rig();
        CompletableFuture<Integer> received = rig.async.receiveAsync();
        rig.assertWaits(received);

        CompletableFuture<Void> sent = rig.async.sendAsync(5);

        assertNull(rig.get(sent));
        assertEquals(5, rig.get(received));
        rig.assertNothingPending();
    }

    @FutureRig.Every
    void sendAsync_shutDown_failsAndAddsNothing(FutureRig.Kind kind) {
        FutureRig rig = kind.rig();
        Exception cause = new Exception("reason");
        rig.queue.shutdown(cause);

        CompletableFuture<Void> sent = rig.async.sendAsync(5);

        assertSame(cause, rig.failure(QueueShutdownException.class, sent).getCause());
        assertEquals(0, rig.queue.stats().accepted());
        rig.assertNothingPending();
    }

    @FutureRig.Bounded
    void sendAsync_waitsAtShutdown_failsAndAddsNothing(FutureRig.Kind kind) {
        FutureRig rig = kind.rig();
        List<Integer> elements = rig.fill();
        List<CompletableFuture<Void>> sends = rig.sendAll(LATER);
        rig.settle();

        rig.queue.shutdown();

        sends.forEach(sent ->
                assertNull(rig.failure(QueueShutdownException.class, sent).getCause()));
        assertEquals(kind.kind().arranged(elements), takeAll(rig.queue));
        rig.assertNothingPending();
    }

    @FutureRig.Storing
    void receiveAsync_shutDown_drainsThenFails(FutureRig.Kind kind) throws Exception {
        FutureRig rig = kind.rig();
        rig.sync.add(5);
        Exception cause = new Exception("reason");
        rig.queue.shutdown(cause);

        assertEquals(5, rig.get(rig.async.receiveAsync()));
        CompletableFuture<Integer> none = rig.async.receiveAsync();
        assertSame(cause, rig.failure(QueueShutdownException.class, none).getCause());
        rig.assertNothingPending();
    }

    @FutureRig.Every
    void receiveAsync_waitsAtShutdown_fails(FutureRig.Kind kind) {
        FutureRig rig = kind.rig();
        List<CompletableFuture<Integer>> receives = rig.receive(3);
        rig.settle();
        Exception cause = new Exception("reason");

        rig.queue.shutdown(cause);

        receives.forEach(received -> assertSame(
                cause, rig.failure(QueueShutdownException.class, received).getCause()));
        rig.assertNothingPending();
    }

    @FutureRig.Every
    void allFutures_waitAtShutdownNow_fail(FutureRig.Kind kind) {
        FutureRig rig = kind.rig();
        boolean canBeFull = kind.kind().capacity() < QueueKind.UNBOUNDED;
        List<Integer> elements = canBeFull ? rig.fill() : List.of();
        CompletableFuture<?> waiting = canBeFull ? rig.async.sendAsync(5) : rig.async.receiveAsync();
        rig.assertWaits(waiting);

        assertEquals(kind.kind().arranged(elements), rig.queue.shutdownNow());

        rig.failure(QueueShutdownException.class, waiting);
        assertTrue(rig.queue.isTerminated());
        rig.assertNothingPending();
    }

    @FutureRig.Every
    void receiveAsync_cancelledWhileItWaits_theNextGetsTheElement(FutureRig.Kind kind) throws Exception {
        FutureRig rig = kind.rig();
        List<CompletableFuture<Integer>> receives = rig.receive(3);
        rig.settle();

        assertTrue(receives.get(0).cancel(false));
        assertEquals(2, rig.queue.stats().waitingTakeCoroutines());
        rig.sync.put(5);

        assertEquals(5, rig.get(receives.get(1)));
        rig.assertWaits(receives.get(2));
        assertTrue(receives.get(2).cancel(true));
        rig.assertNothingPending();
    }

    @FutureRig.Every
    void joinAsync_nothingToDo_completes(FutureRig.Kind kind) throws Exception {
        FutureRig rig = kind.rig();

        CompletableFuture<Void> joined = rig.async.joinAsync();

        assertEquals(!rig.isBound(), joined.isDone(), "complete when it is returned");
        assertNull(rig.get(joined));
        rig.assertNothingPending();
    }

    @FutureRig.Storing
    void joinAsync_workToDo_completesWithTheLastTask(FutureRig.Kind kind) throws Exception {
        FutureRig rig = kind.rig();
        rig.sync.add(1);
        List<CompletableFuture<Void>> joins = List.of(rig.async.joinAsync(), rig.async.joinAsync());
        rig.settle();
        assertEquals(2, rig.queue.stats().waitingJoins());

        rig.queue.shutdown();
        rig.sync.take();
        joins.forEach(rig::assertWaits);
        rig.async.taskDone();

        for (CompletableFuture<Void> joined : joins) {
            assertNull(rig.get(joined));
        }
        rig.assertNothingPending();
    }

    @FutureRig.Every
    void receiveAsync_amongThreads_servedInTheOrderOfArrival(FutureRig.Kind kind) throws Exception {
        FutureRig rig = kind.rig();
        CompletableFuture<Integer> first = rig.async.receiveAsync();
        Running<Integer> second = Running.startTake(rig.queue, rig.sync::take);
        CompletableFuture<Integer> third = rig.async.receiveAsync();

        rig.sync.put(11);
        assertEquals(11, rig.get(first));
        rig.sync.put(12);
        assertEquals(12, second.result());
        rig.assertWaits(third);
        rig.sync.put(13);
        assertEquals(13, rig.get(third));
        rig.assertNothingPending();
    }

    @FutureRig.Bounded
    void sendAsync_amongThreads_servedInTheOrderOfArrival(FutureRig.Kind kind) throws Exception {
        FutureRig rig = kind.rig();
        rig.fill();
        CompletableFuture<Void> first = rig.async.sendAsync(201);
        Running<Void> second = Running.startPut(rig.queue, () -> rig.sync.put(202));
        CompletableFuture<Void> third = rig.async.sendAsync(203);

        rig.sync.take();
        rig.get(first);
        rig.sync.take();
        second.result();
        rig.assertWaits(third);
        assertFalse(rig.sync.offer(204), "overtook a waiting send");
        rig.sync.take();
        rig.get(third);
        takeAll(rig.queue);
        rig.assertNothingPending();
    }

    @FutureRig.Bounded
    void sendAsync_capacityGrows_completes(FutureRig.Kind kind) throws Exception {
        FutureRig rig = kind.rig();
        rig.fill();
        CompletableFuture<Void> sent = rig.async.sendAsync(201);
        rig.assertWaits(sent);

        rig.queue.capacity(rig.queue.capacity() + 1);

        rig.get(sent);
        assertTrue(rig.sync.contains(201));
        rig.assertNothingPending();
    }
}
