package dev.janus.kotlin

import dev.janus.AsyncQueue
import dev.janus.QueueShutDownException
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.FlowCollector
import java.util.concurrent.TimeUnit
import kotlin.time.Duration

/**
 * Puts the element in, suspending for room for at most [timeout]. If it is cancelled while suspended, the element
 * was not added.
 *
 * @return false if the time passed without room; the element was not added
 * @throws QueueShutDownException if the queue is shut down before there is room; the element was not added
 */
public suspend fun <E : Any> AsyncQueue<E>.send(element: E, timeout: Duration): Boolean =
    send(element, timeout.inWholeNanoseconds, TimeUnit.NANOSECONDS)

/**
 * Takes the next element, suspending for one for at most [timeout]. If it is cancelled while suspended, no element
 * was taken. Unlike `withTimeoutOrNull(timeout) { receive() }` this is exact: null means that nothing was taken.
 *
 * @return null if the time passed without an element, or if the queue is shut down and nothing is left in it
 */
public suspend fun <E : Any> AsyncQueue<E>.receive(timeout: Duration): E? =
    receive(timeout.inWholeNanoseconds, TimeUnit.NANOSECONDS)

/**
 * Takes one element after the other until the queue is shut down and nothing is left in it:
 *
 * ```
 * import dev.janus.kotlin.iterator
 *
 * for (element in queue.async()) { … }
 * ```
 *
 * If the queue was shut down with a cause, the loop does not end quietly: it throws the cause. If it is cancelled
 * while suspended, no element was taken.
 */
public operator fun <E : Any> AsyncQueue<E>.iterator(): AsyncQueueIterator<E> = AsyncQueueIterator(this)

/** Takes one element after the other; see [iterator]. For one coroutine. */
public class AsyncQueueIterator<E : Any> internal constructor(private val queue: AsyncQueue<E>) {
    /** Taken by [hasNext] and not yet handed over by [next]. */
    private var next: E? = null

    /**
     * Suspends for the next element and takes it, for [next] to hand over. If it is cancelled while suspended, no
     * element was taken.
     *
     * @return false if the queue is shut down, without a cause, and nothing is left in it
     */
    public suspend operator fun hasNext(): Boolean {
        if (next == null) {
            next = receiveOrEnd()
        }
        return next != null
    }

    /**
     * Hands over the element that [hasNext] has taken. Never suspends.
     *
     * @throws NoSuchElementException if [hasNext] was not called before, or returned false
     */
    public operator fun next(): E {
        val element = next ?: throw NoSuchElementException("expected a call of hasNext() that returned true")
        next = null
        return element
    }

    private suspend fun receiveOrEnd(): E? = try {
        queue.receive()
    } catch (e: QueueShutDownException) {
        e.cause?.let { throw it }
        null
    }
}

/**
 * The elements still to come, each taken from the queue as it is collected. The flow ends when the queue is shut down
 * and nothing is left in it; a cause given to the shutdown is thrown to the collector. It may be collected more than
 * once, also at the same time: the collectors share the elements.
 *
 * Each element that is taken is handed to the collector, also when that is cancelled meanwhile. Operators that run ahead
 * of their collector (`buffer`, `flowOn`, `conflate` and the like) have elements in hand, and lose those when they are
 * cancelled.
 */
public fun <E : Any> AsyncQueue<E>.asFlow(): Flow<E> = QueueFlow(this)

// Not the builder `flow { }`: its emit looks for cancellation first, and would drop the element that was just taken.
private class QueueFlow<E : Any>(private val queue: AsyncQueue<E>) : Flow<E> {
    override suspend fun collect(collector: FlowCollector<E>) {
        for (element in queue) {
            collector.emit(element)
        }
    }
}
