package dev.janus;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import kotlin.Unit;
import kotlin.coroutines.Continuation;
import kotlinx.coroutines.channels.ChannelResult;
import kotlinx.coroutines.channels.ReceiveChannel;
import kotlinx.coroutines.channels.SendChannel;
import kotlinx.coroutines.selects.SelectClause1;
import kotlinx.coroutines.selects.SelectClause2;
import org.jspecify.annotations.Nullable;

/**
 * The face of a {@link JanusQueue} for Kotlin coroutines. A method whose last parameter is a {@link Continuation} is a
 * {@code suspend} function to Kotlin 2.0 and newer: {@code receive(c)} is {@code suspend fun receive(): E}.
 *
 * <p><b>Coroutines.</b> Every method may be called from any thread and on any dispatcher. A method that waits suspends,
 * and is resumed on the caller's own dispatcher. It neither blocks nor spins. Coroutines and threads that wait for the
 * same thing wait in one line.
 *
 * <p><b>Order.</b> Waiting sends add their elements in the order in which they began to wait, before any newcomer.
 * Waiting receivers are woken in the order in which they began to wait, each with one element reserved for it. A
 * receiver takes the head of the queue when it runs. So if several receivers run on several threads, their dispatchers
 * decide which of them gets which element.
 *
 * <p><b>Cancellation.</b> Every suspending call checks for cancellation first, and throws
 * {@link java.util.concurrent.CancellationException} if its caller is cancelled: nothing was added or taken. A
 * coroutine that is cancelled while it waits is resumed promptly with that exception, even if an element had just been
 * reserved for it. It has neither added nor taken an element, and the reserved element goes to the next in line, or
 * back to the head of the queue. There is one exception: a send whose element was added before the cancellation returns
 * normally.
 *
 * <p>A timeout <em>around</em> a call ({@code withTimeoutOrNull(100) { queue.receive() }}) can expire after the call
 * has its element and before the block ends; that element is lost. Use the timed calls of this interface: they are
 * exact.
 *
 * <p><b>Shutdown.</b> A call that must succeed ({@code send}, {@code receive}) throws {@link QueueShutdownException}. A
 * call that tries, or gives up after a time, returns false, or null once nothing is left.
 *
 * <p><b>The loop.</b> If the queue is {@linkplain JanusQueue.Builder#boundTo bound} to a dispatcher, suspending calls
 * and clauses of a {@code select} from other dispatchers are refused with {@link IllegalStateException}. Calls that
 * never wait may come from anywhere.
 *
 * <p><b>Java without coroutines.</b> {@link #sendAsync}, {@link #receiveAsync} and {@link #joinAsync} return futures,
 * and {@link #subscribe} calls back. They wait in the same lines. Functions that depend on a future, and callbacks, run
 * on the loop that the queue is bound to; if it is bound to none, on
 * {@link kotlinx.coroutines.Dispatchers#getDefault()}, except that a future whose operation was possible at once is
 * complete when it is returned. Sends are done in the order of the calls. Each receive that waits gets its element when
 * its turn comes on the loop, so on a dispatcher with several threads they may come in another order. (A function
 * chained to a future that is already complete runs at once on the thread that chains it, as {@link CompletableFuture}
 * says.)
 *
 * <p>The future always reflects what happened in the queue. Cancelling it, or completing it from outside, withdraws the
 * operation; if the operation already happened, that does nothing and returns false. So a cancelled future has neither
 * added nor taken an element.
 *
 * <p><b>Memory, null.</b> As on the {@linkplain SyncQueue other face}.
 *
 * <p>In Kotlin:
 *
 * <pre>{@code
 * orders.async().send(order) // suspends for room
 * ship(orders.async().receive()) // suspends for an order
 * orders.async().taskDone()
 * }</pre>
 *
 * <pre>{@code
 * if (!orders.async().send(order, 100, MILLISECONDS)) log("no room for $order")
 * val next = orders.async().receive(100, MILLISECONDS) ?: log("no order came")
 * }</pre>
 *
 * <pre>{@code
 * orders.async().join() // until all orders that were sent are marked as done
 * orders.shutdown()
 * orders.async().awaitTermination() // until nothing is left
 * }</pre>
 *
 * <p>A face that was handed to you alone knows its queue:
 *
 * <pre>{@code
 * if (!face.isShutdown() && face.stats().size() < face.capacity()) log("there is room in ${face.queue()}")
 * face.shutdown() // on both faces
 * }</pre>
 *
 * <p>In Java:
 *
 * <pre>{@code
 * orders.async().sendAsync(order).thenRun(() -> log("in the queue"));
 * orders.async().receiveAsync().thenAccept(Shop::ship).thenRun(orders.async()::taskDone);
 * orders.async().joinAsync().thenRun(orders::shutdown);
 * }</pre>
 *
 * @param <E> the type of the elements
 */
public interface AsyncQueue<E> {

    /**
     * Puts the element in, suspending for room as long as it takes. If it is cancelled before the element was added,
     * the element was not added.
     *
     * @throws NullPointerException if the element is null
     * @throws QueueShutdownException if the queue is shut down before there is room; the element was not added
     * @throws IllegalStateException if the queue is bound to another dispatcher than the caller's
     */
    @Nullable
    Object send(E element, Continuation<? super Unit> continuation);

    /**
     * Puts the element in, suspending for room for at most the given time. A time of zero or less does not suspend. The
     * time is counted in whole milliseconds, rounded up, by the caller's dispatcher (virtual time counts). If it is
     * cancelled before the element was added, the element was not added.
     *
     * <p>Kotlin sees a {@code Boolean}: false if the time passed without room, and at once if the queue is shut down
     * before there is room; the element was then not added.
     *
     * @throws NullPointerException if the element is null
     * @throws IllegalStateException if the queue is bound to another dispatcher than the caller's
     */
    @Nullable
    Object send(E element, long timeout, TimeUnit unit, Continuation<? super Boolean> continuation);

    /**
     * Takes the next element, suspending for one as long as it takes. If it is cancelled, no element was taken.
     *
     * @throws QueueShutdownException if the queue is shut down and nothing is left in it
     * @throws IllegalStateException if the queue is bound to another dispatcher than the caller's
     */
    @Nullable
    Object receive(Continuation<? super E> continuation);

    /**
     * Takes the next element, suspending for one for at most the given time. A time of zero or less does not suspend.
     * The time is counted in whole milliseconds, rounded up, by the caller's dispatcher (virtual time counts). If it is
     * cancelled, no element was taken.
     *
     * <p>Kotlin sees an {@code E?}: null means that nothing was taken, because the time passed or because the queue is
     * shut down and nothing is left in it.
     *
     * @throws IllegalStateException if the queue is bound to another dispatcher than the caller's
     */
    @Nullable
    Object receive(long timeout, TimeUnit unit, Continuation<? super @Nullable E> continuation);

    /**
     * Takes the next element and up to {@code max - 1} more that no other caller waits for, in order, suspending for
     * the first as long as it takes. If it is cancelled, no element was taken.
     *
     * <p>Kotlin sees a {@code List<E>} of at least one and at most {@code max} elements, which the caller owns.
     *
     * <pre>{@code
     * shipAll(orders.async().receiveBatch(100)) // suspends for one order, and takes up to 99 more
     * }</pre>
     *
     * @throws IllegalArgumentException if {@code max} is less than 1
     * @throws QueueShutdownException if the queue is shut down and nothing is left in it
     * @throws IllegalStateException if the queue is bound to another dispatcher than the caller's
     */
    @Nullable
    Object receiveBatch(int max, Continuation<? super List<E>> continuation);

    /**
     * Puts all elements in, in the collection's own order, suspending for room as often as needed. The collection is
     * read once, before the first element is put in. Other callers may put elements in between; but while this call
     * waits, callers that came later wait behind it until all are in.
     *
     * <p>If it is cancelled, or throws, the elements that had been added stay in the queue, and the others stay with
     * the caller. They are added in order; the message of {@link QueueShutdownException} says how many were added. A
     * cancellation that comes when all are added has no effect.
     *
     * <pre>{@code
     * orders.async().sendAll(morningMail()) // suspends for room as often as needed
     * }</pre>
     *
     * @throws NullPointerException if the collection or one of its elements is null; nothing was added
     * @throws QueueShutdownException if the queue is shut down before all have been added
     * @throws IllegalStateException if the queue is bound to another dispatcher than the caller's
     */
    @Nullable
    Object sendAll(Collection<? extends E> elements, Continuation<? super Unit> continuation);

    /**
     * Puts the element in if there is room at once. Never waits.
     *
     * <pre>{@code
     * if (!orders.async().trySend(order)) log("no room for $order")
     * }</pre>
     *
     * @return false if there is no room, or the queue is shut down; the element was not added
     * @throws NullPointerException if the element is null
     */
    boolean trySend(E element);

    /**
     * Takes the next element if one is available. Never waits.
     *
     * <p>With capacity 0 it takes the element of a waiting put. It does not see a {@code select} that waits to send
     * with {@link #getOnSend()}: it cannot wait for the answer of that select. Elements reserved for coroutines that
     * were woken are not available.
     *
     * <pre>{@code
     * orders.async().tryReceive()?.let { order -> ship(order) }
     * }</pre>
     *
     * @return the next element, or null if none is available, shut down or not
     */
    @Nullable
    E tryReceive();

    /**
     * Marks the work on one element that was taken, on either face, as done. Never waits. See
     * {@link SyncQueue#taskDone()}.
     *
     * @throws IllegalStateException if it is called more often than elements were taken
     */
    void taskDone();

    /**
     * Suspends until every element that was put in has been marked as done. Returns at once if that is already so.
     * Cancellation ends the wait and changes nothing. Shutting the queue down does not end this wait, as the work on
     * elements that were taken must still be marked as done.
     *
     * @throws IllegalStateException if the queue is bound to another dispatcher than the caller's
     */
    @Nullable
    Object join(Continuation<? super Unit> continuation);

    /**
     * Suspends until the queue is shut down and everything that was left in it has been taken. Returns at once if that
     * is already so. Cancellation ends the wait and changes nothing.
     *
     * @throws IllegalStateException if the queue is bound to another dispatcher than the caller's
     */
    @Nullable
    Object awaitTermination(Continuation<? super Unit> continuation);

    /**
     * Leases the next element, suspending for one as long as it takes: see {@link Lease}. If it is cancelled, no
     * element was taken. A timeout around this call can lose the lease, which then never ends.
     *
     * <pre>{@code
     * orders.async().receiveLease().use { lease ->
     *     ship(lease.element()) // if this throws, the order goes back to the head of the queue
     *     lease.done()
     * }
     * }</pre>
     *
     * @throws QueueShutdownException if the queue is shut down, nothing is left in it, and no outstanding lease can
     *     return an element
     * @throws IllegalStateException if the queue is bound to another dispatcher than the caller's
     */
    @Nullable
    Object receiveLease(Continuation<? super Lease<E>> continuation);

    /**
     * Returns the clause of a {@code select} that takes the next element.
     *
     * <pre>{@code
     * select {
     *     cancellations.async().onReceive { order -> cancel(order) }
     *     orders.async().onReceive { order -> ship(order) }
     * }
     * }</pre>
     *
     * <p>Janus clauses work in the standard kotlinx {@code select}, and like its own clauses the first one that is
     * ready is chosen. While the select waits, it waits in this queue's line like any receiver. A clause that is not
     * chosen, or whose select is cancelled, takes nothing. Once the queue is shut down and empty, the clause is chosen
     * and the select throws {@link QueueShutdownException}; {@link #getOnReceiveCatching()} does not throw.
     *
     * <p><b>At capacity 0.</b> A select that waits to receive is a receiver, but never the partner of another clause of
     * its own. If it waits at several queues, one put of <em>each</em> may return: each takes it for its receiver. The
     * select takes the element of one; the others stay in their queues, for the next receiver.
     *
     * <p><b>The builder must not throw</b> after it has named a clause. kotlinx then tells nobody that there will be no
     * select: what was reserved for a clause that was ready stays reserved until {@link JanusQueue#shutdownNow()}, and
     * in a queue of capacity 0 one put may succeed for a receiver that does not come.
     */
    SelectClause1<E> getOnReceive();

    /**
     * Like {@link #getOnReceive()}, with the result that kotlinx returns for a channel: once the queue is shut down and
     * empty, the clause is chosen with a closed result, which carries the cause of the shutdown, if any.
     *
     * <pre>{@code
     * select {
     *     orders.async().onReceiveCatching { order ->
     *         order.onSuccess { ship(it) }.onClosed { cause -> log("no more orders: $cause") }
     *     }
     * }
     * }</pre>
     */
    SelectClause1<ChannelResult<E>> getOnReceiveCatching();

    /**
     * Returns the clause of a {@code select} that puts an element in; its block gets this face. A clause that is not
     * chosen, or whose select is cancelled, has not added its element. Once the queue is shut down, the clause is
     * chosen and the select throws {@link QueueShutdownException}; the element was not added.
     *
     * <pre>{@code
     * select {
     *     here.async().onSend(order) { log("sent here") }
     *     there.async().onSend(order) { log("sent there") }
     * }
     * }</pre>
     *
     * <p><b>At capacity 0.</b> The clause is chosen when a receiver waits. {@link SyncQueue#poll()},
     * {@link #tryReceive()} and {@link SyncQueue#drainTo} do not wait, so they never see it: consumers that poll need
     * senders that call {@link #send} or {@link SyncQueue#put}. The clause is never the partner of another clause of
     * its own select. If the receiver leaves before the select runs, the element waits in the queue for the next one.
     *
     * <p>As for {@link #getOnReceive()}, the builder must not throw after it has named this clause: a slot reserved for
     * it would stay reserved.
     */
    SelectClause2<E, AsyncQueue<E>> getOnSend();

    /**
     * Puts the element in as soon as there is room. The call itself never waits.
     *
     * @return a future that is complete when the element is in, and fails with {@link QueueShutdownException} if the
     *     queue is shut down before; the element was then not added
     * @throws NullPointerException if the element is null
     */
    CompletableFuture<@Nullable Void> sendAsync(E element);

    /**
     * Takes the next element as soon as there is one. The call itself never waits.
     *
     * <p>If elements are already there and the queue is not bound, a function that is chained to the future runs at
     * once, on the calling thread; a function that calls this method again nests as deep as there are elements. Use
     * {@link #subscribe} to take elements one after the other.
     *
     * <pre>{@code
     * CompletableFuture<Order> next = orders.async().receiveAsync();
     * if (next.cancel(false)) {
     *     log("no order was taken");
     * } else {
     *     next.thenAccept(Shop::ship); // it was there already
     * }
     * }</pre>
     *
     * @return a future of the element, which fails with {@link QueueShutdownException} if the queue is shut down and
     *     nothing is left in it, or with {@link java.util.concurrent.CancellationException} if the loop is closed; no
     *     element was then taken
     */
    CompletableFuture<E> receiveAsync();

    /**
     * Completes a future when every element that was put in has been marked as done; see {@link #join}. The call itself
     * never waits.
     *
     * @return a future that fails with {@link java.util.concurrent.CancellationException} if the loop is closed
     */
    CompletableFuture<@Nullable Void> joinAsync();

    /**
     * Passes every element to a callback, one at a time. The next element is taken when the callback has returned: none
     * is taken in advance. Never waits. If you use {@link SyncQueue#join()}, call {@link #taskDone()} when an element
     * is done.
     *
     * <p>While a callback runs, its element is on {@link Lease lease}: after {@link JanusQueue#shutdown()} the queue does
     * not terminate before the callback has returned, so the callback must not wait for that. If the callback throws, its
     * element returns to the head of the queue. Several subscriptions share the elements.
     *
     * <p>The subscription ends when the queue is shut down and nothing is left in it, when a callback throws, or when
     * it is closed. Closing it never waits and may be done more than once: then no further element is taken, and
     * neither callback is called any more, except for a call that has begun, or is about to, on another thread. If
     * {@code onElement} throws after the subscription was closed, the failure goes to the thread's uncaught exception
     * handler.
     *
     * <pre>{@code
     * AutoCloseable subscription = orders.async().subscribe(Shop::ship, Shop::logEnd);
     * // ... and when no more orders are wanted:
     * subscription.close();
     * }</pre>
     *
     * @param onElement called with each element
     * @param onEnd called once at the end, unless the subscription was closed: with null if the queue was shut down,
     *     with the cause given to the shutdown, with what {@code onElement} threw, or with a
     *     {@link java.util.concurrent.CancellationException} if the loop is closed. What it throws goes to the thread's
     *     uncaught exception handler
     * @return closes the subscription
     * @throws NullPointerException if a callback is null
     */
    AutoCloseable subscribe(Consumer<? super E> onElement, Consumer<? super @Nullable Throwable> onEnd);

    /**
     * Returns a view of this queue as a channel to send to, for code that demands one. It calls the queue itself,
     * {@code onSend} included; there is no coroutine or buffer in between.
     *
     * <p>Its {@code close} is {@link JanusQueue#shutdownAfterPuts()}: as in kotlinx, senders that wait still get in.
     * After the end it throws what a channel throws: the cause of the shutdown, or
     * {@link kotlinx.coroutines.channels.ClosedSendChannelException}.
     *
     * <pre>{@code
     * val channel: SendChannel<Order> = orders.async().asSendChannel()
     * channel.trySend(order).onFailure { log("no room for $order") }
     * }</pre>
     */
    SendChannel<E> asSendChannel();

    /**
     * Returns a view of this queue as a channel to receive from, for code that demands one. It calls the queue itself,
     * {@code onReceive} included; there is no coroutine or buffer in between.
     *
     * <p>Its {@code cancel} shuts the queue down, without a cause, and calls of this view that begin afterwards take
     * nothing and throw the reason given. What is left stays in the
     * queue, to be taken by others or handed back by {@link JanusQueue#shutdownNow()}: unlike a channel it drops
     * nothing. After the end it throws what a channel throws: the cause of the shutdown, or
     * {@link kotlinx.coroutines.channels.ClosedReceiveChannelException}.
     *
     * <pre>{@code
     * val channel: ReceiveChannel<Order> = orders.async().asReceiveChannel()
     * for (order in channel) ship(order)
     * }</pre>
     */
    ReceiveChannel<E> asReceiveChannel();

    /** Returns the queue that this is a face of. Never waits. */
    JanusQueue<E> queue();

    /** Returns how many elements the queue may hold; see {@link JanusQueue#capacity()}. */
    default int capacity() {
        return queue().capacity();
    }

    /** Returns one consistent snapshot of all counts; see {@link JanusQueue#stats()}. */
    default QueueStats stats() {
        return queue().stats();
    }

    /** Refuses elements from now on, on both faces; see {@link JanusQueue#shutdown()}. Never waits. */
    default void shutdown() {
        queue().shutdown();
    }

    /** Returns true once the queue was shut down; see {@link JanusQueue#isShutdown()}. */
    default boolean isShutdown() {
        return queue().isShutdown();
    }
}
