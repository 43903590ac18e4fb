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
 * {@link #async()} is a suspending queue for Kotlin coroutines. What goes in on either face comes out on
 * either face.
 *
 * <p><b>The promise.</b> An element whose put returned normally is received by exactly one receiver that
 * returned normally, or is handed back by {@link #shutdownNow()}, or is passed to {@code onDropped} (if the queue
 * was {@linkplain Builder#overflow built} to drop), or is still in the queue. No time-out,
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
     * A bounded queue from which the least element comes out first, by the elements' natural order. Equal elements
     * come out in the order in which they were put in.
     *
     * @param capacity how many elements it holds; with 0 each put waits for its receiver (rendezvous)
     * @throws IllegalArgumentException if the capacity is negative
     */
    public static <E> JanusQueue<E> priority(int capacity) {
        return JanusQueue.<E>builder().priority().capacity(capacity).build();
    }

    /**
     * A bounded queue from which the least element comes out first, by the comparator's order. Equal elements come
     * out in the order in which they were put in.
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

    /**
     * Returns how many elements are in the queue. Exact. An element that is {@linkplain QueueStats#reservedElements()
     * reserved} for a coroutine that was woken and has not run yet does not count.
     */
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
     * Refuses elements from now on. Never waits.
     *
     * <p>Putters that wait are released at once with {@link QueueShutdownException}, their elements not added. Takers go on
     * until nothing is left; then those that wait are released in the same way. While a {@link Lease} may still be given back,
     * they wait for that. A second call changes nothing, except that it releases the puts that {@link #shutdownAfterPuts()}
     * would still let in.
     */
    public void shutdown() {
        buffer.shutdown(null);
    }

    /**
     * Like {@link #shutdown()}, for a reason: every {@link QueueShutdownException} of this queue carries the cause. The cause
     * of the first shutdown stays.
     *
     * <pre>{@code
     * try {
     *     orders.sync().put(nextOrder());
     * } catch (IOException e) {
     *     orders.shutdown(e); // those who take learn why no more orders come
     * }
     * }</pre>
     *
     * @throws NullPointerException if the cause is null
     */
    public void shutdown(Throwable cause) {
        buffer.shutdown(requireNonNull(cause, "cause"));
    }

    /**
     * Refuses newcomers from now on, but lets the puts that wait already get in, in their order: the end for a producer that is
     * done, while its last elements still wait for room. Never waits. Takers go on until nothing is left, as after
     * {@link #shutdown()}; the queue does not terminate while a put waits.
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
     * Like {@link #shutdownAfterPuts()}, for a reason.
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

    /** Does the same as {@link #shutdown()}: it does not wait for the queue to be emptied. */
    @Override
    public void close() {
        shutdown();
    }

    /**
     * Shuts the queue down and takes out what is left, so that it terminates at once. Never waits.
     *
     * <p>Callers that wait are released with {@link QueueShutdownException}; so is a coroutine that was woken to receive
     * an element and has not run yet. Whoever holds a {@link Lease} keeps its element: to give it back is refused. (Elements
     * that a {@link SyncQueue#drainTo} is moving at this moment may still come back if its target fails; then the queue
     * terminates when those are taken.) The elements handed back count as done (see {@link SyncQueue#taskDone()}).
     *
     * @return what was left, in the queue's order; empty if nothing was
     */
    public List<E> shutdownNow() {
        return buffer.shutdownNow(null);
    }

    /**
     * Like {@link #shutdownNow()}, for a reason: every {@link QueueShutdownException} of this queue carries the cause. The
     * cause of the first shutdown stays.
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
     * Calls the listener once when the queue is shut down, in whichever way: on the thread that shuts it down, before that call
     * returns, without any lock. If it is shut down already, calls it at once. There may be several; each gets the cause of
     * the shutdown, or null. What a listener throws goes to the thread's uncaught exception handler. Never waits.
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

    /** Returns true once the queue was shut down, in whichever way; it may still hold elements. */
    public boolean isShutdown() {
        return stats().isShutdown();
    }

    /**
     * Returns true if the queue was shut down and is empty, and nothing can come back: no {@link Lease} is out (or
     * {@link #shutdownNow()} was called), no {@link SyncQueue#drainTo} is under way, and no put waits that may still get in.
     */
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
     * Makes a {@link JanusQueue}. A capacity is required ({@link #capacity(int)} or {@link #unbounded()}); the order is FIFO
     * unless another is chosen, and the last choice counts.
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

        /** The newest element comes out first. */
        public Builder<E> lifo() {
            return store(ElementStore.lifo());
        }

        /**
         * The least element comes out first, by the elements' natural order; equal elements in the order in which they were
         * put in.
         */
        @SuppressWarnings("unchecked") // an element without a natural order is refused when it is put in
        public Builder<E> priority() {
            return store(ElementStore.priority((Comparator<? super E>) Comparator.naturalOrder()));
        }

        /**
         * The least element comes out first, by the comparator's order; equal elements in the order in which they were put
         * in. If the comparator throws, so does the call that puts
         * an element in or takes one out, which has then added or taken nothing.
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
         * What a put does where there is no room: {@link BufferOverflow#SUSPEND} waits, which is the default;
         * {@link BufferOverflow#DROP_OLDEST} drops the oldest element and puts the new one in; and
         * {@link BufferOverflow#DROP_LATEST} drops the new one. With the latter two a put never waits and never fails for
         * want of room ({@code offer} and {@code trySend} return true), for event loops and callbacks that cannot wait.
         *
         * <p>An element that is reserved for a receiver that was woken is not dropped. With capacity 1, one suspended receiver,
         * and sends of 1, 2 and 3 before it runs, it receives 1, and then 3.
         *
         * <p>What was dropped was accepted first: it counts as {@linkplain QueueStats#accepted() accepted}, as
         * {@linkplain QueueStats#dropped() dropped} and as done (see {@link SyncQueue#taskDone()}). With capacity 0 there is
         * nothing old to drop: the new element goes to a receiver that waits, or is dropped.
         *
         * @throws NullPointerException if the policy is null
         */
        public Builder<E> overflow(BufferOverflow policy) {
            overflow = requireNonNull(policy, "policy");
            return this;
        }

        /**
         * Who gets each element that is dropped: called once for each, on the thread that put the element for which there was
         * no room, before that put returns, without any lock. What it throws goes to that thread's uncaught exception
         * handler. Without one, what is dropped is only counted.
         *
         * @throws NullPointerException if the consumer is null
         */
        public Builder<E> onDropped(Consumer<? super E> onDropped) {
            this.onDropped = requireNonNull(onDropped, "onDropped");
            return this;
        }

        /**
         * Binds the queue to a dispatcher: the loop. Suspending calls from another dispatcher are refused; the futures and
         * subscriptions of the async face run on it; and blocking calls that would have to wait on one of its threads are
         * put to the {@linkplain #blockingGuard guard}. A queue that is not bound accepts all.
         *
         * <p>A dispatcher that {@link Object#equals equals} the loop is the loop: two that {@code asCoroutineDispatcher} makes
         * of one executor are. {@code Dispatchers.Main} and its {@code immediate} are one loop as well.
         *
         * <p>A view that {@link CoroutineDispatcher#limitedParallelism(int) limitedParallelism} makes of the loop is another
         * dispatcher, and does not say of which it is a view. Its calls are accepted only on a thread of an executor on which
         * this queue has run something: on an executor of one thread, from the first task after the queue was built.
         * A queue that is bound to {@code Dispatchers.Default} or {@code IO} refuses their views. To call from a view, bind
         * the queue to the view instead; it then refuses calls from the loop itself.
         *
         * <p>If the loop is closed, threads go on as before; coroutines that wait are cancelled when they are resumed,
         * and futures and subscriptions end with {@link java.util.concurrent.CancellationException}, except that a send whose
         * turn comes is done all the same. No element is lost.
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
         * Binds the queue to the dispatcher of the first suspending call, as {@link #boundTo} does; until then it is not bound.
         * That call is refused with {@link IllegalStateException} if it runs on no dispatcher, and with
         * {@link IllegalArgumentException} if on {@code Dispatchers.Unconfined}.
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
         * What becomes of a blocking call that would have to wait on a thread of the loop that the queue is bound to.
         * {@link BlockingGuard#refuse()} throws, which is the default; {@link BlockingGuard#allow()} lets it wait; any other
         * function may warn. It is never asked about a call that need not wait.
         *
         * <p>It knows the threads of {@code Dispatchers.Main}, of every dispatcher that needs no dispatch where it is at home,
         * and of an executor of one thread, as soon as that has run a task after the queue was built or bound. Of an
         * executor of several threads it knows those on which the queue has run something. It does not know those of
         * {@code Dispatchers.Default} and {@code Dispatchers.IO}, which share their threads, nor those of the loops of
         * {@code runBlocking} and of tests, nor, if the queue is bound to a view or to a dispatcher of your own that always
         * dispatches, those of that: there a call blocks. Where {@code UnconfinedTestDispatcher} stands in
         * for the main one, every thread is taken for the main thread.
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
         * The queue.
         *
         * @throws IllegalStateException if no capacity was chosen, if this builder has made its queue and was given no new
         *     order since, if the overflow is to drop the oldest but the order is not first in, first out, or if
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
