package dev.janus

import dev.janus.fixtures.ManualDispatcher
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.begin
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.selects.select
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import org.junit.jupiter.params.provider.MethodSource

/** Capacity 0: a select meets every kind of partner, and may yet choose another clause until it has chosen. */
internal class SelectRendezvousTest {
    @ParameterizedTest
    @MethodSource("meetings")
    fun select_meetsAPartner_theElementIsHandedOver(first: WaitingCall, second: WaitingCall) = onStage(rendezvous()) {
        val callers = listOf(start(first), start(second))
        awaitUntil("both are done, $callers") {
            callers.forEach { (it as? CoroutineCaller)?.run() }
            callers.all { it.outcome != null }
        }
        callers.forEach { assertEquals(CallOutcome.DONE, it.outcome, "$it") }
        assertEquals(0, queue.size())
    }

    @ParameterizedTest
    @MethodSource("receives")
    fun onReceive_waits_isAReceiverForThoseWhoDoNotWait(call: WaitingCall) = onStage(rendezvous()) {
        val callers = List(2) { start(call) }
        offer()
        offer()
        assertFalse(queue.async().trySend(0))
        callers.forEach { assertEquals(CallOutcome.DONE, it.awaitOutcome()) }
    }

    @Test
    fun poll_onlySelectsWaitToSend_isNullAndTheyWaitOn() = onStage(rendezvous()) {
        val senders = List(2) { start(WaitingCall.ON_SEND) }
        repeat(3) {
            assertNull(queue.sync().poll())
            assertNull(queue.async().tryReceive())
            assertNull(QueueSelect.first(queue) { it }.trySelect())
        }
        assertEquals(2, queue.stats().waitingPutCoroutines())
        for (sender in senders) {
            val receiver = start(WaitingCall.RECEIVE)
            assertEquals(CallOutcome.DONE, sender.awaitOutcome())
            assertEquals(CallOutcome.DONE, receiver.awaitOutcome())
        }
        assertEquals(listOf(1, 2), taken.toList())
    }

    @Test
    fun onSend_passedOverByAPoll_keepsItsPlaceInLine() = onStage(rendezvous()) {
        val (passedOver, plain, behind) = listOf(WaitingCall.ON_SEND, WaitingCall.SEND, WaitingCall.ON_SEND).map {
            start(it)
        }
        assertEquals(2, poll())
        assertEquals(CallOutcome.DONE, plain.awaitOutcome())

        for (sender in listOf(passedOver, behind)) {
            val receiver = start(WaitingCall.RECEIVE)
            (sender as CoroutineCaller).run()
            assertEquals(CallOutcome.DONE, sender.outcome, "the first to come is let in first")
            assertEquals(CallOutcome.DONE, receiver.awaitOutcome())
        }
    }

    @Test
    fun onSend_chosenThenItsReceiverLeaves_elementWaitsForTheNext() = onStage(rendezvous()) {
        val sender = start(WaitingCall.ON_SEND)
        val receiver = start(WaitingCall.RECEIVE)
        receiver.giveUp()
        receiver.awaitOutcome()

        assertEquals(CallOutcome.DONE, sender.awaitOutcome())
        assertEquals(1, queue.size())
        assertFalse(queue.async().trySend(0), "the receiver has left")
        assertEquals(1, poll())
    }

    @Test
    fun onSend_chosenThenCancelled_theReceiverGetsTheNextSendersElement() = onStage(rendezvous()) {
        val sender = start(WaitingCall.ON_SEND)
        val receiver = start(WaitingCall.RECEIVE)
        sender.giveUp()
        assertEquals(CallOutcome.GAVE_UP, sender.awaitOutcome())
        assertNull(receiver.outcome)

        offer()

        assertEquals(CallOutcome.DONE, receiver.awaitOutcome())
    }

    @ParameterizedTest
    @EnumSource
    fun onSend_chosenThenCancelled_theNextInLineIsLetIn(nextKind: CallerKind) = onStage(rendezvous()) {
        val sender = start(WaitingCall.ON_SEND)
        val receiver = start(WaitingCall.RECEIVE)
        val next = start(WaitingCall.of(nextKind, Side.PUTTERS))
        sender.giveUp()
        assertEquals(CallOutcome.GAVE_UP, sender.awaitOutcome())
        assertEquals(CallOutcome.DONE, next.awaitOutcome())
        assertEquals(CallOutcome.DONE, receiver.awaitOutcome())
    }

    @ParameterizedTest
    @MethodSource("receives")
    fun onReceive_chosenThenCancelled_elementWaitsAndCountsAgainstNewPuts(call: WaitingCall) = onStage(rendezvous()) {
        val receiver = start(call)
        offer()
        receiver.giveUp()
        assertEquals(CallOutcome.GAVE_UP, receiver.awaitOutcome())
        assertEquals(1, queue.size())
        assertFalse(queue.async().trySend(0))
        assertEquals(1, poll())
    }

    @Test
    fun selects_crosswiseOverTwoQueues_exchangeOneElement() {
        val queues = List(2) { JanusQueue.fifo<Int>(0) }
        val loop = ManualDispatcher()
        val sender = loop.begin { select { queues.forEachIndexed { i, queue -> queue.async().onSend(i) { i } } } }
        val receiver =
            loop.begin { select { queues.reversed().forEach { queue -> queue.async().onReceive { it } } } }

        assertEquals(sender.value, receiver.value)
        queues.forEach { assertEquals(0, it.size()) }
        queues.forEach(::assertNothingPending)
    }

    @Test
    fun selects_unconfined_meetOnOneThread() = onStage(rendezvous()) {
        val senders = List(5) { start(WaitingCall.ON_SEND, dispatcher = Dispatchers.Unconfined) }
        val receivers = List(5) { start(WaitingCall.ON_RECEIVE, dispatcher = Dispatchers.Unconfined) }
        (senders + receivers).forEach { assertEquals(CallOutcome.DONE, it.outcome) }
        assertEquals(0, queue.size())
    }

    private fun rendezvous() = WaitingStage(Side.TAKERS, capacity = 0)

    private companion object {
        private val SELECTS =
            WaitingCall.entries.filter { it.style == Style.SELECT && it.kind == CallerKind.COROUTINE }

        @JvmStatic
        fun receives() = SELECTS.filter { it.side == Side.TAKERS }

        @JvmStatic
        fun meetings() = WaitingCall.entries
            .filter { it.side == Side.TAKERS }
            .flatMap { taker -> puttersFor(taker).flatMap { listOf(arrayOf(taker, it), arrayOf(it, taker)) } }

        private fun puttersFor(taker: WaitingCall) = WaitingCall.entries.filter {
            it.side == Side.PUTTERS && it.batch == 1 && (it in SELECTS || taker in SELECTS)
        }
    }
}
