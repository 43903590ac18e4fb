package dev.janus.kotlin

import dev.janus.QueueShutdownException
import dev.janus.Request
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.beginOn
import dev.janus.fixtures.inVirtualTime
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.IOException
import kotlin.time.Duration
import kotlin.time.Duration.Companion.days
import kotlin.time.Duration.Companion.seconds

/** Requests of coroutines, and coroutines that answer them. */
@OptIn(ExperimentalCoroutinesApi::class)
class RequestTest {
    private val queue = janusQueue<Request<String, Int>>(1)
    private val failure = IOException()

    @AfterEach
    fun nothingIsPending() = assertNothingPending(queue)

    @Test
    fun ask_workerReplies_returnsTheReply() = inVirtualTime {
        launch { queue.async().receive().handleSuspending { it.length } }
        assertEquals(3, queue.ask("why"))
    }

    @Test
    fun ask_workerFails_throwsItsFailure() = inVirtualTime {
        launch { queue.async().receive().handleSuspending { throw failure } }
        assertSame(failure, runCatching { queue.ask("why") }.exceptionOrNull())
    }

    @Test
    fun ask_workerIsCancelled_throwsAnotherException() = inVirtualTime {
        val worker = launch { queue.async().receive().handleSuspending { awaitCancellation() } }
        launch {
            delay(1.seconds)
            worker.cancel()
        }
        val thrown = runCatching { queue.ask("why") }.exceptionOrNull()
        assertInstanceOf(IllegalStateException::class.java, thrown)
        assertFalse(thrown is CancellationException)
        worker.join()
        assertTrue(worker.isCancelled)
    }

    @Test
    fun handle_timeoutInTheBlock_failsTheRequest() = inVirtualTime {
        val worker =
            launch { queue.async().receive().handleSuspending { withTimeout(1.seconds) { awaitCancellation() } } }
        val thrown = runCatching { queue.ask("why") }.exceptionOrNull()
        assertInstanceOf(TimeoutCancellationException::class.java, thrown?.cause)
        worker.join()
        assertFalse(worker.isCancelled)
    }

    @Test
    fun ask_cancelled_withdrawsTheRequest() {
        val asking = beginOn(Dispatchers.Unconfined) { queue.ask("why") }
        assertEquals(1, queue.size())
        asking.job.cancel()
        asking.assertThrew<CancellationException>()
        assertEquals(0, queue.size())
    }

    @Test
    fun ask_cancelledBefore_asksNothing() = inVirtualTime {
        val job = launch {
            runCatching { awaitCancellation() }
            queue.ask("why")
        }
        testScheduler.runCurrent()
        job.cancel()
        job.join()
        assertEquals(0, queue.stats().accepted())
    }

    @Test
    fun ask_cancelledAfterTheReplyAndBeforeItRuns_returnsTheReply() = inVirtualTime {
        var answer: Int? = null
        val asking = launch { answer = queue.ask("why") }
        testScheduler.runCurrent()
        val request = queue.sync().take()
        assertTrue(request.reply(42))
        asking.cancel()
        asking.join()
        assertEquals(42, answer)
    }

    @Test
    fun ask_withATimeoutCancelledAfterTheReplyAndBeforeItRuns_returnsTheReply() = inVirtualTime {
        var answer: Int? = null
        val asking = launch { answer = queue.ask("why", 1.days) }
        testScheduler.runCurrent()
        assertTrue(queue.sync().take().reply(42))
        asking.cancel()
        asking.join()
        assertEquals(42, answer)
    }

    @Test
    fun ask_cancelledAfterAWorkerHasBegun_replyIsRefused() = inVirtualTime {
        val asking = launch { queue.ask("why") }
        testScheduler.runCurrent()
        val request = queue.sync().take()
        assertTrue(request.begin())
        asking.cancel()
        asking.join()
        assertFalse(request.reply(42))
        assertFalse(request.isWithdrawn)
    }

    @Test
    fun ask_timeElapses_isNullAndTheRequestWithdrawn() = inVirtualTime {
        assertNull(queue.ask("why", 3.seconds))
        assertEquals(3_000, currentTime)
        assertEquals(0, queue.size())
        assertNull(queue.ask("why", Duration.ZERO))
        assertEquals(0, queue.size())
    }

    @Test
    fun ask_replyComesInTime_returnsIt() = inVirtualTime {
        launch {
            delay(1.seconds)
            queue.async().receive().handleSuspending { it.length }
        }
        assertEquals(3, queue.ask("why", 1.days))
    }

    @Test
    fun ask_failsInTime_throwsTheFailure() = inVirtualTime {
        launch { queue.async().receive().fail(failure) }
        assertSame(failure, runCatching { queue.ask("why", 1.days) }.exceptionOrNull())
    }

    @Test
    fun ask_replyComesWithTheTimeout_isReturnedIfItWasAccepted() = inVirtualTime {
        var accepted: Boolean? = null
        launch {
            val request = queue.async().receive()
            delay(1.seconds)
            accepted = request.reply(42)
        }
        val answer = queue.ask("why", 1.seconds)
        delay(1.seconds)
        assertEquals(accepted == true, answer == 42)
    }

    @Test
    fun ask_queueIsShutDown_throws() = inVirtualTime {
        queue.shutdown()
        assertInstanceOf(QueueShutdownException::class.java, runCatching { queue.ask("why") }.exceptionOrNull())
    }

    @Test
    fun ask_queueBoundToAnotherDispatcher_mayBeAsked() = inVirtualTime {
        val bound = janusQueue<Request<String, Int>>(1, boundTo = StandardTestDispatcher(testScheduler, "another"))
        launch { bound.sync().let { while (it.isEmpty()) delay(1) }.also { bound.sync().take().reply(1) } }
        assertEquals(1, bound.ask("why"))
    }

    @Test
    fun ask_manyAskersAndWorkers_eachGetsItsOwnReply() = inVirtualTime {
        coroutineScope {
            val workers = List(3) {
                launch(Dispatchers.Default) { for (request in queue.async()) request.handleSuspending { it.toInt() } }
            }
            coroutineScope {
                repeat(8) { asker ->
                    launch(Dispatchers.Default) {
                        repeat(200) { assertEquals(asker * 1_000 + it, queue.ask("${asker * 1_000 + it}")) }
                    }
                }
            }
            queue.shutdown()
            workers.forEach { it.join() }
        }
    }
}
