package dev.janus.examples.snippets;

import static dev.janus.examples.snippets.Shop.keepForLater;
import static dev.janus.examples.snippets.Shop.log;
import static dev.janus.examples.snippets.Shop.ship;
import static dev.janus.examples.snippets.Shop.shipAll;
import static java.util.Collections.singleton;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.janus.JanusQueue;
import dev.janus.Lease;
import dev.janus.LeaseBatch;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;

/** Leases, as the Javadoc and the guide show them. */
final class LeaseSnippets {
    private LeaseSnippets() {}

    static void poll(JanusQueue<Order> orders) {
        // sample: begin
        try (Lease<Order> lease = orders.sync().pollLease()) {
            if (lease != null) {
                ship(lease.element());
                lease.done();
            }
        }
        // sample: end
    }

    static void pollInTime(JanusQueue<Order> orders) throws InterruptedException {
        // sample: begin
        try (Lease<Order> lease = orders.sync().pollLease(1, SECONDS)) {
            if (lease != null) {
                ship(lease.element());
                lease.done();
            }
        }
        // sample: end
    }

    static void batch(JanusQueue<Order> orders) throws InterruptedException {
        // sample: begin
        try (LeaseBatch<Order> batch = orders.sync().takeLeaseBatch(100)) {
            for (Lease<Order> lease : batch.leases()) {
                ship(lease.element()); // if this throws, this order and those after it go back
                lease.done();
            }
        }
        // sample: end
    }

    static void batchInTime(JanusQueue<Order> orders) throws InterruptedException {
        // sample: begin
        try (LeaseBatch<Order> batch = orders.sync().takeLeaseBatch(100, 50, MILLISECONDS)) {
            shipAll(batch.elements()); // if this throws, all orders go back to the head of the queue
            batch.done();
        }
        // sample: end
    }

    static void attempts(JanusQueue<Order> orders) throws InterruptedException {
        // sample: begin
        try (Lease<Order> lease = orders.sync().takeLease()) {
            if (lease.attempts() > 1) {
                log(lease.element() + ", attempt " + lease.attempts());
            }
            ship(lease.element());
            lease.done();
        }
        // sample: end
    }

    static void later(JanusQueue<Order> orders) throws InterruptedException {
        // sample: begin
        try (Lease<Order> lease = orders.sync().takeLease()) {
            try {
                ship(lease.element());
                lease.done();
            } catch (IllegalStateException e) {
                lease.close(10L * lease.attempts(), SECONDS); // is tried again later, and waits longer each time
            }
        }
        // sample: end
    }

    static JanusQueue<Order> deadLetters() {
        // sample: begin
        JanusQueue<Order> orders = JanusQueue.<Order>builder()
                .capacity(64)
                .deadLetters(3, order -> keepForLater(singleton(order)))
                .build();
        // sample: end
        return orders;
    }

    static JanusQueue<Order> timeout() {
        // sample: begin
        JanusQueue<Order> shared = JanusQueue.<Order>builder()
                .capacity(64)
                .leaseTimeout(10, MINUTES)
                .build();
        // sample: end
        return shared;
    }

    static void process(JanusQueue<Order> orders, Executor executor) throws InterruptedException, ExecutionException {
        // sample: begin
        CompletableFuture<?> shipping = orders.sync().processAll(executor, 4, Shop::ship, (lease, failure) -> {
            log(lease.element() + " failed: " + failure);
            lease.close(10, SECONDS);
        });
        orders.shutdown();
        shipping.get(); // all are shipped
        // sample: end
    }
}
