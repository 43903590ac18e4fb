package dev.janus.kotlin

import dev.janus.JanusQueue
import dev.janus.Lease
import dev.janus.QueueShutdownException
import dev.janus.fixtures.ManualDispatcher
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.beginOn
import dev.janus.fixtures.inVirtualTime
import dev.janus.fixtures.takeAll
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource
import java.io.IOException
import java.util.concurrent.CancellationException
import java.util.concurrent.ConcurrentLinkedQueue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Workers that process the elements until the end of the queue. */
class ProcessAllTest {
    private val queue = janusQueue<Int>(1_000)
    private val processed = ConcurrentLinkedQueue<Int>()
    private val failure = IOException()

    @AfterEach
    fun nothingIsPending() = assertNothingPending(queue)

    private fun endWith(vararg elements: Int) {
        queue.sync().putAll(elements.toList())
        queue.shutdown()
    }

    @ParameterizedTest
    @ValueSource(ints = [1, 3, 64])
    fun processAll_queueIsShutDown_returnsWhenAllIsDone(workers: Int) {
        val processing = beginOn(Dispatchers.Default) { queue.async().processAll(workers) { processed += it } }
        queue.sync().putAll((1..1_000).toList())
        queue.shutdown()
        processing.await().value
        assertEquals((1..1_000).toList(), processed.sorted())
        assertEquals(0, queue.unfinishedTasks())
    }

    @OptIn(ExperimentalCoroutinesApi::class)
    @Test
    fun processAll_severalWorkers_workAtTheSameTime() = inVirtualTime {
        endWith(1, 2, 3, 4)
        queue.async().processAll(2) { delay(1.seconds) }
        assertEquals(2_000, currentTime)
    }

    @Test
    fun processAll_blockThrows_throwsItAndTheElementsAreBack() = inVirtualTime {
        queue.sync().putAll(listOf(1, 2, 3))
        val result = runCatching {
            queue.async().processAll(2) {
                if (it == 2) throw failure
                awaitCancellation()
            }
        }
        assertSame(failure, result.exceptionOrNull()?.let { it.cause ?: it })
        assertEquals(setOf(1, 2, 3), queue.takeAll().toSet())
    }

    @Test
    fun processAll_onFailure_workersContinue() = inVirtualTime {
        val attempts = ArrayList<String>()
        endWith(1, 2)
        queue.async().processAll(1, onFailure = { lease, e ->
            attempts += "${lease.element()} ${lease.attempts()} $e"
        }) {
            if (it == 1 && attempts.size < 2) throw failure
            processed += it
        }
        assertEquals(listOf("1 1 $failure", "1 2 $failure"), attempts)
        assertEquals(listOf(1, 2), processed.toList())
    }

    @Test
    fun processAll_onFailureReturnsItLater_othersComeFirst() {
        endWith(1, 2)
        beginOn(Dispatchers.Default) {
            queue.async().processAll(1, onFailure = { lease, _ -> lease.close(20.milliseconds) }) {
                if (it == 1 && 2 !in processed) throw failure
                processed += it
            }
        }.await().value
        assertEquals(listOf(2, 1), processed.toList())
    }

    @Test
    fun processAll_timeoutInTheBlock_isAFailureOfTheElement() = inVirtualTime {
        val failures = ArrayList<Throwable>()
        endWith(1)
        val giveUp: suspend (Lease<Int>, Throwable) -> Unit = { lease, e ->
            failures += e
            lease.done()
        }
        queue.async().processAll(1, giveUp) { withTimeout(1.seconds) { awaitCancellation() } }
        assertInstanceOf(TimeoutCancellationException::class.java, failures.single())
    }

    @Test
    fun processAll_timeoutAround_elementsAreBack() = inVirtualTime {
        queue.sync().putAll(listOf(1, 2, 3))
        val failures = ArrayList<Throwable>()
        val result = withTimeoutOrNull(1.seconds) {
            queue.async().processAll(2, onFailure = { _, e -> failures += e }) { awaitCancellation() }
        }
        assertNull(result)
        assertTrue(failures.isEmpty()) { "$failures" }
        assertEquals(setOf(1, 2, 3), queue.takeAll().toSet())
    }

    @Test
    fun processAll_cancelledWhileWorkersWait_takesNothing() {
        val loop = ManualDispatcher()
        val processing = beginOn(loop) { queue.async().processAll(2) { processed += it } }
        loop.runAll()
        processing.job.cancel()
        queue.sync().put(1)
        loop.runAll()
        processing.assertThrew<CancellationException>()
        assertEquals(listOf(1), queue.takeAll())
    }

    @Test
    fun processAll_shutDownWithACause_throwsIt() = inVirtualTime {
        queue.sync().put(1)
        queue.shutdown(failure)
        val result = runCatching { queue.async().processAll(2) { processed += it } }
        assertSame(failure, result.exceptionOrNull()?.let { it.cause ?: it })
        assertEquals(listOf(1), processed.toList())
    }

    @Test
    fun processAll_shutDownNowMeanwhile_throwsUnlessOnFailureEndsTheLease() {
        for (ends in listOf(true, false)) {
            val queue = JanusQueue.fifo<Int>(1).also { it.sync().put(1) }
            val mayFail = CompletableDeferred<Unit>()
            val onFailure: suspend (Lease<Int>, Throwable) -> Unit = { lease, _ -> if (ends) lease.keep() }
            val processing = beginOn(Dispatchers.Unconfined) {
                queue.async().processAll(1, onFailure) {
                    mayFail.await()
                    throw failure
                }
            }
            queue.shutdownNow()
            mayFail.complete(Unit)
            if (ends) processing.await().value else processing.assertThrew<QueueShutdownException>()
        }
    }

    @Test
    fun processAll_blockThrowsACancellation_throwsIt() = inVirtualTime {
        queue.sync().putAll(listOf(1, 2))
        val result = runCatching { queue.async().processAll(2) { withTimeout(1.seconds) { awaitCancellation() } } }
        assertInstanceOf(TimeoutCancellationException::class.java, result.exceptionOrNull())
        assertEquals(setOf(1, 2), queue.takeAll().toSet())
    }

    @Test
    fun processAll_shutDownWithACancellation_throwsIt() = inVirtualTime {
        queue.shutdown(CancellationException("planned"))
        val result = runCatching { queue.async().processAll(2) {} }
        assertEquals("planned", result.exceptionOrNull()?.message)
    }

    @Test
    fun processAll_noWorkers_isRefused() = inVirtualTime {
        val refusal = runCatching { queue.async().processAll(0) {} }.exceptionOrNull()
        assertEquals("0 workers: expected 1 or more", refusal?.message)
    }
}
