package dev.janus

import dev.janus.fixtures.awaitUntil
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import java.util.concurrent.TimeUnit.MILLISECONDS
import kotlin.concurrent.thread

/** A thread that selects from two queues, granted by both, or by both while it gives up: each unused grant is passed on. */
internal class QueueSelectRacesTest {
    private val first = WaitingStage(Side.TAKERS, capacity = 5)
    private val second = WaitingStage(Side.TAKERS)
    private val select = QueueSelect.first(first.queue) { choose(first, it) }.or(second.queue) { choose(second, it) }

    @Volatile
    private var chosen: WaitingStage? = null

    private fun choose(stage: WaitingStage, element: Int) {
        chosen = stage
        stage.taken += element
    }

    @ParameterizedTest
    @EnumSource
    fun take_grantedByBothQueuesAtOnce_oneIsUsedAndTheOtherPassedOn(nextKind: CallerKind) {
        val selecting = startSelecting { select.select() }
        val nexts = startBehind(nextKind)

        inOneStepOfBoth { grantBothLocked() }

        assertEquals(CallOutcome.DONE, selecting.awaitOutcome())
        val (used, unused) = if (chosen === first) listOf(0, 1) else listOf(1, 0)
        assertEquals(CallOutcome.DONE, nexts[unused].awaitOutcome())
        assertEquals(listOf(listOf(1), listOf(1)), listOf(first, second).map { it.taken.toList() })
        assertNull(nexts[used].outcome)
        listOf(first, second)[used].offer()
        assertEquals(CallOutcome.DONE, nexts[used].awaitOutcome())
        checkBoth()
    }

    @ParameterizedTest
    @EnumSource
    fun take_grantedByBothQueuesWhileItIsInterrupted_bothArePassedOn(nextKind: CallerKind) {
        val selecting = startSelecting { select.select() }
        val nexts = startBehind(nextKind)

        inOneStepOfBoth {
            selecting.startLeaving(Way.GIVEN_UP).awaitBlockedInLeave()
            grantBothLocked()
        }

        assertEquals(CallOutcome.GAVE_UP, selecting.awaitOutcome())
        nexts.forEach { assertEquals(CallOutcome.DONE, it.awaitOutcome()) }
        checkBoth()
    }

    @ParameterizedTest
    @EnumSource
    fun poll_grantedByBothQueuesWhenItsTimeIsUp_bothArePassedOn(nextKind: CallerKind) = untilForced { millis ->
        val selecting = startSelecting(millis) { select.select(millis, MILLISECONDS) }
        val nexts = startBehind(nextKind)

        var forced = false
        inOneStepOfBoth {
            forced = selecting.isParked
            if (forced) selecting.startLeaving(Way.TIMED_OUT).awaitBlockedInLeave()
            grantBothLocked()
        }

        assertEquals(CallOutcome.NOTHING, selecting.awaitOutcome())
        nexts.forEach { assertEquals(CallOutcome.DONE, it.awaitOutcome()) }
        checkBoth()
        forced
    }

    @ParameterizedTest
    @EnumSource
    fun take_bothQueuesEndAtOnce_isRefused(nextKind: CallerKind) {
        val selecting = startSelecting { select.select() }
        val nexts = startBehind(nextKind)

        inOneStepOfBoth { listOf(first, second).forEach { it.shutDownLocked() } }

        assertEquals(CallOutcome.REFUSED, selecting.awaitOutcome())
        nexts.forEach { assertEquals(CallOutcome.REFUSED, it.awaitOutcome()) }
        checkBoth()
    }

    @ParameterizedTest
    @EnumSource
    fun take_oneQueueEndsAndTheOtherGrants_takesTheElement(nextKind: CallerKind) {
        val selecting = startSelecting { select.select() }
        val nexts = startBehind(nextKind)

        inOneStepOfBoth {
            first.shutDownLocked()
            second.grantLocked(1)
        }

        assertEquals(CallOutcome.DONE, selecting.awaitOutcome())
        assertEquals(CallOutcome.REFUSED, nexts[0].awaitOutcome())
        second.offer()
        assertEquals(CallOutcome.DONE, nexts[1].awaitOutcome())
        checkBoth()
    }

    private fun startSelecting(millis: Long = WaitingStage.LONG_MILLIS, call: () -> Any?): ThreadCaller {
        val before = listOf(first, second).map { it.waiting() }
        val caller = ThreadCaller(millis, givenUpBefore = false, onDone = {}, call)
        awaitUntil("it stands in both lines") {
            caller.isParked && listOf(first, second).map { it.waiting() - 1 } == before
        }
        return caller
    }

    private fun startBehind(kind: CallerKind) =
        listOf(first, second).map { it.start(WaitingCall.of(kind, Side.TAKERS)) }

    /** The second queue wakes first; which of the two the thread then finds woken is a matter of time. */
    private fun inOneStepOfBoth(step: () -> Unit) = first.inOneStep { second.inOneStep(step) }

    private fun grantBothLocked() = listOf(first, second).forEach { it.grantLocked(1) }

    private fun checkBoth() = listOf(first, second).forEach { it.check() }
}
