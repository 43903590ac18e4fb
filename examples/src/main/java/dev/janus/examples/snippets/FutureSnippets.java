package dev.janus.examples.snippets;

import static dev.janus.examples.snippets.Shop.log;

import dev.janus.JanusQueue;
import java.util.concurrent.CompletableFuture;

/** The samples of the async face for Java code without coroutines. */
@SuppressWarnings("unused")
final class FutureSnippets {
    private FutureSnippets() {}

    static void futures(JanusQueue<Order> orders, Order order) {
        // sample: begin
        orders.async().sendAsync(order).thenRun(() -> log("in the queue"));
        orders.async().receiveAsync().thenAccept(Shop::ship).thenRun(orders.async()::taskDone);
        orders.async().joinAsync().thenRun(orders::shutdown);
        // sample: end
    }

    static void cancelled(JanusQueue<Order> orders) {
        // sample: begin
        CompletableFuture<Order> next = orders.async().receiveAsync();
        if (next.cancel(false)) {
            log("no order was taken");
        } else {
            next.thenAccept(Shop::ship); // it was there already
        }
        // sample: end
    }

    static void subscription(JanusQueue<Order> orders) throws Exception {
        // sample: begin
        AutoCloseable subscription = orders.async().subscribe(Shop::ship, Shop::logEnd);
        // ... and when no more orders are wanted:
        subscription.close();
        // sample: end
    }
}
