package dev.janus.kotlin

import dev.janus.JanusQueue
import kotlinx.coroutines.channels.Channel
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class JanusQueueTest {
    @Test
    fun janusQueue_noOrder_isFifoOfThatCapacity() {
        val queue = janusQueue<Int>(capacity = 3)

        assertEquals(3, queue.capacity())
        assertEquals(listOf(2, 3, 1), queue.through(2, 3, 1))
    }

    @Test
    fun janusQueue_everyOrder_comesOutAsNamed() {
        assertEquals(listOf(2, 3, 1), janusQueue(3, QueueOrder.fifo<Int>()).through(2, 3, 1))
        assertEquals(listOf(1, 3, 2), janusQueue(3, QueueOrder.lifo<Int>()).through(2, 3, 1))
        assertEquals(listOf(1, 2, 3), janusQueue(3, QueueOrder.priority<Int>()).through(2, 3, 1))
        assertEquals(listOf(3, 2, 1), janusQueue(3, QueueOrder.priority<Int>(reverseOrder())).through(2, 3, 1))
    }

    @Test
    fun janusQueue_comparatorOfASupertype_orders() {
        val byLength = compareBy<CharSequence> { it.length }

        val queue = janusQueue(capacity = 3, order = QueueOrder.priority<String>(byLength))

        assertEquals(listOf("c", "bb", "aaa"), queue.through("bb", "aaa", "c"))
    }

    @Test
    fun janusQueue_channelConstants_meanTheSame() {
        val rendezvous = janusQueue<Int>(Channel.RENDEZVOUS)
        assertEquals(0, rendezvous.capacity())
        assertFalse(rendezvous.async().trySend(1))

        val unlimited = janusQueue<Int>(Channel.UNLIMITED)
        repeat(10_000) { assertTrue(unlimited.async().trySend(it)) }
        assertFalse(unlimited.isFull)
    }

    @Test
    fun janusQueue_negativeCapacity_throwsAndNamesIt() {
        for (capacity in listOf(-1, Channel.CONFLATED, Channel.BUFFERED)) {
            val thrown = assertThrows(IllegalArgumentException::class.java) { janusQueue<Int>(capacity) }
            assertTrue("$capacity" in thrown.message!!) { "expected $capacity in: ${thrown.message}" }
        }
    }

    private fun <E : Any> JanusQueue<E>.through(vararg elements: E): List<E> {
        elements.forEach { check(async().trySend(it)) }
        return List(elements.size) { sync().remove() }
    }
}
