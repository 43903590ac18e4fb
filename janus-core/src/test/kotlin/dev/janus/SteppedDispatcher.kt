package dev.janus

import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Delay
import kotlinx.coroutines.DisposableHandle
import kotlinx.coroutines.InternalCoroutinesApi
import java.util.concurrent.ConcurrentLinkedQueue
import kotlin.coroutines.CoroutineContext

/** Runs nothing before it is told to, and its time passes only when it is told to. */
@OptIn(InternalCoroutinesApi::class)
internal class SteppedDispatcher :
    CoroutineDispatcher(),
    Delay {
    private val tasks = ConcurrentLinkedQueue<Runnable>()
    private val timeouts = ConcurrentLinkedQueue<Runnable>()

    val hasTask: Boolean
        get() = tasks.isNotEmpty()

    override fun dispatch(context: CoroutineContext, block: Runnable) {
        tasks.add(block)
    }

    /** Runs what was dispatched, on the calling thread, until nothing is left. */
    fun runAll() {
        while (true) (tasks.poll() ?: return).run()
    }

    /** Lets every time-out strike that was armed before. */
    fun passTime() {
        while (true) (timeouts.poll() ?: return).run()
    }

    override fun invokeOnTimeout(timeMillis: Long, block: Runnable, context: CoroutineContext): DisposableHandle {
        timeouts.add(block)
        return DisposableHandle { timeouts.remove(block) }
    }

    override fun scheduleResumeAfterDelay(timeMillis: Long, continuation: CancellableContinuation<Unit>): Unit =
        throw UnsupportedOperationException("no test delays here")
}
