package dev.janus

import kotlinx.coroutines.Dispatchers
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.MethodSource

/** How a granted waiter's element or slot goes away before the waiter runs. */
internal enum class Loss(val side: Side, val strike: WaitingStage.() -> Unit) {
    REMOVE(Side.TAKERS, {
        val element = queue.sync().peek()!!
        assertTrue(queue.sync().remove(element))
        removed += element
    }),
    REMOVE_IF(Side.TAKERS, { queue.sync().removeIf { removed.add(it) } }),
    ITERATOR(Side.TAKERS, {
        val elements = queue.sync().iterator()
        removed += elements.next()
        elements.remove()
    }),
    CLEAR(Side.TAKERS, {
        removed += queue.sync()
        queue.sync().clear()
    }),
    SHRINK(Side.PUTTERS, { queue.capacity(1) }),
    SHRINK_TO_RENDEZVOUS(Side.PUTTERS, { queue.capacity(0) }),
}

/** One case: who lost its grant how, and who waits behind it. */
internal data class VoidGrant(
    val loss: Loss,
    val kind: CallerKind,
    val nextKind: CallerKind,
    val style: Style = Style.PLAIN,
) {
    val call = WaitingCall.find(kind, loss.side, timed = false, style)
    val nextCall = WaitingCall.of(nextKind, loss.side)
}

/** A granted waiter whose element or slot is gone when it runs waits again, at the head of its line. */
@Timeout(60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
internal class VoidGrantTest {
    @ParameterizedTest
    @MethodSource("voidGrants")
    fun wait_grantVoid_waitsAgainAtTheHead(case: VoidGrant) = onStage(WaitingStage(case.loss.side)) {
        val (caller, next) = loseGrant(case)
        makeGood(case)
        assertEquals(CallOutcome.DONE, caller.awaitOutcome())
        assertNull(next.outcome)
        assertEquals(1, waiting())
        grant()
        assertEquals(CallOutcome.DONE, next.awaitOutcome())
    }

    @ParameterizedTest
    @MethodSource("voidGrantsOfCoroutines")
    fun wait_grantVoidTwice_waitsAgainAtTheHead(case: VoidGrant) = onStage(WaitingStage(case.loss.side)) {
        val (caller, next) = loseGrant(case)
        makeGood(case)
        loseAgain(case)
        (caller as CoroutineCaller).run()
        assertBackInLine()
        makeGood(case)
        assertEquals(CallOutcome.DONE, caller.awaitOutcome())
        assertNull(next.outcome)
        grant()
        assertEquals(CallOutcome.DONE, next.awaitOutcome())
    }

    @ParameterizedTest
    @MethodSource("voidGrants")
    fun wait_grantVoidThenGivenUp_nextInLineIsServed(case: VoidGrant) = onStage(WaitingStage(case.loss.side)) {
        val (caller, next) = loseGrant(case)
        caller.giveUp()
        assertEquals(CallOutcome.GAVE_UP, caller.awaitOutcome())
        assertNull(next.outcome)
        makeGood(case)
        assertEquals(CallOutcome.DONE, next.awaitOutcome())
    }

    @ParameterizedTest
    @MethodSource("voidGrants")
    fun wait_grantVoidThenShutDown_bothAreRefused(case: VoidGrant) = onStage(WaitingStage(case.loss.side)) {
        val (caller, next) = loseGrant(case)
        queue.shutdown()
        assertEquals(CallOutcome.REFUSED, caller.awaitOutcome())
        assertEquals(CallOutcome.REFUSED, next.awaitOutcome())
    }

    @ParameterizedTest
    @MethodSource("voidGrants")
    fun wait_grantVoidThenAllGranted_servedInTheOldOrder(case: VoidGrant) =
        onStage(WaitingStage(case.loss.side, capacity = 3)) {
            val (caller, next) = loseGrant(case)
            if (case.loss.side == Side.PUTTERS) {
                queue.capacity(3)
                repeat(queue.size()) { poll() }
            }
            if (case.loss.side == Side.TAKERS) repeat(2) { offer() }
            assertEquals(CallOutcome.DONE, caller.awaitOutcome())
            assertEquals(CallOutcome.DONE, next.awaitOutcome())
        }

    @ParameterizedTest
    @MethodSource("sidesAndKinds")
    fun wait_shutDownNowBeforeItRuns_refused(side: Side, kind: CallerKind) = onStage(WaitingStage(side)) {
        startFront { removed += queue.shutdownNow() }
        val caller = start(WaitingCall.of(kind, side))
        val next = start(WaitingCall.of(kind, side))
        grant(2)
        assertEquals(CallOutcome.REFUSED, caller.awaitOutcome())
        assertEquals(CallOutcome.REFUSED, next.awaitOutcome())
        assertTrue(queue.isTerminated)
    }

    @ParameterizedTest
    @MethodSource("kinds")
    fun take_twoGrantsForOneElementLeft_oneTakesItOneWaits(kind: CallerKind) = onStage(WaitingStage(Side.TAKERS)) {
        startFront { Loss.REMOVE.strike(this) }
        val granted = List(2) { start(WaitingCall.of(kind, side)) }
        val last = start(WaitingCall.of(kind, side))
        queue.capacity(3)
        grant(3)
        awaitUntil("one of two has the element") {
            granted.forEach { (it as? CoroutineCaller)?.run() }
            granted.count { it.outcome == CallOutcome.DONE } == 1 && queue.stats().reservedElements() == 0
        }
        assertEquals(2, waiting())
        assertNull(last.outcome)
        grant()
        granted.forEach { assertEquals(CallOutcome.DONE, it.awaitOutcome()) }
        assertNull(last.outcome)
        grant()
        assertEquals(CallOutcome.DONE, last.awaitOutcome())
    }

    @ParameterizedTest
    @MethodSource("kinds")
    fun take_twoGrantsVoid_eachWaitsForItsOwnGrantAgain(kind: CallerKind) = onStage(WaitingStage(Side.TAKERS)) {
        startFront { Loss.CLEAR.strike(this) }
        val callers = List(2) { start(WaitingCall.of(kind, side)) }
        queue.capacity(3)
        grant(3)
        callers.forEach { (it as? CoroutineCaller)?.run() }
        assertBackInLine()
        awaitUntil("both wait again") { callers.all { it.isParked } }
        grant()
        awaitUntil("one has its element") {
            callers.forEach { (it as? CoroutineCaller)?.run() }
            callers.any { it.outcome == CallOutcome.DONE }
        }
        assertEquals(1, waiting())
        assertEquals(1, callers.count { it.outcome == null }, "the other was not granted: $callers")
        grant()
        callers.forEach { assertEquals(CallOutcome.DONE, it.awaitOutcome(), "$it") }
    }

    /** Starts one that is woken before the others, and then keeps its waker busy with the given step. */
    private fun WaitingStage.startFront(step: () -> Unit) =
        start(WaitingCall.of(CallerKind.COROUTINE, side), dispatcher = Dispatchers.Unconfined, afterwards = step)

    /** The caller and the next behind it wait; the caller was granted and then lost what it was granted. */
    private fun WaitingStage.loseGrant(case: VoidGrant): Pair<SteppedCaller, SteppedCaller> {
        startFront { case.loss.strike(this) }
        val caller = start(case.call!!)
        val next = start(case.nextCall)
        grant(2)
        (caller as? CoroutineCaller)?.run()
        assertBackInLine()
        awaitUntil("the caller waits again") { caller.isParked }
        assertNull(caller.outcome)
        assertNull(next.outcome)
        return caller to next
    }

    private fun WaitingStage.assertBackInLine() = awaitUntil("both wait and nothing is reserved, $queue") {
        waiting() == 2 && queue.stats().run { reservedElements() + reservedSlots() } == 0
    }

    /** Gives what the first in line waits for. */
    private fun WaitingStage.makeGood(case: VoidGrant) {
        when (case.loss) {
            Loss.SHRINK, Loss.SHRINK_TO_RENDEZVOUS -> queue.capacity(queue.size() + 1)
            else -> offer()
        }
    }

    private fun WaitingStage.loseAgain(case: VoidGrant) {
        if (case.loss.side == Side.PUTTERS) queue.capacity(1) else case.loss.strike(this)
    }

    private companion object {
        @JvmStatic
        fun voidGrantsOfCoroutines() =
            voidGrants().filter { it.kind == CallerKind.COROUTINE && it.style != Style.SELECT }

        @JvmStatic
        fun kinds() = CallerKind.entries

        @JvmStatic
        fun sidesAndKinds() =
            listOf(Side.TAKERS, Side.PUTTERS).flatMap { side -> CallerKind.entries.map { arrayOf(side, it) } }

        @JvmStatic
        fun voidGrants() = Loss.entries.flatMap { loss ->
            CallerKind.entries.flatMap { kind ->
                CallerKind.entries.flatMap { nextKind ->
                    Style.entries.map { VoidGrant(loss, kind, nextKind, it) }.filter { it.call != null }
                }
            }
        }
    }
}
