package dev.janus.lease

import dev.janus.JanusQueue
import dev.janus.Lease
import dev.janus.QueueShutdownException
import dev.janus.fixtures.ManualDispatcher
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.takeAll
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource
import java.io.IOException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CountDownLatch
import java.util.concurrent.CyclicBarrier
import java.util.concurrent.ExecutionException
import java.util.concurrent.Executor
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit.DAYS
import java.util.concurrent.TimeUnit.MILLISECONDS
import java.util.concurrent.TimeUnit.SECONDS

/** Workers on an executor, each with one element on lease at a time. */
internal class ProcessAllTest {
    private val executor = Executors.newFixedThreadPool(3)
    private val queue = JanusQueue.fifo<Int>(8)
    private val processed = ConcurrentLinkedQueue<Int>()
    private val failure = IOException()
    private val unexpected = { lease: Lease<Int>, e: Throwable -> throw AssertionError("$lease", e) }

    @AfterEach
    fun nothingIsLeft() {
        executor.shutdownNow()
        assertTrue(executor.awaitTermination(20, SECONDS))
        assertNothingPending(queue)
    }

    private fun process(
        workers: Int = 1,
        on: Executor = executor,
        of: JanusQueue<Int> = queue,
        onFailure: (Lease<Int>, Throwable) -> Unit = unexpected,
        work: (Int) -> Unit = { processed += it },
    ) = of.sync().processAll(on, workers, work, onFailure)

    private fun CompletableFuture<*>.failure() = assertThrows(ExecutionException::class.java) { get(20, SECONDS) }.cause

    @ParameterizedTest
    @ValueSource(ints = [1, 2, 3, 7])
    fun processAll_queueIsShutDown_completesWhenAllIsDone(workers: Int) {
        val processing = process(workers)
        repeat(1_000) { queue.sync().put(it) }
        queue.shutdown()
        processing.get(20, SECONDS)
        assertEquals((0..999).toList(), processed.sorted())
        assertEquals(0, queue.unfinishedTasks())
    }

    @Test
    fun processAll_oneWorker_isInOrder() {
        val processing = process(1)
        repeat(100) { queue.sync().put(it) }
        queue.shutdown()
        processing.get(20, SECONDS)
        assertEquals((0..99).toList(), processed.toList())
    }

    @Test
    fun processAll_severalWorkers_workAtTheSameTime() {
        val together = CyclicBarrier(3)
        val processing = process(3) { together.await(20, SECONDS) }
        queue.sync().putAll(listOf(1, 2, 3))
        queue.shutdown()
        processing.get(20, SECONDS)
    }

    @Test
    fun processAll_queueIsEmpty_blocksNoThread() {
        val one = Executors.newSingleThreadExecutor()
        val processing = process(2, one)
        one.submit {}.get(20, SECONDS)
        assertEquals(2, queue.stats().waitingTakeCoroutines())
        queue.shutdown()
        processing.get(20, SECONDS)
        one.shutdown()
    }

    @Test
    fun processAll_workThrows_elementIsTriedAgain() {
        val attempts = ConcurrentLinkedQueue<Any>()
        val processing =
            process(onFailure = { lease, e -> attempts.add(listOf(lease.attempts(), lease.element(), e)) }) {
                if (attempts.size < 2) throw failure
                processed += it
            }
        queue.sync().putAll(listOf(7, 8))
        queue.shutdown()
        processing.get(20, SECONDS)
        assertEquals(listOf<Any>(listOf(1, 7, failure), listOf(2, 7, failure)), attempts.toList())
        assertEquals(listOf(7, 8), processed.toList())
    }

    @Test
    fun processAll_onFailureEndsTheLease_elementIsNotTriedAgain() {
        val processing = process(onFailure = { lease, _ -> lease.done() }) { throw failure }
        queue.sync().putAll(listOf(7, 8))
        queue.shutdown()
        processing.get(20, SECONDS)
        assertEquals(0, queue.unfinishedTasks())
    }

    @Test
    fun processAll_onFailureReturnsItLater_othersComeFirst() {
        val processing = process(onFailure = { lease, _ -> lease.close(20, MILLISECONDS) }) {
            if (it == 7 && 8 !in processed) throw failure
            processed += it
        }
        queue.sync().putAll(listOf(7, 8))
        queue.shutdown()
        processing.get(20, SECONDS)
        assertEquals(listOf(8, 7), processed.toList())
    }

    @Test
    fun processAll_onFailureThrows_elementIsBackAndTheFutureFails() {
        val processing = process(onFailure = { _, e -> throw e }) { throw failure }
        queue.sync().putAll(listOf(7, 8))
        assertSame(failure, processing.failure())
        awaitUntil("the worker has returned it") { queue.size() == 2 }
        assertEquals(listOf(7, 8), queue.takeAll())
    }

    @Test
    fun processAll_oneWorkerFails_theOthersEndAfterTheirElements() {
        val bothWork = CyclicBarrier(2)
        val mayEnd = CountDownLatch(1)
        val processing = process(2, onFailure = { _, e -> throw e }) {
            bothWork.await(20, SECONDS)
            if (it == 1) throw failure
            mayEnd.await()
            processed += it
        }
        queue.sync().putAll(listOf(1, 2, 3))
        assertSame(failure, processing.failure())
        mayEnd.countDown()
        awaitUntil("2 is done") { queue.unfinishedTasks() == 2 }
        assertEquals(listOf(2), processed.toList())
        assertEquals(listOf(1, 3), queue.takeAll())
    }

    @Test
    fun cancel_workRuns_endsAfterIt() {
        val begun = CountDownLatch(1)
        val mayEnd = CountDownLatch(1)
        val processing = process {
            begun.countDown()
            mayEnd.await()
        }
        queue.sync().putAll(listOf(1, 2))
        begun.await()
        assertTrue(processing.cancel(true))
        mayEnd.countDown()
        awaitUntil("1 is done") { queue.unfinishedTasks() == 1 }
        assertEquals(listOf(2), queue.takeAll())
    }

    @Test
    fun cancel_workersWait_takesNothingMore() {
        val processing = process(2)
        processing.cancel(false)
        queue.sync().put(1)
        assertEquals(1, queue.sync().poll())
    }

    @Test
    fun processAll_queueIsShutDownWithACause_failsWithIt() {
        val processing = process()
        queue.sync().put(1)
        queue.shutdown(failure)
        assertSame(failure, processing.failure())
        assertEquals(listOf(1), processed.toList())
    }

    @Test
    fun processAll_executorRefuses_futureFailsAndTheElementStays() {
        executor.shutdown()
        queue.sync().put(1)
        val processing = process(2)
        awaitUntil("the end") { processing.isDone }
        assertTrue(processing.isCancelled || processing.isCompletedExceptionally)
        assertEquals(listOf(1), queue.takeAll())
    }

    @Test
    fun processAll_executorThatRunsAtOnce_processesOnThisThread() {
        queue.sync().putAll(listOf(1, 2))
        val processing = process(on = Executor { it.run() })
        assertEquals(listOf(1, 2), processed.toList())
        processing.cancel(false)
    }

    @Test
    fun processAll_boundQueue_runsOnTheExecutor() {
        val loop = ManualDispatcher()
        val bound = JanusQueue.builder<Int>().capacity(4).boundTo(loop).build()
        val processing = process(of = bound)
        bound.sync().put(1)
        bound.shutdown()
        processing.get(20, SECONDS)
        assertEquals(listOf(1), processed.toList())
    }

    @Test
    fun processAll_workTakesLongerThanTheTimeLimit_elementIsProcessedAgain() {
        val short = JanusQueue.builder<Int>().capacity(4).leaseTimeout(1, MILLISECONDS).build()
        val processing = process(of = short) {
            if (processed.isEmpty()) awaitUntil("$it is back in the queue") { short.size() == 1 }
            processed += it
        }
        short.sync().put(1)
        awaitUntil("it was processed twice") { processed.size >= 2 }
        processing.cancel(false)
    }

    @Test
    fun cancel_dependentFunctionRuns_workersHaveEnded() {
        val processing = process(2)
        val waitingThen = CompletableFuture<Int>()
        processing.whenComplete { _, _ -> waitingThen.complete(queue.stats().waitingTakeCoroutines()) }
        processing.cancel(false)
        assertEquals(0, waitingThen.get(20, SECONDS))
    }

    @Test
    fun processAll_executorThrows_futureFails() {
        queue.sync().put(1)
        val processing = process(on = Executor { throw IllegalStateException("planned") })
        assertInstanceOf(IllegalStateException::class.java, processing.failure())
        assertEquals(listOf(1), queue.takeAll())
    }

    @Test
    fun processAll_noWorkers_isRefused() {
        val refusal = assertThrows(IllegalArgumentException::class.java) { process(0) }
        assertEquals("0 workers: expected 1 or more", refusal.message)
    }

    @Test
    fun processAll_afterShutdownNow_elementThatFailsStaysWithOnFailure() {
        val given = ConcurrentLinkedQueue<Int>()
        val begun = CountDownLatch(1)
        val mayEnd = CountDownLatch(1)
        val processing = process(onFailure = { lease, _ -> given += lease.element() }) {
            begun.countDown()
            mayEnd.await()
            throw failure
        }
        queue.sync().putAll(listOf(1, 2))
        begun.await()
        assertEquals(listOf(2), queue.shutdownNow())
        mayEnd.countDown()
        assertInstanceOf(QueueShutdownException::class.java, processing.failure())
        assertEquals(listOf(1), given.toList())
    }

    @Test
    fun processAll_workIsSlow_othersHaveTheirTurn() {
        val one = Executors.newSingleThreadExecutor()
        queue.sync().putAll((1..8).toList())
        val othersRan = CountDownLatch(1)
        val processing = process(on = one) {
            if (it == 1) one.execute { othersRan.countDown() }
            val start = System.nanoTime()
            while (System.nanoTime() - start < MILLISECONDS.toNanos(5)) Thread.yield() // keeps the thread for a turn
            if (it == 8) assertEquals(0, othersRan.count)
            processed += it
        }
        queue.shutdown()
        processing.get(20, SECONDS)
        assertEquals(8, processed.size)
        one.shutdown()
    }

    @Test
    fun processAll_manyWorkersAndFailures_eachIsDoneOnce() {
        val lottery = ConcurrentLinkedQueue<Int>()
        val processing = process(7, onFailure = { lease, _ ->
            if (lease.attempts() % 2 ==
                0
            ) {
                lease.close(1, MILLISECONDS)
            }
        }) {
            if (it % 3 == 0 && lottery.count { seen -> seen == it } < 3) {
                lottery += it
                throw failure
            }
            processed += it
        }
        repeat(300) { queue.sync().put(it) }
        queue.shutdown()
        processing.get(20, SECONDS)
        assertEquals((0..299).toList(), processed.sorted())
        assertTrue(queue.sync().awaitTermination(1, DAYS))
    }
}
