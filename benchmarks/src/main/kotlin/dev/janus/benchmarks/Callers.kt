package dev.janus.benchmarks

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch

/** Threads or coroutines that repeat a call until they are closed. */
class Callers(
    side: Side,
    count: Int,
    dispatcher: CoroutineDispatcher = Dispatchers.Default,
    blocking: () -> Unit,
    suspending: suspend () -> Unit,
) : AutoCloseable {
    private val scope = CoroutineScope(dispatcher)
    private val threads = ArrayList<Thread>()

    init {
        repeat(count) {
            if (side == Side.COROUTINE) {
                scope.launch { while (true) suspending() }
            } else {
                threads += newThread(side, untilInterrupted(blocking)).apply { start() }
            }
        }
    }

    override fun close() {
        scope.cancel()
        threads.forEach { it.interrupt() }
        threads.forEach { it.join() }
    }

    private fun untilInterrupted(blocking: () -> Unit) = Runnable {
        try {
            while (true) blocking()
        } catch (_: InterruptedException) {
            // closed
        }
    }
}

/** Sends each element back to the thread that sent it. */
class Echo(kind: Kind, side: Side) : AutoCloseable {
    private val there = kind.create(1)
    private val back = kind.create(1)
    private val callers = Callers(
        side,
        count = 1,
        blocking = { back.put(there.take()) },
        suspending = { back.send(there.receive()) },
    )

    fun roundTrip(element: Any): Any {
        there.put(element)
        return back.take()
    }

    override fun close() = callers.close()
}

/** A coroutine that receives, with others waiting behind it. Once it was served, it waits again, behind the others. */
class Waiters(kind: Kind, others: Int) : AutoCloseable {
    private val queue = kind.create(1)
    private val callers = Callers(
        Side.COROUTINE,
        others + 1,
        Dispatchers.Unconfined,
        blocking = { queue.take() },
        suspending = { queue.receive() },
    )

    /** Puts an element. The first waiter has received it when this returns. */
    fun put(element: Any) = queue.put(element)

    override fun close() = callers.close()
}
