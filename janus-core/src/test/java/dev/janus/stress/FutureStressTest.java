package dev.janus.stress;

import static dev.janus.fixtures.QueueAssertions.assertNothingPending;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.JanusQueue;
import dev.janus.QueueShutdownException;
import dev.janus.fixtures.Await;
import dev.janus.fixtures.Ledger;
import dev.janus.fixtures.Running;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import kotlinx.coroutines.ExecutorCoroutineDispatcher;
import kotlinx.coroutines.ExecutorsKt;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Nothing is lost and nothing doubled when elements go through futures on both sides, which are cancelled, completed and
 * failed at random by two more threads. The system property {@code janus.stress.elements} says how many elements go
 * through, all cases together (1,000,000).
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class FutureStressTest {
    private static final int ELEMENTS =
            (int) Math.min(Long.getLong("janus.stress.elements", 400_000), Integer.MAX_VALUE / 2);
    private static final int CASES = 4;
    private static final int PRODUCERS = 2;
    private static final int CONSUMERS = 2;
    private static final int WINDOW = 8;

    private final SplittableRandom seeds = new SplittableRandom();
    private final ConcurrentLinkedQueue<CompletableFuture<?>> targets = new ConcurrentLinkedQueue<>();
    private final AtomicLong struck = new AtomicLong();

    @ParameterizedTest
    @CsvSource({"0,false", "0,true", "1,false", "2,true"})
    void everyElement_futuresEndedAtRandom_receivedExactlyOnce(int capacity, boolean bound) throws Exception {
        ExecutorCoroutineDispatcher loop = ExecutorsKt.from(Executors.newSingleThreadExecutor());
        JanusQueue.Builder<Integer> builder = JanusQueue.<Integer>builder().capacity(capacity);
        JanusQueue<Integer> queue = (bound ? builder.boundTo(loop) : builder).build();
        int share = ELEMENTS / CASES / PRODUCERS;
        Ledger ledger = new Ledger(share * PRODUCERS);
        AtomicBoolean over = new AtomicBoolean();

        List<Running<Void>> strikers = start(2, i -> strike(over, seeds.split()));
        List<Running<Void>> consumers = start(CONSUMERS, i -> consume(queue, ledger));
        List<Running<Void>> producers = start(PRODUCERS, i -> produce(queue, i * share, (i + 1) * share));
        awaitAll(producers);
        queue.shutdown();
        awaitAll(consumers);
        over.set(true);
        awaitAll(strikers);
        Await.awaitUntil("the last lease's end", queue::isTerminated);
        loop.close();

        assertEquals(0, ledger.lost(), () -> "lost: " + queue.stats());
        assertEquals(0, ledger.getDoubled().get(), () -> "doubled: " + queue.stats());
        assertEquals(share * PRODUCERS, queue.stats().accepted());
        assertTrue(struck.get() > 0, "no future was ended from outside");
        assertNothingPending(queue);
    }

    /** Keeps a few sends under way; one that was ended from outside is repeated. */
    private void produce(JanusQueue<Integer> queue, int from, int to) throws Exception {
        List<Integer> unsent = new ArrayList<>();
        int next = from;
        while (next < to || !unsent.isEmpty()) {
            while (next < to && unsent.size() < WINDOW) {
                unsent.add(next++);
            }
            List<Integer> elements = List.copyOf(unsent);
            List<CompletableFuture<Void>> sends = new ArrayList<>();
            elements.forEach(element -> sends.add(target(queue.async().sendAsync(element))));
            for (int i = 0; i < sends.size(); i++) {
                if (succeeded(sends.get(i))) {
                    unsent.remove(elements.get(i));
                }
            }
        }
    }

    private void consume(JanusQueue<Integer> queue, Ledger ledger) throws Exception {
        while (!queue.isTerminated()) {
            List<CompletableFuture<Integer>> receives = new ArrayList<>();
            for (int i = 0; i < WINDOW / 2; i++) {
                receives.add(target(queue.async().receiveAsync()));
            }
            for (CompletableFuture<Integer> received : receives) {
                if (succeeded(received)) {
                    ledger.record(received.get());
                }
            }
        }
    }

    private <T> CompletableFuture<T> target(CompletableFuture<T> future) {
        if (!future.isDone() && targets.size() < 4 * WINDOW) {
            targets.add(future);
        }
        return future;
    }

    private void strike(AtomicBoolean over, SplittableRandom random) {
        while (!over.get()) {
            CompletableFuture<?> target = targets.poll();
            if (target == null || random.nextInt(4) == 0) {
                Thread.yield();
            } else if (random.nextBoolean()
                    ? target.cancel(true)
                    : target.completeExceptionally(new StruckException())) {
                struck.incrementAndGet();
            }
        }
    }

    private static boolean succeeded(CompletableFuture<?> future) throws InterruptedException {
        try {
            future.get();
            return true;
        } catch (CancellationException e) {
            return false;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StruckException || e.getCause() instanceof QueueShutdownException) {
                return false;
            }
            throw new AssertionError(e);
        }
    }

    private static List<Running<Void>> start(int count, Work work) {
        List<Running<Void>> calls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            calls.add(Running.start(() -> {
                work.run(number);
                return null;
            }));
        }
        return calls;
    }

    private static void awaitAll(List<Running<Void>> calls) throws Exception {
        for (Running<Void> call : calls) {
            call.result();
        }
    }

    private interface Work {
        void run(int number) throws Exception;
    }

    private static final class StruckException extends RuntimeException {
        private static final long serialVersionUID = 1;

        StruckException() {
            super("struck", null, false, false);
        }
    }
}
