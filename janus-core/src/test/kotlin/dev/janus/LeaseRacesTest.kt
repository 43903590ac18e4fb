package dev.janus

import dev.janus.fixtures.LeaseEnd
import dev.janus.fixtures.Running
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.inThread
import dev.janus.fixtures.isIn
import dev.janus.fixtures.waiting
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import org.junit.jupiter.params.provider.MethodSource

/** Two ends of one lease at once, forced: the first has decided, and waits for the queue's lock, when the second comes. */
internal class LeaseRacesTest {
    @ParameterizedTest
    @MethodSource("pairsOfEnds")
    fun lease_endedTwiceAtOnce_theFirstCounts(first: LeaseEnd, second: LeaseEnd) {
        val queue = JanusQueue.fifo<Int>(1).also { it.sync().put(7) }
        val lease = queue.sync().takeLease()

        val (ending, late) = whileLocked(queue, { first.end(lease) }, { runCatching { second.end(lease) } })

        ending.await().value
        val refused = late.await().value.exceptionOrNull()
        if (second == LeaseEnd.CLOSE) assertNull(refused) else assertTrue(refused is IllegalStateException)
        assertEquals(if (first == LeaseEnd.CLOSE) 1 else 0, queue.size())
        assertEquals(if (first == LeaseEnd.DONE) 0 else 1, queue.unfinishedTasks())
        assertEquals(0, queue.stats().leased())
        assertNothingPending(queue)
    }

    @ParameterizedTest
    @EnumSource(names = ["TAKE", "RECEIVE", "TAKE_LEASE", "RECEIVE_LEASE", "ON_RECEIVE", "QUEUE_SELECT"])
    fun lease_closedWhileATakerLeaves_theNextGetsIt(call: WaitingCall) = onStage(WaitingStage(Side.TAKERS)) {
        val lease = leaseOfOne()
        val caller = start(call)
        val next = CallerKind.entries.map { start(WaitingCall.of(it, side)) }
        lateinit var closing: Thread
        lateinit var leaving: Thread
        inOneStep {
            leaving = caller.startLeaving(Way.GIVEN_UP)
            leaving.awaitBlockedInLeave()
            closing = closeBlocked(lease)
        }
        listOf(closing, leaving).forEach { it.join() }
        assertEquals(CallOutcome.GAVE_UP, caller.awaitOutcome())
        assertEquals(CallOutcome.DONE, next[0].awaitOutcome())
        offer()
        assertEquals(CallOutcome.DONE, next[1].awaitOutcome())
    }

    @ParameterizedTest
    @MethodSource("takers")
    fun lease_closedWhileTheQueueIsShutDown_aTakerThatWaitsGetsIt(call: WaitingCall) =
        onStage(WaitingStage(Side.TAKERS)) {
            val lease = leaseOfOne()
            val caller = start(call)
            lateinit var closing: Thread
            inOneStep {
                closing = closeBlocked(lease)
                shutDownLocked()
            }
            closing.join()
            assertEquals(CallOutcome.DONE, caller.awaitOutcome(), "$caller")
            assertTrue(queue.isTerminated)
        }

    @ParameterizedTest
    @MethodSource("takers")
    fun lease_doneOfAShutDownQueue_aTakerThatWaitsIsRefused(call: WaitingCall) = onStage(WaitingStage(Side.TAKERS)) {
        val lease = leaseOfOne()
        val caller = start(call)
        queue.shutdown()
        assertNull(caller.outcome)
        assertEquals(1, waiting())
        lease.done()
        taken += lease.element()
        assertEquals(if (call.timed) CallOutcome.NOTHING else CallOutcome.REFUSED, caller.awaitOutcome())
    }

    @Test
    fun receiveLease_grantedThenCancelled_nothingIsLent() = onStage(WaitingStage(Side.TAKERS)) {
        val caller = start(WaitingCall.RECEIVE_LEASE)
        offer()
        caller.giveUp()
        assertEquals(CallOutcome.GAVE_UP, caller.awaitOutcome())
        assertEquals(0, queue.stats().leased())
        assertEquals(1, poll())
    }

    /** A lease of an element that is not on the stage's list of what was taken yet. */
    private fun WaitingStage.leaseOfOne(): Lease<Int> {
        offer()
        return queue.sync().takeLease()
    }

    private fun WaitingStage.closeBlocked(lease: Lease<Int>): Thread =
        inThread { lease.close() }.thread.also { it.awaitBlockedOnTheLock() }

    /** Both wait for the lock, in this order. */
    private fun <T> whileLocked(
        queue: JanusQueue<Int>,
        first: () -> Unit,
        second: () -> T,
    ): Pair<Running<Unit>, Running<T>> {
        val buffer = WaitingStage.bufferOf(queue)
        buffer.lock()
        try {
            return Pair(
                inThread(first).also { it.thread.awaitBlockedOnTheLock() },
                inThread(second).also { it.thread.awaitBlockedOnTheLock() },
            )
        } finally {
            buffer.settleAndUnlock()
        }
    }

    private fun Thread.awaitBlockedOnTheLock() = awaitUntil("$name is blocked on the lock") {
        state == Thread.State.WAITING && isIn(Monitor::class.java, "lock")
    }

    private companion object {
        @JvmStatic
        fun pairsOfEnds() = LeaseEnd.entries.flatMap { one -> LeaseEnd.entries.map { arrayOf(one, it) } }

        @JvmStatic
        fun takers() = WaitingCall.entries.filter { it.side == Side.TAKERS }
    }
}
