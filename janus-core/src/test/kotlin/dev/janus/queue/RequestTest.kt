package dev.janus.queue

import dev.janus.JanusQueue
import dev.janus.QueueShutdownException
import dev.janus.Request
import dev.janus.fixtures.Running
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.inThread
import dev.janus.fixtures.takeAll
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.channels.BufferOverflow
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.IOException
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ExecutionException
import java.util.concurrent.Executors
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.TimeUnit.DAYS
import java.util.concurrent.TimeUnit.MILLISECONDS
import java.util.concurrent.TimeUnit.SECONDS
import java.util.concurrent.TimeoutException
import java.util.concurrent.atomic.AtomicInteger

/** A question in the queue and its reply: it reaches the asker, or the worker learns that it does not. */
internal class RequestTest {
    private val queue = JanusQueue.fifo<Request<String, Int>>(2)
    private val request = Request<String, Int>("why")
    private val failure = IOException()

    @AfterEach
    fun nothingIsPending() = assertNothingPending(queue)

    private fun startAsk(request: Request<String, Int> = this.request): Running<Int> =
        inThread { request.ask(queue) }.also { awaitUntil("it is asked") { queue.size() > 0 } }

    private fun CompletableFuture<*>.failure() = assertThrows(ExecutionException::class.java) { get(20, SECONDS) }.cause

    @Test
    fun ask_workerReplies_returnsTheReply() {
        val asking = startAsk()
        val taken = queue.sync().take()
        assertSame(request, taken)
        assertEquals("why", taken.question())
        assertTrue(taken.begin())
        assertTrue(taken.reply(42))
        assertEquals(42, asking.await().value)
        assertFalse(request.isWithdrawn)
    }

    @Test
    fun ask_workerFails_throwsItsFailure() {
        val asking = startAsk()
        assertTrue(queue.sync().take().fail(failure))
        assertSame(failure, asking.await().assertThrew<ExecutionException>().cause)
    }

    @Test
    fun ask_workerIsCancelled_isNoCancellationOfTheAsker() {
        val asking = startAsk()
        val cancelled = CancellationException()
        queue.sync().take().fail(cancelled)
        val thrown = asking.await().assertThrew<ExecutionException>().cause
        assertInstanceOf(IllegalStateException::class.java, thrown)
        assertSame(cancelled, thrown!!.cause)
    }

    @Test
    fun handle_handlerReturnsOrThrows_repliesOrFails() {
        val (one, other) = List(2) { startAsk(Request("$it")) }
        val taken = List(2) { queue.sync().take() }.sortedBy { it.question() }
        assertTrue(taken[0].handle { it.length })
        assertTrue(taken[1].handle { throw failure })
        assertFalse(taken[1].handle { throw AssertionError("it was begun before") })
        assertEquals(1, one.await().value)
        assertSame(failure, other.await().assertThrew<ExecutionException>().cause)
    }

    @Test
    fun handle_handlerIsInterrupted_failsAndLeavesTheInterrupt() {
        val reply = request.askAsync(queue)
        val worker = inThread {
            queue.sync().take().handle { throw InterruptedException("planned") }
            Thread.interrupted()
        }
        assertTrue(worker.await().value)
        assertInstanceOf(InterruptedException::class.java, reply.failure())
    }

    // Giving up

    @Test
    fun ask_interruptedBeforeAWorkerBegins_withdrawsTheRequest() {
        val asking = startAsk()
        asking.interrupt()
        asking.await().assertThrew<InterruptedException>()
        assertTrue(request.isWithdrawn)
        assertEquals(0, queue.size())
        assertFalse(request.begin())
        assertFalse(request.reply(1))
        assertFalse(request.fail(failure))
        assertFalse(request.handle { throw AssertionError() })
    }

    @Test
    fun ask_interruptedAfterAWorkerHasBegun_replyIsRefused() {
        val asking = startAsk()
        val taken = queue.sync().take()
        assertTrue(taken.begin())
        asking.interrupt()
        asking.await().assertThrew<InterruptedException>()
        assertFalse(request.isWithdrawn)
        assertFalse(taken.reply(1))
    }

    @Test
    fun ask_interruptedWhileItWaitsForRoom_addsNothing() {
        val others = List(2) { Request<String, Int>("other").askAsync(queue) }
        val asking = Running.startPut(queue) { request.ask(queue) }
        asking.interrupt()
        asking.await().assertThrew<InterruptedException>()
        assertTrue(request.isWithdrawn)
        queue.takeAll().forEach { it.reply(1) }
        others.forEach { assertEquals(1, it.get()) }
    }

    @Test
    fun ask_interruptedAndRepliedAtOnce_bothSeeTheSame() {
        var replies = 0
        repeat(2_000) {
            val request = Request<String, Int>("$it")
            val asking = inThread { request.ask(queue) }
            val taken = queue.sync().take()
            taken.begin()
            val interrupting = inThread { asking.interrupt() }
            val isReplied = taken.reply(it)
            interrupting.await()
            asking.await()
            if (isReplied) {
                assertEquals(it, asking.value)
                replies++
            } else {
                asking.assertThrew<InterruptedException>()
            }
        }
        assertTrue(replies > 0)
    }

    @Test
    fun ask_givenUpWhileAWorkerBegins_isWithdrawnOrBegun() {
        repeat(2_000) {
            val request = Request<String, Int>("$it")
            val reply = request.askAsync(queue)
            val taken = queue.sync().take()
            val cancelling = inThread { reply.cancel(false) }
            val hasBegun = taken.begin()
            cancelling.await()
            assertEquals(!hasBegun, request.isWithdrawn)
        }
    }

    @Test
    fun ask_timeElapses_throwsAndWithdraws() {
        assertThrows(TimeoutException::class.java) { request.ask(queue, 1, MILLISECONDS) }
        assertTrue(request.isWithdrawn)
        assertEquals(0, queue.size())
        assertEquals(0, queue.unfinishedTasks())
    }

    @Test
    fun ask_noRoomInTime_saysSo() {
        val others = List(2) { Request<String, Int>("other").askAsync(queue) }
        val timeout = assertThrows(TimeoutException::class.java) { request.ask(queue, 1, MILLISECONDS) }
        assertEquals("no room for the request within 1 MILLISECONDS", timeout.message)
        assertTrue(request.isWithdrawn)
        others.forEach { it.cancel(false) }
        assertEquals(0, queue.size())
    }

    @Test
    fun ask_replyComesInTime_returnsIt() {
        val asking = inThread { request.ask(queue, 1, DAYS) }
        queue.sync().take().reply(42)
        assertEquals(42, asking.await().value)
    }

    @Test
    fun cancel_waitsForRoom_addsNothing() {
        val others = List(2) { Request<String, Int>("other").askAsync(queue) }
        val reply = request.askAsync(queue)
        assertEquals(1, queue.stats().waitingPutCoroutines())
        assertTrue(reply.cancel(false))
        assertEquals(0, queue.stats().waitingPutCoroutines())
        assertTrue(request.isWithdrawn)
        others.forEach { it.cancel(false) }
    }

    @Test
    fun cancel_inTheQueue_leavesIt() {
        val reply = request.askAsync(queue)
        assertTrue(reply.cancel(false))
        assertEquals(0, queue.size())
        assertTrue(request.isWithdrawn)
    }

    @Test
    fun complete_fromOutside_givesUp() {
        val reply = request.askAsync(queue)
        assertTrue(reply.complete(1))
        assertFalse(request.begin())
        assertEquals(0, queue.size())
    }

    // The end

    @Test
    fun ask_queueIsShutDown_isRefused() {
        queue.shutdown(failure)
        assertSame(failure, assertThrows(QueueShutdownException::class.java) { request.ask(queue) }.cause)
        val timed = Request<String, Int>("timed")
        assertThrows(QueueShutdownException::class.java) { timed.ask(queue, 1, DAYS) }
        val later = Request<String, Int>("later").askAsync(queue)
        assertInstanceOf(QueueShutdownException::class.java, later.failure())
        assertTrue(request.isWithdrawn)
    }

    @Test
    fun shutdown_requestIsInTheQueue_isStillAnswered() {
        val reply = request.askAsync(queue)
        queue.shutdown()
        queue.sync().take().reply(42)
        assertEquals(42, reply.get())
    }

    @Test
    fun shutdownNow_requestIsInTheQueue_failsWithTheCause() {
        val reply = request.askAsync(queue)
        assertEquals(listOf(request), queue.shutdownNow(failure))
        val refusal = assertInstanceOf(QueueShutdownException::class.java, reply.failure())
        assertSame(failure, refusal.cause)
        assertTrue(request.isWithdrawn)
    }

    @Test
    fun shutdownNow_workerHasBegun_itStillReplies() {
        val reply = request.askAsync(queue)
        val taken = queue.sync().take().also { it.begin() }
        queue.shutdownNow()
        assertTrue(taken.reply(42))
        assertEquals(42, reply.get())
    }

    @Test
    fun ask_queueDropsIt_fails() {
        val dropping =
            JanusQueue.builder<Request<String, Int>>().capacity(1).overflow(BufferOverflow.DROP_OLDEST).build()
        val reply = request.askAsync(dropping)
        val next = Request<String, Int>("next").askAsync(dropping)
        assertInstanceOf(RejectedExecutionException::class.java, reply.failure())
        dropping.sync().take().reply(1)
        assertEquals(1, next.get())
    }

    @Test
    fun shutdownNow_toStringOfTheQuestionThrows_allFail() {
        val hostile = JanusQueue.unbounded<Request<Any, Int>>()
        val question = object {
            override fun toString() = throw IllegalStateException("planned")
        }
        val replies = List(2) { Request<Any, Int>(question).askAsync(hostile) }
        assertEquals(2, hostile.shutdownNow().size)
        replies.forEach { assertInstanceOf(QueueShutdownException::class.java, it.failure()) }
    }

    @Test
    fun cancel_dependentFunctionRuns_requestIsWithdrawn() {
        val reply = request.askAsync(queue)
        val seen = CompletableFuture<String>()
        reply.whenComplete { _, _ -> seen.complete("${request.isWithdrawn} ${queue.size()}") }
        reply.cancel(false)
        assertEquals("true 0", seen.get(20, SECONDS))
    }

    @Test
    fun askAsync_queueIsBoundAndItsLoopIsClosed_isNoCancellation() {
        val executor = Executors.newSingleThreadExecutor()
        val bound = JanusQueue.builder<Request<String, Int>>().capacity(1)
            .boundTo(executor.asCoroutineDispatcher()).build()
        executor.shutdown()
        bound.shutdown()
        assertFalse(request.askAsync(bound).failure() is CancellationException)
    }

    // Wrong use

    @Test
    fun ask_twice_isRefused() {
        val reply = request.askAsync(queue)
        val refusal = assertThrows(IllegalStateException::class.java) { request.ask(queue) }
        assertEquals("the request was asked before: make a new one each time", refusal.message)
        assertEquals(1, queue.size())
        reply.cancel(false)
    }

    @Test
    fun reply_notAsked_isRefused() {
        assertThrows(IllegalStateException::class.java) { request.reply(1) }
        assertThrows(IllegalStateException::class.java) { request.fail(failure) }
        assertThrows(IllegalStateException::class.java) { request.begin() }
        assertThrows(IllegalStateException::class.java) { request.handle { 1 } }
    }

    @Test
    fun ask_onTheBoundLoop_isRefused() {
        val executor = Executors.newSingleThreadExecutor()
        val bound = JanusQueue.builder<Request<String, Int>>().capacity(1)
            .boundTo(executor.asCoroutineDispatcher()).build()
        executor.submit {}.get()
        val refusal = assertThrows(ExecutionException::class.java) { executor.submit { request.ask(bound) }.get() }
        assertTrue("askAsync()" in refusal.cause!!.message!!, refusal.cause!!.message)
        assertEquals(0, bound.size())
        val reply = request.askAsync(bound)
        bound.sync().take().reply(1)
        assertEquals(1, reply.get(20, SECONDS))
        executor.shutdown()
    }

    @Test
    fun ask_manyAskersAndWorkers_eachGetsItsOwnReply() {
        val handled = AtomicInteger()
        val workers = List(2) {
            inThread {
                for (taken in queue.sync().untilShutdown()) {
                    taken.handle { it.toInt() * 2 }
                    handled.incrementAndGet()
                }
            }
        }
        val askers = List(4) { asker ->
            inThread { List(500) { Request<String, Int>("${asker * 1_000 + it}").ask(queue) } }
        }
        askers.forEachIndexed { asker, running ->
            assertEquals(List(500) { (asker * 1_000 + it) * 2 }, running.await().value)
        }
        queue.shutdown()
        workers.forEach { it.await() }
        assertEquals(2_000, handled.get())
    }
}
