package dev.janus

import dev.janus.fixtures.awaitUntil
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import org.junit.jupiter.params.provider.MethodSource
import java.io.IOException
import java.util.concurrent.TimeUnit

/** What ends a wait. */
internal enum class Ending { GRANT, TIME, GIVING_UP, SHUTDOWN, SHUTDOWN_WITH_CAUSE, SHUTDOWN_NOW }

/** A call that waits and what ends its wait. */
internal data class WayOut(val call: WaitingCall, val ending: Ending) {
    private val refused = if (call.isTry) CallOutcome.NOTHING else CallOutcome.REFUSED

    /** Null if the wait goes on: a join and an awaitTermination wait for what is left in the queue. */
    val outcome =
        when (ending) {
            Ending.GRANT -> CallOutcome.DONE
            Ending.TIME -> CallOutcome.NOTHING
            Ending.GIVING_UP -> CallOutcome.GAVE_UP
            Ending.SHUTDOWN, Ending.SHUTDOWN_WITH_CAUSE -> if (call.waitsForTheEnd) null else refused
            Ending.SHUTDOWN_NOW -> if (call.waitsForTheEnd) CallOutcome.DONE else refused
        }

    override fun toString() = "$call ended by $ending"
}

/** Whether it returns that nothing was done, rather than throw, when the queue is shut down. */
private val WaitingCall.isTry get() = timed && (side == Side.TAKERS || style != Style.SELECT)

private val WaitingCall.waitsForTheEnd get() = side == Side.JOINERS || side == Side.AWAITERS

/** Every way out of every wait, alone. */
internal class WaysOutOfAWaitTest {
    private val cause = IOException("the given cause")

    @ParameterizedTest
    @MethodSource("waysOut")
    fun wait_ended_hasItsOutcome(wayOut: WayOut) = onStage(WaitingStage(wayOut.call.side)) {
        val millis = if (wayOut.ending == Ending.TIME) SHORT_MILLIS else WaitingStage.LONG_MILLIS
        val begin = System.nanoTime()
        val caller = start(wayOut.call, millis)
        end(wayOut, caller)
        if (wayOut.outcome == null) {
            assertTrue(caller.isParked, "$caller")
            finishWork()
        }
        assertEquals(wayOut.outcome ?: CallOutcome.DONE, caller.awaitOutcome(), "$caller")
        if (wayOut.ending == Ending.TIME && caller is ThreadCaller) {
            assertTrue(System.nanoTime() - begin >= TimeUnit.MILLISECONDS.toNanos(millis), "too early")
        }
        if (caller.outcome == CallOutcome.REFUSED) {
            assertSame(cause.takeIf { wayOut.ending == Ending.SHUTDOWN_WITH_CAUSE }, caller.failure!!.cause)
        }
    }

    @ParameterizedTest
    @MethodSource("waysOutThatPassOn")
    fun wait_endedInFront_nextInLineIsServed(wayOut: WayOut) = onStage(WaitingStage(wayOut.call.side, capacity = 3)) {
        val millis = if (wayOut.ending == Ending.TIME) SHORT_MILLIS else WaitingStage.LONG_MILLIS
        val caller = start(wayOut.call, millis)
        val others = CallerKind.entries.map { start(WaitingCall.of(it, side)) }
        end(wayOut, caller)
        caller.awaitOutcome()
        for (next in others) {
            assertNull(next.outcome)
            grant()
            assertEquals(CallOutcome.DONE, next.awaitOutcome(), "$next")
        }
    }

    @ParameterizedTest
    @EnumSource(WaitingCall::class)
    fun call_givenUpBefore_givesUpAtOnce(call: WaitingCall) = onStage(WaitingStage(call.side)) {
        val caller = start(call, givenUpBefore = true)
        assertEquals(CallOutcome.GAVE_UP, caller.awaitOutcome(), "$caller")
    }

    @ParameterizedTest
    @EnumSource(names = ["JOIN", "JOIN_TIMED", "JOIN_SUSPENDING"])
    fun join_allTakenButNotDone_waitsOn(call: WaitingCall) = onStage(WaitingStage(Side.JOINERS)) {
        val caller = start(call)
        while (poll() != null) assertEquals(1, queue.stats().waitingJoins())
        queue.sync().taskDone()
        assertEquals(1, queue.stats().waitingJoins())
        queue.sync().taskDone()
        assertEquals(CallOutcome.DONE, caller.awaitOutcome())
    }

    @Test
    fun join_severalWait_allAreWokenInOneStep() = onStage(WaitingStage(Side.JOINERS)) {
        val joiners = List(3) { start(WaitingCall.JOIN_SUSPENDING) as CoroutineCaller }
        repeat(2) { poll() }
        queue.sync().taskDone()
        queue.sync().taskDone()
        joiners.forEach { assertFalse(it.isParked, "not woken: $it") }
        joiners.forEach { assertEquals(CallOutcome.DONE, it.awaitOutcome()) }
    }

    @ParameterizedTest
    @MethodSource("takersInPairs")
    fun take_shutDownWithTheRestReserved_waitsUntilNothingIsLeft(call: WaitingCall, reservationIsUsed: Boolean) =
        onStage(WaitingStage(Side.TAKERS)) {
            val granted = start(WaitingCall.RECEIVE) as CoroutineCaller
            val caller = start(call)
            offer()
            queue.shutdown()
            assertTrue(caller.isParked)
            assertEquals(1, queue.stats().reservedElements())
            if (!reservationIsUsed) granted.giveUp()
            granted.run()
            val refused = if (call.timed) CallOutcome.NOTHING else CallOutcome.REFUSED
            assertEquals(if (reservationIsUsed) refused else CallOutcome.DONE, caller.awaitOutcome())
            assertTrue(queue.isTerminated)
        }

    @ParameterizedTest
    @MethodSource("putters")
    fun put_rendezvousShutDown_refusedAndElementNotAdded(call: WaitingCall) =
        onStage(WaitingStage(Side.PUTTERS, capacity = 0)) {
            val caller = start(call)
            queue.shutdown(cause)
            assertEquals(if (call.isTry) CallOutcome.NOTHING else CallOutcome.REFUSED, caller.awaitOutcome())
            if (!call.isTry) assertSame(cause, caller.failure!!.cause)
            assertEquals(0, queue.stats().accepted())
        }

    @ParameterizedTest
    @MethodSource("timedThreads")
    fun wait_timedOut_threadIsNotInterrupted(call: WaitingCall) = onStage(WaitingStage(call.side)) {
        val caller = start(call, SHORT_MILLIS) as ThreadCaller
        caller.awaitOutcome()
        assertEquals(CallOutcome.NOTHING, caller.outcome)
        assertFalse(caller.interruptedAfterwards)
    }

    private fun WaitingStage.end(wayOut: WayOut, caller: SteppedCaller) {
        when (wayOut.ending) {
            Ending.GRANT -> if (wayOut.call.waitsForTheEnd) finishWork() else grantAll(wayOut.call, caller)
            Ending.TIME -> caller.timeOut()
            Ending.GIVING_UP -> caller.giveUp()
            Ending.SHUTDOWN -> queue.shutdown()
            Ending.SHUTDOWN_WITH_CAUSE -> queue.shutdown(cause)
            Ending.SHUTDOWN_NOW -> removed += queue.shutdownNow()
        }
    }

    /** Grants one slot after the other: a batch waits again for the next at the head of its line. */
    private fun WaitingStage.grantAll(call: WaitingCall, caller: SteppedCaller) = repeat(call.batch) {
        grant()
        (caller as? CoroutineCaller)?.run()
        awaitUntil("$caller has used its grant") { queue.stats().run { reservedElements() + reservedSlots() } == 0 }
    }

    /** Takes what is left, marks it as done, and ends the queue. */
    private fun WaitingStage.finishWork() {
        while (poll() != null) queue.async().taskDone()
        queue.shutdown()
    }

    private companion object {
        const val SHORT_MILLIS = 20L

        @JvmStatic
        fun waysOut() = WaitingCall.entries.flatMap { call ->
            Ending.entries.filter { it != Ending.TIME || call.timed }.map { WayOut(call, it) }
        }

        @JvmStatic
        fun waysOutThatPassOn() = waysOut().filter { it.ending <= Ending.GIVING_UP && !it.call.waitsForTheEnd }

        @JvmStatic
        fun putters() = WaitingCall.entries.filter { it.side == Side.PUTTERS }

        @JvmStatic
        fun timedThreads() = WaitingCall.entries.filter { it.timed && it.kind == CallerKind.THREAD }

        @JvmStatic
        fun takersInPairs() = WaitingCall.entries
            .filter { it.side == Side.TAKERS }
            .flatMap { call -> listOf(true, false).map { arrayOf<Any>(call, it) } }
    }
}
