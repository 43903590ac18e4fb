package dev.janus.examples.snippets;

import static dev.janus.examples.snippets.Shop.nextOrder;
import static dev.janus.examples.snippets.Shop.shipAll;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.janus.JanusQueue;
import dev.janus.Permit;
import java.io.IOException;
import java.util.concurrent.Executor;

/** The samples of permits, and of readiness. */
@SuppressWarnings("unused")
final class ReadinessSnippets {
    private ReadinessSnippets() {}

    /** A connection of a client library with a demand of its own. */
    interface Connection {
        boolean isWritable();

        void write(Order order);

        boolean isReadable();

        Order read();
    }

    static void openWarehouse() {}

    static void reserve(JanusQueue<Order> orders) throws InterruptedException, IOException {
        // sample: begin
        try (Permit<Order> permit = orders.sync().reserve()) { // waits for room
            permit.put(nextOrder()); // does not wait; if nextOrder() throws, the next in line gets the room
        }
        // sample: end
    }

    static void reserveInTime(JanusQueue<Order> orders) throws InterruptedException, IOException {
        // sample: begin
        try (Permit<Order> permit = orders.sync().reserve(1, SECONDS)) {
            if (permit != null) {
                permit.put(nextOrder());
            }
        }
        // sample: end
    }

    static void tryReserve(JanusQueue<Order> orders) throws IOException {
        // sample: begin
        try (Permit<Order> permit = orders.sync().tryReserve()) {
            if (permit != null) {
                permit.put(nextOrder());
            }
        }
        // sample: end
    }

    static void await(JanusQueue<Order> orders) throws InterruptedException {
        // sample: begin
        orders.sync().awaitNotEmpty();
        openWarehouse(); // not before there is an order
        shipAll(orders.sync().pollBatch(100));
        // sample: end
    }

    static void awaitInTime(JanusQueue<Order> orders) throws InterruptedException {
        // sample: begin
        if (orders.sync().awaitNotEmpty(1, SECONDS)) {
            openWarehouse();
        }
        // sample: end
    }

    static void onNotEmpty(JanusQueue<Order> orders, Connection connection, Executor eventLoop) {
        // sample: begin
        Runnable writeOrders = () -> {
            while (connection.isWritable()) {
                Order order = orders.sync().poll();
                if (order == null) {
                    return;
                }
                connection.write(order);
            }
        };
        AutoCloseable listening = orders.onNotEmpty(eventLoop, writeOrders);
        // sample: end
    }

    static void onRoom(JanusQueue<Order> orders, Connection connection, Executor eventLoop) {
        // sample: begin
        Runnable readOrders = () -> {
            while (connection.isReadable()) {
                try (Permit<Order> permit = orders.sync().tryReserve()) {
                    if (permit == null) {
                        return; // this runs again when there is room
                    }
                    permit.put(connection.read());
                }
            }
        };
        AutoCloseable listening = orders.onRoom(eventLoop, readOrders);
        // sample: end
    }
}
