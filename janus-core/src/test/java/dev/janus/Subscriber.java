package dev.janus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The callbacks of a subscription: writes down what they get, and sees that they are called one at a time. */
final class Subscriber {
    private final Consumer<Integer> callback;
    private final AtomicInteger running = new AtomicInteger();
    private final List<Integer> elements = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<@Nullable Throwable> ends = new ArrayList<>();
    private final List<String> wrongs = new ArrayList<>();

    /** Closes the subscription; set by {@link #subscribe}. */
    private volatile @Nullable AutoCloseable subscription;

    Subscriber() {
        this(element -> {});
    }

    /** What is done with each element after it was written down. */
    Subscriber(Consumer<Integer> callback) {
        this.callback = callback;
    }

    static Subscriber to(JanusQueue<Integer> queue) {
        return new Subscriber().subscribe(queue);
    }

    Subscriber subscribe(JanusQueue<Integer> queue) {
        subscription = queue.async().subscribe(this::onElement, this::onEnd);
        return this;
    }

    private void onElement(Integer element) {
        if (running.incrementAndGet() != 1) {
            add(wrongs, element + " came while another callback ran");
        }
        try {
            add(elements, element);
            add(threads, Thread.currentThread());
            if (!ends().isEmpty()) {
                add(wrongs, element + " came after the end");
            }
            callback.accept(element);
        } finally {
            running.decrementAndGet();
        }
    }

    private void onEnd(@Nullable Throwable failure) {
        if (running.get() != 0) {
            add(wrongs, "the end came while another callback ran");
        }
        add(threads, Thread.currentThread());
        add(ends, failure);
    }

    void close() {
        try {
            subscription.close();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    synchronized List<Integer> elements() {
        return List.copyOf(elements);
    }

    synchronized List<Thread> threads() {
        return List.copyOf(threads);
    }

    synchronized List<@Nullable Throwable> ends() {
        return new ArrayList<>(ends);
    }

    /** Asserts that it got these elements and has not ended, or was closed. */
    void assertGot(List<Integer> expected) {
        assertGotAndEnded(expected, List.of());
    }

    /** Asserts that it got these elements and then ended with null for a plain shutdown, or with the failure. */
    void assertEnded(List<Integer> expected, @Nullable Throwable failure) {
        List<@Nullable Throwable> end = new ArrayList<>();
        end.add(failure);
        assertGotAndEnded(expected, end);
    }

    private synchronized void assertGotAndEnded(List<Integer> expected, List<@Nullable Throwable> end) {
        assertEquals(expected, elements);
        assertEquals(end, ends);
        assertEquals(List.of(), wrongs);
    }

    private synchronized <T extends @Nullable Object> void add(List<T> list, T what) {
        list.add(what);
    }
}
