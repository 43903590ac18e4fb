package dev.janus.kotlin

import dev.janus.QueueShutdownException
import dev.janus.SyncQueue
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.begin
import dev.janus.fixtures.inThread
import dev.janus.fixtures.inVirtualTime
import dev.janus.fixtures.takeAll
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.emptyFlow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.onCompletion
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.onStart
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.IOException
import java.util.concurrent.CancellationException
import java.util.concurrent.TimeUnit.SECONDS
import kotlin.time.Duration.Companion.seconds

/** `collectInto` and `asBlockingQueue`. */
@OptIn(ExperimentalCoroutinesApi::class)
class FlowTest {
    private val queue = janusQueue<Int>(2)
    private val emitted = ArrayList<Int>()
    private val failure = IOException("the reason")

    private fun counted(flow: Flow<Int>) = flow.onEach { emitted += it }

    @Test
    fun collectInto_flowEnds_returnsAndTheQueueIsOpen() = inVirtualTime {
        begin { flowOf(1, 2).collectInto(queue.async()) }.value

        assertFalse(queue.isShutdown)
        assertEquals(listOf(1, 2), queue.takeAll())
    }

    @Test
    fun collectInto_full_waitsForRoom() = inVirtualTime {
        val collection = begin { counted((1..5).asFlow()).collectInto(queue.async()) }
        assertEquals(listOf(1, 2, 3), emitted)

        assertEquals(listOf(1, 2, 3, 4, 5), List(5) { queue.async().receive() })

        runCurrent()
        collection.value
        assertNothingPending(queue)
    }

    @Test
    fun collectInto_shutdownWhileItWaits_throwsAndCancelsTheFlow() = inVirtualTime {
        var end: Throwable? = null
        val collection = begin { (1..5).asFlow().onCompletion { end = it }.collectInto(queue.async()) }

        queue.shutdown(failure)
        runCurrent()

        assertSame(failure, collection.assertThrew<QueueShutdownException>().cause)
        assertSame(collection.failure(), end)
        assertEquals(listOf(1, 2), queue.takeAll())
        assertNothingPending(queue)
    }

    @Test
    fun collectInto_cancelledWhileItWaits_elementIsNotAdded() = inVirtualTime {
        val collection = begin { (1..5).asFlow().collectInto(queue.async()) }

        collection.job.cancel()
        runCurrent()

        collection.assertThrew<CancellationException>()
        assertEquals(listOf(1, 2), queue.takeAll())
        assertNothingPending(queue)
    }

    @Test
    fun collectInto_flowFails_throwsThatAndTheQueueIsOpen() = inVirtualTime {
        assertSame(failure, begin { failingAfter(1).collectInto(queue.async()) }.failure())

        assertFalse(queue.isShutdown)
        assertEquals(listOf(1), queue.takeAll())
    }

    @Test
    fun asBlockingQueue_flowEnds_isDrainedAndEnds() {
        val scope = CoroutineScope(Dispatchers.Default + Job())

        val taken = (1..10_000).asFlow().asBlockingQueue(scope, 64).untilShutdown().toList()

        assertEquals((1..10_000).toList(), taken)
        assertTrue(scope.coroutineContext[Job]!!.isActive)
        scope.cancel()
    }

    @Test
    fun asBlockingQueue_flowEnded_takersAreRefusedWithoutCause() = inVirtualTime {
        val queue = flowOf(1).asBlockingQueue(this, 2)
        runCurrent()

        assertEquals(1, queue.poll())
        assertNull(endOf(queue))
        assertNull(queue.poll(1, SECONDS))
    }

    @Test
    fun asBlockingQueue_emptyFlow_endsAtOnce() = inVirtualTime {
        val queue = emptyFlow<Int>().asBlockingQueue(this, 0)
        runCurrent()

        assertEquals(emptyList<Int>(), queue.untilShutdown().toList())
    }

    @Test
    fun asBlockingQueue_flowFails_isDrainedAndRefusesWithThatCause() = inVirtualTime {
        val scope = newScope()
        val queue = failingAfter(2).asBlockingQueue(scope, 4)
        runCurrent()

        assertEquals(listOf(1, 2), listOf(queue.take(), queue.take()))
        assertSame(failure, endOf(queue))
        assertSame(failure, assertThrows(QueueShutdownException::class.java) { queue.untilShutdown().toList() }.cause)
        assertIdle(scope)
    }

    @Test
    fun asBlockingQueue_flowTimesOut_thatIsTheCause() = inVirtualTime {
        val scope = newScope()
        val queue = flow<Int> { withTimeout(1.seconds) { awaitCancellation() } }.asBlockingQueue(scope, 4)
        advanceTimeBy(2.seconds)
        runCurrent()

        assertTrue(endOf(queue) is TimeoutCancellationException)
        assertIdle(scope)
    }

    @Test
    fun asBlockingQueue_scopeCancelled_isDrainedAndRefusesWithThatCause() = inVirtualTime {
        val scope = newScope()
        val queue = counted((1..5).asFlow()).asBlockingQueue(scope, 2)
        runCurrent()

        scope.cancel(CancellationException("no more"))
        runCurrent()

        assertEquals(listOf(1, 2), listOf(queue.take(), queue.take()))
        val cause = endOf(queue)
        assertTrue(cause is CancellationException && cause.message == "no more") { "$cause" }
        assertEquals(listOf(1, 2, 3), emitted)
    }

    @Test
    fun asBlockingQueue_scopeAlreadyCancelled_isNotCollectedAndRefuses() = inVirtualTime {
        val scope = newScope().apply { cancel(CancellationException("no more")) }
        var started = false

        val queue = flowOf(1).onStart { started = true }.asBlockingQueue(scope, 2)
        runCurrent()

        assertTrue(endOf(queue) is CancellationException)
        assertFalse(started)
    }

    @Test
    fun asBlockingQueue_threadWaitsWhenTheScopeIsCancelled_isReleased() {
        val scope = CoroutineScope(Dispatchers.Default + Job())
        val queue = flow<Int> { awaitCancellation() }.asBlockingQueue(scope, 2)
        val taker = inThread { queue.take() }
        awaitUntil("the thread waits") { taker.thread.state.name.endsWith("WAITING") }

        scope.cancel()

        assertTrue(taker.await().assertThrew<QueueShutdownException>().cause is CancellationException)
    }

    @Test
    fun asBlockingQueue_notTakenFrom_flowIsNoFurtherThanOneBeyondTheCapacity() = inVirtualTime {
        for (capacity in listOf(0, 1, 7)) {
            emitted.clear()
            val scope = newScope()
            val queue = counted((1..100).asFlow()).asBlockingQueue(scope, capacity)
            runCurrent()
            assertEquals(capacity + 1, emitted.size)

            assertEquals(1, queue.take())
            runCurrent()

            assertEquals(capacity + 2, emitted.size)
            scope.cancel()
        }
    }

    @Test
    fun asBlockingQueue_unlimited_flowIsCollectedToItsEnd() = inVirtualTime {
        val queue = counted((1..1000).asFlow()).asBlockingQueue(this, Channel.UNLIMITED)
        runCurrent()

        assertEquals(1000, emitted.size)
        assertEquals((1..1000).toList(), queue.untilShutdown().toList())
    }

    @Test
    fun asBlockingQueue_negativeCapacity_isRefusedWithoutAnythingBegun() = inVirtualTime {
        val scope = newScope()
        for (capacity in listOf(-1, Channel.BUFFERED)) {
            val refused =
                assertThrows(IllegalArgumentException::class.java) { flowOf(1).asBlockingQueue(scope, capacity) }
            assertTrue("$capacity" in refused.message!!) { refused.message }
        }
        assertIdle(scope)
    }

    @Test
    fun asBlockingQueue_flowThrowsQueueShutDownException_isTheCause() = inVirtualTime {
        val source = janusQueue<Int>(1).apply { shutdown() }
        val scope = newScope()
        val queue = flow { emit(source.async().receive()) }.asBlockingQueue(scope, 1)
        runCurrent()

        assertTrue(endOf(queue) is QueueShutdownException)
        assertIdle(scope)
    }

    private fun failingAfter(count: Int) = flow {
        (1..count).forEach { emit(it) }
        throw failure
    }

    /** The cause with which a take is refused. */
    private fun endOf(queue: SyncQueue<Int>): Throwable? =
        assertThrows(QueueShutdownException::class.java) { queue.take() }.cause
}
