package dev.janus

import dev.janus.fixtures.ManualDispatcher
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.begin
import dev.janus.fixtures.inThread
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.selects.select
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import org.junit.jupiter.params.provider.MethodSource

/** A select stands in the lines of its queues like everybody else, and is out of all of them once it has chosen. */
internal class SelectInLineTest {
    @ParameterizedTest
    @MethodSource("takersInLine")
    fun takers_elementByElement_areServedInOrderOfArrival(capacity: Int, calls: List<WaitingCall>) =
        onStage(WaitingStage(Side.TAKERS, capacity)) {
            val line = calls.map { start(it) }
            line.forEachIndexed { place, caller ->
                line.drop(place).forEach { assertNull(it.outcome, "place $place") }
                grant()
                assertEquals(CallOutcome.DONE, caller.awaitOutcome(), "place $place")
                assertEquals(place + 1, taken.last())
            }
        }

    @ParameterizedTest
    @MethodSource("puttersInLine")
    fun putters_roomByRoom_enterInOrderOfArrival(calls: List<WaitingCall>) =
        onStage(WaitingStage(Side.PUTTERS, capacity = 1)) {
            val line = calls.map { start(it) }
            line.forEachIndexed { place, caller ->
                line.drop(place).forEach { assertNull(it.outcome, "place $place") }
                grant()
                assertEquals(CallOutcome.DONE, caller.awaitOutcome(), "place $place")
                assertEquals(place + 2, queue.sync().peek())
            }
        }

    @ParameterizedTest
    @MethodSource("takersInLine")
    fun takers_allGrantedAtOnceAndEveryOtherCancelled_theOthersAreServedInOrder(
        capacity: Int,
        calls: List<WaitingCall>,
    ) = onStage(WaitingStage(Side.TAKERS, capacity)) {
        val line = (calls - WaitingCall.RECEIVE_BATCH).filter { it.kind == CallerKind.COROUTINE }.map { start(it) }
        queue.capacity(line.size)
        grant(line.size)
        val (cancelled, stayed) = line.withIndex().partition { it.index % 2 == 0 }
        cancelled.forEach { it.value.giveUp() }
        cancelled.forEach { assertEquals(CallOutcome.GAVE_UP, it.value.awaitOutcome()) }
        stayed.forEach { assertEquals(CallOutcome.DONE, it.value.awaitOutcome()) }
        assertEquals((1..stayed.size).toList(), taken.toList())
    }

    @Test
    fun select_twoQueuesBecomeReadyTogether_takesOneElementAndTheOtherGoesToTheNext() {
        for (firstReady in 0..1) {
            val loop = ManualDispatcher()
            val queues = List(2) { JanusQueue.fifo<Int>(1) }
            val selecting = loop.begin { selectOf(queues) }
            val nexts = queues.map { queue -> loop.begin { queue.async().receive() } }
            val (ready, later) = if (firstReady == 0) queues else queues.reversed()

            ready.sync().put(1)
            later.sync().put(2)
            loop.runAll()

            assertEquals(1, selecting.value, "the first that was ready")
            assertEquals(2, nexts[1 - firstReady].value)
            nexts[firstReady].assertGoesOn()
            ready.sync().put(3)
            loop.runAll()
            assertEquals(3, nexts[firstReady].value)
            queues.forEach(::assertNothingPending)
        }
    }

    /** One ahead of the select in the first line keeps its waker busy until the second queue has been chosen. */
    @ParameterizedTest
    @EnumSource
    fun select_grantedInOneQueueAndChosenByTheOtherBeforeItIsWoken_grantGoesToTheNext(nextKind: CallerKind) {
        val second = JanusQueue.fifo<Int>(1)
        onStage(WaitingStage(Side.TAKERS)) {
            start(WaitingCall.RECEIVE, dispatcher = Dispatchers.Unconfined) { second.sync().put(100) }
            val loop = ManualDispatcher()
            val selecting = loop.begin { selectOf(listOf(queue, second)) }
            val next = start(WaitingCall.of(nextKind, side))

            grant(2)

            assertEquals(CallOutcome.DONE, next.awaitOutcome(), "before the select has run")
            loop.runAll()
            assertEquals(100, selecting.value)
        }
        assertNothingPending(second)
    }

    @ParameterizedTest
    @EnumSource
    fun select_threadPutsIntoBothAtOnce_nothingIsLost(kind: CallerKind) {
        repeat(50) {
            val loop = ManualDispatcher()
            val queues = List(2) { JanusQueue.fifo<Int>(1) }
            val selecting = loop.begin { selectOf(queues) }
            val putters = queues.mapIndexed { index, queue -> inThread { put(kind, queue, index) } }
            putters.forEach { it.await().value }
            loop.runAll()

            val left = queues.mapNotNull { it.sync().poll() }
            assertEquals(listOf(0, 1), (left + selecting.value).sorted())
            queues.forEach(::assertNothingPending)
        }
    }

    @Test
    fun select_unconfined_runsOnItsWakersThreadAndMayUseTheQueues() {
        val queues = List(2) { JanusQueue.fifo<Int>(3) }
        val threads = mutableListOf<Thread>()
        val wakers = ArrayDeque(listOf(0, 1))
        onStage(WaitingStage(Side.TAKERS)) {
            repeat(20) {
                start(WaitingCall.ON_RECEIVE, dispatcher = Dispatchers.Unconfined) {
                    threads += Thread.currentThread()
                    wakers.removeFirstOrNull()?.let { next -> queues[next].sync().put(next) }
                    offer()
                }
            }
            val last = start(WaitingCall.TAKE)
            offer()
            assertEquals(CallOutcome.DONE, last.awaitOutcome())
        }
        assertTrue(threads.size == 20 && threads.all { it == Thread.currentThread() })
        assertEquals(listOf(1, 1), queues.map { it.size() })
    }

    private suspend fun selectOf(queues: List<JanusQueue<Int>>): Int = select {
        queues.forEach { queue -> queue.async().onReceive { it } }
    }

    private fun put(kind: CallerKind, queue: JanusQueue<Int>, element: Int) =
        if (kind == CallerKind.THREAD) queue.sync().put(element) else check(queue.async().trySend(element))

    private companion object {
        private val RECEIVING = WaitingCall.entries.filter { it.side == Side.TAKERS }
        private val SENDING = WaitingCall.entries.filter { it.side == Side.PUTTERS && it.batch == 1 }

        @JvmStatic
        fun takersInLine() = listOf(0, 1, 2).flatMap { capacity ->
            listOf(RECEIVING, RECEIVING.reversed()).map { arrayOf(capacity, it) }
        }

        @JvmStatic
        fun puttersInLine() = listOf(SENDING, SENDING.reversed())
    }
}
