package dev.janus.dispatcher

import dev.janus.fixtures.LoopKind
import dev.janus.fixtures.ManualDispatcher
import dev.janus.fixtures.Need
import dev.janus.fixtures.OpenLoop
import dev.janus.fixtures.SuspendingCall
import dev.janus.fixtures.assertChangesNothing
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.assertRefusal
import dev.janus.fixtures.begin
import dev.janus.fixtures.beginRaw
import dev.janus.fixtures.failure
import dev.janus.fixtures.queueOfOne
import dev.janus.fixtures.running
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedClass
import org.junit.jupiter.params.provider.EnumSource

/** Each suspending call on a queue that is bound to a loop. */
@ParameterizedClass
@EnumSource
internal class BoundCallsTest(private val call: SuspendingCall) {
    private val loop = OpenLoop(LoopKind.EXECUTOR)
    private val queue = queueOfOne { boundTo(loop.dispatcher) }
    private val need = call.need
    private val other = ManualDispatcher()

    @AfterEach
    fun nothingIsPending() {
        loop.close()
        assertNothingPending(queue)
    }

    @Test
    fun call_fromAnotherDispatcherThoughItNeedNotWait_isRefused() {
        need.provide(queue)
        assertRefusedFromElsewhere()
    }

    @Test
    fun call_fromAnotherDispatcherAndItWouldWait_isRefused() {
        need.withhold(queue)
        assertRefusedFromElsewhere()
    }

    private fun assertRefusedFromElsewhere() {
        val refused = assertChangesNothing(queue) { other.begin { call.call(queue.async()) } }
        assertRefusal(refused.failure(), other, loop.dispatcher)

        listOf(Dispatchers.Default, Dispatchers.IO).forEach { dispatcher ->
            val alsoRefused = CoroutineScope(dispatcher).running { call.call(queue.async()) }
            assertRefusal(alsoRefused.await().failure(), dispatcher, loop.dispatcher)
        }
    }

    @Test
    fun call_unconfinedOrWithoutDispatcher_isRefused() {
        need.provide(queue)
        assertChangesNothing(queue) {
            assertRefusal(beginRaw { call.call(queue.async()) }.failure(), loop.dispatcher)
            val unconfined = beginRaw(Dispatchers.Unconfined) { call.call(queue.async()) }
            assertRefusal(unconfined.failure(), Dispatchers.Unconfined, loop.dispatcher)
        }
    }

    @Test
    fun call_onTheLoopAndItNeedNotWait_works() {
        need.provide(queue)
        loop.run { call.call(queue.async()) }
        assertWorked()
    }

    @Test
    fun call_onTheLoopAndItWaits_worksAndIsResumedThere() {
        need.withhold(queue)
        val running =
            loop.begin {
                call.call(queue.async())
                loop.isHere()
            }
        loop.awaitWaiting(queue)

        need.release(queue)

        assertTrue(running.await().value)
        assertWorked()
    }

    private fun assertWorked() = when (need) {
        Need.ELEMENT -> assertEquals(0, queue.size())
        Need.ROOM -> assertEquals(3, queue.sync().poll())
        Need.SIGHT -> assertEquals(1, queue.size())
        Need.DONE -> assertEquals(0, queue.unfinishedTasks())
        Need.END -> assertTrue(queue.isTerminated)
    }

    @Test
    fun call_refused_leavesTheLoopsCallsUndisturbed() {
        need.withhold(queue)
        val running = loop.begin { call.call(queue.async()) }
        loop.awaitWaiting(queue)

        assertRefusal(other.begin { call.call(queue.async()) }.failure(), other, loop.dispatcher)
        assertFalse(running.isOver)
        need.release(queue)

        running.await().value
        assertWorked()
    }

    @Test
    fun call_unboundQueue_isAcceptedFromEverywhere() {
        val begins: List<(suspend () -> Any?) -> Unit> =
            listOf(
                { loop.run(it) },
                { other.begin(it).value },
                { assertTrue(beginRaw { it() }.isDone) },
                { assertTrue(beginRaw(Dispatchers.Unconfined) { it() }.isDone) },
                { CoroutineScope(Dispatchers.Default).running(it).await().value },
            )
        begins.forEach { begin ->
            val unbound = need.provided(queueOfOne())
            begin { call.call(unbound.async()) }
            assertNothingPending(unbound)
        }
    }
}
