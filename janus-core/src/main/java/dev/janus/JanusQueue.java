package dev.janus;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import kotlinx.coroutines.CoroutineDispatcher;
import kotlinx.coroutines.channels.BufferOverflow;
import org.jspecify.annotations.Nullable;

/**
 * One queue with two faces: {@link #sync()} is a {@link java.util.concurrent.BlockingQueue} for threads,
 * {@link #async()} is a suspending queue for Kotlin coroutines. What goes in on either face comes out on either face.
 *
 * <p><b>The promise.</b> An element whose put returned normally is received by exactly one receiver that returned
 * normally, or is handed back by {@link #shutdownNow()}, or is passed to {@code onDropped} (if the queue was
 * {@linkplain Builder#overflow built} to drop), or is still in the queue. No timeout, interruption, cancellation,
 * shutdown or race of these changes that. (Elements that are removed unseen, as by {@link SyncQueue#clear()}, are gone
 * on request.)
 *
 * <p><b>Waiting.</b> Threads and coroutines that wait for the same thing wait in one line. Waiting puts add their
 * elements exactly in the order in which they began to wait, before any newcomer, and waiting threads get their
 * elements in that order. A waiting coroutine is woken in its turn, with one element reserved for it, and takes the
 * head of the queue when it runs. No method of this class waits.
 *
 * <p><b>Life cycle.</b> {@link #shutdown()} refuses further elements and lets takers empty the queue;
 * {@link #shutdownAfterPuts()} also lets in the puts that wait already; {@link #shutdownNow()} hands back what is left.
 * {@link #close()} is {@link #shutdown()}, for try-with-resources.
 *
 * <p><b>Foreign code.</b> Under the queue's lock runs no foreign code except the elements' own {@code compareTo},
 * comparator and {@code equals}. They must not call the queue; a call throws {@link IllegalStateException}.
 *
 * <p><b>Threads and memory.</b> Every method may be called from any thread or coroutine. What was done before an
 * element was put in happens-before whatever follows the taking of that element.
 *
 * <pre>{@code
 * JanusQueue<Order> orders = JanusQueue.fifo(64); // the oldest comes out first
 * JanusQueue<Order> latest = JanusQueue.lifo(64); // the newest
 * JanusQueue<String> names = JanusQueue.priority(64); // the least
 * JanusQueue<Order> urgent = JanusQueue.priority(64, comparing(Order::deadline));
 * JanusQueue<String> lines = JanusQueue.unbounded();
 * JanusQueue<Integer> readings =
 *         JanusQueue.<Integer>builder().capacity(16).overflow(DROP_OLDEST).build();
 * }</pre>
 *
 * <pre>{@code
 * try (JanusQueue<Order> orders = JanusQueue.fifo(64)) {
 *     SyncQueue<Order> forThreads = orders.sync(); // put, take, offer, poll and so on
 *     AsyncQueue<Order> forCoroutines = orders.async(); // send, receive; futures for Java
 *     startWorkers(forThreads, forCoroutines);
 *     forThreads.put(nextOrder());
 * } // close() shuts it down: the workers still get what is in it, and then they are refused
 * }</pre>
 *
 * <pre>{@code
 * if (orders.isFull()) {
 *     orders.capacity(2 * orders.capacity()); // lets those in that wait to put
 * }
 * log(orders.size() + " orders to ship, " + orders.unfinishedTasks() + " not yet done");
 * log(orders.stats()); // all counts at one moment
 * }</pre>
 *
 * <pre>{@code
 * orders.shutdown(); // no more orders; those that are there are still shipped
 * if (!orders.sync().awaitTermination(10, SECONDS)) {
 *     keepForLater(orders.shutdownNow()); // what is left after 10 seconds
 * }
 * log("shut down: " + orders.isShutdown() + ", empty: " + orders.isEmpty());
 * log("and nothing will come back: " + orders.isTerminated());
 * }</pre>
 *
 * @param <E> the type of the elements, which may not be null
 */
public final class JanusQueue<E> implements AutoCloseable {
    final Buffer<E> buffer;
    final BoundDispatcher dispatcher;
    private final SyncQueue<E> sync;
    private final AsyncQueue<E> async;

    JanusQueue(Buffer<E> buffer, BoundDispatcher dispatcher) {
        this.buffer = buffer;
        this.dispatcher = dispatcher;
        sync = new SyncFace<>(this);
        async = new AsyncFace<>(this);
    }

    /**
     * Returns a bounded queue from which the oldest element comes out first.
     *
     * @param capacity how many elements it holds; with 0 each put waits for its receiver (rendezvous)
     * @throws IllegalArgumentException if the capacity is negative
     */
    public static <E> JanusQueue<E> fifo(int capacity) {
        return JanusQueue.<E>builder().capacity(capacity).build();
    }

    /**
     * Returns a bounded queue from which the newest element comes out first.
     *
     * @param capacity how many elements it holds; with 0 each put waits for its receiver (rendezvous)
     * @throws IllegalArgumentException if the capacity is negative
     */
    public static <E> JanusQueue<E> lifo(int capacity) {
        return JanusQueue.<E>builder().lifo().capacity(capacity).build();
    }

    /**
     * Returns a bounded queue from which the least element comes out first, by the elements' natural order. Equal
     * elements come out in the order in which they were put in.
     *
     * @param capacity how many elements it holds; with 0 each put waits for its receiver (rendezvous)
     * @throws IllegalArgumentException if the capacity is negative
     */
    public static <E> JanusQueue<E> priority(int capacity) {
        return JanusQueue.<E>builder().priority().capacity(capacity).build();
    }

    /**
     * Returns a bounded queue from which the least element comes out first, by the comparator's order. Equal elements
     * come out in the order in which they were put in.
     *
     * @param capacity how many elements it holds; with 0 each put waits for its receiver (rendezvous)
     * @throws IllegalArgumentException if the capacity is negative
     * @throws NullPointerException if the comparator is null
     */
    public static <E> JanusQueue<E> priority(int capacity, Comparator<? super E> comparator) {
        return JanusQueue.<E>builder().priority(comparator).capacity(capacity).build();
    }

    /** Returns an unbounded queue from which the oldest element comes out first; a put never waits. */
    public static <E> JanusQueue<E> unbounded() {
        return JanusQueue.<E>builder().unbounded().build();
    }

    /** Returns a builder for every kind of queue. */
    public static <E> Builder<E> builder() {
        return new Builder<>();
    }

    /** Returns the face for threads; always the same instance. */
    public SyncQueue<E> sync() {
        return sync;
    }

    /** Returns the face for coroutines; always the same instance. */
    public AsyncQueue<E> async() {
        return async;
    }

    /** Returns how many elements the queue may hold; {@link Integer#MAX_VALUE} if it is unbounded. */
    public int capacity() {
        return stats().capacity();
    }

    /**
     * Changes how many elements the queue may hold. Never waits. Growing lets waiting puts in. Shrinking keeps the
     * elements that are there, and lets no more in until they fit.
     *
     * @param capacity 0 for rendezvous, {@link Integer#MAX_VALUE} for no bound
     * @throws IllegalArgumentException if the capacity is negative
     */
    public void capacity(int capacity) {
        buffer.capacity(Builder.requireCapacity(capacity));
    }

    /**
     * Returns how many elements are in the queue that are not reserved. Never waits. The count is exact. Elements that
     * are {@linkplain QueueStats#reservedElements() reserved} for coroutines that were woken and have not run yet do
     * not count.
     */
    public int size() {
        return stats().size();
    }

    /** Returns true if {@link #size()} is 0. */
    public boolean isEmpty() {
        return size() == 0;
    }

    /** Returns true if the queue holds at least as many elements as its capacity. Always true with capacity 0. */
    public boolean isFull() {
        QueueStats stats = stats();
        return stats.size() >= stats.capacity();
    }

    /**
     * Returns how many elements were put in and not yet marked as done (see {@link SyncQueue#taskDone()}). Exact up to
     * {@link Integer#MAX_VALUE}, and that number above it; {@link QueueStats#unfinishedTasks()} has no such limit.
     */
    public int unfinishedTasks() {
        return (int) Math.min(Integer.MAX_VALUE, stats().unfinishedTasks());
    }

    /** Returns one consistent snapshot of all counts. Never waits. */
    public QueueStats stats() {
        return buffer.stats();
    }

    /**
     * Refuses elements from now on. Never waits.
     *
     * <p>Putters that wait are released at once with {@link QueueShutdownException}, their elements not added. Takers
     * go on until nothing is left; then those that wait are released in the same way. If a {@link Lease} can still
     * return its element, takers wait for that. A second call changes nothing, except that it releases the puts that
     * {@link #shutdownAfterPuts()} would still let in.
     */
    public void shutdown() {
        buffer.shutdown(null);
    }

    /**
     * Like {@link #shutdown()}, with a cause: every {@link QueueShutdownException} of this queue carries it. If the
     * queue is already shut down, its first cause stays.
     *
     * <pre>{@code
     * try {
     *     orders.sync().put(nextOrder());
     * } catch (IOException e) {
     *     orders.shutdown(e); // takers learn why no more orders come
     * }
     * }</pre>
     *
     * @throws NullPointerException if the cause is null
     */
    public void shutdown(Throwable cause) {
        buffer.shutdown(requireNonNull(cause, "cause"));
    }

    /**
     * Refuses newcomers from now on, but lets the puts that already wait get in, in their order. Never waits. Use it
     * when a producer is done while its last elements still wait for room. Takers go on until nothing is left, as after
     * {@link #shutdown()}; the queue does not terminate while a put waits, a {@code select} that waits to put
     * included. Does nothing if the queue is already shut down.
     *
     * <pre>{@code
     * orders.async().sendAsync(nextOrder());
     * orders.shutdownAfterPuts(); // that order still gets in, even if the queue is full now
     * }</pre>
     */
    public void shutdownAfterPuts() {
        buffer.shutdownAfterPuts(null);
    }

    /**
     * Like {@link #shutdownAfterPuts()}, with a cause.
     *
     * <pre>{@code
     * orders.shutdownAfterPuts(failure); // the takers get what was put before, and then learn of the failure
     * }</pre>
     *
     * @throws NullPointerException if the cause is null
     */
    public void shutdownAfterPuts(Throwable cause) {
        buffer.shutdownAfterPuts(requireNonNull(cause, "cause"));
    }

    /** Does the same as {@link #shutdown()}: it does not wait until the queue is empty. */
    @Override
    public void close() {
        shutdown();
    }

    /**
     * Shuts the queue down and removes what is left, so that it terminates at once. Never waits.
     *
     * <p>Callers that wait are released with {@link QueueShutdownException}; so is a coroutine that was woken to
     * receive an element and has not run yet. The holder of a {@link Lease} keeps its element: {@link Lease#close()}
     * throws. (Elements that {@link SyncQueue#drainTo} is moving at this moment may still come back if its target
     * fails; the queue then terminates when those are taken.) The elements handed back count as done (see
     * {@link SyncQueue#taskDone()}).
     *
     * @return what was left, in the queue's order (in any order if the comparator throws); empty if nothing was
     */
    public List<E> shutdownNow() {
        return buffer.shutdownNow(null);
    }

    /**
     * Like {@link #shutdownNow()}, with a cause: every {@link QueueShutdownException} of this queue carries it. If the
     * queue is already shut down, its first cause stays.
     *
     * <pre>{@code
     * keepForLater(orders.shutdownNow(failure));
     * }</pre>
     *
     * @return what was left, in the queue's order; empty if nothing was
     * @throws NullPointerException if the cause is null
     */
    public List<E> shutdownNow(Throwable cause) {
        return buffer.shutdownNow(requireNonNull(cause, "cause"));
    }

    /**
     * Returns the cause that was given to the shutdown, or null if there was none or the queue is not shut down.
     *
     * <pre>{@code
     * if (orders.isShutdown()) {
     *     log("no more orders, because of " + orders.shutdownCause());
     * }
     * }</pre>
     */
    public @Nullable Throwable shutdownCause() {
        return buffer.shutdownCause();
    }

    /**
     * Calls the listener once when the queue is shut down, in any way. If it is already shut down, calls it at once.
     * Never waits.
     *
     * <p>The listener runs on the thread that shuts the queue down, before that call returns, without any lock. It gets
     * the cause of the shutdown, or null. There may be several listeners. A failure of a listener goes to the thread's
     * uncaught exception handler.
     *
     * <pre>{@code
     * orders.onShutdown(cause -> log("no more orders: " + cause));
     * }</pre>
     *
     * @throws NullPointerException if the listener is null
     */
    public void onShutdown(Consumer<? super @Nullable Throwable> listener) {
        buffer.onShutdown(requireNonNull(listener, "listener"));
    }

    /** Returns true once the queue was shut down, in any way. It may still hold elements. */
    public boolean isShutdown() {
        return stats().isShutdown();
    }

    /**
     * Returns true if the queue was shut down and is empty, and nothing can come back: no {@link Lease} is outstanding
     * (or {@link #shutdownNow()} was called), no {@link SyncQueue#drainTo} is in progress, and no put waits that may
     * still get in.
     */
    public boolean isTerminated() {
        return stats().isTerminated();
    }

    /**
     * Returns the order, size and capacity, the state, and the number of waiting callers, for the log:
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
                + (dispatcher.isBound() ? ", bound to " + dispatcher.dispatcher() : "")
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
     * Makes a {@link JanusQueue}. A capacity is required ({@link #capacity(int)} or {@link #unbounded()}); the order is
     * FIFO unless another is chosen. The last choice counts.
     *
     * <p>Not thread-safe. One builder makes one queue.
     *
     * <pre>{@code
     * JanusQueue<Order> latest =
     *         JanusQueue.<Order>builder().unbounded().lifo().build();
     * JanusQueue<Order> least =
     *         JanusQueue.<Order>builder().capacity(64).priority().build();
     * JanusQueue<Order> urgent = JanusQueue.<Order>builder()
     *         .capacity(64)
     *         .priority(comparing(Order::deadline))
     *         .build();
     * }</pre>
     *
     * <pre>{@code
     * LongAdder missed = new LongAdder();
     * JanusQueue<Integer> readings = JanusQueue.<Integer>builder()
     *         .capacity(16)
     *         .overflow(DROP_LATEST)
     *         .onDropped(reading -> missed.increment())
     *         .build();
     * }</pre>
     *
     * @param <E> the type of the elements
     */
    public static final class Builder<E> {
        private static final int NONE_GIVEN = -1;

        private int capacity = NONE_GIVEN;
        private @Nullable ElementStore<E> store = ElementStore.fifo();
        private BufferOverflow overflow = BufferOverflow.SUSPEND;
        private @Nullable Consumer<? super E> onDropped;
        private @Nullable CoroutineDispatcher dispatcher;
        private boolean bindsToFirstCaller;
        private BlockingGuard guard = BlockingGuard.refuse();

        private Builder() {}

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

        /** Lets the newest element come out first. */
        public Builder<E> lifo() {
            return store(ElementStore.lifo());
        }

        /**
         * Lets the least element come out first, by the elements' natural order; equal elements in the order in which
         * they were put in.
         */
        @SuppressWarnings("unchecked") // an element without a natural order is refused when it is put in
        public Builder<E> priority() {
            return store(ElementStore.priority((Comparator<? super E>) Comparator.naturalOrder()));
        }

        /**
         * Lets the least element come out first, by the comparator's order; equal elements in the order in which they
         * were put in. If the comparator throws, so does the call that puts an element in or takes one out; it has then
         * added or taken nothing.
         *
         * @throws NullPointerException if the comparator is null
         */
        public Builder<E> priority(Comparator<? super E> comparator) {
            return store(ElementStore.priority(requireNonNull(comparator, "comparator")));
        }

        private Builder<E> store(ElementStore<E> store) {
            this.store = store;
            return this;
        }

        /**
         * Sets what a put does if there is no room. {@link BufferOverflow#SUSPEND} waits, which is the default;
         * {@link BufferOverflow#DROP_OLDEST} drops the oldest element and puts the new one in;
         * {@link BufferOverflow#DROP_LATEST} drops the new one. With the latter two a put never waits and never fails
         * for lack of room ({@code offer} and {@code trySend} return true), for event loops and callbacks that cannot
         * wait.
         *
         * <p>An element that is reserved for a receiver that was woken is not dropped. With capacity 1, one suspended
         * receiver, and sends of 1, 2 and 3 before it runs, it receives 1, and then 3.
         *
         * <p>Dropped elements were accepted first: they count as {@linkplain QueueStats#accepted() accepted}, as
         * {@linkplain QueueStats#dropped() dropped} and as done (see {@link SyncQueue#taskDone()}). With capacity 0
         * there is nothing old to drop: the new element goes to a waiting receiver, or is dropped. After shutdown, puts
         * are refused as in any queue.
         *
         * @throws NullPointerException if the policy is null
         */
        public Builder<E> overflow(BufferOverflow policy) {
            overflow = requireNonNull(policy, "policy");
            return this;
        }

        /**
         * Sets a listener called once for each dropped element. It is called on the thread that put the element for
         * which there was no room, before that put returns, without any lock. A failure of the listener goes to that
         * thread's uncaught exception handler. Without a listener, dropped elements are only counted.
         *
         * @throws NullPointerException if the listener is null
         */
        public Builder<E> onDropped(Consumer<? super E> onDropped) {
            this.onDropped = requireNonNull(onDropped, "onDropped");
            return this;
        }

        /**
         * Binds the queue to a dispatcher: the loop. Suspending calls from another dispatcher are refused. The futures
         * and subscriptions of the async face run on the loop. Blocking calls that would have to wait on one of its
         * threads are put to the {@linkplain #blockingGuard guard}. A queue that is not bound accepts all.
         *
         * <p>A dispatcher that {@link Object#equals equals} the loop is the loop: two that
         * {@code asCoroutineDispatcher} makes of one executor are. {@code Dispatchers.Main} and its {@code immediate}
         * are one loop as well.
         *
         * <p>A view made of the loop by {@link CoroutineDispatcher#limitedParallelism(int) limitedParallelism} is
         * another dispatcher, and does not say of which it is a view. Its calls are accepted only on a thread of an
         * executor on which this queue has run something: on a single-threaded executor, from the first task after the
         * queue was built. A queue bound to {@code Dispatchers.Default} or {@code IO} refuses their views. To call from
         * a view, bind the queue to the view instead; it then refuses calls from the loop itself.
         *
         * <p>If the loop is closed, threads go on as before. Coroutines that wait are cancelled when they are resumed,
         * and futures and subscriptions end with {@link java.util.concurrent.CancellationException}, except that a send
         * is done all the same when its turn comes. No element is lost.
         *
         * <pre>{@code
         * CoroutineDispatcher loop = ExecutorsKt.from(executor); // of one thread: an event loop
         * JanusQueue<Order> orders =
         *         JanusQueue.<Order>builder().capacity(64).boundTo(loop).build();
         * }</pre>
         *
         * @throws IllegalArgumentException if it is {@code Dispatchers.Unconfined}, which has no thread
         * @throws NullPointerException if the dispatcher is null
         */
        public Builder<E> boundTo(CoroutineDispatcher dispatcher) {
            this.dispatcher = BoundDispatcher.requireLoop(requireNonNull(dispatcher, "dispatcher"));
            bindsToFirstCaller = false;
            return this;
        }

        /**
         * Binds the queue to the dispatcher of the first suspending call, as {@link #boundTo} does; until then it is
         * not bound. That call is refused with {@link IllegalStateException} if it has no dispatcher, and with
         * {@link IllegalArgumentException} if it runs on {@code Dispatchers.Unconfined}.
         *
         * <pre>{@code
         * JanusQueue<Order> onFirst =
         *         JanusQueue.<Order>builder().capacity(64).boundToFirstCaller().build();
         * }</pre>
         */
        public Builder<E> boundToFirstCaller() {
            dispatcher = null;
            bindsToFirstCaller = true;
            return this;
        }

        /**
         * Sets the policy for calls that would block the bound dispatcher's thread. {@link BlockingGuard#refuse()}
         * throws, which is the default; {@link BlockingGuard#allow()} lets the call wait; any other function may log a
         * warning. The guard is never asked about a call that need not wait.
         *
         * <p>The guard knows the threads of {@code Dispatchers.Main}, of every dispatcher that needs no dispatch on its
         * own threads, and of a single-threaded executor, as soon as that has run a task after the queue was built or
         * bound. Of an executor with several threads it knows those on which the queue has run something. It does not
         * know the threads of {@code Dispatchers.Default} and {@code Dispatchers.IO}, which share them, nor those of
         * the loops of {@code runBlocking} and of tests, nor, if the queue is bound to a view or to a dispatcher of
         * your own that always dispatches, those of that: there a call blocks. If {@code UnconfinedTestDispatcher}
         * stands in for the main dispatcher, every thread is taken for the main thread.
         *
         * <pre>{@code
         * JanusQueue<Order> onMain = JanusQueue.<Order>builder()
         *         .capacity(64)
         *         .boundTo(Dispatchers.getMain())
         *         .blockingGuard(BlockingGuard.allow())
         *         .build();
         * }</pre>
         *
         * @throws NullPointerException if the guard is null
         */
        public Builder<E> blockingGuard(BlockingGuard guard) {
            this.guard = requireNonNull(guard, "guard");
            return this;
        }

        /**
         * Makes the queue.
         *
         * @throws IllegalStateException if no capacity was chosen, if this builder has made its queue and was given no
         *     new order since, if the overflow is {@code DROP_OLDEST} but the order is not FIFO, or if
         *     {@code onDropped} was given but nothing is ever dropped
         */
        public JanusQueue<E> build() {
            if (capacity == NONE_GIVEN) {
                throw new IllegalStateException("no capacity was chosen: call capacity(int) or unbounded() first");
            }
            if (store == null) {
                throw new IllegalStateException("this builder has made its queue: use a new one for the next");
            }
            if (overflow == BufferOverflow.DROP_OLDEST && !store.isFifo()) {
                throw new IllegalStateException("overflow DROP_OLDEST with the order " + store.order
                        + ": expected fifo, where the oldest is the next");
            }
            if (overflow == BufferOverflow.SUSPEND && onDropped != null) {
                throw new IllegalStateException(
                        "onDropped was given, but overflow is SUSPEND and drops nothing: expected DROP_OLDEST or DROP_LATEST");
            }
            Buffer<E> buffer = new Buffer<>(store, capacity, overflow, onDropped);
            store = null;
            return new JanusQueue<>(buffer, new BoundDispatcher(dispatcher, bindsToFirstCaller, guard));
        }

        private static int requireCapacity(int capacity) {
            if (capacity < 0) {
                throw new IllegalArgumentException("capacity " + capacity + ": expected 0 or more");
            }
            return capacity;
        }
    }
}
