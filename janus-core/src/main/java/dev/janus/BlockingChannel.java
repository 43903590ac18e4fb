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
 * Lets threads block on an existing kotlinx channel, for example one made by {@code produce}, {@code produceIn}, an
 * actor or another library. Its methods call the channel's own {@code send} and {@code receive}, and block only the
 * calling thread.
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
 * <p>The channel determines the order, the capacity, the overflow and the fairness. If it is only a
 * {@link ReceiveChannel}, methods that put throw {@link UnsupportedOperationException}; if it is only a
 * {@link SendChannel}, methods that take throw it. For a new queue, use {@link JanusQueue}, which can do more.
 *
 * <p><b>Timeouts and interruption.</b> A call that times out or is interrupted has neither added nor taken an element.
 * If the element was passed just before, the call returns normally; after an interrupt, the thread's interrupt status
 * is then set. If a waiting put gives up, the channel calls its {@code onUndeliveredElement} function with the element,
 * as for every cancelled send.
 *
 * <p><b>Closing.</b> Once the channel is closed, a put throws {@link QueueShutdownException}; so does a take once the
 * channel is empty. The exception has the cause with which the channel was closed or cancelled, if any. A waiting put
 * fails within about 10 milliseconds after the channel was closed, even if nothing receives any more; its element was
 * not added.
 *
 * <p><b>Bound channels.</b> If a thread of an event loop waits here for a coroutine of the same loop, it waits forever.
 * {@link #boundTo(CoroutineDispatcher)} returns an object that refuses such calls.
 *
 * <p>All methods may be called from any thread. The channel's elements may not be null.
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

    /**
     * Returns blocking calls on a channel that sends and receives. Never waits.
     *
     * @throws NullPointerException if the channel is null
     */
    public static <E> BlockingChannel<E> of(Channel<E> channel) {
        requireNonNull(channel, "channel");
        return new BlockingChannel<>(channel, channel, UNBOUND);
    }

    /**
     * Returns blocking calls that put elements into a channel. Never waits.
     *
     * @throws NullPointerException if the channel is null
     */
    public static <E> BlockingChannel<E> of(SendChannel<? super E> channel) {
        return new BlockingChannel<>(requireNonNull(channel, "channel"), null, UNBOUND);
    }

    /**
     * Returns blocking calls that take elements from a channel. Never waits.
     *
     * @throws NullPointerException if the channel is null
     */
    public static <E> BlockingChannel<E> of(ReceiveChannel<? extends E> channel) {
        return new BlockingChannel<>(null, requireNonNull(channel, "channel"), UNBOUND);
    }

    /**
     * Returns blocking calls on the same channel that must not block the dispatcher's threads. Never waits.
     *
     * <p>A call that would have to wait on one of these threads throws {@link IllegalStateException}, and has neither
     * added nor taken an element. See {@link #boundTo(CoroutineDispatcher, BlockingGuard)} for which threads are
     * recognized.
     *
     * <pre>{@code
     * BlockingChannel<Order> orders = BlockingChannel.of(channel).boundTo(Dispatchers.getMain());
     * BlockingChannel<Order> warning = BlockingChannel.of(channel).boundTo(loop, call -> log(call));
     * }</pre>
     *
     * @throws NullPointerException if the dispatcher is null
     * @throws IllegalArgumentException if the dispatcher is {@code Dispatchers.Unconfined}, which has no threads
     */
    public BlockingChannel<E> boundTo(CoroutineDispatcher dispatcher) {
        return boundTo(dispatcher, BlockingGuard.refuse());
    }

    /**
     * Returns blocking calls on the same channel that ask the guard before they block one of the dispatcher's threads.
     * Never waits. This object does not change; if it was bound to another dispatcher, the new object is not.
     *
     * <p>Bind the channel to the dispatcher on which the coroutines at its other end run. The guard is called on the
     * thread that would have to wait, and may refuse, allow or warn. It is never asked about a call that does not need
     * to wait, for example on a closed channel.
     *
     * <p>The guard recognizes the same threads as that of a {@linkplain JanusQueue.Builder#blockingGuard queue}, except
     * that it recognizes at most one thread of an executor with several. It recognizes an executor's thread once the
     * executor has run a task after this call. So bind the channel once, and not before each call.
     *
     * @throws NullPointerException if the dispatcher or the guard is null
     * @throws IllegalArgumentException if the dispatcher is {@code Dispatchers.Unconfined}, which has no threads
     */
    public BlockingChannel<E> boundTo(CoroutineDispatcher dispatcher, BlockingGuard guard) {
        CoroutineDispatcher loop = BoundDispatcher.requireLoop(requireNonNull(dispatcher, "dispatcher"));
        return new BlockingChannel<>(
                sending, receiving, new BoundDispatcher(loop, false, requireNonNull(guard, "guard")));
    }

    /**
     * Adds the element, waiting until there is room or, in a rendezvous channel, a receiver.
     *
     * <p>If the thread is interrupted, or the channel is closed before there is room, the element was not added.
     *
     * @throws NullPointerException if the element is null
     * @throws InterruptedException if interrupted before or while waiting; the element was not added
     * @throws QueueShutdownException if the channel is closed before there is room; the element was not added
     * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the
     *     {@linkplain #boundTo guard} refuses it; the element was not added
     * @throws UnsupportedOperationException if the channel is only a {@link ReceiveChannel}
     */
    public void put(E element) throws InterruptedException {
        if (!offer(element, Parker.FOREVER, "put()")) {
            throw CoroutineBridge.refusal(sending(), element);
        }
    }

    /**
     * Adds the element if there is room. Never waits.
     *
     * @return false if there is no room or the channel is closed; the element was not added
     * @throws NullPointerException if the element is null
     * @throws UnsupportedOperationException if the channel is only a {@link ReceiveChannel}
     */
    public boolean offer(E element) {
        return CoroutineBridge.offer(sending(), requireNonNull(element, "element"));
    }

    /**
     * Adds the element, waiting up to the given time until there is room. Does not wait if the time is zero or less.
     *
     * <p>If the thread is interrupted, the element was not added. If the channel is closed before there is room,
     * returns false within about 10 milliseconds.
     *
     * @return false if the time elapsed or the channel was closed before there was room; the element was not added
     * @throws NullPointerException if the element or the unit is null
     * @throws InterruptedException if interrupted before or while waiting; the element was not added
     * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the
     *     {@linkplain #boundTo guard} refuses it; the element was not added
     * @throws UnsupportedOperationException if the channel is only a {@link ReceiveChannel}
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

    /** Returns true if the channel accepted the element before the time elapsed and before the channel was closed. */
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
     * Takes the next element, waiting until one is available.
     *
     * <p>If the thread is interrupted, no element was taken. After the channel was closed, it returns the elements that
     * are left, and then throws.
     *
     * @throws InterruptedException if interrupted before or while waiting; no element was taken
     * @throws QueueShutdownException if the channel is closed and empty, or cancelled
     * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the
     *     {@linkplain #boundTo guard} refuses it; no element was taken
     * @throws UnsupportedOperationException if the channel is only a {@link SendChannel}
     */
    public E take() throws InterruptedException {
        return requireNonNull(receive(Parker.FOREVER, "take()"));
    }

    /**
     * Takes the next element if one is available. Never waits.
     *
     * @return the next element, or null if none is available, whether or not the channel is closed
     * @throws UnsupportedOperationException if the channel is only a {@link SendChannel}
     */
    public @Nullable E poll() {
        return CoroutineBridge.poll(receiving());
    }

    /**
     * Takes the next element, waiting up to the given time until one is available. Does not wait if the time is zero or
     * less.
     *
     * <p>If the thread is interrupted, no element was taken. If the channel is closed and empty, returns null at once.
     *
     * @return the next element, or null if the time elapsed or the channel is closed and empty; no element was then
     *     taken
     * @throws NullPointerException if the unit is null
     * @throws InterruptedException if interrupted before or while waiting; no element was taken
     * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the
     *     {@linkplain #boundTo guard} refuses it; no element was taken
     * @throws UnsupportedOperationException if the channel is only a {@link SendChannel}
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
     * Returns an iterator that takes each element from the channel as the iteration reaches it, waiting if necessary,
     * until the channel is closed and empty.
     *
     * <p>{@link Iterator#hasNext()} waits for an element and takes it; {@link Iterator#next()} returns it. Calling
     * {@code hasNext()} without {@code next()} loses an element.
     *
     * <p><b>Interruption.</b> If the thread is interrupted before or while {@code hasNext} waits, it throws
     * {@link CancellationException}. No element was taken, and the interrupt status stays set.
     *
     * <p><b>Closing.</b> The iteration ends when the channel is closed and empty. If the channel was closed with a
     * cause, or cancelled, {@code hasNext} throws {@link QueueShutdownException} with that cause instead.
     *
     * <p><b>Bound channels.</b> If {@code hasNext} would block a thread of the bound dispatcher and the
     * {@linkplain #boundTo guard} refuses it, it throws {@link IllegalStateException}; no element was taken. The
     * iteration can continue when an element is available, or on another thread.
     *
     * @throws UnsupportedOperationException if the channel is only a {@link SendChannel}
     */
    @Override
    public Iterator<E> iterator() {
        receiving();
        return BlockingIterator.<E>iterable(this::take).iterator();
    }

    /**
     * Closes the channel: no more elements can be added, and those in the channel can still be taken. If it is only a
     * {@link ReceiveChannel}, cancels it instead, which drops the elements in it. Never waits. Further calls have no
     * effect.
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

    /** Describes the channel, and the dispatcher that it is bound to, if any, for logging. */
    @Override
    public String toString() {
        return "BlockingChannel[" + (sending != null ? sending : receiving)
                + (loop.isBound() ? ", bound to " + loop.dispatcher() : "") + "]";
    }
}
