package dev.janus.select

import dev.janus.JanusQueue
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.begin
import dev.janus.fixtures.inVirtualTime
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.selects.select
import kotlinx.coroutines.test.runCurrent
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Capacity 0: a clause of a select is never the partner of another clause of the same select. */
@OptIn(kotlinx.coroutines.ExperimentalCoroutinesApi::class)
internal class SelectPartnerTest {
    private val queue = JanusQueue.fifo<Int>(0)

    private suspend fun sendOrReceive(element: Int): String = select {
        queue.async().onSend(element) { "sent" }
        queue.async().onReceive { "received $it" }
    }

    private suspend fun receiveOrSend(element: Int): String = select {
        queue.async().onReceive { "received $it" }
        queue.async().onSend(element) { "sent" }
    }

    @Test
    fun select_sendAndReceiveAlone_waits() = inVirtualTime {
        for (call in listOf<suspend () -> Any>({ sendOrReceive(42) }, { receiveOrSend(42) })) {
            val lone = begin { call() }
            lone.assertGoesOn()
            assertEquals(0, queue.size())
            assertEquals(0, queue.stats().accepted())
            lone.job.cancel()
            runCurrent()
            lone.assertThrew<CancellationException>()
        }
        assertNothingPending(queue)
    }

    @Test
    fun select_sendAndReceiveAndAPartner_meetsThePartner() = inVirtualTime {
        val receiving = begin { sendOrReceive(42) }
        queue.sync().put(7)
        runCurrent()
        assertEquals("received 7", receiving.value)
        val sending = begin { sendOrReceive(42) }
        val receiver = begin { queue.async().receive() }
        runCurrent()
        assertEquals(42, receiver.value)
        assertEquals("sent", sending.value)
        assertNothingPending(queue)
    }

    @Test
    fun select_twoThatSendAndReceive_meetEachOther() = inVirtualTime {
        val first = begin { sendOrReceive(1) }
        val second = begin { receiveOrSend(2) }
        runCurrent()
        assertMeeting(listOf(first.value, second.value), 1, 2)
        assertNothingPending(queue)
    }

    @Test
    fun select_twoInParallelManyTimes_alwaysMeetAndLeaveNothing() {
        runBlocking(Dispatchers.Default) {
            repeat(2_000) { round ->
                val (a, b) = 2 * round to 2 * round + 1
                assertMeeting(listOf(async { sendOrReceive(a) }, async { receiveOrSend(b) }).awaitAll(), a, b)
                assertEquals(0, queue.size()) { "in round $round: $queue" }
            }
        }
        assertNothingPending(queue)
    }

    private fun assertMeeting(outcomes: List<String>, a: Int, b: Int) = assertTrue(
        outcomes == listOf("sent", "received $a") || outcomes == listOf("received $b", "sent"),
    ) { "$a and $b: $outcomes, $queue" }
}
