package dev.janus

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.Runnable
import kotlinx.coroutines.async
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource
import java.util.concurrent.TimeUnit
import kotlin.coroutines.CoroutineContext

/** What a second reader found: each was a bug once. */
internal class AwkwardCasesTest {
    /** A putter whose element was taken but that has not run does not hide a receiver that waits. */
    @Test
    fun offer_rendezvousWithEarlierPutterNotRunYet_meetsTheWaitingReceiver() =
        onStage(WaitingStage(Side.PUTTERS, capacity = 0)) {
            val slow = start(WaitingCall.SEND)
            assertEquals(1, poll())
            val receiver = start(WaitingCall.TAKE)
            val offered = queue.sync().offer(99)
            if (offered) accepted += 99
            slow.awaitOutcome()
            if (!offered) offer()
            receiver.awaitOutcome()
            check()
            assertTrue(offered, "a receiver waited, but offer said no")
        }

    /** The same with put: two that wait for each other meet before a third one's dispatcher runs. */
    @Test
    fun put_rendezvousWithEarlierPutterNotRunYet_meetsTheWaitingReceiver() =
        onStage(WaitingStage(Side.PUTTERS, capacity = 0)) {
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

    /** The most negative time-out. */
    @ParameterizedTest
    @ValueSource(longs = [Long.MIN_VALUE, Long.MIN_VALUE + 1000])
    fun poll_mostNegativeTimeout_returnsAtOnce(nanos: Long) {
        val queue = JanusQueue.fifo<Int>(1)
        val caller = ThreadCaller(0, false, {}) { queue.sync().poll(nanos, TimeUnit.NANOSECONDS) }
        assertEquals(CallOutcome.NOTHING, caller.awaitOutcome())
    }

    /** A dispatcher that refuses for good: the grant goes to the next, the put has succeeded, and the failure is reported. */
    @Test
    fun wake_dispatcherRefusesForGood_elementGoesToTheNext() {
        val queue = JanusQueue.fifo<Int>(2)
        CoroutineCaller(RefusesForGood, false, {}, {}) { queue.async().receive() }
        val reported = reportedWhile { queue.sync().put(1) }
        assertEquals(listOf("closed"), reported.map { (it.cause ?: it).message }) // newer coroutines wrap it
        assertEquals(1, queue.sync().poll(), "${queue.stats()}")
    }

    /** A comparator that throws in poll: java.util.PriorityQueue would then drop an element. */
    @Test
    fun poll_comparatorThrows_takesNothing() {
        var angry = false
        val queue = JanusQueue.priority<Int>(9) { a, b -> if (angry) throw ArithmeticException() else a - b }
        repeat(5) { queue.sync().put(it) }
        angry = true
        assertThrows(ArithmeticException::class.java) { queue.sync().poll() }
        angry = false
        val rest = generateSequence { queue.sync().poll() }.toList()
        assertEquals(listOf(0, 1, 2, 3, 4), rest)
        assertEquals(0, queue.stats().removed())
        assertEquals(0, queue.size())
    }

    /** What is left is handed back even if it can no longer be ordered. */
    @Test
    fun shutdownNow_comparatorThrows_handsBackAll() {
        var angry = false
        val queue = JanusQueue.priority<Int>(9) { a, b -> if (angry) throw ArithmeticException() else a - b }
        repeat(5) { queue.sync().put(it) }
        angry = true
        assertEquals(setOf(0, 1, 2, 3, 4), queue.shutdownNow().toSet())
        assertTrue(queue.isTerminated)
    }

    /** A comparator that throws in the middle of a batch: what was taken before is not lost. */
    @Test
    fun drainTo_comparatorThrowsMidway_movesWhatItHasAndTheRestStays() {
        var calls = -1
        val queue = JanusQueue.priority<Int>(9) { a, b -> if (calls-- == 0) throw ArithmeticException() else a - b }
        repeat(6) { queue.sync().put(it) }
        calls = 6
        val target = ArrayList<Int>()
        val moved = queue.sync().drainTo(target)
        assertEquals(moved, target.size)
        assertTrue(moved in 1..5, "moved $moved")
        val rest = generateSequence { queue.sync().poll() }.toList()
        val stats = queue.stats()
        assertEquals(6, target.size + rest.size + stats.removed(), "one was dropped by java.util.PriorityQueue: $stats")
        assertTrue(stats.removed() <= 1, "$stats")
    }

    /** An element without an order, of a putter in a rendezvous, fails the putter and not the receiver. */
    @Test
    fun take_rendezvousWithAnElementThatHasNoOrder_putterFails() {
        val queue = JanusQueue.priority<Any>(0)
        val putter = CoroutineCaller(SteppedDispatcher(), false, {}, {}) { queue.async().send(Any()) }
        assertNull(queue.sync().poll())
        val taker = CoroutineCaller(SteppedDispatcher(), false, {}, {}) { queue.async().receive() }
        putter.run()
        assertTrue(putter.failure is ClassCastException, "$putter")
        taker.run() // granted for nothing: waits again
        assertTrue(queue.async().trySend("in order"))
        taker.run()
        assertEquals(CallOutcome.DONE, taker.outcome)
    }

    /** In a rendezvous an element that waits in the store for a receiver comes before that of a putter who waits. */
    @Test
    fun poll_rendezvousWithAnElementPromised_takesTheEarlierOne() {
        val queue = JanusQueue.fifo<Int>(0)
        val receiver = CoroutineCaller(SteppedDispatcher(), false, {}, {}) { queue.async().receive() }
        assertTrue(queue.sync().offer(1))
        val putter = CoroutineCaller(SteppedDispatcher(), false, {}, {}) { queue.async().send(2) }
        assertEquals(1, queue.sync().poll())
        putter.run()
        receiver.run()
        assertEquals(CallOutcome.DONE, putter.outcome)
        assertEquals(CallOutcome.DONE, receiver.outcome)
        assertEquals(0, queue.size())
    }

    /** Many coroutines on a dispatcher that refuses: the stack is not exhausted. */
    @Test
    fun wake_manyRefused_stackIsNotExhausted() {
        val queue = JanusQueue.fifo<Int>(2)
        repeat(MANY) { CoroutineCaller(RefusesForGood, false, {}, {}) { queue.async().receive() } }
        val reported = reportedWhile { queue.sync().put(1) }
        assertEquals(MANY, reported.size)
        assertEquals(1, queue.sync().poll(), "${queue.stats()}")
    }

    /** A dispatcher that keeps the task and throws all the same: the coroutine runs without its grant. */
    @Test
    fun wake_dispatcherThrowsButRunsTheTaskLater_coroutineTakesTheElement() {
        val queue = JanusQueue.fifo<Int>(2)
        val kept = ArrayList<Runnable>()
        val odd =
            object : CoroutineDispatcher() {
                override fun dispatch(context: CoroutineContext, block: Runnable) {
                    kept += block
                    throw IllegalArgumentException("odd")
                }
            }
        val caller = CoroutineCaller(odd, false, {}, {}) { queue.async().receive() }
        reportedWhile { queue.sync().put(1) }
        kept.forEach { it.run() }
        assertEquals(CallOutcome.DONE, caller.outcome, "$caller")
        assertEquals(0, queue.stats().reservedElements())
    }

    /** A comparator that cancels a coroutine waiting for the very queue that compares. */
    @Test
    fun comparator_cancelsAWaitingCoroutine_coroutineLeavesTheLine() {
        var waiting: Job? = null
        val queue = JanusQueue.priority<Int>(3) { a, b -> (a - b).also { waiting?.cancel() } }
        queue.sync().putAll(listOf(1, 2, 3))
        runBlocking(Dispatchers.Unconfined) {
            val sender = launch(start = CoroutineStart.UNDISPATCHED) { queue.async().send(4) }
            assertEquals(1, queue.stats().waitingPutCoroutines())
            waiting = sender
            assertEquals(1, queue.sync().poll())
            sender.join()
            assertTrue(sender.isCancelled)
        }
        assertEquals(0, queue.stats().waitingPutCoroutines() + queue.stats().reservedSlots(), "${queue.stats()}")
        assertEquals(2, queue.size())
    }

    private object RefusesForGood : CoroutineDispatcher() {
        override fun dispatch(context: CoroutineContext, block: Runnable) = throw IllegalArgumentException("closed")
    }

    private companion object {
        const val MANY = 20_000
    }
}
