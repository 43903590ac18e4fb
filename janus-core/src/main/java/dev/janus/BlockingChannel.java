package dev.janus;

import static java.util.Objects.requireNonNull;

import java.util.Iterator;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import kotlin.Unit;
import kotlinx.coroutines.CoroutineDispatcher;
import kotlinx.coroutines.channels.Channel;
import kotlinx.coroutines.channels.ReceiveChannel;
import kotlinx.coroutines.channels.SendChannel;
import org.jspecify.annotations.Nullable;

/**
 * Blocking calls for threads on a kotlinx channel that already exists: one of {@code produce} or {@code produceIn}, of an
 * actor, of another library. They go straight to the channel's own {@code send} and {@code receive}, and block nothing
 * but the calling thread.
 *
 * <pre>{@code
 * try (BlockingChannel<Order> orders = BlockingChannel.of(channel)) {
 *     for (Order order : orders) { // ends when the channel is closed
 *         ship(order);
 *     }
 * }
 * }</pre>
 *
 * <pre>{@code
 * BlockingChannel<Order> orders = BlockingChannel.of(channel);
 * Order first = orders.take(); // waits for one
 * Order second = orders.poll(100, MILLISECONDS); // null if none came
 * Order third = orders.poll(); // null if none was there
 * }</pre>
 *
 * <pre>{@code
 * BlockingChannel<Order> orders = BlockingChannel.of(channel);
 * orders.put(order); // waits for room
 * if (!orders.offer(order) && !orders.offer(order, 100, MILLISECONDS)) {
 *     log("no room for " + order);
 * }
 * }</pre>
 *
 * <p>Order, capacity, overflow and the fairness of waiting are the channel's. If the channel can only be received from, the
 * calls that put throw {@link UnsupportedOperationException}; if it can only be sent to, the calls that take do. For a new
 * queue, use a {@link JanusQueue}, which can do more.
 *
 * <p><b>Exact.</b> A call that times out or is interrupted has neither added nor taken an element. (If the element was
 * passed at the last moment, the call returns normally, and the thread's interrupt status is set.) A channel with an
 * {@code onUndeliveredElement} function calls it with the element of a put that gave up while it waited, as for every
 * cancelled send.
 *
 * <p><b>Closed.</b> Once the channel is closed, a put throws {@link QueueShutdownException}, and so does a take when nothing
 * is left; the exception's cause is the one that the channel was closed or cancelled with, if any. A waiting put fails
 * within about 10 milliseconds after the channel is closed, even if nothing receives any more, and has not added its
 * element.
 *
 * <p><b>Bound.</b> A call on an event loop's own thread that waits for a coroutine of that loop would wait forever. {@link
 * #boundTo(CoroutineDispatcher)} returns an object that refuses such calls.
 *
 * <p>Every method may be called from any thread. The channel's elements may not be null.
 *
 * @param <E> the type of the elements
 */
public final class BlockingChannel<E> implements Iterable<E>, AutoCloseable {
    private static final BoundDispatcher UNBOUND = new BoundDispatcher(null, false, BlockingGuard.allow());

    private final @Nullable SendChannel<? super E> sending;
    private final @Nullable ReceiveChannel<? extends E> receiving;
    private final BoundDispatcher loop;

    private BlockingChannel(
            @Nullable SendChannel<? super E> sending,
            @Nullable ReceiveChannel<? extends E> receiving,
            BoundDispatcher loop) {
        this.sending = sending;
        this.receiving = receiving;
        this.loop = loop;
    }

    /** Blocking calls on a channel that sends and receives. */
    public static <E> BlockingChannel<E> of(Channel<E> channel) {
        requireNonNull(channel, "channel");
        return new BlockingChannel<>(channel, channel, UNBOUND);
    }

    /** Blocking calls that put into a channel. */
    public static <E> BlockingChannel<E> of(SendChannel<? super E> channel) {
        return new BlockingChannel<>(requireNonNull(channel, "channel"), null, UNBOUND);
    }

    /** Blocking calls that take from a channel. */
    public static <E> BlockingChannel<E> of(ReceiveChannel<? extends E> channel) {
        return new BlockingChannel<>(null, requireNonNull(channel, "channel"), UNBOUND);
    }

    /**
     * Returns blocking calls on the same channel that are refused where they would block the dispatcher: a call that would
     * have to wait on one of its threads throws {@link IllegalStateException}, and has then neither added nor taken an
     * element. {@link #boundTo(CoroutineDispatcher, BlockingGuard)} says which threads are known. Never waits.
     *
     * <pre>{@code
     * BlockingChannel<Order> orders = BlockingChannel.of(channel).boundTo(Dispatchers.getMain());
     * BlockingChannel<Order> warning = BlockingChannel.of(channel).boundTo(loop, call -> log(call));
     * }</pre>
     *
     * @throws IllegalArgumentException if it is {@code Dispatchers.Unconfined}, which has no thread
     * @throws NullPointerException if the dispatcher is null
     */
    public BlockingChannel<E> boundTo(CoroutineDispatcher dispatcher) {
        return boundTo(dispatcher, BlockingGuard.refuse());
    }

    /**
     * Returns blocking calls on the same channel that ask the guard where they would block the dispatcher. The guard is
     * called on the thread that would have to wait, and may refuse, allow or warn. It is never asked about a call that need
     * not wait, as one on a closed channel. Never waits. This object does not change, and if it is bound to a dispatcher
     * itself, the new one is not.
     *
     * <p>Bind the channel where the coroutines at its other end run on the dispatcher. The guard knows the same threads as
     * that of a {@linkplain JanusQueue.Builder#blockingGuard queue}, but of an executor of several threads at most one. It
     * knows the thread of an executor once that has run a task after this call, so bind the channel once, and not for each
     * call.
     *
     * @throws IllegalArgumentException if the dispatcher is {@code Dispatchers.Unconfined}, which has no thread
     * @throws NullPointerException if the dispatcher or the guard is null
     */
    public BlockingChannel<E> boundTo(CoroutineDispatcher dispatcher, BlockingGuard guard) {
        CoroutineDispatcher loop = BoundDispatcher.requireLoop(requireNonNull(dispatcher, "dispatcher"));
        return new BlockingChannel<>(
                sending, receiving, new BoundDispatcher(loop, false, requireNonNull(guard, "guard")));
    }

    /**
     * Puts the element in, waiting for room, or in a rendezvous channel for a receiver, as long as it takes.
     *
     * @throws InterruptedException if interrupted before or while waiting; the element was not added
     * @throws QueueShutdownException if the channel is closed before there is room; the element was not added
     * @throws IllegalStateException if it would have to wait on a thread that its {@linkplain #boundTo guard} refuses to
     *     block; the element was not added
     * @throws UnsupportedOperationException if the channel only receives
     */
    public void put(E element) throws InterruptedException {
        if (!offer(element, Parker.FOREVER, "put()")) {
            throw CoroutineBridge.refusal(sending(), element);
        }
    }

    /**
     * Puts the element in if the channel takes it at once. Never waits.
     *
     * @return false if there is no room, or the channel is closed; the element was not added
     * @throws UnsupportedOperationException if the channel only receives
     */
    public boolean offer(E element) {
        return CoroutineBridge.offer(sending(), requireNonNull(element, "element"));
    }

    /**
     * Puts the element in, waiting for room for at most the given time. A time of zero or less does not wait.
     *
     * @return false if the time passed without room, and at once if the channel is closed before there is room; the element
     *     was not added
     * @throws InterruptedException if interrupted before or while waiting; the element was not added
     * @throws IllegalStateException if it would have to wait on a thread that its {@linkplain #boundTo guard} refuses to
     *     block; the element was not added
     * @throws UnsupportedOperationException if the channel only receives
     */
    public boolean offer(E element, long timeout, TimeUnit unit) throws InterruptedException {
        return offer(element, unit.toNanos(timeout), "offer()");
    }

    private boolean offer(E element, long nanos, String call) throws InterruptedException {
        SyncFace.throwIfInterrupted();
        if (offer(element)) {
            return true;
        }
        if (nanos <= 0) {
            return false;
        }
        if (loop.isCurrentThread() && !sending().isClosedForSend()) {
            loop.refuseToBlock(call, "the channel's suspending send()");
        }
        return send(element, nanos);
    }

    /** Whether the channel took the element before the time passed, and before the channel was closed. */
    private boolean send(E element, long nanos) throws InterruptedException {
        SendChannel<? super E> channel = sending();
        BlockingContinuation<Unit> wait = new BlockingContinuation<>();
        try {
            return wait.await(waiting -> channel.send(element, waiting), nanos, channel::isClosedForSend) != null;
        } catch (Throwable e) {
            if (channel.isClosedForSend() && !wait.wasInterrupted()) {
                return false;
            }
            throw CoroutineBridge.rethrown(e);
        }
    }

    /**
     * Takes the next element, waiting for one as long as it takes.
     *
     * @throws InterruptedException if interrupted before or while waiting; no element was taken
     * @throws QueueShutdownException if the channel is closed and nothing is left in it, or cancelled
     * @throws IllegalStateException if it would have to wait on a thread that its {@linkplain #boundTo guard} refuses to
     *     block; no element was taken
     * @throws UnsupportedOperationException if the channel only sends
     */
    public E take() throws InterruptedException {
        return requireNonNull(receive(Parker.FOREVER, "take()"));
    }

    /**
     * Takes the next element if there is one. Never waits.
     *
     * @return null if there is none, closed or not
     * @throws UnsupportedOperationException if the channel only sends
     */
    public @Nullable E poll() {
        return CoroutineBridge.poll(receiving());
    }

    /**
     * Takes the next element, waiting for one for at most the given time. A time of zero or less does not wait.
     *
     * @return null if the time passed without an element, and at once if the channel is closed and nothing is left in it
     * @throws InterruptedException if interrupted before or while waiting; no element was taken
     * @throws IllegalStateException if it would have to wait on a thread that its {@linkplain #boundTo guard} refuses to
     *     block; no element was taken
     * @throws UnsupportedOperationException if the channel only sends
     */
    public @Nullable E poll(long timeout, TimeUnit unit) throws InterruptedException {
        try {
            return receive(unit.toNanos(timeout), "poll()");
        } catch (QueueShutdownException e) {
            return null;
        }
    }

    private @Nullable E receive(long nanos, String call) throws InterruptedException {
        SyncFace.throwIfInterrupted();
        E element = poll();
        if (element != null || nanos <= 0) {
            return element;
        }
        ReceiveChannel<? extends E> channel = receiving();
        if (loop.isCurrentThread() && !channel.isClosedForReceive()) {
            loop.refuseToBlock(call, "the channel's suspending receive()");
        }
        BlockingContinuation<E> wait = new BlockingContinuation<>();
        try {
            return wait.await(channel::receive, nanos, null);
        } catch (Throwable e) {
            if (channel.isClosedForReceive() && !wait.wasInterrupted()) {
                throw CoroutineBridge.endOf(channel);
            }
            throw CoroutineBridge.rethrown(e);
        }
    }

    /**
     * The elements still to come, each taken as the iteration reaches it, as {@link SyncQueue#untilShutdown()} does: it ends
     * when the channel is closed and nothing is left. If the channel was closed with a cause, or cancelled, it throws
     * {@link QueueShutdownException} with that cause. If the thread is interrupted, it takes nothing, leaves the interrupt
     * status set and throws {@link CancellationException}. If it would have to wait on a thread that its
     * {@linkplain #boundTo guard} refuses to block, it takes nothing and throws {@link IllegalStateException}; it can go on
     * when there is an element, or on another thread.
     *
     * @throws UnsupportedOperationException if the channel only sends
     */
    @Override
    public Iterator<E> iterator() {
        receiving();
        return BlockingIterator.<E>iterable(this::take).iterator();
    }

    /**
     * Closes the channel: no more elements are put in, and what is in it can still be taken. A channel that only receives is
     * cancelled, which drops what is in it. Never waits; a second call changes nothing.
     */
    @Override
    public void close() {
        if (sending != null) {
            sending.close(null);
        } else {
            receiving().cancel((CancellationException) null);
        }
    }

    private SendChannel<? super E> sending() {
        if (sending == null) {
            throw new UnsupportedOperationException(
                    "expected a channel that sends, but " + receiving + " only receives");
        }
        return sending;
    }

    private ReceiveChannel<? extends E> receiving() {
        if (receiving == null) {
            throw new UnsupportedOperationException("expected a channel that receives, but " + sending + " only sends");
        }
        return receiving;
    }

    /** Names the channel, and the loop that it is bound to, if any. */
    @Override
    public String toString() {
        return "BlockingChannel[" + (sending != null ? sending : receiving)
                + (loop.isBound() ? ", bound to " + loop.dispatcher() : "") + "]";
    }
}
