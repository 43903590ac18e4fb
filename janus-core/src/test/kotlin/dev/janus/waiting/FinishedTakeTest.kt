package dev.janus.waiting

import dev.janus.fixtures.QueueKind
import dev.janus.fixtures.Running
import dev.janus.fixtures.TakeCall
import dev.janus.fixtures.assertConserved
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.inThread
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedClass
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.MethodSource
import java.util.concurrent.TimeUnit.MICROSECONDS

/** A thread that waits for an element has it with the step that puts it in: nobody else sees, counts or takes it. */
@ParameterizedClass(name = "{0}")
@MethodSource("kinds")
internal class FinishedTakeTest(private val kind: QueueKind) {
    private val capacity = kind.capacity()
    private val queue = kind.build()
    private val sync = queue.sync()

    private fun begin(take: TakeCall) = Running.startTake(queue) { take.take(queue) }

    @ParameterizedTest
    @MethodSource("dev.janus.fixtures.TakeCall#blocking")
    fun thread_elementAdded_theQueueIsEmptyAtOnce(take: TakeCall) = repeat(15) {
        val call = begin(take)

        sync.add(7)

        assertEquals(0, queue.size())
        assertEquals(0, sync.size)
        assertTrue(queue.isEmpty)
        assertTrue(sync.isEmpty())
        assertNull(sync.poll())
        assertEquals(7, call.result())
        assertNothingPending(queue)
    }

    @ParameterizedTest
    @MethodSource("dev.janus.fixtures.TakeCall#blocking")
    fun thread_elementAdded_countsAsTakenAtOnce(take: TakeCall) = repeat(15) {
        val call = begin(take)
        val takenBefore = queue.stats().taken()

        sync.add(7)

        val stats = queue.stats()
        assertEquals(takenBefore + 1, stats.taken(), "$stats")
        assertEquals(0, stats.size(), "$stats")
        assertEquals(0, stats.reservedElements(), "$stats")
        assertEquals(0, stats.waitingTakeThreads(), "$stats")
        assertConserved(stats)
        assertEquals(7, call.result())
    }

    @ParameterizedTest
    @MethodSource("dev.janus.fixtures.TakeCall#blocking")
    fun thread_elementAdded_nobodySeesOrRemovesIt(take: TakeCall) = repeat(10) {
        val call = begin(take)

        sync.add(7)

        assertNull(sync.peek())
        assertFalse(sync.iterator().hasNext())
        assertFalse(sync.contains(7))
        assertEquals(0, sync.toTypedArray().size)
        assertFalse(sync.remove(element = 7))
        assertFalse(sync.removeIf { true })
        assertEquals(0, sync.drainTo(ArrayList()))
        sync.clear()
        assertNull(queue.async().tryReceive())
        assertEquals(7, call.result())
        assertEquals(0, queue.stats().removed())
    }

    @ParameterizedTest
    @MethodSource("dev.janus.fixtures.TakeCall#blocking")
    fun thread_elementAdded_takesNoRoom(take: TakeCall) = repeat(10) {
        val call = begin(take)

        sync.add(7)

        assertEquals(capacity, sync.remainingCapacity())
        repeat(capacity) { assertTrue(sync.offer(it)) }
        assertFalse(sync.offer(99))
        assertEquals(7, call.result())
        sync.clear()
        assertNothingPending(queue)
    }

    @ParameterizedTest
    @MethodSource("dev.janus.fixtures.TakeCall#blocking")
    fun thread_addedThenInterrupted_returnsTheElement(take: TakeCall) = repeat(15) {
        val call = begin(take)

        sync.add(7)
        call.interrupt()

        assertEquals(7, call.result())
        assertNothingPending(queue)
    }

    @ParameterizedTest
    @MethodSource("dev.janus.fixtures.TakeCall#blocking")
    fun thread_addedThenShutDown_returnsTheElement(take: TakeCall) = repeat(10) {
        val queue = kind.build()
        val call = Running.startTake(queue) { take.take(queue) }

        queue.sync().add(7)
        queue.shutdown()

        assertTrue(queue.isTerminated || take == TakeCall.TAKE_LEASE)
        assertEquals(7, call.result())
    }

    @ParameterizedTest
    @MethodSource("dev.janus.fixtures.TakeCall#blocking")
    fun thread_addedThenShutDownNow_isNotHandedBackAndReturned(take: TakeCall) = repeat(10) {
        val queue = kind.build()
        val call = Running.startTake(queue) { take.take(queue) }

        queue.sync().add(7)

        assertEquals(listOf<Int>(), queue.shutdownNow())
        assertEquals(7, call.result())
        assertNothingPending(queue)
    }

    @Test
    fun thread_timeIsUpWhileElementsAreOffered_noneIsBetween() {
        val poller = inThread { (1..300).mapNotNull { sync.poll(it % 60L, MICROSECONDS) } }
        val offered = ArrayList<Int>()
        while (!poller.isOver) {
            if (sync.offer(offered.size)) offered += offered.size
            val size = queue.size()
            assertTrue(size <= capacity) { "$size of $capacity elements" }
        }
        val left = generateSequence { sync.poll() }.toList()

        assertEquals(offered, (poller.value + left).sorted())
        if (capacity == 0) assertEquals(listOf<Int>(), left)
        assertNothingPending(queue)
    }

    internal companion object {
        /** Every order, and the capacities at which something may differ. */
        @JvmStatic
        fun kinds() = listOf(0, 1, 3, 10).map { QueueKind(QueueKind.Order.FIFO, it) } +
            listOf(1, 3).map { QueueKind(QueueKind.Order.LIFO, it) } +
            listOf(0, 3).map { QueueKind(QueueKind.Order.PRIORITY, it) }
    }
}
