package dev.janus.select

import dev.janus.AsyncQueue
import dev.janus.QueueShutdownException
import dev.janus.fixtures.AsyncContract
import dev.janus.fixtures.OverEveryKind
import dev.janus.fixtures.QueueKind
import dev.janus.fixtures.begin
import dev.janus.fixtures.inVirtualTime
import dev.janus.fixtures.nullElement
import dev.janus.fixtures.returnsWithoutSuspending
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.selects.select
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runCurrent
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import java.io.IOException

/** The clauses of one queue, for every order and every capacity. */
@OptIn(ExperimentalCoroutinesApi::class)
@OverEveryKind
class SelectContractTest(kind: QueueKind) : AsyncContract(kind) {
    private val cause = IOException("the disk is full")

    @Test
    fun onReceive_elementsAreThere_takesThemInTheQueuesOrder() = inVirtualTime {
        val elements = fill()

        val taken = elements.map { selectReceive() }

        assertEquals(kind.arranged(elements), taken)
        assertEquals(taken.size.toLong(), queue.stats().taken())
    }

    @Test
    fun onReceive_empty_waitsForAnElement() = inVirtualTime {
        val receiver = begin { selectReceive() }
        receiver.assertGoesOn()
        assertEquals(1, queue.stats().waitingTakeCoroutines())

        assertTrue(face.trySend(7))
        runCurrent()

        assertEquals(7, receiver.value)
    }

    @Test
    fun onReceiveCatching_elementBeforeOrAfter_isTheResult() = inVirtualTime {
        supply(7)
        assertEquals(7, selectCatching().getOrThrow())
        val receiver = begin { selectCatching() }
        receiver.assertGoesOn()

        supply(8)

        assertEquals(8, receiver.value.getOrThrow())
    }

    @Test
    fun onSend_room_addsAtOnceAndHandsTheFaceToItsBlock() = inVirtualTime {
        val receiver = if (kind.capacity() == 0) begin { face.receive() } else null

        assertTrue(returnsWithoutSuspending { assertSame(face, selectSend(7)) })
        runCurrent()

        assertEquals(7, receiver?.value ?: face.tryReceive())
    }

    @Test
    fun onSend_full_waitsForRoom() = inVirtualTime {
        if (kind.isUnbounded) return@inVirtualTime
        val elements = fill()
        val sender = begin { selectSend(7) }
        sender.assertGoesOn()
        assertEquals(1, queue.stats().waitingPutCoroutines())

        val first = begin { face.receive() }
        sender.value

        val expected = if (elements.isEmpty()) listOf(7) else kind.arranged(elements).take(1)
        assertEquals(expected, listOf(first.value))
        assertHolds(elements - expected.toSet() + listOf(7).filter { elements.isNotEmpty() })
    }

    @Test
    fun onReceive_chosen_isOneTaskOfTheQueue() = inVirtualTime {
        supply(7)
        selectReceive()
        assertEquals(1, queue.unfinishedTasks())

        face.taskDone()

        assertEquals(0, queue.unfinishedTasks())
    }

    @Test
    fun onReceive_twoClausesOfTheQueue_takeOneElementForTheFirstNamed() = inVirtualTime {
        val receiver = begin { selectTwice() }
        assertEquals(2, queue.stats().waitingTakeCoroutines())

        supply(7)
        assertEquals("first 7", receiver.value)
        assertEquals(0, queue.stats().waitingTakeCoroutines())
        supply(8)

        assertEquals("first 8", selectTwice())
        assertEquals(2, queue.stats().taken())
    }

    @Test
    fun onReceive_clauseUsedAgain_takesTheNext() = inVirtualTime {
        val clause = face.onReceive
        supply(7)
        assertEquals(7, select { clause { it } })
        val both = List(2) { begin { select { clause { it } } } }

        supply(8)
        supply(9)

        assertEquals(listOf(8, 9), both.map { it.value }.sorted())
    }

    @Test
    fun onSend_clauseUsedAgain_addsTheNext() = inVirtualTime {
        val clause = face.onSend
        val receivers = List(2) { begin { face.receive() } }

        for (element in 7..8) select { clause(element) {} }
        runCurrent()

        assertEquals(listOf(7, 8), receivers.map { it.value }.sorted())
    }

    @Test
    fun onSend_null_isRefused() = inVirtualTime {
        assertThrows<NullPointerException> { selectSend(nullElement()) }
        assertEquals(0, queue.stats().accepted())
    }

    @Test
    fun onReceive_shutDown_drainsAndThenThrowsTheCause() = inVirtualTime {
        val elements = fill()
        queue.shutdown(cause)

        assertEquals(kind.arranged(elements), elements.map { selectReceive() })

        assertSame(cause, assertThrows<QueueShutdownException> { selectReceive() }.cause)
    }

    @Test
    fun onReceiveCatching_shutDown_drainsAndThenIsClosed() = inVirtualTime {
        val elements = fill()
        queue.shutdown(cause)

        assertEquals(kind.arranged(elements), elements.map { selectCatching().getOrThrow() })

        val closed = selectCatching()
        assertTrue(closed.isClosed)
        assertSame(cause, closed.exceptionOrNull())
    }

    @Test
    fun onReceiveCatching_shutDownWithoutCause_isClosedWithout() = inVirtualTime {
        queue.shutdown()

        val closed = selectCatching()

        assertTrue(closed.isClosed)
        assertNull(closed.exceptionOrNull())
    }

    @Test
    fun onReceive_shutDownWhileItWaits_isReleased() = inVirtualTime {
        val receivers = listOf(begin { selectReceive() }, begin { face.receive() }, begin { selectReceive() })
        val catching = begin { selectCatching() }

        queue.shutdown(cause)
        runCurrent()

        receivers.forEach { assertSame(cause, it.assertThrew<QueueShutdownException>().cause) }
        assertSame(cause, catching.value.exceptionOrNull())
    }

    @Test
    fun onSend_shutDown_throwsAndAddsNothing() = inVirtualTime {
        val elements = fill()
        val waiting = if (kind.isUnbounded) null else begin { selectSend(7) }
        queue.shutdown(cause)
        runCurrent()

        waiting?.run { assertSame(cause, assertThrew<QueueShutdownException>().cause) }
        assertSame(cause, assertThrows<QueueShutdownException> { selectSend(8) }.cause)
        assertHolds(elements)
    }

    @Test
    fun select_cancelledWhileItWaits_takesAndAddsNothing() = inVirtualTime {
        val elements = fill()
        val sender = if (kind.isUnbounded) null else begin { selectSend(7) }
        sender?.job?.cancel()
        runCurrent()
        assertHolds(elements)
        val receiver = begin { selectReceive() }

        receiver.job.cancel()
        runCurrent()

        assertFalse(receiver.isOver && receiver.failure() == null)
        assertEquals(elements.size.toLong(), queue.stats().accepted())
        assertEquals(0, queue.stats().waitingTakeCoroutines() + queue.stats().waitingPutCoroutines())
    }

    private suspend fun selectReceive(): Int = select { face.onReceive { it } }

    private suspend fun selectCatching() = select { face.onReceiveCatching { it } }

    private suspend fun selectSend(element: Int): AsyncQueue<Int> = select { face.onSend(element) { it } }

    private suspend fun selectTwice(): String = select {
        face.onReceive { "first $it" }
        face.onReceive { "second $it" }
    }

    /** Puts it in, in a coroutine that waits if the queue is full. */
    private fun TestScope.supply(element: Int) = begin { face.send(element) }
}
