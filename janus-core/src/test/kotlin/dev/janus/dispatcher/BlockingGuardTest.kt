package dev.janus.dispatcher

import dev.janus.BlockingGuard
import dev.janus.JanusQueue
import dev.janus.fixtures.BlockingCall
import dev.janus.fixtures.LoopKind
import dev.janus.fixtures.OpenLoop
import dev.janus.fixtures.Running
import dev.janus.fixtures.assertChangesNothing
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.assertRefusal
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.begin
import dev.janus.fixtures.failure
import dev.janus.fixtures.inThread
import dev.janus.fixtures.queueOfOne
import dev.janus.fixtures.waiting
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedClass
import org.junit.jupiter.params.provider.MethodSource
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.TimeUnit

/** Each blocking call on each loop of one thread, with each kind of guard. */
@ParameterizedClass(name = "{0}, {1}")
@MethodSource("table")
internal class BlockingGuardTest(kind: LoopKind, private val call: BlockingCall) {
    private val loop = OpenLoop(kind)
    private val need = call.need
    private val queues = ArrayList<JanusQueue<Int>>()

    @AfterEach
    fun nothingIsPending() {
        loop.close()
        queues.forEach(::assertNothingPending)
    }

    private fun bound(guard: BlockingGuard = BlockingGuard.refuse()): JanusQueue<Int> = queueOfOne {
        boundTo(loop.dispatcher)
        blockingGuard(guard)
    }.also(queues::add)

    @Test
    fun call_wouldWaitOnTheLoop_isRefusedAndChangesNothing() {
        val queue = need.withheld(bound())

        val refused = assertChangesNothing(queue) { loop.post { call.call(queue) }.failure() }

        assertRefusal(refused, call.named, loop.dispatcher, call.instead)
    }

    @Test
    fun call_wouldWaitOnTheLoopInACoroutine_isRefused() {
        val queue = need.withheld(bound())
        val refused = assertChangesNothing(queue) { loop.begin { call.call(queue) }.await().failure() }
        assertRefusal(refused, call.named, loop.dispatcher, call.instead)
    }

    @Test
    fun call_needNotWait_isNotAskedAbout() {
        val queue = need.provided(bound(NEVER_ASKED))
        loop.callFrom { call.call(queue) }
    }

    @Test
    fun call_hasNoTime_isNotAskedAbout() {
        val withoutTime = call.withoutTime ?: return
        val queue = need.withheld(bound(NEVER_ASKED))
        val outcome = assertChangesNothing(queue) { loop.callFrom { withoutTime(queue) } }
        assertTrue(outcome == false || outcome == null) {
            "expected it to be without success, but it returned $outcome"
        }
    }

    @Test
    fun call_onAnotherThread_waitsAndWorks() {
        val queue = need.withheld(bound(NEVER_ASKED))

        val waiter = waiter(queue) { call.call(queue) }
        need.release(queue)

        waiter.await().value
    }

    @Test
    fun guard_warns_isCalledOnceBeforeTheWaitWithoutLockAndTheCallWorks() {
        val warnings = ConcurrentLinkedQueue<IllegalStateException>()
        lateinit var queue: JanusQueue<Int>
        val guard =
            BlockingGuard {
                assertTrue(loop.isHere())
                assertEquals(0, inThread { waiting(queue) }.await().value)
                warnings += it
            }
        queue = need.withheld(bound(guard))
        assertWaitsAndWorks(queue)

        assertEquals(1, warnings.size)
        assertRefusal(warnings.single(), call.named, loop.dispatcher, call.instead)
        assertTrue(warnings.single().stackTrace.any { javaClass.name in it.className }, "the call's stack trace")
    }

    @Test
    fun guard_allows_callWaitsAndWorks() {
        val queue = need.withheld(bound(BlockingGuard.allow()))
        assertWaitsAndWorks(queue)
    }

    @Test
    fun guard_throwsSomethingElse_callThrowsItAndChangesNothing() {
        val failures = listOf(UnsupportedOperationException("no"), NoSuchFieldError("none"))
        failures.forEach { failure ->
            val queue = need.withheld(bound { throw failure })
            val thrown = assertChangesNothing(queue) { loop.post { call.call(queue) }.failure() }
            assertSame(failure, thrown)
        }
    }

    @Test
    fun guard_providesWhatIsNeeded_callWorks() {
        lateinit var queue: JanusQueue<Int>
        queue = need.withheld(bound { need.release(queue) })
        loop.callFrom { call.call(queue) }
    }

    @Test
    fun unboundQueue_guard_isNeverAsked() {
        val queue = queueOfOne { blockingGuard(NEVER_ASKED) }
        queues += queue
        loop.run { queue.async().receive(0, TimeUnit.SECONDS) }
        need.withhold(queue)
        assertWaitsAndWorks(queue)
    }

    @Test
    fun boundToFirstCaller_guard_isAskedFromThenOn() {
        val queue = queueOfOne { boundToFirstCaller() }.also(queues::add)
        val before = queueOfOne { boundToFirstCaller() }.also(queues::add)
        need.withhold(before)
        assertWaitsAndWorks(before)

        loop.run { queue.async().receive(0, TimeUnit.SECONDS) }
        need.withhold(queue)

        assertRefusal(loop.post { call.call(queue) }.failure(), call.named, loop.dispatcher, call.instead)
    }

    private fun assertWaitsAndWorks(queue: JanusQueue<Int>) {
        val outcome = loop.post { call.call(queue) }
        awaitUntil("the call waits") { waiting(queue) == 1 || outcome.isDone }
        assertFalse(outcome.isDone)
        need.release(queue)
        OpenLoop.resultOf(outcome)
    }

    /** A thread that waits in a line of the queue. */
    private fun <T> waiter(queue: JanusQueue<Int>, block: () -> T): Running<T> = inThread(block).also { running ->
        awaitUntil("the call waits") { waiting(queue) == 1 || running.isOver }
        running.assertGoesOn()
    }

    companion object {
        private val NEVER_ASKED = BlockingGuard { throw AssertionError("asked", it) }

        @JvmStatic
        fun table(): List<Array<Any>> = LoopKind.entries.flatMap { kind ->
            BlockingCall.entries.map { arrayOf(kind, it) }
        }
    }
}
