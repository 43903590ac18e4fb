package dev.janus.stress

import dev.janus.JanusQueue
import dev.janus.QueueSelect
import dev.janus.QueueShutdownException
import dev.janus.fixtures.Ledger
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.inThread
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import java.util.SplittableRandom
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicLong
import java.util.concurrent.locks.LockSupport

/**
 * Three threads select from two queues, with and without a timeout, and are interrupted all the time: nothing is lost or
 * doubled. The system property `janus.stress.selects` says how many elements go through.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class QueueSelectStressTest {
    private val ledger = Ledger(COUNT)
    private val interrupted = AtomicLong()
    private val seed = System.nanoTime()
    private val queues = listOf(JanusQueue.fifo<Int>(2), JanusQueue.fifo(0))
    private val select = QueueSelect.first(queues[0]) { it }.or(queues[1]) { it }

    @Volatile
    private var over = false

    @Test
    fun everyElement_interruptedSelects_receivedExactlyOnce() {
        val selecting = List(3) { i -> inThread { selectAll(SplittableRandom(seed + i)) } }
        val interrupting = inThread { interruptAll(selecting.map { it.thread }, SplittableRandom(seed)) }
        val putting = queues.mapIndexed { i, queue -> inThread { for (n in i until COUNT step 2) queue.sync().put(n) } }
        putting.forEach { it.thread.join() }
        queues.forEach { it.shutdown() }
        selecting.forEach { it.thread.join() }
        over = true
        (selecting + putting + interrupting).forEach { it.await().value }

        assertEquals(0, ledger.lost(), "lost, seed $seed, $queues")
        assertEquals(0, ledger.doubled.get(), "doubled, seed $seed, $queues")
        assertTrue(interrupted.get() > 0, "nobody was interrupted")
        queues.forEach {
            assertTrue(it.isTerminated)
            assertNothingPending(it)
        }
    }

    private fun selectAll(random: SplittableRandom) {
        while (queues.any { !it.isTerminated }) {
            try {
                selectOne(random)?.let(ledger::record)
            } catch (_: InterruptedException) {
                interrupted.incrementAndGet()
            } catch (_: QueueShutdownException) {
                check(queues.all { it.isTerminated })
            }
        }
    }

    private fun selectOne(random: SplittableRandom): Int? = when (random.nextInt(4)) {
        0 -> select.select(random.nextLong(50_000), TimeUnit.NANOSECONDS)
        1 -> select.trySelect()
        else -> select.select()
    }

    private fun interruptAll(threads: List<Thread>, random: SplittableRandom) {
        while (!over) {
            LockSupport.parkNanos(random.nextLong(100_000)) // a pace, waits for nothing
            threads[random.nextInt(threads.size)].interrupt()
        }
    }

    private companion object {
        val COUNT: Int = Integer.getInteger("janus.stress.selects", 150_000)
    }
}
