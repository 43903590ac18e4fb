package dev.janus.stress

import dev.janus.BlockingChannel
import dev.janus.QueueShutdownException
import dev.janus.fixtures.Ledger
import dev.janus.fixtures.Running
import dev.janus.fixtures.inThread
import kotlinx.coroutines.channels.Channel
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource
import java.util.SplittableRandom
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeUnit.NANOSECONDS
import java.util.concurrent.atomic.AtomicLong
import java.util.concurrent.locks.LockSupport

/**
 * Without a bounded buffer: with one, kotlinx's own channel comes to a standstill under such a rate of cancellations, see the
 * decision on existing channels.
 *
 * Nothing is lost and nothing doubled between threads at both ends of a kotlinx channel, whose waits time out and are
 * interrupted all the time. The system property `janus.stress.elements` says how many elements go through, all cases
 * together (300,000).
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class BlockingChannelStressTest {
    private val disturbed = AtomicLong()
    private val seeds = SplittableRandom()

    /** Completed once every worker has an interruption pending: so each run is disturbed. */
    private val allInterrupted = CompletableFuture<Unit>()

    @Volatile
    private var over = false

    @ParameterizedTest
    @ValueSource(ints = [Channel.RENDEZVOUS, Channel.UNLIMITED])
    fun everyElement_disturbedWaits_receivedExactlyOnce(capacity: Int) {
        val channel = Channel<Int>(capacity)
        val blocking = BlockingChannel.of(channel)
        val ledger = Ledger(SHARE * ENDS)
        val consumers = List(ENDS) { worker { consume(blocking, ledger, it) } }
        val producers = List(ENDS) { i -> worker { produce(blocking, i * SHARE, it) } }
        val interrupter = inThread { interrupt((producers + consumers).map { it.thread }, seeds.split()) }

        producers.forEach { it.awaitLong() }
        blocking.close()
        consumers.forEach { it.awaitLong() }
        over = true
        interrupter.await().value

        assertEquals(0, ledger.lost(), "lost")
        assertEquals(0, ledger.doubled.get(), "doubled")
        assertTrue(disturbed.get() > 0, "nothing was disturbed")
        assertTrue(channel.tryReceive().isClosed)
    }

    private fun worker(work: (SplittableRandom) -> Unit): Running<Unit> {
        val random = seeds.split()
        return inThread {
            allInterrupted.join()
            work(random)
        }
    }

    private fun Running<Unit>.awaitLong() {
        thread.join()
        value
    }

    private fun produce(blocking: BlockingChannel<Int>, from: Int, random: SplittableRandom) {
        var next = from
        while (next < from + SHARE) {
            try {
                val put =
                    when (random.nextInt(4)) {
                        0 -> blocking.offer(next)
                        1 -> blocking.offer(next, random.nextLong(TIMEOUT_NANOS), NANOSECONDS)
                        else -> true.also { blocking.put(next) }
                    }
                if (put) next++
            } catch (_: InterruptedException) {
                disturbed.incrementAndGet()
            }
        }
    }

    private fun consume(blocking: BlockingChannel<Int>, ledger: Ledger, random: SplittableRandom) {
        while (true) {
            try {
                val taken =
                    when (random.nextInt(4)) {
                        0 -> blocking.poll()
                        1 -> blocking.poll(random.nextLong(TIMEOUT_NANOS), NANOSECONDS)
                        else -> blocking.take()
                    }
                if (taken != null) ledger.record(taken)
            } catch (_: InterruptedException) {
                disturbed.incrementAndGet()
            } catch (_: QueueShutdownException) {
                return
            }
        }
    }

    private fun interrupt(threads: List<Thread>, random: SplittableRandom) {
        threads.forEach { it.interrupt() }
        allInterrupted.complete(Unit)
        while (!over) {
            LockSupport.parkNanos(random.nextLong(PACE_NANOS)) // a pace, waits for nothing
            threads[random.nextInt(threads.size)].interrupt()
        }
    }

    private companion object {
        const val ENDS = 2
        const val TIMEOUT_NANOS = 50_000L
        const val PACE_NANOS = 50_000L
        val SHARE = (java.lang.Long.getLong("janus.stress.elements", 300_000) / 2 / ENDS).toInt()
    }
}
