package dev.janus.proof

import dev.janus.JanusQueue
import dev.janus.QueueShutdownException
import kotlinx.coroutines.CopyableThrowable
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.selects.SelectBuilder
import kotlinx.coroutines.selects.select
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import java.util.concurrent.Future
import java.util.concurrent.TimeUnit.MILLISECONDS
import java.util.concurrent.TimeUnit.NANOSECONDS
import java.util.concurrent.TimeUnit.SECONDS
import kotlin.concurrent.thread
import kotlin.coroutines.cancellation.CancellationException

/** A line of the queue, and the calls that wait in it. */
enum class Line(
    val suspending: suspend (JanusQueue<Any>, Any) -> Any,
    val blocking: (JanusQueue<Any>, Any, nanos: Long) -> Boolean,
    val future: (JanusQueue<Any>, Any) -> Future<*>,
    val suspendingTimed: (suspend (JanusQueue<Any>, Any) -> Boolean)? = null,
    val clause: (SelectBuilder<Unit>.(JanusQueue<Any>, Any) -> Unit)? = null,
) {
    TAKERS(
        { queue, _ -> queue.async().receive() },
        { queue, _, nanos -> queue.sync().poll(nanos, NANOSECONDS) != null },
        { queue, _ -> queue.async().receiveAsync() },
        { queue, _ -> queue.async().receive(1, MILLISECONDS) != null },
        { queue, _ -> queue.async().onReceive { } },
    ),
    PUTTERS(
        { queue, element -> queue.async().send(element) },
        { queue, element, nanos -> queue.sync().offer(element, nanos, NANOSECONDS) },
        { queue, element -> queue.async().sendAsync(element) },
        { queue, element -> queue.async().send(element, 1, MILLISECONDS) },
        { queue, element -> queue.async().onSend(element) { } },
    ),
    JOINERS(
        { queue, _ -> queue.async().join() },
        { queue, _, nanos -> queue.sync().join(nanos, NANOSECONDS) },
        { queue, _ -> queue.async().joinAsync() },
    ),
    ;

    /** A queue in which nobody of this line can go on: nothing is in it, or no more fits in. */
    fun queue(builder: JanusQueue.Builder<Any> = JanusQueue.builder()): JanusQueue<Any> =
        builder.capacity(1).build().also { queue ->
            if (this != TAKERS) queue.sync().put(Any())
            if (this == JOINERS) queue.sync().take()
        }

    /** Begins a coroutine that waits, and ends quietly when the queue is shut down. */
    fun begin(queue: JanusQueue<Any>, element: Any = Any()): Job = CoroutineScope(Dispatchers.Unconfined).launch {
        try {
            suspending(queue, element)
        } catch (_: QueueShutdownException) {
            // as was expected
        }
    }
}

/** Cancels a coroutine without a stack trace, which would cost more than the wait that it ends. */
@OptIn(ExperimentalCoroutinesApi::class)
object GivenUp : CancellationException("given up"), CopyableThrowable<GivenUp> {
    private fun readResolve(): Any = GivenUp
    override fun fillInStackTrace(): Throwable = this
    override fun createCopy(): GivenUp? = null
}

/** A way to end a wait without result, so many times: one after the other, or some at once where that is said. */
enum class Way(val endWaits: (Line, JanusQueue<Any>, times: Int, element: () -> Any) -> Unit) {
    COROUTINE_CANCELLED({ line, queue, times, element ->
        repeat(times) { line.begin(queue, element()).cancel(GivenUp) }
    }),
    FUTURE_CANCELLED({ line, queue, times, element ->
        repeat(times) { assertTrue(line.future(queue, element()).cancel(false)) }
    }),

    /** Five hundred at a time. */
    COROUTINE_TIMED_OUT({ line, queue, times, element ->
        repeat(maxOf(1, times / 500)) {
            runBlocking(Dispatchers.Unconfined) {
                repeat(500) { launch { assertFalse(line.suspendingTimed!!(queue, element())) } }
            }
        }
    }),
    THREAD_TIMED_OUT({ line, queue, times, element ->
        repeat(times) { assertFalse(line.blocking(queue, element(), 1)) }
    }),

    /** By fifty threads. */
    THREAD_INTERRUPTED({ line, queue, times, element ->
        val waiting = List(50) {
            thread(isDaemon = true) {
                var interrupted = 0
                while (interrupted < times / 50) {
                    runCatching { line.blocking(queue, element(), SECONDS.toNanos(20)) }
                        .onSuccess { error("its wait had a result") }
                        .onFailure { if (it is InterruptedException) interrupted++ else throw it }
                }
            }
        }
        while (waiting.any { it.isAlive }) {
            waiting.forEach { if (it.state == Thread.State.TIMED_WAITING) it.interrupt() }
            Thread.yield()
        }
    }),
    CLAUSE_LOST({ line, queue, times, element ->
        val winner = JanusQueue.fifo<Any>(1)
        runBlocking {
            repeat(times) {
                winner.sync().put(winner)
                select {
                    line.clause!!(queue, element())
                    winner.async().onReceive { }
                }
            }
        }
    }),
}
