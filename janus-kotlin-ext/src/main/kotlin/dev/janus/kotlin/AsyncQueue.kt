package dev.janus.kotlin

import dev.janus.AsyncQueue
import dev.janus.Lease
import dev.janus.QueueShutdownException
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.ChannelResult
import kotlinx.coroutines.channels.ReceiveChannel
import kotlinx.coroutines.channels.SendChannel
import kotlinx.coroutines.channels.produce
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.FlowCollector
import kotlinx.coroutines.launch
import kotlinx.coroutines.suspendCancellableCoroutine
import java.util.concurrent.TimeUnit
import kotlin.coroutines.Continuation
import kotlin.coroutines.startCoroutine
import kotlin.time.Duration

/**
 * Puts the element in, suspending for room for at most [timeout]. If it is cancelled while suspended, the element
 * was not added.
 *
 * ```
 * if (!orders.async().send(order, 100.milliseconds)) log("no room for $order")
 * ```
 *
 * @return false if the time passed without room; the element was not added
 * @throws QueueShutdownException if the queue is shut down before there is room; the element was not added
 */
public suspend fun <E : Any> AsyncQueue<E>.send(element: E, timeout: Duration): Boolean =
    send(element, timeout.inWholeNanoseconds, TimeUnit.NANOSECONDS)

/**
 * Takes the next element, suspending for one for at most [timeout]. If it is cancelled while suspended, no element
 * was taken. Unlike `withTimeoutOrNull(timeout) { receive() }` this is exact: null means that nothing was taken.
 *
 * ```
 * val order = orders.async().receive(100.milliseconds)
 * if (order == null) log("no order came") else ship(order)
 * ```
 *
 * @return null if the time passed without an element, or if the queue is shut down and nothing is left in it
 */
public suspend fun <E : Any> AsyncQueue<E>.receive(timeout: Duration): E? =
    receive(timeout.inWholeNanoseconds, TimeUnit.NANOSECONDS)

/**
 * Takes the next element, suspending for one as long as it takes. If it is cancelled while suspended, no element was
 * taken.
 *
 * ```
 * while (true) {
 *     val order = orders.async().receiveOrNull() ?: break
 *     ship(order)
 * }
 * ```
 *
 * @return null if the queue is shut down, without a cause, and nothing is left in it
 * @throws Throwable the cause, if the queue was shut down with one and nothing is left in it
 */
public suspend fun <E : Any> AsyncQueue<E>.receiveOrNull(): E? = try {
    receive()
} catch (e: QueueShutdownException) {
    e.cause?.let { throw it }
    null
}

/**
 * Takes the next element, suspending for one as long as it takes, and returns what a channel's `receiveCatching` would: a
 * closed result, with the cause of the shutdown if it has one, once the queue is shut down and nothing is left in it. If it
 * is cancelled while suspended, no element was taken.
 *
 * ```
 * orders.async().receiveCatching()
 *     .onSuccess { order -> ship(order) }
 *     .onClosed { cause -> log("no more orders: $cause") }
 * ```
 */
@OptIn(InternalCoroutinesApi::class) // it makes the result, whose type is public and stable
public suspend fun <E : Any> AsyncQueue<E>.receiveCatching(): ChannelResult<E> = try {
    ChannelResult.success(receive())
} catch (e: QueueShutdownException) {
    ChannelResult.closed(e.cause)
}

/**
 * Takes the next element, suspending for one as long as it takes, and passes it to the [block]. When the block returns, the
 * element's task is marked as done (the block must not call `taskDone`). When it throws or is cancelled, the element goes
 * back to the head of the queue, in a priority queue to where it belongs.
 *
 * ```
 * orders.async().process { order -> ship(order) }
 * ```
 *
 * If it is cancelled while suspended for an element, none was taken.
 *
 * @return what the block returned
 * @throws QueueShutdownException if the queue is shut down and nothing is left in it
 */
public suspend fun <E : Any, R> AsyncQueue<E>.process(block: suspend (E) -> R): R =
    receiveLease().use { lease -> block(lease.element()).also { lease.done() } }

/**
 * Takes one element after the other until the queue is shut down and nothing is left in it. The file must say
 * `import dev.janus.kotlin.iterator`.
 *
 * ```
 * for (order in orders.async()) {
 *     ship(order)
 * }
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
     * ```
     * val iterator = orders.async().iterator()
     * while (iterator.hasNext()) {
     *     ship(iterator.next())
     * }
     * ```
     *
     * @return false if the queue is shut down, without a cause, and nothing is left in it
     */
    public suspend operator fun hasNext(): Boolean {
        if (next == null) {
            next = queue.receiveOrNull()
        }
        return next != null
    }

    /**
     * Hands over the element that [hasNext] has taken. Never suspends.
     *
     * ```
     * val iterator = orders.async().iterator()
     * while (iterator.hasNext()) {
     *     ship(iterator.next())
     * }
     * ```
     *
     * @throws NoSuchElementException if [hasNext] was not called before, or returned false
     */
    public operator fun next(): E {
        val element = next ?: throw NoSuchElementException("expected a call of hasNext() that returned true")
        next = null
        return element
    }
}

/**
 * The elements still to come, each taken from the queue as it is collected. The flow ends when the queue is shut down
 * and nothing is left in it; a cause given to the shutdown is thrown to the collector. It may be collected more than
 * once, also at the same time: the collectors share the elements.
 *
 * Each element that is taken is handed to the collector, also when that is cancelled meanwhile. Operators that run ahead
 * of their collector (`buffer`, `flowOn`, `conflate` and the like) have elements in hand, and lose those when they are
 * cancelled; `cancellable` loses the one that it stops. None is needed for the collection to end when it is cancelled.
 *
 * ```
 * orders.async().asFlow().collect { order -> ship(order) }
 * ```
 */
public fun <E : Any> AsyncQueue<E>.asFlow(): Flow<E> = QueueFlow(this)

// Not the builder `flow { }`: its emit looks for cancellation first, and would drop the element that was just taken.
private class QueueFlow<E : Any>(private val queue: AsyncQueue<E>) : Flow<E> {
    override suspend fun collect(collector: FlowCollector<E>) {
        while (true) {
            currentCoroutineContext().ensureActive() // before the next element is taken, and not after
            collector.emit(queue.receiveOrNull() ?: return)
        }
    }
}

/**
 * A channel from which code that demands one receives the elements of this queue. A coroutine in the [scope] takes one
 * element at a time and offers it there. The channel is closed when the queue is shut down and nothing is left in it, with
 * the cause of the shutdown if it has one. The element on offer is on lease meanwhile, and no longer counts in the queue's
 * size; whoever receives it calls `taskDone` if the queue is to be joined.
 *
 * When the scope or the channel is cancelled, the element that was on offer goes back to the head of the queue. What the
 * channel has handed over is its receiver's: if that is cancelled at the same moment, kotlinx drops the element, as with any
 * channel. Where no element may be lost, receive from the queue itself.
 *
 * ```
 * val channel: ReceiveChannel<Order> = orders.async().produceIn(scope)
 * ```
 */
@OptIn(ExperimentalCoroutinesApi::class)
public fun <E : Any> AsyncQueue<E>.produceIn(scope: CoroutineScope): ReceiveChannel<E> = scope.produce {
    try {
        while (true) {
            offer(receiveLease())
        }
    } catch (e: QueueShutdownException) {
        close(e.cause)
    }
}

/*
 * The channel decides whether the element went over, and the answer must not be lost: so it is not this coroutine that
 * suspends in the channel's send, where a cancellation would hide the answer, but a coroutine of its own that has no
 * dispatcher, is cancelled only once it is suspended there, and in its last step ends the lease as the channel said.
 */
private suspend fun <E : Any> SendChannel<E>.offer(lease: Lease<E>): Unit = suspendCancellableCoroutine { pump ->
    val wait = Job()
    val ended = Continuation<Unit>(wait) { outcome ->
        if (outcome.isSuccess) lease.keep() else lease.close()
        pump.resumeWith(outcome)
    }
    suspend { send(lease.element()) }.startCoroutine(ended)
    pump.invokeOnCancellation { wait.cancel() }
}

/**
 * A channel through which code that demands one puts elements into this queue. A coroutine in the [scope] receives one
 * element at a time and sends it to the queue. Closing the channel ends that coroutine and leaves the queue open. When the
 * scope is cancelled, the queue has ended or it refuses an element because it is shut down, the channel is cancelled.
 *
 * A `send` on the channel returns when that coroutine has the element, which is before the queue has it. An element that
 * the queue did not accept afterwards, because of a cancellation or a shutdown, goes to [onUndeliveredElement], as do those
 * of senders that were suspended then.
 *
 * ```
 * val channel: SendChannel<Order> = orders.async().asSendChannel(scope) { order -> log("not sent: $order") }
 * ```
 */
public fun <E : Any> AsyncQueue<E>.asSendChannel(
    scope: CoroutineScope,
    onUndeliveredElement: (E) -> Unit,
): SendChannel<E> {
    val channel = Channel(Channel.RENDEZVOUS, onUndeliveredElement = onUndeliveredElement)
    val pump = scope.launch {
        val end = launch {
            awaitTermination()
            channel.cancel(CancellationException("the queue has ended"))
        }
        try {
            while (true) {
                val element = channel.receiveCatching().getOrNull() ?: break
                sendOrElse(element, onUndeliveredElement)
            }
        } catch (e: QueueShutdownException) {
            channel.cancel(CancellationException("the queue is shut down", e))
        }
        end.cancel()
    }
    pump.invokeOnCompletion { channel.cancel(CancellationException("the scope of the channel was cancelled", it)) }
    return channel
}

private suspend fun <E : Any> AsyncQueue<E>.sendOrElse(element: E, onUndeliveredElement: (E) -> Unit) {
    try {
        send(element)
    } catch (e: Throwable) {
        try {
            onUndeliveredElement(element)
        } catch (failure: Throwable) {
            e.addSuppressed(failure)
        }
        throw e
    }
}
