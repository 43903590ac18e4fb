package dev.janus.examples.snippets;

import static dev.janus.examples.snippets.Shop.cancel;
import static dev.janus.examples.snippets.Shop.keepForLater;
import static dev.janus.examples.snippets.Shop.log;
import static dev.janus.examples.snippets.Shop.morningMail;
import static dev.janus.examples.snippets.Shop.ship;
import static dev.janus.examples.snippets.Shop.shipAll;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.janus.BlockingChannel;
import dev.janus.JanusQueue;
import dev.janus.Lease;
import dev.janus.QueueSelect;
import dev.janus.SyncQueue;
import java.util.List;
import java.util.concurrent.Executor;
import kotlinx.coroutines.CoroutineDispatcher;
import kotlinx.coroutines.Dispatchers;
import kotlinx.coroutines.channels.Channel;
import kotlinx.coroutines.channels.ReceiveChannel;
import kotlinx.coroutines.channels.SendChannel;

/** The samples for threads: the sync face, leases, select and blocking channels. */
@SuppressWarnings("unused")
final class SyncQueueSnippets {
    private SyncQueueSnippets() {}

    static void faceAlone(SyncQueue<Order> face) {
        // sample: begin
        if (!face.isShutdown() && face.stats().size() < face.capacity()) {
            log("there is room in " + face.queue());
        }
        face.shutdown(); // on both faces
        // sample: end
    }

    static void worker(JanusQueue<Order> orders) {
        // sample: begin
        for (Order order : orders.sync().untilShutdown()) { // waits for each; ends with the queue
            ship(order);
            orders.sync().taskDone();
        }
        // sample: end
    }

    static void producer(JanusQueue<Order> orders) throws InterruptedException {
        // sample: begin
        orders.sync().putAll(morningMail());
        orders.sync().join(); // until all that was put in is marked as done
        orders.shutdown();
        // sample: end
    }

    static void timedJoin(JanusQueue<Order> orders) throws InterruptedException {
        // sample: begin
        if (!orders.sync().join(10, SECONDS)) {
            log(orders.unfinishedTasks() + " orders are not done");
        }
        // sample: end
    }

    static void timedEnd(JanusQueue<Order> orders) throws InterruptedException {
        // sample: begin
        orders.shutdown();
        if (!orders.sync().awaitTermination(10, SECONDS)) {
            log(orders.size() + " orders are not taken");
        }
        // sample: end
    }

    static void batch(JanusQueue<Order> orders) throws InterruptedException {
        // sample: begin
        shipAll(orders.sync().takeBatch(100)); // waits for one, and takes up to 99 more
        // sample: end
    }

    static void gatheredBatch(JanusQueue<Order> orders) throws InterruptedException {
        // sample: begin
        shipAll(orders.sync().takeBatch(100, 50, MILLISECONDS)); // waits 50 ms for more than one
        // sample: end
    }

    static void polledBatch(JanusQueue<Order> orders) {
        // sample: begin
        shipAll(orders.sync().pollBatch(100)); // perhaps none
        // sample: end
    }

    static void timedBatch(JanusQueue<Order> orders) throws InterruptedException {
        // sample: begin
        List<Order> batch = orders.sync().pollBatch(100, 1, SECONDS);
        if (batch.isEmpty()) {
            log("no order came");
        }
        // sample: end
    }

    static void offerAll(JanusQueue<Order> orders) {
        // sample: begin
        List<Order> mail = morningMail();
        int added = orders.sync().offerAll(mail);
        keepForLater(mail.subList(added, mail.size()));
        // sample: end
    }

    static void lease(JanusQueue<Order> orders) throws InterruptedException {
        // sample: begin
        try (Lease<Order> lease = orders.sync().takeLease()) {
            ship(lease.element()); // if this throws, the order goes back to the head of the queue
            lease.done();
        }
        // sample: end
    }

    static void keptLease(JanusQueue<Order> orders, Executor executor) throws InterruptedException {
        // sample: begin
        try (Lease<Order> lease = orders.sync().takeLease()) {
            executor.execute(() -> {
                ship(lease.element());
                orders.sync().taskDone();
            });
            lease.keep(); // the executor has it; had that refused, the order would go back
        }
        // sample: end
    }

    static String selectPut(
            JanusQueue<Order> here, JanusQueue<Order> there, JanusQueue<Order> cancellations, Order order)
            throws InterruptedException {
        // sample: begin
        String sent = QueueSelect.firstPut(here, order, () -> "sent here")
                .orPut(there, order, () -> "sent there")
                .or(cancellations, cancelled -> "cancelled " + cancelled)
                .select(); // waits for room in either queue, or for a cancellation
        // sample: end
        return sent;
    }

    static String selectPutOrEnd(JanusQueue<Order> here, Order order) throws InterruptedException {
        // sample: begin
        String sent = QueueSelect.firstPut(here, order, () -> "sent", cause -> "closed: " + cause)
                .select();
        // sample: end
        return sent;
    }

    static String selectEnds(
            JanusQueue<Order> orders, JanusQueue<Order> cancellations, JanusQueue<Order> here, Order order)
            throws InterruptedException {
        // sample: begin
        String moved = QueueSelect.first(orders, next -> "order " + next)
                .or(cancellations, next -> "cancelled " + next, cause -> "no more cancellations")
                .orPut(here, order, () -> "sent", cause -> "closed: " + cause)
                .select();
        // sample: end
        return moved;
    }

    static String selectEnd(JanusQueue<Order> orders, JanusQueue<Order> cancellations) {
        // sample: begin
        String next = QueueSelect.first(orders, order -> "order " + order, cause -> "no more orders: " + cause)
                .or(cancellations, order -> "cancelled " + order)
                .trySelect(() -> "nothing to do"); // does not wait
        // sample: end
        return next;
    }

    static void select(JanusQueue<Order> cancellations, JanusQueue<Order> orders) throws InterruptedException {
        // sample: begin
        QueueSelect<String> next = QueueSelect.first(cancellations, order -> {
                    cancel(order);
                    return "cancelled";
                })
                .or(orders, order -> {
                    ship(order);
                    return "shipped";
                });
        String done = next.select(); // waits for an order of either queue
        String doneInTime = next.select(10, SECONDS); // null if none came
        String doneAtOnce = next.trySelect(); // null if none was there
        // sample: end
    }

    static void takeFromChannel(ReceiveChannel<Order> channel) {
        // sample: begin
        try (BlockingChannel<Order> orders = BlockingChannel.of(channel)) {
            for (Order order : orders) { // ends when the channel is closed
                ship(order);
            }
        }
        // sample: end
    }

    static void putIntoChannel(SendChannel<Order> channel, Order order) throws InterruptedException {
        // sample: begin
        BlockingChannel<Order> orders = BlockingChannel.of(channel);
        orders.put(order); // waits for room
        if (!orders.offer(order) && !orders.offer(order, 100, MILLISECONDS)) {
            log("no room for " + order);
        }
        // sample: end
    }

    static void takeOneByOne(Channel<Order> channel) throws InterruptedException {
        // sample: begin
        BlockingChannel<Order> orders = BlockingChannel.of(channel);
        Order first = orders.take(); // waits for one
        Order second = orders.poll(100, MILLISECONDS); // null if none came
        Order third = orders.poll(); // null if none was there
        // sample: end
    }

    static void bindChannel(Channel<Order> channel, CoroutineDispatcher loop) {
        // sample: begin
        BlockingChannel<Order> orders = BlockingChannel.of(channel).boundTo(Dispatchers.getMain());
        BlockingChannel<Order> warning = BlockingChannel.of(channel).boundTo(loop, call -> log(call));
        // sample: end
    }
}
