package dev.janus;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import kotlinx.coroutines.CoroutineDispatcher;
import kotlinx.coroutines.channels.BufferOverflow;
import org.jspecify.annotations.Nullable;

/**
 * One queue with two faces: {@link #sync()} is a {@link java.util.concurrent.BlockingQueue} for threads, and
 * {@link #async()} is a suspending queue for Kotlin coroutines. An element added through either face can be taken
 * through either face.
 *
 * <p><b>The promise.</b> An element whose put returned normally is received by exactly one receiver that returned
 * normally, or is handed back by {@link #shutdownNow()}, or is passed to {@code onDropped} (if the queue was
 * {@linkplain Builder#overflow built} to drop), or is still in the queue. No timeout, interruption, cancellation,
 * shutdown or race of these changes that. (Elements that you remove, for example with {@link SyncQueue#clear()}, are
 * gone.)
 *
 * <p><b>Waiting.</b> Threads and coroutines waiting for the same condition wait in one line. Waiting puts add their
 * elements exactly in the order in which they began to wait, before any newcomer. Waiting threads get their elements in
 * that order too. A waiting coroutine is woken in its turn, with one element reserved for it, and takes the head of the
 * queue when it runs. No method of this class waits.
 *
 * <p><b>Life cycle.</b> {@link #shutdown()} refuses new elements and lets takers empty the queue.
 * {@link #shutdownAfterPuts()} also lets puts that are already waiting add their elements. {@link #shutdownNow()}
 * empties the queue and returns the elements. {@link #close()} is {@link #shutdown()}, for try-with-resources.
 *
 * <p><b>Foreign code.</b> The queue calls no foreign code under its lock, except the elements' {@code compareTo} and
 * {@code equals} and the comparator. They must not call the queue; such a call throws {@link IllegalStateException}.
 *
 * <p><b>Threads and memory.</b> All methods may be called from any thread or coroutine. Actions before an element is
 * added happen-before actions after that element is taken.
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
    private final @Nullable String name;
    private final SyncQueue<E> sync;
    private final AsyncQueue<E> async;

    JanusQueue(Buffer<E> buffer, BoundDispatcher dispatcher, @Nullable String name) {
        this.buffer = buffer;
        this.dispatcher = dispatcher;
        this.name = name;
        sync = new SyncFace<>(this);
        async = new AsyncFace<>(this);
    }

    /**
     * Returns a bounded FIFO queue: the oldest element comes out first.
     *
     * @param capacity the maximum number of elements; with 0, each put waits for its receiver (rendezvous)
     * @throws IllegalArgumentException if the capacity is negative
     */
    public static <E> JanusQueue<E> fifo(int capacity) {
        return JanusQueue.<E>builder().capacity(capacity).build();
    }

    /**
     * Returns a bounded LIFO queue: the newest element comes out first.
     *
     * @param capacity the maximum number of elements; with 0, each put waits for its receiver (rendezvous)
     * @throws IllegalArgumentException if the capacity is negative
     */
    public static <E> JanusQueue<E> lifo(int capacity) {
        return JanusQueue.<E>builder().lifo().capacity(capacity).build();
    }

    /**
     * Returns a bounded priority queue: the least element, by natural order, comes out first. Equal elements come out
     * in the order in which they were added.
     *
     * @param capacity the maximum number of elements; with 0, each put waits for its receiver (rendezvous)
     * @throws IllegalArgumentException if the capacity is negative
     */
    public static <E> JanusQueue<E> priority(int capacity) {
        return JanusQueue.<E>builder().priority().capacity(capacity).build();
    }

    /**
     * Returns a bounded priority queue: the least element, by the comparator, comes out first. Equal elements come out
     * in the order in which they were added.
     *
     * @param capacity the maximum number of elements; with 0, each put waits for its receiver (rendezvous)
     * @throws IllegalArgumentException if the capacity is negative
     * @throws NullPointerException if the comparator is null
     */
    public static <E> JanusQueue<E> priority(int capacity, Comparator<? super E> comparator) {
        return JanusQueue.<E>builder().priority(comparator).capacity(capacity).build();
    }

    /** Returns an unbounded FIFO queue, to which a put never waits. */
    public static <E> JanusQueue<E> unbounded() {
        return JanusQueue.<E>builder().unbounded().build();
    }

    /** Returns a new builder. */
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

    /** Returns the maximum number of elements that the queue may hold; {@link Integer#MAX_VALUE} if it is unbounded. */
    public int capacity() {
        return stats().capacity();
    }

    /**
     * Sets the maximum number of elements that the queue may hold. Never waits. A larger capacity lets waiting puts add
     * their elements. A smaller one removes no elements; puts wait until there is room again.
     *
     * @param capacity the maximum number of elements; 0 for rendezvous, {@link Integer#MAX_VALUE} for no bound
     * @throws IllegalArgumentException if the capacity is negative
     */
    public void capacity(int capacity) {
        buffer.capacity(Builder.requireCapacity(capacity));
    }

    /**
     * Returns the exact number of elements in the queue. Never waits. Elements that are
     * {@linkplain QueueStats#reservedElements() reserved} for coroutines that were woken but have not run yet are not
     * counted.
     */
    public int size() {
        return stats().size();
    }

    /** Returns true if {@link #size()} is 0. */
    public boolean isEmpty() {
        return size() == 0;
    }

    /**
     * Returns true if the queue holds at least as many elements as its capacity. Always true with capacity 0. Reserved
     * room does not count; see {@link SyncQueue#remainingCapacity()}.
     */
    public boolean isFull() {
        QueueStats stats = stats();
        return stats.size() >= stats.capacity();
    }

    /**
     * Returns the number of elements that were added and not yet marked as done (see {@link SyncQueue#taskDone()}), or
     * {@link Integer#MAX_VALUE} if there are more. {@link QueueStats#unfinishedTasks()} has no such limit.
     */
    public int unfinishedTasks() {
        return (int) Math.min(Integer.MAX_VALUE, stats().unfinishedTasks());
    }

    /** Returns one consistent snapshot of all counts. Never waits. */
    public QueueStats stats() {
        return buffer.stats();
    }

    /**
     * Shuts down the queue: no new elements are accepted, and takers get those that are left. Never waits.
     *
     * <p><b>Puts.</b> Waiting puts are released at once with {@link QueueShutdownException}; their elements were not
     * added. Later puts throw it too. Calls that only try, such as {@code offer} and {@code trySend}, return false.
     *
     * <p><b>Takes.</b> Takers get the elements that are left. Once the queue is empty, waiting and later takes throw
     * {@link QueueShutdownException}; calls that only try, such as {@code poll} and {@code tryReceive}, return null.
     * While a {@link Lease} may still return its element, takers wait for that.
     *
     * <p><b>Repeated calls.</b> If the queue is already shut down, this changes nothing, except that it releases the
     * puts that {@link #shutdownAfterPuts()} was still letting in.
     */
    public void shutdown() {
        buffer.shutdown(null);
    }

    /**
     * Like {@link #shutdown()}, with a cause that every {@link QueueShutdownException} of this queue carries. If the
     * queue is already shut down, it keeps its first cause.
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
     * Shuts down the queue as {@link #shutdown()} does, except that puts that are already waiting still add their
     * elements, in their order. Never waits.
     *
     * <p>Use it when a producer has finished but its last elements are still waiting for room. The queue does not
     * terminate while a put waits, including a {@code select} that waits to send, or while a {@link Permit} is open. Does
     * nothing if the queue is already shut down.
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

    /** Calls {@link #shutdown()}. Does not wait until the queue is empty. */
    @Override
    public void close() {
        shutdown();
    }

    /**
     * Shuts down the queue and removes the elements that are left, so that it terminates at once. Never waits.
     *
     * <p><b>Waiting callers</b> are released with {@link QueueShutdownException}, including coroutines that were woken
     * to receive an element and have not run yet.
     *
     * <p><b>Leases.</b> The holder of a {@link Lease} keeps its element; {@link Lease#close()} throws. Elements that
     * would have returned {@linkplain Lease#close(long, TimeUnit) later} are handed back, before the others.
     *
     * <p><b>Returned elements</b> count as done (see {@link SyncQueue#taskDone()}). Elements that
     * {@link SyncQueue#drainTo} is moving are not among them. If the drain fails, they return to the queue, which
     * terminates when they are taken.
     *
     * @return the elements that were left, in the queue's order (in any order if the comparator throws); empty if there
     *     were none
     */
    public List<E> shutdownNow() {
        return buffer.shutdownNow(null);
    }

    /**
     * Like {@link #shutdownNow()}, with a cause that every {@link QueueShutdownException} of this queue carries. If the
     * queue is already shut down, it keeps its first cause.
     *
     * <pre>{@code
     * keepForLater(orders.shutdownNow(failure));
     * }</pre>
     *
     * @return the elements that were left, in the queue's order (in any order if the comparator throws); empty if there
     *     were none
     * @throws NullPointerException if the cause is null
     */
    public List<E> shutdownNow(Throwable cause) {
        return buffer.shutdownNow(requireNonNull(cause, "cause"));
    }

    /**
     * Returns the cause of the shutdown, or null if none was given or the queue is not shut down.
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
     * Adds a listener that is called once when the queue is shut down by any method, or at once if it is already shut
     * down. Never waits.
     *
     * <p>The listener gets the cause of the shutdown, or null. It runs on the thread that shuts the queue down, before
     * that call returns, without any lock held. If it throws, the failure is reported to the thread's uncaught
     * exception handler. A queue may have several listeners.
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

    /**
     * Adds a listener that is told when there are elements, for loops that take them when they can. The listener runs
     * once each time that {@link SyncQueue#poll()} becomes possible, at once if it is possible now, and once more when the
     * queue has {@linkplain #isTerminated() terminated}. Never waits.
     *
     * <p>The listener takes elements with {@code poll} until that returns null. If it stops before that, because it cannot
     * use more or because it throws, it is not told of the elements that are left: run it again when it can, as here when
     * the connection is writable. When it runs, others may have taken the elements. Several changes in a short time may
     * cause only one run. With capacity 0, a waiting put makes {@code poll} possible.
     *
     * <p>It runs in the executor, one run at a time, without any lock held. With an executor that runs tasks at once, it
     * runs on the thread that put the element, and should be short. If it throws, the failure is reported to the thread's
     * uncaught exception handler.
     *
     * <p>Close the listener before the executor. If the executor refuses its task, or memory runs out, the failure is
     * reported to the uncaught exception handler of the thread that finds out, and the listener is removed. If the
     * executor drops its task silently, the listener does not run any more.
     *
     * <pre>{@code
     * Runnable writeOrders = () -> {
     *     while (connection.isWritable()) {
     *         Order order = orders.sync().poll();
     *         if (order == null) {
     *             return;
     *         }
     *         connection.write(order);
     *     }
     * };
     * AutoCloseable listening = orders.onNotEmpty(eventLoop, writeOrders);
     * }</pre>
     *
     * @param executor where the listener runs; usually an event loop
     * @return removes the listener when closed. If it is closed in the executor's only thread, the listener does not run
     *     any more; if elsewhere, a run that has begun continues
     * @throws NullPointerException if an argument is null
     */
    public AutoCloseable onNotEmpty(Executor executor, Runnable listener) {
        return listener(buffer.hasElement, executor, listener);
    }

    /**
     * Adds a listener that is told when there is room, for loops that add elements when they can. The listener runs once
     * each time that {@link SyncQueue#offer(Object) offer} and {@link SyncQueue#tryReserve()} become possible, at once if
     * they are possible now, and once more when the queue is shut down. Never waits.
     *
     * <p>The listener adds elements until {@code offer} returns false, or {@code tryReserve} null. Otherwise the same is
     * true as for {@link #onNotEmpty}. With capacity 0, there is room while a receiver waits.
     *
     * <pre>{@code
     * Runnable readOrders = () -> {
     *     while (connection.isReadable()) {
     *         try (Permit<Order> permit = orders.sync().tryReserve()) {
     *             if (permit == null) {
     *                 return; // this runs again when there is room
     *             }
     *             permit.put(connection.read());
     *         }
     *     }
     * };
     * AutoCloseable listening = orders.onRoom(eventLoop, readOrders);
     * }</pre>
     *
     * @param executor where the listener runs; usually an event loop
     * @return removes the listener when closed. If it is closed in the executor's only thread, the listener does not run
     *     any more; if elsewhere, a run that has begun continues
     * @throws NullPointerException if an argument is null
     */
    public AutoCloseable onRoom(Executor executor, Runnable listener) {
        return listener(buffer.hasRoom, executor, listener);
    }

    private static AutoCloseable listener(Readiness readiness, Executor executor, Runnable listener) {
        return new ReadinessListener(
                        readiness, requireNonNull(executor, "executor"), requireNonNull(listener, "listener"))
                .listen();
    }

    /** Returns true if the queue was shut down, by any method. It may still hold elements. */
    public boolean isShutdown() {
        return stats().isShutdown();
    }

    /**
     * Returns true if the queue is shut down and empty, and no element can be added or returned any more: no
     * {@link Lease} is outstanding and no element returns after a delay (or {@link #shutdownNow()} was called), no {@link SyncQueue#drainTo} is in progress,
     * and no put is waiting that {@link #shutdownAfterPuts()} lets in.
     */
    public boolean isTerminated() {
        return stats().isTerminated();
    }

    /**
     * Returns the name that the queue was given by {@link Builder#name}, or null.
     *
     * <pre>{@code
     * JanusQueue<Order> orders =
     *         JanusQueue.<Order>builder().capacity(64).name("orders").build();
     * log(orders.name() + ": " + orders); // orders: JanusQueue[orders, fifo, 0 of 64 elements, open]
     * }</pre>
     */
    public @Nullable String name() {
        return name;
    }

    /**
     * Describes the queue for logging, by its order, size, capacity, state and waiting callers:
     * {@code JanusQueue[fifo, 64 of 64 elements, open, waiting to put: 2 threads and 1 coroutine]}.
     */
    @Override
    public String toString() {
        QueueStats stats = stats();
        String bound = stats.capacity() == Integer.MAX_VALUE ? "" : " of " + stats.capacity();
        String state = stats.isTerminated() ? "terminated" : stats.isShutdown() ? "shut down" : "open";
        return "JanusQueue[" + (name == null ? "" : name + ", ") + buffer.store.order + ", " + stats.size() + bound
                + " elements, " + state
                + waiting(" to take", stats.waitingTakeThreads(), stats.waitingTakeCoroutines())
                + waiting(" to put", stats.waitingPutThreads(), stats.waitingPutCoroutines())
                + (stats.waitingJoins() == 0 ? "" : ", waiting for the end: " + stats.waitingJoins())
                + (stats.watchers() == 0 ? "" : ", watchers: " + stats.watchers())
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
     * Builds a {@link JanusQueue}. A capacity is required: call {@link #capacity(int)} or {@link #unbounded()}. The
     * order is FIFO by default. If a setting is given more than once, the last one counts.
     *
     * <p>Not thread-safe. A builder builds one queue only.
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
        private int maxAttempts = Integer.MAX_VALUE;
        private @Nullable Consumer<? super E> onDeadLetter;
        private long leaseTimeoutMillis;
        private boolean spinning = true;
        private @Nullable String name;

        private Builder() {}

        /**
         * Sets the capacity.
         *
         * @param capacity the maximum number of elements; with 0, each put waits for its receiver (rendezvous)
         * @throws IllegalArgumentException if the capacity is negative
         */
        public Builder<E> capacity(int capacity) {
            this.capacity = requireCapacity(capacity);
            return this;
        }

        /** Makes the queue unbounded: a put never waits. */
        public Builder<E> unbounded() {
            return capacity(Integer.MAX_VALUE);
        }

        /** Makes the queue LIFO: the newest element comes out first. */
        public Builder<E> lifo() {
            return store(ElementStore.lifo());
        }

        /**
         * Makes this a priority queue: the least element, by natural order, comes out first. Equal elements come out in
         * the order in which they were added.
         */
        @SuppressWarnings("unchecked") // an element without a natural order is refused when it is put in
        public Builder<E> priority() {
            return store(ElementStore.priority((Comparator<? super E>) Comparator.naturalOrder()));
        }

        /**
         * Makes this a priority queue: the least element, by the comparator, comes out first. Equal elements come out
         * in the order in which they were added. If the comparator throws, the call that adds or takes an element
         * throws the same exception, and has added or taken nothing.
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
         * Sets what a put does if there is no room.
         *
         * <ul>
         * <li>{@link BufferOverflow#SUSPEND}, the default: it waits.
         * <li>{@link BufferOverflow#DROP_OLDEST}: it drops the oldest element and adds the new one.
         * <li>{@link BufferOverflow#DROP_LATEST}: it drops the new element.
         * </ul>
         *
         * <p>A queue that drops suits event loops and callbacks that cannot wait: a put never waits and never fails for
         * lack of room, and {@code offer} and {@code trySend} return true. After shutdown, puts are refused as in any
         * queue.
         *
         * <p>An element reserved for a woken receiver is not dropped. For example, with capacity 1, if a receiver is
         * suspended and 1, 2 and 3 are sent before it runs again, it receives 1, and the next call receives 3. With
         * capacity 0, the new element goes to a waiting receiver, or is dropped.
         *
         * <p>Dropped elements count as {@linkplain QueueStats#accepted() accepted}, as
         * {@linkplain QueueStats#dropped() dropped} and as done (see {@link SyncQueue#taskDone()}).
         *
         * @throws NullPointerException if the policy is null
         */
        public Builder<E> overflow(BufferOverflow policy) {
            overflow = requireNonNull(policy, "policy");
            return this;
        }

        /**
         * Sets a listener called once for each dropped element. It is called on the thread whose put found no room,
         * before that put returns, without any lock held. If it throws, the failure is reported to that thread's
         * uncaught exception handler. Without a listener, dropped elements are only counted.
         *
         * @throws NullPointerException if the listener is null
         */
        public Builder<E> onDropped(Consumer<? super E> onDropped) {
            this.onDropped = requireNonNull(onDropped, "onDropped");
            return this;
        }

        /**
         * Sets how often an element may be {@linkplain Lease leased}. When the last of these leases is closed without
         * being done, the element does not return: it goes to the listener, and counts as done (see
         * {@link SyncQueue#taskDone()}). By default an element returns each time.
         *
         * <p>Each lease counts that is closed, whether its work has failed or was cancelled: allow more than one attempt if
         * workers may be cancelled.
         *
         * <p>The listener is called once for each such element, on the thread that closes the lease, before that call
         * returns, without any lock held; if a {@linkplain #leaseTimeout time limit} ends the lease, on a thread of
         * {@code Dispatchers.IO}. If it throws, the failure is reported to the thread's uncaught exception handler.
         *
         * <pre>{@code
         * JanusQueue<Order> orders = JanusQueue.<Order>builder()
         *         .capacity(64)
         *         .deadLetters(3, order -> keepForLater(singleton(order)))
         *         .build();
         * }</pre>
         *
         * @param maxAttempts the number of leases of an element; see {@link Lease#attempts()}
         * @throws IllegalArgumentException if {@code maxAttempts} is less than 1
         * @throws NullPointerException if the listener is null
         */
        public Builder<E> deadLetters(int maxAttempts, Consumer<? super E> onDeadLetter) {
            if (maxAttempts < 1) {
                throw new IllegalArgumentException("at most " + maxAttempts + " attempts: expected 1 or more");
            }
            this.maxAttempts = maxAttempts;
            this.onDeadLetter = requireNonNull(onDeadLetter, "onDeadLetter");
            return this;
        }

        /**
         * Sets a time limit for leases. A {@link Lease} that has not ended when the time has elapsed expires: its element
         * returns to the head of the queue, as if by {@link Lease#close()}, and {@link Lease#done()} returns false. By
         * default a lease has no time limit.
         *
         * <p>This is for leases that may be forgotten, or whose work may hang. If the work only takes longer, the element
         * is processed twice at the same time: choose a limit that is longer than any work. The time begins when the
         * element is taken. It is real time, in whole milliseconds, rounded up; virtual time in tests does not count. The
         * callbacks of {@link AsyncQueue#subscribe} have no time limit.
         *
         * <pre>{@code
         * JanusQueue<Order> shared = JanusQueue.<Order>builder()
         *         .capacity(64)
         *         .leaseTimeout(10, MINUTES)
         *         .build();
         * }</pre>
         *
         * @throws IllegalArgumentException if the time is zero or less
         * @throws NullPointerException if the unit is null
         */
        public Builder<E> leaseTimeout(long timeout, TimeUnit unit) {
            requireNonNull(unit, "unit");
            if (timeout <= 0) {
                throw new IllegalArgumentException(
                        "leaseTimeout of " + timeout + " " + unit + ": expected more than 0");
            }
            leaseTimeoutMillis = AsyncFace.millis(timeout, unit);
            return this;
        }

        /**
         * Binds the queue to a dispatcher, usually that of an event loop. By default a queue is not bound and can be
         * called from anywhere.
         *
         * <p>Suspending calls from another dispatcher throw {@link IllegalStateException}. Futures and subscriptions of
         * the async face run on the dispatcher. The {@linkplain #blockingGuard guard} decides about blocking calls that
         * would have to wait on one of its threads.
         *
         * <p><b>The same dispatcher.</b> Dispatchers are compared with {@link Object#equals equals}: two that
         * {@code asCoroutineDispatcher} makes from one executor are the same. {@code Dispatchers.Main} and its
         * {@code immediate} count as the same too.
         *
         * <p><b>Views.</b> A view made with {@link CoroutineDispatcher#limitedParallelism(int) limitedParallelism} is
         * another dispatcher, and cannot be asked which dispatcher it is a view of. Its calls are accepted only on an
         * executor's thread on which this queue has already run a task; with a single-threaded executor, from the first
         * task after the queue was built. A queue bound to {@code Dispatchers.Default} or {@code Dispatchers.IO}
         * refuses calls from their views. To call from a view, bind the queue to the view; it then refuses calls from
         * the original dispatcher.
         *
         * <p><b>Other tasks.</b> The queue lets the dispatcher run other tasks: its coroutines yield, and a
         * subscription pauses, when they have kept a thread for 2 to 4 ms. A {@code select} does not yield.
         *
         * <p><b>Closing the dispatcher.</b> Threads continue as before. Waiting coroutines are cancelled when they are
         * resumed. Futures and subscriptions end with {@link java.util.concurrent.CancellationException}, except that a
         * waiting {@code sendAsync} still adds its element when its turn comes. No element is lost.
         *
         * <pre>{@code
         * CoroutineDispatcher loop = ExecutorsKt.from(executor); // of one thread: an event loop
         * JanusQueue<Order> orders =
         *         JanusQueue.<Order>builder().capacity(64).boundTo(loop).build();
         * }</pre>
         *
         * @throws NullPointerException if the dispatcher is null
         * @throws IllegalArgumentException if the dispatcher is {@code Dispatchers.Unconfined}, which has no threads
         */
        public Builder<E> boundTo(CoroutineDispatcher dispatcher) {
            this.dispatcher = BoundDispatcher.requireLoop(requireNonNull(dispatcher, "dispatcher"));
            bindsToFirstCaller = false;
            return this;
        }

        /**
         * Binds the queue to the dispatcher of the first suspending call; see {@link #boundTo}. Until then it is not
         * bound. That call throws {@link IllegalStateException} if its caller has no dispatcher, and
         * {@link IllegalArgumentException} if the dispatcher is {@code Dispatchers.Unconfined}.
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
         * Sets the policy for calls that would block one of the bound dispatcher's threads.
         * {@link BlockingGuard#refuse()}, the default, throws; {@link BlockingGuard#allow()} lets the call wait; your
         * own guard can, for example, log a warning. The guard is never asked about a call that does not need to wait.
         *
         * <p>These threads are recognized:
         *
         * <ul>
         * <li>those of {@code Dispatchers.Main}, and of every dispatcher that needs no dispatch on its own threads;
         * <li>that of a single-threaded executor, once it has run a task after the queue was built or bound;
         * <li>those of an executor with several threads, if this queue has already run a task on them.
         * </ul>
         *
         * <p>These are not, so a call there blocks:
         *
         * <ul>
         * <li>those of {@code Dispatchers.Default} and {@code Dispatchers.IO}, which share their threads;
         * <li>those of {@code runBlocking} and of test dispatchers;
         * <li>those of a view, or of your own dispatcher if it always dispatches.
         * </ul>
         *
         * <p>Threads of a dispatcher that has none of its own may be blocked: those of an executor with a new thread for
         * each task, such as {@code Executors.newVirtualThreadPerTaskExecutor()}, and all threads if
         * {@code UnconfinedTestDispatcher} replaces the main dispatcher.
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
         * Sets whether a platform thread that has to wait spins before it parks; true by default. Spinning makes most
         * hand-overs several times as fast, because parking and waking a thread takes 20 to 100 microseconds. It takes
         * at most 50 microseconds of processor time for each wait, less and less if it rarely helps, and none if there
         * is only one processor. Virtual threads and coroutines never spin.
         *
         * <pre>{@code
         * JanusQueue<Order> frugal =
         *         JanusQueue.<Order>builder().capacity(64).spinning(false).build();
         * }</pre>
         */
        public Builder<E> spinning(boolean spinning) {
            this.spinning = spinning;
            return this;
        }

        /**
         * Gives the queue a name, which {@link JanusQueue#toString()} and metrics show. It need not be unique. By default
         * a queue has none.
         *
         * <pre>{@code
         * JanusQueue<Order> orders =
         *         JanusQueue.<Order>builder().capacity(64).name("orders").build();
         * log(orders.name() + ": " + orders); // orders: JanusQueue[orders, fifo, 0 of 64 elements, open]
         * }</pre>
         *
         * @throws NullPointerException if the name is null
         */
        public Builder<E> name(String name) {
            this.name = requireNonNull(name, "name");
            return this;
        }

        /**
         * Builds the queue.
         *
         * @throws IllegalStateException if the version of kotlinx-coroutines-core on the class path is older than 1.7.3,
         *     which the message names; if no capacity was set; if this builder has already built a queue and no new
         *     order was chosen since; if the overflow is {@code DROP_OLDEST} and the order is not FIFO; or if
         *     {@code onDropped} was set but the overflow is {@code SUSPEND}
         */
        public JanusQueue<E> build() {
            CoroutinesVersion.requireSupported();
            if (capacity == NONE_GIVEN) {
                throw new IllegalStateException("no capacity was set: call capacity(int) or unbounded() first");
            }
            if (store == null) {
                throw new IllegalStateException("this builder has already built its queue: use a new builder");
            }
            if (overflow == BufferOverflow.DROP_OLDEST && !store.isFifo()) {
                throw new IllegalStateException("overflow DROP_OLDEST with the order " + store.order
                        + ": expected fifo, in which the oldest element is the next");
            }
            if (overflow == BufferOverflow.SUSPEND && onDropped != null) {
                throw new IllegalStateException(
                        "onDropped was set, but overflow SUSPEND drops nothing: expected DROP_OLDEST or DROP_LATEST");
            }
            Leases.Settings<E> leases = new Leases.Settings<>(maxAttempts, onDeadLetter, leaseTimeoutMillis);
            Buffer<E> buffer = new Buffer<>(store, capacity, overflow, onDropped, leases, spinning);
            store = null;
            return new JanusQueue<>(buffer, new BoundDispatcher(dispatcher, bindsToFirstCaller, guard), name);
        }

        private static int requireCapacity(int capacity) {
            if (capacity < 0) {
                throw new IllegalArgumentException("capacity " + capacity + ": expected 0 or more");
            }
            return capacity;
        }
    }
}
