package dev.janus.waiting

import dev.janus.JanusQueue
import dev.janus.fixtures.Mix
import dev.janus.fixtures.Running
import dev.janus.fixtures.SteppedDispatcher
import dev.janus.fixtures.WaitingLine
import dev.janus.fixtures.assertConserved
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.beginOn
import dev.janus.fixtures.inThread
import kotlinx.coroutines.Dispatchers
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource
import java.util.concurrent.CancellationException
import java.util.concurrent.ConcurrentLinkedQueue

/** A grant that a woken coroutine gives up goes to the next in line, or its element is back at the head of the queue. */
internal class PassedOnGrantTest {
    private val steps = List(4) { SteppedDispatcher() }

    private fun beginReceivers(queue: JanusQueue<Int>): List<Running<Int>> = steps.mapIndexed { place, dispatcher ->
        beginOn(dispatcher) { queue.async().receive() }
            .also { assertEquals(place + 1, queue.stats().waitingTakeCoroutines()) }
    }

    private fun Running<*>.cancelNow(dispatcher: SteppedDispatcher) {
        job.cancel()
        dispatcher.runAll()
        assertThrew<CancellationException>()
    }

    @ParameterizedTest
    @ValueSource(ints = [0, 1, 3, 10])
    fun grantsGivenUp_nobodyElseWaits_theElementsAreBackInOrder(capacity: Int) {
        val queue = JanusQueue.fifo<Int>(capacity)
        val receivers = beginReceivers(queue)
        val elements = (0 until 4 + capacity).toList()
        elements.forEach { assertTrue(queue.sync().offer(it)) }
        assertEquals(capacity, queue.size())

        receivers.zip(steps).forEachIndexed { place, (receiver, dispatcher) ->
            receiver.cancelNow(dispatcher)
            assertEquals(capacity + place + 1, queue.size())
            assertConserved(queue)
        }

        assertEquals(elements, List(elements.size) { queue.sync().poll() })
        assertNothingPending(queue)
    }

    @ParameterizedTest
    @ValueSource(ints = [0, 1, 3, 10])
    fun grantGivenUp_twoOfThreeRun_nothingIsOutOfOrder(capacity: Int) {
        val queue = JanusQueue.fifo<Int>(capacity)
        val receivers = beginReceivers(queue).take(3)
        repeat(3) { assertTrue(queue.sync().offer(it)) }

        receivers[0].cancelNow(steps[0])
        steps[3].runAll()
        steps[1].runAll()
        steps[2].runAll()

        val received = receivers.drop(1).map { it.value }
        assertEquals(received.sorted(), received)
        steps[3].runAll()
        assertEquals(0, queue.size())
        assertConserved(queue)
    }

    @ParameterizedTest
    @ValueSource(ints = [0, 1, 3, 10])
    fun grantGivenUp_threadIsNext_hasItAtOnceAndStaysInterrupted(capacity: Int) = repeat(30) {
        val queue = JanusQueue.fifo<Int>(capacity)
        val receiver = beginOn(steps[0]) { queue.async().receive() }
        val thread = Running.startTake(queue) { queue.sync().take() }
        assertTrue(queue.sync().offer(7))

        receiver.cancelNow(steps[0])
        thread.interrupt()

        assertNull(queue.sync().poll())
        assertEquals(7, thread.result())
        assertNothingPending(queue)
    }

    @ParameterizedTest
    @ValueSource(ints = [0, 1, 3])
    fun grantGivenUp_putsWait_theyWaitUntilItFits(capacity: Int) {
        val queue = JanusQueue.fifo<Int>(capacity)
        val receiver = beginOn(steps[0]) { queue.async().receive() }
        repeat(capacity + 1) { assertTrue(queue.sync().offer(it)) }
        val line = WaitingLine(queue)
        line.puts(Mix.THREAD_FIRST, listOf(capacity + 1, capacity + 2))

        receiver.cancelNow(steps[0])

        assertEquals(capacity + 1, queue.size())
        assertEquals(2, line.putters())
        assertFalse(queue.sync().offer(99))
        assertEquals((0..capacity + 2).toList(), List(capacity + 3) { queue.sync().poll() })
        line.awaitAll()
        assertNothingPending(queue)
    }

    @Test
    fun grantGivenUp_shutDown_theQueueTerminatesWhenItIsTaken() {
        val queue = JanusQueue.fifo<Int>(1)
        val receiver = beginOn(steps[0]) { queue.async().receive() }
        assertTrue(queue.sync().offer(7))
        queue.shutdown()

        receiver.cancelNow(steps[0])

        assertFalse(queue.isTerminated)
        assertEquals(7, queue.sync().take())
        assertTrue(queue.isTerminated)
    }

    @ParameterizedTest
    @ValueSource(ints = [0, 1, 3, 10])
    fun consumer_cancelledAndStartedAgainAndAgain_missesNothingAndKeepsTheOrder(capacity: Int) {
        val queue = JanusQueue.fifo<Int>(capacity)
        val count = 1_000
        val producer = inThread { repeat(count) { queue.sync().put(it) } }
        val received = ConcurrentLinkedQueue<Int>()

        while (received.size < count) {
            val before = received.size
            val consumer = beginOn(Dispatchers.Default) { while (true) received += queue.async().receive() }
            awaitUntil("the consumer has something") { received.size > before }
            consumer.job.cancel()
            awaitUntil("the consumer's end") { consumer.job.isCompleted }
        }

        producer.await().value
        assertEquals((0 until count).toList(), received.toList())
        assertNothingPending(queue)
    }
}
