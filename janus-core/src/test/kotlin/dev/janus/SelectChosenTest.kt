package dev.janus

import dev.janus.fixtures.QueueKind
import dev.janus.fixtures.waiting
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import org.junit.jupiter.params.provider.MethodSource

/**
 * A select that has chosen the queue's clause and that its dispatcher has not run yet: nothing that happens meanwhile
 * takes from it what it has claimed, and if it is cancelled, the next in line gets that.
 */
internal class SelectChosenTest {
    @ParameterizedTest
    @MethodSource("selects")
    fun select_chosen_isSeenAsAReservation(call: WaitingCall) = onStage(WaitingStage(call.side)) {
        val caller = start(call)
        assertEquals(1, waiting())
        grant()
        assertEquals(0, waiting())
        if (side == Side.TAKERS) {
            assertEquals(1, queue.stats().reservedElements())
            assertTrue(queue.sync().isEmpty())
            assertNull(poll())
        } else {
            assertEquals(1, queue.stats().reservedSlots())
            assertEquals(0, queue.sync().remainingCapacity())
            assertFalse(queue.async().trySend(0))
        }
        assertEquals(CallOutcome.DONE, caller.awaitOutcome())
    }

    @ParameterizedTest
    @MethodSource("selects")
    fun select_chosenThenTimePasses_choiceStands(call: WaitingCall) = onStage(WaitingStage(call.side)) {
        val caller = start(call)
        val next = start(WaitingCall.of(CallerKind.COROUTINE, side))
        grant()
        caller.timeOut()
        assertEquals(CallOutcome.DONE, caller.awaitOutcome())
        assertNull(next.outcome)
        grant()
        next.awaitOutcome()
    }

    @ParameterizedTest
    @MethodSource("selects")
    fun select_shutDownThenTimePasses_choiceStands(call: WaitingCall) = onStage(WaitingStage(call.side)) {
        val caller = start(call)
        queue.shutdown()
        caller.timeOut()
        val refused = if (call.timed && side == Side.TAKERS) CallOutcome.NOTHING else CallOutcome.REFUSED
        assertEquals(refused, caller.awaitOutcome())
    }

    @ParameterizedTest
    @EnumSource(names = ["ON_RECEIVE_TIMED", "ON_SEND_TIMED"])
    fun select_timePassedThenGrantedAndCancelled_nextIsGranted(call: WaitingCall) = onStage(WaitingStage(call.side)) {
        val caller = start(call)
        val next = start(WaitingCall.of(CallerKind.THREAD, side))
        caller.timeOut()
        grant()
        assertEquals(CallOutcome.DONE, next.awaitOutcome(), "the select had chosen its timeout")
        caller.giveUp()
        assertEquals(CallOutcome.GAVE_UP, caller.awaitOutcome())
    }

    @ParameterizedTest
    @MethodSource("selects")
    fun select_severalChosenOneCancelled_nextInLineIsGranted(call: WaitingCall) = onStage(WaitingStage(call.side)) {
        val callers = List(2) { start(call) }
        val next = CallerKind.entries.map { start(WaitingCall.of(it, side)) }
        grant(2)
        callers.forEach { it.giveUp() }
        callers.forEach { assertEquals(CallOutcome.GAVE_UP, it.awaitOutcome()) }
        next.forEach { assertEquals(CallOutcome.DONE, it.awaitOutcome()) }
    }

    @ParameterizedTest
    @MethodSource("removals")
    fun onReceive_chosenThenOnlyElementRemoved_elementStays(call: WaitingCall, removal: Removal) =
        onStage(WaitingStage(Side.TAKERS)) {
            val caller = start(call)
            grant()
            removal.strike(this)
            assertEquals(0, queue.size())
            assertEquals(1, queue.stats().reservedElements())
            assertEquals(0, queue.stats().removed())
            assertEquals(CallOutcome.DONE, caller.awaitOutcome())
        }

    @ParameterizedTest
    @MethodSource("ordersAndSelects")
    fun onReceive_chosenThenTheOneNotReservedRemoved_getsTheOther(order: QueueKind.Order, call: WaitingCall) =
        onStage(WaitingStage(Side.TAKERS, queue = QueueKind(order, 4).build())) {
            val caller = start(call)
            grant(2)
            val other = queue.sync().single()
            assertTrue(queue.sync().remove(other))
            removed += other
            assertNull(queue.sync().peek())
            assertEquals(CallOutcome.DONE, caller.awaitOutcome())
        }

    @ParameterizedTest
    @MethodSource("ordersAndSelects")
    fun onReceive_chosenThenCleared_asManyAreKept(order: QueueKind.Order, call: WaitingCall) =
        onStage(WaitingStage(Side.TAKERS, queue = QueueKind(order, 5).build())) {
            val callers = List(2) { start(call) }
            grant(5)
            val kept = QueueKind(order, 5).arranged(listOf(1, 2, 3, 4, 5)).takeLast(2)
            queue.sync().clear()
            removed += (1..5) - kept.toSet()
            assertEquals(2, queue.stats().reservedElements())
            callers.forEach { assertEquals(CallOutcome.DONE, it.awaitOutcome()) }
            assertEquals(kept, taken.toList())
        }

    @ParameterizedTest
    @MethodSource("sendsAndCapacities")
    fun onSend_chosenThenCapacityReduced_elementGoesIn(call: WaitingCall, capacity: Int) =
        onStage(WaitingStage(Side.PUTTERS)) {
            val caller = start(call)
            grant()
            queue.capacity(capacity)
            assertEquals(CallOutcome.DONE, caller.awaitOutcome())
            assertEquals(2, queue.size())
            assertFalse(queue.async().trySend(0))
        }

    @ParameterizedTest
    @MethodSource("selects")
    fun select_chosenThenShutDownNow_isRefusedAndTheElementsAreHandedBack(call: WaitingCall) =
        onStage(WaitingStage(call.side)) {
            val caller = start(call)
            grant()
            removed += queue.shutdownNow()
            assertEquals(1, removed.size)
            assertTrue(queue.isTerminated)
            val refused = if (call == WaitingCall.ON_RECEIVE_TIMED) CallOutcome.NOTHING else CallOutcome.REFUSED
            assertEquals(refused, caller.awaitOutcome())
        }

    @ParameterizedTest
    @MethodSource("receives")
    fun onReceive_chosenThenShutDownNowWithALeaseOut_endsAndTakesNothing(call: WaitingCall) =
        onStage(WaitingStage(Side.TAKERS)) {
            taken += offer()
            val lease = queue.sync().takeLease()
            val caller = start(call)
            grant()
            removed += queue.shutdownNow()
            assertTrue(queue.isTerminated)
            val refused = if (call.timed) CallOutcome.NOTHING else CallOutcome.REFUSED
            assertEquals(refused, caller.awaitOutcome())
            lease.done()
        }

    @ParameterizedTest
    @MethodSource("sends")
    fun onSend_chosenThenShutDown_isRefusedAndNotAdded(call: WaitingCall) = onStage(WaitingStage(Side.PUTTERS)) {
        val caller = start(call)
        grant()
        queue.shutdown()
        assertEquals(CallOutcome.REFUSED, caller.awaitOutcome())
        assertEquals(1, queue.size())
    }

    private companion object {
        @JvmStatic
        fun selects() = WaitingCall.entries.filter { it.style == Style.SELECT && it.kind == CallerKind.COROUTINE }

        @JvmStatic
        fun receives() = selects().filter { it.side == Side.TAKERS }

        @JvmStatic
        fun sends() = selects().filter { it.side == Side.PUTTERS }

        @JvmStatic
        fun sendsAndCapacities() = sends().flatMap { call -> listOf(1, 0).map { arrayOf<Any>(call, it) } }

        @JvmStatic
        fun removals() = receives().flatMap { call ->
            Removal.entries.map { arrayOf(call, it) }
        }

        @JvmStatic
        fun ordersAndSelects() = QueueKind.Order.entries.flatMap { order -> receives().map { arrayOf(order, it) } }
    }
}
