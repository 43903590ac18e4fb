package dev.janus.kotlin

import dev.janus.AsyncQueue
import dev.janus.JanusQueue
import dev.janus.SyncQueue
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.launch
import java.util.concurrent.atomic.AtomicReference
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext

/**
 * Collects this flow and adds each element to the [queue], suspending while there is no room. Returns when the flow has
 * ended; the queue stays open. If the coroutine is cancelled, an element that was waiting for room was not added.
 *
 * ```
 * mail.collectInto(orders.async())
 * ```
 *
 * @throws dev.janus.QueueShutdownException if the queue is shut down before the flow has ended; the element that was
 * waiting for room was not added
 * @throws IllegalStateException if the queue is bound to another dispatcher than the caller's
 */
public suspend fun <T : Any> Flow<T>.collectInto(queue: AsyncQueue<T>): Unit = collect { queue.send(it) }

/**
 * Returns a queue from which threads take the elements of this flow. Never waits. A coroutine in the [scope] collects
 * the flow, and suspends while the queue holds [capacity] elements.
 *
 * When the flow ends, the queue is shut down: takers get the elements that are left and are then refused, and
 * `untilShutdown` ends. If the flow fails or the scope is cancelled, the queue is shut down with that exception as the
 * cause. A failure of the flow does not cancel the scope.
 *
 * ```
 * for (order in mail.asBlockingQueue(scope, capacity = 64).untilShutdown()) ship(order)
 * ```
 *
 * To end it early, cancel the scope.
 *
 * **The scope's own thread.** Do not take on the only thread of the scope's dispatcher: the flow is collected there, so
 * the take would wait forever. The queue is bound to the dispatcher, and a take that would have to wait on its only
 * thread throws [IllegalStateException] and takes nothing. Collect the flow there instead.
 *
 * The thread must be recognized (see [JanusQueue.Builder.blockingGuard]). The main thread always is, and an executor's
 * thread is once it has run a task after this call. A take in the same task as this call still blocks, and so does a
 * take on the thread of `runBlocking`. On an executor with several threads, a take may wait once another thread has
 * collected from the flow.
 *
 * The queue is not bound if the scope has no dispatcher, or one that needs no dispatch on the calling thread, such as
 * `Dispatchers.Unconfined`. It is bound to `Dispatchers.Main.immediate`, though.
 *
 * @throws IllegalArgumentException if the capacity is negative
 */
public fun <T : Any> Flow<T>.asBlockingQueue(scope: CoroutineScope, capacity: Int): SyncQueue<T> {
    val loop = scope.coroutineContext.loop()
    val collectingThread = AtomicReference<Thread>()
    val queue: JanusQueue<T> = janusQueue(capacity, boundTo = loop) {
        blockingGuard { call ->
            if (collectingThread.get().let { it == null || it == Thread.currentThread() }) {
                throw IllegalStateException(
                    "a thread of $loop would have to wait for a flow that asBlockingQueue collects on it, and would " +
                        "deadlock: collect the flow there, or take on another thread",
                    call,
                )
            }
        }
    }
    var failure: Throwable? = null
    val collection = scope.launch {
        collectingThread.set(Thread.currentThread())
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

/** Returns the dispatcher of the context, or null if a queue cannot be bound to it. */
internal fun CoroutineContext.loop(): CoroutineDispatcher? =
    (this[ContinuationInterceptor] as? CoroutineDispatcher)?.takeIf { it !== Dispatchers.Unconfined }
