@file:JvmName("ThreadFlows")

package dev.janus.kotlin

import dev.janus.BlockingGuard
import dev.janus.JanusQueue
import dev.janus.SyncQueue
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.FlowCollector
import kotlinx.coroutines.withContext
import java.util.concurrent.Executor
import java.util.concurrent.FutureTask
import java.util.concurrent.atomic.AtomicBoolean

/** Code that blocks, and puts elements into a queue. See [threadFlow]. */
public fun interface BlockingProducer<E : Any> {
    /**
     * Puts the elements into the receiver, and may block. Returns after the last one. If the collector has ended, `put`
     * throws, and the element stays with the producer.
     *
     * ```
     * private class OrdersOf(private val rows: ResultSet) : BlockingProducer<Order> {
     *     override fun SyncQueue<Order>.produce() {
     *         while (rows.next()) put(Order(rows.getInt("deadline")))
     *     }
     * }
     * ```
     */
    @Throws(Exception::class)
    public fun SyncQueue<E>.produce()
}

/**
 * Returns a flow of the elements that the [producer] puts. Never waits itself. The producer runs on a thread of its own, so it may call code
 * that blocks: a JDBC cursor, a serial port, the output of a process.
 *
 * ```
 * val lines = threadFlow<String>(onCancel = { process.destroy() }) {
 *     process.inputStream.bufferedReader().forEachLine { put(it) }
 * }
 * lines.take(10).collect { line -> log(line) }
 * ```
 *
 * The flow is cold: each collection runs the producer again.
 *
 * **Waiting.** `put` blocks the thread while [capacity] elements wait for the collector. With capacity 0 it returns
 * when the collector takes the element.
 *
 * **End.** The flow ends when the producer has returned. If the producer throws, the flow first delivers the elements
 * that were put before, and then throws the same exception.
 *
 * **Cancellation.** If the collector ends first, because it was cancelled, has failed or wants no more elements, then
 * [onCancel] is called, the producer's thread is interrupted, and `put` throws [dev.janus.QueueShutdownException] or
 * [InterruptedException]. The collector ends only when the producer has ended, so nothing is left running. What the
 * producer throws then is ignored. Elements that were put and not collected are dropped.
 *
 * **From Java.** The producer is a lambda that gets the queue, and may throw checked exceptions.
 *
 * @param capacity how many elements may wait for the collector
 * @param executor runs the producer, which blocks one of its threads while it waits. So the collector must not depend on
 * these threads: if producers block all threads of a pool, collectors that run on the same pool wait forever. The
 * default starts a daemon thread for each collection; an executor of virtual threads does as well. If it runs tasks on
 * the calling thread, `collect` throws [IllegalStateException]
 * @param onCancel ends what the producer waits for if an interrupt does not: it cancels a statement or closes a socket.
 * Called at most once for each collection, on a thread of its own, before the producer is interrupted. The producer may
 * have just begun, or just ended. What it throws is added to the exception that the collector failed with, or else thrown
 * by the collector, after the producer has ended
 * @throws IllegalArgumentException if the capacity is negative
 */
@JvmOverloads
public fun <E : Any> threadFlow(
    capacity: Int = 16,
    executor: Executor = NEW_THREAD,
    onCancel: Runnable? = null,
    producer: BlockingProducer<E>,
): Flow<E> {
    JanusQueue.builder<E>().capacity(capacity) // checks it before the flow is collected
    return ThreadFlow(capacity, executor, onCancel, producer)
}

private val NEW_THREAD = Executor { task -> Thread(task, "janus-thread-flow").apply { isDaemon = true }.start() }

private class ThreadFlow<E : Any>(
    private val capacity: Int,
    private val executor: Executor,
    private val onCancel: Runnable?,
    private val producer: BlockingProducer<E>,
) : Flow<E> {
    override suspend fun collect(collector: FlowCollector<E>) {
        val queue = janusQueue<E>(capacity, boundTo = currentCoroutineContext().loop()) {
            blockingGuard(BlockingGuard.allow()) // the producer may run on another thread of the collector's dispatcher
        }
        val production = Production(queue, producer)
        production.begin(executor)
        try {
            for (element in queue.async()) collector.emit(element)
        } catch (e: Throwable) {
            val failure = withContext(NonCancellable) { production.end(onCancel) }
            if (failure != null && e is CancellationException) throw failure
            failure?.let(e::addSuppressed)
            throw e
        }
        withContext(NonCancellable) { production.end(onCancel) }
    }
}

/** One run of a producer. */
private class Production<E : Any>(private val queue: JanusQueue<E>, producer: BlockingProducer<E>) : Runnable {
    /** Set by the thread that begins to produce, or else by the collector that has ended before. */
    private val hasBegun = AtomicBoolean()

    /** It interrupts the thread only while that produces, as the thread may belong to a pool. */
    private val task = FutureTask<Unit> {
        try {
            with(producer) { queue.sync().produce() }
            queue.shutdown()
        } catch (e: Throwable) {
            queue.shutdown(e)
        }
    }
    private val hasEnded = Job()

    private val collectorThread = Thread.currentThread()

    /** These two are accessed only by the collector's thread. */
    private var isHandedOver = false
    private var wasRunHere = false

    fun begin(executor: Executor) {
        executor.execute(this)
        isHandedOver = true
        check(!wasRunHere) {
            "the executor of a threadFlow ran the producer on the collector's thread: expected another thread"
        }
    }

    override fun run() {
        if (Thread.currentThread() === collectorThread && !isHandedOver) {
            wasRunHere = true
            return
        }
        if (!hasBegun.compareAndSet(false, true)) return
        task.run()
        if (task.isCancelled) Thread.interrupted() // the interrupt was meant for the producer
        hasEnded.complete()
    }

    /**
     * Returns when nothing is running any more. If the producer has not ended before, it is cancelled.
     *
     * @return what [onCancel] has thrown
     */
    suspend fun end(onCancel: Runnable?): Throwable? {
        if (hasBegun.compareAndSet(false, true)) return null
        var failure: Throwable? = null
        if (!queue.isShutdown) {
            queue.shutdownNow()
            failure = onCancel?.let { runOnNewThread(it) }
        }
        task.cancel(true)
        hasEnded.join()
        return failure
    }

    /** Runs the call where it may block. Returns what it has thrown. */
    private suspend fun runOnNewThread(call: Runnable): Throwable? {
        val failure = CompletableDeferred<Throwable?>()
        NEW_THREAD.execute { failure.complete(runCatching(call::run).exceptionOrNull()) }
        return failure.await()
    }
}
