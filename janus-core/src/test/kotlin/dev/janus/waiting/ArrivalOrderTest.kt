package dev.janus.waiting

import dev.janus.JanusQueue
import dev.janus.fixtures.ManualDispatcher
import dev.janus.fixtures.Running
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.begin
import dev.janus.fixtures.inThread
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedClass
import org.junit.jupiter.params.provider.EnumSource
import java.util.concurrent.CancellationException
import java.util.concurrent.TimeUnit.HOURS

/** Threads and coroutines, plain and timed, stand in one line: the first to wait is served first. */
@ParameterizedClass
@EnumSource
class ArrivalOrderTest(private val pattern: Pattern) {
    /** The kind of caller at each place of the line. */
    enum class Pattern(val isThread: (place: Int) -> Boolean) {
        ALTERNATELY_THREAD_FIRST({ it % 2 == 0 }),
        ALTERNATELY_COROUTINE_FIRST({ it % 2 == 1 }),
        IN_PAIRS({ it % 4 < 2 }),
        THREADS_LAST({ it >= 4 }),
        COROUTINES_ONLY({ false }),
        THREADS_ONLY({ true }),
    }

    private val loop = ManualDispatcher()

    @Test
    fun takers_elementByElement_areServedInOrderOfArrival() {
        for (queue in listOf(JanusQueue.fifo<Int>(1), JanusQueue.fifo(0), JanusQueue.priority(64))) {
            val line = lineOfTakers(queue)

            for ((place, taker) in line.withIndex()) {
                line.drop(place).forEach { it.assertGoesOn() }
                check(queue.sync().offer(place))
                awaitUntil("place $place has its element", loop::runAll) { queue.stats().taken() == place + 1L }
                assertEquals(place, taker.awaitHere().value)
            }

            assertNothingPending(queue)
        }
    }

    @Test
    fun putters_roomByRoom_enterInOrderOfArrival() {
        for (queue in listOf(JanusQueue.fifo<Int>(1), JanusQueue.lifo(1), JanusQueue.priority(1, reverseOrder()))) {
            check(queue.sync().offer(-1))
            val line = lineOfPutters(queue)

            for ((place, putter) in line.withIndex()) {
                line.drop(place).forEach { it.assertGoesOn() }
                assertEquals(place - 1, queue.sync().poll())
                awaitUntil("place $place has entered", loop::runAll) { queue.stats().accepted() == place + 2L }
                putter.awaitHere()
            }

            assertEquals(line.size - 1, queue.sync().poll())
            assertNothingPending(queue)
        }
    }

    @Test
    fun rendezvous_putters_areMetInOrderOfArrival() {
        val queue = JanusQueue.fifo<Int>(0)
        val line = lineOfPutters(queue)

        for ((place, putter) in line.withIndex()) {
            val receiver = loop.begin { queue.async().receive() }
            assertEquals(place, receiver.awaitHere().value)
            putter.awaitHere()
            assertEquals(line.size - place - 1, putters(queue))
        }

        assertNothingPending(queue)
    }

    @Test
    fun takers_someGaveUp_theOthersKeepTheirPlaces() {
        val queue = JanusQueue.fifo<Int>(1)
        val line = lineOfTakers(queue)
        val (gaveUp, stayed) = line.withIndex().partition { it.index % 3 == 0 }

        gaveUp.forEach { it.value.giveUp(pattern.isThread(it.index)) }

        assertEquals(stayed.size, takers(queue))
        for ((place, taker) in stayed) {
            check(queue.sync().offer(place))
            assertEquals(place, taker.awaitHere().value)
        }
        assertNothingPending(queue)
    }

    @Test
    fun putters_someGaveUp_theOthersKeepTheirPlaces() {
        val queue = JanusQueue.fifo<Int>(1)
        check(queue.sync().offer(-1))
        val line = lineOfPutters(queue)
        val (gaveUp, stayed) = line.withIndex().partition { it.index % 3 == 0 }

        gaveUp.forEach { it.value.giveUp(pattern.isThread(it.index)) }

        assertEquals(stayed.size, putters(queue))
        for ((place, putter) in stayed) {
            checkNotNull(queue.sync().poll())
            putter.awaitHere()
            assertEquals(place, queue.sync().peek())
        }
        assertEquals(stayed.last().index, queue.sync().poll())
        assertNothingPending(queue)
    }

    private fun lineOfTakers(queue: JanusQueue<Int>): List<Running<Int?>> = List(PLACES) { place ->
        val timed = place % 3 == 2
        val taker =
            if (pattern.isThread(place)) {
                inThread { if (timed) queue.sync().poll(1, HOURS) else queue.sync().take() }
            } else {
                loop.begin { if (timed) queue.async().receive(1, HOURS) else queue.async().receive() }
            }
        awaitUntil("place $place waits") { takers(queue) == place + 1 }
        taker
    }

    private fun lineOfPutters(queue: JanusQueue<Int>): List<Running<Any?>> = List(PLACES) { place ->
        val timed = place % 3 == 2
        val putter =
            if (pattern.isThread(place)) {
                inThread<Any?> { if (timed) queue.sync().offer(place, 1, HOURS) else queue.sync().put(place) }
            } else {
                loop.begin<Any?> { if (timed) queue.async().send(place, 1, HOURS) else queue.async().send(place) }
            }
        awaitUntil("place $place waits") { putters(queue) == place + 1 }
        putter
    }

    private fun takers(queue: JanusQueue<*>) = with(queue.stats()) { waitingTakeThreads() + waitingTakeCoroutines() }

    private fun putters(queue: JanusQueue<*>) = with(queue.stats()) { waitingPutThreads() + waitingPutCoroutines() }

    /** Its end, also if it is a coroutine of the [loop]. */
    private fun <T> Running<T>.awaitHere(): Running<T> = apply { awaitUntil("the end", loop::runAll) { isOver } }

    private fun Running<*>.giveUp(isThread: Boolean) {
        if (isThread) {
            thread.interrupt()
            awaitHere().assertThrew<InterruptedException>()
        } else {
            job.cancel()
            awaitHere().assertThrew<CancellationException>()
        }
    }

    private companion object {
        const val PLACES = 8
    }
}
