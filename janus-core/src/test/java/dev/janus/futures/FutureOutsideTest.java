package dev.janus.futures;

import static dev.janus.fixtures.QueueAssertions.takeAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.fixtures.FutureRig;
import dev.janus.fixtures.OutsideEnd;
import dev.janus.fixtures.QueueAssertions;
import dev.janus.fixtures.Running;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A future that is cancelled or completed by somebody else says only what happened in the queue. */
class FutureOutsideTest {
    private static final int RACES = 100;

    /** What the future waits for, and how the queue grants it. */
    enum Wait {
        RECEIVE(99, 7) {
            @Override
            void prepare(FutureRig rig) {}

            @Override
            CompletableFuture<?> begin(FutureRig rig) {
                return rig.async.receiveAsync();
            }

            @Override
            void grant(FutureRig rig) {
                assertTrue(rig.sync.offer(7));
            }
        },
        SEND(null, null) {
            @Override
            void prepare(FutureRig rig) {
                rig.fill();
            }

            @Override
            CompletableFuture<?> begin(FutureRig rig) {
                return rig.async.sendAsync(5);
            }

            @Override
            void grant(FutureRig rig) {
                rig.sync.remove();
            }
        },
        JOIN(null, null) {
            @Override
            void prepare(FutureRig rig) {
                rig.sync.add(1);
                rig.sync.remove();
            }

            @Override
            CompletableFuture<?> begin(FutureRig rig) {
                return rig.async.joinAsync();
            }

            @Override
            void grant(FutureRig rig) {
                rig.async.taskDone();
            }
        };

        /** The value that the future is given from outside, and the one that the queue gives it. */
        final Object foreign;

        final Object own;

        Wait(Object foreign, Object own) {
            this.foreign = foreign;
            this.own = own;
        }

        abstract void prepare(FutureRig rig);

        abstract CompletableFuture<?> begin(FutureRig rig);

        abstract void grant(FutureRig rig);

        CompletableFuture<Object> beginPrepared(FutureRig rig) {
            prepare(rig);
            return beginAny(rig);
        }

        @SuppressWarnings("unchecked") // the value is of the future's own type
        CompletableFuture<Object> beginAny(FutureRig rig) {
            return (CompletableFuture<Object>) begin(rig);
        }
    }

    static Stream<Arguments> waits() {
        return Stream.of(Wait.values())
                .flatMap(wait -> IntStream.of(1, 2)
                        .boxed()
                        .flatMap(capacity ->
                                Stream.of(OutsideEnd.values()).map(end -> Arguments.of(wait, capacity, end))));
    }

    @ParameterizedTest
    @MethodSource("waits")
    void future_waiting_endsItsWait(Wait wait, int capacity, OutsideEnd end) throws Exception {
        FutureRig rig = FutureRig.bound(capacity);
        CompletableFuture<Object> future = wait.beginPrepared(rig);
        rig.assertWaits(future);

        assertTrue(end.strike(future, wait.foreign));

        end.assertEnded(future, wait.foreign);
        QueueAssertions.assertNothingPending(rig.queue);
        wait.grant(rig);
        QueueAssertions.assertNothingPending(rig.queue);
        assertEquals(wait.own, rig.get(wait.beginAny(rig)));
        end.assertEnded(future, wait.foreign);
        rig.assertNothingPending();
    }

    /** Those that are not done before they run. */
    static Stream<Arguments> waitsThatRun() {
        return waits().filter(arguments -> arguments.get()[0] != Wait.SEND);
    }

    @ParameterizedTest
    @MethodSource("waitsThatRun")
    void future_grantedAndNotRun_passesItsGrantOn(Wait wait, int capacity, OutsideEnd end) throws Exception {
        FutureRig rig = FutureRig.bound(capacity);
        CompletableFuture<Object> future = wait.beginPrepared(rig);
        CompletableFuture<Object> next = wait.beginAny(rig);
        rig.settle();
        wait.grant(rig);

        assertTrue(end.strike(future, wait.foreign));
        end.assertEnded(future, wait.foreign);
        rig.settle();

        assertTrue(next.isDone(), () -> "the grant was lost: " + rig.queue.stats());
        assertEquals(wait.own, next.get());
        end.assertEnded(future, wait.foreign);
        rig.assertNothingPending();
    }

    @ParameterizedTest
    @MethodSource("waits")
    void future_done_staysAsItIs(Wait wait, int capacity, OutsideEnd end) throws Exception {
        FutureRig rig = FutureRig.bound(capacity);
        CompletableFuture<Object> future = wait.beginPrepared(rig);
        rig.settle();
        wait.grant(rig);
        rig.settle();

        assertFalse(end.strike(future, wait.foreign));

        assertEquals(wait.own, future.get());
        rig.assertNothingPending();
    }

    @ParameterizedTest
    @MethodSource("waits")
    void future_shutDownAndNotRun_endsFromOutside(Wait wait, int capacity, OutsideEnd end) throws Exception {
        FutureRig rig = FutureRig.bound(capacity);
        CompletableFuture<Object> future = wait.beginPrepared(rig);
        rig.settle();
        rig.queue.shutdown();

        end.strike(future, wait.foreign);
        rig.settle();

        end.assertEnded(future, wait.foreign);
        rig.assertNothingPending();
    }

    @ParameterizedTest
    @MethodSource("waits")
    void future_endedWhileTheLoopRunsIt_oneOfThemGetsTheGrant(Wait wait, int capacity, OutsideEnd end)
            throws Exception {
        for (int i = 0; i < RACES; i++) {
            FutureRig rig = FutureRig.bound(capacity);
            CompletableFuture<Object> future = wait.beginPrepared(rig);
            CompletableFuture<Object> next = wait.beginAny(rig);
            rig.settle();
            wait.grant(rig);

            CountDownLatch start = new CountDownLatch(1);
            Running<Void> loop = Running.start(() -> {
                start.await();
                rig.loop.runAll();
                return null;
            });
            start.countDown();
            end.strike(future, wait.foreign);
            loop.result();
            rig.settle();

            boolean served = !future.isCompletedExceptionally() && future.get() == wait.own;
            boolean ambiguous = wait.own == wait.foreign && served;
            assertTrue(ambiguous || wait == Wait.JOIN || served != next.isDone(), () -> future + " and " + next);
            next.cancel(false);
            rig.assertNothingPending();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CANCEL", "CANCEL_INTERRUPTING", "COMPLETE", "COMPLETE_EXCEPTIONALLY"})
    void sendAsync_grantedAndNotRun_isDoneAlready(OutsideEnd end) throws Exception {
        FutureRig rig = FutureRig.bound(1);
        rig.fill();
        CompletableFuture<Object> sent = Wait.SEND.beginAny(rig);
        rig.assertWaits(sent);
        rig.sync.remove();

        assertFalse(end.strike(sent, null));
        assertFalse(sent.isDone());

        assertNull(rig.get(sent));
        assertEquals(List.of(5), takeAll(rig.queue));
        rig.assertNothingPending();
    }

    @Test
    void sendAsync_handedOverAndNotRun_isDoneAlready() throws Exception {
        FutureRig rig = FutureRig.bound(0);
        CompletableFuture<Void> sent = rig.async.sendAsync(5);
        rig.assertWaits(sent);
        assertEquals(5, rig.sync.poll());

        assertFalse(sent.cancel(false));
        assertFalse(sent.complete(null));
        assertFalse(sent.completeExceptionally(new ArithmeticException()));
        assertFalse(sent.isDone());

        assertNull(rig.get(sent));
        rig.assertNothingPending();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void sendAsync_cancelledAmongMany_theOthersKeepTheirOrder(int capacity) throws Exception {
        FutureRig rig = FutureRig.bound(capacity);
        rig.fill();
        List<CompletableFuture<Void>> sends = rig.sendAll(List.of(201, 202, 203, 204));
        rig.settle();

        assertTrue(sends.get(0).cancel(false));
        assertTrue(sends.get(2).cancel(false));
        for (int i = 0; i < capacity; i++) {
            rig.sync.remove();
        }
        rig.queue.capacity(4);
        assertNull(rig.get(sends.get(1)));
        assertNull(rig.get(sends.get(3)));

        assertEquals(List.of(202, 204), takeAll(rig.queue));
        rig.assertNothingPending();
    }
}
