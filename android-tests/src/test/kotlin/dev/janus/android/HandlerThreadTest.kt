package dev.janus.android

import android.os.Handler
import android.os.HandlerThread
import dev.janus.JanusQueue
import dev.janus.fixtures.BlockingCall
import dev.janus.fixtures.Need
import dev.janus.fixtures.Running
import dev.janus.fixtures.SENT
import dev.janus.fixtures.SuspendingCall
import dev.janus.fixtures.asRunning
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.assertRefusal
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.queueOfOne
import dev.janus.fixtures.waiting
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.android.asCoroutineDispatcher
import org.junit.After
import org.junit.Test
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertNull

/** A queue that is bound to a handler thread, whose looper is quit while the queue is in use. */
internal class HandlerThreadTest : OnAndroid() {
    private val threads = ArrayList<HandlerThread>()

    @After
    fun quit() = threads.forEach { it.quit() }

    private fun handlerThread() = HandlerThread("loop").also {
        threads += it
        it.start()
    }

    private fun HandlerThread.loop() = RunningLooper(looper, Handler(looper).asCoroutineDispatcher("loop"))

    private fun HandlerThread.quitAndWait() {
        quit()
        join()
    }

    /** Begins a call that waits on the handler thread, and quits it. */
    private fun assertEndsAfterQuit(call: SuspendingCall): JanusQueue<Int> {
        val thread = handlerThread()
        val loop = thread.loop()
        val queue = call.need.withheld(queueOfOne { boundTo(loop.dispatcher) })
        val running = loop.begin { call.call(queue.async()) }
        awaitUntil("$call waits") { waiting(queue) == 1 || running.isOver }
        loop.run {} // the coroutine is suspended
        thread.quitAndWait()

        call.need.release(queue)

        val failure = running.await().failure()
        when {
            call.isCompletedInPlace -> assertNull(failure)
            else -> assertInstanceOf(CancellationException::class.java, failure)
        }
        return queue
    }

    @Test
    fun suspendedReceive_looperIsQuit_isCancelledAndTheElementStays() = SuspendingCall.receives().forEach { call ->
        val queue = assertEndsAfterQuit(call)
        assertEquals(2, queue.sync().poll(), "$call")
        assertNothingPending(queue)
    }

    @Test
    fun suspendedSend_looperIsQuit_isDoneInItsTurn() = SuspendingCall.sends().forEach { call ->
        val queue = assertEndsAfterQuit(call)
        assertEquals(SENT, queue.sync().poll(), "$call")
        assertNothingPending(queue)
    }

    @Test
    fun otherSuspendedCall_looperIsQuit_isCancelled() =
        (SuspendingCall.entries - SuspendingCall.receives() - SuspendingCall.sends()).forEach { call ->
            assertNothingPending(assertEndsAfterQuit(call))
        }

    @Test
    fun threads_looperIsQuit_goOn() {
        val thread = handlerThread()
        val queue = queueOfOne { boundTo(thread.loop().dispatcher) }
        val taken = Running.startTake(queue) { queue.sync().take() }
        thread.quitAndWait()

        queue.sync().put(1)
        assertEquals(1, taken.await().value)

        queue.sync().put(2)
        val put = Running.startPut(queue) { queue.sync().put(3) }
        assertEquals(2, queue.sync().take())
        put.await().value
        assertEquals(3, queue.sync().take())
        assertNothingPending(queue)
    }

    @Test
    fun future_looperIsQuit_isCancelledAndTheElementStays() {
        val thread = handlerThread()
        val queue = queueOfOne { boundTo(thread.loop().dispatcher) }
        val received = queue.async().receiveAsync()
        thread.quitAndWait()

        queue.sync().put(1)

        assertInstanceOf(CancellationException::class.java, received.asRunning().await().failure())
        assertEquals(1, queue.sync().take())
        assertNothingPending(queue)
    }

    @Test
    fun blockingCall_wouldWaitOnTheHandlerThread_isRefused() {
        val loop = handlerThread().loop()
        BlockingCall.entries.forEach { call ->
            val queue = call.need.withheld(queueOfOne { boundTo(loop.dispatcher) })
            assertRefusal(loop.post { call.call(queue) }.await().failure(), call.named, loop.dispatcher, call.instead)
        }
    }
}
