package dev.janus

import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.ClosedSendChannelException
import kotlinx.coroutines.channels.ReceiveChannel
import kotlinx.coroutines.channels.SendChannel
import kotlinx.coroutines.channels.onSuccess
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.withTimeoutOrNull

/** What only Kotlin can do: call a channel's `trySend`, and suspend. Java in this package sees it, nobody else. */
private object CoroutineBridge {
    @JvmStatic
    fun newChannel(): Channel<Unit> = Channel(Channel.RENDEZVOUS)

    @JvmStatic
    fun trySend(channel: Channel<Unit>): Boolean = channel.trySend(Unit).isSuccess

    /** Whether the channel took the element. */
    @JvmStatic
    fun <E> offer(channel: SendChannel<E>, element: E): Boolean = channel.trySend(element).isSuccess

    /** What a put throws when the channel is closed: it is asked once more, for the cause. */
    @JvmStatic
    fun <E> refusal(channel: SendChannel<E>, element: E): QueueShutdownException {
        val cause = channel.trySend(element).exceptionOrNull()
        val given = cause.takeIf { it !is ClosedSendChannelException } // which stands for a close without a cause
        return QueueShutdownException("the channel is closed and accepts no more elements", given)
    }

    /** What a take throws when the channel is closed and nothing is left in it. */
    @JvmStatic
    fun endOf(channel: ReceiveChannel<*>): QueueShutdownException = QueueShutdownException(
        "the channel is closed and nothing is left in it",
        channel.tryReceive().exceptionOrNull(),
    )

    /** The next element, or null if there is none at once. */
    @JvmStatic
    fun <E> poll(channel: ReceiveChannel<E>): E? = channel.tryReceive()
        .onSuccess {
            it ?: throw NullPointerException("the channel delivered null: expected one without null elements")
        }
        .getOrNull()

    /** Throws what a channel has thrown, be it checked or not. */
    @JvmStatic
    fun rethrown(failure: Throwable): RuntimeException = throw failure

    /** Suspends until the waiter's operation is done. */
    @JvmStatic
    suspend fun <T : Any> await(waiter: CoroutineWaiter<T>): T {
        try {
            var result = waiter.tryOrEnqueue()
            while (result == null) {
                suspendUntilWoken(waiter)
                result = waiter.onWoken()
            }
            return result
        } catch (e: Throwable) {
            return waiter.leave() ?: throw e
        }
    }

    /** Suspends until the element is taken, or returns null when the time is up or the queue has ended. */
    @JvmStatic
    suspend fun <T : Any> awaitElement(waiter: CoroutineWaiter<T>, millis: Long): T? = try {
        awaitAtMost(waiter, millis)
    } catch (_: QueueShutdownException) {
        null
    }

    /** Suspends until the waiter's operation is done, or returns false when the time is up or the queue is shut down. */
    @JvmStatic
    suspend fun awaitDone(waiter: CoroutineWaiter<Unit>, millis: Long): Boolean = awaitElement(waiter, millis) != null

    /*
     * The timeout, or a cancellation, may strike when the operation is done and its block not yet over. The result is
     * kept outside of the block, and once there is one, nothing takes it away.
     */
    private suspend fun <T : Any> awaitAtMost(waiter: CoroutineWaiter<T>, millis: Long): T? {
        var result: T? = null
        try {
            result = waiter.tryOrEnqueue()
            if (result == null) {
                withTimeoutOrNull(millis) {
                    while (result == null) {
                        suspendUntilWoken(waiter)
                        result = waiter.onWoken()
                    }
                }
            }
        } catch (e: Throwable) {
            return result ?: waiter.leave() ?: throw e
        }
        return result ?: waiter.leave()
    }

    private suspend fun suspendUntilWoken(waiter: CoroutineWaiter<*>): Unit =
        suspendCancellableCoroutine { waiter.resumeWhenWoken(it) }
}
