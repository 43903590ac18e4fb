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
 * The face of a {@link JanusQueue} for Kotlin coroutines. A method whose last parameter is a
 * {@link Continuation} is a {@code suspend} function to Kotlin 2.0 and newer: {@code receive(c)} is
 * {@code suspend fun receive(): E}.
 *
 * <p><b>Coroutines.</b> Every method may be called from any thread and on any dispatcher. A method that
 * waits suspends and is resumed on the caller's own dispatcher. Coroutines and threads that wait for
 * the same thing stand in one line, in the order in which they began to wait.
 *
 * <p><b>Cancellation.</b> Every suspending call looks at its caller's job first, and fails with
 * {@link java.util.concurrent.CancellationException} if it is cancelled: nothing was added or taken. A coroutine that is
 * cancelled while it waits is resumed promptly with that exception, even if an element had just been reserved for it: the
 * element goes to the next in line, or back to the head of the queue, and the coroutine has neither added nor taken an
 * element. There is one exception: a send whose element was put in before the cancellation returns normally.
 *
 * <p><b>Order.</b> The elements of sends that wait are put in, in the order in which those began to wait, before that of any
 * newcomer. Receivers that wait are woken in the order in which they began to wait, each with one element reserved for it;
 * a receiver takes the head of the queue when it runs. So where several receivers run on several threads, which of
 * them gets which element depends on their dispatchers.
 *
 * <p>A timeout <em>around</em> a call ({@code withTimeoutOrNull(100) { queue.receive() }}) can strike
 * after the call has its element and before the block ends, and then that element is lost with the
 * block. Use the timed calls of this interface: they are exact.
 *
 * <p><b>The loop.</b> If the queue is {@linkplain JanusQueue.Builder#boundTo bound} to a dispatcher, a suspending call,
 * or a clause of a {@code select}, from another one is refused with {@link IllegalStateException}. The calls that never
 * wait may come from anywhere.
 *
 * <p><b>Java without coroutines.</b> {@link #sendAsync}, {@link #receiveAsync} and {@link #joinAsync} return futures, and
 * {@link #subscribe} calls back. Their waits stand in the same lines. What depends on them runs on the loop that the
 * queue is bound to; if it is bound to none, on {@link kotlinx.coroutines.Dispatchers#getDefault()}, except that a future
 * whose operation was possible at once is complete when it is returned. Sends are done in the order of the calls; of
 * several receives that wait, each gets its element when its turn comes on the loop, which on a dispatcher of several threads
 * may be in another order. (A function that is chained to a future that is
 * complete already runs at once on the thread that chains it, as {@link CompletableFuture} says.) Nobody else speaks for
 * such a future: cancelling it, or completing it from outside, ends the wait if the operation is not yet done, and else
 * does nothing and returns false. So a future that was cancelled has neither added nor taken an element.
 *
 * <p><b>Memory, order, null.</b> As on the {@linkplain SyncQueue other face}.
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
     * Puts the element in, suspending for room as long as it takes. If it is cancelled while suspended,
     * the element was not added.
     *
     * @throws NullPointerException if the element is null
     * @throws QueueShutdownException if the queue is shut down before there is room; the element was
     *     not added
     */
    @Nullable
    Object send(E element, Continuation<? super Unit> continuation);

    /**
     * Puts the element in, suspending for room for at most the given time, counted in whole
     * milliseconds, rounded up, by the caller's dispatcher (virtual time counts). A time of zero or less
     * does not suspend. If it is cancelled while suspended, the element was not added.
     *
     * <p>Kotlin sees a {@code Boolean}: false if the time passed without room, and at once if the queue is shut down before
     * there is room; the element was then not added.
     *
     * @throws NullPointerException if the element is null
     */
    @Nullable
    Object send(E element, long timeout, TimeUnit unit, Continuation<? super Boolean> continuation);

    /**
     * Takes the next element, suspending for one as long as it takes. If it is cancelled while
     * suspended, no element was taken.
     *
     * @throws QueueShutdownException if the queue is shut down and nothing is left in it
     */
    @Nullable
    Object receive(Continuation<? super E> continuation);

    /**
     * Takes the next element, suspending for one for at most the given time, counted in whole
     * milliseconds, rounded up, by the caller's dispatcher (virtual time counts). A time of zero or less
     * does not suspend. If it is cancelled while suspended, no element was taken.
     *
     * <p>Kotlin sees an {@code E?}: null means exactly that nothing was taken, because the time passed
     * or because the queue is shut down and nothing is left in it.
     */
    @Nullable
    Object receive(long timeout, TimeUnit unit, Continuation<? super @Nullable E> continuation);

    /**
     * Suspends for one element, then takes it and what else is there, in order, up to {@code max}
     * elements that nobody else waits for. If it is cancelled while suspended, no element was taken.
     *
     * <p>Kotlin sees a {@code List<E>} of at least one and at most {@code max} elements, the caller's
     * own.
     *
     * <pre>{@code
     * shipAll(orders.async().receiveBatch(100)) // suspends for one order, and takes up to 99 more
     * }</pre>
     *
     * @throws IllegalArgumentException if {@code max} is less than 1
     * @throws QueueShutdownException if the queue is shut down and nothing is left in it
     */
    @Nullable
    Object receiveBatch(int max, Continuation<? super List<E>> continuation);

    /**
     * Puts all elements in, in the collection's own order, suspending for room as often as needed. The
     * collection is read once, before the first element is put in. Others may put their elements in
     * between; but while it waits, those who came later wait behind it until all are in.
     *
     * <p>When it is cancelled while suspended, or throws, the elements that had been added stay in the
     * queue and the others stay with the caller. They are added in order; the message of
     * {@link QueueShutdownException} says how many were.
     *
     * <pre>{@code
     * orders.async().sendAll(morningMail()) // suspends for room as often as needed
     * }</pre>
     *
     * @throws NullPointerException if the collection or one of its elements is null; nothing was added
     * @throws QueueShutdownException if the queue is shut down before all have been added
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
     * Takes the next element if one is available. Never waits. With capacity 0 it takes the element of a put that waits, but
     * not that of a {@code select} with {@link #getOnSend()}, whose answer it cannot await.
     *
     * <pre>{@code
     * orders.async().tryReceive()?.let { order -> ship(order) }
     * }</pre>
     *
     * @return the next element, or null if none is available, shut down or not; elements reserved for coroutines that were
     *     woken are not
     */
    @Nullable
    E tryReceive();

    /**
     * Says that the work on one element that was taken, on either face, is done. Never waits. See
     * {@link SyncQueue#taskDone()}.
     *
     * @throws IllegalStateException if it is called more often than elements were taken
     */
    void taskDone();

    /**
     * Suspends until every element that was put in has been marked as done. Returns at once if that is
     * so already. Cancellation ends the wait and changes nothing. Shutting the queue down does not end
     * this wait: the work on elements that were taken must still be marked as done.
     */
    @Nullable
    Object join(Continuation<? super Unit> continuation);

    /**
     * Suspends until the queue is shut down and everything that was left in it has been taken. Returns
     * at once if that is so already. Cancellation ends the wait and changes nothing.
     */
    @Nullable
    Object awaitTermination(Continuation<? super Unit> continuation);

    /**
     * Takes the next element on trial, suspending for one as long as it takes: see {@link Lease}. If it is cancelled while
     * suspended, no element was taken.
     *
     * <pre>{@code
     * orders.async().receiveLease().use { lease ->
     *     ship(lease.element()) // if this throws, the order goes back to the head of the queue
     *     lease.done()
     * }
     * }</pre>
     *
     * @throws QueueShutdownException if the queue is shut down, nothing is left in it, and no lease may yet be given back
     */
    @Nullable
    Object receiveLease(Continuation<? super Lease<E>> continuation);

    /**
     * The clause of a {@code select} that takes the next element. Kotlin writes:
     *
     * <pre>{@code
     * select {
     *     cancellations.async().onReceive { order -> cancel(order) }
     *     orders.async().onReceive { order -> ship(order) }
     * }
     * }</pre>
     *
     * <p>It stands beside the clauses of kotlinx.coroutines, and like them it is chosen first if it is named first. While
     * the select waits, it stands in this queue's line as any receiver does. A clause that is not chosen, or whose select
     * is cancelled, takes nothing. The builder of the select must not throw after it has named a clause, for kotlinx then
     * tells nobody that there will be no select: what was promised to a clause that was ready stays in the queue, out of reach
     * of receivers, until {@link JanusQueue#shutdownNow()}, and in a queue of capacity 0 one put may succeed for a receiver that
     * does not come.
     *
     * <p>Once the queue is shut down and empty, the clause is chosen and the select throws {@link QueueShutdownException};
     * {@link #getOnReceiveCatching()} does not throw.
     */
    SelectClause1<E> getOnReceive();

    /**
     * Like {@link #getOnReceive()}, with the result that kotlinx.coroutines gives of a channel: once the queue is shut down
     * and empty, the clause is chosen with a closed result, which carries the cause of the shutdown, if any.
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
     * The clause of a {@code select} that puts an element in; its block gets this face. A clause that is not chosen, or whose select is cancelled, has not added its element.
     * In a queue of capacity 0 the element is put in when a receiver waits for it; should that receiver leave before the
     * select runs, the element waits in the queue for the next one. (So it does if the receiver is another clause of the
     * same select.)
     *
     * <p>Once the queue is shut down, the clause is chosen and the select throws {@link QueueShutdownException}; the element
     * was not added. As for {@link #getOnReceive()}, the builder must not throw afterwards; a slot
     * that was promised to the clause would stay promised.
     *
     * <pre>{@code
     * select {
     *     here.async().onSend(order) { log("sent here") }
     *     there.async().onSend(order) { log("sent there") }
     * }
     * }</pre>
     */
    SelectClause2<E, AsyncQueue<E>> getOnSend();

    /**
     * Puts the element in as soon as there is room. The call itself never waits.
     *
     * @return a future that is complete when the element is in, and fails with {@link QueueShutdownException} if the queue
     *     is shut down before; the element was then not added
     * @throws NullPointerException if the element is null
     */
    CompletableFuture<@Nullable Void> sendAsync(E element);

    /**
     * Takes the next element as soon as there is one. The call itself never waits.
     *
     * <p>Where elements are there already and the queue is not bound, a function that is chained to the future runs at once, on
     * the calling thread; one that calls this method again nests as deep as there are elements. Use {@link #subscribe} to take
     * one after the other.
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
     * @return a future of the element, which fails with {@link QueueShutdownException} if the queue is shut down and nothing
     *     is left in it, or {@link java.util.concurrent.CancellationException} if the loop is closed; no element was then
     *     taken
     */
    CompletableFuture<E> receiveAsync();

    /**
     * Waits until every element that was put in has been marked as done; see {@link #join}. The call itself never waits.
     *
     * @return a future that is complete when that is so, or fails with {@link java.util.concurrent.CancellationException} if
     *     the loop is closed
     */
    CompletableFuture<@Nullable Void> joinAsync();

    /**
     * Passes every element to a callback, one after the other, each when the callback has returned from the one before: it
     * takes no element in advance. Who uses {@link SyncQueue#join()} calls {@link #taskDone()} when an element is done.
     *
     * <p>The subscription ends when the queue is shut down and nothing is left in it, when a callback throws, or when it is
     * closed. If the callback throws, its element goes back to the head of the queue (and what it threw goes to the thread's
     * uncaught exception handler, if the subscription was closed meanwhile). Several subscriptions share the
     * elements.
     *
     * <p>While a callback runs, its element is on {@link Lease lease}: the queue does not terminate before the callback has
     * returned, so the callback must not wait for that.
     *
     * <p>Closing it never waits and may be done more than once: then no further element is taken, and neither callback is
     * called any more, except for a call that has begun, or is about to, on another thread.
     *
     * <pre>{@code
     * AutoCloseable subscription = orders.async().subscribe(Shop::ship, Shop::logEnd);
     * // ... and when no more orders are wanted:
     * subscription.close();
     * }</pre>
     *
     * @param onElement gets each element
     * @param onEnd called once at the end, unless the subscription was closed: with null if the queue was shut down, with the
     *     cause given to the shutdown, with what {@code onElement} threw, or with a
     *     {@link java.util.concurrent.CancellationException} if the loop is closed. What it throws goes to the thread's uncaught
     *     exception handler
     * @return closes the subscription
     */
    AutoCloseable subscribe(Consumer<? super E> onElement, Consumer<? super @Nullable Throwable> onEnd);

    /**
     * Returns this queue as a channel to send to, for code that demands one. It is a view that calls the queue itself, its
     * {@code onSend} included; several views are one and the same.
     *
     * <p>Its {@code close} is {@link JanusQueue#shutdownAfterPuts()}: as in kotlinx.coroutines, senders that wait still get in.
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
     * Returns this queue as a channel to receive from, for code that demands one. It is a view that calls the queue itself, its
     * {@code onReceive} included.
     *
     * <p>Its {@code cancel} shuts the queue down, and from then on this view takes nothing. What is left stays in the queue, for
     * others to take or {@link JanusQueue#shutdownNow()} to hand back: unlike a channel it drops nothing. After the end it
     * throws what a channel throws: the cause of the shutdown, or
     * {@link kotlinx.coroutines.channels.ClosedReceiveChannelException}.
     *
     * <pre>{@code
     * val channel: ReceiveChannel<Order> = orders.async().asReceiveChannel()
     * for (order in channel) ship(order)
     * }</pre>
     */
    ReceiveChannel<E> asReceiveChannel();

    /** Returns the queue that this is a face of. */
    JanusQueue<E> queue();

    /** Returns how many elements the queue may hold; see {@link JanusQueue#capacity()}. */
    int capacity();

    /** Returns one consistent snapshot of all counts; see {@link JanusQueue#stats()}. */
    QueueStats stats();

    /** Refuses elements from now on, on both faces; see {@link JanusQueue#shutdown()}. Never waits. */
    void shutdown();

    /** Returns true once the queue was shut down; see {@link JanusQueue#isShutdown()}. */
    boolean isShutdown();
}
