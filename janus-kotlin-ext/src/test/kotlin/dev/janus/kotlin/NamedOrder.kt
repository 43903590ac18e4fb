package dev.janus.kotlin

import java.util.ArrayDeque
import java.util.Collections
import java.util.PriorityQueue
import java.util.Queue

/** An order of numbers, and a plain queue that shows what it must be. */
class NamedOrder private constructor(
    private val name: String,
    private val model: () -> Queue<Int>,
    val make: () -> QueueOrder<Int>,
) {
    /** The elements in the order in which they come out when they are put in one after the other. */
    fun arranged(elements: List<Int>): List<Int> = model().let { queue ->
        queue.addAll(elements)
        generateSequence { queue.poll() }.toList()
    }

    override fun toString() = name

    companion object {
        private fun lifo(): Queue<Int> = Collections.asLifoQueue(ArrayDeque())

        private fun oddFirst(): Queue<Int> = PriorityQueue(compareBy<Int>({ it % 2 == 0 }, { it }))

        /** Every order that there is. */
        fun all() = listOf(
            NamedOrder("fifo", { ArrayDeque() }) { QueueOrder.fifo() },
            NamedOrder("lifo", ::lifo) { QueueOrder.lifo() },
            NamedOrder("priority", { PriorityQueue() }) { QueueOrder.priority() },
            NamedOrder("priority, odd first", ::oddFirst) { QueueOrder.priority(compareBy({ it % 2 == 0 }, { it })) },
        )
    }
}
