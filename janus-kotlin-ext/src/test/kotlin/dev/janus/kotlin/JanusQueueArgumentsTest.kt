package dev.janus.kotlin

import dev.janus.BlockingGuard
import dev.janus.JanusQueue
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.takeAll
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.channels.BufferOverflow
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.concurrent.Executors

class JanusQueueArgumentsTest {
    private val dropped = ArrayList<Int>()

    @Test
    fun onBufferOverflow_dropOldest_dropsTheOldestAndTellsIt() {
        val queue = janusQueue(2, onBufferOverflow = BufferOverflow.DROP_OLDEST, onDropped = dropped::add)

        queue.sync().putAll(listOf(1, 2, 3))

        assertEquals(listOf(1), dropped)
        assertEquals(listOf(2, 3), queue.takeAll())
        assertNothingPending(queue)
    }

    @Test
    fun onBufferOverflow_dropLatest_goesWithEveryOrder() {
        for (order in NamedOrder.all()) {
            dropped.clear()
            val queue = janusQueue(2, order.make(), BufferOverflow.DROP_LATEST, { dropped += it })

            queue.sync().putAll(listOf(2, 1, 3))

            assertEquals(listOf(3), dropped, order.toString())
            assertEquals(order.arranged(listOf(2, 1)), queue.takeAll(), order.toString())
        }
    }

    @Test
    fun onBufferOverflow_noOnDropped_dropsSilently() {
        val queue = janusQueue<Int>(1, onBufferOverflow = BufferOverflow.DROP_LATEST)

        assertTrue(queue.async().trySend(1))
        assertTrue(queue.async().trySend(2))

        assertEquals(1, queue.stats().dropped())
        assertEquals(listOf(1), queue.takeAll())
    }

    @Test
    fun onBufferOverflow_dropOldestInAnotherOrder_isRefused() {
        val refused = NamedOrder.all().filter { it.toString() != "fifo" }
        for (order in refused) {
            val message =
                messageOf<IllegalStateException> {
                    janusQueue(2, order.make(), onBufferOverflow = BufferOverflow.DROP_OLDEST)
                }
            assertTrue("DROP_OLDEST" in message && "expected fifo" in message) { message }
        }
        assertEquals(3, refused.size)
    }

    @Test
    fun onDropped_nothingIsEverDropped_isRefused() {
        val message = messageOf<IllegalStateException> { janusQueue<Int>(2, onDropped = { dropped += it }) }

        assertTrue("onDropped" in message && "SUSPEND" in message) { message }
    }

    @Test
    fun boundTo_otherDispatcherCalls_isRefused() =
        Executors.newSingleThreadExecutor().asCoroutineDispatcher().use { loop ->
            val queue = janusQueue<Int>(2, boundTo = loop)
            runBlocking {
                withContext(loop) { queue.async().send(1) }
                val refused = runCatching { queue.async().receive() }.exceptionOrNull() as IllegalStateException
                assertTrue(loop.toString() in refused.message!!) { refused.message }
            }
            assertEquals(listOf(1), queue.takeAll())
        }

    @Test
    fun boundTo_unconfined_isRefused() {
        val message = messageOf<IllegalArgumentException> { janusQueue<Int>(2, boundTo = Dispatchers.Unconfined) }

        assertTrue("Unconfined" in message) { message }
    }

    @Test
    fun boundTo_null_acceptsEveryDispatcher() {
        val queue = janusQueue<Int>(2, boundTo = null)

        runBlocking { withContext(Dispatchers.Unconfined) { queue.async().send(1) } }
        runBlocking(Dispatchers.Default) { assertEquals(1, queue.async().receive()) }
    }

    @Test
    fun configure_blockingGuard_isAskedAndTheCallWaits() {
        Executors.newSingleThreadExecutor().asCoroutineDispatcher().use { loop ->
            val asked = ArrayList<IllegalStateException>()
            val queue = janusQueue<Int>(1, boundTo = loop) { blockingGuard { asked += it } }

            runBlocking(loop) { assertNull(queue.sync().poll(1, java.util.concurrent.TimeUnit.MILLISECONDS)) }

            assertTrue("poll" in asked.single().message!!) { asked.single().message }
        }
    }

    @Test
    fun configure_boundToFirstCaller_bindsToIt() {
        val queue = janusQueue<Int>(2) { boundToFirstCaller().blockingGuard(BlockingGuard.allow()) }

        runBlocking(Dispatchers.Default) { queue.async().send(1) }

        runBlocking { assertThrows(IllegalStateException::class.java) { runBlocking { queue.async().receive() } } }
    }

    @Test
    fun configure_afterTheArguments_hasTheLastWord() {
        val queue = janusQueue(2, QueueOrder.fifo<Int>()) { capacity(3).lifo() }

        queue.sync().putAll(listOf(1, 2, 3))

        assertEquals(3, queue.capacity())
        assertEquals(listOf(3, 2, 1), queue.takeAll())
    }

    @Test
    fun configure_throws_isThrown() {
        val failure = IllegalArgumentException("from configure")

        assertSame(failure, assertThrows(failure.javaClass) { janusQueue<Int>(2) { throw failure } })
    }

    @Test
    fun configure_calledOnce_onTheBuilderOfThatQueue() {
        val builders = ArrayList<JanusQueue.Builder<Int>>()

        janusQueue<Int>(2) { builders += this }

        assertThrows(IllegalStateException::class.java) { builders.single().build() }
    }

    private inline fun <reified X : Throwable> messageOf(noinline call: () -> Unit): String =
        assertThrows(X::class.java) { call() }.message!!
}
