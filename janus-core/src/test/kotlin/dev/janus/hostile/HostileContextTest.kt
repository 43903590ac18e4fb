package dev.janus.hostile

import dev.janus.JanusQueue
import dev.janus.fixtures.BlockingCall
import dev.janus.fixtures.SuspendingCall
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.beginRaw
import dev.janus.fixtures.failure
import dev.janus.fixtures.inThread
import dev.janus.fixtures.queueOfOne
import dev.janus.fixtures.reportedWhile
import dev.janus.fixtures.waiting
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import org.junit.jupiter.params.provider.ValueSource
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.startCoroutine

/** The caller's continuation fails when it is asked for its context, or the context when it is asked for something. */
internal class HostileContextTest {
    /** Counts what it is asked, and fails once. It has no elements, and swallows what is added to it. */
    private class Failing(private var left: Int, private val failure: Throwable, val watch: () -> Unit) :
        CoroutineContext {
        var failed = false

        private fun asked() {
            watch()
            if (left-- == 0) {
                failed = true
                throw failure
            }
        }

        override fun <E : CoroutineContext.Element> get(key: CoroutineContext.Key<E>): E? = null.also { asked() }

        override fun <R> fold(initial: R, operation: (R, CoroutineContext.Element) -> R): R = initial.also { asked() }

        override fun minusKey(key: CoroutineContext.Key<*>): CoroutineContext = apply { asked() }

        override fun plus(context: CoroutineContext): CoroutineContext = apply { asked() }
    }

    /** Not the clauses of a select: should kotlinx's own wait for them fail, nobody tells the clauses. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = ["ON_RECEIVE", "ON_RECEIVE_CATCHING", "ON_SEND"])
    fun everyCall_contextFails_nobodyIsLeftInLineAndTheQueueIsNotLocked(call: SuspendingCall) {
        for (question in 0..12) {
            val queue = call.need.withheld(queueOfOne())
            val failure = if (question % 2 ==
                0
            ) {
                OutOfMemoryError("no memory for it")
            } else {
                StackOverflowError("too deep")
            }
            val context = Failing(question, failure) { assertTrue(sizeSeenByAThread(queue) in 0..1, "not locked") }

            val begun = runCatching { beginRaw(context) { call.call(queue.async()) } }

            if (context.failed) assertFailedOrServed(queue, call, begun) else serve(queue, call, begun.getOrThrow())
        }
    }

    private fun sizeSeenByAThread(queue: JanusQueue<Int>): Int = inThread { queue.size() }.await().value

    /** It has failed, and left the line; or the failure struck a part of kotlinx's that reports it elsewhere. */
    private fun assertFailedOrServed(
        queue: JanusQueue<Int>,
        call: SuspendingCall,
        begun: Result<CompletableFuture<*>>,
    ) {
        val failure = begun.fold({ if (it.isDone) it.failure() else null }, { it })
        if (failure == null) return serve(queue, call, begun.getOrThrow())
        assertTrue(failure is Error, "$failure")
        assertNothingPending(queue)
        val next = inThread { BlockingCall.entries.first { it.need == call.need }.call(queue) }
        awaitUntil("it waits") { waiting(queue) == 1 }
        call.need.release(queue)
        next.await().value
        assertNothingPending(queue)
    }

    private fun serve(queue: JanusQueue<Int>, call: SuspendingCall, begun: CompletableFuture<*>) {
        assertEquals(1, waiting(queue), "$call waits")
        call.need.release(queue)
        begun.get(20, TimeUnit.SECONDS)
        assertNothingPending(queue)
    }

    @ParameterizedTest
    @ValueSource(booleans = [false, true])
    fun continuation_throwsWhenItIsResumed_othersAreServed(error: Boolean) {
        val queue = JanusQueue.fifo<Int>(3)
        val first = CompletableFuture<Result<Int>>()
        val block = suspend { queue.async().receive() }
        block.startCoroutine(
            Continuation(EmptyCoroutineContext) {
                first.complete(it)
                throw if (error) AssertionError("no") else IllegalStateException("no")
            },
        )
        val second = beginRaw { queue.async().receive() }

        val reported = reportedWhile { queue.sync().putAll(listOf(1, 2)) }

        assertTrue(reported.size <= 1, "$reported")
        assertEquals(1, first.get(20, TimeUnit.SECONDS).getOrThrow())
        assertEquals(2, second.get(20, TimeUnit.SECONDS))
        assertNothingPending(queue)
    }
}
