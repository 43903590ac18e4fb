package dev.janus.proof

import dev.janus.JanusQueue
import org.jetbrains.lincheck.Lincheck
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import java.util.concurrent.TimeUnit.MILLISECONDS
import kotlin.concurrent.thread

/**
 * Real threads in the blocking calls, with their locks, conditions, interrupts and time-outs, under the schedules of a model
 * checker, which finds a deadlock if anybody waits for ever. Without a shutdown: to close a Channel takes so many steps that the
 * checker takes those who try the lock meanwhile for a livelock, and its bound cannot be raised here.
 */
class BlockingModelTest {
    private fun model(scenario: () -> Unit) = Lincheck.runConcurrentTest(INVOCATIONS, scenario)

    /** A thread's call, and what it brought: null if it was interrupted or its time was up. */
    private class Call(call: () -> Int?) {
        private var result: Int? = null
        private val thread = thread {
            result =
                try {
                    call()
                } catch (_: InterruptedException) {
                    null
                }
        }

        fun interrupt() = thread.interrupt()

        fun await(): Int? {
            thread.join()
            return result
        }
    }

    @Test
    fun putsAgainstTakes() = model {
        val queue = JanusQueue.fifo<Int>(1)
        val putter = thread { (1..2).forEach(queue.sync()::put) }
        assertEquals(1, queue.sync().take())
        assertEquals(2, queue.sync().take())
        putter.join()
    }

    @Test
    fun rendezvous() = model {
        val queue = JanusQueue.fifo<Int>(0)
        val putter = thread { (1..2).forEach(queue.sync()::put) }
        assertEquals(1, queue.sync().take())
        assertEquals(2, queue.sync().take())
        putter.join()
    }

    /** Whichever of the two was granted the first element, and whenever one is interrupted: the other gets what is left. */
    @Test
    fun interruptAgainstGrant() = model {
        val queue = JanusQueue.fifo<Int>(1)
        val interrupted = Call { queue.sync().take() }
        val other = Call { queue.sync().take() }
        queue.sync().put(7)
        interrupted.interrupt()
        queue.sync().put(8)
        val taken = listOf(interrupted.await(), other.await(), queue.sync().poll())
        assertEquals(listOf(7, 8), taken.filterNotNull().sorted())
    }

    @Test
    fun interruptAgainstRoom() = model {
        val queue = JanusQueue.fifo<Int>(1)
        queue.sync().put(1)
        val interrupted = Call { 2.also(queue.sync()::put) }
        val other = Call { 3.also(queue.sync()::put) }
        assertEquals(1, queue.sync().take())
        interrupted.interrupt()
        val put = if (interrupted.await() == null) listOf(3) else listOf(2, 3)
        val taken = put.map { queue.sync().take() }
        other.await()
        assertEquals(put, taken.sorted())
    }

    @Test
    fun timeOutAgainstGrant() = model {
        val queue = JanusQueue.fifo<Int>(1)
        val timed = Call { queue.sync().poll(1, MILLISECONDS) }
        queue.sync().put(7)
        assertEquals(7, timed.await() ?: queue.sync().poll())
    }

    private companion object {
        val INVOCATIONS: Int = Integer.getInteger("janus.model.invocations", 50)
    }
}
