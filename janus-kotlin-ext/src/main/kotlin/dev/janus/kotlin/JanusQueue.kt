package dev.janus.kotlin

import dev.janus.JanusQueue
import java.util.Queue

/**
 * A queue of the given [capacity] and [order]. For the capacity, the constants of kotlinx's `Channel` fit:
 * `RENDEZVOUS` (0) makes each put wait for its receiver, `UNLIMITED` sets no bound.
 *
 * ```
 * val lines = janusQueue<String>(capacity = 64)
 * val jobs = janusQueue(capacity = 64, order = QueueOrder.priority(compareBy(Job::deadline)))
 * ```
 *
 * @throws IllegalArgumentException if the capacity is negative
 */
public fun <E : Any> janusQueue(capacity: Int, order: QueueOrder<E> = QueueOrder.fifo()): JanusQueue<E> =
    order.choose(JanusQueue.builder<E>().capacity(capacity)).build()

/** The order in which the elements of a queue come out. For one queue. */
public class QueueOrder<E : Any> private constructor(
    internal val choose: (JanusQueue.Builder<E>) -> JanusQueue.Builder<E>,
) {
    /** The orders. */
    public companion object {
        /** The oldest element comes out first. */
        public fun <E : Any> fifo(): QueueOrder<E> = QueueOrder { it }

        /** The newest element comes out first. */
        public fun <E : Any> lifo(): QueueOrder<E> = QueueOrder { it.lifo() }

        /** The least element comes out first, by the elements' natural order. */
        public fun <E : Comparable<E>> priority(): QueueOrder<E> = QueueOrder { it.priority() }

        /** The least element comes out first, by the order of the [comparator]. */
        public fun <E : Any> priority(comparator: Comparator<in E>): QueueOrder<E> =
            QueueOrder { it.priority(comparator) }

        /** The [store] decides; see [JanusQueue.Builder.store] for what it must be. */
        public fun <E : Any> of(store: Queue<E>): QueueOrder<E> = QueueOrder { it.store(store) }
    }
}
