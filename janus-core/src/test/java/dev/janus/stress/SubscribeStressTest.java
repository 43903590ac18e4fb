package dev.janus.stress;

import static dev.janus.fixtures.QueueAssertions.assertNothingPending;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.JanusQueue;
import dev.janus.fixtures.Await;
import dev.janus.fixtures.Running;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import kotlinx.coroutines.ExecutorCoroutineDispatcher;
import kotlinx.coroutines.ExecutorsKt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A subscription on a loop of one thread that is closed, or throws, at random and is made again, against two producers:
 * order kept, nothing lost, nothing doubled. The system property {@code janus.stress.elements} says how many elements go
 * through, all cases together (500,000).
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SubscribeStressTest {
    private static final int CASES = 4;
    private static final int PRODUCERS = 2;
    private static final int SHARE =
            (int) Math.min(Long.getLong("janus.stress.elements", 250_000), Integer.MAX_VALUE / 2) / CASES / PRODUCERS;

    private final SplittableRandom random = new SplittableRandom();
    private final AtomicReference<@Nullable Throwable> wrong = new AtomicReference<>();
    private final AtomicInteger throwers = new AtomicInteger();
    private volatile boolean over;

    /** The loop's own. */
    private final int[] nexts = {0, SHARE};

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 64})
    void everyElement_subscriptionRestartedAtRandom_comesOnceAndInOrder(int capacity) throws Exception {
        ExecutorCoroutineDispatcher loop = ExecutorsKt.from(Executors.newSingleThreadExecutor());
        JanusQueue<Integer> queue =
                JanusQueue.<Integer>builder().capacity(capacity).boundTo(loop).build();
        Running<Integer> restarter = Running.start(() -> restart(queue));
        Running<Void> first = Running.start(() -> produce(queue, 0));
        produce(queue, SHARE);
        first.result();
        queue.shutdown();

        assertTrue(restarter.result() > 100, "hardly ever restarted");
        assertEquals(null, wrong.get());
        assertTrue(throwers.get() > 0, "nothing was thrown");
        assertEquals(SHARE * PRODUCERS, queue.stats().taken());
        Await.awaitUntil("the last element's end", queue::isTerminated);
        assertNothingPending(queue);
        loop.close();
    }

    private static Void produce(JanusQueue<Integer> queue, int from) throws InterruptedException {
        for (int i = from; i < from + SHARE; i++) {
            queue.sync().put(i);
        }
        return null;
    }

    /** How often it was restarted. */
    private int restart(JanusQueue<Integer> queue) throws Exception {
        int restarts = 0;
        while (!over) {
            SplittableRandom moods = random.split();
            AutoCloseable subscription = queue.async().subscribe(element -> get(element, moods), this::end);
            for (int patience = random.nextInt(300); patience > 0 && !over; patience--) {
                Thread.yield();
            }
            subscription.close();
            restarts++;
        }
        return restarts;
    }

    private void get(int element, SplittableRandom moods) {
        if (moods.nextInt(200) == 0) {
            throw new PlannedException();
        }
        int producer = element / SHARE;
        if (nexts[producer] != element) {
            wrong.compareAndSet(null, new AssertionError("expected " + nexts[producer] + ", but got " + element));
        }
        nexts[producer] = element + 1;
    }

    private void end(@Nullable Throwable failure) {
        if (failure == null) {
            over = true;
        } else if (failure instanceof PlannedException) {
            throwers.incrementAndGet();
        } else {
            wrong.compareAndSet(null, failure);
        }
    }

    private static final class PlannedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        PlannedException() {
            super("planned", null, false, false);
        }
    }
}
