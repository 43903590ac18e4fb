package dev.janus.futures;

import static dev.janus.fixtures.QueueAssertions.assertNothingPending;
import static dev.janus.fixtures.QueueAssertions.takeAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.AsyncQueue;
import dev.janus.JanusQueue;
import dev.janus.fixtures.BusyDefault;
import dev.janus.fixtures.FutureRig;
import dev.janus.fixtures.ManualDispatcher;
import dev.janus.fixtures.QueueKind;
import dev.janus.fixtures.Running;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import kotlinx.coroutines.ExecutorCoroutineDispatcher;
import kotlinx.coroutines.ExecutorsKt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where futures are completed: on the loop, on Dispatchers.Default, or where a loop fails to run them. */
class FutureLoopTest {
    private static final int MANY = 100_000;
    private static final int LONG_CHAIN = 10_000;

    @ParameterizedTest
    @EnumSource
    void dependant_bound_runsOnTheLoop(FutureOutsideTest.Wait wait) throws Exception {
        FutureRig rig = FutureRig.bound(1);
        wait.prepare(rig);
        CompletableFuture<Boolean> onLoop = wait.begin(rig).thenApply(done -> rig.loop.isRunning());
        rig.settle();

        wait.grant(rig);
        assertFalse(onLoop.isDone());

        assertTrue(rig.get(onLoop));
        rig.assertNothingPending();
    }

    @ParameterizedTest
    @EnumSource(
            value = FutureOutsideTest.Wait.class,
            names = {"RECEIVE", "SEND"})
    void dependant_boundAndShutDown_runsOnTheLoop(FutureOutsideTest.Wait wait) throws Exception {
        FutureRig rig = FutureRig.bound(1);
        wait.prepare(rig);
        CompletableFuture<Boolean> before = wait.begin(rig).handle((done, failure) -> rig.loop.isRunning());
        rig.settle();

        rig.queue.shutdownNow();
        CompletableFuture<Boolean> after = wait.begin(rig).handle((done, failure) -> rig.loop.isRunning());
        assertFalse(before.isDone() || after.isDone());

        assertTrue(rig.get(before) && rig.get(after));
        rig.assertNothingPending();
    }

    @ParameterizedTest
    @EnumSource
    void dependant_notBound_runsOnDefaultAndNotOnTheWakersThread(FutureOutsideTest.Wait wait) throws Exception {
        FutureRig rig = FutureRig.unbound(1);
        wait.prepare(rig);
        CompletableFuture<String> thread =
                wait.begin(rig).thenApply(done -> Thread.currentThread().getName());
        BusyDefault.during(() -> {
            wait.grant(rig);
            assertFalse(thread.isDone());
        });

        assertTrue(rig.get(thread).startsWith("DefaultDispatcher-worker"), thread::join);
        rig.assertNothingPending();
    }

    @Test
    void dependant_lastElementOfAShutDownQueue_seesItTerminated() throws Exception {
        FutureRig rig = FutureRig.bound(1);
        CompletableFuture<Boolean> terminated = rig.async.receiveAsync().thenApply(element -> rig.queue.isTerminated());
        rig.settle();
        rig.sync.put(1);
        rig.queue.shutdown();

        assertTrue(rig.get(terminated), "an element that was received for good keeps the queue from terminating");
        rig.assertNothingPending();
    }

    @Test
    void sendAsync_calledInARowFromOneThread_keepsTheOrderOfTheCalls() throws Exception {
        FutureRig rig = FutureRig.unbound(2);
        List<Integer> expected = new ArrayList<>(rig.fill());
        expected.addAll(List.of(201, 202));
        List<Integer> taken = new ArrayList<>();
        List<CompletableFuture<Void>> sends = new ArrayList<>(rig.sendAll(List.of(201)));
        BusyDefault.during(() -> {
            taken.add(rig.sync.remove());
            taken.add(rig.sync.remove());
            sends.addAll(rig.sendAll(List.of(202)));
        });
        rig.get(sends.get(0));
        rig.get(sends.get(1));

        taken.addAll(takeAll(rig.queue));
        assertEquals(expected, taken);
        rig.assertNothingPending();
    }

    @Test
    void sendAsync_manyInARowFromOneThread_keepTheOrderOfTheCalls() throws Exception {
        FutureRig rig = FutureRig.unbound(4);
        int count = 20_000;
        Running<List<Integer>> taker = Running.start(() -> {
            List<Integer> taken = new ArrayList<>();
            while (taken.size() < count) {
                taken.addAll(rig.sync.takeBatch(4));
            }
            return taken;
        });

        List<CompletableFuture<Void>> sends =
                rig.sendAll(IntStream.range(0, count).boxed().toList());
        for (CompletableFuture<Void> sent : sends) {
            sent.get(20, TimeUnit.SECONDS);
        }

        assertEquals(IntStream.range(0, count).boxed().toList(), taker.result());
        rig.assertNothingPending();
    }

    @Test
    void future_loopIsClosedWhileItWaits_isCancelledAndTheGrantGoesOn() throws Exception {
        ExecutorCoroutineDispatcher loop = ExecutorsKt.from(Executors.newSingleThreadExecutor());
        JanusQueue<Integer> queue =
                JanusQueue.<Integer>builder().capacity(1).boundTo(loop).build();
        CompletableFuture<Integer> first = queue.async().receiveAsync();
        CompletableFuture<Integer> second = queue.async().receiveAsync();
        Running<Integer> third = Running.startTake(queue, queue.sync()::take);
        loop.close();

        queue.sync().put(1);

        assertEquals(1, third.result());
        assertCancelled(first);
        assertCancelled(second);
        assertNothingPending(queue);
    }

    @Test
    void future_loopIsClosedBefore_isCancelledButASendIsDone() throws Exception {
        ExecutorCoroutineDispatcher loop = ExecutorsKt.from(Executors.newSingleThreadExecutor());
        JanusQueue<Integer> queue =
                JanusQueue.<Integer>builder().capacity(2).boundTo(loop).build();
        loop.close();

        assertCancelled(queue.async().joinAsync());
        queue.sync().put(1);
        assertCancelled(queue.async().receiveAsync());
        assertNull(queue.async().sendAsync(2).get(20, TimeUnit.SECONDS));

        assertEquals(List.of(1, 2), takeAll(queue));
        assertEquals(2, queue.stats().accepted());
        assertNothingPending(queue);
    }

    @Test
    void sendAsync_loopThrowsWhenItIsWoken_isDone() throws Exception {
        ManualDispatcher loop = new ManualDispatcher();
        JanusQueue<Integer> queue =
                JanusQueue.<Integer>builder().capacity(1).boundTo(loop).build();
        List<CompletableFuture<?>> sends = beginTwoThatWait(queue, FutureOutsideTest.Wait.SEND);
        loop.breakWith(new IllegalStateException("broken"));

        List<Integer> taken =
                List.of(queue.sync().take(), queue.sync().take(), queue.sync().take());

        assertEquals(List.of(1, 2, 3), taken);
        for (CompletableFuture<?> sent : sends) {
            assertNull(sent.getNow(null));
            assertTrue(sent.isDone());
        }
        assertNothingPending(queue);
    }

    @ParameterizedTest
    @EnumSource(
            value = FutureOutsideTest.Wait.class,
            names = {"RECEIVE", "JOIN"})
    void future_loopThrowsWhenItIsWoken_failsWithThatAndTheGrantGoesOn(FutureOutsideTest.Wait wait) throws Exception {
        ManualDispatcher loop = new ManualDispatcher();
        JanusQueue<Integer> queue =
                JanusQueue.<Integer>builder().capacity(1).boundTo(loop).build();
        List<CompletableFuture<?>> futures = beginTwoThatWait(queue, wait);
        loop.runAll();
        IllegalStateException broken = new IllegalStateException("broken");
        loop.breakWith(broken);

        grant(queue, wait);

        for (CompletableFuture<?> future : futures) {
            assertSame(broken, failureOf(future));
        }
        assertNothingPending(queue);
        assertEquals(wait == FutureOutsideTest.Wait.RECEIVE ? List.of(7) : List.of(), takeAll(queue));
    }

    private static List<CompletableFuture<?>> beginTwoThatWait(JanusQueue<Integer> queue, FutureOutsideTest.Wait wait) {
        AsyncQueue<Integer> async = queue.async();
        if (wait == FutureOutsideTest.Wait.RECEIVE) {
            return List.of(async.receiveAsync(), async.receiveAsync());
        }
        queue.sync().add(1);
        if (wait == FutureOutsideTest.Wait.SEND) {
            return List.of(async.sendAsync(2), async.sendAsync(3));
        }
        queue.sync().remove();
        return List.of(async.joinAsync(), async.joinAsync());
    }

    private static void grant(JanusQueue<Integer> queue, FutureOutsideTest.Wait wait) throws Exception {
        switch (wait) {
            case RECEIVE -> queue.sync().put(7);
            case SEND -> queue.sync().take();
            case JOIN -> queue.async().taskDone();
        }
    }

    @Test
    void futures_veryManyAndTheLoopThrows_allFailAndTheElementStays() throws Exception {
        ManualDispatcher loop = new ManualDispatcher();
        JanusQueue<Integer> queue =
                JanusQueue.<Integer>builder().capacity(1).boundTo(loop).build();
        List<CompletableFuture<Integer>> receives = IntStream.range(0, LONG_CHAIN)
                .mapToObj(i -> queue.async().receiveAsync())
                .toList();
        IllegalStateException broken = new IllegalStateException("broken");
        loop.breakWith(broken);

        queue.sync().put(1);

        for (CompletableFuture<Integer> received : receives) {
            assertTrue(received.isDone(), () -> "left over: " + queue.stats());
            assertSame(broken, failureOf(received));
        }
        assertEquals(List.of(1), takeAll(queue));
        assertNothingPending(queue);
    }

    @Test
    void futures_veryManyInARow_allComplete() throws Exception {
        for (FutureRig rig : List.of(FutureRig.bound(QueueKind.UNBOUNDED), FutureRig.unbound(QueueKind.UNBOUNDED))) {
            List<CompletableFuture<Integer>> receives = rig.receive(MANY);
            long[] sum = new long[1];
            CompletableFuture<Void> all = CompletableFuture.completedFuture(null);
            for (CompletableFuture<Integer> received : receives) {
                all = all.thenAcceptBoth(received, (nothing, element) -> sum[0] += element);
            }
            rig.sendAll(IntStream.range(0, MANY).boxed().toList());

            rig.get(all);
            assertEquals((MANY - 1L) * MANY / 2, sum[0]);
            rig.assertNothingPending();
        }
    }

    @Test
    void futures_longChain_eachGetsItsElement() throws Exception {
        for (int capacity : new int[] {0, 1, LONG_CHAIN}) {
            FutureRig rig = FutureRig.bound(capacity);
            CompletableFuture<Integer> chain = rig.async.receiveAsync();
            for (int i = 1; i < LONG_CHAIN; i++) {
                int expected = i;
                chain = chain.thenCompose(before -> {
                    assertEquals(expected - 1, before);
                    return rig.async.receiveAsync();
                });
            }
            List<CompletableFuture<Void>> sends =
                    rig.sendAll(IntStream.range(0, LONG_CHAIN).boxed().toList());

            assertEquals(LONG_CHAIN - 1, rig.get(chain));
            sends.forEach(sent -> assertTrue(sent.isDone()));
            rig.assertNothingPending();
        }
    }

    @Test
    void futures_chainThatBuildsItself_eachGetsItsElement() throws Exception {
        FutureRig rig = FutureRig.bound(1);
        AtomicReference<Integer> last = new AtomicReference<>();
        CompletableFuture<Void> chain = receiveUntilLast(rig, last);
        for (int i = 0; i < LONG_CHAIN; i++) {
            rig.async.sendAsync(i);
        }

        assertNull(rig.get(chain));
        assertEquals(LONG_CHAIN - 1, last.get());
        rig.assertNothingPending();
    }

    private static CompletableFuture<Void> receiveUntilLast(FutureRig rig, AtomicReference<Integer> last) {
        return rig.async.receiveAsync().thenCompose(element -> {
            last.set(element);
            return element == LONG_CHAIN - 1 ? CompletableFuture.completedFuture(null) : receiveUntilLast(rig, last);
        });
    }

    private static Throwable failureOf(CompletableFuture<?> future) {
        return assertThrows(ExecutionException.class, () -> future.get(20, TimeUnit.SECONDS))
                .getCause();
    }

    private static void assertCancelled(CompletableFuture<?> future) {
        assertThrows(CancellationException.class, () -> future.get(20, TimeUnit.SECONDS));
        assertTrue(future.isCancelled());
    }
}
