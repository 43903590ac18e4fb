package dev.janus.async

import dev.janus.JanusQueue
import dev.janus.QueueShutdownException
import dev.janus.fixtures.AsyncContract
import dev.janus.fixtures.OverEveryKind
import dev.janus.fixtures.QueueKind
import dev.janus.fixtures.Running
import dev.janus.fixtures.begin
import dev.janus.fixtures.inVirtualTime
import dev.janus.fixtures.nullElement
import dev.janus.fixtures.returnsWithoutSuspending
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import java.util.concurrent.TimeUnit.HOURS

private val CAUSE = java.io.IOException("the reason")

/** Every way to end a queue, over every kind of queue. */
@OptIn(ExperimentalCoroutinesApi::class)
@OverEveryKind
class AsyncQueueShutdownTest(kind: QueueKind) : AsyncContract(kind) {
    /** A way to shut down; [end] returns what was handed back, null if the elements stay for the takers. */
    enum class Way(val cause: Throwable?, val end: (JanusQueue<Int>) -> List<Int>?) {
        SHUTDOWN(null, { it.shutdown().let { null } }),
        SHUTDOWN_WITH_CAUSE(CAUSE, { it.shutdown(CAUSE).let { null } }),
        CLOSE(null, { it.close().let { null } }),
        SHUTDOWN_NOW(null, { it.shutdownNow() }),
    }

    @ParameterizedTest
    @EnumSource
    fun put_afterShutdown_throwsOrIsFalseAndAddsNothing(way: Way) = inVirtualTime {
        way.end(queue)

        assertRefused(way) { face.send(1) }
        assertRefused(way) { face.sendAll(listOf(1, 2)) }
        assertFalse(face.send(1, 0, HOURS))
        assertFalse(face.send(1, 1, HOURS))
        assertFalse(face.trySend(1))
        assertEquals(0, queue.stats().accepted())
        assertEquals(0, currentTime)
    }

    @ParameterizedTest
    @EnumSource
    fun take_afterShutdownNothingLeft_throwsOrIsNullAtOnce(way: Way) = inVirtualTime {
        way.end(queue)

        assertRefused(way) { face.receive() }
        assertRefused(way) { face.receiveBatch(3) }
        assertTrue(returnsWithoutSuspending { assertNull(face.receive(1, HOURS)) })
        assertNull(face.receive(0, HOURS))
        assertNull(face.tryReceive())
        assertTrue(queue.isShutdown && queue.isTerminated)
    }

    @ParameterizedTest
    @EnumSource
    fun receivers_waitAtShutdown_areReleased(way: Way) = inVirtualTime {
        val receiver = begin { face.receive() }
        val timed = begin { face.receive(1, HOURS) }
        val batch = begin { face.receiveBatch(3) }
        assertEquals(3, queue.stats().waitingTakeCoroutines())

        way.end(queue)
        runCurrent()

        assertSame(way.cause, receiver.assertThrew<QueueShutdownException>().cause)
        assertSame(way.cause, batch.assertThrew<QueueShutdownException>().cause)
        assertNull(timed.value)
        assertEquals(0, currentTime)
    }

    @ParameterizedTest
    @EnumSource
    fun senders_waitAtShutdown_areReleasedAndAddNothing(way: Way) = inVirtualTime {
        if (kind.isUnbounded) return@inVirtualTime
        val elements = fill()
        val senders = beginSenders()

        val handedBack = way.end(queue)
        runCurrent()

        senders.forEach { sender ->
            val outcome = runCatching { sender.value }
            if (outcome.getOrNull() != false) {
                assertSame(way.cause, sender.assertThrew<QueueShutdownException>().cause)
            }
        }
        assertEquals(0, currentTime)
        assertEquals(kind.arranged(elements), handedBack ?: drain())
    }

    @ParameterizedTest
    @EnumSource
    fun senders_elementsInButNotYetRunAtShutdown_returnNormally(way: Way) = inVirtualTime {
        if (kind.isUnbounded) return@inVirtualTime
        val elements = fill()
        val senders = beginSenders()
        queue.capacity(kind.capacity() + 3)
        assertEquals(elements.size + 3, queue.size())

        val handedBack = way.end(queue)
        runCurrent()

        senders.take(2).forEach { assertTrue(it.value == Unit || it.value == true) }
        assertEquals(elements.size + 3, (handedBack ?: drain()).size)
    }

    @ParameterizedTest
    @EnumSource
    fun receiver_wokenButNotYetRunAtShutdown_isServedFirst(way: Way) = inVirtualTime {
        val receiver = begin { face.receive() }
        val second = begin { face.receive() }
        check(face.trySend(7))

        val handedBack = way.end(queue)
        runCurrent()

        if (handedBack == null) {
            assertEquals(7, receiver.value)
        } else {
            assertEquals(listOf(7), handedBack)
            receiver.assertThrew<QueueShutdownException>()
        }
        second.assertThrew<QueueShutdownException>()
        assertTrue(queue.isTerminated)
    }

    @ParameterizedTest
    @EnumSource
    fun takers_afterShutdown_drainWhatIsLeft(way: Way) = inVirtualTime {
        val elements = kind.arranged(if (kind.capacity() == 0) leftInRendezvous() else fill())
        val termination = begin { face.awaitTermination() }

        val left = way.end(queue)
        assertTrue(queue.isShutdown)
        assertEquals(left != null, queue.isTerminated)
        val received = left ?: List(elements.size) { face.receive() }
        runCurrent()

        assertEquals(elements, received)
        assertEquals(Unit, termination.value)
        assertTrue(queue.isTerminated)
        assertRefused(way) { face.receive() }
    }

    @ParameterizedTest
    @EnumSource
    fun shutdown_again_keepsTheFirstCause(way: Way) = inVirtualTime {
        way.end(queue)

        queue.shutdown(IllegalArgumentException("too late"))
        queue.close()
        assertEquals(emptyList<Int>(), queue.shutdownNow())

        assertRefused(way) { face.receive() }
        assertRefused(way) { face.send(1) }
    }

    @ParameterizedTest
    @EnumSource
    fun join_atShutdown_waitsForWhatWasTaken(way: Way) = inVirtualTime {
        val elements = if (kind.capacity() == 0) leftInRendezvous() else fill()
        face.receive()
        val join = begin { face.join() }
        val left = way.end(queue)?.size ?: drain().also { repeat(it.size) { face.taskDone() } }.size
        runCurrent()

        join.assertGoesOn()
        assertEquals(elements.size - 1, left)
        assertEquals(1, queue.unfinishedTasks())

        face.taskDone()
        runCurrent()
        assertEquals(Unit, join.value)
    }

    @Test
    fun shutdownNow_afterShutdown_handsBackWhatIsLeft() = inVirtualTime {
        val elements = kind.arranged(if (kind.capacity() == 0) leftInRendezvous() else fill())
        val join = begin { face.join() }
        queue.shutdown(CAUSE)
        assertFalse(queue.isTerminated)

        assertEquals(elements, queue.shutdownNow())
        runCurrent()

        assertEquals(Unit, join.value)
        assertEquals(elements.size.toLong(), queue.stats().removed())
    }

    @Test
    fun shutdown_nullCause_throwsAndChangesNothing() {
        assertThrows(NullPointerException::class.java) { queue.shutdown(nullElement()) }
        assertFalse(queue.isShutdown)
    }

    @Test
    fun awaitTermination_notShutDown_waits() = inVirtualTime {
        val termination = begin { face.awaitTermination() }
        termination.assertGoesOn()
        assertEquals(1, queue.stats().waitingJoins())

        queue.shutdown()
        runCurrent()

        assertEquals(Unit, termination.value)
        assertTrue(returnsWithoutSuspending { face.awaitTermination() })
    }

    private fun TestScope.beginSenders(): List<Running<*>> =
        listOf<suspend () -> Any?>({ face.send(7) }, { face.send(8, 1, HOURS) }, { face.sendAll(listOf(9)) })
            .map { begin { it() }.apply { assertGoesOn() } }

    /** Leaves one element in a queue of capacity 0: its receiver was cancelled after the match. */
    private fun TestScope.leftInRendezvous(): List<Int> {
        val receiver = begin { face.receive() }
        check(face.trySend(7))
        receiver.job.cancel()
        runCurrent()
        return listOf(7)
    }

    private suspend fun assertRefused(way: Way, call: suspend () -> Any?) {
        val thrown = runCatching { call() }.exceptionOrNull()
        assertTrue(thrown is QueueShutdownException) { "expected a refusal, but it was $thrown" }
        assertSame(way.cause, thrown!!.cause)
    }
}
