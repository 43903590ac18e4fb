package dev.janus.stress

import dev.janus.JanusQueue
import dev.janus.Lease
import dev.janus.QueueShutdownException
import dev.janus.fixtures.Ledger
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.inThread
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource
import java.util.SplittableRandom
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicLong

/**
 * Two threads and two coroutines take leases that fail at random; the threads are interrupted and the coroutines cancelled
 * all the time. Each element is done exactly once. The system property `janus.stress.leases` says how many go through
 * each queue.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LeaseStressTest {
    private val ledger = Ledger(COUNT)
    private val disturbed = AtomicLong()
    private val failed = AtomicLong()
    private val seed = System.nanoTime()

    @ParameterizedTest
    @ValueSource(ints = [0, 3])
    fun everyElement_leasesFailAtRandom_doneExactlyOnce(capacity: Int) {
        val queue = JanusQueue.fifo<Int>(capacity)
        val dispatcher = Executors.newFixedThreadPool(2).asCoroutineDispatcher()
        dispatcher.use {
            runBlocking(dispatcher) {
                val threads = List(2) { i -> inThread { takeInterrupted(queue, SplittableRandom(seed + i)) } }
                val coroutines = List(2) { i -> launch { receiveCancelled(queue, SplittableRandom(seed - i)) } }
                launch(Dispatchers.IO) { repeat(COUNT) { queue.sync().put(it) } }.join()
                queue.async().join()
                queue.shutdown()
                coroutines.forEach { it.join() }
                threads.forEach { it.await().value }
            }
        }
        assertEquals(0, ledger.lost(), "lost, seed $seed, $queue")
        assertEquals(0, ledger.doubled.get(), "doubled, seed $seed, $queue")
        assertTrue(disturbed.get() > 0 && failed.get() > 0, "nothing was disturbed")
        assertTrue(queue.isTerminated)
        assertEquals(COUNT.toLong(), queue.stats().taken())
        assertEquals(0, queue.stats().leased())
        assertNothingPending(queue)
    }

    private fun takeInterrupted(queue: JanusQueue<Int>, random: SplittableRandom) {
        while (!queue.isTerminated) {
            if (random.nextInt(PATIENCE) == 0) Thread.currentThread().interrupt()
            try {
                queue.sync().takeLease().use { work(it, random) }
            } catch (_: InterruptedException) {
                disturbed.incrementAndGet()
            } catch (_: QueueShutdownException) {
                check(queue.isTerminated)
            }
        }
    }

    private suspend fun CoroutineScope.receiveCancelled(queue: JanusQueue<Int>, random: SplittableRandom) {
        while (!queue.isTerminated) {
            val job = launch { receiveAll(queue, random) }
            repeat(random.split().nextInt(PATIENCE)) { yield() }
            if (job.isActive) disturbed.incrementAndGet()
            job.cancelAndJoin()
        }
    }

    private suspend fun receiveAll(queue: JanusQueue<Int>, random: SplittableRandom) {
        try {
            while (true) {
                queue.async().receiveLease().use { lease ->
                    if (random.nextInt(PATIENCE) == 0) yield()
                    work(lease, random)
                }
            }
        } catch (_: QueueShutdownException) {
            check(queue.isTerminated)
        }
    }

    /** Fails at random, and else ends the lease. */
    private fun work(lease: Lease<Int>, random: SplittableRandom) {
        if (random.nextInt(4) == 0) {
            failed.incrementAndGet()
            return
        }
        ledger.record(lease.element())
        lease.done()
    }

    private companion object {
        const val PATIENCE = 30
        val COUNT: Int = Integer.getInteger("janus.stress.leases", 60_000)
    }
}
