package dev.janus.stress

import dev.janus.JanusQueue
import dev.janus.QueueShutdownException
import dev.janus.fixtures.Dropping
import dev.janus.fixtures.Ledger
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.inThread
import dev.janus.fixtures.running
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.BufferOverflow
import kotlinx.coroutines.selects.select
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.MethodSource
import java.util.SplittableRandom
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger

/** Producers that never wait, and consumers of both kinds that are slower: each element is received or dropped, once. */
internal class OverflowStressTest {
    private val ledger = Ledger(PRODUCERS * SHARE)
    private val dropped = AtomicInteger()

    /** What each consumer has seen last of each producer: never an earlier element after a later one. */
    private inner class Consumer {
        private val last = IntArray(PRODUCERS) { -1 }
        private val random = SplittableRandom()
        var count = 0

        fun receive(element: Int) {
            ledger.record(element)
            assertTrue(element > last[element / SHARE]) { "$element after ${last.toList()}" }
            last[element / SHARE] = element
            count++
        }

        fun isTired() = random.nextInt(8) == 0
    }

    @ParameterizedTest(name = "{0}, capacity {1}, capacity changes: {2}")
    @MethodSource("table")
    fun everyElement_slowConsumers_isReceivedOrDroppedOnce(policy: BufferOverflow, capacity: Int, changes: Boolean) {
        val queue =
            JanusQueue.builder<Int>().capacity(capacity).overflow(policy).onDropped {
                ledger.record(it)
                dropped.incrementAndGet()
            }.build()
        val consumers = List(3) { Consumer() }
        val scope = CoroutineScope(Dispatchers.Default)
        val consuming =
            listOf(
                inThread { takeAll(queue, consumers[0]) },
                scope.running { receiveAll(queue, consumers[1]) },
                scope.running { selectAll(queue, consumers[2]) },
            )
        val producing =
            listOf(
                inThread { (0 until SHARE).forEach { queue.sync().put(it) } },
                inThread { (SHARE until 2 * SHARE).chunked(3).forEach { queue.sync().putAll(it) } },
                scope.running { (2 * SHARE until 3 * SHARE).forEach { sendOne(queue, it) } },
            )
        while (changes && producing.any { !it.isOver }) {
            (0..capacity).forEach(queue::capacity)
        }
        producing.forEach { it.await().value }
        queue.shutdown()
        consuming.forEach { it.await().value }

        assertEquals(0, ledger.lost(), "lost: ${queue.stats()}")
        assertEquals(0, ledger.doubled.get(), "doubled: ${queue.stats()}")
        assertEquals(dropped.get().toLong(), queue.stats().dropped())
        assertEquals(consumers.sumOf { it.count }.toLong(), queue.stats().taken())
        assertEquals((PRODUCERS * SHARE).toLong(), queue.stats().accepted())
        assertNothingPending(queue)
    }

    private suspend fun sendOne(queue: JanusQueue<Int>, element: Int) {
        when (element % 4) {
            0 -> queue.async().send(element)
            1 -> assertTrue(queue.async().trySend(element))
            2 -> assertTrue(queue.async().sendAsync(element).isDone)
            else -> select { queue.async().onSend(element) {} }
        }
        if (element % 16 == 0) yield()
    }

    private fun takeAll(queue: JanusQueue<Int>, consumer: Consumer) = queue.sync().untilShutdown().forEach {
        consumer.receive(it)
        if (consumer.isTired()) Thread.yield()
    }

    private suspend fun receiveAll(queue: JanusQueue<Int>, consumer: Consumer) = untilTheEnd {
        queue.async().receive(1, TimeUnit.MILLISECONDS)?.let(consumer::receive)
        queue.async().receiveBatch(2).forEach(consumer::receive)
        if (consumer.isTired()) yield()
    }

    private suspend fun selectAll(queue: JanusQueue<Int>, consumer: Consumer) = untilTheEnd {
        consumer.receive(select { queue.async().onReceive { it } })
        if (consumer.isTired()) yield()
    }

    private suspend fun untilTheEnd(step: suspend () -> Unit) {
        try {
            while (true) step()
        } catch (_: QueueShutdownException) {
            return
        }
    }

    companion object {
        private const val PRODUCERS = 3
        private const val SHARE = 20_000

        @JvmStatic
        fun table(): List<Array<Any>> = Dropping.POLICIES.flatMap { policy ->
            listOf(0, 1, 2, 16).map { arrayOf<Any>(policy, it, false) } + listOf(arrayOf<Any>(policy, 5, true))
        }
    }
}
