package dev.janus.kotlin

import dev.janus.JanusQueue
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.channels.BufferOverflow

/**
 * A queue of the given [capacity] and [order]. For the capacity, the constants of kotlinx's `Channel` fit:
 * `RENDEZVOUS` (0) makes each put wait for its receiver, `UNLIMITED` sets no bound.
 *
 * ```
 * val lines = janusQueue<String>(capacity = 64)
 * val orders = janusQueue(capacity = 64, order = QueueOrder.priority(compareBy(Order::deadline)))
 * val readings = janusQueue<Int>(capacity = 16, onBufferOverflow = BufferOverflow.DROP_OLDEST, onDropped = ::log)
 * val frames = janusQueue<Order>(capacity = 2, boundTo = Dispatchers.Main) { blockingGuard(BlockingGuard.allow()) }
 * ```
 *
 * What differs from a kotlinx `Channel`, by design:
 * - With capacity 0 and a policy that drops, this stays a rendezvous: what finds no receiver is dropped. A `Channel` then has
 *   a buffer of one.
 * - `shutdown()` refuses senders that wait; `close()` of a channel lets them in, as `shutdownAfterPuts()` does here.
 * - `DROP_OLDEST` never drops the element of a receiver that was woken. With capacity 1, one suspended receiver and sends of
 *   1, 2 and 3 before it runs, it receives 1, and then 3.
 * - `taskDone()` before its element was taken is refused, so that `join()` never ends too early.
 * - `CONFLATED` and `BUFFERED` are not capacities here: use `capacity = 1` with `DROP_OLDEST`, and a number.
 *
 * @param onBufferOverflow what a put does where there is no room; see [JanusQueue.Builder.overflow]
 * @param onDropped gets each element that is dropped; see [JanusQueue.Builder.onDropped]
 * @param boundTo the loop that the queue is bound to, or null for none; see [JanusQueue.Builder.boundTo]
 * @param configure sets what else the builder offers
 * @throws IllegalArgumentException if the capacity is negative, or [boundTo] is `Dispatchers.Unconfined`
 * @throws IllegalStateException if `DROP_OLDEST` does not go with the order, or [onDropped] not with `SUSPEND`
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

/** The order in which the elements of a queue come out. For one queue. */
public class QueueOrder<E : Any> private constructor(
    internal val choose: (JanusQueue.Builder<E>) -> JanusQueue.Builder<E>,
) {
    /** The orders. */
    public companion object {
        /**
         * The oldest element comes out first.
         *
         * ```
         * val oldestFirst = janusQueue(capacity = 64, order = QueueOrder.fifo<Order>())
         * ```
         */
        public fun <E : Any> fifo(): QueueOrder<E> = QueueOrder { it }

        /**
         * The newest element comes out first.
         *
         * ```
         * val newestFirst = janusQueue(capacity = 64, order = QueueOrder.lifo<Order>())
         * ```
         */
        public fun <E : Any> lifo(): QueueOrder<E> = QueueOrder { it.lifo() }

        /**
         * The least element comes out first, by the elements' natural order.
         *
         * ```
         * val leastFirst = janusQueue(capacity = 64, order = QueueOrder.priority<Int>())
         * ```
         */
        public fun <E : Comparable<E>> priority(): QueueOrder<E> = QueueOrder { it.priority() }

        /**
         * The least element comes out first, by the order of the [comparator].
         *
         * ```
         * val greatestFirst = janusQueue(capacity = 64, order = QueueOrder.priority<Int>(compareByDescending { it }))
         * ```
         */
        public fun <E : Any> priority(comparator: Comparator<in E>): QueueOrder<E> =
            QueueOrder { it.priority(comparator) }
    }
}
