package dev.janus

import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.withTimeoutOrNull

/** What only Kotlin can do: call a channel's `trySend`, and suspend. Java in this package sees it, nobody else. */
private object ChannelOps {
    @JvmStatic
    fun newChannel(): Channel<Unit> = Channel(Channel.RENDEZVOUS)

    @JvmStatic
    fun trySend(channel: Channel<Unit>): Boolean = channel.trySend(Unit).isSuccess

    /** Suspends until the waiter's operation is done. */
    @JvmStatic
    suspend fun <T : Any> await(waiter: CoroutineWaiter<T>): T {
        var result = waiter.tryOrEnter()
        try {
            while (result == null) {
                suspendUntilWoken(waiter)
                result = waiter.tryAgain()
            }
        } catch (e: Throwable) {
            return waiter.leave() ?: throw e
        }
        return result
    }

    /** Suspends until the element is taken, or returns null when the time is up or the queue has ended. */
    @JvmStatic
    suspend fun <T : Any> awaitElement(waiter: CoroutineWaiter<T>, millis: Long): T? = try {
        awaitAtMost(waiter, millis)
    } catch (_: QueueShutDownException) {
        null
    }

    /** Suspends until the waiter's operation is done, or returns false when the time is up. */
    @JvmStatic
    suspend fun awaitDone(waiter: CoroutineWaiter<Unit>, millis: Long): Boolean = awaitAtMost(waiter, millis) != null

    /*
     * The time-out, or a cancellation, may strike when the operation is done and its block not yet over. The result is
     * kept outside of the block, and once there is one, nothing takes it away.
     */
    private suspend fun <T : Any> awaitAtMost(waiter: CoroutineWaiter<T>, millis: Long): T? {
        var result = waiter.tryOrEnter()
        if (result != null) {
            return result
        }
        try {
            withTimeoutOrNull(millis) {
                while (result == null) {
                    suspendUntilWoken(waiter)
                    result = waiter.tryAgain()
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
