package dev.janus

import dev.janus.fixtures.SteppedDispatcher
import dev.janus.fixtures.beginOn
import kotlinx.coroutines.Dispatchers
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import org.junit.jupiter.params.provider.MethodSource

/** With capacity 0: the receiver that leaves after it was matched, and the putter that leaves after the hand-over. */
internal class RacesInRendezvousTest {
    @ParameterizedTest
    @MethodSource("leavingKinds")
    fun take_matchedWhileItLeaves_threadHasItAndCoroutineLeavesIt(way: Way, kind: CallerKind) = untilForced { millis ->
        val stage = rendezvous(Side.TAKERS)
        val caller = stage.start(WaitingCall.of(kind, Side.TAKERS, timed = way == Way.TIMED_OUT), millis)
        if (!stage.leaveThenGrant(caller, way)) return@untilForced false
        val isDone = kind == CallerKind.THREAD
        assertEquals(if (isDone) CallOutcome.DONE else outcomeOf(way), caller.awaitOutcome())
        assertEquals(if (isDone) 0 else 1, stage.queue.size())
        assertEquals(1, stage.queue.stats().accepted())
        if (!isDone) assertEquals(1, stage.poll())
        stage.check()
        true
    }

    @ParameterizedTest
    @MethodSource("leavingKindsWithNext")
    fun take_matchedWhileItLeaves_nextInLineIsServed(way: Way, kind: CallerKind, nextKind: CallerKind) =
        untilForced { millis ->
            val stage = rendezvous(Side.TAKERS)
            val caller = stage.start(WaitingCall.of(kind, Side.TAKERS, timed = way == Way.TIMED_OUT), millis)
            val next = stage.start(WaitingCall.of(nextKind, Side.TAKERS))
            val last = stage.start(WaitingCall.of(nextKind, Side.TAKERS))
            if (!stage.leaveThenGrant(caller, way)) return@untilForced false
            val isDone = kind == CallerKind.THREAD
            assertEquals(if (isDone) CallOutcome.DONE else outcomeOf(way), caller.awaitOutcome())
            if (isDone) stage.offer()
            assertEquals(CallOutcome.DONE, next.awaitOutcome())
            assertNull(last.outcome)
            stage.offer()
            assertEquals(CallOutcome.DONE, last.awaitOutcome())
            stage.check()
            true
        }

    @ParameterizedTest
    @MethodSource("leavingKinds")
    fun receive_matchedAndLeavesBeforeItRuns_elementGoesToTheNextInLine(way: Way, nextKind: CallerKind) =
        onStage(rendezvous(Side.TAKERS)) {
            val caller = start(WaitingCall.of(CallerKind.COROUTINE, side, timed = way == Way.TIMED_OUT))
            val next = start(WaitingCall.of(nextKind, side))
            offer()
            way.strike(caller)
            assertEquals(outcomeOf(way), caller.awaitOutcome())
            assertEquals(CallOutcome.DONE, next.awaitOutcome())
        }

    @ParameterizedTest
    @MethodSource("leavingKinds")
    fun put_handedOverWhileItLeaves_returnsNormally(way: Way, kind: CallerKind) = untilForced { millis ->
        val stage = rendezvous(Side.PUTTERS)
        val caller = stage.start(WaitingCall.of(kind, Side.PUTTERS, timed = way == Way.TIMED_OUT), millis)
        if (!stage.leaveThenGrant(caller, way)) return@untilForced false
        assertEquals(CallOutcome.DONE, caller.awaitOutcome(), "$caller")
        val interrupted = caller is ThreadCaller && caller.interruptedAfterwards
        assertEquals(kind == CallerKind.THREAD && way == Way.GIVEN_UP, interrupted, "interrupt status")
        stage.check()
        true
    }

    @ParameterizedTest
    @MethodSource("waysAfterHandOver")
    fun send_handedOverThenStruck_returnsNormally(way: Way) = onStage(rendezvous(Side.PUTTERS)) {
        val caller = start(WaitingCall.of(CallerKind.COROUTINE, side, timed = way == Way.TIMED_OUT))
        val next = start(WaitingCall.SEND)
        assertEquals(1, poll())
        if (way.leaves) way.strike(caller) else queue.shutdown()
        assertEquals(CallOutcome.DONE, caller.awaitOutcome(), "$caller")
        if (way.leaves) assertEquals(2, poll())
        assertEquals(if (way.leaves) CallOutcome.DONE else CallOutcome.REFUSED, next.awaitOutcome())
    }

    @ParameterizedTest
    @MethodSource("waysAfterHandOver")
    fun put_threadHandedOverThenStruck_returnsNormally(way: Way) = untilForced { millis ->
        val stage = rendezvous(Side.PUTTERS)
        lateinit var caller: SteppedCaller
        var forced = false
        stage.start(WaitingCall.SEND, dispatcher = Dispatchers.Unconfined) {
            if (!forced) return@start
            if (way.leaves) way.strike(caller) else stage.queue.shutdown()
            if (way.leaves) assertEquals(CallOutcome.DONE, caller.awaitOutcome())
        }
        caller = stage.start(WaitingCall.of(CallerKind.THREAD, Side.PUTTERS, timed = way == Way.TIMED_OUT), millis)
        stage.inOneStep {
            forced = stage.waitingLocked() == 2
            if (forced) stage.grantLocked(2)
        }
        if (!forced) return@untilForced stage.abandon().let { false }
        assertEquals(CallOutcome.DONE, caller.awaitOutcome(), "$caller")
        stage.check()
        true
    }

    @Test
    fun sendAll_handedOverInPartThenCancelled_restIsNotAdded() = onStage(rendezvous(Side.PUTTERS)) {
        val caller = start(WaitingCall.SEND_ALL)
        accepted += poll()
        caller.giveUp()
        assertEquals(CallOutcome.GAVE_UP, caller.awaitOutcome())
        assertNull(poll())
    }

    @ParameterizedTest
    @EnumSource(names = ["PUT_ALL", "SEND_ALL"])
    fun putAll_oneReceiverWaits_oneElementGoesIn(call: WaitingCall) = onStage(rendezvous(Side.TAKERS)) {
        val receiver = start(WaitingCall.RECEIVE)
        val caller = start(call)
        assertEquals(1, queue.stats().reservedElements())
        assertEquals(1, queue.stats().waitingPutThreads() + queue.stats().waitingPutCoroutines())
        assertEquals(CallOutcome.DONE, receiver.awaitOutcome())
        assertNull(caller.outcome)
        assertEquals(2, poll())
        assertEquals(CallOutcome.DONE, caller.awaitOutcome())
    }

    @Test
    fun take_severalPuttersWait_handedOverInTheirOrder() = onStage(rendezvous(Side.PUTTERS)) {
        val putters = listOf(WaitingCall.PUT, WaitingCall.SEND, WaitingCall.PUT, WaitingCall.SEND).map(::start)
        assertEquals(listOf(1, 2, 3, 4), List(4) { poll() })
        putters.forEach { assertEquals(CallOutcome.DONE, it.awaitOutcome()) }
    }

    @Test
    fun offer_earlierPutterNotRunYet_meetsTheWaitingReceiver() = onStage(rendezvous(Side.PUTTERS)) {
        val slow = start(WaitingCall.SEND)
        assertEquals(1, poll())
        val receiver = start(WaitingCall.TAKE)

        val offered = queue.sync().offer(99)

        if (offered) accepted += 99
        slow.awaitOutcome()
        if (!offered) offer()
        receiver.awaitOutcome()
        check()
        assertTrue(offered, "a receiver waited, but offer returned false")
    }

    @Test
    fun send_earlierPutterNotRunYet_meetsTheWaitingReceiver() = onStage(rendezvous(Side.PUTTERS)) {
        val slow = start(WaitingCall.SEND)
        assertEquals(1, poll())
        val receiver = start(WaitingCall.RECEIVE) as CoroutineCaller
        val putter = start(WaitingCall.SEND) as CoroutineCaller

        putter.run()
        receiver.run()
        putter.run()

        val met = putter.outcome == CallOutcome.DONE && receiver.outcome == CallOutcome.DONE
        slow.awaitOutcome()
        putter.awaitOutcome()
        receiver.awaitOutcome()
        assertTrue(met, "the putter and the receiver wait for each other")
    }

    @Test
    fun receive_putterOfAnElementWithoutOrder_putterFailsAndTheReceiverWaitsOn() {
        val queue = JanusQueue.priority<Any>(0)
        val steps = SteppedDispatcher()
        val putter = beginOn(steps) { queue.async().send(Any()) }
        assertNull(queue.sync().poll())
        val taker = beginOn(steps) { queue.async().receive() }

        steps.runAll()
        putter.assertThrew<ClassCastException>()
        taker.assertGoesOn()

        assertTrue(queue.async().trySend("in order"))
        steps.runAll()
        assertEquals("in order", taker.value)
    }

    @Test
    fun poll_elementReservedAndAPutterWaits_takesTheEarlierOne() {
        val queue = JanusQueue.fifo<Int>(0)
        val steps = SteppedDispatcher()
        val receiver = beginOn(steps) { queue.async().receive() }
        assertTrue(queue.sync().offer(1))
        val putter = beginOn(steps) { queue.async().send(2) }

        assertEquals(1, queue.sync().poll())

        steps.runAll()
        putter.value
        assertEquals(2, receiver.value)
        assertEquals(0, queue.size())
    }

    private fun rendezvous(side: Side) = WaitingStage(side, capacity = 0)

    private fun outcomeOf(way: Way) = if (way == Way.TIMED_OUT) CallOutcome.NOTHING else CallOutcome.GAVE_UP

    /** The other party comes while the caller is on its way out and has not got the lock yet. */
    private fun WaitingStage.leaveThenGrant(caller: SteppedCaller, way: Way): Boolean {
        var leaving: Thread? = null
        inOneStep {
            if (caller.isParked) {
                leaving = caller.startLeaving(way)
                leaving!!.awaitBlockedInLeave()
                grantLocked(1)
            }
        }
        leaving?.join() ?: abandon()
        return leaving != null
    }

    private companion object {
        private val leavingWays = Way.entries.filter { it.leaves }

        @JvmStatic
        fun waysAfterHandOver() = leavingWays + Way.SHUT_DOWN

        @JvmStatic
        fun leavingKinds() = leavingWays.flatMap { way -> CallerKind.entries.map { arrayOf<Any>(way, it) } }

        @JvmStatic
        fun leavingKindsWithNext() = leavingKinds().flatMap { case -> CallerKind.entries.map { arrayOf(*case, it) } }
    }
}
