package dev.janus.kotlin

import dev.janus.AsyncQueue
import dev.janus.QueueShutdownException
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.channels.ChannelResult
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.FlowCollector
import java.util.concurrent.TimeUnit
import kotlin.time.Duration

/**
 * Puts the element in, suspending for room for at most [timeout]. A timeout of zero or less does not suspend. If it is
 * cancelled before the element was added, the element was not added.
 *
 * ```
 * if (!orders.async().send(order, 100.milliseconds)) log("no room for $order")
 * ```
 *
 * @return false if the time passed without room, and at once if the queue is shut down before there is room; the element
 * was not added
 */
public suspend fun <E : Any> AsyncQueue<E>.send(element: E, timeout: Duration): Boolean =
    send(element, timeout.inWholeNanoseconds, TimeUnit.NANOSECONDS)

/**
 * Takes the next element, suspending for one for at most [timeout]. A timeout of zero or less does not suspend. If it is
 * cancelled, no element was taken. Unlike `withTimeoutOrNull(timeout) { receive() }` this is exact: null means that
 * nothing was taken.
 *
 * ```
 * val order = orders.async().receive(100.milliseconds)
 * if (order == null) log("no order came") else ship(order)
 * ```
 *
 * @return null if the time passed without an element, or if the queue is shut down and nothing is left in it
 */
public suspend fun <E : Any> AsyncQueue<E>.receive(timeout: Duration): E? =
    receive(timeout.inWholeNanoseconds, TimeUnit.NANOSECONDS)

/**
 * Takes the next element, suspending for one as long as it takes. If it is cancelled, no element was taken.
 *
 * ```
 * while (true) {
 *     val order = orders.async().receiveOrNull() ?: break
 *     ship(order)
 * }
 * ```
 *
 * @return null if the queue is shut down, without a cause, and nothing is left in it
 * @throws Throwable the cause, if the queue was shut down with one and nothing is left in it
 */
public suspend fun <E : Any> AsyncQueue<E>.receiveOrNull(): E? = try {
    receive()
} catch (e: QueueShutdownException) {
    e.cause?.let { throw it }
    null
}

/**
 * Takes the next element, suspending for one as long as it takes, and returns it like a channel's `receiveCatching`. If it
 * is cancelled, no element was taken. Once the queue is shut down and nothing is left in it, the result is closed, with the
 * cause of the shutdown if there is one.
 *
 * ```
 * orders.async().receiveCatching()
 *     .onSuccess { order -> ship(order) }
 *     .onClosed { cause -> log("no more orders: $cause") }
 * ```
 */
@OptIn(InternalCoroutinesApi::class) // it makes the result, whose type is public and stable
public suspend fun <E : Any> AsyncQueue<E>.receiveCatching(): ChannelResult<E> = try {
    ChannelResult.success(receive())
} catch (e: QueueShutdownException) {
    ChannelResult.closed(e.cause)
}

/**
 * Takes the next element, suspending for one as long as it takes, and passes it to the [block]. When the block returns, the
 * element's task is marked as done (the block must not call `taskDone`). When it throws or is cancelled, the element
 * returns to the head of the queue, in a priority queue to where it belongs.
 *
 * ```
 * orders.async().process { order -> ship(order) }
 * ```
 *
 * If it is cancelled before it has an element, none was taken. A timeout around this call returns the element as well. After
 * `shutdownNow()` the queue does not take the element back: a failing block keeps it, and the failure has the
 * [QueueShutdownException] of the lease as a suppressed exception.
 *
 * @return what the block returned
 * @throws QueueShutdownException if the queue is shut down and nothing is left in it
 */
public suspend fun <E : Any, R> AsyncQueue<E>.process(block: suspend (E) -> R): R =
    receiveLease().use { lease -> block(lease.element()).also { lease.done() } }

/**
 * Takes one element after the other until the queue is shut down and nothing is left in it. The file must contain
 * `import dev.janus.kotlin.iterator`.
 *
 * ```
 * for (order in orders.async()) {
 *     ship(order)
 * }
 * ```
 *
 * If the queue was shut down with a cause, the loop does not end quietly: it throws the cause. If it is cancelled when it
 * asks for the next element, none was taken.
 */
public operator fun <E : Any> AsyncQueue<E>.iterator(): AsyncQueueIterator<E> = AsyncQueueIterator(this)

/** Takes one element after the other; see [iterator]. For one coroutine. */
public class AsyncQueueIterator<E : Any> internal constructor(private val queue: AsyncQueue<E>) {
    /** Taken by [hasNext] and not yet returned by [next]. */
    private var next: E? = null

    /**
     * Suspends for the next element and takes it, for [next] to return. If it is cancelled, no element was taken. Calling
     * this without [next] loses an element.
     *
     * ```
     * val iterator = orders.async().iterator()
     * while (iterator.hasNext()) {
     *     ship(iterator.next())
     * }
     * ```
     *
     * @return false if the queue is shut down, without a cause, and nothing is left in it
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
        val element = next ?: throw NoSuchElementException("expected a call of hasNext() that returned true")
        next = null
        return element
    }
}

/**
 * Returns the elements still to come as a flow, which takes each from the queue as it is collected. The flow ends when the
 * queue is shut down and nothing is left in it; a cause of the shutdown is thrown to the collector. The flow may be
 * collected more than once, even concurrently: the collectors share the elements.
 *
 * Each element that was taken reaches the collector, even if that is cancelled meanwhile. The operators `map`, `filter`,
 * `onEach`, `catch` and others that only pass elements on lose nothing. But some operators of kotlinx.coroutines check for
 * cancellation before they pass an element on, and then drop it:
 * - all that are made with `flow { }`, such as `transform`, `transformWhile`, `flow { emitAll(it) }`, and also
 *   `cancellable`, drop the element in hand;
 * - all that run ahead of their collector, such as `buffer`, `flowOn` and `conflate`, drop all that they hold.
 *
 * If no element may be lost on cancellation, receive in a loop, `for (order in orders.async())`, or do the work in
 * [process], which also returns the element if the work fails.
 *
 * ```
 * orders.async().asFlow().collect { order -> ship(order) }
 * ```
 */
public fun <E : Any> AsyncQueue<E>.asFlow(): Flow<E> = QueueFlow(this)

// Not the builder `flow { }`: its emit looks for cancellation first, and would drop the element that was just taken.
private class QueueFlow<E : Any>(private val queue: AsyncQueue<E>) : Flow<E> {
    override suspend fun collect(collector: FlowCollector<E>) {
        while (true) {
            currentCoroutineContext().ensureActive() // before the next element is taken, and not after
            collector.emit(queue.receiveOrNull() ?: return)
        }
    }
}
