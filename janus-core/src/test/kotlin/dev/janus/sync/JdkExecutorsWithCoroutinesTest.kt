package dev.janus.sync

import dev.janus.JanusQueue
import dev.janus.QueueShutdownException
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.inThread
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.concurrent.ExecutorCompletionService
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors
import java.util.concurrent.Future
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicIntegerArray

/** Executors of the JDK on the sync face, while coroutines take from the same queue on the other. */
class JdkExecutorsWithCoroutinesTest {
    private val runs = AtomicIntegerArray(TASKS)

    @Test
    fun threadPool_coroutineTakesToo_eachTaskRunsOnce() {
        val queue = JanusQueue.fifo<Runnable>(16)
        val pool = ThreadPoolExecutor(2, 2, 1, TimeUnit.SECONDS, queue.sync(), ThreadPoolExecutor.CallerRunsPolicy())
        runBlocking(Dispatchers.Default) {
            val coroutine = async { queue.forEachReceived { it.run() } }
            for (task in 0 until TASKS) {
                pool.execute { runs.incrementAndGet(task) }
            }
            // A pool that is shut down earlier may wait for the task that the coroutine took from its queue.
            awaitUntil("the end of all tasks") { (0 until TASKS).all { runs[it] > 0 } }
            pool.end()
            queue.shutdown()
            coroutine.await()
        }
        assertEachTaskRanOnce()
        assertNothingPending(queue)
        assertTrue(queue.isTerminated)
    }

    @Test
    fun completionService_coroutineReceivesToo_eachResultComesOnce() {
        val queue = JanusQueue.unbounded<Future<Int>>()
        val executor = Executors.newFixedThreadPool(2)
        val service = ExecutorCompletionService(executor, queue.sync())
        val received =
            runBlocking(Dispatchers.Default) {
                val coroutine = async { queue.forEachReceived { runs.incrementAndGet(it.get()) } }
                val thread = inThread { service.takeUntilShutDown { runs.incrementAndGet(it.get()) } }
                for (task in 0 until TASKS) {
                    service.submit { task }
                }
                executor.end()
                queue.shutdown()
                coroutine.await() + thread.result()
            }
        assertEquals(TASKS, received)
        assertEachTaskRanOnce()
        assertNothingPending(queue)
    }

    private suspend fun <E : Any> JanusQueue<E>.forEachReceived(action: (E) -> Unit): Int {
        var count = 0
        try {
            while (true) {
                action(async().receive())
                count++
            }
        } catch (_: QueueShutdownException) {
            return count
        }
    }

    private fun <V> ExecutorCompletionService<V>.takeUntilShutDown(action: (Future<V>) -> Unit): Int {
        var count = 0
        try {
            while (true) {
                action(take())
                count++
            }
        } catch (_: QueueShutdownException) {
            return count
        }
    }

    private fun assertEachTaskRanOnce() {
        for (task in 0 until TASKS) {
            assertEquals(1, runs[task], "runs of task $task")
        }
    }

    private fun ExecutorService.end() {
        shutdown()
        assertTrue(awaitTermination(20, TimeUnit.SECONDS))
    }

    private companion object {
        const val TASKS = 2_000
    }
}
