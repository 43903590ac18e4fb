package dev.janus.proof

import dev.janus.JanusQueue
import dev.janus.proof.Way.CLAUSE_LOST
import dev.janus.proof.Way.COROUTINE_CANCELLED
import dev.janus.proof.Way.COROUTINE_TIMED_OUT
import dev.janus.proof.Way.FUTURE_CANCELLED
import dev.janus.proof.Way.THREAD_INTERRUPTED
import dev.janus.proof.Way.THREAD_TIMED_OUT
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.Arguments
import org.junit.jupiter.params.provider.Arguments.arguments
import org.junit.jupiter.params.provider.MethodSource

/** Waits that end without result leave nothing behind in the queue, alone in their line or behind another waiter. */
class CancelledWaitsTest {
    @ParameterizedTest
    @MethodSource("waits")
    fun endWaits_manyTimes_leavesNothing(way: Way, line: Line, times: Int) {
        val queue = line.queue()
        Heap.inNewThread { way.endWaits(line, queue, times / 200, ::Any) }
        assertNothingLeft(way, line, queue, times / 2)
        val first = line.begin(queue)
        assertNothingLeft(way, line, queue, times / 2)
        first.cancel(GivenUp)
    }

    private fun assertNothingLeft(way: Way, line: Line, queue: JanusQueue<Any>, times: Int) {
        Heap.assertNothingLeftBy("$times ended waits in $queue") {
            Heap.inNewThread { way.endWaits(line, queue, times, ::Any) }
        }
    }

    private companion object {
        const val MILLION = 1_000_000

        /** Each way, how many times, and in which lines. */
        @JvmStatic
        fun waits(): List<Arguments> = listOf(
            arguments(COROUTINE_CANCELLED, Line.TAKERS, 3 * MILLION / 10),
            arguments(FUTURE_CANCELLED, Line.TAKERS, MILLION),
            arguments(THREAD_INTERRUPTED, Line.TAKERS, 20_000),
        ) + listOf(
            rows(COROUTINE_CANCELLED, 20_000, Line.entries),
            rows(FUTURE_CANCELLED, 20_000, Line.entries),
            rows(THREAD_TIMED_OUT, 20_000, Line.entries),
            rows(COROUTINE_TIMED_OUT, 10_000, listOf(Line.TAKERS, Line.PUTTERS)),
            rows(CLAUSE_LOST, 20_000, listOf(Line.TAKERS, Line.PUTTERS)),
        ).flatten()

        fun rows(way: Way, times: Int, lines: List<Line>): List<Arguments> = lines.map { arguments(way, it, times) }
    }
}
