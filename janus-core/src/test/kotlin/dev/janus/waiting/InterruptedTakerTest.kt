package dev.janus.waiting

import dev.janus.JanusQueue
import dev.janus.fixtures.TakeCall
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.inThread
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.Arguments
import org.junit.jupiter.params.provider.MethodSource
import java.util.concurrent.CancellationException
import java.util.concurrent.TimeUnit.SECONDS

/**
 * A thread that waits for an element is interrupted, and an element is put in: the thread gave up and the queue never
 * counted on it, or it has the element and returns it.
 */
internal class InterruptedTakerTest {
    /** Puts that don't wait; whether the element was accepted. */
    enum class Try(val put: (JanusQueue<Int>, Int) -> Boolean) {
        OFFER({ queue, element -> queue.sync().offer(element) }),
        ADD({ queue, element -> runCatching { queue.sync().add(element) }.isSuccess }),
        OFFER_WITHOUT_TIME({ queue, element -> queue.sync().offer(element, 0, SECONDS) }),
        TRY_SEND({ queue, element -> queue.async().trySend(element) }),
    }

    /** A thread that takes again and again, and how its last take ended. */
    private class Taker(private val queue: JanusQueue<Int>, take: TakeCall) {
        @Volatile
        private var taken: Result<Int>? = null

        @Volatile
        private var wasInterrupted = false

        private val thread =
            inThread {
                while (!queue.isShutdown) {
                    val outcome = runCatching { take.take(queue) }
                    wasInterrupted = Thread.interrupted()
                    taken = outcome
                    awaitUntil("the next round") { taken == null || queue.isShutdown }
                }
            }.thread

        fun awaitWaiting() = awaitUntil("the taker waits") {
            queue.stats().waitingTakeThreads() == 1 && thread.state.name.endsWith("WAITING")
        }

        /** Interrupts it, and gives it more or less time to notice. */
        fun interrupt(round: Int) {
            thread.interrupt()
            val end = System.nanoTime() + round % 50 * 1_000L
            while (System.nanoTime() < end) Thread.onSpinWait()
        }

        fun next() {
            taken = null
        }

        /** The element that it has, with its interrupt status set; null if it gave up. */
        fun result(take: TakeCall): Int? {
            awaitUntil("the take is over") { taken != null }
            val failure = taken!!.exceptionOrNull() ?: return taken!!.getOrThrow()
                .also { assertTrue(wasInterrupted, "the interrupt is lost") }
            val until = take == TakeCall.UNTIL_SHUTDOWN
            val gaveUp = if (until) CancellationException::class else InterruptedException::class
            assertInstanceOf(gaveUp.java, failure)
            assertEquals(until, wasInterrupted)
            return null
        }
    }

    @ParameterizedTest
    @MethodSource("takesAndPuts")
    fun rendezvous_interruptedThenOffered_acceptedMeansReturned(take: TakeCall, put: Try) {
        val queue = JanusQueue.fifo<Int>(0)
        val taker = Taker(queue, take)
        repeat(REPETITIONS) { round ->
            taker.awaitWaiting()

            taker.interrupt(round)
            val accepted = put.put(queue, round)

            assertEquals(if (accepted) round else null, taker.result(take), "round $round")
            assertEquals(0, queue.size()) { "$queue" }
            taker.next()
        }
        queue.shutdown()
    }

    @ParameterizedTest
    @MethodSource("takesAndPuts")
    fun roomyQueue_interruptedThenAdded_isTakenOrFound(take: TakeCall, put: Try) {
        val queue = JanusQueue.fifo<Int>(3)
        val taker = Taker(queue, take)
        repeat(2 * REPETITIONS) { round ->
            taker.awaitWaiting()

            taker.interrupt(round)
            assertTrue(put.put(queue, round))
            val polled = queue.sync().poll()

            assertEquals(if (polled == null) round else null, taker.result(take), "round $round")
            assertTrue(queue.isEmpty) { "$queue" }
            taker.next()
        }
        queue.shutdown()
    }

    @ParameterizedTest
    @MethodSource("takesAndPuts")
    fun roomyQueue_interruptedThenAdded_sizeSaysWhetherItIsTaken(take: TakeCall, put: Try) {
        val queue = JanusQueue.fifo<Int>(3)
        val taker = Taker(queue, take)
        repeat(REPETITIONS) { round ->
            taker.awaitWaiting()

            taker.interrupt(round)
            assertTrue(put.put(queue, round))
            val size = queue.size()

            assertEquals(if (size == 0) round else null, taker.result(take), "round $round")
            assertEquals(size, queue.size())
            assertEquals(if (size == 1) round else null, queue.sync().poll())
            taker.next()
        }
        queue.shutdown()
        assertFalse(queue.sync().contains(0))
    }

    private companion object {
        const val REPETITIONS = 3_000

        @JvmStatic
        fun takesAndPuts() = TakeCall.blocking().map { Arguments.of(it, Try.OFFER) } +
            Try.entries.drop(1).map { Arguments.of(TakeCall.TAKE, it) }
    }
}
