package dev.janus

import dev.janus.fixtures.SteppedDispatcher
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.beginOn
import dev.janus.fixtures.takeAll
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Test

/** A critical section fails at its end, as it may if memory runs out: no permit is lost, and no waiter is forgotten. */
internal class FailedSettleTest {
    private class Planned : Error("planned")

    private val loop = SteppedDispatcher()
    private val queue = JanusQueue.fifo<Int>(2)
    private val buffer = queue.buffer

    /** Makes the next critical section that has an element to give fail before it serves: it finds no such taker. */
    private fun failNext() {
        buffer.notEmpty.waitingThreads++
    }

    @Test
    fun put_itsSettlingFails_whoAwaitsTheElementIsReleasedByTheNextCall() {
        val watching = beginOn(loop) { queue.async().awaitNotEmpty() }
        failNext()
        assertThrows(IllegalStateException::class.java) { queue.sync().offer(1) }
        queue.sync().awaitNotEmpty()
        loop.runAll()
        watching.result()
        assertEquals(listOf(1), queue.takeAll())
        assertNothingPending(queue)
    }

    @Test
    fun reserve_itsSettlingFails_noRoomIsLost() {
        queue.sync().put(0)
        for (reserve in listOf<() -> Any?>(
            { queue.sync().tryReserve() },
            { queue.sync().reserve() },
            { beginOn(loop) { queue.async().reserve() }.result() },
        )) {
            failNext()
            assertThrows(IllegalStateException::class.java) { reserve() }
            assertEquals(0, queue.stats().reservedSlots())
        }
        assertEquals(listOf(0), queue.takeAll())
        assertNothingPending(queue)
    }
}
