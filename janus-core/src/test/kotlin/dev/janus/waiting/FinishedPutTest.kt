package dev.janus.waiting

import dev.janus.AsyncQueue
import dev.janus.JanusQueue
import dev.janus.SyncQueue
import dev.janus.fixtures.Running
import dev.janus.fixtures.SteppedDispatcher
import dev.janus.fixtures.assertConserved
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.beginOn
import dev.janus.fixtures.fillers
import dev.janus.fixtures.fullQueue
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import java.util.concurrent.CancellationException
import java.util.concurrent.TimeUnit.HOURS

/** A put that was finished while its caller waited returns normally, whatever comes before the caller runs again. */
internal class FinishedPutTest {
    /** Puts of a thread that wait. Each returns normally once 7 is in. */
    enum class ThreadPut(val call: (SyncQueue<Int>) -> Unit) {
        PUT({ it.put(7) }),
        TIMED_OFFER({ assertTrue(it.offer(7, 1, HOURS)) }),
        PUT_ALL({ it.putAll(listOf(7)) }),
    }

    /** Puts of a coroutine that wait. Each returns normally once 7 is in. */
    enum class CoroutinePut(val call: suspend (AsyncQueue<Int>) -> Unit) {
        SEND({ it.send(7) }),
        TIMED_SEND({ assertTrue(it.send(7, 1, HOURS)) }),
        SEND_ALL({ it.sendAll(listOf(7)) }),
    }

    private val queue = fullQueue(2)
    private val steps = SteppedDispatcher()

    private fun begin(put: ThreadPut): Running<Void?> = Running.startPut(queue) { put.call(queue.sync()) }

    private fun begin(put: CoroutinePut): Running<Unit> {
        val running = beginOn(steps) { put.call(queue.async()) }
        assertEquals(1, queue.stats().waitingPutCoroutines())
        return running
    }

    /** Only -1 and 7 are in the queue, and it is as full as before. */
    private fun assertIsIn() {
        assertEquals(listOf(-1, 7), queue.sync().toList())
        assertConserved(queue)
    }

    private fun refill() {
        queue.sync().clear()
        queue.sync().addAll(fillers(2))
    }

    @ParameterizedTest
    @EnumSource
    fun threadsPut_interruptedAfterRoomWasMade_returnsNormally(put: ThreadPut) = repeat(60) {
        val call = begin(put)

        queue.sync().poll()
        call.interrupt()

        call.result()
        assertIsIn()
        refill()
    }

    @ParameterizedTest
    @EnumSource
    fun threadsPut_interruptedBeforeRoomWasMade_eitherThrowsOrIsInAndStaysInterrupted(put: ThreadPut) = repeat(200) {
        val call = begin(put)

        call.interrupt()
        queue.sync().poll()
        val isIn = queue.sync().contains(7)

        if (isIn) {
            call.result()
            assertTrue(call.interruptedAtEnd(), "the interrupt is lost")
        } else {
            call.failure(InterruptedException::class.java)
        }
        assertEquals(if (isIn) listOf(-1, 7) else listOf(-1), queue.sync().toList())
        refill()
    }

    @ParameterizedTest
    @EnumSource
    fun threadsPut_shutDownAfterRoomWasMade_returnsNormally(put: ThreadPut) = repeat(30) {
        val queue = fullQueue(2)
        val call = Running.startPut(queue) { put.call(queue.sync()) }

        queue.sync().poll()
        queue.shutdown()

        call.result()
        assertEquals(listOf(-1, 7), queue.sync().toList())
    }

    @ParameterizedTest
    @EnumSource
    fun threadsPut_shutDownNowAfterRoomWasMade_returnsNormallyAndItsElementIsHandedBack(put: ThreadPut) = repeat(30) {
        val queue = fullQueue(2)
        val call = Running.startPut(queue) { put.call(queue.sync()) }

        queue.sync().poll()

        assertEquals(listOf(-1, 7), queue.shutdownNow())
        call.result()
    }

    @ParameterizedTest
    @EnumSource
    fun coroutinesPut_cancelledAfterRoomWasMade_returnsNormally(put: CoroutinePut) {
        val call = begin(put)

        queue.sync().poll()
        call.job.cancel()
        assertIsIn()
        steps.runAll()

        call.value
        assertIsIn()
    }

    @ParameterizedTest
    @EnumSource
    fun coroutinesPut_cancelledAndOthersWait_theyGoInBehind(put: CoroutinePut) {
        val first = begin(put)
        val second = Running.startPut(queue) { queue.sync().put(8) }
        queue.sync().poll()

        first.job.cancel()
        steps.runAll()

        assertIsIn()
        assertEquals(1, queue.stats().waitingPutThreads())
        queue.sync().poll()
        second.result()
        assertEquals(listOf(7, 8), queue.sync().toList())
    }

    @ParameterizedTest
    @EnumSource
    fun coroutinesPut_cancelledBeforeRoomWasMade_isNotIn(put: CoroutinePut) {
        val call = begin(put)

        call.job.cancel()
        queue.sync().poll()
        steps.runAll()

        call.assertThrew<CancellationException>()
        assertEquals(listOf(-1), queue.sync().toList())
        assertNothingPending(queue)
    }

    @ParameterizedTest
    @EnumSource
    fun coroutinesPut_timeIsUpAfterRoomWasMade_returnsNormally(put: CoroutinePut) {
        val call = begin(put)

        queue.sync().poll()
        steps.passTime()
        steps.runAll()

        call.value
        assertIsIn()
    }

    @ParameterizedTest
    @EnumSource
    fun coroutinesPut_shutDownAfterRoomWasMade_returnsNormally(put: CoroutinePut) {
        val call = begin(put)

        queue.sync().poll()
        queue.shutdown()
        steps.runAll()

        call.value
        assertIsIn()
    }

    @ParameterizedTest
    @EnumSource
    fun coroutinesPut_shutDownNowAfterRoomWasMade_returnsNormallyAndItsElementIsHandedBack(put: CoroutinePut) {
        val call = begin(put)
        queue.sync().poll()

        assertEquals(listOf(-1, 7), queue.shutdownNow())

        steps.runAll()
        call.value
        assertTrue(queue.isTerminated)
    }

    @ParameterizedTest
    @EnumSource
    fun coroutinesPut_queueShrunkAfterRoomWasMade_returnsNormally(put: CoroutinePut) {
        val call = begin(put)

        queue.sync().poll()
        queue.capacity(1)
        steps.runAll()

        call.value
        assertIsIn()
        assertFalse(queue.sync().offer(9))
    }

    @ParameterizedTest
    @EnumSource
    fun coroutinesPut_takenBeforeItRuns_returnsNormally(put: CoroutinePut) {
        val call = begin(put)

        assertEquals(listOf(-2, -1, 7), List(3) { queue.sync().poll() })
        call.job.cancel()
        steps.runAll()

        call.value
        assertNothingPending(queue)
    }

    @ParameterizedTest
    @EnumSource
    fun coroutinesPut_rendezvousTakenBeforeItRuns_returnsNormally(put: CoroutinePut) {
        val queue = JanusQueue.fifo<Int>(0)
        val call = beginOn(steps) { put.call(queue.async()) }

        assertEquals(7, queue.sync().poll())
        call.job.cancel()
        steps.runAll()

        call.value
        assertNothingPending(queue)
    }
}
