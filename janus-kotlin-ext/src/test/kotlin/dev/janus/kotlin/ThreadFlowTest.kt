package dev.janus.kotlin

import dev.janus.QueueShutdownException
import dev.janus.fixtures.awaitUntil
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.asExecutor
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.single
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.Collections
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executor
import java.util.concurrent.Executors
import java.util.concurrent.FutureTask
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicReference

internal class ThreadFlowTest {
    private val thread = AtomicReference<Thread>()
    private val executor = Executor { task -> Thread(task).also(thread::set).start() }

    private val interrupted = Collections.synchronizedList(ArrayList<Boolean>())

    private fun assertThreadHasEnded() {
        awaitUntil("the end of the thread, which has no more to do") { !thread.get().isAlive }
    }

    @Test
    fun collect_blockReturns_getsAllInOrderAndEnds() = runBlocking {
        val flow = threadFlow<Int>(executor = executor) { (1..1000).forEach { put(it) } }
        assertEquals((1..1000).toList(), flow.toList())
        assertThreadHasEnded()
    }

    @Test
    fun collect_blockThrows_getsTheElementsAndThenTheException() {
        val failure = IllegalArgumentException("no more")
        val collected = ArrayList<Int>()
        val flow = threadFlow<Int> {
            put(1)
            throw failure
        }
        val thrown = assertThrows(IllegalArgumentException::class.java) {
            runBlocking { flow.onEach(collected::add).toList() }
        }
        assertTrue(generateSequence<Throwable>(thrown) { it.cause }.any { it === failure })
        assertEquals(listOf(1), collected)
    }

    @Test
    fun collect_again_runsTheBlockAgain() = runBlocking {
        val runs = AtomicInteger()
        val flow = threadFlow<Int> { put(runs.incrementAndGet()) }
        assertEquals(listOf(1), flow.toList())
        assertEquals(listOf(2), flow.toList())
    }

    @Test
    fun put_collectorIsSlow_waits() = runBlocking {
        val puts = AtomicInteger()
        val flow = threadFlow<Int>(capacity = 2, executor = executor) {
            repeat(10) {
                put(it)
                puts.incrementAndGet()
            }
        }
        val seen = flow.onEach {
            if (it == 0) awaitUntil("a put that waits") { thread.get().state == Thread.State.WAITING }
            assertTrue(puts.get() <= it + 4) { "put ${puts.get()} when $it was collected" }
        }.toList()
        assertEquals((0..9).toList(), seen)
    }

    @Test
    fun collectorWantsNoMore_putThrowsAndTheThreadHasEnded() = runBlocking {
        val ended = AtomicReference<Throwable>()
        val flow = threadFlow<Int>(capacity = 1, executor = executor) {
            try {
                while (true) put(1)
            } catch (e: Throwable) {
                ended.set(e)
                throw e
            }
        }
        assertEquals(listOf(1, 1), flow.take(2).toList())
        assertThreadHasEnded()
        val thrown = ended.get()
        assertTrue(thrown is QueueShutdownException || thrown is InterruptedException) { "$thrown" }
    }

    @Test
    fun collectorCancelled_interruptsTheThreadAndWaitsForIt() = runBlocking {
        val sleeps = CountDownLatch(1)
        val flow = threadFlow<Int>(executor = executor) {
            sleeps.countDown()
            Thread.sleep(Long.MAX_VALUE)
        }
        val job = launch(Dispatchers.Default) { flow.first() }
        sleeps.await()
        job.cancelAndJoin()
        assertThreadHasEnded()
    }

    @Test
    fun collectorCancelled_blockIgnoresInterrupts_onCancelEndsIt() = runBlocking {
        val sleeps = CountDownLatch(1)
        val stopped = CountDownLatch(1)
        val flow = threadFlow<Int>(executor = executor, onCancel = stopped::countDown) {
            sleeps.countDown()
            while (stopped.count > 0) Thread.interrupted() // as a driver that does not know interrupts
        }
        val job = launch(Dispatchers.Default) { flow.first() }
        sleeps.await()
        job.cancelAndJoin()
        assertThreadHasEnded()
    }

    @Test
    fun collectorCancelled_onCancelThrows_theThreadHasEndedAllTheSame() {
        val failure = IllegalArgumentException("cannot close")
        val flow = threadFlow<Int>(executor = executor, onCancel = { throw failure }) { while (true) put(1) }
        val thrown = runCatching { runBlocking { flow.take(1).toList() } }.exceptionOrNull()
        assertInstanceOf(IllegalArgumentException::class.java, thrown)
        assertThreadHasEnded()
    }

    /** The block has ended, with all that it had to clean up, before the collector goes on. */
    @Test
    fun collectorEnds_blockCleansUpForLong_collectorWaitsForIt() = runBlocking {
        repeat(20) {
            val cleaned = AtomicBoolean()
            val flow = threadFlow<Int>(capacity = 0) {
                try {
                    while (true) put(1)
                } finally {
                    val start = System.nanoTime()
                    while (System.nanoTime() - start < 5_000_000) Thread.onSpinWait()
                    cleaned.set(true)
                }
            }
            flow.take(1).toList()
            assertTrue(cleaned.get())
        }
    }

    @Test
    fun collectorCancelled_executorHasNotBegun_doesNotWaitAndTheBlockNeverRuns() = runBlocking {
        val tasks = ArrayList<Runnable>()
        val flow = threadFlow<Int>(executor = tasks::add, onCancel = { error("nothing has begun") }) { error("begun") }
        val job = launch(start = CoroutineStart.UNDISPATCHED) { flow.first() }

        job.cancelAndJoin()

        tasks.single().run()
    }

    @Test
    fun executorRefuses_collectThrows() {
        val refused = RejectedExecutionException("refused")
        val flow = threadFlow<Int>(executor = { throw refused }) { put(1) }
        val thrown = assertThrows(RejectedExecutionException::class.java) { runBlocking { flow.toList() } }
        assertEquals(refused.message, thrown.message)
    }

    /** The thread of a pool must not be interrupted while it does other work. */
    @Test
    fun collectorEnds_threadOfAPool_isNotInterruptedAfterwards() {
        val pool = Executors.newSingleThreadExecutor()
        val direct = Executor { task ->
            pool.execute {
                task.run()
                interrupted.add(Thread.currentThread().isInterrupted)
            }
        }
        runBlocking {
            repeat(200) { round ->
                threadFlow<Int>(capacity = 1, executor = direct) {
                    while (if (round % 2 ==
                            0
                        ) {
                            offer(1) || !isShutdown()
                        } else {
                            !Thread.currentThread().isInterrupted
                        }
                    ) {
                        offer(1)
                    }
                }.take(1).toList()
            }
        }
        pool.shutdown()
        assertTrue(pool.awaitTermination(1, TimeUnit.MINUTES))
        assertEquals(200, interrupted.count { !it })
    }

    @Test
    fun executor_runsOnTheCollectorsThread_collectThrows() {
        val flow = threadFlow<Int>(capacity = 1, executor = Runnable::run) { repeat(3) { put(it) } }
        val thrown = assertThrows(IllegalStateException::class.java) { runBlocking { flow.toList() } }
        assertEquals(
            "the executor of a threadFlow ran the producer on the collector's thread: expected another thread",
            thrown.message,
        )
    }

    @Test
    fun executor_runsOnTheCollectorsThreadAndHidesExceptions_collectThrows() {
        val flow = threadFlow<Int>(executor = { task -> FutureTask(task, Unit).run() }) { put(1) }
        assertThrows(IllegalStateException::class.java) { runBlocking { flow.toList() } }
    }

    /** The threads of the pool are the collector's too, and a put may wait on one while there is another. */
    @Test
    fun executor_isTheCollectorsPool_producerMayWait() {
        val pool = Executors.newFixedThreadPool(2)
        val flow = threadFlow<Int>(capacity = 1, executor = pool) { repeat(100) { put(it) } }
        runBlocking(pool.asCoroutineDispatcher()) {
            repeat(20) {
                delay(1)
                assertEquals((0 until 100).toList(), flow.onEach { delay(it % 10 / 9L) }.toList())
            }
        }
        pool.shutdown()
    }

    /** The producers block all threads of `Dispatchers.IO`, so nothing may need one of them to end. */
    @Test
    fun manyProducersOnIo_cancelled_allEnd() = runBlocking(Dispatchers.Default) {
        val begun = CountDownLatch(64)
        val jobs = List(64) {
            launch {
                threadFlow<Int>(executor = Dispatchers.IO.asExecutor()) {
                    begun.countDown()
                    Thread.sleep(Long.MAX_VALUE)
                }.collect {}
            }
        }
        withContext(Dispatchers.Default) { begun.await() }
        jobs.forEach { it.cancelAndJoin() }
    }

    @Test
    fun collectorFails_onCancelThrows_itIsAddedToTheFailure() {
        val flow = threadFlow<Int>(onCancel = { error("cannot close") }) { while (true) put(1) }
        val thrown = assertThrows(IllegalArgumentException::class.java) {
            runBlocking { flow.collect { throw IllegalArgumentException("wrong") } }
        }
        assertEquals(listOf("cannot close"), thrown.suppressed.map { it.message })
    }

    /** A pool's thread may be the collector's next time. */
    @Test
    fun executor_hasTheCollectorsThreadLater_produces() = runBlocking {
        val flow = threadFlow<Int>(executor = Dispatchers.Default.asExecutor()) { put(1) }
        repeat(100) { assertEquals(1, withContext(Dispatchers.Default) { flow.single() }) }
    }

    /** Each put element is collected once, in order, whenever the collector ends. */
    @Test
    fun collectorCancelled_atAnyTime_hasSeenABeginningOfWhatWasPut() = runBlocking(Dispatchers.Default) {
        repeat(300) { round ->
            val put = AtomicInteger()
            val seen = ArrayList<Int>()
            val flow = threadFlow<Int>(capacity = round % 3) {
                while (true) {
                    put(put.get())
                    put.incrementAndGet()
                }
            }
            val job = launch { flow.collect { seen += it } }
            delay((round % 4).toLong())
            job.cancelAndJoin()
            assertEquals((0 until seen.size).toList(), seen)
            assertTrue(put.get() >= seen.size - 1 && put.get() <= seen.size + round % 3 + 1) { "$put put, $seen" }
        }
    }

    @Test
    fun threadFlow_negativeCapacity_throws() {
        val thrown = assertThrows(IllegalArgumentException::class.java) { threadFlow<Int>(capacity = -1) {} }
        assertEquals("capacity -1: expected 0 or more", thrown.message)
    }

    @Test
    fun threadEnds_justBeforeTheCollector_onCancelIsNotCalled() = runBlocking {
        val flow = threadFlow<Int>(onCancel = { error("not cancelled") }) { put(1) }
        assertEquals(1, flow.toList().single())
    }
}
