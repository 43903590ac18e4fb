package dev.janus.select

import dev.janus.JanusQueue
import dev.janus.QueueSelect
import dev.janus.QueueShutdownException
import dev.janus.fixtures.Running
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.beginOn
import dev.janus.fixtures.inThread
import dev.janus.fixtures.takeAll
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.BufferOverflow
import kotlinx.coroutines.selects.select
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource
import java.io.IOException
import java.util.concurrent.TimeUnit.DAYS
import java.util.concurrent.TimeUnit.MILLISECONDS

/** A select of a thread that puts, that hears of the end of its queues, or that does something else if nothing is possible. */
internal class QueueSelectPutTest {
    private val here = JanusQueue.fifo<Int>(1)
    private val there = JanusQueue.fifo<Int>(1)
    private val meeting = JanusQueue.fifo<Int>(0)
    private val cause = IOException()

    private val either = QueueSelect.firstPut(here, 7) { "here" }.orPut(there, 7) { "there" }

    @AfterEach
    fun nothingIsPending() = listOf(here, there, meeting).forEach(::assertNothingPending)

    private fun <R : Any> startSelect(select: QueueSelect<R>, vararg puttersOf: JanusQueue<*>): Running<R> =
        inThread { select.select() }.also {
            for (queue in puttersOf) awaitUntil("it waits to put") { queue.stats().waitingPutThreads() == 1 }
        }

    @Test
    fun put_roomInBoth_theFirstNamedGetsIt() {
        assertEquals("here", either.select())
        assertEquals("there", either.select(1, DAYS))
        assertNull(either.trySelect())
        assertNull(either.select(1, MILLISECONDS))
        assertEquals(listOf(1, 1), listOf(here.size(), there.size()))
    }

    @ParameterizedTest
    @ValueSource(booleans = [true, false])
    fun put_bothFull_waitsForTheFirstRoom(roomHere: Boolean) {
        here.sync().put(1)
        there.sync().put(2)
        val selecting = startSelect(either, here, there)
        val (queue, other) = if (roomHere) here to there else there to here
        queue.sync().take()
        assertEquals(if (roomHere) "here" else "there", selecting.await().value)
        assertEquals(7, queue.sync().poll())
        assertEquals(listOf(if (roomHere) 2 else 1), other.takeAll())
    }

    @Test
    fun put_bothGetRoomAtOnce_goesIntoOne() {
        repeat(1_000) {
            val (one, two) = List(2) { JanusQueue.fifo<Int>(1).also { it.sync().put(1) } }
            val select = QueueSelect.firstPut(one, 7) { "one" }.orPut(two, 7) { "two" }
            val selecting = startSelect(select, one, two)
            val takes = listOf(one, two).map { queue -> inThread { queue.sync().take() } }
            takes.forEach { assertEquals(1, it.await().value) }
            val chosen = selecting.await().value
            assertEquals(if (chosen == "one") listOf(7) else listOf(), one.takeAll())
            assertEquals(if (chosen == "two") listOf(7) else listOf(), two.takeAll())
            assertNothingPending(one)
            assertNothingPending(two)
        }
    }

    @Test
    fun put_interruptedWhileItWaits_addsNothing() {
        here.sync().put(1)
        there.sync().put(2)
        val selecting = startSelect(either, here, there)
        selecting.interrupt()
        selecting.await().assertThrew<InterruptedException>()
        assertEquals(listOf(1, 2), listOf(here.sync().take(), there.sync().take()))
    }

    @Test
    fun put_othersWait_waitsItsTurn() {
        here.sync().put(1)
        val first = Running.startPut(here) { here.sync().put(2) }
        val selecting = inThread { QueueSelect.firstPut(here, 3) { "put" }.select() }
        awaitUntil("it waits") { here.stats().waitingPutThreads() == 2 }
        assertEquals(1, here.sync().take())
        first.await()
        assertFalse(selecting.isOver)
        assertEquals(2, here.sync().take())
        selecting.await()
        assertEquals(3, here.sync().take())
    }

    @Test
    fun putOrTake_whicheverIsPossible_isDone() {
        val select = QueueSelect.first(here) { "took $it" }.orPut(there, 7) { "put" }
        assertEquals("put", select.select())
        val selecting = startSelect(select, there)
        here.sync().put(1)
        assertEquals("took 1", selecting.await().value)
        assertEquals(listOf(7), there.takeAll())
    }

    @Test
    fun put_fullQueueThatDrops_doesNotWait() {
        val dropping = JanusQueue.builder<Int>().capacity(1).overflow(BufferOverflow.DROP_OLDEST).build()
        val select = QueueSelect.firstPut(dropping, 7) { "put" }
        repeat(2) { assertEquals("put", select.select()) }
        assertEquals(1, dropping.stats().dropped())
    }

    @Test
    fun put_handlerThrows_elementWasAdded() {
        val select = QueueSelect.firstPut<Int, String>(here, 7) { throw cause }
        assertSame(cause, assertThrows(IOException::class.java) { select.select() })
        assertEquals(listOf(7), here.takeAll())
    }

    // Capacity 0

    @Test
    fun put_rendezvousAndATakerComes_theyMeet() {
        val selecting = startSelect(QueueSelect.firstPut(meeting, 7) { "put" }, meeting)
        assertNull(meeting.sync().poll())
        assertEquals(7, meeting.sync().take())
        assertEquals("put", selecting.await().value)
    }

    @Test
    fun put_rendezvousAndATakerWaits_doesNotWait() {
        val taker = Running.startTake(meeting) { meeting.sync().take() }
        assertEquals("put", QueueSelect.firstPut(meeting, 7) { "put" }.trySelect())
        assertEquals(7, taker.await().value)
    }

    @ParameterizedTest
    @ValueSource(booleans = [true, false])
    fun putAndTake_sameRendezvous_isNotItsOwnPartner(takesFirst: Boolean) {
        val select =
            if (takesFirst) {
                QueueSelect.first(meeting) { "took $it" }.orPut(meeting, 7) { "put" }
            } else {
                QueueSelect.firstPut(meeting, 7) { "put" }.or(meeting) { "took $it" }
            }
        assertNull(select.select(1, MILLISECONDS))
        val selecting = startSelect(select, meeting)
        awaitUntil("it waits to take") { meeting.stats().waitingTakeThreads() == 1 }
        val (one, other) = listOf(selecting, startSelectToo(select))
        assertEquals(setOf("took 7", "put"), setOf(one.await().value, other.await().value))
    }

    private fun startSelectToo(select: QueueSelect<String>) = inThread { select.select() }

    @Test
    fun put_rendezvousAndASelectOfACoroutineTakes_theyMeet() {
        val selecting = startSelect(QueueSelect.firstPut(meeting, 7) { "put" }, meeting)
        val received = beginOn(Dispatchers.Default) { select { meeting.async().onReceive { it } } }
        assertEquals(7, received.await().value)
        assertEquals("put", selecting.await().value)
    }

    // The end of a queue

    private fun withEnds() = QueueSelect.first(here, { "took $it" }, { "end $it" }).or(there) { "took $it there" }

    @Test
    fun end_queueIsShutDownAndEmpty_isChosenWithItsCause() {
        here.sync().put(1)
        here.shutdown(cause)
        val select = withEnds()
        assertEquals(listOf("took 1", "end $cause", "end $cause"), List(3) { select.select() })
        assertEquals("end $cause", select.trySelect())
        assertEquals("end $cause", select.select(1, DAYS))
        there.sync().put(2)
        assertEquals("end $cause", select.select())
        assertEquals(listOf(2), there.takeAll())
    }

    @Test
    fun end_whileItWaits_isChosen() {
        val selecting = inThread { withEnds().select() }
        awaitUntil("it waits") { there.stats().waitingTakeThreads() == 1 }
        here.shutdown()
        assertEquals("end null", selecting.await().value)
    }

    @Test
    fun end_operationNamedBeforeIsPossible_isNotChosen() {
        here.shutdown()
        there.sync().put(1)
        val select = QueueSelect.first(there) { "took $it" }.or(here, { "took $it" }, { "end" })
        assertEquals(listOf("took 1", "end"), List(2) { select.trySelect() })
    }

    @Test
    fun end_ofAPut_isChosenAtTheShutdown() {
        here.sync().put(1)
        val select = QueueSelect.firstPut(here, 7, { "put" }, { "end $it" })
        val selecting = startSelect(select, here)
        here.shutdown(cause)
        assertEquals("end $cause", selecting.await().value)
        assertEquals("end $cause", select.trySelect())
        assertEquals(listOf(1), here.takeAll())
    }

    @Test
    fun end_withoutAHandler_isSkipped() {
        here.shutdown(cause)
        assertEquals("there", either.select())
        there.shutdown()
        assertNull(either.trySelect())
        assertNull(either.select(1, DAYS))
        assertSame(cause, assertThrows(QueueShutdownException::class.java) { either.select() }.cause)
        assertEquals(listOf(7), there.takeAll())
    }

    @Test
    fun shutdownAfterPuts_aSelectWaitsToPut_itGetsIn() {
        here.sync().put(1)
        val selecting = startSelect(QueueSelect.firstPut(here, 7) { "put" }, here)
        here.shutdownAfterPuts()
        assertEquals(1, here.sync().take())
        assertEquals("put", selecting.await().value)
        assertEquals(7, here.sync().take())
        assertTrue(here.isTerminated)
    }

    // Otherwise

    @Test
    fun trySelect_otherwise_isCalledOnlyIfNothingIsPossible() {
        val select = QueueSelect.first(here) { "took $it" }
        assertEquals("nothing", select.trySelect { "nothing" })
        here.sync().put(1)
        assertEquals("took 1", select.trySelect { throw AssertionError() })
    }

    @Test
    fun trySelect_otherwiseThrows_throwsIt() {
        val select = QueueSelect.first(here) { "took $it" }
        assertSame(cause, assertThrows(IOException::class.java) { select.trySelect { throw cause } })
    }
}
