package dev.janus.dispatcher

import dev.janus.AsyncQueue
import dev.janus.JanusQueue
import dev.janus.fixtures.BlockingCall
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
import dev.janus.fixtures.waiting
import kotlinx.coroutines.CancellationException
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedClass
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import org.junit.jupiter.params.provider.MethodSource
import org.junit.jupiter.params.provider.ValueSource
import java.util.concurrent.CompletableFuture
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit

/** The loop is closed while coroutines, futures and subscriptions wait on it. */
@ParameterizedClass
@EnumSource(names = ["EXECUTOR", "SINGLE_THREAD_CONTEXT"])
internal class ClosedLoopTest(kind: LoopKind) {
    private val loop = OpenLoop(kind)
    private val queue = queueOfOne { boundTo(loop.dispatcher) }
    private val ends = LinkedBlockingQueue<Result<Throwable?>>()

    @AfterEach
    fun nothingIsPending() {
        loop.close()
        assertNothingPending(queue)
        assertTrue(ends.isEmpty()) { "ended more than once: $ends" }
    }

    /** Something that waits on the loop for what it needs, and how it ends. */
    internal class Waiting(
        private val name: String,
        val need: Need,
        val isCompletedInPlace: Boolean = false,
        val begin: (JanusQueue<Int>, OpenLoop) -> () -> Throwable?,
    ) {
        override fun toString() = name

        fun assertEnded(failure: Throwable?) {
            if (isCompletedInPlace) {
                assertNull(
                    failure,
                )
            } else {
                assertInstanceOf(CancellationException::class.java, failure)
            }
        }
    }

    private fun begun(waiting: Waiting): () -> Throwable? {
        waiting.need.withhold(queue)
        return waiting.begin(queue, loop).also { loop.awaitWaiting(queue) }
    }

    @ParameterizedTest
    @MethodSource("everything")
    fun waiting_loopIsClosed_isCancelledOrWasDoneAndNothingIsLost(waiting: Waiting) {
        val end = begun(waiting)
        loop.close()

        waiting.need.release(queue)

        waiting.assertEnded(end())
        when (waiting.need) {
            Need.ELEMENT -> assertEquals(2, queue.sync().take())
            Need.ROOM -> assertEquals(if (waiting.isCompletedInPlace) 3 else null, queue.sync().poll())
            Need.SIGHT -> assertEquals(1, queue.size())
            Need.DONE -> assertTrue(queue.sync().join(0, TimeUnit.SECONDS))
            Need.END -> assertTrue(queue.isTerminated)
        }
    }

    @ParameterizedTest
    @MethodSource("everything")
    fun waiting_loopIsClosed_nextInLineIsServed(waiting: Waiting) {
        val end = begun(waiting)
        val instead = BlockingCall.entries.first { it.need == waiting.need }
        val next = inThread { instead.call(queue) }
        awaitUntil("two wait") { waiting(queue) == 2 }
        loop.close()

        waiting.need.release(queue)
        if (waiting.isCompletedInPlace) assertEquals(3, queue.sync().take())

        next.await().value
        waiting.assertEnded(end())
        if (waiting.need == Need.ROOM) assertEquals(3, queue.sync().poll())
    }

    @ParameterizedTest
    @EnumSource
    fun unboundQueue_dispatcherIsClosed_isTheSame(call: SuspendingCall) {
        val unbound = call.need.withheld(queueOfOne())
        val running = loop.begin { call.call(unbound.async()) }
        loop.awaitWaiting(unbound)
        loop.close()

        call.need.release(unbound)

        val failure = running.await().failure()
        if (call.isCompletedInPlace) {
            assertNull(failure)
        } else {
            assertInstanceOf(CancellationException::class.java, failure)
        }
        assertNothingPending(unbound)
        if (call.need == Need.ELEMENT) assertEquals(2, unbound.sync().poll())
    }

    @ParameterizedTest
    @MethodSource("futures")
    fun future_loopWasClosedBefore_isCancelledAndNothingIsLost(waiting: Waiting) {
        waiting.need.provide(queue)
        loop.close()
        assertChangesNothing(queue) {
            assertInstanceOf(CancellationException::class.java, waiting.begin(queue, loop)())
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = [true, false])
    fun sendAsync_loopIsClosed_isDoneAllTheSame(before: Boolean) {
        queue.sync().put(1)
        if (before) loop.close()
        val sent = queue.async().sendAsync(2)
        if (!before) loop.close()

        assertEquals(1, queue.sync().take())

        sent.get(20, TimeUnit.SECONDS)
        assertEquals(2, queue.sync().take())
    }

    @ParameterizedTest
    @ValueSource(booleans = [true, false])
    fun subscription_loopIsClosed_endsAndTheElementGoesToTheNext(before: Boolean) {
        if (before) loop.close()
        queue.async().subscribe({ throw AssertionError("taken: $it") }, { ends.add(Result.success(it)) })
        if (!before) loop.awaitWaiting(queue)
        val next = inThread { queue.sync().take() }
        loop.close()
        queue.sync().put(1)

        assertInstanceOf(CancellationException::class.java, ends.poll(20, TimeUnit.SECONDS)?.getOrThrow())
        assertEquals(1, next.await().value)
    }

    @ParameterizedTest
    @ValueSource(ints = [1, 2, 3])
    fun subscription_callbackClosesTheLoop_noElementIsLost(closing: Int) {
        queue.capacity(3)
        queue.sync().putAll(listOf(1, 2, 3))
        val seen = LinkedBlockingQueue<Int>()
        queue.async().subscribe(
            {
                seen += it
                if (it == closing) loop.close()
            },
            { ends.add(Result.success(it)) },
        )
        awaitUntil("the callback closes the loop") { closing in seen }
        queue.shutdown()

        val end = ends.poll(20, TimeUnit.SECONDS)!!.getOrThrow()
        assertTrue(end is CancellationException || (end == null && queue.isTerminated), "$end")
        assertEquals(listOf(1, 2, 3), seen + queue.shutdownNow())
    }

    @Test
    fun build_loopIsClosedAlready_threadsUseTheQueue() {
        loop.close()
        val bound = queueOfOne { boundTo(loop.dispatcher) }
        val taken = inThread { bound.sync().take() }
        bound.sync().put(1)
        assertEquals(1, taken.await().value)
        assertNothingPending(bound)
    }

    companion object {
        private fun future(name: String, need: Need, begin: (AsyncQueue<Int>) -> CompletableFuture<*>) =
            Waiting(name, need) { queue, _ -> begin(queue.async())::failure }

        @JvmStatic
        fun futures(): List<Waiting> = listOf(
            future("receiveAsync", Need.ELEMENT) { it.receiveAsync() },
            future("joinAsync", Need.DONE) { it.joinAsync() },
        )

        @JvmStatic
        fun everything(): List<Waiting> = futures() + SuspendingCall.entries.map { call ->
            Waiting("$call", call.need, call.isCompletedInPlace) { queue, loop ->
                val running = loop.begin { call.call(queue.async()) };
                { running.await().failure() }
            }
        }
    }
}
