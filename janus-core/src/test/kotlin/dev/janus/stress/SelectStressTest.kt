package dev.janus.stress

import dev.janus.JanusQueue
import dev.janus.fixtures.Ledger
import dev.janus.fixtures.assertNothingPending
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.ChannelResult
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.selects.onTimeout
import kotlinx.coroutines.selects.select
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import java.util.SplittableRandom
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicLong

/**
 * Nothing is lost and nothing doubled by selects over two queues and a channel of kotlinx.coroutines, whose producers and
 * consumers are cancelled all the time. The system property `janus.stress.selects` says how many elements go through.
 */
@OptIn(ExperimentalCoroutinesApi::class, DelicateCoroutinesApi::class)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SelectStressTest {
    private val ledger = Ledger(COUNT)
    private val first = JanusQueue.fifo<Int>(3)
    private val second = JanusQueue.fifo<Int>(1)
    private val channel = Channel<Int>(2, onUndeliveredElement = ledger::record)
    private val cancelled = AtomicLong()
    private val disordered = AtomicLong()
    private val seed = System.nanoTime()

    @Test
    fun everyElement_randomCancellations_receivedExactlyOnce() {
        val dispatcher = Executors.newFixedThreadPool(2).asCoroutineDispatcher()
        dispatcher.use {
            runBlocking(dispatcher) {
                val consumers = List(CONSUMERS) { i -> launch { restarted(i, Consumer(i)) } }
                val producers = List(PRODUCERS) { i -> launch { restarted(CONSUMERS + i, Producer(i)) } }
                producers.forEach { it.join() }
                listOf(first, second).forEach { it.shutdown() }
                channel.close()
                consumers.forEach { it.join() }
            }
        }
        assertEquals(0, ledger.lost(), "lost, seed $seed, $first, $second")
        assertEquals(0, ledger.doubled.get(), "doubled, seed $seed, $first, $second")
        assertEquals(0, disordered.get(), "out of order, seed $seed, $first, $second")
        assertTrue(cancelled.get() > 0, "nothing was cancelled")
        listOf(first, second).forEach {
            assertTrue(it.isTerminated)
            assertTrue(it.stats().taken() > 0, "never chosen: $it")
            assertNothingPending(it)
        }
    }

    /** Work that goes on where it was cancelled. */
    private interface Work {
        val isOver: Boolean

        suspend fun step()
    }

    /** Does the work in a job that is cancelled at random, and again in another, until the work is over. */
    private suspend fun CoroutineScope.restarted(i: Int, work: Work) {
        val pace = SplittableRandom(seed + i)
        while (!work.isOver) {
            val job = launch { while (!work.isOver) work.step() }
            repeat(pace.nextInt(PATIENCE)) { yield() }
            if (job.isActive) cancelled.incrementAndGet()
            job.cancelAndJoin()
        }
    }

    private inner class Producer(private val i: Int) : Work {
        private val random = SplittableRandom(seed - i)
        private val end = (i + 1) * SHARE
        private var next = i * SHARE

        override val isOver get() = next == end

        override suspend fun step() {
            if (random.nextInt(PATIENCE) == 0) yield()
            val (one, other) = if (random.nextBoolean()) first to second else second to first
            if (random.nextInt(3) == 0 && channel.trySend(next).isSuccess) {
                next++ // a channel's onSend that is cancelled would not say whether it has sent
                return
            }
            select {
                one.async().onSend(next) { next++ }
                other.async().onSend(next) { next++ }
            }
        }
    }

    private inner class Consumer(i: Int) : Work {
        private val random = SplittableRandom(seed * 31 + i)
        private val last = List(3) { IntArray(PRODUCERS) { -1 } }

        override val isOver get() = first.isTerminated && second.isTerminated && channel.isClosedForReceive

        override suspend fun step() {
            if (random.nextInt(PATIENCE) == 0) yield()
            select {
                if (!first.isTerminated) first.async().onReceiveCatching { record(0, it) }
                if (!second.isTerminated) second.async().onReceiveCatching { record(1, it) }
                if (!channel.isClosedForReceive) channel.onReceiveCatching { record(2, it) }
                if (random.nextInt(PATIENCE) == 0) onTimeout(1) { }
            }
        }

        /** What one consumer gets of one producer through one queue comes in the order in which it was sent. */
        private fun record(source: Int, result: ChannelResult<Int>) {
            val element = result.getOrNull() ?: return
            ledger.record(element)
            val producer = element / SHARE
            if (element <= last[source][producer]) disordered.incrementAndGet()
            last[source][producer] = element
        }
    }

    private companion object {
        const val PRODUCERS = 2
        const val CONSUMERS = 2
        const val PATIENCE = 30
        val COUNT: Int = Integer.getInteger("janus.stress.selects", 400_000) / PRODUCERS * PRODUCERS
        val SHARE = COUNT / PRODUCERS
    }
}
