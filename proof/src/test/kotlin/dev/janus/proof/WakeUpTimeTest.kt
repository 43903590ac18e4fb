package dev.janus.proof

import dev.janus.JanusQueue
import kotlinx.coroutines.Job
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import java.lang.management.ManagementFactory
import java.lang.management.ThreadMXBean
import kotlin.random.Random

/** To wake or to cancel eight times as many waiters takes about eight times as long, and far less than the square. */
class WakeUpTimeTest {
    /** How so many suspended receivers are ended. */
    enum class End(val end: (JanusQueue<Any>, List<Job>) -> Unit) {
        SERVED({ queue, waiters -> repeat(waiters.size) { queue.sync().put(it) } }),
        SHUT_DOWN({ queue, _ -> queue.shutdown() }),
        CANCELLED_FROM_THE_FRONT({ _, waiters -> waiters.forEach { it.cancel(GivenUp) } }),
        CANCELLED_FROM_THE_BACK({ _, waiters -> waiters.asReversed().forEach { it.cancel(GivenUp) } }),
        CANCELLED_AT_RANDOM({ _, waiters -> waiters.shuffled(Random(1)).forEach { it.cancel(GivenUp) } }),
    }

    @ParameterizedTest
    @EnumSource
    fun end_ofEightTimesAsMany_takesAboutEightTimesAsLong(end: End) {
        Heap.inNewThread {
            nanos(end, COUNTS.first())
            val attempts = ArrayList<List<Long>>()
            do {
                attempts += COUNTS.map { nanos(end, it) }
            } while (ratio(attempts) >= BOUND &&
                attempts.size < MOST_ATTEMPTS
            )
            assertTrue(ratio(attempts) < BOUND) {
                "to end $COUNTS waiters took $attempts ns: best ratio ${ratio(attempts)}"
            }
        }
    }

    /** Of the attempt that was disturbed least. */
    private fun ratio(attempts: List<List<Long>>): Double = attempts.minOf { it.last().toDouble() / it.first() }

    /** How long the processor was busy with it: all is done in this thread, which may have to wait for a processor. */
    private fun nanos(end: End, count: Int): Long {
        val queue = Line.TAKERS.queue()
        val waiters = List(count) { Line.TAKERS.begin(queue) }
        System.gc() // now, and not while it is measured
        val start = threads.currentThreadCpuTime
        end.end(queue, waiters)
        val nanos = threads.currentThreadCpuTime - start
        assertEquals(count, waiters.count { it.isCompleted })
        return nanos
    }

    private companion object {
        val threads: ThreadMXBean = ManagementFactory.getThreadMXBean()
        val COUNTS = listOf(5_000, 40_000)
        const val BOUND = 24.0
        const val MOST_ATTEMPTS = 3
    }
}
