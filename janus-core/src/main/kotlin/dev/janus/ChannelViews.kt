package dev.janus

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.channels.ChannelIterator
import kotlinx.coroutines.channels.ChannelResult
import kotlinx.coroutines.channels.ClosedReceiveChannelException
import kotlinx.coroutines.channels.ClosedSendChannelException
import kotlinx.coroutines.channels.ReceiveChannel
import kotlinx.coroutines.channels.SendChannel
import kotlinx.coroutines.selects.SelectClause1
import kotlinx.coroutines.selects.SelectClause2
import java.util.function.Supplier

/*
 * Views of a queue as kotlinx channels. Each call on a view is a call on the queue; there is no coroutine or buffer in
 * between, in which an element could get lost. The views only translate what happens at the end: they throw and return
 * what a closed channel does.
 */

/** A view to send to. */
@OptIn(DelicateCoroutinesApi::class, InternalCoroutinesApi::class) // creates results, whose type is public and stable
private class SendView<E : Any>(private val queue: JanusQueue<E>, private val clauses: SelectClauses<E>) :
    SendChannel<E> {
    override val isClosedForSend: Boolean
        get() = queue.isShutdown

    override suspend fun send(element: E) = inChannelWords { queue.async().send(element) }

    override fun trySend(element: E): ChannelResult<Unit> = when {
        queue.async().trySend(element) -> ChannelResult.success(Unit)

        queue.isShutdown -> ChannelResult.closed(
            queue.shutdownCause() ?: ClosedSendChannelException("the queue is shut down"),
        )

        else -> ChannelResult.failure()
    }

    override val onSend: SelectClause2<E, SendChannel<E>>
        get() = clauses.onSend { granted ->
            inChannelWords { granted.get() }
            this
        }

    override fun close(cause: Throwable?): Boolean = queue.buffer.shutdownAfterPuts(cause)

    override fun invokeOnClose(handler: (cause: Throwable?) -> Unit) = queue.onShutdown(handler)

    private inline fun <T> inChannelWords(call: () -> T): T = try {
        call()
    } catch (e: QueueShutdownException) {
        throw e.cause ?: ClosedSendChannelException(e.message)
    }

    override fun toString() = "SendChannel of $queue"
}

/**
 * A view to receive from. When it is cancelled, it replaces its source by an empty queue that was shut down with the
 * given exception: later calls then fail with that exception, while others can still take from the real queue.
 */
@OptIn(DelicateCoroutinesApi::class, ExperimentalCoroutinesApi::class, InternalCoroutinesApi::class)
private class ReceiveView<E : Any>(private val queue: JanusQueue<E>) : ReceiveChannel<E> {
    @Volatile
    private var source = queue

    override val isClosedForReceive: Boolean
        get() = source.isTerminated

    override val isEmpty: Boolean
        get() = source.isEmpty && !source.isTerminated

    override suspend fun receive(): E = inChannelWords { source.async().receive() }

    override suspend fun receiveCatching(): ChannelResult<E> = ChannelViews.resultOf { source.async().receive() }

    override fun tryReceive(): ChannelResult<E> {
        val from = source
        val element = from.async().tryReceive()
        return when {
            element != null -> ChannelResult.success(element)
            from.isTerminated -> ChannelResult.closed(from.shutdownCause())
            else -> ChannelResult.failure()
        }
    }

    override val onReceive: SelectClause1<E>
        get() = SelectClauses(source.buffer, queue.dispatcher).onReceive { granted -> inChannelWords { granted.get() } }

    override val onReceiveCatching: SelectClause1<ChannelResult<E>>
        get() = source.async().onReceiveCatching

    override fun iterator(): ChannelIterator<E> = ViewIterator(this)

    /** Shuts the queue down. The elements that are left stay in it, for others to take. */
    override fun cancel(cause: CancellationException?) {
        end(cause ?: CancellationException("the channel was cancelled"))
    }

    @Deprecated("hidden by kotlinx.coroutines", level = DeprecationLevel.HIDDEN)
    override fun cancel(cause: Throwable?): Boolean =
        end(CancellationException("the channel was cancelled").apply { initCause(cause) })

    /** Shuts the queue down without the reason as its cause, as others that take from the queue are not cancelled. */
    private fun end(reason: CancellationException): Boolean {
        val isFirst = synchronized(this) {
            (source === queue).also { if (it) source = JanusQueue.unbounded<E>().apply { shutdown(reason) } }
        }
        queue.shutdown()
        return isFirst
    }

    private inline fun <T> inChannelWords(call: () -> T): T = try {
        call()
    } catch (e: QueueShutdownException) {
        throw e.cause ?: ClosedReceiveChannelException(e.message)
    }

    override fun toString() = "ReceiveChannel of $queue"
}

private class ViewIterator<E : Any>(private val channel: ReceiveChannel<E>) : ChannelIterator<E> {
    private var next: ChannelResult<E>? = null

    override suspend fun hasNext(): Boolean {
        val result = next ?: channel.receiveCatching().also { next = it }
        if (result.isClosed) result.exceptionOrNull()?.let { throw it }
        return result.isSuccess
    }

    override fun next(): E {
        val result = checkNotNull(next) { "expected hasNext() before next()" }
        if (result.isClosed) throw result.exceptionOrNull() ?: ClosedReceiveChannelException("the channel is closed")
        next = null
        return result.getOrThrow()
    }
}

/** Creates views and results for the Java code of this package, to which this object is package-private. */
private object ChannelViews {
    @JvmStatic
    fun <E : Any> send(queue: JanusQueue<E>, clauses: SelectClauses<E>): SendChannel<E> = SendView(queue, clauses)

    @JvmStatic
    fun <E : Any> receive(queue: JanusQueue<E>): ReceiveChannel<E> = ReceiveView(queue)

    /** Returns a [ChannelResult], typed as [Any] because Java cannot name a value class. */
    @JvmStatic
    fun <E : Any> catching(receive: Supplier<E>): Any = resultOf { receive.get() }

    /** Returns the element as a successful result, or a closed result if the queue is shut down and empty. */
    @OptIn(InternalCoroutinesApi::class)
    inline fun <E : Any> resultOf(receive: () -> E): ChannelResult<E> = try {
        ChannelResult.success(receive())
    } catch (e: QueueShutdownException) {
        ChannelResult.closed(e.cause)
    }
}
