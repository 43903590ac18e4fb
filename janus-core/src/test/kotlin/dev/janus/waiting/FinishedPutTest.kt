package dev.janus.waiting

import dev.janus.JanusQueue
import dev.janus.fixtures.PutCall
import dev.janus.fixtures.Running
import dev.janus.fixtures.SENT
import dev.janus.fixtures.SteppedDispatcher
import dev.janus.fixtures.SuspendingCall
import dev.janus.fixtures.assertConserved
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.beginOn
import dev.janus.fixtures.fillers
import dev.janus.fixtures.fullQueue
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.MethodSource
import java.util.concurrent.CancellationException

/** A put that was finished while its caller waited returns normally, whatever comes before the caller runs again. */
internal class FinishedPutTest {
    private val queue = fullQueue(2)
    private val steps = SteppedDispatcher()

    private fun begin(put: PutCall): Running<Void?> = Running.startPut(queue) { put.put(queue, SENT) }

    private fun begin(put: SuspendingCall): Running<Any?> {
        val running = beginOn(steps) { put.call(queue.async()) }
        assertEquals(1, queue.stats().waitingPutCoroutines())
        return running
    }

    /** Only -1 and the new element are in the queue, and it is as full as before. */
    private fun assertIsIn() {
        assertEquals(listOf(-1, SENT), queue.sync().toList())
        assertConserved(queue)
    }

    private fun refill() {
        queue.sync().clear()
        queue.sync().addAll(fillers(2))
    }

    @ParameterizedTest
    @MethodSource("dev.janus.fixtures.PutCall#waiting")
    fun threadsPut_interruptedAfterRoomWasMade_returnsNormally(put: PutCall) = repeat(60) {
        val call = begin(put)

        queue.sync().poll()
        call.interrupt()

        call.result()
        assertIsIn()
        refill()
    }

    @ParameterizedTest
    @MethodSource("dev.janus.fixtures.PutCall#waiting")
    fun threadsPut_interruptedBeforeRoomWasMade_eitherThrowsOrIsInAndStaysInterrupted(put: PutCall) = repeat(200) {
        val call = begin(put)

        call.interrupt()
        queue.sync().poll()
        val isIn = queue.sync().contains(SENT)

        if (isIn) {
            call.result()
            assertTrue(call.interruptedAtEnd(), "the interrupt is lost")
        } else {
            call.failure(InterruptedException::class.java)
        }
        assertEquals(if (isIn) listOf(-1, SENT) else listOf(-1), queue.sync().toList())
        refill()
    }

    @ParameterizedTest
    @MethodSource("dev.janus.fixtures.PutCall#waiting")
    fun threadsPut_shutDownAfterRoomWasMade_returnsNormally(put: PutCall) = repeat(30) {
        val queue = fullQueue(2)
        val call = Running.startPut(queue) { put.put(queue, SENT) }

        queue.sync().poll()
        queue.shutdown()

        call.result()
        assertEquals(listOf(-1, SENT), queue.sync().toList())
    }

    @ParameterizedTest
    @MethodSource("dev.janus.fixtures.PutCall#waiting")
    fun threadsPut_shutDownNowAfterRoomWasMade_returnsNormallyAndItsElementIsHandedBack(put: PutCall) = repeat(30) {
        val queue = fullQueue(2)
        val call = Running.startPut(queue) { put.put(queue, SENT) }

        queue.sync().poll()

        assertEquals(listOf(-1, SENT), queue.shutdownNow())
        call.result()
    }

    @ParameterizedTest
    @MethodSource("dev.janus.fixtures.SuspendingCall#sends")
    fun coroutinesPut_cancelledAfterRoomWasMade_returnsNormally(put: SuspendingCall) {
        val call = begin(put)

        queue.sync().poll()
        call.job.cancel()
        assertIsIn()
        steps.runAll()

        call.value
        assertIsIn()
    }

    @ParameterizedTest
    @MethodSource("dev.janus.fixtures.SuspendingCall#sends")
    fun coroutinesPut_cancelledAndOthersWait_theyGoInBehind(put: SuspendingCall) {
        val first = begin(put)
        val second = Running.startPut(queue) { queue.sync().put(8) }
        queue.sync().poll()

        first.job.cancel()
        steps.runAll()

        assertIsIn()
        assertEquals(1, queue.stats().waitingPutThreads())
        queue.sync().poll()
        second.result()
        assertEquals(listOf(SENT, 8), queue.sync().toList())
    }

    @ParameterizedTest
    @MethodSource("dev.janus.fixtures.SuspendingCall#sends")
    fun coroutinesPut_cancelledBeforeRoomWasMade_isNotIn(put: SuspendingCall) {
        val call = begin(put)

        call.job.cancel()
        queue.sync().poll()
        steps.runAll()

        call.assertThrew<CancellationException>()
        assertEquals(listOf(-1), queue.sync().toList())
        assertNothingPending(queue)
    }

    @ParameterizedTest
    @MethodSource("dev.janus.fixtures.SuspendingCall#sends")
    fun coroutinesPut_timeIsUpAfterRoomWasMade_returnsNormally(put: SuspendingCall) {
        val call = begin(put)

        queue.sync().poll()
        steps.passTime()
        steps.runAll()

        call.value
        assertIsIn()
    }

    @ParameterizedTest
    @MethodSource("dev.janus.fixtures.SuspendingCall#sends")
    fun coroutinesPut_shutDownAfterRoomWasMade_returnsNormally(put: SuspendingCall) {
        val call = begin(put)

        queue.sync().poll()
        queue.shutdown()
        steps.runAll()

        call.value
        assertIsIn()
    }

    @ParameterizedTest
    @MethodSource("dev.janus.fixtures.SuspendingCall#sends")
    fun coroutinesPut_shutDownNowAfterRoomWasMade_returnsNormallyAndItsElementIsHandedBack(put: SuspendingCall) {
        val call = begin(put)
        queue.sync().poll()

        assertEquals(listOf(-1, SENT), queue.shutdownNow())

        steps.runAll()
        call.value
        assertTrue(queue.isTerminated)
    }

    @ParameterizedTest
    @MethodSource("dev.janus.fixtures.SuspendingCall#sends")
    fun coroutinesPut_queueShrunkAfterRoomWasMade_returnsNormally(put: SuspendingCall) {
        val call = begin(put)

        queue.sync().poll()
        queue.capacity(1)
        steps.runAll()

        call.value
        assertIsIn()
        assertFalse(queue.sync().offer(9))
    }

    @ParameterizedTest
    @MethodSource("dev.janus.fixtures.SuspendingCall#sends")
    fun coroutinesPut_takenBeforeItRuns_returnsNormally(put: SuspendingCall) {
        val call = begin(put)

        assertEquals(listOf(-2, -1, SENT), List(3) { queue.sync().poll() })
        call.job.cancel()
        steps.runAll()

        call.value
        assertNothingPending(queue)
    }

    @ParameterizedTest
    @MethodSource("dev.janus.fixtures.SuspendingCall#sends")
    fun coroutinesPut_rendezvousTakenBeforeItRuns_returnsNormally(put: SuspendingCall) {
        val queue = JanusQueue.fifo<Int>(0)
        val call = beginOn(steps) { put.call(queue.async()) }

        assertEquals(SENT, queue.sync().poll())
        call.job.cancel()
        steps.runAll()

        call.value
        assertNothingPending(queue)
    }
}
