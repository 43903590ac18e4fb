package dev.janus.kotlin

import dev.janus.JanusQueue
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.channels.BufferOverflow

/**
 * Returns a queue with the given [capacity] and [order]. The constants of kotlinx's `Channel` can be used as
 * capacities: with `RENDEZVOUS` (0), each put waits for its receiver; with `UNLIMITED`, the queue is unbounded.
 *
 * ```
 * val lines = janusQueue<String>(capacity = 64)
 * val orders = janusQueue(capacity = 64, order = QueueOrder.priority(compareBy(Order::deadline)))
 * val readings = janusQueue<Int>(capacity = 16, onBufferOverflow = BufferOverflow.DROP_OLDEST, onDropped = ::log)
 * val frames = janusQueue<Order>(capacity = 2, boundTo = Dispatchers.Main) { blockingGuard(BlockingGuard.allow()) }
 * ```
 *
 * Differences from a kotlinx `Channel`, by design:
 * - With capacity 0 and an overflow that drops, the queue is still a rendezvous: an element that finds no receiver is
 *   dropped. A `Channel` then has a buffer for one element.
 * - `shutdown()` refuses waiting senders. Closing a channel lets them add their elements, as `shutdownAfterPuts()` does
 *   here.
 * - `DROP_OLDEST` never drops the element of a woken receiver. For example, with capacity 1, if a receiver is suspended
 *   and 1, 2 and 3 are sent before it runs again, it receives 1, and the next call receives 3.
 * - `taskDone()` throws if no taken element is left to mark as done, so `join()` never ends too early.
 * - `CONFLATED` and `BUFFERED` are not supported as capacities. Use `capacity = 1` with `DROP_OLDEST`, and a number.
 *
 * @param onBufferOverflow what a put does if there is no room; see [JanusQueue.Builder.overflow]
 * @param onDropped called with each element that is dropped; see [JanusQueue.Builder.onDropped]
 * @param boundTo the dispatcher that the queue is bound to, or null for none; see [JanusQueue.Builder.boundTo]
 * @param configure sets further options of the builder
 * @throws IllegalArgumentException if the capacity is negative, or [boundTo] is `Dispatchers.Unconfined`
 * @throws IllegalStateException if the overflow is `DROP_OLDEST` and the order is not FIFO, or [onDropped] is given and
 * the overflow is `SUSPEND`
 */
public fun <E : Any> janusQueue(
    capacity: Int,
    order: QueueOrder<E> = QueueOrder.fifo(),
    onBufferOverflow: BufferOverflow = BufferOverflow.SUSPEND,
    onDropped: ((E) -> Unit)? = null,
    boundTo: CoroutineDispatcher? = null,
    configure: JanusQueue.Builder<E>.() -> Unit = {},
): JanusQueue<E> {
    val builder = order.choose(JanusQueue.builder<E>().capacity(capacity)).overflow(onBufferOverflow)
    onDropped?.let { builder.onDropped(it) }
    boundTo?.let { builder.boundTo(it) }
    return builder.apply(configure).build()
}

/** The order in which the elements of a queue come out. */
public class QueueOrder<E : Any> private constructor(
    internal val choose: (JanusQueue.Builder<E>) -> JanusQueue.Builder<E>,
) {
    /** Creates the orders. */
    public companion object {
        /**
         * Returns the FIFO order: the oldest element comes out first.
         *
         * ```
         * val oldestFirst = janusQueue(capacity = 64, order = QueueOrder.fifo<Order>())
         * ```
         */
        public fun <E : Any> fifo(): QueueOrder<E> = QueueOrder { it }

        /**
         * Returns the LIFO order: the newest element comes out first.
         *
         * ```
         * val newestFirst = janusQueue(capacity = 64, order = QueueOrder.lifo<Order>())
         * ```
         */
        public fun <E : Any> lifo(): QueueOrder<E> = QueueOrder { it.lifo() }

        /**
         * Returns the priority order: the least element, by natural order, comes out first. Equal elements come out in
         * the order in which they were added.
         *
         * ```
         * val leastFirst = janusQueue(capacity = 64, order = QueueOrder.priority<Int>())
         * ```
         */
        public fun <E : Comparable<E>> priority(): QueueOrder<E> = QueueOrder { it.priority() }

        /**
         * Returns the priority order: the least element, by the [comparator], comes out first. Equal elements come out
         * in the order in which they were added.
         *
         * ```
         * val greatestFirst = janusQueue(capacity = 64, order = QueueOrder.priority<Int>(compareByDescending { it }))
         * ```
         */
        public fun <E : Any> priority(comparator: Comparator<in E>): QueueOrder<E> =
            QueueOrder { it.priority(comparator) }
    }
}
