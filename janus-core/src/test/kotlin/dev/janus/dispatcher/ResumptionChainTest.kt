package dev.janus.dispatcher

import dev.janus.JanusQueue
import dev.janus.fixtures.InlineDispatcher
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.running
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.BufferOverflow
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.concurrent.CompletableFuture
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger

/** Each that is woken wakes the next, thousands of times: the stack is not exhausted, and nothing is lost. */
internal class ResumptionChainTest {
    private val unconfined = CoroutineScope(Dispatchers.Unconfined)

    @Test
    fun unconfined_eachPassesTheElementToTheNextQueue_lastGetsIt() {
        val queues = List(QUEUES + 1) { JanusQueue.fifo<Int>(1) }
        val links =
            List(QUEUES) { unconfined.running { queues[it + 1].async().send(queues[it].async().receive() + 1) } }

        queues[0].sync().put(0)

        assertEquals(QUEUES, queues[QUEUES].sync().poll())
        links.forEach { it.value }
    }

    @Test
    fun unconfined_allWaitInOneQueueAndEachPutsOne_allAreServed() {
        val queue = JanusQueue.fifo<Int>(1)
        val links = List(MANY) { unconfined.running { queue.async().send(queue.async().receive() + 1) } }

        queue.sync().put(0)

        links.forEach { it.value }
        assertEquals(MANY, queue.sync().poll())
        assertNothingPending(queue)
    }

    @Test
    fun unconfined_allWaitToSendAndEachTakesOne_allAreServed() {
        val queue = JanusQueue.fifo<Int>(1)
        queue.sync().put(-1)
        val links = List(MANY) {
            unconfined.running {
                queue.async().send(it)
                queue.sync().poll()
            }
        }

        assertEquals(-1, queue.sync().poll())

        assertEquals((0 until MANY).toList(), links.map { it.value })
        assertNothingPending(queue)
    }

    @Test
    fun rendezvous_eachPassesTheElementToTheNextQueue_lastGetsIt() {
        val queues = List(QUEUES + 1) { JanusQueue.fifo<Int>(0) }
        val links =
            List(QUEUES) { unconfined.running { queues[it + 1].async().send(queues[it].async().receive() + 1) } }

        assertTrue(queues[0].sync().offer(0))

        assertEquals(QUEUES, queues[QUEUES].sync().poll())
        links.forEach { it.value }
    }

    @Test
    fun futures_dependantsPutTheNext_allAreServed() {
        val queue = JanusQueue.fifo<Int>(1)
        val links = List(SOME) { queue.async().receiveAsync().thenAccept { queue.async().trySend(it + 1) } }

        queue.sync().put(0)

        CompletableFuture.allOf(*links.toTypedArray()).get(50, TimeUnit.SECONDS)
        assertEquals(SOME, queue.sync().poll())
        assertNothingPending(queue)
    }

    @Test
    fun futures_loopRunsInlineAndDependantsPutTheNext_allAreServed() {
        val queue = JanusQueue.builder<Int>().capacity(1).boundTo(InlineDispatcher()).build()
        val links = List(FEW) { queue.async().receiveAsync().thenAccept { queue.async().trySend(it + 1) } }

        queue.sync().put(0)

        links.forEach { it.get(20, TimeUnit.SECONDS) }
        assertEquals(FEW, queue.sync().poll())
        assertNothingPending(queue)
    }

    @Test
    fun subscription_callbackPutsTheNext_allAreHandled() {
        for (queue in listOf(
            JanusQueue.fifo(1),
            JanusQueue.builder<Int>().capacity(1).boundTo(InlineDispatcher()).build(),
        )) {
            val last = LinkedBlockingQueue<Int>()
            val subscription =
                queue.async().subscribe({ if (it < SOME) queue.sync().put(it + 1) else last.put(it) }, {})
            queue.sync().put(0)
            assertEquals(SOME, last.poll(50, TimeUnit.SECONDS))
            awaitUntil("the callback has returned") { queue.stats().leased() == 0 }
            subscription.close()
            assertNothingPending(queue)
        }
    }

    @Test
    fun onDropped_putsIntoTheNextQueue_nothingIsLost() {
        val last = JanusQueue.unbounded<Int>()
        var next = last
        repeat(FEW) {
            val behind = next
            next = JanusQueue.builder<Int>()
                .capacity(1)
                .overflow(BufferOverflow.DROP_OLDEST)
                .onDropped { behind.sync().put(it) }
                .build()
        }
        repeat(FEW + 5) { next.sync().put(it) }
        assertEquals(listOf(0, 1, 2, 3, 4), generateSequence { last.sync().poll() }.toList())
    }

    @Test
    fun onDropped_putsBackIntoItsOwnQueue_isCalledOnceForEachAndEnds() {
        val calls = AtomicInteger()
        lateinit var queue: JanusQueue<Int>
        queue = JanusQueue.builder<Int>()
            .capacity(2)
            .overflow(BufferOverflow.DROP_OLDEST)
            .onDropped { if (calls.incrementAndGet() < FEW) queue.sync().put(it) }
            .build()
        queue.sync().putAll(listOf(1, 2, 3))
        assertEquals(FEW, calls.get())
        assertEquals(FEW.toLong(), queue.stats().dropped())
        assertEquals(2, queue.size())
        assertNothingPending(queue)
    }

    private companion object {
        const val MANY = 100_000
        const val SOME = 20_000
        const val QUEUES = 10_000

        /** What recurses by its own code, one call in the other, can go no deeper than the stack. */
        const val FEW = 100
    }
}
