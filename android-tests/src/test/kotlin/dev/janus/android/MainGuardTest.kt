package dev.janus.android

import dev.janus.BlockingGuard
import dev.janus.fixtures.BlockingCall
import dev.janus.fixtures.assertChangesNothing
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.assertRefusal
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.inThread
import dev.janus.fixtures.queueOfOne
import dev.janus.fixtures.waiting
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import org.junit.Test
import org.junit.jupiter.api.Assertions.assertTrue

/** Every blocking call on a queue that is bound to the main thread. */
internal class MainGuardTest : OnAndroid() {
    private val neverAsked = BlockingGuard { throw AssertionError("asked", it) }

    private fun assertRefused(call: BlockingCall, boundTo: CoroutineDispatcher) {
        val queue = call.need.withheld(queueOfOne { boundTo(boundTo) })
        val refused = assertChangesNothing(queue) { main.post { call.call(queue) }.await().failure() }
        assertRefusal(refused, call.named, boundTo, call.instead)
    }

    @Test
    fun blockingCall_wouldWaitOnMain_isRefusedAndChangesNothing() =
        BlockingCall.entries.forEach { assertRefused(it, Dispatchers.Main) }

    @Test
    fun blockingCall_wouldWaitOnMainAndQueueIsBoundToImmediate_isRefused() =
        BlockingCall.entries.forEach { assertRefused(it, Dispatchers.Main.immediate) }

    @Test
    fun blockingCall_wouldWaitInACoroutineOnMain_isRefused() = BlockingCall.entries.forEach { call ->
        val queue = call.need.withheld(queueOfOne { boundTo(Dispatchers.Main) })
        assertRefusal(main.begin { call.call(queue) }.await().failure(), call.named, call.instead)
    }

    @Test
    fun blockingCall_needNotWait_isAllowedOnMain() = BlockingCall.entries.forEach { call ->
        val queue = call.need.provided(queueOfOne { boundTo(Dispatchers.Main).blockingGuard(neverAsked) })
        main.run { call.call(queue) }
        assertNothingPending(queue)
    }

    @Test
    fun blockingCall_hasNoTime_isAllowedOnMain() = BlockingCall.entries.forEach { call ->
        val withoutTime = call.withoutTime ?: return@forEach
        val queue = call.need.withheld(queueOfOne { boundTo(Dispatchers.Main).blockingGuard(neverAsked) })
        assertTrue(main.run { withoutTime(queue) } in listOf(false, null))
    }

    @Test
    fun blockingCall_inTheBackground_waitsAndWorks() = BlockingCall.entries.forEach { call ->
        val queue = call.need.withheld(queueOfOne { boundTo(Dispatchers.Main).blockingGuard(neverAsked) })
        val waiting = inThread { call.call(queue) }
        awaitUntil("$call waits") { waiting(queue) == 1 || waiting.isOver }
        call.need.release(queue)
        waiting.await().value
    }
}
