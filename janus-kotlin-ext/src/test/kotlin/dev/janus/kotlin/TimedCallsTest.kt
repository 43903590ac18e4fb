package dev.janus.kotlin

import dev.janus.BlockingChannel
import dev.janus.QueueSelect
import dev.janus.fixtures.Running
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.inThread
import dev.janus.fixtures.takeAll
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import kotlin.time.Duration
import kotlin.time.Duration.Companion.days
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.nanoseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** The calls of `BlockingChannel` and `QueueSelect` that take a `Duration`. */
class TimedCallsTest {
    private val channel = Channel<Int>(1)
    private val blocking = BlockingChannel.of(channel)
    private val numbers = janusQueue<Int>(1)
    private val words = janusQueue<String>(1)
    private val either = QueueSelect.first(numbers) { "number $it" }.or(words) { "word $it" }

    private val none = listOf(Duration.ZERO, -(1.nanoseconds), -(1.seconds), -(400_000.days), -Duration.INFINITE)
    private val long = listOf(Duration.INFINITE, 400_000.days, 1.days)

    @Test
    fun channel_noTime_doesNotWaitButDoesWhatIsPossible() {
        for (time in none) {
            assertNull(blocking.poll(time))
            assertTrue(blocking.offer(1, time))
            assertFalse(blocking.offer(2, time))
            assertEquals(1, blocking.poll(time))
        }
    }

    @Test
    fun channel_timePasses_notBefore() {
        assertNotBefore(20.milliseconds) { assertNull(blocking.poll(20.milliseconds)) }
        blocking.put(1)
        assertNotBefore(20.milliseconds) { assertFalse(blocking.offer(2, 20.milliseconds)) }
        assertEquals(1, blocking.poll(1.nanoseconds))
        assertNull(blocking.poll(1.nanoseconds))
    }

    @Test
    fun channel_longTime_waits() {
        for (time in long) {
            val taker = waiting { blocking.poll(time) }
            assertTrue(channel.trySend(1).isSuccess)
            assertEquals(1, taker.await().value)

            blocking.put(2)
            val putter = waiting { blocking.offer(3, time) }
            assertEquals(2, channel.tryReceive().getOrNull())
            assertTrue(putter.await().value)
            assertEquals(3, channel.tryReceive().getOrNull())
        }
    }

    @Test
    fun channel_closed_pollIsNullAndOfferIsFalse() {
        val taker = waiting { blocking.poll(Duration.INFINITE) }
        channel.close()

        assertNull(taker.await().value)
        assertNull(blocking.poll(Duration.INFINITE))
        assertFalse(blocking.offer(1, Duration.INFINITE))
    }

    @Test
    fun channel_interrupted_throws() {
        assertInterrupted { blocking.poll(1.seconds) }
        assertInterrupted { blocking.offer(1, 1.seconds) }
        assertNull(channel.tryReceive().getOrNull())
    }

    @Test
    fun reserve_noTimeOrSome_givesAPermitIfThereIsRoom() = runTest {
        for (time in none + 5.milliseconds) {
            numbers.sync().reserve(time)!!.use { it.put(1) }
            assertNull(numbers.sync().reserve(time))
            assertNull(numbers.async().reserve(time))
            assertEquals(listOf(1), numbers.takeAll())
            numbers.async().reserve(time)!!.close()
        }
        assertNothingPending(numbers)
    }

    @Test
    fun awaitNotEmpty_noTimeOrSome_tellsIfThereIsAnElement() {
        for (time in none + 5.milliseconds) {
            assertFalse(numbers.sync().awaitNotEmpty(time))
            numbers.sync().put(1)
            assertTrue(numbers.sync().awaitNotEmpty(time))
            assertEquals(listOf(1), numbers.takeAll())
        }
        assertNotBefore(20.milliseconds) { assertFalse(numbers.sync().awaitNotEmpty(20.milliseconds)) }
        assertNotBefore(20.milliseconds) {
            numbers.sync().reserve(Duration.INFINITE)!!.use { assertNull(numbers.sync().reserve(20.milliseconds)) }
        }
        assertNothingPending(numbers)
    }

    @Test
    fun select_noTime_doesNotWaitButTakesWhatIsThere() {
        for (time in none) {
            assertNull(either.select(time))
            words.sync().put("w")
            numbers.sync().put(1)
            assertEquals("number 1", either.select(time))
            assertEquals("word w", either.select(time))
        }
        assertNothingPending(numbers)
        assertNothingPending(words)
    }

    @Test
    fun select_timePasses_notBefore() {
        assertNotBefore(20.milliseconds) { assertNull(either.select(20.milliseconds)) }
        assertNull(either.select(1.nanoseconds))
        assertNothingPending(numbers)
        assertNothingPending(words)
    }

    @Test
    fun select_longTime_waits() {
        for (time in long) {
            val taker = waiting { either.select(time) }

            words.sync().put("w")

            assertEquals("word w", taker.await().value)
            assertNothingPending(numbers)
            assertNothingPending(words)
        }
    }

    @Test
    fun select_allShutDown_isNull() {
        val taker = waiting { either.select(Duration.INFINITE) }
        numbers.shutdown()
        taker.assertGoesOn()
        words.shutdown()

        assertNull(taker.await().value)
        assertNull(either.select(Duration.INFINITE))
    }

    @Test
    fun select_interrupted_throws() {
        numbers.sync().put(1)

        assertInterrupted { either.select(1.seconds) }

        assertEquals(listOf(1), numbers.takeAll())
    }

    @Test
    fun takeBatch_waitsForMoreUpToTheTime() {
        numbers.sync().put(1)
        assertNotBefore(10.milliseconds) { assertEquals(listOf(1), numbers.sync().takeBatch(2, 10.milliseconds)) }
        numbers.sync().put(2)
        assertEquals(listOf(2), numbers.sync().takeBatch(2, 0.milliseconds))
    }

    @Test
    fun pollBatch_waitsForTheFirstUpToTheTime() {
        assertNotBefore(10.milliseconds) {
            assertEquals(emptyList<Int>(), numbers.sync().pollBatch(2, 10.milliseconds))
        }
        numbers.sync().put(1)
        assertEquals(listOf(1), numbers.sync().pollBatch(2, 1.seconds))
    }

    @Test
    @OptIn(ExperimentalCoroutinesApi::class)
    fun receiveBatch_waitsForMoreUpToTheTime() = runTest {
        numbers.sync().put(1)
        assertEquals(listOf(1), numbers.async().receiveBatch(2, 10.milliseconds))
        assertEquals(10, currentTime)
    }

    private fun assertInterrupted(call: () -> Unit) {
        Thread.currentThread().interrupt()
        assertThrows(InterruptedException::class.java, call)
    }

    private fun assertNotBefore(time: Duration, block: () -> Unit) {
        val start = TimeSource.Monotonic.markNow()
        block()
        assertTrue(start.elapsedNow() >= time) { "over after ${start.elapsedNow()}" }
    }

    /** Begins a thread and waits until it waits. */
    private fun <T> waiting(block: () -> T): Running<T> {
        val thread = inThread(block)
        awaitUntil("the thread waits") { thread.isOver || thread.thread.state.name.endsWith("WAITING") }
        thread.assertGoesOn()
        return thread
    }
}
