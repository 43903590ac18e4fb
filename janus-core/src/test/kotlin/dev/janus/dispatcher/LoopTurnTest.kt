package dev.janus.dispatcher

import dev.janus.JanusQueue
import dev.janus.QueueShutdownException
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.failure
import dev.janus.fixtures.running
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.channels.BufferOverflow
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import org.junit.jupiter.params.provider.ValueSource
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executors
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.intrinsics.COROUTINE_SUSPENDED
import kotlin.coroutines.intrinsics.startCoroutineUninterceptedOrReturn

/** A coroutine that never has to wait, because of a flood of elements or of room, lets its loop run other tasks. */
internal class LoopTurnTest {
    private val executor = Executors.newSingleThreadExecutor()
    private val loop = executor.asCoroutineDispatcher()
    private val otherTasks = AtomicInteger()

    @AfterEach
    fun close() {
        executor.shutdownNow()
    }

    enum class Call(val takes: Boolean, val once: suspend JanusQueue<Int>.() -> Unit) {
        RECEIVE(true, { async().receive() }),
        RECEIVE_TIMED(true, { async().receive(1, TimeUnit.MINUTES) }),
        RECEIVE_BATCH(true, { async().receiveBatch(2) }),
        RECEIVE_LEASE(true, { async().receiveLease().done() }),
        RECEIVE_BY_VIEW(true, { async().asReceiveChannel().receive() }),
        SEND(false, { async().send(0) }),
        SEND_TIMED(false, { async().send(0, 1, TimeUnit.MINUTES) }),
        SEND_ALL(false, { async().sendAll(listOf(0)) }),
        SEND_BY_VIEW(false, { async().asSendChannel().send(0) }),
    }

    private fun flooded() = JanusQueue.builder<Int>().unbounded().boundTo(loop).build().apply {
        for (element in 0 until FLOOD) sync().put(element)
    }

    /** Keeps the loop's queue of tasks busy with a task that counts itself and comes again. */
    private fun runOtherTasks() {
        executor.execute(
            object : Runnable {
                override fun run() {
                    otherTasks.incrementAndGet()
                    runCatching { executor.execute(this) } // fails after the test, when the loop is closed
                }
            },
        )
    }

    private fun work() {
        val start = System.nanoTime()
        while (System.nanoTime() - start < WORK_NANOS) Thread.onSpinWait()
    }

    /** Works for longer than a coroutine may keep its loop. */
    private fun keepLoop() = repeat(50) { work() }

    private fun assertLetsOtherTasksRun(block: suspend () -> Unit) {
        val turns = CoroutineScope(loop).running {
            runOtherTasks()
            block()
            otherTasks.get()
        }.await().value
        assertTrue(turns >= TURNS) { "other tasks ran $turns times" }
    }

    @ParameterizedTest
    @EnumSource
    fun call_thatNeverHasToWait_letsOtherTasksRun(call: Call) {
        val queue = flooded()

        assertLetsOtherTasksRun {
            repeat(CALLS) {
                work()
                call.once(queue)
            }
        }

        queue.shutdownNow()
        assertNothingPending(queue)
    }

    @Test
    fun subscription_inAFlood_letsOtherTasksRun() {
        val queue = flooded()
        val turns = CompletableFuture<Int>()
        runOtherTasks()

        queue.async().subscribe({
            work()
            if (it == CALLS) turns.complete(otherTasks.get())
        }, {}).use { assertTrue(turns.get() >= TURNS) { "other tasks ran ${turns.get()} times" } }
    }

    /** With a task for each element, the loop would spend more time on tasks than on elements. */
    @Test
    fun subscription_inAFlood_handlesManyElementsInATask() {
        val tasks = AtomicInteger()
        val counting = object : CoroutineDispatcher() {
            override fun dispatch(context: CoroutineContext, block: Runnable) {
                tasks.incrementAndGet()
                executor.execute(block)
            }
        }
        val queue = JanusQueue.builder<Int>().unbounded().boundTo(counting).build()
        repeat(FLOOD) { queue.sync().put(it) }
        val done = CountDownLatch(FLOOD)

        queue.async().subscribe({ done.countDown() }, {}).use { assertTrue(done.await(1, TimeUnit.MINUTES)) }

        assertTrue(tasks.get() < FLOOD / 10) { "$tasks tasks for $FLOOD elements" }
    }

    /** `Dispatchers.Main.immediate` is used to show at once what is there. */
    @Test
    fun receive_afterThePauseOfALoop_doesNotSuspend() {
        val queue = flooded()
        repeat(20) {
            Thread.sleep(10) // the loop is idle: a busy machine makes the pause only longer
            val received = executor.submit<Any?> {
                suspend { queue.async().receive() }
                    .startCoroutineUninterceptedOrReturn(Continuation(loop) { it.getOrThrow() })
            }
            assertTrue(received.get() !== COROUTINE_SUSPENDED) { "receive $it was suspended" }
        }
    }

    @Test
    fun receive_cancelledWhileOtherTasksRun_takesNothing() {
        val queue = flooded()
        val received = AtomicInteger()
        val scope = CoroutineScope(loop)
        val consumer = scope.running {
            while (true) {
                queue.async().receive()
                received.incrementAndGet()
                work()
            }
        }
        val cancelled = CountDownLatch(1)
        executor.execute {
            // runs where the consumer lets it
            consumer.job.cancel()
            cancelled.countDown()
        }

        assertTrue(cancelled.await(1, TimeUnit.MINUTES))
        consumer.await()
        assertEquals(FLOOD - received.get(), queue.size())
        assertEquals(received.get(), queue.sync().take())
    }

    /** The task that tells whether the loop had its chance may get lost. That costs one turn, and not one for each call. */
    @ParameterizedTest
    @ValueSource(booleans = [true, false])
    fun receive_onALoopThatLosesTheTask_yieldsOnce(throws: Boolean) {
        var loses = false
        val dispatches = AtomicInteger()
        val losing = object : CoroutineDispatcher() {
            override fun dispatch(context: CoroutineContext, block: Runnable) {
                dispatches.incrementAndGet()
                if (!loses) {
                    executor.execute(block)
                } else if (throws) {
                    throw AssertionError("lost")
                }
            }
        }
        val queue = JanusQueue.builder<Int>().unbounded().boundTo(losing).build()
        repeat(FLOOD) { queue.sync().put(it) }

        val yields = CoroutineScope(losing).running {
            keepLoop()
            loses = true
            queue.async().receive()
            loses = false
            keepLoop()
            queue.async().receive()
            val before = dispatches.get()
            repeat(100) { queue.async().receive() }
            dispatches.get() - before
        }.await().value

        assertTrue(yields <= 10) { "$yields dispatches in 100 calls" }
    }

    /** A loop that refuses tasks can run no others, so there is nobody to let in. */
    @Test
    fun receive_onALoopThatRefusesTasks_receivesAll() {
        var refuses = false
        val refusing = object : CoroutineDispatcher() {
            override fun dispatch(context: CoroutineContext, block: Runnable) {
                if (refuses) throw RejectedExecutionException("refused")
                executor.execute(block)
            }
        }
        val queue = JanusQueue.builder<Int>().unbounded().boundTo(refusing).build()
        repeat(CALLS) { queue.sync().put(it) }
        queue.shutdown()
        val ended = CoroutineScope(refusing).running {
            refuses = true
            repeat(CALLS) {
                work()
                assertEquals(it, queue.async().receive())
            }
            queue.async().receive()
        }.await()

        assertInstanceOf(QueueShutdownException::class.java, ended.failure())
    }

    @Test
    fun overflowingSend_letsOtherTasksRun() {
        val queue = JanusQueue.builder<Int>()
            .capacity(1)
            .overflow(BufferOverflow.DROP_OLDEST)
            .boundTo(loop)
            .build()

        assertLetsOtherTasksRun {
            repeat(CALLS) {
                work()
                queue.async().send(it)
            }
        }
    }

    private companion object {
        const val FLOOD = 2_000
        const val CALLS = 500

        /** With [CALLS] calls, a coroutine works for 50 ms. */
        const val WORK_NANOS = 100_000L

        /** Half of what is promised for 50 ms. */
        const val TURNS = 6
    }
}
