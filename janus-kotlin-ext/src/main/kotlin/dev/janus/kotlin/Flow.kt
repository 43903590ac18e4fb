package dev.janus.kotlin

import dev.janus.AsyncQueue
import dev.janus.JanusQueue
import dev.janus.SyncQueue
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.launch

/**
 * Collects this flow and puts each of its elements into the [queue], suspending for room. Returns when the flow has ended;
 * the queue stays open. If it is cancelled, the element that is then on its way was not added.
 *
 * ```
 * mail.collectInto(orders.async())
 * ```
 *
 * @throws dev.janus.QueueShutdownException if the queue is shut down before the flow has ended; the element that was then on
 * its way was not added
 */
public suspend fun <T : Any> Flow<T>.collectInto(queue: AsyncQueue<T>): Unit = collect { queue.send(it) }

/**
 * A queue from which threads take what this flow emits. A coroutine in the [scope] collects the flow and waits while
 * [capacity] elements have not been taken. When the flow ends, the queue is shut down: those that take drain it, and are then
 * refused, and `untilShutdown` ends. When the flow fails, or the scope is cancelled, the same happens with that exception as
 * the cause; the failure of the flow does not cancel the scope.
 *
 * ```
 * for (order in mail.asBlockingQueue(scope, capacity = 64).untilShutdown()) ship(order)
 * ```
 *
 * To end it early, cancel the scope. The scope must run on other threads than the one that takes: a thread that waits for a
 * coroutine that needs it waits for ever.
 *
 * @throws IllegalArgumentException if the capacity is negative
 */
public fun <T : Any> Flow<T>.asBlockingQueue(scope: CoroutineScope, capacity: Int): SyncQueue<T> {
    val queue: JanusQueue<T> = janusQueue(capacity)
    var failure: Throwable? = null
    val collection = scope.launch {
        try {
            collectInto(queue.async())
        } catch (e: CancellationException) {
            throw e
        } catch (e: Throwable) {
            failure = e
        }
    }
    collection.invokeOnCompletion { cancelled ->
        val cause = failure ?: cancelled
        if (cause == null) queue.shutdown() else queue.shutdown(cause)
    }
    return queue.sync()
}
