package dev.janus.android

import dev.janus.fixtures.Running
import dev.janus.fixtures.assertNothingPending
import dev.janus.kotlin.iterator
import dev.janus.kotlin.janusQueue
import kotlinx.coroutines.Dispatchers
import org.junit.After
import org.junit.Test
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue

/** Elements between a background thread and the main thread. */
internal class HandOverTest : OnAndroid() {
    private val queue = janusQueue<Int>(capacity = 4, boundTo = Dispatchers.Main)
    private val elements = (1..2_000).toList()

    @After
    fun nothingIsPending() = assertNothingPending(queue)

    @Test
    fun putAll_inTheBackground_mainReceivesAllInOrder() {
        val received = main.begin {
            val received = ArrayList<Int>()
            for (element in queue.async()) {
                assertTrue(main.isHere())
                received += element
            }
            received
        }
        queue.sync().putAll(elements)
        queue.shutdown()
        assertEquals(elements, received.await().value)
    }

    @Test
    fun sendAll_onMain_backgroundThreadTakesAllInOrder() {
        val sent = main.begin {
            queue.async().sendAll(elements)
            assertTrue(main.isHere())
            queue.shutdown()
        }
        assertEquals(elements, queue.sync().untilShutdown().toList())
        sent.await().value
    }

    @Test
    fun put_queueIsFull_waitsUntilMainReceives() {
        queue.sync().putAll(elements.take(4))
        val put = Running.startPut(queue) { queue.sync().put(5) }
        assertEquals(1, main.begin { queue.async().receive() }.await().value)
        put.await().value
        assertEquals(listOf(2, 3, 4, 5), main.begin { queue.async().receiveBatch(10) }.await().value)
    }
}
