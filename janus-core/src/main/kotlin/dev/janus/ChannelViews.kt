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
 * The queue as kotlinx channels: views that call the queue itself. There is no coroutine and no buffer in between, so
 * nothing can get lost there. What differs is only in words: what a channel throws and returns at its end.
 */

/** Puts into the queue. */
@OptIn(DelicateCoroutinesApi::class, InternalCoroutinesApi::class) // it makes results, whose type is public and stable
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

/** Takes from the queue; once it is cancelled, from an empty queue that was shut down with the reason. */
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

    /** Shuts the queue down: what is left in it stays there, for others to take. */
    override fun cancel(cause: CancellationException?) {
        end(cause ?: CancellationException("the channel was cancelled"))
    }

    @Deprecated("hidden by kotlinx.coroutines", level = DeprecationLevel.HIDDEN)
    override fun cancel(cause: Throwable?): Boolean =
        end(CancellationException("the channel was cancelled").apply { initCause(cause) })

    /** Without the reason for those that take what is left: they are not cancelled. */
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

/** For Java in this package, which cannot make these. */
private object ChannelViews {
    @JvmStatic
    fun <E : Any> send(queue: JanusQueue<E>, clauses: SelectClauses<E>): SendChannel<E> = SendView(queue, clauses)

    @JvmStatic
    fun <E : Any> receive(queue: JanusQueue<E>): ReceiveChannel<E> = ReceiveView(queue)

    /** A [ChannelResult] of what is received. */
    @JvmStatic
    fun <E : Any> catching(receive: Supplier<E>): Any = resultOf { receive.get() }

    /** What was received, or that there is no more to receive. */
    @OptIn(InternalCoroutinesApi::class)
    inline fun <E : Any> resultOf(receive: () -> E): ChannelResult<E> = try {
        ChannelResult.success(receive())
    } catch (e: QueueShutdownException) {
        ChannelResult.closed(e.cause)
    }
}
