package dev.janus.kotlin

import dev.janus.JanusQueue
import dev.janus.Request
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.withTimeoutOrNull
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionException
import kotlin.coroutines.resume
import kotlin.time.Duration

/**
 * Sends a [Request] with this question to the workers of the queue, and suspends until it is answered.
 *
 * ```
 * val rows = statements.ask("delete from orders")
 * ```
 *
 * **Cancellation.** If the coroutine is cancelled, it gives the request up, and throws
 * [CancellationException][kotlinx.coroutines.CancellationException]. If no worker has begun the request, it leaves the
 * queue; otherwise the worker's reply is refused. If the reply came first, returns it. A timeout *around* this call can
 * lose a reply that the worker takes for delivered: use `ask` with a timeout.
 *
 * @throws Throwable the failure of the request
 * @throws dev.janus.QueueShutdownException if the queue is shut down before there is room, or `shutdownNow` has handed
 * the request back
 */
public suspend fun <Q : Any, A : Any> JanusQueue<Request<Q, A>>.ask(question: Q): A {
    currentCoroutineContext().ensureActive()
    val reply = Request<Q, A>(question).askAsync(this)
    awaitOrGiveUp(reply)
    return reply.value()
}

/**
 * Sends a [Request] with this question to the workers of the queue, and suspends up to the [timeout] until it is answered.
 * Then gives the request up. If the timeout is zero or less, it needs a reply at once.
 *
 * The caller's dispatcher measures the time, in whole milliseconds, rounded up. Unlike
 * `withTimeoutOrNull(timeout) { ask(question) }`, this is exact: null means that no worker's reply was accepted.
 *
 * ```
 * val rows = statements.ask("delete from orders", 10.seconds) ?: log("no reply came in time")
 * ```
 *
 * @return null if the time elapsed
 * @throws Throwable the failure of the request
 * @throws dev.janus.QueueShutdownException if the queue is shut down before there is room, or `shutdownNow` has handed
 * the request back
 * @throws kotlinx.coroutines.CancellationException if cancelled before or while suspended; the request was given up
 */
public suspend fun <Q : Any, A : Any> JanusQueue<Request<Q, A>>.ask(question: Q, timeout: Duration): A? {
    currentCoroutineContext().ensureActive()
    val reply = Request<Q, A>(question).askAsync(this)
    try {
        withTimeoutOrNull(timeout) { awaitOrGiveUp(reply) }
    } catch (e: CancellationException) { // also if it strikes between the reply and the end of the block
        if (reply.cancel(false) || reply.isCancelled) throw e
    }
    return if (reply.cancel(false) || reply.isCancelled) null else reply.value()
}

/** Returns when there is a reply. If the coroutine is cancelled before, gives the request up, and throws. */
private suspend fun awaitOrGiveUp(reply: CompletableFuture<*>) {
    try {
        suspendCancellableCoroutine { continuation ->
            continuation.invokeOnCancellation { reply.cancel(false) }
            reply.whenComplete { _, _ -> continuation.resume(Unit) }
        }
    } catch (e: CancellationException) {
        if (reply.cancel(false) || reply.isCancelled) throw e
    }
}

private fun <A : Any> CompletableFuture<A>.value(): A = try {
    join()
} catch (e: CompletionException) {
    throw e.cause ?: e
}

/**
 * Begins the request, calls the [block], and replies with its result. If the block throws or is cancelled, the request
 * fails with that exception; if the asker has given up meanwhile, the exception is ignored. Does nothing if the asker has
 * given the request up before.
 *
 * ```
 * for (request in statements.async()) {
 *     request.handleSuspending { statement -> execute(statement) }
 * }
 * ```
 *
 * @return true if the asker gets the reply or the failure
 * @throws kotlinx.coroutines.CancellationException if this coroutine is cancelled; the request has failed
 */
public suspend fun <Q : Any, A : Any> Request<Q, A>.handleSuspending(block: suspend (Q) -> A): Boolean {
    if (!begin()) return false
    return try {
        reply(block(question()))
    } catch (e: Throwable) {
        fail(e).also { currentCoroutineContext().ensureActive() }
    }
}
