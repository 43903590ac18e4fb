package dev.janus.examples.snippets;

import static dev.janus.examples.snippets.Shop.keepForLater;
import static dev.janus.examples.snippets.Shop.log;
import static dev.janus.examples.snippets.Shop.nextOrder;
import static java.util.Comparator.comparing;
import static java.util.concurrent.TimeUnit.SECONDS;
import static kotlinx.coroutines.channels.BufferOverflow.DROP_LATEST;
import static kotlinx.coroutines.channels.BufferOverflow.DROP_OLDEST;

import dev.janus.AsyncQueue;
import dev.janus.BlockingGuard;
import dev.janus.JanusQueue;
import dev.janus.QueueShutdownException;
import dev.janus.QueueStats;
import dev.janus.SyncQueue;
import dev.janus.micrometer.JanusQueueMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.LongAdder;
import kotlinx.coroutines.CoroutineDispatcher;
import kotlinx.coroutines.Dispatchers;
import kotlinx.coroutines.ExecutorsKt;

/** The samples of JanusQueue and its builder, counts and exceptions. */
@SuppressWarnings("unused")
final class JanusQueueSnippets {
    private JanusQueueSnippets() {}

    static void kinds() {
        // sample: begin
        JanusQueue<Order> orders = JanusQueue.fifo(64); // the oldest comes out first
        JanusQueue<Order> latest = JanusQueue.lifo(64); // the newest
        JanusQueue<String> names = JanusQueue.priority(64); // the least
        JanusQueue<Order> urgent = JanusQueue.priority(64, comparing(Order::deadline));
        JanusQueue<String> lines = JanusQueue.unbounded();
        JanusQueue<Integer> readings =
                JanusQueue.<Integer>builder().capacity(16).overflow(DROP_OLDEST).build();
        // sample: end
    }

    static void life() throws InterruptedException, IOException {
        // sample: begin
        try (JanusQueue<Order> orders = JanusQueue.fifo(64)) {
            SyncQueue<Order> forThreads = orders.sync(); // put, take, offer, poll and so on
            AsyncQueue<Order> forCoroutines = orders.async(); // send, receive; futures for Java
            startWorkers(forThreads, forCoroutines);
            forThreads.put(nextOrder());
        } // close() shuts it down: the workers still get what is in it, and then they are refused
        // sample: end
    }

    static void afterPuts(JanusQueue<Order> orders) throws IOException {
        // sample: begin
        orders.async().sendAsync(nextOrder());
        orders.shutdownAfterPuts(); // that order still gets in, even if the queue is full now
        // sample: end
    }

    static void afterPutsWithCause(JanusQueue<Order> orders, Exception failure) {
        // sample: begin
        orders.shutdownAfterPuts(failure); // the takers get what was put before, and then learn of the failure
        // sample: end
    }

    static void nowWithCause(JanusQueue<Order> orders, Exception failure) {
        // sample: begin
        keepForLater(orders.shutdownNow(failure));
        // sample: end
    }

    static void cause(JanusQueue<Order> orders) {
        // sample: begin
        if (orders.isShutdown()) {
            log("no more orders, because of " + orders.shutdownCause());
        }
        // sample: end
    }

    static void listener(JanusQueue<Order> orders) {
        // sample: begin
        orders.onShutdown(cause -> log("no more orders: " + cause));
        // sample: end
    }

    static void look(JanusQueue<Order> orders) {
        // sample: begin
        if (orders.isFull()) {
            orders.capacity(2 * orders.capacity()); // lets those in that wait to put
        }
        log(orders.size() + " orders to ship, " + orders.unfinishedTasks() + " not yet done");
        log(orders.stats()); // all counts at one moment
        // sample: end
    }

    static void end(JanusQueue<Order> orders) throws InterruptedException {
        // sample: begin
        orders.shutdown(); // no more orders; those that are there are still shipped
        if (!orders.sync().awaitTermination(10, SECONDS)) {
            keepForLater(orders.shutdownNow()); // what is left after 10 seconds
        }
        log("shut down: " + orders.isShutdown() + ", empty: " + orders.isEmpty());
        log("and nothing will come back: " + orders.isTerminated());
        // sample: end
    }

    static void endWithCause(JanusQueue<Order> orders) throws InterruptedException {
        // sample: begin
        try {
            orders.sync().put(nextOrder());
        } catch (IOException e) {
            orders.shutdown(e); // takers learn why no more orders come
        }
        // sample: end
    }

    static void refused(JanusQueue<Order> orders, Order order) throws InterruptedException {
        // sample: begin
        try {
            orders.sync().put(order);
        } catch (QueueShutdownException e) {
            log(order + " was not added; the queue was shut down because of " + e.getCause());
        }
        // sample: end
    }

    static void stats(JanusQueue<Order> orders) {
        // sample: begin
        QueueStats now = orders.stats();
        log(now.accepted() + " accepted, " + now.taken() + " taken, " + now.dropped() + " dropped, "
                + now.size() + " there, " + now.highWaterMark() + " at most, "
                + now.waitingPutThreads() + " threads and " + now.waitingPutCoroutines()
                + " coroutines wait for room");
        // sample: end
    }

    static void orders() {
        // sample: begin
        JanusQueue<Order> latest =
                JanusQueue.<Order>builder().unbounded().lifo().build();
        JanusQueue<Order> least =
                JanusQueue.<Order>builder().capacity(64).priority().build();
        JanusQueue<Order> urgent = JanusQueue.<Order>builder()
                .capacity(64)
                .priority(comparing(Order::deadline))
                .build();
        // sample: end
    }

    static void overflow() {
        // sample: begin
        LongAdder missed = new LongAdder();
        JanusQueue<Integer> readings = JanusQueue.<Integer>builder()
                .capacity(16)
                .overflow(DROP_LATEST)
                .onDropped(reading -> missed.increment())
                .build();
        // sample: end
    }

    static void bound(ExecutorService executor) {
        // sample: begin
        CoroutineDispatcher loop = ExecutorsKt.from(executor); // of one thread: an event loop
        JanusQueue<Order> orders =
                JanusQueue.<Order>builder().capacity(64).boundTo(loop).build();
        // sample: end
    }

    static void guarded() {
        // sample: begin
        JanusQueue<Order> onMain = JanusQueue.<Order>builder()
                .capacity(64)
                .boundTo(Dispatchers.getMain())
                .blockingGuard(BlockingGuard.allow())
                .build();
        // sample: end
    }

    static void frugal() {
        // sample: begin
        JanusQueue<Order> frugal =
                JanusQueue.<Order>builder().capacity(64).spinning(false).build();
        // sample: end
    }

    static void firstCaller() {
        // sample: begin
        JanusQueue<Order> onFirst =
                JanusQueue.<Order>builder().capacity(64).boundToFirstCaller().build();
        // sample: end
    }

    static void guard(boolean isTest) {
        // sample: begin
        BlockingGuard warn = call -> log("the loop is blocked: " + call);
        BlockingGuard strictInTests = call -> {
            BlockingGuard guard = isTest ? BlockingGuard.refuse() : BlockingGuard.allow();
            guard.onBlockingCall(call);
        };
        // sample: end
    }

    private static void startWorkers(SyncQueue<Order> threads, AsyncQueue<Order> coroutines) {}

    static void named() {
        // sample: begin
        JanusQueue<Order> orders =
                JanusQueue.<Order>builder().capacity(64).name("orders").build();
        log(orders.name() + ": " + orders); // orders: JanusQueue[orders, fifo, 0 of 64 elements, open]
        // sample: end
    }

    static void metrics(MeterRegistry registry) {
        // sample: begin
        JanusQueue<Order> orders =
                JanusQueue.<Order>builder().capacity(64).name("orders").build();
        new JanusQueueMetrics(orders).bindTo(registry);
        // sample: end
    }
}
