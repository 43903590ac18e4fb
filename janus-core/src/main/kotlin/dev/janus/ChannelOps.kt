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
    suspend fun <T : Any> await(waiter: CoroutineWaiter<T>): T =
        checkNotNull(await(waiter) { suspendUntilWoken(waiter) })

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
     * The time-out surrounds the wake-up alone and never the operation: the operation runs after the
     * time-out is over, if at all, and nothing can take its result away any more.
     */
    private suspend fun <T : Any> awaitAtMost(waiter: CoroutineWaiter<T>, millis: Long): T? {
        val start = System.nanoTime()
        return await(waiter) {
            val passed = (System.nanoTime() - start) / NANOS_PER_MILLI
            withTimeoutOrNull(millis - passed) { suspendUntilWoken(waiter) }
        }
    }

    /** Tries the operation after each wake-up, until it is done or [wakeUp] returns null. */
    private suspend inline fun <T : Any> await(waiter: CoroutineWaiter<T>, wakeUp: () -> Unit?): T? {
        waiter.bePatient()
        var result = waiter.tryOrEnter()
        while (result == null) {
            try {
                wakeUp() ?: return waiter.leave()
            } catch (e: Throwable) {
                return waiter.leave() ?: throw e
            }
            result = waiter.tryAgain()
        }
        return result
    }

    private suspend fun suspendUntilWoken(waiter: CoroutineWaiter<*>): Unit =
        suspendCancellableCoroutine { waiter.resumeWhenWoken(it) }

    private const val NANOS_PER_MILLI = 1_000_000L
}
