package dev.janus.dispatcher

import dev.janus.BlockingGuard
import dev.janus.JanusQueue
import dev.janus.QueueSelect
import dev.janus.fixtures.LoopKind
import dev.janus.fixtures.OpenLoop
import dev.janus.fixtures.assertChangesNothing
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.assertRefusal
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.begin
import dev.janus.fixtures.failure
import dev.janus.fixtures.inThread
import dev.janus.fixtures.queueOfOne
import dev.janus.fixtures.running
import dev.janus.fixtures.takeAll
import dev.janus.fixtures.waiting
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.launch
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import org.junit.jupiter.params.provider.MethodSource
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executors
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit

/** Calls that have to wait though there seems to be something, and threads that are or are not the loop's. */
@OptIn(ExperimentalCoroutinesApi::class)
internal class BlockingGuardCasesTest {
    private val loop = OpenLoop(LoopKind.EXECUTOR)
    private val queue = queueOfOne { boundTo(loop.dispatcher) }

    @AfterEach
    fun nothingIsPending() {
        loop.close()
        assertNothingPending(queue)
    }

    @Test
    fun take_elementIsPromisedToACoroutineOfTheLoop_isRefused() {
        val receiver = loop.begin { queue.async().receive() }
        awaitUntil("a receiver waits") { waiting(queue) == 1 }
        val refused =
            loop.post {
                queue.sync().put(1)
                queue.sync().take()
            }

        assertRefusal(refused.failure(), "take")
        assertEquals(1, receiver.await().value)
    }

    @Test
    fun put_roomIsPromisedToACoroutineOfTheLoop_isRefused() {
        queue.sync().put(1)
        val sender = loop.begin { queue.async().send(2) }
        awaitUntil("a sender waits") { waiting(queue) == 1 }
        val refused =
            loop.post {
                queue.sync().take()
                queue.sync().put(3)
            }

        assertRefusal(refused.failure(), "put")
        sender.await().value
        assertEquals(2, queue.sync().poll())
    }

    @Test
    fun putAll_someFit_isRefusedAndThoseStay() {
        val refused = loop.post { queue.sync().putAll(listOf(1, 2, 3)) }

        assertRefusal(refused.failure(), "putAll")
        assertEquals(listOf(1), queue.takeAll())
    }

    @Test
    fun untilShutdown_someAreThere_givesThemAndIsThenRefused() {
        queue.sync().put(1)
        val seen = ArrayList<Int>()
        val refused = loop.post { queue.sync().untilShutdown().forEach(seen::add) }

        assertRefusal(refused.failure(), loop.dispatcher)
        assertEquals(listOf(1), seen)
    }

    @Test
    fun select_oneOfTheQueuesIsBound_isRefusedOnlyIfItMustWait() {
        val unbound = queueOfOne()
        val select = QueueSelect.first(unbound) { it }.or(queue) { -it }
        assertChangesNothing(unbound) {
            assertRefusal(assertChangesNothing(queue) { loop.post(select::select).failure() }, loop.dispatcher)
        }

        unbound.sync().put(1)
        assertEquals(1, loop.callFrom(select::select))
        queue.sync().put(2)
        assertEquals(-2, loop.callFrom { select.select(1, TimeUnit.HOURS) })
        assertNothingPending(unbound)
    }

    @ParameterizedTest
    @EnumSource
    fun functionOfAFuture_runsOnTheLoop_isRefused(kind: LoopKind) {
        OpenLoop(kind).use { open ->
            val bound = queueOfOne { boundTo(open.dispatcher) }
            val received = bound.async().receiveAsync()
            val refused = received.thenApply { bound.sync().take() }
            bound.sync().put(1)

            assertRefusal(generateSequence(refused.failure()) { it.cause }.last(), open.dispatcher)
            assertEquals(1, received.get(20, TimeUnit.SECONDS))
            assertNothingPending(bound)
        }
    }

    @Test
    fun callbackOfASubscription_onALoopOfSeveralThreads_isRefused() {
        Executors.newFixedThreadPool(3).asCoroutineDispatcher().use { pool ->
            val bound = queueOfOne { boundTo(pool) }
            val ends = LinkedBlockingQueue<Throwable>()
            bound.async().subscribe({ bound.sync().join() }, ends::add)
            bound.sync().put(1)

            assertRefusal(ends.poll(20, TimeUnit.SECONDS), "join", pool)
            assertEquals(1, bound.sync().poll())
            assertNothingPending(bound)
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("sharing")
    fun threadsThatAreShared_areNotMistakenForTheLoop(dispatcher: CoroutineDispatcher) {
        val bound = queueOfOne { boundTo(dispatcher).blockingGuard(NEVER_ASKED) }
        repeat(50) {
            val received = bound.async().receiveAsync()
            bound.async().sendAsync(it).get(20, TimeUnit.SECONDS)
            received.get(20, TimeUnit.SECONDS)
        }
        listOf(Dispatchers.Default, Dispatchers.IO, dispatcher).forEach { assertBlocksThere(bound, it) }
    }

    private fun assertBlocksThere(bound: JanusQueue<Int>, dispatcher: CoroutineDispatcher) {
        val taken = CoroutineScope(dispatcher).running { bound.sync().take() }
        awaitUntil("a thread waits") { waiting(bound) == 1 || taken.isOver }
        bound.sync().put(1)
        assertEquals(1, taken.await().value)
        assertNothingPending(bound)
    }

    @Test
    fun threadThatStartsACoroutineUndispatched_isNotMistakenForTheLoop() {
        val thread =
            inThread {
                CoroutineScope(loop.dispatcher).launch(start = CoroutineStart.UNDISPATCHED) {
                    queue.async().send(1)
                    queue.async().receive()
                    queue.async().receive(0, TimeUnit.SECONDS)
                }
                queue.sync().take()
            }
        awaitUntil("a thread waits") { waiting(queue) == 1 || thread.isOver }
        queue.sync().put(2)
        assertEquals(2, thread.await().value)
    }

    @Test
    fun threadThatRunsWhatAClosedLoopRefused_isNotMistakenForTheLoop() {
        val bound = queueOfOne { boundTo(loop.dispatcher).blockingGuard(NEVER_ASKED) }
        loop.close()
        bound.sync().put(1)
        repeat(50) { assertInstanceOf(CancellationException::class.java, bound.async().receiveAsync().failure()) }
        bound.sync().take()
        assertBlocksThere(bound, Dispatchers.IO)
    }

    @Test
    fun loopsOfTwoQueues_areNotMistakenForEachOther() {
        OpenLoop(LoopKind.EXECUTOR).use { other ->
            val bound = queueOfOne { boundTo(other.dispatcher).blockingGuard(NEVER_ASKED) }
            val taken: CompletableFuture<Int> = loop.post { bound.sync().take() }
            awaitUntil("a thread waits") { waiting(bound) == 1 || taken.isDone }
            other.run { bound.async().send(1) }
            assertEquals(1, OpenLoop.resultOf(taken))
            assertNothingPending(bound)
        }
    }

    companion object {
        private val NEVER_ASKED = BlockingGuard { throw AssertionError("asked", it) }

        @JvmStatic
        fun sharing() = listOf(Dispatchers.Default, Dispatchers.IO, Dispatchers.Default.limitedParallelism(1))
    }
}
