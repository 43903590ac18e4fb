package dev.janus.futures

import dev.janus.JanusQueue
import dev.janus.QueueShutdownException
import dev.janus.fixtures.ManualDispatcher
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.begin
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.future.await
import kotlinx.coroutines.test.UnconfinedTestDispatcher
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource

/** A coroutine that awaits a future of the queue: cancelling it cancels the wait. */
class FutureAwaitTest {
    private val loop = ManualDispatcher()
    private val callers = ManualDispatcher()
    private val queue = JanusQueue.builder<Int>().capacity(1).boundTo(loop).build()

    private fun runAll() = repeat(3) {
        loop.runAll()
        callers.runAll()
    }

    @Test
    fun await_elementComes_returnsIt() {
        val receiving = callers.begin { queue.async().receiveAsync().await() }
        runAll()
        receiving.assertGoesOn()
        queue.sync().put(1)
        runAll()
        assertEquals(1, receiving.value)
        assertNothingPending(queue)
    }

    @Test
    fun await_shutDown_throwsThat() {
        val receiving = callers.begin { queue.async().receiveAsync().await() }
        queue.shutdown()
        runAll()
        receiving.assertThrew<QueueShutdownException>()
        assertNothingPending(queue)
    }

    @ParameterizedTest
    @ValueSource(booleans = [true, false])
    fun await_receiveCancelled_elementGoesToTheNext(granted: Boolean) {
        val receiving = callers.begin { queue.async().receiveAsync().await() }
        val next = queue.async().receiveAsync()
        runAll()
        if (granted) queue.sync().put(1)

        receiving.job.cancel()
        if (!granted) queue.sync().put(1)
        runAll()

        receiving.assertThrew<CancellationException>()
        assertEquals(1, next.getNow(null))
        assertNothingPending(queue)
    }

    @Test
    fun await_sendCancelled_elementIsNotAdded() {
        queue.sync().put(1)
        val sending = callers.begin { queue.async().sendAsync(2).await() }
        runAll()

        sending.job.cancel()
        queue.sync().take()
        runAll()

        sending.assertThrew<CancellationException>()
        assertNull(queue.sync().poll())
        assertEquals(1, queue.stats().accepted())
        assertNothingPending(queue)
    }

    /** As with every future: cancelling comes too late to undo what is done, and the await throws away its result. */
    @Test
    fun await_cancelledOnceTheFutureIsDone_losesTheElement() {
        val receiving = callers.begin { queue.async().receiveAsync().await() }
        runAll()
        queue.sync().put(1)
        loop.runAll()

        receiving.job.cancel()
        runAll()

        receiving.assertThrew<CancellationException>()
        assertNull(queue.sync().poll())
        assertNothingPending(queue)
    }

    @Test
    fun await_joinCancelled_leavesTheLine() {
        queue.sync().put(1)
        val joining = callers.begin { queue.async().joinAsync().await() }
        runAll()
        assertEquals(1, queue.stats().waitingJoins())
        joining.job.cancel()
        runAll()
        joining.assertThrew<CancellationException>()
        assertNothingPending(queue)
    }

    /** Where this dispatcher stands in for the main one, it is at home everywhere and dispatches nothing. */
    @Test
    @OptIn(ExperimentalCoroutinesApi::class)
    fun futures_loopNeedsNoDispatch_complete() {
        val bound = JanusQueue.builder<Int>().capacity(1).boundTo(UnconfinedTestDispatcher()).build()
        val received = bound.async().receiveAsync()
        val sent = bound.async().sendAsync(1)
        assertNull(sent.get())
        assertTrue(received.isDone)
        assertEquals(1, received.get())
        assertNothingPending(bound)
    }
}
