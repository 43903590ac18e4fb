package dev.janus.kotlin

import dev.janus.fixtures.assertNothingPending
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.concurrent.FutureTask
import java.util.concurrent.TimeUnit.SECONDS
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.nanoseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

class SyncQueueTest {
    private val queue = janusQueue<Int>(1)
    private val sync = queue.sync()

    @AfterEach
    fun nothingIsPending() = assertNothingPending(queue)

    @Test
    fun timedCalls_zeroOrLess_doNotWait() {
        for (time in listOf(Duration.ZERO, -1.seconds, -Duration.INFINITE)) {
            assertNull(sync.poll(time))
            assertTrue(sync.offer(1, time))
            assertFalse(sync.offer(2, time))
            assertFalse(sync.join(time))
            assertFalse(sync.awaitTermination(time))
            assertEquals(1, sync.poll(time))
            sync.taskDone()
            assertTrue(sync.join(time))
        }
    }

    @Test
    fun timedCalls_timePasses_notBefore() {
        assertNotBefore(20.milliseconds) { assertNull(sync.poll(20.milliseconds)) }
        check(sync.offer(1))
        assertNotBefore(20.milliseconds) { assertFalse(sync.offer(2, 20.milliseconds)) }
        assertNotBefore(20.milliseconds) { assertFalse(sync.join(20.milliseconds)) }
        assertNotBefore(20.milliseconds) { assertFalse(sync.awaitTermination(20.milliseconds)) }
        assertEquals(1, sync.poll(1.nanoseconds))
    }

    @Test
    fun poll_infiniteTime_waitsForTheElement() {
        val taker = waiting({ queue.stats().waitingTakeThreads() }) { sync.poll(Duration.INFINITE) }

        sync.put(7)

        assertEquals(7, taker.get(20, SECONDS))
    }

    @Test
    fun offer_infiniteTime_waitsForRoom() {
        sync.put(1)
        val putter = waiting({ queue.stats().waitingPutThreads() }) { sync.offer(2, Duration.INFINITE) }

        assertEquals(1, sync.poll())

        assertTrue(putter.get(20, SECONDS))
        assertEquals(2, sync.poll())
    }

    @Test
    fun joinAndAwaitTermination_infiniteTime_waitForTheEnd() {
        sync.put(1)
        val join = waiting({ queue.stats().waitingJoins() }) { sync.join(Duration.INFINITE) }
        val termination = waiting({ queue.stats().waitingJoins() }) { sync.awaitTermination(Duration.INFINITE) }

        queue.shutdown()
        sync.take()
        sync.taskDone()

        assertTrue(join.get(20, SECONDS))
        assertTrue(termination.get(20, SECONDS))
    }

    @Test
    fun timedCalls_interrupted_throw() {
        val calls =
            listOf<() -> Any?>(
                { sync.poll(1.seconds) },
                { sync.offer(1, 1.seconds) },
                { sync.join(1.seconds) },
                { sync.awaitTermination(1.seconds) },
            )
        for (call in calls) {
            Thread.currentThread().interrupt()
            assertThrows(InterruptedException::class.java) { call() }
        }
    }

    private fun assertNotBefore(time: Duration, block: () -> Unit) {
        val start = TimeSource.Monotonic.markNow()
        block()
        assertTrue(start.elapsedNow() >= time) { "over after ${start.elapsedNow()}" }
    }

    /** Begins a thread and waits until it waits. */
    private fun <T> waiting(waiters: () -> Int, block: () -> T): FutureTask<T> {
        val before = waiters()
        val task = FutureTask(block)
        Thread(task).apply { isDaemon = true }.start()
        while (waiters() == before) {
            check(!task.isDone) { "it did not wait" }
            Thread.yield()
        }
        return task
    }
}
