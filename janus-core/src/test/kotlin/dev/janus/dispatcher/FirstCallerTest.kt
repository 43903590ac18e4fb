package dev.janus.dispatcher

import dev.janus.AsyncQueue
import dev.janus.JanusQueue
import dev.janus.fixtures.LoopKind
import dev.janus.fixtures.OpenLoop
import dev.janus.fixtures.SuspendingCall
import dev.janus.fixtures.assertChangesNothing
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.assertRefusal
import dev.janus.fixtures.begin
import dev.janus.fixtures.beginRaw
import dev.janus.fixtures.failure
import dev.janus.fixtures.lastingName
import dev.janus.fixtures.queueOfOne
import dev.janus.fixtures.running
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asCoroutineDispatcher
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import java.util.concurrent.CyclicBarrier
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext

/** A queue that binds itself to the loop of its first suspending caller. */
internal class FirstCallerTest {
    private val loop = OpenLoop(LoopKind.EXECUTOR)
    private val other = OpenLoop(LoopKind.SINGLE_THREAD_CONTEXT)
    private val queue = queueOfOne { boundToFirstCaller() }

    @AfterEach
    fun nothingIsPending() {
        loop.close()
        other.close()
        assertNothingPending(queue)
    }

    private fun assertIsBoundTo(loop: CoroutineDispatcher) = assertBound(loop, queue)

    private fun assertBound(loop: CoroutineDispatcher, queue: JanusQueue<*>) =
        assertTrue("bound to ${lastingName(loop)}" in "$queue", "$queue")

    private fun assertIsUnbound() = assertFalse("bound to" in "$queue", "$queue")

    private fun OpenLoop.assertRefused() {
        val refused = begin { queue.async().receive() }.await()
        assertRefusal(refused.failure(), dispatcher, this@FirstCallerTest.loop.dispatcher)
    }

    @ParameterizedTest
    @EnumSource
    fun firstCall_needNotWait_binds(call: SuspendingCall) {
        call.need.provide(queue)
        loop.run { call.call(queue.async()) }
        assertIsBoundTo(loop.dispatcher)
        other.assertRefused()
    }

    @ParameterizedTest
    @EnumSource
    fun firstCall_waits_binds(call: SuspendingCall) {
        call.need.withhold(queue)
        val running = loop.begin { call.call(queue.async()) }
        loop.awaitWaiting(queue)
        assertIsBoundTo(loop.dispatcher)
        other.assertRefused()

        call.need.release(queue)

        running.await().value
    }

    @Test
    fun callsThatNeverWait_doNotBind() {
        other.run {
            assertTrue(queue.async().trySend(1))
            assertEquals(1, queue.async().tryReceive())
            queue.async().taskDone()
            queue.sync().put(2)
            queue.async().onReceive
            queue.async().receiveAsync().get(20, TimeUnit.SECONDS)
        }
        assertIsUnbound()

        loop.run { queue.async().send(3) }

        assertIsBoundTo(loop.dispatcher)
        assertEquals(3, queue.sync().poll())
    }

    @ParameterizedTest
    @EnumSource
    fun firstCall_withoutDispatcherOrUnconfined_isRefusedAndDoesNotBind(call: SuspendingCall) {
        call.need.provide(queue)
        assertChangesNothing(queue) {
            assertRefusal(beginRaw { call.call(queue.async()) }.failure())
            val unconfined = beginRaw(Dispatchers.Unconfined) { call.call(queue.async()) }
            assertInstanceOf(IllegalArgumentException::class.java, unconfined.failure())
        }
        assertIsUnbound()

        loop.run { call.call(queue.async()) }

        assertIsBoundTo(loop.dispatcher)
    }

    @Test
    fun firstCallers_race_oneBindsAndTheOtherIsRefused() {
        repeat(300) {
            val raced = JanusQueue.builder<Int>().unbounded().boundToFirstCaller().build()
            val barrier = CyclicBarrier(2)
            val racers =
                listOf(loop, other).map { racer ->
                    racer.begin {
                        barrier.await(20, TimeUnit.SECONDS)
                        raced.async().send(1)
                    }
                }
            val (winner, loser) = racers.sortedBy { it.await().failure() != null }

            winner.value
            assertRefusal(loser.failure(), loop.dispatcher, other.dispatcher)
            assertEquals(1, raced.stats().accepted())
            assertNothingPending(raced)
        }
    }

    /** The other one binds the queue while this one is asked for its dispatcher. */
    @Test
    fun firstCall_anotherBindsMeanwhile_isRefused() {
        val asked = AtomicBoolean()
        val slow =
            object : CoroutineContext by loop.dispatcher {
                override fun <E : CoroutineContext.Element> get(key: CoroutineContext.Key<E>): E? {
                    val dispatcher = loop.dispatcher[key]
                    if (dispatcher != null && !asked.getAndSet(true)) other.run { queue.async().send(1) }
                    return dispatcher
                }
            }

        val refused = assertThrows<IllegalStateException> { send(queue.async(), 2, Continuation<Unit>(slow) { }) }

        assertRefusal(refused, loop.dispatcher, other.dispatcher)
        assertBound(other.dispatcher, queue)
        assertEquals(1, queue.sync().poll())
    }

    /** Calls it as Java does. */
    @Suppress("UNCHECKED_CAST")
    private fun send(queue: AsyncQueue<Int>, element: Int, caller: Continuation<Unit>): Any? {
        val call: suspend () -> Unit = { queue.send(element) }
        return (call as Function1<Continuation<Unit>, Any?>)(caller)
    }

    @Test
    fun firstCall_onTheImmediateMain_bindsToMain() {
        OpenLoop(LoopKind.MAIN).use { main ->
            CoroutineScope(Dispatchers.Main.immediate).running { queue.async().send(1) }.await().value
            main.run { queue.async().receive() }
            assertRefusal(
                loop.begin {
                    queue.async().send(2)
                }.await().failure(),
                loop.dispatcher,
                Dispatchers.Main.immediate,
            )
        }
    }

    @Test
    fun laterCaller_onAnEqualDispatcher_isAccepted() {
        Executors.newSingleThreadExecutor().asCoroutineDispatcher().use { first ->
            val second = first.executor.asCoroutineDispatcher()
            CoroutineScope(first).running { queue.async().send(1) }.await().value
            assertEquals(1, CoroutineScope(second).running { queue.async().receive() }.await().value)
        }
    }

    @Test
    fun builder_severalChoices_lastOneCounts() {
        val bound = queueOfOne { boundToFirstCaller().boundTo(loop.dispatcher) }
        assertBound(loop.dispatcher, bound)
        val unbound = queueOfOne { boundTo(loop.dispatcher).boundToFirstCaller() }
        assertFalse("bound to" in "$unbound")
        other.run { unbound.async().send(1) }
        assertBound(other.dispatcher, unbound)
    }

    @Test
    fun futures_afterTheQueueWasBound_runOnTheLoop() {
        loop.run { queue.async().send(1) }
        val here = queue.async().receiveAsync().thenApply { loop.isHere() }
        // Chained late, it may run on the test's thread.
        assertEquals(true, here.get(20, TimeUnit.SECONDS) || queue.isEmpty)
        val late = queue.async().receiveAsync().thenApply { loop.isHere() }
        queue.sync().put(2)
        assertTrue(late.get(20, TimeUnit.SECONDS))
    }
}
