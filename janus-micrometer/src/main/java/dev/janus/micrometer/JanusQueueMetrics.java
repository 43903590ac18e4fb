package dev.janus.micrometer;

import static java.util.Objects.requireNonNull;

import dev.janus.JanusQueue;
import dev.janus.QueueStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Collections;
import java.util.function.ToDoubleFunction;

/**
 * Binds the counts of a queue to a Micrometer registry. Each meter has the tag {@code queue} with the queue's
 * {@linkplain JanusQueue#name() name}.
 *
 * <pre>{@code
 * JanusQueue<Order> orders =
 *         JanusQueue.<Order>builder().capacity(64).name("orders").build();
 * new JanusQueueMetrics(orders).bindTo(registry);
 * }</pre>
 *
 * <table>
 * <caption>The meters</caption>
 * <tr><th>name</th><th>type</th><th>value</th></tr>
 * <tr><td>{@code janus.queue.size}</td><td>gauge</td><td>{@link QueueStats#size()}</td></tr>
 * <tr><td>{@code janus.queue.capacity}</td><td>gauge</td><td>{@link QueueStats#capacity()}; infinite if unbounded</td></tr>
 * <tr><td>{@code janus.queue.reserved}</td><td>gauge</td><td>{@link QueueStats#reservedElements()}</td></tr>
 * <tr><td>{@code janus.queue.leased}</td><td>gauge</td><td>{@link QueueStats#leased()}</td></tr>
 * <tr><td>{@code janus.queue.delayed}</td><td>gauge</td><td>{@link QueueStats#delayed()}</td></tr>
 * <tr><td>{@code janus.queue.unfinished}</td><td>gauge</td><td>{@link QueueStats#unfinishedTasks()}</td></tr>
 * <tr><td>{@code janus.queue.accepted}</td><td>counter</td><td>{@link QueueStats#accepted()}</td></tr>
 * <tr><td>{@code janus.queue.taken}</td><td>counter</td><td>{@link QueueStats#taken()}</td></tr>
 * <tr><td>{@code janus.queue.removed}</td><td>counter</td><td>{@link QueueStats#removed()}</td></tr>
 * <tr><td>{@code janus.queue.dropped}</td><td>counter</td><td>{@link QueueStats#dropped()}</td></tr>
 * <tr><td>{@code janus.queue.dead.letters}</td><td>counter</td><td>{@link QueueStats#deadLetters()}</td></tr>
 * <tr><td>{@code janus.queue.waiting}</td><td>gauge</td><td>callers that wait, by the tags {@code operation}
 * ({@code put} or {@code take}) and {@code caller} ({@code thread} or {@code coroutine}); for {@code operation}
 * {@code join}, {@code caller} is {@code any}</td></tr>
 * </table>
 *
 * <p>Each meter that is read takes a snapshot of the queue, which holds its lock for less than a microsecond. So the
 * meters of one scrape need not be of the same moment. The number of taken elements decreases when elements return to the
 * queue, from a lease or a failed drain; Prometheus takes that for a restart, and shows a somewhat larger rate.
 *
 * <p>The registry does not keep the queue in memory. The meters of a queue that was collected are {@code NaN}; remove them
 * from the registry if queues come and go.
 */
public final class JanusQueueMetrics implements MeterBinder {
    private static final String ELEMENTS = "elements";

    private final JanusQueue<?> queue;
    private final Tags tags;

    /**
     * Makes the metrics of a queue.
     *
     * @throws NullPointerException if the queue is null
     * @throws IllegalArgumentException if the queue has no name
     */
    public JanusQueueMetrics(JanusQueue<?> queue) {
        this(queue, Collections.emptyList());
    }

    /**
     * Makes the metrics of a queue, with further tags.
     *
     * @throws NullPointerException if the queue or the tags are null
     * @throws IllegalArgumentException if the queue has no name
     */
    public JanusQueueMetrics(JanusQueue<?> queue, Iterable<Tag> tags) {
        this.queue = requireNonNull(queue, "queue");
        String name = queue.name();
        if (name == null) {
            throw new IllegalArgumentException(
                    queue + " has no name: expected one, to tell its metrics from those of others; see Builder.name");
        }
        this.tags = Tags.of(requireNonNull(tags, "tags")).and("queue", name);
    }

    /** Registers the meters. Never waits, except for the registry. */
    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(registry, "size", "Elements that can be taken", QueueStats::size);
        gauge(registry, "capacity", "How many elements the queue may hold", JanusQueueMetrics::capacity);
        gauge(registry, "reserved", "Elements reserved for takers that were woken", QueueStats::reservedElements);
        gauge(registry, "leased", "Elements on lease", QueueStats::leased);
        gauge(registry, "delayed", "Elements that return from a lease later", QueueStats::delayed);
        gauge(registry, "unfinished", "Elements not marked as done", QueueStats::unfinishedTasks);
        counter(registry, "accepted", "Elements put in", QueueStats::accepted);
        counter(registry, "taken", "Elements taken", QueueStats::taken);
        counter(registry, "removed", "Elements removed otherwise", QueueStats::removed);
        counter(registry, "dropped", "Elements dropped for lack of room", QueueStats::dropped);
        counter(registry, "dead.letters", "Elements given up after the maximum of leases", QueueStats::deadLetters);
        waiting(registry, "put", "thread", QueueStats::waitingPutThreads);
        waiting(registry, "put", "coroutine", QueueStats::waitingPutCoroutines);
        waiting(registry, "take", "thread", QueueStats::waitingTakeThreads);
        waiting(registry, "take", "coroutine", QueueStats::waitingTakeCoroutines);
        waiting(registry, "join", "any", QueueStats::waitingJoins);
        waiting(registry, "watch", "any", QueueStats::watchers);
    }

    private static double capacity(QueueStats stats) {
        return stats.capacity() == Integer.MAX_VALUE ? Double.POSITIVE_INFINITY : stats.capacity();
    }

    private void gauge(MeterRegistry registry, String name, String description, ToDoubleFunction<QueueStats> value) {
        gauge(registry, name, description, ELEMENTS, tags, value);
    }

    private void waiting(MeterRegistry registry, String operation, String caller, ToDoubleFunction<QueueStats> value) {
        Tags kind = tags.and("operation", operation, "caller", caller);
        gauge(registry, "waiting", "Callers that wait", "callers", kind, value);
    }

    private void gauge(
            MeterRegistry registry,
            String name,
            String description,
            String unit,
            Tags tags,
            ToDoubleFunction<QueueStats> value) {
        Gauge.builder("janus.queue." + name, queue, queue -> value.applyAsDouble(queue.stats()))
                .description(description)
                .baseUnit(unit)
                .tags(tags)
                .register(registry);
    }

    private void counter(MeterRegistry registry, String name, String description, ToDoubleFunction<QueueStats> value) {
        FunctionCounter.builder("janus.queue." + name, queue, queue -> value.applyAsDouble(queue.stats()))
                .description(description)
                .baseUnit(ELEMENTS)
                .tags(tags)
                .register(registry);
    }
}
