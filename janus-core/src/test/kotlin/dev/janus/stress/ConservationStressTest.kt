package dev.janus.stress

import dev.janus.JanusQueue
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.MethodSource
import java.util.concurrent.TimeUnit

/**
 * Nothing is lost and nothing doubled under four producers and four consumers of both kinds, whose waits time out, are
 * interrupted and cancelled all the time.
 *
 * The system property `janus.stress.elements` says how many elements go through, all cases together (600,000); with
 * many more, `junit.jupiter.execution.timeout.mode=disabled` lifts the timeout, `janus.stress.calm` makes the
 * disturbances so many times rarer, and `janus.stress.capacities` chooses among the capacities (0,1,2,5).
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ConservationStressTest {
    @ParameterizedTest(name = "{0}")
    @MethodSource("queues")
    fun everyElement_disturbedWaits_receivedExactlyOnce(name: String, queue: JanusQueue<Int>) {
        val seed = System.nanoTime()
        val count = (ELEMENTS / queues().size / StressRig.PRODUCERS * StressRig.PRODUCERS).toInt()
        val rig = StressRig(queue, count, seed)
        val start = System.nanoTime()
        rig.run()
        val seconds = (System.nanoTime() - start) / 1e9
        println("$name: $count elements, ${rig.disturbed} interrupts and cancellations, %.1f s".format(seconds))
        assertEquals(0, rig.ledger.lost(), "lost, seed $seed, $queue")
        assertEquals(0, rig.ledger.doubled.get(), "doubled, seed $seed, $queue")
        assertTrue(rig.disturbed.get() > 0, "nothing was disturbed")
        val stats = queue.stats()
        assertEquals(count.toLong(), stats.accepted())
        assertEquals(count.toLong(), stats.taken())
        val waiting =
            stats.waitingTakeThreads() + stats.waitingTakeCoroutines() + stats.waitingPutThreads() +
                stats.waitingPutCoroutines() + stats.reservedElements() + stats.reservedSlots()
        assertEquals(0, waiting, "left over: $stats")
    }

    companion object {
        private val ELEMENTS = java.lang.Long.getLong("janus.stress.elements", 600_000)
        private val CAPACITIES = System.getProperty("janus.stress.capacities", "0,1,2,5").split(",").map { it.toInt() }

        @JvmStatic
        fun queues(): List<Array<Any>> = CAPACITIES.flatMap { capacity ->
            listOf(
                arrayOf("fifo $capacity", JanusQueue.fifo<Int>(capacity)),
                if (capacity % 2 == 0) {
                    arrayOf("lifo $capacity", JanusQueue.lifo<Int>(capacity))
                } else {
                    arrayOf("priority $capacity", JanusQueue.priority<Int>(capacity))
                },
            )
        }
    }
}
