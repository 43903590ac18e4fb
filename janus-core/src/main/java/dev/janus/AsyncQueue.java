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
 * The face of a {@link JanusQueue} for Kotlin coroutines. Kotlin 2.0 and newer sees a method whose last parameter is a
 * {@link Continuation} as a {@code suspend} function: {@code receive(c)} is {@code suspend fun receive(): E}.
 *
 * <p><b>Coroutines.</b> All methods may be called from any thread and on any dispatcher. A method that waits suspends,
 * and resumes on the caller's own dispatcher. It neither blocks nor spins. Coroutines and threads waiting for the same
 * condition wait in one line.
 *
 * <p><b>Order.</b> Waiting sends add their elements in the order in which they began to wait, before any newcomer.
 * Waiting receivers are woken in the order in which they began to wait, each with one element reserved for it. A
 * receiver takes the head of the queue when it runs, so if several receivers run on several threads, their dispatchers
 * decide which of them gets which element.
 *
 * <p><b>Cancellation.</b> Every suspending method checks for cancellation first, and then throws
 * {@link java.util.concurrent.CancellationException} without adding or taking anything. A coroutine that is cancelled
 * while it waits resumes promptly with that exception, even if an element was just reserved for it. It has neither
 * added nor taken an element; the reserved element goes to the next receiver in line, or stays at the head of the
 * queue. There is one exception: a send whose element was added before the cancellation returns normally.
 *
 * <p>A timeout <em>around</em> a call ({@code withTimeoutOrNull(100) { queue.receive() }}) can expire after the call
 * has taken its element and before the block ends; that element is lost. Use the timed methods of this interface
 * instead: they are exact.
 *
 * <p><b>Shutdown.</b> Methods that must succeed ({@code send}, {@code receive}) throw {@link QueueShutdownException}.
 * Methods that only try, or give up after a time, return false, or null once the queue is empty.
 *
 * <p><b>Bound queues.</b> If the queue is {@linkplain JanusQueue.Builder#boundTo bound} to a dispatcher, suspending
 * calls and {@code select} clauses from another dispatcher throw {@link IllegalStateException}. Methods that never wait
 * may be called from anywhere. If there are always elements or room, so that no call has to wait, a suspending call that
 * finds that coroutines have kept the dispatcher's thread for 2 to 4 ms yields first, so that other tasks run.
 *
 * <p><b>Null.</b> Elements may not be null: a null element is rejected with {@link NullPointerException}. A null result
 * of {@code tryReceive} or the timed {@code receive} means that nothing was taken.
 *
 * <p><b>Java without coroutines.</b> {@link #sendAsync}, {@link #receiveAsync} and {@link #joinAsync} return futures,
 * and {@link #subscribe} takes callbacks. They wait in the same lines.
 *
 * <p>Callbacks and the functions that depend on a future run on the dispatcher that the queue is bound to. If it is not
 * bound, they run on {@link kotlinx.coroutines.Dispatchers#getDefault()}; if the operation was possible at once, the
 * future is already complete when it is returned. (As {@link CompletableFuture} specifies, a function chained to a
 * complete future runs at once, on the thread that chains it.)
 *
 * <p>Sends are done in the order of the calls. A receive that waits gets its element when its task runs on the
 * dispatcher, so on a dispatcher with several threads, futures may complete in another order.
 *
 * <p>The future always reflects what happened in the queue. Cancelling it, or completing it from outside, withdraws the
 * operation; if the operation already happened, this has no effect and returns false. So a cancelled future has neither
 * added nor taken an element.
 *
 * <p><b>Memory.</b> Actions in a thread or coroutine before it adds an element happen-before actions after that element
 * is taken, on either face.
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
 * <p>Code that was given only this face can still reach the queue:
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
     * Adds the element, suspending until there is room.
     *
     * <p><b>Waiting.</b> Suspends without a time limit. With capacity 0 it waits for a receiver. A queue that
     * {@linkplain JanusQueue.Builder#overflow drops} elements when full never makes a send wait.
     *
     * <p><b>Cancellation.</b> If the coroutine is cancelled before the call or while suspended, throws
     * {@link java.util.concurrent.CancellationException} promptly; the element was not added. If the element was added
     * before the cancellation, returns normally.
     *
     * <p><b>Shutdown.</b> Throws {@link QueueShutdownException} if the queue is shut down before there is room; the
     * element was not added. A send that is already waiting when {@link JanusQueue#shutdownAfterPuts()} is called still
     * adds its element.
     *
     * @throws NullPointerException if the element is null
     * @throws java.util.concurrent.CancellationException if cancelled before or while suspended; the element was not
     *     added
     * @throws QueueShutdownException if the queue is shut down before there is room; the element was not added
     * @throws IllegalStateException if the queue is bound to another dispatcher than the caller's; the element was not
     *     added
     */
    @Nullable
    Object send(E element, Continuation<? super Unit> continuation);

    /**
     * Adds the element, suspending up to the given time until there is room. Does not suspend if the time is zero or
     * less.
     *
     * <p>The caller's dispatcher measures the time, in whole milliseconds, rounded up; in tests, virtual time counts.
     * If the coroutine is cancelled before the element was added, the element was not added; if it was added first, the
     * call returns normally. If the queue is shut down before there is room, returns false at once.
     *
     * <p>Kotlin sees a {@code Boolean}: false if the time elapsed or the queue was shut down before there was room; the
     * element was not added.
     *
     * @throws NullPointerException if the element is null
     * @throws java.util.concurrent.CancellationException if cancelled before or while suspended; the element was not
     *     added
     * @throws IllegalStateException if the queue is bound to another dispatcher than the caller's; the element was not
     *     added
     */
    @Nullable
    Object send(E element, long timeout, TimeUnit unit, Continuation<? super Boolean> continuation);

    /**
     * Takes the next element, suspending until one is available.
     *
     * <p><b>Waiting.</b> Suspends without a time limit. Waiting receivers are woken in the order in which they began to
     * wait, each with one element reserved for it. A receiver takes the head of the queue when it runs.
     *
     * <p><b>Cancellation.</b> If the coroutine is cancelled before the call or while suspended, throws
     * {@link java.util.concurrent.CancellationException} promptly; no element was taken. If an element was already
     * reserved for it, that element goes to the next receiver in line, or stays at the head of the queue.
     *
     * <p><b>Shutdown.</b> After {@link JanusQueue#shutdown()} it returns the elements that are left. Once the queue is
     * empty, throws {@link QueueShutdownException}; while a {@link Lease} may still return its element, suspends until
     * it does. {@link JanusQueue#shutdownNow()} releases waiting receivers at once, including those that were woken and
     * have not run yet.
     *
     * @throws java.util.concurrent.CancellationException if cancelled before or while suspended; no element was taken
     * @throws QueueShutdownException if the queue is shut down and empty
     * @throws IllegalStateException if the queue is bound to another dispatcher than the caller's; no element was taken
     */
    @Nullable
    Object receive(Continuation<? super E> continuation);

    /**
     * Takes the next element, suspending up to the given time until one is available. Does not suspend if the time is
     * zero or less.
     *
     * <p>The caller's dispatcher measures the time, in whole milliseconds, rounded up; in tests, virtual time counts.
     * If the coroutine is cancelled, no element was taken. If the queue is shut down and empty, returns null at once.
     *
     * <p>Kotlin sees an {@code E?}: null if the time elapsed or the queue is shut down and empty; no element was then
     * taken.
     *
     * @throws java.util.concurrent.CancellationException if cancelled before or while suspended; no element was taken
     * @throws IllegalStateException if the queue is bound to another dispatcher than the caller's; no element was taken
     */
    @Nullable
    Object receive(long timeout, TimeUnit unit, Continuation<? super @Nullable E> continuation);

    /**
     * Takes the next element, suspending until one is available, and up to {@code max - 1} more that no other caller is
     * waiting for.
     *
     * <p>The elements are in the queue's order. If the coroutine is cancelled, no element was taken. After shutdown it
     * returns the elements that are left, and then throws.
     *
     * <p>Kotlin sees a {@code List<E>} of 1 to {@code max} elements, which the caller owns.
     *
     * <pre>{@code
     * shipAll(orders.async().receiveBatch(100)) // suspends for one order, and takes up to 99 more
     * }</pre>
     *
     * @throws IllegalArgumentException if {@code max} is less than 1
     * @throws java.util.concurrent.CancellationException if cancelled before or while suspended; no element was taken
     * @throws QueueShutdownException if the queue is shut down and empty
     * @throws IllegalStateException if the queue is bound to another dispatcher than the caller's; no element was taken
     */
    @Nullable
    Object receiveBatch(int max, Continuation<? super List<E>> continuation);

    /**
     * Takes the next elements, suspending until one is available, and then for up to the given time until there are
     * {@code max}. Returns as soon as there are; after that time, returns what there is.
     *
     * <p>Until it returns, the elements stay in the queue, where they are reserved for this call. If the coroutine is
     * cancelled, no element was taken: they go to the next in line, or stay at the head of the queue. While the call waits
     * for more, it is first in line; other receivers wait behind it. Reserved elements take up no room, so a batch may be
     * larger than the capacity. If the caller gives up, the queue may hold more than its capacity for a while; with
     * {@code DROP_OLDEST}, the next put then drops what is too much.
     *
     * <p>The caller's dispatcher measures the time, in whole milliseconds, rounded up. It begins when the coroutine runs
     * after the first element was reserved. With a time of zero or less, this is {@link #receiveBatch(int,
     * Continuation)}. After shutdown it does not wait for more, but returns the elements that are left, and then throws.
     *
     * <p>Kotlin sees a {@code List<E>} of 1 to {@code max} elements in the queue's order, which the caller owns.
     *
     * <pre>{@code
     * shipAll(orders.async().receiveBatch(100, 50, MILLISECONDS)) // waits 50 ms for more than one
     * }</pre>
     *
     * <p>If the dispatcher is an executor that is shut down and drops its timers, the elements stay reserved until the
     * coroutine is cancelled or the queue is shut down.
     *
     * @throws IllegalArgumentException if {@code max} is less than 1
     * @throws java.util.concurrent.CancellationException if cancelled before or while suspended; no element was taken
     * @throws QueueShutdownException if the queue is shut down and empty
     * @throws IllegalStateException if the queue is bound to another dispatcher than the caller's; no element was taken
     */
    @Nullable
    Object receiveBatch(int max, long linger, TimeUnit unit, Continuation<? super List<E>> continuation);

    /**
     * Takes up to {@code max} elements that are available now, and that no other caller is waiting for. Never waits.
     *
     * <pre>{@code
     * shipAll(orders.async().tryReceiveBatch(100)) // perhaps none
     * }</pre>
     *
     * @return 0 to {@code max} elements in the queue's order, in a list that the caller owns
     * @throws IllegalArgumentException if {@code max} is less than 1
     */
    List<E> tryReceiveBatch(int max);

    /**
     * Adds all elements in the collection's order, suspending for room as often as needed.
     *
     * <p>The collection is read once, before the first element is added. Other callers' elements may come in between;
     * but once this call waits, callers that arrive later wait behind it until all its elements are added.
     *
     * <p>If this method throws because of a cancellation or a shutdown, the elements added so far stay in the queue and
     * the rest stay with the caller. They are added in order, and the message of {@link QueueShutdownException} says
     * how many were added. A cancellation after the last element was added has no effect.
     *
     * <pre>{@code
     * orders.async().sendAll(morningMail()) // suspends for room as often as needed
     * }</pre>
     *
     * @throws NullPointerException if the collection or one of its elements is null; nothing was added
     * @throws java.util.concurrent.CancellationException if cancelled before or while suspended
     * @throws QueueShutdownException if the queue is shut down before all elements are added
     * @throws IllegalStateException if the queue is bound to another dispatcher than the caller's; nothing was added
     */
    @Nullable
    Object sendAll(Collection<? extends E> elements, Continuation<? super Unit> continuation);

    /**
     * Adds the element if there is room. Never waits.
     *
     * <pre>{@code
     * if (!orders.async().trySend(order)) log("no room for $order")
     * }</pre>
     *
     * @return false if there is no room or the queue is shut down; the element was not added
     * @throws NullPointerException if the element is null
     */
    boolean trySend(E element);

    /**
     * Adds the collection's elements, in its order, as long as there is room. Never waits. After shutdown, adds nothing. If
     * a comparator throws, the elements before that one stay in the queue.
     *
     * <pre>{@code
     * val mail = morningMail()
     * val added = orders.async().trySendAll(mail)
     * keepForLater(mail.drop(added))
     * }</pre>
     *
     * @return the number of elements that were added; the others stay with the caller
     * @throws NullPointerException if the collection or one of its elements is null; nothing was added
     */
    int trySendAll(Collection<? extends E> elements);

    /**
     * Takes the next element if one is available. Never waits. Elements reserved for woken coroutines are not
     * available.
     *
     * <p>With capacity 0 it takes the element of a waiting put. It ignores a {@code select} that waits to send with
     * {@link #getOnSend()}, as it cannot wait for that select's choice, and a caller that waits in {@code reserve}.
     *
     * <pre>{@code
     * orders.async().tryReceive()?.let { order -> ship(order) }
     * }</pre>
     *
     * @return the next element, or null if none is available, whether or not the queue is shut down
     */
    @Nullable
    E tryReceive();

    /**
     * Marks the work on one element taken from either face as done. Never waits. See {@link SyncQueue#taskDone()}.
     *
     * @throws IllegalStateException if called more often than elements were taken
     */
    void taskDone();

    /**
     * Suspends until every element that was added has been marked as done. Returns at once if that is already so.
     *
     * <p>Elements added while it waits must be done too. But it returns as soon as nothing is unfinished, so if
     * producers may still add elements, wait for the producers first. Cancellation ends the wait and changes nothing in
     * the queue. Shutdown does not end this wait: elements that were taken must still be marked as done.
     *
     * @throws java.util.concurrent.CancellationException if cancelled before or while suspended
     * @throws IllegalStateException if the queue is bound to another dispatcher than the caller's
     */
    @Nullable
    Object join(Continuation<? super Unit> continuation);

    /**
     * Suspends until the queue is {@linkplain JanusQueue#isTerminated() terminated}: shut down, with nothing left to
     * take. Returns at once if that is already so. Cancellation ends the wait and changes nothing in the queue.
     *
     * @throws java.util.concurrent.CancellationException if cancelled before or while suspended
     * @throws IllegalStateException if the queue is bound to another dispatcher than the caller's
     */
    @Nullable
    Object awaitTermination(Continuation<? super Unit> continuation);

    /**
     * Reserves room for one element, suspending until there is some. Waits in one line with the sends, so room is granted
     * in the order in which callers began to wait. After {@link JanusQueue#shutdownAfterPuts()}, a call that is already
     * waiting still gets its room.
     *
     * <p>If the coroutine is cancelled while it waits, nothing was reserved. A timeout <em>around</em> this call can lose
     * the permit, which then never ends: use {@link #reserve(long, TimeUnit, Continuation)}.
     *
     * <p>Kotlin sees a {@code Permit<E>}, which must be used or closed.
     *
     * <pre>{@code
     * val permit = orders.async().reserve() // suspends for room
     * permit.use { it.put(nextOrder()) } // does not suspend; if nextOrder() throws, the next in line gets the room
     * }</pre>
     *
     * @throws java.util.concurrent.CancellationException if cancelled before or while suspended; nothing was reserved
     * @throws QueueShutdownException if the queue is shut down before there is room
     * @throws IllegalStateException if the queue is bound to another dispatcher than the caller's; nothing was reserved
     */
    @Nullable
    Object reserve(Continuation<? super Permit<E>> continuation);

    /**
     * Reserves room for one element, suspending up to the given time until there is some. Does not suspend if the time is
     * zero or less.
     *
     * <p>The caller's dispatcher measures the time, in whole milliseconds, rounded up; in tests, virtual time counts. If
     * the coroutine is cancelled, nothing was reserved.
     *
     * <p>Kotlin sees a {@code Permit<E>?}: null if the time elapsed or the queue was shut down before there was room.
     *
     * <pre>{@code
     * orders.async().reserve(1, SECONDS)?.use { permit -> permit.put(nextOrder()) }
     * }</pre>
     *
     * @throws java.util.concurrent.CancellationException if cancelled before or while suspended; nothing was reserved
     * @throws IllegalStateException if the queue is bound to another dispatcher than the caller's; nothing was reserved
     */
    @Nullable
    Object reserve(long timeout, TimeUnit unit, Continuation<? super @Nullable Permit<E>> continuation);

    /**
     * Reserves room for one element if there is some. Never waits.
     *
     * <pre>{@code
     * orders.async().tryReserve()?.use { permit -> permit.put(nextOrder()) }
     * }</pre>
     *
     * @return a permit for one element, or null if there is no room or the queue is shut down
     */
    @Nullable
    Permit<E> tryReserve();

    /**
     * Suspends until {@link #tryReceive()} would return an element, and takes none. If several coroutines or threads take
     * elements, another may take it first. As nothing is taken, a timeout around this call is safe.
     *
     * <pre>{@code
     * orders.async().awaitNotEmpty()
     * openWarehouse() // not before there is an order
     * shipAll(orders.async().tryReceiveBatch(100))
     * }</pre>
     *
     * @throws java.util.concurrent.CancellationException if cancelled before or while suspended
     * @throws QueueShutdownException if the queue has {@linkplain JanusQueue#isTerminated() terminated}
     * @throws IllegalStateException if the queue is bound to another dispatcher than the caller's
     */
    @Nullable
    Object awaitNotEmpty(Continuation<? super Unit> continuation);

    /**
     * Leases the next element, suspending until one is available. The element returns to the head of the queue if the
     * lease is closed before the work on it is {@linkplain Lease#done() done}.
     *
     * <p>If the coroutine is cancelled while it waits, no element was taken. A timeout <em>around</em> this call can
     * lose the lease, which then never ends. After shutdown it leases the elements that are left, and then throws.
     *
     * <pre>{@code
     * orders.async().receiveLease().use { lease ->
     *     ship(lease.element()) // if this throws, the order goes back to the head of the queue
     *     lease.done()
     * }
     * }</pre>
     *
     * @throws java.util.concurrent.CancellationException if cancelled before or while suspended; no element was taken
     * @throws QueueShutdownException if the queue is shut down and empty, and no outstanding lease can return an
     *     element
     * @throws IllegalStateException if the queue is bound to another dispatcher than the caller's; no element was taken
     */
    @Nullable
    Object receiveLease(Continuation<? super Lease<E>> continuation);

    /**
     * Leases the next element, suspending up to the given time until one is available. Does not suspend if the time is
     * zero or less.
     *
     * <p>The caller's dispatcher measures the time, in whole milliseconds, rounded up; in tests, virtual time counts.
     * If the coroutine is cancelled, no element was taken. If the queue is shut down and empty, and no outstanding lease
     * can return an element, returns null at once.
     *
     * <p>Kotlin sees a {@code Lease<E>?}: null if the time elapsed or the queue is shut down and empty; no element was
     * then taken.
     *
     * <pre>{@code
     * orders.async().receiveLease(1, SECONDS)?.use { lease ->
     *     ship(lease.element())
     *     lease.done()
     * }
     * }</pre>
     *
     * @throws java.util.concurrent.CancellationException if cancelled before or while suspended; no element was taken
     * @throws IllegalStateException if the queue is bound to another dispatcher than the caller's; no element was taken
     */
    @Nullable
    Object receiveLease(long timeout, TimeUnit unit, Continuation<? super @Nullable Lease<E>> continuation);

    /**
     * Leases the next element if one is available. Never waits.
     *
     * <pre>{@code
     * orders.async().tryReceiveLease()?.use { lease ->
     *     ship(lease.element())
     *     lease.done()
     * }
     * }</pre>
     *
     * @return the lease, or null if no element is available, whether or not the queue is shut down
     */
    @Nullable
    Lease<E> tryReceiveLease();

    /**
     * Leases the next element, suspending until one is available, and up to {@code max - 1} more that no other caller is
     * waiting for. Each element has a lease of its own. Those that are not done return to the head of the queue when the
     * batch is closed.
     *
     * <p>If the coroutine is cancelled while it waits, no element was taken. A timeout <em>around</em> this call can
     * lose the leases. After shutdown it leases the elements that are left, and then throws.
     *
     * <p>Kotlin sees a {@link LeaseBatch} of 1 to {@code max} leases.
     *
     * <pre>{@code
     * orders.async().receiveLeaseBatch(100).use { batch ->
     *     shipAll(batch.elements()) // if this throws, all orders go back to the head of the queue
     *     batch.done()
     * }
     * }</pre>
     *
     * @throws IllegalArgumentException if {@code max} is less than 1
     * @throws java.util.concurrent.CancellationException if cancelled before or while suspended; no element was taken
     * @throws QueueShutdownException if the queue is shut down and empty, and no outstanding lease can return an
     *     element
     * @throws IllegalStateException if the queue is bound to another dispatcher than the caller's; no element was taken
     */
    @Nullable
    Object receiveLeaseBatch(int max, Continuation<? super LeaseBatch<E>> continuation);

    /**
     * Leases the next elements, suspending until one is available, and then for up to the given time until there are
     * {@code max}; see {@link #receiveBatch(int, long, TimeUnit, Continuation)}. If the coroutine is cancelled, no
     * element was taken.
     *
     * <pre>{@code
     * orders.async().receiveLeaseBatch(100, 50, MILLISECONDS).use { batch ->
     *     shipAll(batch.elements())
     *     batch.done()
     * }
     * }</pre>
     *
     * @throws IllegalArgumentException if {@code max} is less than 1
     * @throws java.util.concurrent.CancellationException if cancelled before or while suspended; no element was taken
     * @throws QueueShutdownException if the queue is shut down and empty, and no outstanding lease can return an
     *     element
     * @throws IllegalStateException if the queue is bound to another dispatcher than the caller's; no element was taken
     */
    @Nullable
    Object receiveLeaseBatch(int max, long linger, TimeUnit unit, Continuation<? super LeaseBatch<E>> continuation);

    /**
     * Returns a {@code select} clause that takes the next element.
     *
     * <pre>{@code
     * select {
     *     cancellations.async().onReceive { order -> cancel(order) }
     *     orders.async().onReceive { order -> ship(order) }
     * }
     * }</pre>
     *
     * <p><b>Waiting.</b> Janus clauses work in the standard kotlinx {@code select}: the first clause that is ready is
     * chosen. While the select waits, it waits in this queue's line like any receiver.
     *
     * <p><b>Cancellation.</b> A clause that is not chosen, or whose select is cancelled, takes nothing. An element
     * reserved for it goes to the next receiver in line, or stays in the queue.
     *
     * <p><b>Shutdown.</b> Once the queue is shut down and empty, the clause is chosen and the select throws
     * {@link QueueShutdownException}. {@link #getOnReceiveCatching()} does not throw.
     *
     * <p><b>Capacity 0.</b> A select that waits to receive counts as a receiver, but is never matched with a clause of
     * its own. If it waits at several queues, <em>each</em> of them may let one put return. The select takes one of
     * these elements; the others stay in their queues for the next receiver.
     *
     * <p><b>Exceptions in the builder.</b> The builder of the select must not throw after it has named a clause.
     * kotlinx does not notify clauses of such a failure, so an element reserved for it stays reserved until
     * {@link JanusQueue#shutdownNow()}. With capacity 0, one put may also return although no receiver follows.
     *
     * <p><b>Bound queues.</b> The select throws {@link IllegalStateException} if the queue is bound to another
     * dispatcher than the caller's.
     */
    SelectClause1<E> getOnReceive();

    /**
     * Like {@link #getOnReceive()}, but passes the block a kotlinx {@link ChannelResult}. Once the queue is shut down
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
     * Returns a {@code select} clause that adds an element, which may not be null. Its block gets this face.
     *
     * <pre>{@code
     * select {
     *     here.async().onSend(order) { log("sent here") }
     *     there.async().onSend(order) { log("sent there") }
     * }
     * }</pre>
     *
     * <p><b>Waiting.</b> The clause is ready when there is room. While the select waits, it waits in this queue's line
     * like any sender.
     *
     * <p><b>Cancellation.</b> A clause that is not chosen, or whose select is cancelled, does not add its element.
     *
     * <p><b>Shutdown.</b> Once the queue is shut down, the clause is chosen and the select throws
     * {@link QueueShutdownException}; the element was not added.
     *
     * <p><b>Capacity 0.</b> The clause is ready when a receiver waits. {@link SyncQueue#poll()}, {@link #tryReceive()}
     * and {@link SyncQueue#drainTo} do not wait, so they never see it: consumers that poll need senders that call
     * {@link #send} or {@link SyncQueue#put}. The clause is never matched with a receiving clause of its own select. If
     * the receiver leaves before the select runs, the element waits in the queue for the next one.
     *
     * <p><b>Exceptions in the builder.</b> As for {@link #getOnReceive()}, the builder of the select must not throw
     * after it has named this clause: a slot reserved for it would stay reserved.
     *
     * <p><b>Bound queues.</b> The select throws {@link IllegalStateException} if the queue is bound to another
     * dispatcher than the caller's.
     */
    SelectClause2<E, AsyncQueue<E>> getOnSend();

    /**
     * Adds the element as soon as there is room. Never waits itself. Cancelling the future withdraws the element; if it
     * was already added, {@code cancel} returns false. If the bound dispatcher is closed, the element is still added
     * when its turn comes.
     *
     * @return a future that completes when the element has been added. It fails with {@link QueueShutdownException} if
     *     the queue is shut down first; the element was then not added
     * @throws NullPointerException if the element is null
     */
    CompletableFuture<@Nullable Void> sendAsync(E element);

    /**
     * Takes the next element as soon as one is available. Never waits itself. Cancelling the future withdraws the call;
     * if an element was already taken, {@code cancel} returns false.
     *
     * <p>If an element is available and the queue is not bound, functions chained to the future run at once on the
     * calling thread. If such a function calls this method again, the calls nest as deep as there are elements. Use
     * {@link #subscribe} to take one element after the other.
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
     * @return a future of the element. It fails with {@link QueueShutdownException} if the queue is shut down and
     *     empty, or with {@link java.util.concurrent.CancellationException} if the bound dispatcher is closed; no
     *     element was then taken
     */
    CompletableFuture<E> receiveAsync();

    /**
     * Returns a future that completes when every element that was added has been marked as done; see {@link #join}.
     * Never waits itself.
     *
     * @return a future that fails with {@link java.util.concurrent.CancellationException} if the bound dispatcher is
     *     closed
     */
    CompletableFuture<@Nullable Void> joinAsync();

    /**
     * Calls {@code onElement} with each element of the queue, one at a time. Never waits itself.
     *
     * <p>The next element is taken only after the callback has returned. Several subscriptions share the elements. If
     * you use {@link SyncQueue#join()}, call {@link #taskDone()} when the work on an element is done. A task on the
     * dispatcher handles elements for up to 4 ms; then other tasks have their turn.
     *
     * <p><b>Failure.</b> The element is on {@linkplain Lease lease} while its callback runs. If the callback throws,
     * the element returns to the head of the queue, and the subscription ends.
     *
     * <p><b>Shutdown.</b> The subscription ends when the queue is shut down and empty. The queue does not terminate
     * before a running callback has returned, so the callback must not wait for termination.
     *
     * <p><b>Closing.</b> Closing the subscription never waits, and may be done more than once. Afterwards no element is
     * taken and no callback is called, except that a call which another thread has begun, or is about to begin, still
     * runs. If its {@code onElement} throws, the failure is reported to the thread's uncaught exception handler.
     *
     * <pre>{@code
     * AutoCloseable subscription = orders.async().subscribe(Shop::ship, Shop::logEnd);
     * // ... and when no more orders are wanted:
     * subscription.close();
     * }</pre>
     *
     * @param onElement called with each element
     * @param onEnd called once when the subscription ends, unless it was closed: with null if the queue was shut down
     *     without a cause; otherwise with the cause of the shutdown, the exception that {@code onElement} threw, or a
     *     {@link java.util.concurrent.CancellationException} if the bound dispatcher is closed. If it throws, the
     *     failure is reported to the thread's uncaught exception handler
     * @return closes the subscription
     * @throws NullPointerException if a callback is null
     */
    AutoCloseable subscribe(Consumer<? super E> onElement, Consumer<? super @Nullable Throwable> onEnd);

    /**
     * Returns a view of this queue as a kotlinx {@link SendChannel}, for code that requires one. Never waits. Each call
     * on the view, {@code onSend} included, is a call on the queue; no coroutine or buffer is in between.
     *
     * <p>Closing the channel calls {@link JanusQueue#shutdownAfterPuts()}: as in kotlinx, senders that already wait
     * still add their elements. After that the view throws as a closed channel does: the cause of the shutdown, or
     * {@link kotlinx.coroutines.channels.ClosedSendChannelException}.
     *
     * <pre>{@code
     * val channel: SendChannel<Order> = orders.async().asSendChannel()
     * channel.trySend(order).onFailure { log("no room for $order") }
     * }</pre>
     */
    SendChannel<E> asSendChannel();

    /**
     * Returns a view of this queue as a kotlinx {@link ReceiveChannel}, for code that requires one. Never waits. Each
     * call on the view, {@code onReceive} included, is a call on the queue; no coroutine or buffer is in between.
     *
     * <p>Cancelling the channel shuts the queue down without a cause. Later calls on this view take nothing and fail
     * with the {@code CancellationException} that was given. Unlike a cancelled channel, the queue drops nothing: the
     * elements that are left can be taken by others, or are returned by {@link JanusQueue#shutdownNow()}.
     *
     * <p>Once the queue is shut down and empty, the view throws as a closed channel does: the cause of the shutdown, or
     * {@link kotlinx.coroutines.channels.ClosedReceiveChannelException}.
     *
     * <pre>{@code
     * val channel: ReceiveChannel<Order> = orders.async().asReceiveChannel()
     * for (order in channel) ship(order)
     * }</pre>
     */
    ReceiveChannel<E> asReceiveChannel();

    /** Returns the queue that this face belongs to. Never waits. */
    JanusQueue<E> queue();

    /** Returns the maximum number of elements that the queue may hold; see {@link JanusQueue#capacity()}. */
    default int capacity() {
        return queue().capacity();
    }

    /** Returns one consistent snapshot of all counts; see {@link JanusQueue#stats()}. */
    default QueueStats stats() {
        return queue().stats();
    }

    /** Shuts down the queue, for both faces; see {@link JanusQueue#shutdown()}. Never waits. */
    default void shutdown() {
        queue().shutdown();
    }

    /** Returns true if the queue was shut down; see {@link JanusQueue#isShutdown()}. */
    default boolean isShutdown() {
        return queue().isShutdown();
    }
}
