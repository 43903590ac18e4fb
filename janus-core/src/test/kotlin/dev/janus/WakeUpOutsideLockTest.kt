package dev.janus

import dev.janus.fixtures.Refusal
import dev.janus.fixtures.RefusingDispatcher
import dev.janus.fixtures.reportedWhile
import kotlinx.coroutines.Dispatchers
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Named
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import org.junit.jupiter.params.provider.MethodSource
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit.SECONDS

/** What wakes a coroutine that waits. */
internal enum class WakeUp(val side: Side, val strike: WaitingStage.() -> Unit) {
    PUT(Side.TAKERS, { offer() }),
    SEND(Side.TAKERS, { start(WaitingCall.SEND) }),
    TAKE(Side.PUTTERS, { poll() }),
    DRAIN(Side.PUTTERS, { queue.sync().drainTo(taken) }),
    REMOVE(Side.PUTTERS, { Removal.REMOVE.strike(this) }),
    CLEAR(Side.PUTTERS, { Removal.CLEAR.strike(this) }),
    GROW(Side.PUTTERS, { queue.capacity(3) }),
    SHUT_DOWN_TAKERS(Side.TAKERS, { queue.shutdown() }),
    SHUT_DOWN_PUTTERS(Side.PUTTERS, { queue.shutdown() }),
    SHUT_DOWN_PUTTERS_NOW(Side.PUTTERS, { removed += queue.shutdownNow() }),
    LAST_TASK_DONE(Side.JOINERS, { while (poll() != null) queue.sync().taskDone() }),
    LAST_TASK_REMOVED(Side.JOINERS, { Removal.CLEAR.strike(this) }),
    LAST_ELEMENT_TAKEN(Side.AWAITERS, {
        queue.shutdown()
        queue.sync().drainTo(taken)
    }),
    SHUT_DOWN_NOW(Side.AWAITERS, { removed += queue.shutdownNow() }),
}

/** Orders numbers, and does first what the test tells it to. */
private class MoodyComparator : Comparator<Int> {
    @Volatile
    var mood: () -> Unit = {}

    override fun compare(one: Int, other: Int): Int {
        mood()
        return one.compareTo(other)
    }
}

/** Nothing is resumed under the lock, and what is foreign and does run there cannot do harm. */
internal class WakeUpOutsideLockTest {
    @ParameterizedTest
    @MethodSource("wakeUps")
    fun wake_unconfinedCoroutine_runsWithoutTheLock(wakeUp: WakeUp, call: WaitingCall) =
        onStage(WaitingStage(call.side)) {
            var ran = false
            start(call, dispatcher = Dispatchers.Unconfined) {
                assertQueueIsFree()
                ran = true
            }
            wakeUp.strike(this)
            assertTrue(ran, "an unconfined coroutine runs on its waker's thread")
        }

    @Test
    fun wake_grantPassedOnByOneThatLeaves_runsWithoutTheLock() = onStage(WaitingStage(Side.TAKERS)) {
        var ran = false
        val leaving = start(WaitingCall.of(CallerKind.COROUTINE, side)) as CoroutineCaller
        start(WaitingCall.of(CallerKind.COROUTINE, side), dispatcher = Dispatchers.Unconfined) {
            assertQueueIsFree()
            ran = true
        }
        grant()
        leaving.giveUp()
        assertFalse(ran, "the grant is not passed on before the one that leaves runs")
        leaving.run()
        assertTrue(ran)
    }

    @Test
    fun wake_unconfinedCoroutinesWakeEachOther_allAreServed() = onStage(WaitingStage(Side.TAKERS)) {
        val coroutines =
            List(50) { start(WaitingCall.RECEIVE, dispatcher = Dispatchers.Unconfined) { offer() } }
        val last = start(WaitingCall.TAKE)
        offer()
        coroutines.forEach { assertEquals(CallOutcome.DONE, it.outcome) }
        assertEquals(CallOutcome.DONE, last.awaitOutcome())
    }

    @ParameterizedTest
    @EnumSource(names = ["PUT_ALL", "SEND_ALL"])
    fun wake_beforeTheCallerIsSuspended_goesOnAtOnce(call: WaitingCall) =
        onStage(WaitingStage(Side.TAKERS, capacity = 1)) {
            start(WaitingCall.RECEIVE, dispatcher = Dispatchers.Unconfined) {
                assertEquals(2, queue.stats().accepted(), "the receiver is a slot for the second element")
            }
            assertEquals(CallOutcome.DONE, start(call).awaitOutcome())
        }

    @ParameterizedTest
    @EnumSource(CallerKind::class)
    fun wake_dispatcherThrows_othersAreWokenAndTheGrantIsPassedOn(kind: CallerKind) =
        onStage(WaitingStage(Side.TAKERS, capacity = 3)) {
            val refusing = RefusingDispatcher()
            val first = start(WaitingCall.of(kind, side))
            val refused = start(WaitingCall.RECEIVE, dispatcher = refusing)
            val third = start(WaitingCall.of(kind, side))
            val alsoRefused = start(WaitingCall.RECEIVE, dispatcher = refusing)
            val last = start(WaitingCall.of(kind, side))
            val failures = reportedWhile { grant(3) }
            listOf(first, third, last).forEach { assertEquals(CallOutcome.DONE, it.awaitOutcome(), "$it") }
            assertEquals(2, failures.size, "$failures")
            assertTrue(failures.all { it is Refusal || it.cause is Refusal }, "$failures")
            forgive(refused)
            forgive(alsoRefused)
        }

    @ParameterizedTest
    @MethodSource("callsBack")
    fun comparator_callsBack_refusedAndTheQueueGoesOn(callBack: (JanusQueue<Int>) -> Unit) {
        val comparator = MoodyComparator()
        val queue = JanusQueue.priority(4, comparator)
        onStage(WaitingStage(Side.TAKERS, queue = queue)) {
            offer()
            comparator.mood = { callBack(queue) }
            assertThrows(IllegalStateException::class.java) { queue.sync().put(7) }
            comparator.mood = {}
            assertEquals(1, queue.size())
            offer()
            assertEquals(1, poll())
        }
    }

    @ParameterizedTest
    @EnumSource(CallerKind::class)
    fun comparator_throwsOnceForAWaitingPut_putTriesAgainOnItsOwn(kind: CallerKind) {
        val comparator = MoodyComparator()
        onStage(WaitingStage(Side.PUTTERS, queue = JanusQueue.priority(2, comparator))) {
            val failing = start(WaitingCall.of(kind, side))
            val next = start(WaitingCall.of(kind, side))
            comparator.mood = {
                comparator.mood = {}
                throw ArithmeticException("no order today")
            }
            grant()
            assertEquals(CallOutcome.DONE, failing.awaitOutcome())
            grant()
            assertEquals(CallOutcome.DONE, next.awaitOutcome(), "$next")
        }
    }

    @Test
    fun comparator_throwsForAPut_countsStayRight() {
        val comparator = MoodyComparator()
        onStage(WaitingStage(Side.TAKERS, queue = JanusQueue.priority(2, comparator))) {
            offer()
            comparator.mood = { throw ArithmeticException("no order today") }
            assertThrows(ArithmeticException::class.java) { queue.sync().offer(9) }
            assertThrows(ArithmeticException::class.java) { queue.async().trySend(9) }
            comparator.mood = {}
            assertEquals(1, queue.size())
            offer()
            assertFalse(queue.sync().offer(9), "full")
        }
    }

    @Test
    fun equals_callsBack_refusedAndCountsStayRight() {
        val queue = JanusQueue.fifo<Any>(2)
        val angry =
            object {
                override fun equals(other: Any?) = queue.isEmpty

                override fun hashCode() = 0
            }
        queue.sync().put("element")
        assertThrows(IllegalStateException::class.java) { queue.sync().remove(angry) }
        assertThrows(IllegalStateException::class.java) { queue.sync().contains(angry) }
        assertEquals(1, queue.size())
        assertEquals("element", queue.sync().poll())
        assertEquals(0, queue.stats().removed())
    }

    /** Neither this thread nor another is kept from using the queue. */
    private fun WaitingStage.assertQueueIsFree() {
        assertFalse(buffer.monitor.isLocked, "the waker holds the lock")
        val stats = CompletableFuture.supplyAsync { queue.stats() }.get(20, SECONDS)
        assertEquals(queue.stats().toString(), stats.toString())
        if (!queue.isShutdown) {
            queue.capacity(queue.capacity() + 1)
            val element = offer()
            assertTrue(queue.sync().remove(element))
            removed += element
        }
    }

    private companion object {
        @JvmStatic
        fun wakeUps() = WakeUp.entries.flatMap { wakeUp ->
            Style.entries
                .mapNotNull { WaitingCall.find(CallerKind.COROUTINE, wakeUp.side, timed = false, it) }
                .map { arrayOf(wakeUp, it) }
        }

        @JvmStatic
        fun callsBack() = listOf(
            callBack("size") { it.size() },
            callBack("offer") { it.sync().offer(3) },
            callBack("tryReceive") { it.async().tryReceive() },
            callBack("shutdown") { it.shutdown() },
            callBack("toString") { it.toString() },
        )

        private fun callBack(name: String, call: (JanusQueue<Int>) -> Unit) = Named.of(name, call)
    }
}
