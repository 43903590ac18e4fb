package dev.janus.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.JanusQueue;
import dev.janus.fixtures.Await;
import dev.janus.fixtures.QueueKind;
import dev.janus.fixtures.QueueSuite;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sync face in the places where the JDK wants a {@link java.util.concurrent.BlockingQueue}. */
class JdkExecutorsTest extends QueueSuite {
    private static final int TASKS = 1_000;

    private final AtomicIntegerArray runs = new AtomicIntegerArray(TASKS);

    @Test
    void completionService_manyTasks_eachResultComesOnce() throws Exception {
        JanusQueue<Future<Integer>> queue = checked(JanusQueue.unbounded());
        ExecutorService executor = Executors.newFixedThreadPool(3);
        try {
            ExecutorCompletionService<Integer> service = new ExecutorCompletionService<>(executor, queue.sync());
            for (int i = 0; i < TASKS; i++) {
                int task = i;
                service.submit(() -> task);
            }
            for (int i = 0; i < TASKS; i++) {
                runs.incrementAndGet((i % 2 == 0 ? service.take() : service.poll(10, TimeUnit.SECONDS)).get());
            }
            assertNull(service.poll());
            assertEachTaskRanOnce();
        } finally {
            end(executor);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16, QueueKind.UNBOUNDED})
    void threadPool_workQueue_runsEachTaskOnce(int capacity) throws InterruptedException {
        JanusQueue<Runnable> queue = checked(JanusQueue.fifo(capacity));
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                2, 4, 1, TimeUnit.MILLISECONDS, queue.sync(), new ThreadPoolExecutor.CallerRunsPolicy());
        for (int i = 0; i < TASKS; i++) {
            int task = i;
            pool.execute(() -> runs.incrementAndGet(task));
        }
        end(pool);
        assertEachTaskRanOnce();
        assertTrue(queue.isEmpty());
    }

    @Test
    void threadPool_rendezvous_startsAThreadWhereNobodyWaits() throws InterruptedException {
        JanusQueue<Runnable> queue = checked(JanusQueue.fifo(0));
        ThreadPoolExecutor pool = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, queue.sync());
        CountDownLatch all = new CountDownLatch(4);
        for (int i = 0; i < 4; i++) {
            pool.execute(() -> {
                all.countDown();
                awaitUninterrupted(all);
            });
        }
        awaitUninterrupted(all);
        Await.awaitUntil("four workers that wait", () -> queue.stats().waitingTakeThreads() == 4);
        pool.execute(() -> runs.incrementAndGet(0));
        Await.awaitUntil("the task of an old worker", () -> runs.get(0) == 1);
        assertEquals(4, pool.getLargestPoolSize());
        end(pool);
    }

    @Test
    void threadPool_full_rejectsAndShutdownNowHandsBack() throws InterruptedException {
        JanusQueue<Runnable> queue = checked(JanusQueue.fifo(2));
        ThreadPoolExecutor pool = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, queue.sync());
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        pool.execute(() -> {
            running.countDown();
            awaitUninterrupted(never);
        });
        awaitUninterrupted(running);
        List<Runnable> waiting = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            int task = i;
            waiting.add(() -> runs.incrementAndGet(task));
            pool.execute(waiting.get(i));
        }
        assertThrows(RejectedExecutionException.class, () -> pool.execute(() -> runs.incrementAndGet(2)));
        assertTrue(pool.remove(waiting.get(0)));
        assertEquals(waiting.subList(1, 2), pool.shutdownNow());
        end(pool);
        assertEquals(0, IntStream.range(0, TASKS).map(runs::get).sum());
    }

    @Test
    void threadPool_priorityQueue_runsTheLeastFirst() throws InterruptedException {
        JanusQueue<Runnable> queue = checked(JanusQueue.<Runnable>builder()
                .priority((one, other) -> Integer.compare(((Task) one).number, ((Task) other).number))
                .unbounded()
                .build());
        ThreadPoolExecutor pool = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, queue.sync());
        List<Integer> order = new ArrayList<>();
        CountDownLatch go = new CountDownLatch(1);
        pool.execute(new Task(-1, () -> awaitUninterrupted(go)));
        Await.awaitUntil("the first task at work", () -> pool.getActiveCount() == 1);
        for (int number : QueueKind.elements(20)) {
            pool.execute(new Task(number, () -> order.add(number)));
        }
        go.countDown();
        end(pool);
        assertEquals(QueueKind.elements(20).stream().sorted().toList(), order);
    }

    private record Task(int number, Runnable body) implements Runnable {
        @Override
        public void run() {
            body.run();
        }
    }

    private void assertEachTaskRanOnce() {
        for (int i = 0; i < TASKS; i++) {
            assertEquals(1, runs.get(i), "runs of task " + i);
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void end(ExecutorService executor) throws InterruptedException {
        executor.shutdown();
        assertTrue(executor.awaitTermination(20, TimeUnit.SECONDS));
    }
}
