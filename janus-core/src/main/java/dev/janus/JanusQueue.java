package dev.janus;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One queue with two faces: {@link #sync()} is a {@link java.util.concurrent.BlockingQueue} for threads,
 * {@link #async()} is a suspending queue for Kotlin coroutines. What goes in on either face comes out on
 * either face.
 *
 * <p><b>The promise.</b> An element whose put returned normally is received by exactly one receiver that
 * returned normally, or is handed back by {@link #shutdownNow()}, or is still in the queue. No time-out,
 * interruption, cancellation, shutdown or race of these changes that. (Who removes elements without
 * looking at them, by {@link SyncQueue#clear()} for one, has asked for it.)
 *
 * <p><b>Waiting.</b> Threads and coroutines that wait for the same thing stand in one line and are served
 * strictly in the order in which they began to wait; nobody who comes later overtakes them. No method of
 * this class itself waits.
 *
 * <p><b>Life cycle.</b> {@link #shutdown()} refuses further elements and lets the takers empty the queue;
 * {@link #shutdownNow()} hands back what is left. {@link #close()} is {@link #shutdown()}, for
 * try-with-resources.
 *
 * <p><b>Threads and memory.</b> Every method may be called from any thread or coroutine. What was done
 * before an element was put in happens-before whatever follows the taking of that element.
 *
 * @param <E> the type of the elements, which may not be null
 */
public final class JanusQueue<E> implements AutoCloseable {
    private final Buffer<E> buffer;
    private final SyncQueue<E> sync;
    private final AsyncQueue<E> async;

    private JanusQueue(Buffer<E> buffer) {
        this.buffer = buffer;
        sync = new SyncFace<>(buffer);
        async = new AsyncFace<>(buffer);
    }

    /**
     * A bounded queue from which the oldest element comes out first.
     *
     * @param capacity how many elements it holds; with 0 each put waits for its receiver (rendezvous)
     * @throws IllegalArgumentException if the capacity is negative
     */
    public static <E> JanusQueue<E> fifo(int capacity) {
        return JanusQueue.<E>builder().capacity(capacity).build();
    }

    /**
     * A bounded queue from which the newest element comes out first.
     *
     * @param capacity how many elements it holds; with 0 each put waits for its receiver (rendezvous)
     * @throws IllegalArgumentException if the capacity is negative
     */
    public static <E> JanusQueue<E> lifo(int capacity) {
        return JanusQueue.<E>builder().lifo().capacity(capacity).build();
    }

    /**
     * A bounded queue from which the least element comes out first, by the elements' natural order. Which
     * of two equal elements comes first is not said.
     *
     * @param capacity how many elements it holds; with 0 each put waits for its receiver (rendezvous)
     * @throws IllegalArgumentException if the capacity is negative
     */
    public static <E> JanusQueue<E> priority(int capacity) {
        return JanusQueue.<E>builder().priority().capacity(capacity).build();
    }

    /**
     * A bounded queue from which the least element comes out first, by the comparator's order. Which of two
     * equal elements comes first is not said.
     *
     * @param capacity how many elements it holds; with 0 each put waits for its receiver (rendezvous)
     * @throws IllegalArgumentException if the capacity is negative
     * @throws NullPointerException if the comparator is null
     */
    public static <E> JanusQueue<E> priority(int capacity, Comparator<? super E> comparator) {
        return JanusQueue.<E>builder().priority(comparator).capacity(capacity).build();
    }

    /** A queue without bound from which the oldest element comes out first; a put never waits. */
    public static <E> JanusQueue<E> unbounded() {
        return JanusQueue.<E>builder().unbounded().build();
    }

    /** A builder for every kind of queue. */
    public static <E> Builder<E> builder() {
        return new Builder<>();
    }

    /** The face for threads; always the same instance. */
    public SyncQueue<E> sync() {
        return sync;
    }

    /** The face for coroutines; always the same instance. */
    public AsyncQueue<E> async() {
        return async;
    }

    /** How many elements the queue may hold; {@link Integer#MAX_VALUE} if it is unbounded. */
    public int capacity() {
        return stats().capacity();
    }

    /**
     * Changes how many elements the queue may hold. Growing wakes waiting puts. Shrinking keeps what is
     * there and lets no more in until it fits.
     *
     * @param capacity 0 for rendezvous, {@link Integer#MAX_VALUE} for no bound
     * @throws IllegalArgumentException if the capacity is negative
     */
    public void capacity(int capacity) {
        buffer.capacity(Builder.requireCapacity(capacity));
    }

    /** How many elements are in the queue, those included that a woken receiver is about to take. Exact. */
    public int size() {
        return stats().size();
    }

    /** Whether no element is in the queue. */
    public boolean isEmpty() {
        return size() == 0;
    }

    /** Whether the queue holds as many elements as its capacity allows. Always so with capacity 0. */
    public boolean isFull() {
        QueueStats stats = stats();
        return stats.size() >= stats.capacity();
    }

    /**
     * How many elements were put in and not yet marked as done (see {@link SyncQueue#taskDone()}). Exact up
     * to {@link Integer#MAX_VALUE}, and that number above it; {@link QueueStats#unfinishedTasks()} goes on.
     */
    public int unfinishedTasks() {
        return (int) Math.min(Integer.MAX_VALUE, stats().unfinishedTasks());
    }

    /** One consistent snapshot of all counts. */
    public QueueStats stats() {
        return buffer.stats();
    }

    /**
     * Refuses elements from now on. Putters that wait are released at once with
     * {@link QueueShutDownException}, their elements not added. Takers go on until nothing is left; then
     * those that wait are released in the same way. A second call changes nothing.
     */
    public void shutdown() {
        buffer.shutdown(null);
    }

    /**
     * Like {@link #shutdown()}, for a reason: every {@link QueueShutDownException} of this queue carries
     * the cause. The cause of the first call stays.
     *
     * @throws NullPointerException if the cause is null
     */
    public void shutdown(Throwable cause) {
        buffer.shutdown(requireNonNull(cause, "cause"));
    }

    /** Does the same as {@link #shutdown()}: it does not wait for the queue to be emptied. */
    @Override
    public void close() {
        shutdown();
    }

    /**
     * Shuts the queue down and takes out what is left, so that it terminates at once. Everybody who waits
     * for room or for an element is released with {@link QueueShutDownException}. The elements handed back
     * count as done (see {@link SyncQueue#taskDone()}).
     *
     * @return what was left, in the queue's order; empty if nothing was
     */
    public List<E> shutdownNow() {
        return buffer.shutdownNow();
    }

    /** Whether the queue was shut down; it may still hold elements. */
    public boolean isShutdown() {
        return stats().isShutdown();
    }

    /** Whether the queue was shut down and is empty, and no {@link SyncQueue#drainTo} may yet give elements back. */
    public boolean isTerminated() {
        return stats().isTerminated();
    }

    /**
     * The order, size and capacity, the state, and who waits, for a person who reads a log:
     * {@code JanusQueue[fifo, 64 of 64 elements, open, waiting to put: 2 threads and 1 coroutine]}.
     */
    @Override
    public String toString() {
        QueueStats stats = stats();
        String bound = stats.capacity() == Integer.MAX_VALUE ? "" : " of " + stats.capacity();
        String state = stats.isTerminated() ? "terminated" : stats.isShutdown() ? "shut down" : "open";
        return "JanusQueue[" + buffer.order() + ", " + stats.size() + bound + " elements, " + state
                + waiting(" to take", stats.waitingTakeThreads(), stats.waitingTakeCoroutines())
                + waiting(" to put", stats.waitingPutThreads(), stats.waitingPutCoroutines())
                + (stats.waitingJoins() == 0 ? "" : ", waiting for the end: " + stats.waitingJoins())
                + "]";
    }

    private static String waiting(String what, int threads, int coroutines) {
        if (threads + coroutines == 0) {
            return "";
        }
        String and = threads > 0 && coroutines > 0 ? " and " : "";
        return ", waiting" + what + ": " + count(threads, "thread") + and + count(coroutines, "coroutine");
    }

    private static String count(int number, String noun) {
        return number == 0 ? "" : number + " " + noun + (number == 1 ? "" : "s");
    }

    /**
     * Makes a {@link JanusQueue}. It wants a capacity ({@link #capacity(int)} or {@link #unbounded()}); the
     * order is FIFO unless another is chosen, and the last choice counts.
     *
     * <p>Not thread-safe. One builder makes one queue.
     *
     * @param <E> the type of the elements
     */
    public static final class Builder<E> {
        private static final int NONE_GIVEN = -1;

        private int capacity = NONE_GIVEN;
        private String order = "";
        private @Nullable Queue<E> store;
        private Consumer<E> toHead = element -> {};

        private Builder() {
            fifo();
        }

        private void fifo() {
            Deque<E> deque = new ArrayDeque<>();
            order("fifo", deque, deque::addFirst);
        }

        /**
         * Bounds the queue.
         *
         * @param capacity how many elements it holds; with 0 each put waits for its receiver (rendezvous)
         * @throws IllegalArgumentException if the capacity is negative
         */
        public Builder<E> capacity(int capacity) {
            this.capacity = requireCapacity(capacity);
            return this;
        }

        /** Sets no bound: a put never waits. */
        public Builder<E> unbounded() {
            return capacity(Integer.MAX_VALUE);
        }

        /** The newest element comes out first. */
        public Builder<E> lifo() {
            Deque<E> deque = new ArrayDeque<>();
            return order("lifo", Collections.asLifoQueue(deque), deque::addFirst);
        }

        /** The least element comes out first, by the elements' natural order. */
        public Builder<E> priority() {
            return priority(new PriorityQueue<>());
        }

        /**
         * The least element comes out first, by the comparator's order. The comparator should not throw: if it
         * does while an element is put in, the put fails and the element was not added; but if it does while
         * one is taken out, {@link java.util.PriorityQueue} may drop an element, which then counts as
         * {@linkplain QueueStats#removed() removed}.
         *
         * @throws NullPointerException if the comparator is null
         */
        public Builder<E> priority(Comparator<? super E> comparator) {
            return priority(new PriorityQueue<>(requireNonNull(comparator, "comparator")));
        }

        private Builder<E> priority(PriorityQueue<E> heap) {
            return order("priority", heap, heap::add);
        }

        /**
         * The store decides the order: elements are added by its {@link Queue#offer} and come out by its
         * {@link Queue#poll}. The queue guards it with its own lock, so it need not be thread-safe; from
         * now on nobody else may touch it. It must be empty, and should take as many elements as the
         * capacity allows: a put that it refuses throws {@link IllegalStateException}. Its iterator must support
         * {@code remove}, if that of the {@linkplain SyncQueue sync face} is to.
         *
         * @throws IllegalArgumentException if the store is not empty
         * @throws NullPointerException if the store is null
         */
        public Builder<E> store(Queue<E> store) {
            if (!store.isEmpty()) {
                throw new IllegalArgumentException(
                        "expected an empty store, but it holds " + store.size() + " elements");
            }
            return order(
                    store.getClass().getSimpleName(),
                    store,
                    store instanceof Deque ? ((Deque<E>) store)::addFirst : element -> addBefore(store, element));
        }

        /**
         * Adds the element, and where it then stands behind others, adds those again after it. Where it comes out is left
         * to the store's own order, if that says more than first in, first out.
         */
        private static <E> void addBefore(Queue<E> store, E element) {
            store.add(element); // throws where there is no room, with nothing else touched
            if (store.peek() == element) {
                return;
            }
            List<E> others = new ArrayList<>();
            for (E next = store.poll(); next != null; next = store.poll()) {
                others.add(next);
            }
            store.add(element);
            boolean skipped = false;
            for (E next : others) {
                if (next == element && !skipped) {
                    skipped = true;
                } else {
                    store.add(next);
                }
            }
        }

        /**
         * The queue.
         *
         * @throws IllegalStateException if no capacity was chosen, or if this builder has made its queue and was given no new
         *     order since
         */
        public JanusQueue<E> build() {
            if (capacity == NONE_GIVEN) {
                throw new IllegalStateException("no capacity was chosen: call capacity(int) or unbounded() first");
            }
            if (store == null) {
                throw new IllegalStateException("this builder has made its queue: use a new one for the next");
            }
            JanusQueue<E> queue = new JanusQueue<>(new Buffer<>(order, store, toHead, capacity));
            store = null;
            return queue;
        }

        private Builder<E> order(String order, Queue<E> store, Consumer<E> toHead) {
            this.order = order;
            this.store = store;
            this.toHead = toHead;
            return this;
        }

        private static int requireCapacity(int capacity) {
            if (capacity < 0) {
                throw new IllegalArgumentException("capacity " + capacity + ": expected 0 or more");
            }
            return capacity;
        }
    }
}
