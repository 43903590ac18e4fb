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
 * Puts the element in, suspending for room for at most [timeout]. If it is cancelled while suspended, the element
 * was not added.
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
 * Takes the next element, suspending for one for at most [timeout]. If it is cancelled while suspended, no element
 * was taken. Unlike `withTimeoutOrNull(timeout) { receive() }` this is exact: null means that nothing was taken.
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
 * Takes the next element, suspending for one as long as it takes. If it is cancelled while suspended, no element was
 * taken.
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
 * Takes the next element, suspending for one as long as it takes, and returns what a channel's `receiveCatching` would: a
 * closed result, with the cause of the shutdown if it has one, once the queue is shut down and nothing is left in it. If it
 * is cancelled while suspended, no element was taken.
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
 * element's task is marked as done (the block must not call `taskDone`). When it throws or is cancelled, the element goes
 * back to the head of the queue, in a priority queue to where it belongs.
 *
 * ```
 * orders.async().process { order -> ship(order) }
 * ```
 *
 * If it is cancelled while suspended for an element, none was taken.
 *
 * @return what the block returned
 * @throws QueueShutdownException if the queue is shut down and nothing is left in it
 */
public suspend fun <E : Any, R> AsyncQueue<E>.process(block: suspend (E) -> R): R =
    receiveLease().use { lease -> block(lease.element()).also { lease.done() } }

/**
 * Takes one element after the other until the queue is shut down and nothing is left in it. The file must say
 * `import dev.janus.kotlin.iterator`.
 *
 * ```
 * for (order in orders.async()) {
 *     ship(order)
 * }
 * ```
 *
 * If the queue was shut down with a cause, the loop does not end quietly: it throws the cause. If it is cancelled
 * while suspended, no element was taken.
 */
public operator fun <E : Any> AsyncQueue<E>.iterator(): AsyncQueueIterator<E> = AsyncQueueIterator(this)

/** Takes one element after the other; see [iterator]. For one coroutine. */
public class AsyncQueueIterator<E : Any> internal constructor(private val queue: AsyncQueue<E>) {
    /** Taken by [hasNext] and not yet handed over by [next]. */
    private var next: E? = null

    /**
     * Suspends for the next element and takes it, for [next] to hand over. If it is cancelled while suspended, no
     * element was taken.
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
     * Hands over the element that [hasNext] has taken. Never suspends.
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
 * The elements still to come, each taken from the queue as it is collected. The flow ends when the queue is shut down
 * and nothing is left in it; a cause given to the shutdown is thrown to the collector. It may be collected more than
 * once, also at the same time: the collectors share the elements.
 *
 * Each element that is taken is handed to the collector, also when that is cancelled meanwhile, and nothing is lost with the
 * operators `map`, `filter`, `onEach`, `catch` and others that only pass on what they get. But some operators of
 * kotlinx.coroutines look for cancellation before they pass an element on, and then drop it:
 * - all that are made with `flow { }`, such as `transform`, `transformWhile`, `flow { emitAll(it) }`, and `cancellable`, drop
 *   the one in hand;
 * - those that run ahead of their collector, such as `buffer`, `flowOn` and `conflate`, drop all that they hold.
 *
 * No operator can know whether the element was used. Where none may be lost on cancellation, do the work in [process] (the
 * element goes back if the work fails) or receive in a loop: `for (order in orders.async())`.
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
