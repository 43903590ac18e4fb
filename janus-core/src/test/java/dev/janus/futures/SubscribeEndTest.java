package dev.janus.futures;

import static dev.janus.fixtures.QueueAssertions.takeAll;
import static dev.janus.futures.SubscribeTest.awaitCount;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.JanusQueue;
import dev.janus.QueueShutdownException;
import dev.janus.fixtures.Await;
import dev.janus.fixtures.Failures;
import dev.janus.fixtures.FutureRig;
import dev.janus.fixtures.ManualDispatcher;
import dev.janus.fixtures.QueueAssertions;
import dev.janus.fixtures.Running;
import dev.janus.fixtures.Subscriber;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import kotlinx.coroutines.ExecutorCoroutineDispatcher;
import kotlinx.coroutines.ExecutorsKt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a subscription ends: it is closed, a callback throws, or its loop fails. */
class SubscribeEndTest {
    private static final int RACES = 2_000;

    private static Consumer<Integer> throwing(Throwable failure) {
        return element -> Failures.rethrow(failure);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void callback_throws_itsElementGoesBackToTheHead(int capacity) {
        FutureRig rig = FutureRig.bound(capacity);
        Error failure = new AssertionError("planned");
        Subscriber subscriber = new Subscriber(throwing(failure)).subscribe(rig.queue);
        rig.settle();
        assertTrue(rig.sync.offer(1));
        for (int i = 1; i < capacity; i++) {
            rig.sync.add(i + 1);
        }

        rig.settle();

        subscriber.assertEnded(List.of(1), failure);
        assertEquals(1, rig.sync.peek());
        subscriber.close();
        rig.settle();
        subscriber.assertEnded(List.of(1), failure);
        assertEquals(Math.max(1, capacity), takeAll(rig.queue).size());
        rig.assertNothingPending();
    }

    @Test
    void callback_throwsAndTheQueueIsFullAgain_itsElementGoesBackAllTheSame() {
        FutureRig rig = FutureRig.bound(1);
        Exception failure = new Exception("planned");
        Subscriber subscriber = new Subscriber(element -> {
                    rig.sync.add(2);
                    Failures.rethrow(failure);
                })
                .subscribe(rig.queue);
        rig.sync.add(1);

        rig.settle();

        subscriber.assertEnded(List.of(1), failure);
        assertEquals(List.of(1, 2), takeAll(rig.queue));
        rig.assertNothingPending();
    }

    @Test
    void callback_throwsWhileAnotherTakerWaits_thatOneGetsTheElement() throws Exception {
        FutureRig rig = FutureRig.bound(1);
        Exception failure = new Exception("planned");
        Subscriber first = new Subscriber(throwing(failure)).subscribe(rig.queue);
        Running<Integer> second = Running.startTake(rig.queue, rig.sync::take);
        rig.sync.add(1);

        rig.settle();

        assertEquals(1, second.result());
        first.assertEnded(List.of(1), failure);
        rig.assertNothingPending();
    }

    @Test
    void callback_throwsAfterShutdownNow_keepsTheElement() {
        FutureRig rig = FutureRig.bound(1);
        Exception failure = new Exception("planned");
        Subscriber subscriber = new Subscriber(element -> {
                    assertEquals(List.of(), rig.queue.shutdownNow());
                    assertTrue(rig.queue.isTerminated());
                    Failures.rethrow(failure);
                })
                .subscribe(rig.queue);
        rig.sync.add(1);

        rig.settle();

        subscriber.assertEnded(List.of(1), failure);
        assertInstanceOf(QueueShutdownException.class, failure.getSuppressed()[0]);
        assertEquals(List.of(), takeAll(rig.queue));
        rig.assertNothingPending();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void onEnd_throws_goesToTheHandlerAndTheQueueGoesOn(boolean byShutdown) {
        FutureRig rig = FutureRig.bound(1);
        AssertionError thrown = new AssertionError("planned");
        AtomicReference<Throwable> handled = new AtomicReference<>();
        rig.async.subscribe(throwing(new Exception("planned")), end -> {
            throw thrown;
        });
        if (byShutdown) {
            rig.settle();
            rig.queue.shutdown();
        } else {
            rig.sync.add(1);
        }

        Thread.currentThread().setUncaughtExceptionHandler((thread, failure) -> handled.set(failure));
        rig.settle();

        assertSame(thrown, handled.get());
        assertEquals(byShutdown ? List.of() : List.of(1), takeAll(rig.queue));
        rig.assertNothingPending();
    }

    @Test
    void close_waiting_leavesTheLine() {
        FutureRig rig = FutureRig.bound(1);
        Subscriber subscriber = Subscriber.to(rig.queue);
        rig.settle();

        subscriber.close();
        subscriber.close();
        QueueAssertions.assertNothingPending(rig.queue);
        rig.sync.add(1);
        rig.settle();
        rig.queue.shutdown();
        rig.settle();

        subscriber.assertGot(List.of());
        assertEquals(List.of(1), takeAll(rig.queue));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void close_grantedAndNotRun_theNextInLineGetsTheElement(int capacity) throws Exception {
        FutureRig rig = FutureRig.bound(capacity);
        Subscriber subscriber = Subscriber.to(rig.queue);
        Running<Integer> next = Running.startTake(rig.queue, rig.sync::take);
        rig.sync.put(1);

        subscriber.close();

        assertEquals(1, next.result());
        rig.settle();
        subscriber.assertGot(List.of());
        rig.assertNothingPending();
    }

    @Test
    void close_shutDownAndNotRun_endIsNotCalled() {
        FutureRig rig = FutureRig.bound(1);
        Subscriber waiting = Subscriber.to(rig.queue);
        rig.settle();
        rig.queue.shutdown();
        Subscriber late = Subscriber.to(rig.queue);

        waiting.close();
        late.close();
        rig.settle();

        waiting.assertGot(List.of());
        late.assertGot(List.of());
        rig.assertNothingPending();
    }

    @Test
    void close_insideTheCallback_isTheLast() {
        FutureRig rig = FutureRig.bound(3);
        AtomicReference<Subscriber> self = new AtomicReference<>();
        Subscriber subscriber = new Subscriber(element -> self.get().close()).subscribe(rig.queue);
        self.set(subscriber);
        rig.sync.addAll(List.of(1, 2, 3));

        rig.settle();
        rig.queue.shutdown();
        rig.settle();

        subscriber.assertGot(List.of(1));
        assertEquals(1, rig.queue.stats().taken());
        assertEquals(List.of(2, 3), takeAll(rig.queue));
        rig.assertNothingPending();
    }

    @Test
    void close_insideTheCallbackThatThrows_elementGoesBackAndEndIsNotCalled() {
        FutureRig rig = FutureRig.bound(2);
        AtomicReference<Subscriber> self = new AtomicReference<>();
        Subscriber subscriber = new Subscriber(element -> {
                    self.get().close();
                    throw new IllegalStateException("planned");
                })
                .subscribe(rig.queue);
        self.set(subscriber);
        rig.sync.addAll(List.of(1, 2));

        rig.settle();

        subscriber.assertGot(List.of(1));
        assertEquals(List.of(1, 2), takeAll(rig.queue));
        rig.assertNothingPending();
    }

    @Test
    void close_whileTheCallbackRunsElsewhere_doesNotWaitAndIsTheLast() throws Exception {
        FutureRig rig = FutureRig.unbound(2);
        CountDownLatch over = new CountDownLatch(1);
        Subscriber subscriber = new Subscriber(element -> {
                    try {
                        over.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                })
                .subscribe(rig.queue);
        rig.sync.put(1);
        awaitCount(rig, subscriber, 1);
        rig.sync.put(2);

        subscriber.close();
        over.countDown();
        rig.settle();

        subscriber.assertGot(List.of(1));
        assertEquals(List.of(2), takeAll(rig.queue));
        rig.assertNothingPending();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void close_inTheRaceWithAGrant_theElementGoesToOneOfTwo(boolean bound) throws Exception {
        for (int i = 0; i < RACES; i++) {
            FutureRig rig = bound ? FutureRig.bound(1) : FutureRig.unbound(1);
            Subscriber first = Subscriber.to(rig.queue);
            Subscriber second = Subscriber.to(rig.queue);
            CountDownLatch start = new CountDownLatch(1);
            Running<Void> closer = Running.start(() -> {
                start.await();
                first.close();
                return null;
            });
            start.countDown();
            rig.sync.put(i);
            closer.result();
            rig.settle();
            Await.awaitUntil(
                    "one of two",
                    () -> first.elements().size() + second.elements().size() == 1);
            second.close();
            rig.assertNothingPending();
            assertEquals(1, rig.queue.stats().taken());
        }
    }

    @Test
    void loop_closed_endsCancelledAndTheNextGetsTheElement() throws Exception {
        ExecutorCoroutineDispatcher loop = ExecutorsKt.from(Executors.newSingleThreadExecutor());
        JanusQueue<Integer> queue =
                JanusQueue.<Integer>builder().capacity(1).boundTo(loop).build();
        Subscriber subscriber = Subscriber.to(queue);
        Running<Integer> next = Running.startTake(queue, queue.sync()::take);
        loop.close();

        queue.sync().put(1);

        assertEquals(1, next.result());
        Await.awaitUntil("the end", () -> !subscriber.ends().isEmpty());
        assertInstanceOf(CancellationException.class, subscriber.ends().get(0));
        subscriber.assertEnded(List.of(), subscriber.ends().get(0));
        QueueAssertions.assertNothingPending(queue);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void loop_throws_endsWithThatAndTheNextGetsTheElement(boolean insideTheCallback) throws Exception {
        ManualDispatcher loop = new ManualDispatcher();
        JanusQueue<Integer> queue =
                JanusQueue.<Integer>builder().capacity(2).boundTo(loop).build();
        IllegalStateException broken = new IllegalStateException("broken");
        Subscriber subscriber = new Subscriber(element -> loop.breakWith(broken)).subscribe(queue);
        if (insideTheCallback) {
            queue.sync().add(1);
            queue.sync().add(2);
            loop.runAll(); // both in one task
            queue.sync().add(3);
            subscriber.assertEnded(List.of(1, 2), broken);
            assertEquals(List.of(3), takeAll(queue));
        } else {
            loop.breakWith(broken);
            queue.sync().add(1);
            subscriber.assertEnded(List.of(), broken);
            assertEquals(List.of(1), takeAll(queue));
        }
        QueueAssertions.assertNothingPending(queue);
    }
}
