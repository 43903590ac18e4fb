package dev.janus;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A line of the table of queues, every order by every capacity, over which the contract suites run. */
record QueueKind(Order order, int capacity) {
    static final int UNBOUNDED = Integer.MAX_VALUE;
    private static final int[] CAPACITIES = {0, 1, 2, 64, UNBOUNDED};

    /** An order of elements, and the same order by other means: what the queue is measured by. */
    enum Order {
        FIFO,
        LIFO,
        PRIORITY,
        PRIORITY_REVERSED;

        JanusQueue.Builder<Integer> builder() {
            JanusQueue.Builder<Integer> builder = JanusQueue.builder();
            return switch (this) {
                case FIFO -> builder;
                case LIFO -> builder.lifo();
                case PRIORITY -> builder.priority();
                case PRIORITY_REVERSED -> builder.priority(Comparator.reverseOrder());
            };
        }

        Queue<Integer> model() {
            return switch (this) {
                case FIFO -> new ArrayDeque<>();
                case LIFO -> Collections.asLifoQueue(new ArrayDeque<>());
                case PRIORITY -> new PriorityQueue<>();
                case PRIORITY_REVERSED -> new PriorityQueue<>(Comparator.reverseOrder());
            };
        }
    }

    /** Runs a test once for every order and every capacity, 0 included. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.METHOD)
    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.janus.QueueKind#every")
    @interface Every {}

    /** Runs a test once for every order and every capacity above 0. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.METHOD)
    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.janus.QueueKind#storing")
    @interface Storing {}

    /** Runs a test once for every order and every capacity that can be reached, 0 included. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.METHOD)
    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.janus.QueueKind#bounded")
    @interface Bounded {}

    /** Runs a test once for every order, with capacity 64. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.METHOD)
    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.janus.QueueKind#roomy")
    @interface Roomy {}

    /** Runs a test once for every order, with capacity 0. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.METHOD)
    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.janus.QueueKind#rendezvous")
    @interface Rendezvous {}

    static Stream<QueueKind> every() {
        return Stream.of(Order.values())
                .flatMap(order -> IntStream.of(CAPACITIES).mapToObj(capacity -> new QueueKind(order, capacity)));
    }

    static Stream<QueueKind> storing() {
        return every().filter(kind -> kind.capacity > 0);
    }

    static Stream<QueueKind> bounded() {
        return every().filter(kind -> kind.capacity < UNBOUNDED);
    }

    static Stream<QueueKind> roomy() {
        return every().filter(kind -> kind.capacity == 64);
    }

    static Stream<QueueKind> rendezvous() {
        return every().filter(kind -> kind.capacity == 0);
    }

    JanusQueue<Integer> build() {
        return order.builder().capacity(capacity).build();
    }

    /** Different numbers in no order at all, at most 101. */
    static List<Integer> elements(int count) {
        List<Integer> elements = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            elements.add((i * 37 + 11) % 101);
        }
        return elements;
    }

    /** A few elements, as many as fit in. */
    List<Integer> someElements() {
        return elements(Math.min(capacity, 5));
    }

    /** As many elements as the queue holds; only for one that is bounded. */
    List<Integer> fillingElements() {
        return elements(capacity);
    }

    /** The given elements in the order in which they come out, when they are put in one after the other. */
    List<Integer> arranged(List<Integer> elements) {
        Queue<Integer> model = order.model();
        model.addAll(elements);
        return Stream.generate(model::remove).limit(elements.size()).toList();
    }

    @Override
    public String toString() {
        return order + " " + (capacity == UNBOUNDED ? "unbounded" : capacity);
    }
}
