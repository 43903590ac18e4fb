package dev.janus.futures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.fixtures.Await;
import dev.janus.fixtures.FutureRig;
import dev.janus.fixtures.Running;
import dev.janus.fixtures.Subscriber;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The elements that a subscription gets, for every order and capacity. */
class SubscribeTest {
    @FutureRig.Storing
    void subscribe_elementsThere_getsThemInTheQueuesOrder(FutureRig.Kind kind) {
        FutureRig rig = kind.rig();
        List<Integer> elements = kind.kind().someElements();
        rig.sync.addAll(elements);

        Subscriber subscriber = Subscriber.to(rig.queue);
        awaitCount(rig, subscriber, elements.size());

        subscriber.assertGot(kind.kind().arranged(elements));
        subscriber.close();
        rig.assertNothingPending();
    }

    @FutureRig.Every
    void subscribe_empty_getsEachElementThatIsPut(FutureRig.Kind kind) {
        FutureRig rig = kind.rig();
        Subscriber subscriber = Subscriber.to(rig.queue);

        for (int i = 1; i <= 5; i++) {
            rig.settle();
            Await.awaitUntil("the subscription to wait", () -> rig.queue.stats().waitingTakeCoroutines() == 1);
            assertTrue(rig.sync.offer(i));
            awaitCount(rig, subscriber, i);
        }

        subscriber.assertGot(List.of(1, 2, 3, 4, 5));
        subscriber.close();
        rig.assertNothingPending();
    }

    @FutureRig.Bounded
    void subscribe_putsWait_letsThemIn(FutureRig.Kind kind) throws Exception {
        FutureRig rig = kind.rig();
        List<Integer> elements = new ArrayList<>(rig.fill());
        List<Integer> later = List.of(201, 202, 203);
        List<CompletableFuture<Void>> sends = rig.sendAll(later);
        elements.addAll(later);
        rig.settle();

        Subscriber subscriber = Subscriber.to(rig.queue);
        awaitCount(rig, subscriber, elements.size());

        for (CompletableFuture<Void> sent : sends) {
            rig.get(sent);
        }
        assertEquals(
                elements.stream().sorted().toList(),
                subscriber.elements().stream().sorted().toList());
        subscriber.close();
        rig.assertNothingPending();
    }

    @FutureRig.Storing
    void subscribe_shutDown_endsWhenAllIsTaken(FutureRig.Kind kind) {
        FutureRig rig = kind.rig();
        List<Integer> elements = kind.kind().someElements();
        rig.sync.addAll(elements);
        rig.queue.shutdown();

        Subscriber subscriber = Subscriber.to(rig.queue);
        awaitEnd(rig, subscriber);

        subscriber.assertEnded(kind.kind().arranged(elements), null);
        assertTrue(rig.queue.isTerminated());
        rig.assertNothingPending();
    }

    @FutureRig.Every
    void subscribe_waitsAtShutdown_endsWithTheCause(FutureRig.Kind kind) {
        FutureRig rig = kind.rig();
        List<Subscriber> subscribers = List.of(Subscriber.to(rig.queue), Subscriber.to(rig.queue));
        rig.settle();
        Exception cause = new Exception("reason");

        rig.queue.shutdown(cause);

        for (Subscriber subscriber : subscribers) {
            awaitEnd(rig, subscriber);
            subscriber.assertEnded(List.of(), cause);
        }
        rig.assertNothingPending();
    }

    @FutureRig.Every
    void subscribe_terminated_endsAtOnce(FutureRig.Kind kind) {
        FutureRig rig = kind.rig();
        rig.queue.shutdownNow();

        Subscriber subscriber = Subscriber.to(rig.queue);
        awaitEnd(rig, subscriber);

        subscriber.assertEnded(List.of(), null);
        rig.assertNothingPending();
    }

    @Test
    void callbacks_bound_runOnTheLoopOnly() {
        FutureRig rig = FutureRig.bound(2);
        List<Boolean> onLoop = new ArrayList<>();
        rig.sync.add(1);
        rig.async.subscribe(element -> onLoop.add(rig.loop.isRunning()), end -> onLoop.add(rig.loop.isRunning()));
        rig.sync.add(2);
        rig.queue.shutdown();
        assertEquals(List.of(), onLoop);

        rig.loop.runAll();

        assertEquals(List.of(true, true, true), onLoop);
        rig.assertNothingPending();
    }

    @Test
    void callbacks_notBound_runOnDefault() {
        FutureRig rig = FutureRig.unbound(2);
        Subscriber subscriber = Subscriber.to(rig.queue);
        rig.sync.add(1);
        rig.queue.shutdown();
        awaitEnd(rig, subscriber);

        assertEquals(2, subscriber.threads().size());
        subscriber.threads().forEach(thread -> assertTrue(thread.getName().startsWith("DefaultDispatcher-worker")));
        rig.assertNothingPending();
    }

    @Test
    void callback_running_noElementIsTakenInAdvance() throws Exception {
        FutureRig rig = FutureRig.unbound(2);
        CountDownLatch over = new CountDownLatch(1);
        Subscriber subscriber = new Subscriber(element -> awaitLatch(over)).subscribe(rig.queue);
        rig.sync.put(1);
        awaitCount(rig, subscriber, 1);

        rig.sync.add(2);
        rig.sync.add(3);

        assertFalse(rig.sync.offer(4), "one more is out of the queue than the callback has");
        assertEquals(1, rig.queue.stats().leased());
        over.countDown();
        awaitCount(rig, subscriber, 3);
        subscriber.assertGot(List.of(1, 2, 3));
        subscriber.close();
        rig.assertNothingPending();
    }

    @Test
    void callbacks_manyElementsFromTwoThreads_oneAtATimeInOrder() throws Exception {
        FutureRig rig = FutureRig.unbound(2);
        Subscriber subscriber = Subscriber.to(rig.queue);
        int each = 5_000;
        List<Running<Void>> producers = Stream.of(0, each)
                .map(first -> Running.start(() -> {
                    for (int i = first; i < first + each; i++) {
                        rig.sync.put(i);
                    }
                    return (Void) null;
                }))
                .toList();
        for (Running<Void> producer : producers) {
            producer.result();
        }
        rig.queue.shutdown();
        awaitEnd(rig, subscriber);

        subscriber.assertEnded(subscriber.elements(), null);
        for (int first : List.of(0, each)) {
            List<Integer> ofOne = subscriber.elements().stream()
                    .filter(element -> element >= first && element < first + each)
                    .toList();
            assertEquals(IntStream.range(first, first + each).boxed().toList(), ofOne);
        }
        rig.assertNothingPending();
    }

    @Test
    void subscribe_twice_theyTakeTurns() {
        FutureRig rig = FutureRig.bound(4);
        Subscriber first = Subscriber.to(rig.queue);
        Subscriber second = Subscriber.to(rig.queue);
        rig.addOneByOne(4);

        first.assertGot(List.of(1, 3));
        second.assertGot(List.of(2, 4));
        first.close();
        second.close();
        rig.assertNothingPending();
    }

    @Test
    void subscribe_amongThreadsAndFutures_servedInTheOrderOfArrival() throws Exception {
        FutureRig rig = FutureRig.bound(4);
        Subscriber first = Subscriber.to(rig.queue);
        Running<Integer> second = Running.startTake(rig.queue, rig.sync::take);
        CompletableFuture<Integer> third = rig.async.receiveAsync();

        rig.addOneByOne(4);

        assertEquals(2, second.result());
        assertEquals(3, rig.get(third));
        first.assertGot(List.of(1, 4));
        first.close();
        rig.assertNothingPending();
    }

    @Test
    void callback_putsIntoTheQueue_getsThatToo() {
        FutureRig rig = FutureRig.bound(1);
        Consumer<Integer> countDown = element -> {
            if (element > 0) {
                rig.sync.add(element - 1);
            }
        };
        Subscriber subscriber = new Subscriber(countDown).subscribe(rig.queue);
        rig.sync.add(3);
        rig.settle();

        subscriber.assertGot(List.of(3, 2, 1, 0));
        subscriber.close();
        rig.assertNothingPending();
    }

    @Test
    void callback_subscribesAgain_bothGoOn() {
        FutureRig rig = FutureRig.bound(4);
        Subscriber second = new Subscriber();
        Subscriber first = new Subscriber(element -> {
                    if (element == 1) {
                        second.subscribe(rig.queue);
                    }
                })
                .subscribe(rig.queue);
        rig.addOneByOne(4);

        first.assertGot(List.of(1, 3));
        second.assertGot(List.of(2, 4));
        first.close();
        second.close();
        rig.assertNothingPending();
    }

    @Test
    void callback_shutsTheQueueDown_getsTheRestAndEnds() {
        FutureRig rig = FutureRig.bound(3);
        Subscriber subscriber = new Subscriber(element -> rig.queue.shutdown()).subscribe(rig.queue);
        rig.sync.addAll(List.of(1, 2, 3));
        rig.settle();

        subscriber.assertEnded(List.of(1, 2, 3), null);
        assertTrue(rig.queue.isTerminated());
        rig.assertNothingPending();
    }

    @Test
    void callback_marksTasksAsDone_joinEnds() throws Exception {
        FutureRig rig = FutureRig.unbound(2);
        Subscriber subscriber = new Subscriber(element -> rig.async.taskDone()).subscribe(rig.queue);
        for (int i = 0; i < 10; i++) {
            rig.sync.put(i);
        }

        rig.sync.join();

        assertEquals(IntStream.range(0, 10).boxed().toList(), subscriber.elements());
        subscriber.close();
        rig.assertNothingPending();
    }

    @Test
    void subscribe_null_isRefused() {
        FutureRig rig = FutureRig.bound(1);

        assertThrows(NullPointerException.class, () -> rig.async.subscribe(null, end -> {}));
        assertThrows(NullPointerException.class, () -> rig.async.subscribe(element -> {}, null));

        rig.assertNothingPending();
    }

    @Test
    void callbacks_memory_seesWhatTheOneBeforeDid() throws Exception {
        FutureRig rig = FutureRig.unbound(64);
        AtomicReference<String> wrong = new AtomicReference<>();
        int[] plain = new int[1];
        AutoCloseable subscription = rig.async.subscribe(
                element -> {
                    if (plain[0]++ != element) {
                        wrong.set(element + " came after " + plain[0] + " others");
                    }
                },
                end -> {});
        for (int i = 0; i < 10_000; i++) {
            rig.sync.put(i);
        }
        Await.awaitUntil("all elements", () -> rig.queue.stats().taken() == 10_000);
        rig.settle();

        subscription.close();
        assertEquals(null, wrong.get());
        rig.assertNothingPending();
    }

    static void awaitCount(FutureRig rig, Subscriber subscriber, int count) {
        Await.awaitUntil(count + " elements", () -> {
            rig.loop.runAll();
            return subscriber.elements().size() == count;
        });
    }

    static void awaitEnd(FutureRig rig, Subscriber subscriber) {
        Await.awaitUntil("the end", () -> {
            rig.loop.runAll();
            return !subscriber.ends().isEmpty();
        });
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
