package dev.janus;

import static java.util.Objects.requireNonNull;

import java.util.Iterator;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import kotlin.Unit;
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
 * <p>It offers what the channel can do and no more: order, capacity and overflow are the channel's, and whether those that
 * wait are served in order. Of a channel that only receives, the calls that put throw
 * {@link UnsupportedOperationException}, and the other way round. Whoever makes a queue anew has more of a
 * {@link JanusQueue}.
 *
 * <p><b>Exact.</b> A call that times out or is interrupted has neither added nor taken an element. (If the element went
 * over at the last moment, the call returns normally, and the thread's interrupt status is set.) A channel that has an {@code onUndeliveredElement}
 * function passes it the element of a put that gave up while it waited, as it does for every send that is cancelled.
 *
 * <p><b>Closed.</b> Once the channel is closed, a put throws {@link QueueShutdownException}, and so does a take when nothing
 * is left; the exception's cause is the one that the channel was closed or cancelled with, if any. A put that waits is
 * released within about 10 milliseconds after the channel is closed, even if nobody receives any more, and has then not
 * added its element.
 *
 * <p>Every method may be called from any thread. The channel's elements may not be null.
 *
 * @param <E> the type of the elements
 */
public final class BlockingChannel<E> implements Iterable<E>, AutoCloseable {
    private final @Nullable SendChannel<? super E> sending;
    private final @Nullable ReceiveChannel<? extends E> receiving;

    private BlockingChannel(@Nullable SendChannel<? super E> sending, @Nullable ReceiveChannel<? extends E> receiving) {
        this.sending = sending;
        this.receiving = receiving;
    }

    /** Blocking calls on a channel that sends and receives. */
    public static <E> BlockingChannel<E> of(Channel<E> channel) {
        requireNonNull(channel, "channel");
        return new BlockingChannel<>(channel, channel);
    }

    /** Blocking calls that put into a channel. */
    public static <E> BlockingChannel<E> of(SendChannel<? super E> channel) {
        return new BlockingChannel<>(requireNonNull(channel, "channel"), null);
    }

    /** Blocking calls that take from a channel. */
    public static <E> BlockingChannel<E> of(ReceiveChannel<? extends E> channel) {
        return new BlockingChannel<>(null, requireNonNull(channel, "channel"));
    }

    /**
     * Puts the element in, waiting for room, or in a rendezvous channel for a receiver, as long as it takes.
     *
     * @throws InterruptedException if interrupted before or while waiting; the element was not added
     * @throws QueueShutdownException if the channel is closed before there is room; the element was not added
     * @throws UnsupportedOperationException if the channel only receives
     */
    public void put(E element) throws InterruptedException {
        offer(element, Parker.FOREVER, TimeUnit.NANOSECONDS);
    }

    /**
     * Puts the element in if the channel takes it at once. Never waits.
     *
     * @return false if there is no room; the element was not added
     * @throws QueueShutdownException if the channel is closed; the element was not added
     * @throws UnsupportedOperationException if the channel only receives
     */
    public boolean offer(E element) {
        return CoroutineBridge.offer(sending(), requireNonNull(element, "element"));
    }

    /**
     * Puts the element in, waiting for room for at most the given time. A time of zero or less does not wait.
     *
     * @return false if the time passed without room; the element was not added
     * @throws InterruptedException if interrupted before or while waiting; the element was not added
     * @throws QueueShutdownException if the channel is closed before there is room; the element was not added
     * @throws UnsupportedOperationException if the channel only receives
     */
    public boolean offer(E element, long timeout, TimeUnit unit) throws InterruptedException {
        long nanos = unit.toNanos(timeout);
        SyncFace.throwIfInterrupted();
        if (offer(element)) {
            return true;
        }
        return nanos > 0 && (send(element, nanos) || (sending().isClosedForSend() && offer(element)));
    }

    /** Whether the channel took the element before the time passed, and before the channel was closed. */
    private boolean send(E element, long nanos) throws InterruptedException {
        SendChannel<? super E> channel = sending();
        BlockingContinuation<Unit> wait = new BlockingContinuation<>();
        try {
            return wait.await(waiting -> channel.send(element, waiting), nanos, channel::isClosedForSend) != null;
        } catch (Throwable e) {
            if (channel.isClosedForSend() && !wait.wasInterrupted()) {
                return false; // the caller asks again, and is told so
            }
            throw CoroutineBridge.rethrown(e);
        }
    }

    /**
     * Takes the next element, waiting for one as long as it takes.
     *
     * @throws InterruptedException if interrupted before or while waiting; no element was taken
     * @throws QueueShutdownException if the channel is closed and nothing is left in it, or cancelled
     * @throws UnsupportedOperationException if the channel only sends
     */
    public E take() throws InterruptedException {
        return requireNonNull(receive(Parker.FOREVER));
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
     * @throws UnsupportedOperationException if the channel only sends
     */
    public @Nullable E poll(long timeout, TimeUnit unit) throws InterruptedException {
        try {
            return receive(unit.toNanos(timeout));
        } catch (QueueShutdownException e) {
            return null;
        }
    }

    private @Nullable E receive(long nanos) throws InterruptedException {
        SyncFace.throwIfInterrupted();
        E element = poll();
        if (element != null || nanos <= 0) {
            return element;
        }
        ReceiveChannel<? extends E> channel = receiving();
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
     * status set and throws {@link CancellationException}.
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

    /** Names the channel. */
    @Override
    public String toString() {
        return "BlockingChannel[" + (sending != null ? sending : receiving) + "]";
    }
}
