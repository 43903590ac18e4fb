package dev.janus

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import java.util.concurrent.TimeUnit.MILLISECONDS

/** A thread that selects from two queues, granted by both, or by both while it gives up: each unused grant is passed on. */
@Timeout(60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
internal class QueueSelectRacesTest {
    private val first = WaitingStage(Side.TAKERS)
    private val second = WaitingStage(Side.TAKERS)
    private val select = QueueSelect.first(first.queue) { first.taken += it }.or(second.queue) { second.taken += it }

    @ParameterizedTest
    @EnumSource
    fun take_grantedByBothQueuesAtOnce_theFirstNamedIsUsedAndTheOtherPassedOn(nextKind: CallerKind) {
        val selecting = startSelecting { select.take() }
        val nexts = startBehind(nextKind)

        inOneStepOfBoth { grantBothLocked() }

        assertEquals(CallOutcome.DONE, selecting.awaitOutcome())
        assertEquals(CallOutcome.DONE, nexts[1].awaitOutcome())
        assertEquals(listOf(listOf(1), listOf(1)), listOf(first, second).map { it.taken.toList() })
        assertNull(nexts[0].outcome)
        first.offer()
        assertEquals(CallOutcome.DONE, nexts[0].awaitOutcome())
        checkBoth()
    }

    @ParameterizedTest
    @EnumSource
    fun take_grantedByBothQueuesWhileItIsInterrupted_bothArePassedOn(nextKind: CallerKind) {
        val selecting = startSelecting { select.take() }
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
        val selecting = startSelecting(millis) { select.poll(millis, MILLISECONDS) }
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
        val selecting = startSelecting { select.take() }
        val nexts = startBehind(nextKind)

        inOneStepOfBoth { listOf(first, second).forEach { it.shutDownLocked() } }

        assertEquals(CallOutcome.REFUSED, selecting.awaitOutcome())
        nexts.forEach { assertEquals(CallOutcome.REFUSED, it.awaitOutcome()) }
        checkBoth()
    }

    @ParameterizedTest
    @EnumSource
    fun take_oneQueueEndsAndTheOtherGrants_takesTheElement(nextKind: CallerKind) {
        val selecting = startSelecting { select.take() }
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

    /** The first queue's lock is freed last, so the thread finds everything done when it looks at its first clause. */
    private fun inOneStepOfBoth(step: () -> Unit) = first.inOneStep { second.inOneStep(step) }

    private fun grantBothLocked() = listOf(first, second).forEach { it.grantLocked(1) }

    private fun checkBoth() = listOf(first, second).forEach { it.check() }
}
