package dev.janus.kotlin

import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.begin
import dev.janus.fixtures.inVirtualTime
import dev.janus.fixtures.takeAll
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.catch
import kotlinx.coroutines.flow.onCompletion
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.takeWhile
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.flow.transformWhile
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.yield
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.IOException
import java.util.SplittableRandom
import java.util.concurrent.CancellationException

@OptIn(ExperimentalCoroutinesApi::class)
class AsFlowTest {
    private val queue = janusQueue<Int>(64)
    private val async = queue.async()
    private val seen = ArrayList<Int>()

    @AfterEach
    fun nothingIsPending() = assertNothingPending(queue)

    @Test
    fun asFlow_manyElements_orderIsKeptAndNoneLostOrDoubled() = runBlocking(Dispatchers.Default) {
        val count = 1_000_000
        launch {
            (1..count).forEach { async.send(it) }
            queue.shutdown()
        }
        var next = 1
        async.asFlow().collect { assertEquals(next++, it) }
        assertEquals(count, next - 1)
    }

    @Test
    fun asFlow_collectorStartedAgainAtRandom_orderIsKeptAndNoneLostOrDoubled() = runBlocking(Dispatchers.Default) {
        val count = 100_000
        val producer = launch {
            (1..count).forEach { async.send(it) }
            queue.shutdown()
        }
        val random = SplittableRandom(4711)
        var restarts = 0
        while (!queue.isTerminated) {
            val collector = launch { collectUntilCancelled() }
            repeat(random.nextInt(20)) { yield() }
            collector.cancelAndJoin()
            restarts++
        }
        producer.join()

        assertEquals((1..count).toList(), seen)
        assertTrue(restarts > 10) { "only $restarts restarts" }
    }

    /** Looks for cancellation now and then, as a queue that is never empty does not. */
    private suspend fun collectUntilCancelled() = async.asFlow().collect {
        seen += it
        yield()
    }

    @Test
    fun asFlow_cancelledWhileItWaits_takesNothing() = inVirtualTime {
        val collector = begin { async.asFlow().collect { seen += it } }

        collector.job.cancel()
        async.send(1)
        runCurrent()

        collector.assertThrew<CancellationException>()
        assertEquals(listOf(1), queue.takeAll())
    }

    @Test
    fun asFlow_cancelledAfterItWasWoken_takesNothing() = inVirtualTime {
        val collector = begin { async.asFlow().collect { seen += it } }

        async.send(1)
        collector.job.cancel()
        runCurrent()

        collector.assertThrew<CancellationException>()
        assertEquals(emptyList<Int>(), seen)
        assertEquals(listOf(1), queue.takeAll())
    }

    @Test
    fun asFlow_collectorThrows_hasItsElementAndNoOther() = inVirtualTime {
        val failure = IOException("from the collector")
        async.sendAll(listOf(1, 2))

        val collector =
            begin {
                async.asFlow().collect {
                    seen += it
                    throw failure
                }
            }

        assertSame(failure, collector.failure())
        assertEquals(listOf(1), seen)
        assertEquals(listOf(2), queue.takeAll())
    }

    @Test
    fun asFlow_shutdownWithCause_operatorsSeeIt() = inVirtualTime {
        val cause = IOException("the reason")
        val causes = ArrayList<Throwable?>()
        async.send(1)
        queue.shutdown(cause)

        async.asFlow().onCompletion { causes += it }.catch { causes += it }.collect { seen += it }

        assertEquals(listOf<Throwable?>(cause, cause), causes)
        assertEquals(listOf(1), seen)
    }

    @Test
    fun asFlow_takeWhile_takesTheFirstThatDoesNotMatch() = inVirtualTime {
        async.sendAll(listOf(1, 2, 3, 4))

        assertEquals(listOf(1, 2), async.asFlow().takeWhile { it < 3 }.toList())
        assertEquals(4, async.tryReceive())
    }

    @Test
    fun asFlow_transformWhile_endsAfterTheLast() = inVirtualTime {
        async.sendAll(listOf(1, 2, 3))

        val all =
            async
                .asFlow()
                .onEach { seen += it }
                .transformWhile {
                    emit(it)
                    it < 2
                }.toList()

        assertEquals(listOf(1, 2), all)
        assertEquals(listOf(1, 2), seen)
        assertEquals(3, async.tryReceive())
    }
}
