package dev.janus

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.ClosedSendChannelException
import kotlinx.coroutines.channels.ReceiveChannel
import kotlinx.coroutines.channels.SendChannel
import kotlinx.coroutines.channels.onSuccess
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.coroutines.yield
import java.util.function.BooleanSupplier
import kotlin.coroutines.resumeWithException

/**
 * Does for the Java code of this package what only Kotlin can: call a channel's `trySend`, and suspend. A private
 * object of Kotlin is package-private to Java.
 */
private object CoroutineBridge {
    /** Where timers run: not on the threads of a dispatcher that users may block, as the time limit of a lease may end that. */
    @OptIn(ExperimentalCoroutinesApi::class) // stable since coroutines 1.9
    private val TIMERS by lazy { Dispatchers.IO.limitedParallelism(TIMER_THREADS) }

    private const val TIMER_THREADS = 8
    private const val RETRY_MILLIS = 1_000L

    @JvmStatic
    fun newChannel(): Channel<Unit> = Channel(Channel.RENDEZVOUS)

    @JvmStatic
    fun trySend(channel: Channel<Unit>): Boolean = channel.trySend(Unit).isSuccess

    /** Returns true if the channel accepted the element. */
    @JvmStatic
    fun <E> offer(channel: SendChannel<E>, element: E): Boolean = channel.trySend(element).isSuccess

    /**
     * Returns the exception of a put on a closed channel. Tries to send once more, to get the cause from the channel.
     */
    @JvmStatic
    fun <E> refusal(channel: SendChannel<E>, element: E): QueueShutdownException {
        val cause = channel.trySend(element).exceptionOrNull()
        val given = cause.takeIf { it !is ClosedSendChannelException } // thrown if there is no cause
        return QueueShutdownException("the channel is closed and accepts no more elements", given)
    }

    /** Returns the exception of a take from a channel that is closed and empty. */
    @JvmStatic
    fun endOf(channel: ReceiveChannel<*>): QueueShutdownException = QueueShutdownException(
        "the channel is closed and nothing is left in it",
        channel.tryReceive().exceptionOrNull(),
    )

    /** Takes the next element, or returns null if none is available. */
    @JvmStatic
    fun <E> poll(channel: ReceiveChannel<E>): E? = channel.tryReceive()
        .onSuccess {
            it ?: throw NullPointerException("the channel delivered null: expected one without null elements")
        }
        .getOrNull()

    /** Throws the failure of a channel, checked or not. The return type lets Java write `throw rethrown(e)`. */
    @JvmStatic
    fun rethrown(failure: Throwable): RuntimeException = throw failure

    /*
     * A waiting coroutine is shown by debuggers and by kotlinx's DebugProbes with the functions that it is suspended in.
     * So each call has a function of its own here.
     */

    @JvmStatic
    suspend fun <T : Any> send(waiter: CoroutineWaiter<T>): T = await(waiter)

    @JvmStatic
    suspend fun <T : Any> sendAll(waiter: CoroutineWaiter<T>): T = await(waiter)

    @JvmStatic
    suspend fun <T : Any> receive(waiter: CoroutineWaiter<T>): T = await(waiter)

    @JvmStatic
    suspend fun <T : Any> receiveBatch(waiter: CoroutineWaiter<T>): T = await(waiter)

    @JvmStatic
    suspend fun <T : Any> receiveLease(waiter: CoroutineWaiter<T>): T = await(waiter)

    @JvmStatic
    suspend fun <T : Any> receiveLeaseBatch(waiter: CoroutineWaiter<T>): T = await(waiter)

    @JvmStatic
    suspend fun <E : Any> reserve(waiter: CoroutineWaiter<Permit<E>>, permit: Permit<E>): Permit<E> =
        closedIfItFails(permit) { await(waiter) }

    @JvmStatic
    suspend fun <T : Any> awaitNotEmpty(waiter: CoroutineWaiter<T>): T = await(waiter)

    @JvmStatic
    suspend fun <T : Any> join(waiter: CoroutineWaiter<T>): T = await(waiter)

    @JvmStatic
    suspend fun <T : Any> awaitTermination(waiter: CoroutineWaiter<T>): T = await(waiter)

    /** Suspends until the waiter's operation is done. */
    private suspend inline fun <T : Any> await(waiter: CoroutineWaiter<T>): T {
        try {
            yieldIfLoopIsKept(waiter)
            var result = waiter.tryOrEnqueue()
            while (result == null) {
                suspendUntilWoken(waiter)
                result = waiter.onWoken()
            }
            return result
        } catch (e: Throwable) {
            return waiter.leave() ?: rethrow(e)
        }
    }

    /**
     * Throws the exception. It was created while the coroutine resumed, so its stack trace lacks the functions that the
     * coroutine was suspended in. kotlinx adds them to exceptions that a continuation is resumed with.
     */
    private suspend fun rethrow(e: Throwable): Nothing {
        if (e is QueueShutdownException) {
            suspendCancellableCoroutine<Nothing> { it.resumeWithException(e) }
        }
        throw e
    }

    /** Suspends until the operation is done. Returns null if the time elapsed first or the queue is shut down. */
    @JvmStatic
    suspend fun <T : Any> receive(waiter: CoroutineWaiter<T>, millis: Long): T? = awaitAtMost(waiter, millis)

    /** Suspends until the operation is done. Returns null if the time elapsed first or the queue is shut down. */
    @JvmStatic
    suspend fun <T : Any> receiveLease(waiter: CoroutineWaiter<T>, millis: Long): T? = awaitAtMost(waiter, millis)

    /** Suspends until the operation is done. Returns null if the time elapsed first or the queue is shut down. */
    @JvmStatic
    suspend fun <E : Any> reserve(waiter: CoroutineWaiter<Permit<E>>, permit: Permit<E>, millis: Long): Permit<E>? =
        closedIfItFails(permit) { awaitAtMost(waiter, millis) }

    private inline fun <T> closedIfItFails(permit: Permit<*>, call: () -> T): T = try {
        call()
    } catch (e: Throwable) {
        permit.close()
        throw e
    }

    /** Suspends until the operation is done. Returns false if the time elapsed first or the queue is shut down. */
    @JvmStatic
    suspend fun send(waiter: CoroutineWaiter<Unit>, millis: Long): Boolean = awaitAtMost(waiter, millis) != null

    /*
     * The timeout or a cancellation may strike after the operation was done and before its block has ended. So the
     * result is kept outside of the block: once there is a result, it is returned.
     */
    private suspend inline fun <T : Any> awaitAtMost(waiter: CoroutineWaiter<T>, millis: Long): T? {
        var result: T? = null
        try {
            yieldIfLoopIsKept(waiter)
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
            return result ?: waiter.leave() ?: if (e is QueueShutdownException) null else throw e
        }
        return result ?: waiter.leave()
    }

    @JvmStatic
    suspend fun <T : Any> receiveBatch(waiter: CoroutineWaiter<T>, batch: Batch<T>): T = gather(waiter, batch)

    @JvmStatic
    suspend fun <T : Any> receiveLeaseBatch(waiter: CoroutineWaiter<T>, batch: Batch<T>): T = gather(waiter, batch)

    /** Suspends until the first element is reserved for the batch, and then until the batch is complete. */
    private suspend inline fun <T : Any> gather(waiter: CoroutineWaiter<T>, batch: Batch<T>): T {
        var timer: Job? = null
        try {
            yieldIfLoopIsKept(waiter)
            var result = waiter.tryOrEnqueue()
            while (result == null) {
                if (batch.isGathering && timer == null) timer = endGatheringLater(waiter, batch)
                suspendUntilWoken(waiter)
                result = waiter.onWoken()
            }
            return result
        } catch (e: Throwable) {
            return waiter.leave() ?: rethrow(e)
        } finally {
            timer?.cancel()
        }
    }

    /**
     * Starts a timer. A timeout around the wait would cancel it, and so give up what is reserved. The timer is no child
     * of the caller, which would have to wait for its end, and ends the gathering by a cancellation handler, which runs
     * even if the dispatcher refuses tasks.
     */
    private suspend fun endGatheringLater(waiter: CoroutineWaiter<*>, batch: Batch<*>): Job =
        CoroutineScope(currentCoroutineContext() + Job()).launch(start = CoroutineStart.UNDISPATCHED) {
            withTimeoutOrNull(batch.millis()) {
                suspendCancellableCoroutine<Unit> { it.invokeOnCancellation { waiter.endGathering() } }
            }
        }

    /**
     * Returns a timer, to be started, that runs the task after the time, and again after a second as long as it returns
     * false. The task may block its thread.
     */
    @JvmStatic
    fun newTimer(millis: Long, task: BooleanSupplier): Job =
        CoroutineScope(TIMERS).launch(start = CoroutineStart.LAZY) {
            delay(millis)
            while (!task.asBoolean) delay(RETRY_MILLIS)
        }

    private suspend fun yieldIfLoopIsKept(waiter: CoroutineWaiter<*>) {
        if (waiter.isLoopKept) {
            yield()
            waiter.hasYielded()
        }
    }

    private suspend fun suspendUntilWoken(waiter: CoroutineWaiter<*>): Unit =
        suspendCancellableCoroutine { waiter.resumeWhenWoken(it) }
}
