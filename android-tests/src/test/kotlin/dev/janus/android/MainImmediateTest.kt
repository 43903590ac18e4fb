package dev.janus.android

import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.assertRefusal
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.queueOfOne
import dev.janus.fixtures.running
import dev.janus.fixtures.waiting
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import org.junit.Test
import org.junit.jupiter.api.Assertions.assertEquals

/** `Dispatchers.Main` and its `immediate` are one loop, whichever of them the queue is bound to. */
internal class MainImmediateTest : OnAndroid() {
    private fun assertReceives(boundTo: CoroutineDispatcher, caller: CoroutineDispatcher) {
        val queue = queueOfOne { boundTo(boundTo) }
        val received = CoroutineScope(caller).running { queue.async().receive().also { check(main.isHere()) } }
        awaitUntil("the coroutine waits") { waiting(queue) == 1 || received.isOver }
        queue.sync().put(1)
        assertEquals(1, received.await().value)
        assertNothingPending(queue)
    }

    @Test
    fun receive_boundToMainAndCalledOnImmediate_works() = assertReceives(Dispatchers.Main, Dispatchers.Main.immediate)

    @Test
    fun receive_boundToImmediateAndCalledOnMain_works() = assertReceives(Dispatchers.Main.immediate, Dispatchers.Main)

    @Test
    fun receive_boundToImmediateAndCalledThere_works() =
        assertReceives(Dispatchers.Main.immediate, Dispatchers.Main.immediate)

    @Test
    fun receive_boundToMainAndCalledInTheBackground_isRefused() {
        val queue = queueOfOne { boundTo(Dispatchers.Main) }
        val refused = CoroutineScope(Dispatchers.Default).running { queue.async().receive() }
        assertRefusal(refused.await().failure(), Dispatchers.Default, Dispatchers.Main)
    }
}
