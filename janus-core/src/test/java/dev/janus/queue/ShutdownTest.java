package dev.janus.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.JanusQueue;
import dev.janus.QueueShutdownException;
import dev.janus.SyncQueue;
import dev.janus.fixtures.PutCall;
import dev.janus.fixtures.QueueAssertions;
import dev.janus.fixtures.QueueKind;
import dev.janus.fixtures.QueueSuite;
import dev.janus.fixtures.Running;
import dev.janus.fixtures.TakeCall;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The end of a queue, seen from threads that use it then or wait already. */
class ShutdownTest extends QueueSuite {

    static Stream<Arguments> everyByPutCall() {
        return QueueKind.every().flatMap(kind -> Stream.of(PutCall.values()).map(call -> Arguments.of(kind, call)));
    }

    static Stream<Arguments> storingByTakeCall() {
        return QueueKind.storing().flatMap(kind -> Stream.of(TakeCall.values()).map(call -> Arguments.of(kind, call)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everyByPutCall")
    void everyPut_shutDown_isRefused(QueueKind kind, PutCall call) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        queue.shutdown();
        QueueShutdownException thrown = assertThrows(QueueShutdownException.class, () -> call.put(queue, 1000));
        assertNull(thrown.getCause());
        assertFalse(thrown.getMessage().isBlank());
        assertEquals(kind.arranged(kind.someElements()), QueueAssertions.takeAll(queue));
        assertThrows(QueueShutdownException.class, () -> call.put(queue, 1000));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("storingByTakeCall")
    void everyTake_shutDown_drainsWhatIsLeft(QueueKind kind, TakeCall call) throws InterruptedException {
        JanusQueue<Integer> queue = queueOfSome(kind);
        queue.shutdown();
        for (Integer expected : kind.arranged(kind.someElements())) {
            assertTrue(queue.isShutdown());
            assertFalse(queue.isTerminated());
            assertEquals(expected, call.take(queue));
        }
        assertTrue(queue.isTerminated());
    }

    @QueueKind.Every
    void takes_shutDownAndEmpty_areRefusedAtOnce(QueueKind kind) throws InterruptedException {
        JanusQueue<Integer> queue = queueOfSome(kind);
        queue.shutdown();
        QueueAssertions.takeAll(queue);
        SyncQueue<Integer> sync = queue.sync();
        assertThrows(QueueShutdownException.class, sync::take);
        assertThrows(QueueShutdownException.class, () -> sync.takeBatch(3));
        assertNull(sync.poll());
        assertNull(sync.poll(1, TimeUnit.DAYS));
        assertNull(sync.peek());
        assertThrows(NoSuchElementException.class, sync::remove);
        assertThrows(NoSuchElementException.class, sync::element);
        assertEquals(0, sync.drainTo(new ArrayList<>()));
    }

    @QueueKind.Every
    void waitingTakes_shutdown_areAllReleased(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        List<Running<Integer>> takes = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            takes.add(Running.startTake(queue, queue.sync()::take));
            takes.add(Running.startTake(queue, () -> queue.sync().takeBatch(2).get(0)));
        }
        Running<Integer> poll = Running.startTake(queue, () -> queue.sync().poll(1, TimeUnit.DAYS));
        queue.shutdown();
        for (Running<Integer> take : takes) {
            take.failure(QueueShutdownException.class);
        }
        assertNull(poll.result());
    }

    @QueueKind.Bounded
    void waitingPuts_shutdown_areAllReleasedAndKeepTheirElements(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = fullQueue(kind);
        List<Running<Void>> puts = new ArrayList<>();
        for (PutCall call : PutCall.waiting()) {
            puts.add(Running.startPut(queue, () -> call.put(queue, 1000)));
        }
        Running<Boolean> termination =
                Running.startJoin(queue, () -> queue.sync().awaitTermination(1, TimeUnit.DAYS));
        queue.shutdown();
        for (Running<Void> put : puts) {
            put.failure(QueueShutdownException.class);
        }
        assertEquals(kind.arranged(kind.fillingElements()), QueueAssertions.takeAll(queue));
        assertTrue(termination.result());
    }

    @QueueKind.Bounded
    void putAll_shutdownWhileWaiting_saysHowManyWereAdded(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        Exception cause = new Exception("enough");
        List<Integer> elements = QueueKind.elements(kind.capacity() + 3);
        Running<Void> put = Running.startPut(queue, () -> queue.sync().putAll(elements));
        queue.shutdown(cause);
        QueueShutdownException thrown = put.failure(QueueShutdownException.class);
        assertTrue(thrown.getMessage().matches(".*\\b" + kind.capacity() + "\\b.*"), thrown.getMessage());
        assertSame(cause, thrown.getCause());
        assertEquals(kind.arranged(kind.fillingElements()), QueueAssertions.takeAll(queue));
    }

    @QueueKind.Every
    void shutdown_withCause_everyRefusalCarriesIt(QueueKind kind) throws Exception {
        Exception cause = new Exception("the reason");
        JanusQueue<Integer> queue = queue(kind);
        Running<Integer> take = Running.startTake(queue, queue.sync()::take);
        queue.shutdown(cause);
        assertSame(cause, take.failure(QueueShutdownException.class).getCause());
        for (PutCall call : PutCall.values()) {
            assertSame(
                    cause,
                    assertThrows(QueueShutdownException.class, () -> call.put(queue, 1))
                            .getCause());
        }
        assertSame(
                cause,
                assertThrows(QueueShutdownException.class, queue.sync()::take).getCause());
        assertSame(
                cause,
                assertThrows(QueueShutdownException.class, () -> queue.sync().takeBatch(1))
                        .getCause());
        assertFalse(queue.async().trySend(1));
        assertNull(queue.async().tryReceive());
    }

    @QueueKind.Every
    void shutdown_second_changesNothing(QueueKind kind) {
        Exception cause = new Exception("the first");
        JanusQueue<Integer> withCause = queueOfSome(kind);
        withCause.shutdown(cause);
        withCause.shutdown(new Exception("the second"));
        withCause.shutdown();
        withCause.close();
        assertSame(cause, refusal(withCause).getCause());
        JanusQueue<Integer> without = queueOfSome(kind);
        without.shutdown();
        without.shutdown(cause);
        assertNull(refusal(without).getCause());
        assertEquals(kind.arranged(kind.someElements()), QueueAssertions.takeAll(without));
    }

    private static QueueShutdownException refusal(JanusQueue<Integer> queue) {
        return assertThrows(QueueShutdownException.class, () -> queue.sync().add(1));
    }

    @QueueKind.Every
    void shutdown_nullCause_throwsAndLeavesItOpen(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        assertThrows(NullPointerException.class, () -> queue.shutdown(null));
        assertFalse(queue.isShutdown());
    }

    @QueueKind.Every
    void shutdownNow_leftovers_areHandedBackInOrder(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        assertEquals(kind.arranged(kind.someElements()), queue.shutdownNow());
        assertTrue(queue.isTerminated());
        assertEquals(kind.someElements().size(), queue.stats().removed());
        assertEquals(0, queue.unfinishedTasks());
        assertEquals(List.of(), queue.shutdownNow());
        assertNull(refusal(queue).getCause());
    }

    @QueueKind.Every
    void shutdownNow_afterShutdown_handsBackTheRestAndKeepsTheCause(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        Exception cause = new Exception("the first");
        queue.shutdown(cause);
        assertEquals(kind.arranged(kind.someElements()), queue.shutdownNow());
        assertTrue(queue.isTerminated());
        assertSame(cause, refusal(queue).getCause());
    }

    @QueueKind.Bounded
    void shutdownNow_waitingPuts_areReleasedAndNotHandedBack(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = fullQueue(kind);
        Running<Void> first = Running.startPut(queue, () -> queue.sync().put(1000));
        Running<Void> second = Running.startPut(queue, () -> queue.sync().put(1001));
        assertEquals(kind.arranged(kind.fillingElements()), queue.shutdownNow());
        first.failure(QueueShutdownException.class);
        second.failure(QueueShutdownException.class);
        assertEquals(kind.capacity(), queue.stats().accepted());
    }

    @QueueKind.Every
    void shutdownNow_waitingTakes_areReleased(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        Running<Integer> first = Running.startTake(queue, queue.sync()::take);
        Running<Integer> second = Running.startTake(queue, queue.sync()::take);
        assertEquals(List.of(), queue.shutdownNow());
        first.failure(QueueShutdownException.class);
        second.failure(QueueShutdownException.class);
    }

    @QueueKind.Roomy
    void join_afterShutdownNow_waitsForTakenWorkOnly(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queueOfSome(kind);
        queue.sync().take();
        assertEquals(4, queue.shutdownNow().size());
        assertEquals(1, queue.unfinishedTasks());
        assertFalse(queue.sync().join(0, TimeUnit.SECONDS));
        assertTrue(queue.sync().awaitTermination(0, TimeUnit.SECONDS));
        queue.sync().taskDone();
        queue.sync().join();
    }

    @QueueKind.Every
    void close_tryWithResources_isShutdown(QueueKind kind) {
        JanusQueue<Integer> seen = queue(kind);
        try (JanusQueue<Integer> queue = seen) {
            queue.sync().addAll(kind.someElements());
            assertFalse(queue.isShutdown());
        }
        assertTrue(seen.isShutdown());
        assertEquals(kind.someElements().isEmpty(), seen.isTerminated());
        assertEquals(kind.arranged(kind.someElements()), QueueAssertions.takeAll(seen));
        assertTrue(seen.isTerminated());
    }

    @QueueKind.Storing
    void collectionView_shutDown_stillWorks(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        queue.shutdown();
        Integer head = queue.sync().peek();
        assertTrue(queue.sync().contains(head));
        assertEquals(kind.someElements().size(), queue.sync().toArray().length);
        assertTrue(queue.sync().remove(head));
        queue.sync().clear();
        assertTrue(queue.isTerminated());
    }

    @Test
    void isTerminated_drainToUnderWay_isFalseWhileElementsMayComeBack() throws InterruptedException {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(2));
        queue.sync().add(1);
        queue.shutdown();
        List<Boolean> seen = new ArrayList<>();
        Collection<Integer> target = new ArrayList<>() {
            private static final long serialVersionUID = 1L;

            @Override
            public boolean add(Integer element) {
                seen.add(queue.isTerminated());
                throw new UnsupportedOperationException("wants none");
            }
        };
        assertThrows(UnsupportedOperationException.class, () -> queue.sync().drainTo(target));
        assertEquals(List.of(false), seen);
        assertEquals(1, queue.sync().take());
        assertTrue(queue.isTerminated());
    }

    @QueueKind.Every
    void isShutdownAndIsTerminated_open_areFalse(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        QueueAssertions.takeAll(queue);
        assertFalse(queue.isShutdown());
        assertFalse(queue.isTerminated());
    }
}
