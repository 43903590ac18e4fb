package dev.janus.queue

import dev.janus.JanusQueue
import dev.janus.QueueShutdownException
import dev.janus.QueueStats
import dev.janus.fixtures.Running
import dev.janus.fixtures.assertConserved
import dev.janus.fixtures.inThread
import dev.janus.fixtures.running
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource
import java.util.concurrent.TimeUnit.MICROSECONDS
import java.util.concurrent.TimeUnit.MILLISECONDS

/** At every moment, what was accepted is taken, removed, dropped, reserved, or counted in the size. */
internal class ElementsSomewhereTest {
    private lateinit var queue: JanusQueue<Int>
    private val scope = CoroutineScope(Dispatchers.Default)

    private fun untilShutdown(step: (round: Int) -> Unit): Running<Unit> = inThread {
        var round = 0
        while (!queue.isShutdown) step(round++)
    }

    private fun suspendingUntilShutdown(step: suspend (round: Int) -> Unit): Running<Unit> = scope.running {
        var round = 0
        while (!queue.isShutdown) step(round++)
    }

    /** Looks at many snapshots while others work, and stops them. */
    private fun assertInEverySnapshot(workers: List<Running<Unit>>, check: (QueueStats) -> Unit) {
        val end = System.nanoTime() + MILLISECONDS.toNanos(300)
        try {
            while (System.nanoTime() < end) check(queue.stats())
        } finally {
            queue.shutdownNow()
        }
        for (worker in workers) {
            val failure = worker.await().failure()
            assertTrue(failure == null || failure is QueueShutdownException) { "$failure" }
        }
        assertConserved(queue)
        assertEquals(0, queue.stats().reservedElements())
    }

    @ParameterizedTest
    @ValueSource(ints = [0, 1, 3, 10])
    fun everySnapshot_threadsAndCoroutinesAtWork_everyElementIsSomewhere(capacity: Int) {
        queue = JanusQueue.fifo(capacity)
        val workers =
            listOf(
                untilShutdown { queue.sync().offer(it, 50, MICROSECONDS) },
                untilShutdown { queue.sync().poll(50, MICROSECONDS) },
                suspendingUntilShutdown { queue.async().send(it, 1, MILLISECONDS) },
                suspendingUntilShutdown { queue.async().receive() },
                suspendingUntilShutdown { queue.async().receive(1, MILLISECONDS) },
            )

        assertInEverySnapshot(workers, ::assertConserved)
    }

    @ParameterizedTest
    @ValueSource(ints = [0, 1, 3, 10])
    fun everySnapshot_removalsBatchesAndLeases_everyElementIsSomewhere(capacity: Int) {
        queue = JanusQueue.fifo(capacity)
        val workers =
            listOf(
                suspendingUntilShutdown { queue.async().sendAll(listOf(it, it + 1, it + 2)) },
                untilShutdown { queue.sync().putAll(listOf(it, it + 1)) },
                suspendingUntilShutdown { round ->
                    runCatching { queue.async().receiveLease().run { if (round % 2 == 0) done() else close() } }
                },
                suspendingUntilShutdown { queue.async().receiveBatch(2) },
                untilShutdown { round ->
                    when (round % 4) {
                        0 -> queue.sync().remove(element = round)
                        1 -> queue.sync().drainTo(ArrayList(), 1)
                        2 -> queue.sync().removeIf { it % 5 == 0 }
                        else -> queue.sync().poll()
                    }
                },
            )

        assertInEverySnapshot(workers, ::assertConserved)
    }

    @ParameterizedTest
    @ValueSource(ints = [0, 1, 3, 10])
    fun everySnapshot_nobodyGivesUp_sizeIsWithinTheCapacity(capacity: Int) {
        queue = JanusQueue.fifo(capacity)
        val workers =
            List(2) { untilShutdown { queue.sync().put(it) } } +
                List(2) { suspendingUntilShutdown { queue.async().send(it) } } +
                List(2) { untilShutdown { queue.sync().take() } } +
                List(2) { suspendingUntilShutdown { queue.async().receive() } }

        assertInEverySnapshot(workers) { stats ->
            assertTrue(stats.size() <= capacity) { "$stats" }
            assertConserved(stats)
        }
    }
}
