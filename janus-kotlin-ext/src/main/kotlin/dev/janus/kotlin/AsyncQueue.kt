package dev.janus.kotlin

import dev.janus.AsyncQueue
import dev.janus.Lease
import dev.janus.LeaseBatch
import dev.janus.Permit
import dev.janus.QueueShutdownException
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.channels.ChannelResult
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.FlowCollector
import java.util.concurrent.TimeUnit
import kotlin.time.Duration

/**
 * Adds the element, suspending up to the [timeout] until there is room. Does not suspend if the timeout is zero or
 * less.
 *
 * The caller's dispatcher measures the time, in whole milliseconds, rounded up. If the coroutine is cancelled before
 * the element was added, the element was not added. If the queue is shut down before there is room, returns false at
 * once.
 *
 * ```
 * if (!orders.async().send(order, 100.milliseconds)) log("no room for $order")
 * ```
 *
 * @return false if the time elapsed or the queue was shut down before there was room; the element was not added
 * @throws kotlinx.coroutines.CancellationException if cancelled before or while suspended; the element was not added
 * @throws IllegalStateException if the queue is bound to another dispatcher than the caller's; the element was not
 * added
 */
public suspend fun <E : Any> AsyncQueue<E>.send(element: E, timeout: Duration): Boolean =
    send(element, timeout.inWholeNanoseconds, TimeUnit.NANOSECONDS)

/**
 * Takes the next element, suspending up to the [timeout] until one is available. Does not suspend if the timeout is
 * zero or less.
 *
 * The caller's dispatcher measures the time, in whole milliseconds, rounded up. If the coroutine is cancelled, no
 * element was taken. If the queue is shut down and empty, returns null at once. Unlike
 * `withTimeoutOrNull(timeout) { receive() }`, this is exact: null means that nothing was taken.
 *
 * ```
 * val order = orders.async().receive(100.milliseconds)
 * if (order == null) log("no order came") else ship(order)
 * ```
 *
 * @return null if the time elapsed or the queue is shut down and empty; no element was then taken
 * @throws kotlinx.coroutines.CancellationException if cancelled before or while suspended; no element was taken
 * @throws IllegalStateException if the queue is bound to another dispatcher than the caller's; no element was taken
 */
public suspend fun <E : Any> AsyncQueue<E>.receive(timeout: Duration): E? =
    receive(timeout.inWholeNanoseconds, TimeUnit.NANOSECONDS)

/**
 * Takes the next elements, suspending until one is available, and then for up to the [linger] time until there are
 * [max]. Until it returns, the elements stay in the queue: if the coroutine is cancelled, no element was taken. See
 * [AsyncQueue.receiveBatch].
 *
 * The caller's dispatcher measures the time, in whole milliseconds, rounded up. Does not wait for more than one if it is
 * zero or less, or the queue is shut down.
 *
 * ```
 * shipAll(orders.async().receiveBatch(100, 50.milliseconds)) // waits 50 ms for more than one
 * ```
 *
 * @return 1 to [max] elements in the queue's order
 * @throws IllegalArgumentException if [max] is less than 1
 * @throws kotlinx.coroutines.CancellationException if cancelled before or while suspended; no element was taken
 * @throws dev.janus.QueueShutdownException if the queue is shut down and empty
 * @throws IllegalStateException if the queue is bound to another dispatcher than the caller's; no element was taken
 */
public suspend fun <E : Any> AsyncQueue<E>.receiveBatch(max: Int, linger: Duration): List<E> =
    receiveBatch(max, linger.inWholeNanoseconds, TimeUnit.NANOSECONDS)

/**
 * Reserves room for one element, suspending up to the [timeout] until there is some. Does not suspend if the timeout is
 * zero or less. If the coroutine is cancelled, nothing was reserved. See [AsyncQueue.reserve].
 *
 * The caller's dispatcher measures the time, in whole milliseconds, rounded up.
 *
 * ```
 * orders.async().reserve(1.seconds)?.use { permit -> permit.put(nextOrder()) }
 * ```
 *
 * @return a permit, which must be used or closed; null if the time elapsed or the queue was shut down before there was room
 * @throws kotlinx.coroutines.CancellationException if cancelled before or while suspended; nothing was reserved
 * @throws IllegalStateException if the queue is bound to another dispatcher than the caller's; nothing was reserved
 */
public suspend fun <E : Any> AsyncQueue<E>.reserve(timeout: Duration): Permit<E>? =
    reserve(timeout.inWholeNanoseconds, TimeUnit.NANOSECONDS)

/**
 * Leases the next element, suspending up to the [timeout] until one is available. Does not suspend if the timeout is zero
 * or less. If the coroutine is cancelled, no element was taken. See [AsyncQueue.receiveLease].
 *
 * The caller's dispatcher measures the time, in whole milliseconds, rounded up. If the queue is shut down and empty, and
 * no outstanding lease can return an element, returns null at once.
 *
 * ```
 * orders.async().receiveLease(100.milliseconds)?.use { lease ->
 *     ship(lease.element())
 *     lease.done()
 * }
 * ```
 *
 * @return null if the time elapsed or the queue is shut down and empty; no element was then taken
 * @throws kotlinx.coroutines.CancellationException if cancelled before or while suspended; no element was taken
 * @throws IllegalStateException if the queue is bound to another dispatcher than the caller's; no element was taken
 */
public suspend fun <E : Any> AsyncQueue<E>.receiveLease(timeout: Duration): Lease<E>? =
    receiveLease(timeout.inWholeNanoseconds, TimeUnit.NANOSECONDS)

/**
 * Leases the next elements, suspending until one is available, and then for up to the [linger] time until there are
 * [max]. If the coroutine is cancelled, no element was taken. See [AsyncQueue.receiveLeaseBatch].
 *
 * The caller's dispatcher measures the time, in whole milliseconds, rounded up. Does not wait for more than one if it is
 * zero or less, or the queue is shut down.
 *
 * ```
 * orders.async().receiveLeaseBatch(100, 50.milliseconds).use { batch ->
 *     shipAll(batch.elements()) // if this throws, all orders go back to the head of the queue
 *     batch.done()
 * }
 * ```
 *
 * @return 1 to [max] leases, in the queue's order
 * @throws IllegalArgumentException if [max] is less than 1
 * @throws kotlinx.coroutines.CancellationException if cancelled before or while suspended; no element was taken
 * @throws dev.janus.QueueShutdownException if the queue is shut down and empty, and no outstanding lease can return an
 * element
 * @throws IllegalStateException if the queue is bound to another dispatcher than the caller's; no element was taken
 */
public suspend fun <E : Any> AsyncQueue<E>.receiveLeaseBatch(max: Int, linger: Duration): LeaseBatch<E> =
    receiveLeaseBatch(max, linger.inWholeNanoseconds, TimeUnit.NANOSECONDS)

/**
 * Takes the next element, suspending until one is available. If the coroutine is cancelled, no element was taken.
 *
 * ```
 * while (true) {
 *     val order = orders.async().receiveOrNull() ?: break
 *     ship(order)
 * }
 * ```
 *
 * @return null if the queue was shut down without a cause and is empty
 * @throws Throwable the cause, if the queue was shut down with one and is empty
 * @throws kotlinx.coroutines.CancellationException if cancelled before or while suspended; no element was taken
 * @throws IllegalStateException if the queue is bound to another dispatcher than the caller's; no element was taken
 */
public suspend fun <E : Any> AsyncQueue<E>.receiveOrNull(): E? = nullAtEnd { receive() }

/**
 * Takes the next element, suspending until one is available, and returns a result like that of a channel's
 * `receiveCatching`. If the coroutine is cancelled, no element was taken. If the queue is shut down and empty, the
 * result is closed, with the cause of the shutdown, if any.
 *
 * ```
 * orders.async().receiveCatching()
 *     .onSuccess { order -> ship(order) }
 *     .onClosed { cause -> log("no more orders: $cause") }
 * ```
 */
@OptIn(InternalCoroutinesApi::class) // creates a result, whose type is public and stable
public suspend fun <E : Any> AsyncQueue<E>.receiveCatching(): ChannelResult<E> = try {
    ChannelResult.success(receive())
} catch (e: QueueShutdownException) {
    ChannelResult.closed(e.cause)
}

/**
 * Takes the next element, suspending until one is available, and passes it to the [block]. When the block returns, the
 * element is marked as done, so the block must not call `taskDone`. If the block throws or is cancelled, the element
 * returns to the head of the queue; in a priority queue, to its place in the order.
 *
 * ```
 * orders.async().process { order -> ship(order) }
 * ```
 *
 * **Cancellation.** If the coroutine is cancelled while it waits, no element was taken. A timeout around this call is
 * safe: the element returns to the queue.
 *
 * **Shutdown.** After `shutdown()` it processes the elements that are left, and then throws. After `shutdownNow()` the
 * queue does not take elements back: if the block fails, its exception has the [QueueShutdownException] of the lease as
 * a suppressed exception.
 *
 * @return the block's result
 * @throws QueueShutdownException if the queue is shut down and empty, and no outstanding lease can return an element
 * @throws IllegalStateException if the queue is bound to another dispatcher than the caller's; no element was taken
 */
public suspend fun <E : Any, R> AsyncQueue<E>.process(block: suspend (E) -> R): R =
    receiveLease().use { lease -> block(lease.element()).also { lease.done() } }

/**
 * Processes the elements, up to [workers] at a time, until the queue is shut down and empty. Each element that the [block]
 * has processed is marked as done, so the block must not call `taskDone`.
 *
 * ```
 * orders.async().processAll(workers = 4, onFailure = { lease, failure ->
 *     log("${lease.element()} failed: $failure")
 *     lease.close(10.seconds)
 * }) { order ->
 *     ship(order)
 * }
 * ```
 *
 * **Failure.** If the block throws, [onFailure] decides, and the worker continues: it may return the element
 * [later][Lease.close], or end the lease with `done()`. Unless it ends the lease, the element returns to the head of the
 * queue at once. If `onFailure` throws, as by default, the element returns, the other workers are cancelled, and this call
 * throws that exception. If the work takes longer than the time limit of leases, the element returns meanwhile, and is
 * processed again.
 *
 * **Cancellation.** The elements that are being processed return to the queue, or become dead letters if it was their last
 * attempt. No others were taken. A timeout around this call is safe.
 *
 * **Shutdown.** After `shutdown()` it processes the elements that are left, and then returns; if the queue was shut down
 * with a cause, it throws the cause. After `shutdownNow()` the queue does not take elements back: if `onFailure` does not
 * end the lease, this call throws [QueueShutdownException], and the element is that of the lease.
 *
 * @param workers how many elements are processed at a time. The workers are coroutines of the caller's dispatcher
 * @param onFailure gets an element that failed, and the exception
 * @throws IllegalArgumentException if [workers] is less than 1
 * @throws IllegalStateException if the queue is bound to another dispatcher than the caller's; no element was taken
 */
public suspend fun <E : Any> AsyncQueue<E>.processAll(
    workers: Int,
    onFailure: suspend (Lease<E>, Throwable) -> Unit = { _, failure -> throw failure },
    block: suspend (E) -> Unit,
) {
    coroutineScope {
        require(workers >= 1) { "$workers workers: expected 1 or more" }
        // not launched: a worker that fails with a CancellationException would then end without notice
        List(workers) { async { processEach(onFailure, block) } }.awaitAll()
    }
}

private suspend fun <E : Any> AsyncQueue<E>.processEach(
    onFailure: suspend (Lease<E>, Throwable) -> Unit,
    block: suspend (E) -> Unit,
) {
    while (true) {
        val lease = nullAtEnd { receiveLease() } ?: return
        lease.use {
            try {
                block(it.element())
            } catch (e: Throwable) {
                currentCoroutineContext().ensureActive() // a worker that is cancelled only returns the element
                onFailure(it, e)
                return@use
            }
            it.done()
        }
    }
}

/** Returns null if the queue was shut down without a cause and is empty. Throws the cause if it was shut down with one. */
private inline fun <T : Any> nullAtEnd(receive: () -> T): T? = try {
    receive()
} catch (e: QueueShutdownException) {
    e.cause?.let { throw it }
    null
}

/**
 * Returns an iterator that takes one element after the other, suspending for each, until the queue is shut down and
 * empty. It allows `for` loops over the queue; these need `import dev.janus.kotlin.iterator`.
 *
 * ```
 * for (order in orders.async()) {
 *     ship(order)
 * }
 * ```
 *
 * If the coroutine is cancelled while it waits for the next element, none was taken. If the queue was shut down with a
 * cause, the loop throws the cause at the end.
 */
public operator fun <E : Any> AsyncQueue<E>.iterator(): AsyncQueueIterator<E> = AsyncQueueIterator(this)

/** Takes one element after the other; see [iterator]. Not thread-safe: use it in one coroutine only. */
public class AsyncQueueIterator<E : Any> internal constructor(private val queue: AsyncQueue<E>) {
    /** The element that [hasNext] has taken and [next] has not returned yet. */
    private var next: E? = null

    /**
     * Takes the next element for [next] to return, suspending until one is available. If the coroutine is cancelled, no
     * element was taken. Calling this without [next] loses an element.
     *
     * ```
     * val iterator = orders.async().iterator()
     * while (iterator.hasNext()) {
     *     ship(iterator.next())
     * }
     * ```
     *
     * @return false if the queue was shut down without a cause and is empty
     * @throws Throwable the cause, if the queue was shut down with one and is empty
     */
    public suspend operator fun hasNext(): Boolean {
        if (next == null) {
            next = queue.receiveOrNull()
        }
        return next != null
    }

    /**
     * Returns the element that [hasNext] has taken. Never suspends.
     *
     * ```
     * val iterator = orders.async().iterator()
     * while (iterator.hasNext()) {
     *     ship(iterator.next())
     * }
     * ```
     *
     * @throws NoSuchElementException if [hasNext] was not called before, or returned false
     */
    public operator fun next(): E {
        val element = next ?: throw NoSuchElementException("expected hasNext() to return true before next()")
        next = null
        return element
    }
}

/**
 * Returns a flow that takes each element from the queue as it is collected. The flow ends when the queue is shut down
 * and empty; if the queue was shut down with a cause, it throws the cause. The flow may be collected more than once,
 * even concurrently: the collectors share the elements.
 *
 * **Cancellation.** Each element that was taken reaches the collector, even if the collector is cancelled meanwhile.
 * Operators that only pass elements on, such as `map`, `filter`, `onEach` and `catch`, lose nothing. But some operators
 * of kotlinx.coroutines check for cancellation before they pass an element on, and drop it if they were cancelled:
 * - Operators made with `flow { }`, such as `transform`, `transformWhile` and `flow { emitAll(it) }`, and also
 *   `cancellable`, drop one element.
 * - Operators that run ahead of their collector, such as `buffer`, `flowOn` and `conflate`, drop all the elements that
 *   they hold.
 *
 * If no element may be lost on cancellation, use a loop, `for (order in orders.async())`, or [process], which also
 * returns the element to the queue if the work fails.
 *
 * ```
 * orders.async().asFlow().collect { order -> ship(order) }
 * ```
 */
public fun <E : Any> AsyncQueue<E>.asFlow(): Flow<E> = QueueFlow(this)

// Does not use the builder `flow { }`: its emit checks for cancellation first, and would drop the element just taken.
private class QueueFlow<E : Any>(private val queue: AsyncQueue<E>) : Flow<E> {
    override suspend fun collect(collector: FlowCollector<E>) {
        while (true) {
            currentCoroutineContext().ensureActive() // before an element is taken, and not after
            collector.emit(queue.receiveOrNull() ?: return)
        }
    }
}
