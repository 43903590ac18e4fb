package dev.janus

import dev.janus.fixtures.waiting
import kotlinx.coroutines.Dispatchers
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import org.junit.jupiter.params.provider.MethodSource

/** One caller, two ways out of its wait that strike together, and two others that wait behind it. */
internal data class Race(
    val first: Way,
    val second: Way,
    val side: Side,
    val kind: CallerKind,
    val nextKind: CallerKind,
    val style: Style,
) {
    private val timed = first == Way.TIMED_OUT || second == Way.TIMED_OUT
    private val found = WaitingCall.find(kind, side, timed, style)
    val call get() = found!!
    private val lastKind = if (nextKind == CallerKind.THREAD) CallerKind.COROUTINE else CallerKind.THREAD
    val nextCall = WaitingCall.find(nextKind, side, timed = false, style) ?: WaitingCall.of(nextKind, side)
    val lastCall = WaitingCall.of(lastKind, side)

    /** Whether it is completed for the caller when its turn comes. The caller can no longer leave it then. */
    private val isCompletedInPlace = style != Style.SELECT && (kind == CallerKind.THREAD || side == Side.PUTTERS)

    /** Whether it is completed for a caller that has left, or is still on its way out, when the second strikes. */
    private fun isDone(hasLeft: Boolean) =
        isCompletedInPlace && (first == Way.GRANTED || (second == Way.GRANTED && first.leaves && !hasLeft))

    /** A caller that leaves has left, whatever else strikes, unless its call is done. At shutdown a taker still gets what it was granted. */
    fun outcome(hasLeft: Boolean) = when {
        isDone(hasLeft) -> CallOutcome.DONE
        first.leaves -> outcomeOf(first)
        second.leaves -> outcomeOf(second)
        first == Way.GRANTED && side == Side.TAKERS -> CallOutcome.DONE
        else -> CallOutcome.REFUSED
    }

    /** What becomes of the next in line; null if it goes on waiting. */
    fun nextOutcome(hasLeft: Boolean) = when {
        first == Way.SHUT_DOWN || second == Way.SHUT_DOWN -> CallOutcome.REFUSED
        isDone(hasLeft) -> null
        first == Way.GRANTED || second == Way.GRANTED -> CallOutcome.DONE
        else -> null
    }

    fun passesOn(hasLeft: Boolean) = nextOutcome(hasLeft) == CallOutcome.DONE

    /** A select that has chosen does not change its choice when its time is up, but it can be cancelled until it runs. */
    val isChoice = style == Style.SELECT && kind == CallerKind.COROUTINE && isRaceWithTime()

    private fun isRaceWithTime() =
        if (first == Way.TIMED_OUT) second == Way.GIVEN_UP else second == Way.TIMED_OUT && !first.leaves

    private fun outcomeOf(way: Way) = if (way == Way.TIMED_OUT) CallOutcome.NOTHING else CallOutcome.GAVE_UP

    override fun toString() = "$style $kind of $side, $first then $second, next $nextKind"

    companion object {
        fun all(): List<Race> = Way.entries.flatMap { first -> (Way.entries - first).flatMap { of(first, it) } }

        private fun of(first: Way, second: Way) = listOf(Side.TAKERS, Side.PUTTERS).flatMap { side ->
            CallerKind.entries.flatMap { kind ->
                CallerKind.entries.flatMap { nextKind ->
                    Style.entries.map { Race(first, second, side, kind, nextKind, it) }.filter { it.found != null }
                }
            }
        }
    }
}

/**
 * Every race of two ways out of a wait, forced: at which point of its way out the caller is caught is
 * what the three tests differ in.
 */
internal class RacesOfWaysOutTest {
    /** The caller is on its way out, but has not got the lock yet, when the second strikes. */
    @ParameterizedTest
    @MethodSource("leavingFirst")
    fun wait_struckWhileItLeaves_leaves(race: Race) = untilForced { millis ->
        val stage = WaitingStage(race.side)
        val caller = stage.start(race.call, millis)
        val next = stage.start(race.nextCall)
        val last = stage.start(race.lastCall)
        var leaving: Thread? = null
        stage.inOneStep {
            if (stage.waitingLocked() == 3) {
                leaving = caller.startLeaving(race.first)
                leaving!!.awaitBlockedInLeave()
                stage.strikeLocked(race.second, caller)
            }
        }
        leaving?.join()
        finish(stage, race, leaving != null, caller, next, last)
    }

    /** The caller was let go, but not woken yet, when the second strikes: one in front of it is still busy. */
    @ParameterizedTest
    @MethodSource("letGoFirst")
    fun wait_struckBeforeItIsWoken_usesItsGrantOrPassesItOn(race: Race) = untilForced { millis ->
        val stage = WaitingStage(race.side)
        lateinit var caller: SteppedCaller
        lateinit var next: SteppedCaller
        var forced = false
        stage.start(WaitingCall.of(CallerKind.COROUTINE, race.side), dispatcher = Dispatchers.Unconfined) {
            if (!forced) return@start
            stage.strike(race.second, caller)
            if (race.second.leaves) {
                assertEquals(race.outcome(hasLeft = false), caller.awaitOutcome())
                if (race.passesOn(hasLeft = false)) assertEquals(CallOutcome.DONE, next.awaitOutcome())
            }
        }
        caller = stage.start(race.call, millis)
        next = stage.start(race.nextCall)
        val last = stage.start(race.lastCall)
        stage.inOneStep {
            forced = stage.waitingLocked() == 4
            if (forced) stage.letGoLocked(race.first, 2)
        }
        finish(stage, race, forced, caller, next, last)
    }

    /** The coroutine was resumed or cancelled, but its dispatcher has not run it, when the second strikes. */
    @ParameterizedTest
    @MethodSource("ofCoroutines")
    fun wait_struckBeforeItsDispatcherRuns_settledOnce(race: Race) {
        val stage = WaitingStage(race.side)
        val caller = stage.start(race.call)
        val next = stage.start(race.nextCall)
        val last = stage.start(race.lastCall)
        stage.strike(race.first, caller)
        stage.strike(race.second, caller)
        if (race.first.leaves && race.passesOn(hasLeft = true)) {
            assertEquals(CallOutcome.DONE, next.awaitOutcome(), "it has left already")
        }
        finish(stage, race, true, caller, next, last, hasLeft = true)
    }

    /** A newcomer gets nothing while everything is reserved for a caller that was woken and has not run yet. */
    @ParameterizedTest
    @EnumSource(names = ["TAKERS", "PUTTERS"])
    fun newcomer_allIsReserved_doesNotOvertake(side: Side) = onStage(WaitingStage(side, capacity = 1)) {
        val caller = start(WaitingCall.of(CallerKind.COROUTINE, side))
        grant()
        if (side == Side.TAKERS) {
            assertNull(poll())
        } else {
            assertFalse(queue.sync().offer(0))
            assertFalse(queue.async().trySend(0))
        }
        val newcomers = CallerKind.entries.map { start(WaitingCall.of(it, side)) }
        assertEquals(2, waiting())
        assertEquals(CallOutcome.DONE, caller.awaitOutcome())
        newcomers.forEach {
            assertNull(it.outcome)
            grant()
            assertEquals(CallOutcome.DONE, it.awaitOutcome())
        }
    }

    private fun finish(
        stage: WaitingStage,
        race: Race,
        forced: Boolean,
        caller: SteppedCaller,
        next: SteppedCaller,
        last: SteppedCaller,
        hasLeft: Boolean = false,
    ): Boolean {
        if (!forced) {
            stage.abandon()
            return false
        }
        assertEquals(race.outcome(hasLeft), caller.awaitOutcome(), "$caller")
        val nextOutcome = race.nextOutcome(hasLeft)
        if (nextOutcome != null) {
            assertEquals(nextOutcome, next.awaitOutcome(), "$next")
        } else {
            assertNull(next.outcome)
            stage.grant()
            assertEquals(CallOutcome.DONE, next.awaitOutcome(), "$next")
        }
        if (nextOutcome != CallOutcome.REFUSED) {
            assertNull(last.outcome)
            assertEquals(1, stage.waiting(), "only the last waits")
            stage.grant()
        }
        last.awaitOutcome()
        stage.check()
        return true
    }

    private fun WaitingStage.strike(way: Way, caller: SteppedCaller) {
        when {
            way.leaves -> way.strike(caller)
            way == Way.SHUT_DOWN -> queue.shutdown()
            side == Side.PUTTERS || !queue.isShutdown -> grant()
            else -> assertFalse(queue.sync().offer(1))
        }
    }

    private fun WaitingStage.strikeLocked(way: Way, caller: SteppedCaller) =
        if (way.leaves) way.strike(caller) else letGoLocked(way, 1)

    private fun WaitingStage.letGoLocked(way: Way, count: Int) =
        if (way == Way.GRANTED) grantLocked(count) else shutDownLocked()

    private companion object {
        @JvmStatic
        fun leavingFirst() = Race.all().filter { it.first.leaves }

        @JvmStatic
        fun letGoFirst() = Race.all().filterNot { it.first.leaves }

        @JvmStatic
        fun ofCoroutines() = Race.all().filter { it.kind == CallerKind.COROUTINE && !it.isChoice }
    }
}
