package dev.janus.dispatcher

import dev.janus.fixtures.BlockingCall
import dev.janus.fixtures.BreakingDispatcher
import dev.janus.fixtures.LoopKind
import dev.janus.fixtures.Need
import dev.janus.fixtures.OpenLoop
import dev.janus.fixtures.SuspendingCall
import dev.janus.fixtures.assertChangesNothing
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.failure
import dev.janus.fixtures.inThread
import dev.janus.fixtures.queueOfOne
import dev.janus.fixtures.reportedWhile
import dev.janus.fixtures.running
import dev.janus.fixtures.waiting
import kotlinx.coroutines.CoroutineScope
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit

/** The queue is bound to a dispatcher that throws: it costs the loop's callers their calls, and nobody else anything. */
internal class BrokenLoopTest {
    private val loop = OpenLoop(LoopKind.EXECUTOR)
    private val breaking = BreakingDispatcher(loop.dispatcher)
    private val queue = queueOfOne { boundTo(breaking) }

    @AfterEach
    fun nothingIsPending() {
        loop.close()
        assertNothingPending(queue)
    }

    /** Lets one go, whose loop has broken, on this thread. */
    private fun release(need: Need) {
        breaking.broken = true
        val reported = reportedWhile { need.release(queue) }
        assertTrue(reported.all { generateSequence(it) { e -> e.cause }.last().message == "broken" }, "$reported")
    }

    @ParameterizedTest
    @EnumSource
    fun coroutine_loopThrows_callsOnTheOtherSideSucceedAndNothingIsLost(call: SuspendingCall) {
        call.need.withhold(queue)
        CoroutineScope(breaking).running { call.call(queue.async()) }
        loop.awaitWaiting(queue)

        release(call.need)

        if (call.need == Need.ELEMENT) assertEquals(2, queue.sync().poll())
        if (call.need == Need.ROOM) assertEquals(!call.isCompletedInPlace, queue.sync().offer(4))
    }

    @ParameterizedTest
    @EnumSource
    fun coroutine_loopThrows_nextInLineIsServed(call: SuspendingCall) {
        call.need.withhold(queue)
        CoroutineScope(breaking).running { call.call(queue.async()) }
        loop.awaitWaiting(queue)
        val next = inThread { BlockingCall.entries.first { it.need == call.need }.call(queue) }
        awaitUntil("two wait") { waiting(queue) == 2 }

        release(call.need)

        if (call.isCompletedInPlace) queue.sync().take() // the element of the first, which went in
        next.await().value
    }

    @Test
    fun futuresThatWait_loopThrows_endAndNothingIsLost() {
        val received = queue.async().receiveAsync()
        loop.awaitWaiting(queue)
        release(Need.ELEMENT)
        assertNotNull(received.failure())
        assertEquals(2, queue.sync().poll())
    }

    @Test
    fun futuresThatBegin_loopThrows_endAndNothingIsLost() {
        breaking.broken = true
        queue.sync().put(1)
        assertChangesNothing(queue) {
            assertNotNull(runCatching { queue.async().receiveAsync().failure() }.getOrElse { it })
        }
        assertEquals(1, queue.sync().take())
        queue.async().sendAsync(2).get(20, TimeUnit.SECONDS)
        assertEquals(2, queue.sync().take())
    }

    @Test
    fun subscription_loopThrows_endsAndNothingIsLost() {
        val ends = LinkedBlockingQueue<Throwable>()
        queue.async().subscribe({ throw AssertionError("taken: $it") }, ends::add)
        loop.awaitWaiting(queue)
        release(Need.ELEMENT)
        assertNotNull(ends.poll(20, TimeUnit.SECONDS))
        assertEquals(2, queue.sync().poll())
    }
}
