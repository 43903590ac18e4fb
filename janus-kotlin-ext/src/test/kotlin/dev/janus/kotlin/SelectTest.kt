package dev.janus.kotlin

import dev.janus.AsyncQueue
import dev.janus.QueueShutdownException
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.begin
import dev.janus.fixtures.inVirtualTime
import dev.janus.fixtures.takeAll
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.selects.onTimeout
import kotlinx.coroutines.selects.select
import kotlinx.coroutines.selects.whileSelect
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Test
import java.io.IOException
import kotlin.time.Duration.Companion.milliseconds

/** How the clauses of a queue stand beside those of kotlinx. */
@OptIn(ExperimentalCoroutinesApi::class)
class SelectTest {
    private val queue = janusQueue<Int>(1)
    private val outbox = janusQueue<String>(1)
    private val channel = Channel<Char>(1)

    @AfterEach
    fun nothingIsPending() {
        assertNothingPending(queue)
        assertNothingPending(outbox)
    }

    private suspend fun next(): String = select {
        queue.async().onReceive { "received $it" }
        outbox.async().onSend("mail") { face: AsyncQueue<String> -> "sent by ${face === outbox.async()}" }
        channel.onReceive { "channel $it" }
        onTimeout(100.milliseconds) { "nothing" }
    }

    @Test
    fun select_severalReady_firstNamedIsChosen() = inVirtualTime {
        queue.async().send(1)
        channel.send('c')

        assertEquals("received 1", next())
        assertEquals("sent by true", next())
        assertEquals("channel c", next())
        assertEquals(listOf("mail"), outbox.takeAll())
    }

    @Test
    fun select_nothingReady_timesOutAndLeavesEveryLine() = inVirtualTime {
        outbox.async().send("full")

        assertEquals("nothing", next())
        assertEquals(100, currentTime)

        assertNothingPending(queue)
        assertEquals(listOf("full"), outbox.takeAll())
    }

    @Test
    fun select_whileItWaits_eachClauseCanBeChosen() = inVirtualTime {
        outbox.async().send("full")
        val received = begin { next() }
        queue.async().send(1)
        runCurrent()
        assertEquals("received 1", received.value)

        val fromChannel = begin { next() }
        channel.send('c')
        runCurrent()
        assertEquals("channel c", fromChannel.value)

        val sent = begin { next() }
        assertEquals("full", outbox.sync().poll())
        runCurrent()
        assertEquals("sent by true", sent.value)
        assertEquals(listOf("mail"), outbox.takeAll())
    }

    @Test
    fun select_cancelledWhileItWaits_takesAndAddsNothing() = inVirtualTime {
        outbox.async().send("full")
        val waiting = begin { next() }

        queue.async().send(1)
        assertEquals("full", outbox.sync().poll())
        waiting.job.cancel()
        runCurrent()

        assertEquals(listOf(1), queue.takeAll())
        assertEquals(emptyList<String>(), outbox.takeAll())
    }

    @Test
    fun select_blockSuspends_mayUseTheQueueItself() = inVirtualTime {
        queue.async().send(1)

        val both = select { queue.async().onReceive { it to outbox.async().send("reply to $it") } }

        assertEquals(1 to Unit, both)
        assertEquals(listOf("reply to 1"), outbox.takeAll())
    }

    @Test
    fun select_queueShutDown_throwsAndCatchingDoesNot() = inVirtualTime {
        val cause = IOException("the reason")
        queue.shutdown(cause)

        assertSame(cause, begin { next() }.assertThrew<QueueShutdownException>().cause)
        val end = select { queue.async().onReceiveCatching { it.exceptionOrNull() } }
        assertSame(cause, end)
    }

    @Test
    fun whileSelect_untilTheQueueEnds_takesAll() = inVirtualTime {
        val seen = ArrayList<Int>()
        val loop =
            begin {
                whileSelect {
                    queue.async().onReceiveCatching { result ->
                        result.getOrNull()?.let { seen += it }
                        !result.isClosed
                    }
                }
            }
        (1..3).forEach { queue.async().send(it) }
        queue.shutdown()
        runCurrent()

        loop.value
        assertEquals(listOf(1, 2, 3), seen)
    }
}
