package dev.janus

import dev.janus.fixtures.SteppedDispatcher
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.isIn
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Job
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread
import kotlin.coroutines.cancellation.CancellationException

internal enum class CallerKind { THREAD, COROUTINE }

/** How a call ended: normally, with null or false, interrupted or cancelled, or with QueueShutdownException. */
internal enum class CallOutcome { DONE, NOTHING, GAVE_UP, REFUSED, FAILED }

/** Waits until the thread is blocked on the buffer's lock, on its way out of a wait. */
internal fun Thread.awaitBlockedInLeave() = awaitUntil("$name leaves and is blocked on the lock") {
    state == Thread.State.WAITING && isIn(Monitor::class.java, "lock") && isIn(Monitor::class.java, "leaving")
}

/** One call that waits, of a thread or a coroutine, led through its wait step by step. */
internal sealed class SteppedCaller(private val onDone: (Any?) -> Unit) {
    @Volatile
    var outcome: CallOutcome? = null
        private set

    @Volatile
    var failure: Throwable? = null
        private set

    /** Gives up: interrupts the thread or cancels the coroutine. */
    abstract fun giveUp()

    /** Lets the time of a timed call pass. */
    abstract fun timeOut()

    /** Begins to leave, which takes the lock, and returns the thread that does it. */
    abstract fun startLeaving(way: Way): Thread

    /** Lets it run on until its call has ended. */
    abstract fun awaitOutcome(): CallOutcome

    /** Whether it is suspended or blocked in its wait, with nothing to run. */
    abstract val isParked: Boolean

    protected fun ended(value: Any?) {
        val done = value != null && value != false
        if (done) onDone(value)
        outcome = if (done) CallOutcome.DONE else CallOutcome.NOTHING
    }

    protected fun ended(e: Throwable) {
        failure = e
        outcome =
            when (e) {
                is QueueShutdownException -> CallOutcome.REFUSED
                is InterruptedException -> CallOutcome.GAVE_UP
                is TimeoutCancellationException -> CallOutcome.FAILED
                is CancellationException -> CallOutcome.GAVE_UP
                else -> CallOutcome.FAILED
            }
    }

    protected fun failed(e: Throwable) {
        failure = e
        outcome = CallOutcome.FAILED
    }

    override fun toString() = "${javaClass.simpleName}(outcome=$outcome, failure=$failure)"
}

internal class ThreadCaller(
    private val millis: Long,
    givenUpBefore: Boolean,
    onDone: (Any?) -> Unit,
    call: () -> Any?,
) : SteppedCaller(onDone) {
    private val start = System.nanoTime()

    /** Whether the thread was marked as interrupted when its call had ended. */
    @Volatile
    var interruptedAfterwards = false
        private set

    private val thread =
        thread(isDaemon = true, name = "caller-${numbers.incrementAndGet()}") {
            if (givenUpBefore) Thread.currentThread().interrupt()
            try {
                ended(call())
            } catch (e: Throwable) {
                ended(e)
            }
            interruptedAfterwards = Thread.interrupted()
        }

    override val isParked: Boolean
        get() = thread.state.name.endsWith("WAITING") && thread.isIn(Parker::class.java, "await")

    override fun giveUp() = thread.interrupt()

    override fun timeOut() =
        awaitUntil("$millis ms have passed") { System.nanoTime() - start > TimeUnit.MILLISECONDS.toNanos(millis) }

    override fun startLeaving(way: Way): Thread {
        if (way == Way.GIVEN_UP) giveUp()
        return thread
    }

    override fun awaitOutcome(): CallOutcome {
        awaitUntil("$thread has ended, but it is ${thread.state}") { thread.state == Thread.State.TERMINATED }
        return outcome!!
    }

    private companion object {
        val numbers = AtomicInteger()
    }
}

internal class CoroutineCaller(
    private val dispatcher: CoroutineDispatcher,
    givenUpBefore: Boolean,
    onDone: (Any?) -> Unit,
    afterwards: () -> Unit,
    call: suspend () -> Any?,
) : SteppedCaller(onDone) {
    private val job: Job =
        CoroutineScope(dispatcher).launch(start = CoroutineStart.UNDISPATCHED) {
            if (givenUpBefore) coroutineContext.cancel()
            try {
                ended(call())
            } catch (e: Throwable) {
                ended(e)
            }
            try {
                afterwards()
            } catch (e: Throwable) {
                failed(e)
            }
        }

    private val steps get() = dispatcher as SteppedDispatcher

    override val isParked: Boolean
        get() = outcome == null && !(dispatcher is SteppedDispatcher && dispatcher.hasTask)

    override fun giveUp() = job.cancel()

    override fun timeOut() = steps.passTime()

    /** A coroutine whose wait is cancelled leaves at once, but a select whose time is up leaves when it runs. */
    override fun startLeaving(way: Way) = thread(isDaemon = true) {
        way.strike(this)
        run()
    }

    override fun awaitOutcome(): CallOutcome {
        awaitUntil("$this has ended") {
            (dispatcher as? SteppedDispatcher)?.runAll()
            outcome != null
        }
        return outcome!!
    }

    /** Runs what it was woken for, once. */
    fun run() = steps.runAll()
}
