package dev.janus.stress

import dev.janus.JanusQueue
import dev.janus.QueueShutdownException
import dev.janus.fixtures.Ledger
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Job
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield
import java.util.SplittableRandom
import java.util.concurrent.Callable
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors
import java.util.concurrent.Future
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicLong
import java.util.concurrent.locks.LockSupport

/**
 * Four producers and four consumers, two threads and two coroutines of each, which disturb each other's every wait: the
 * threads are interrupted and the coroutines cancelled and started again at random, and the calls are plain, timed,
 * batched or not waiting at random. A producer repeats an element whose put failed, so that in the end each number
 * must have been received exactly once.
 */
class StressRig(private val queue: JanusQueue<Int>, private val count: Int, private val seed: Long) {
    val ledger = Ledger(count)
    val disturbed = AtomicLong()

    private val share = count / PRODUCERS
    private val threads: ExecutorService = Executors.newCachedThreadPool()

    fun run() {
        val dispatcher = Executors.newFixedThreadPool(2).asCoroutineDispatcher()
        try {
            runBlocking {
                val producers = listOf(threadProducer(0), threadProducer(1))
                val consumers = listOf(threadConsumer(2), threadConsumer(3))
                val sending = listOf(4, 5).map { i ->
                    launch(dispatcher) { restarted(dispatcher, i) { sendAll(it, i) } }
                }
                val receiving = listOf(6, 7).map { i ->
                    launch(dispatcher) { restarted(dispatcher, i) { receiveAll(it) } }
                }
                sending.forEach { it.join() }
                await(producers)
                queue.shutdown()
                await(consumers)
                receiving.forEach { it.join() }
            }
        } finally {
            threads.shutdownNow()
            dispatcher.close()
        }
    }

    /** A thread's work with its interrupter beside it. */
    private fun interrupted(i: Int, work: (SplittableRandom) -> Unit): Future<*> {
        val random = SplittableRandom(seed + i)
        return threads.submit(
            Callable {
                val worker = Thread.currentThread()
                val interrupter =
                    threads.submit {
                        val pace = SplittableRandom(seed - i)
                        while (!Thread.interrupted()) {
                            LockSupport.parkNanos(pace.nextLong(PACE_NANOS * CALM)) // a pace, waits for nothing
                            worker.interrupt()
                        }
                    }
                try {
                    work(random)
                } finally {
                    interrupter.cancel(true)
                }
            },
        )
    }

    private fun threadProducer(i: Int) = interrupted(i) { random ->
        var next = i * share
        while (next < (i + 1) * share) {
            try {
                next += putSome(next, (i + 1) * share, random)
            } catch (_: InterruptedException) {
                disturbed.incrementAndGet()
            }
        }
    }

    /** How many were put. */
    private fun putSome(next: Int, end: Int, random: SplittableRandom): Int {
        val done =
            when (random.nextInt(4)) {
                0 -> queue.sync().offer(next)
                1 -> queue.sync().offer(next, random.nextLong(TIMEOUT_NANOS), TimeUnit.NANOSECONDS)
                else -> true.also { queue.sync().put(next) }
            }
        check(next < end)
        return if (done) 1 else 0
    }

    private fun threadConsumer(i: Int) = interrupted(i) { random ->
        while (!queue.isTerminated) {
            try {
                takeSome(random).forEach(ledger::record)
            } catch (_: InterruptedException) {
                disturbed.incrementAndGet()
            } catch (_: QueueShutdownException) {
                check(queue.isTerminated)
            }
        }
    }

    private fun takeSome(random: SplittableRandom): List<Int> = when (random.nextInt(6)) {
        0 -> listOfNotNull(queue.sync().poll())
        1 -> listOfNotNull(queue.sync().poll(random.nextLong(TIMEOUT_NANOS), TimeUnit.NANOSECONDS))
        2 -> queue.sync().takeBatch(1 + random.nextInt(3))
        3 -> mutableListOf<Int>().also { queue.sync().drainTo(it, 1 + random.nextInt(3)) }
        else -> listOf(queue.sync().take())
    }

    /** Runs the work in a job that is cancelled at random, and again until it ends by itself. */
    private suspend fun restarted(dispatcher: CoroutineDispatcher, i: Int, work: suspend (Progress) -> Unit) =
        coroutineScope {
            val pace = SplittableRandom(seed - i)
            val progress = Progress(SplittableRandom(seed + i), (i - PRODUCERS + 2) * share)
            while (!progress.ended) {
                val job = launch(dispatcher) { work(progress) }
                while (!job.isCompleted && pace.nextInt(PATIENCE * CALM) != 0) {
                    yield()
                }
                cancel(job)
            }
        }

    private suspend fun cancel(job: Job) {
        if (!job.isCompleted) {
            disturbed.incrementAndGet()
        }
        job.cancelAndJoin()
    }

    /** What survives a restart. */
    private class Progress(val random: SplittableRandom, var next: Int) {
        var ended = false
    }

    private suspend fun sendAll(progress: Progress, i: Int) {
        val end = (i - PRODUCERS + 3) * share
        while (progress.next < end) {
            val sent =
                when (progress.random.nextInt(4)) {
                    0 -> queue.async().trySend(progress.next)
                    1 -> queue.async().send(progress.next, progress.random.nextLong(2), TimeUnit.MILLISECONDS)
                    else -> true.also { queue.async().send(progress.next) }
                }
            if (sent) {
                progress.next++
            }
            if (progress.random.nextInt(PATIENCE) == 0) {
                yield()
            }
        }
        progress.ended = true
    }

    private suspend fun receiveAll(progress: Progress) {
        try {
            while (true) {
                receiveSome(progress.random).forEach(ledger::record)
                if (progress.random.nextInt(PATIENCE) == 0) {
                    yield()
                }
            }
        } catch (e: CancellationException) {
            throw e
        } catch (_: QueueShutdownException) {
            progress.ended = true
        }
    }

    private suspend fun receiveSome(random: SplittableRandom): List<Int> = when (random.nextInt(6)) {
        0 -> listOfNotNull(queue.async().tryReceive())
        1 -> listOfNotNull(queue.async().receive(random.nextLong(2), TimeUnit.MILLISECONDS))
        2 -> queue.async().receiveBatch(1 + random.nextInt(3))
        else -> listOf(queue.async().receive())
    }

    private fun await(workers: List<Future<*>>) = workers.forEach { it.get() }

    companion object {
        const val PRODUCERS = 4
        private const val PACE_NANOS = 100_000L
        private const val TIMEOUT_NANOS = 50_000L
        private const val PATIENCE = 20

        /** How many times rarer the disturbances are than in the normal build. */
        private val CALM = Integer.getInteger("janus.stress.calm", 1)
    }
}
