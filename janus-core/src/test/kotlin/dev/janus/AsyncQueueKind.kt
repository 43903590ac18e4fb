package dev.janus

import org.junit.jupiter.params.ParameterizedClass
import org.junit.jupiter.params.provider.MethodSource

/** One row of the table over which the contract suites run: an order and a capacity. */
data class AsyncQueueKind(val order: Order, val capacity: Int) {
    /** Each says, independently of the library, which of the elements [present] (oldest first) comes out next. */
    enum class Order(val next: (present: List<Int>) -> Int) {
        FIFO({ it.first() }),
        LIFO({ it.last() }),
        NATURAL({ it.min() }),
        COMPARATOR({ it.max() }),
    }

    val isUnbounded get() = capacity == Int.MAX_VALUE

    fun newQueue(): JanusQueue<Int> = if (isUnbounded) newUnbounded() else newBounded()

    /** The elements as they come out if they are put in one after the other, and then taken. */
    fun inOrder(elements: List<Int>): List<Int> {
        val present = elements.toMutableList()
        return elements.map { order.next(present).also(present::remove) }
    }

    override fun toString() = "$order, capacity ${if (isUnbounded) "unbounded" else capacity}"

    private fun newBounded(): JanusQueue<Int> = when (order) {
        Order.FIFO -> JanusQueue.fifo(capacity)
        Order.LIFO -> JanusQueue.lifo(capacity)
        Order.NATURAL -> JanusQueue.priority(capacity)
        Order.COMPARATOR -> JanusQueue.priority(capacity, reverseOrder())
    }

    private fun newUnbounded(): JanusQueue<Int> {
        val builder = JanusQueue.builder<Int>().unbounded()
        return when (order) {
            Order.FIFO -> JanusQueue.unbounded()
            Order.LIFO -> builder.lifo().build()
            Order.NATURAL -> builder.priority().build()
            Order.COMPARATOR -> builder.priority(reverseOrder()).build()
        }
    }

    companion object {
        private val CAPACITIES = listOf(0, 1, 2, 64, Int.MAX_VALUE)

        @JvmStatic
        fun all() = Order.entries.flatMap { order -> CAPACITIES.map { AsyncQueueKind(order, it) } }

        @JvmStatic
        fun bounded() = all().filterNot { it.isUnbounded }

        @JvmStatic
        fun storing() = all().filter { it.capacity > 0 }
    }
}

/** A contract suite that runs over every order and every capacity. */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.janus.AsyncQueueKind#all")
@Target(AnnotationTarget.CLASS)
annotation class OverEveryKind

/** A contract suite about full queues. With capacity 0 a queue is full while nobody waits for an element. */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.janus.AsyncQueueKind#bounded")
@Target(AnnotationTarget.CLASS)
annotation class OverBoundedKinds

/** A contract suite about elements that stay in the queue for a while. */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.janus.AsyncQueueKind#storing")
@Target(AnnotationTarget.CLASS)
annotation class OverStoringKinds
