package dev.janus.examples.snippets;

import static dev.janus.examples.snippets.Shop.log;
import static dev.janus.examples.snippets.Shop.ship;

import dev.janus.JanusQueue;
import dev.janus.kotlin.AsyncQueueKt;
import dev.janus.kotlin.ThreadFlows;
import io.reactivex.rxjava3.core.Flowable;
import java.io.BufferedReader;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import kotlinx.coroutines.flow.Flow;
import kotlinx.coroutines.reactive.ReactiveFlowKt;
import reactor.core.publisher.Flux;

/** The Java samples of the guide, including code without Janus. */
@SuppressWarnings("unused")
final class GuideSnippets {
    private static final Order END = new Order(0);

    private GuideSnippets() {}

    static void interrupted(JanusQueue<Order> orders) {
        // sample: begin
        try {
            ship(orders.sync().take());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // no order was taken
        }
        // sample: end
    }

    static Flux<Order> reactor(JanusQueue<Order> orders) {
        // sample: begin
        Flux<Order> flux = Flux.from(ReactiveFlowKt.asPublisher(AsyncQueueKt.asFlow(orders.async())));
        // sample: end
        return flux;
    }

    static Flowable<Order> rxJava(JanusQueue<Order> orders) {
        // sample: begin
        Flowable<Order> flowable =
                Flowable.fromPublisher(ReactiveFlowKt.asPublisher(AsyncQueueKt.asFlow(orders.async())));
        // sample: end
        return flowable;
    }

    static Flux<String> linesOf(Process process, BufferedReader reader, Executor executor) {
        // sample: begin
        Flow<String> lines = ThreadFlows.threadFlow(16, executor, process::destroy, queue -> {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                queue.put(line);
            }
        });
        Flux<String> flux = Flux.from(ReactiveFlowKt.asPublisher(lines));
        // sample: end
        return flux;
    }

    static void endMarker(BlockingQueue<Order> queue) throws InterruptedException {
        // sample: begin
        for (Order order = queue.take(); order != END; order = queue.take()) {
            ship(order);
        }
        queue.put(END); // for the next worker
        // sample: end
    }

    static void untilShutdown(JanusQueue<Order> orders) {
        // sample: begin
        for (Order order : orders.sync().untilShutdown()) { // every worker's loop ends
            ship(order);
        }
        // sample: end
    }

    static void hanging(JanusQueue<Order> orders) {
        // sample: begin
        log(orders); // JanusQueue[fifo, 64 of 64 elements, open, waiting to put: 2 threads and 1 coroutine]
        // sample: end
    }
}
