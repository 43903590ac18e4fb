package dev.janus.queue

import dev.janus.JanusQueue
import dev.janus.QueueShutdownException
import dev.janus.fixtures.ManualDispatcher
import dev.janus.fixtures.Running
import dev.janus.fixtures.assertNothingPending
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Test
import java.util.concurrent.TimeUnit.HOURS

/** After shutdown, both faces refuse puts and give out what is left. */
class ShutdownOfBothFacesTest {
    private val queue = JanusQueue.fifo<Int>(2)
    private val sync = queue.sync()
    private val async = queue.async()
    private val loop = ManualDispatcher()

    private val puts: List<() -> Any?> =
        listOf(
            { sync.put(9) },
            { sync.offer(9) },
            { sync.offer(9, 1, HOURS) },
            { sync.add(9) },
            { sync.putAll(listOf(9)) },
            { loop.begin { async.send(9) }.value },
            { loop.begin { async.send(9, 1, HOURS) }.value },
            { loop.begin { async.sendAll(listOf(9)) }.value },
            { async.trySend(9) },
        )

    @AfterEach
    fun nothingIsPending() = assertNothingPending(queue)

    @Test
    fun everyPut_shutDown_isRefusedAndTheElementStaysWithTheCaller() {
        sync.put(1)
        val cause = IllegalArgumentException("the reason")
        queue.shutdown(cause)

        for (put in puts) {
            val outcome = runCatching(put) // a call that does not wait returns false
            if (outcome.getOrNull() != false) {
                val thrown = assertThrows(QueueShutdownException::class.java) { outcome.getOrThrow() }
                assertSame(cause, thrown.cause)
            }
        }

        assertEquals(1, queue.stats().accepted())
        assertEquals(1, sync.take())
    }

    @Test
    fun everyTake_shutDownAndNothingLeft_isRefused() {
        sync.put(1)
        queue.shutdown()
        assertEquals(1, sync.take())

        assertThrows(QueueShutdownException::class.java) { sync.take() }
        assertThrows(QueueShutdownException::class.java) { sync.takeBatch(2) }
        loop.begin { async.receive() }.assertThrew<QueueShutdownException>()
        loop.begin { async.receiveBatch(2) }.assertThrew<QueueShutdownException>()
    }

    @Test
    fun everyPoll_shutDownAndNothingLeft_isNullAtOnce() {
        queue.shutdown()

        assertNull(sync.poll())
        assertNull(sync.poll(1, HOURS))
        assertNull(async.tryReceive())
        assertNull(loop.begin { async.receive(1, HOURS) }.value)
    }

    @Test
    fun waitingPuts_shutDown_areAllRefusedAtOnce() {
        sync.putAll(listOf(1, 2))
        val putters = List(2) { Running.startPut(queue) { sync.put(3) } }
        val senders = List(2) { loop.begin { async.send(4) } }

        queue.shutdown()
        loop.runAll()

        (putters + senders).forEach { it.await().assertThrew<QueueShutdownException>() }
        assertEquals(listOf(1, 2), sync.toList())
    }

    @Test
    fun waitingTakes_shutDown_areRefusedOnceNothingIsLeft() {
        val receiver = loop.begin { async.receive() }
        val taker = Running.startTake(queue) { sync.take() }
        val last = loop.begin { async.receive() }
        check(sync.offer(1))

        queue.shutdown()
        assertFalse(queue.isTerminated)
        loop.runAll()

        assertEquals(1, receiver.value)
        taker.await().assertThrew<QueueShutdownException>()
        last.assertThrew<QueueShutdownException>()
    }
}
