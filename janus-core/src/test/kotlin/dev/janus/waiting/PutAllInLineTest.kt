package dev.janus.waiting

import dev.janus.JanusQueue
import dev.janus.QueueShutdownException
import dev.janus.fixtures.By
import dev.janus.fixtures.Running
import dev.janus.fixtures.WaitingLine
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.fillers
import dev.janus.fixtures.fullQueue
import dev.janus.fixtures.inThread
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.Arguments
import org.junit.jupiter.params.provider.EnumSource
import org.junit.jupiter.params.provider.MethodSource
import java.util.concurrent.CancellationException

/** A batch that waits keeps its place until all of it is in, and its elements go in without its caller. */
internal class PutAllInLineTest {
    enum class Batch(private val isThread: Boolean) {
        PUT_ALL(isThread = true),
        SEND_ALL(isThread = false),
        ;

        fun begin(queue: JanusQueue<Int>, line: WaitingLine, elements: List<Int>): Running<Any?> =
            line.inLine(line::putters) {
                if (isThread) {
                    inThread<Any?> { queue.sync().putAll(elements) }
                } else {
                    line.loop.begin<Any?> { queue.async().sendAll(elements) }
                }
            }

        fun giveUp(batch: Running<*>) = if (isThread) batch.thread.interrupt() else batch.job.cancel()

        fun assertGaveUp(batch: Running<*>) {
            if (isThread) batch.assertThrew<InterruptedException>() else batch.assertThrew<CancellationException>()
        }
    }

    @ParameterizedTest
    @MethodSource("batchesAndWaiters")
    fun batch_roomOneByOne_goesInWholeBeforeThoseBehind(batch: Batch, behind: By) = repeat(4) {
        for (capacity in CAPACITIES) {
            val queue = fullQueue(capacity)
            val line = WaitingLine(queue)
            batch.begin(queue, line, (0 until 5).toList())
            line.put(behind, 5)

            val taken = List(capacity + 6) { queue.sync().poll() }

            assertEquals(fillers(capacity) + (0..5), taken, "capacity $capacity")
            assertEquals(listOf<Int>(), line.drainWhenOver())
        }
    }

    @ParameterizedTest
    @MethodSource("batchesAndWaiters")
    fun batch_roomForAll_goesInWholeBeforeThoseBehind(batch: Batch, behind: By) = repeat(8) {
        val queue = fullQueue(10)
        val line = WaitingLine(queue)
        batch.begin(queue, line, (0 until 5).toList())
        line.put(behind, 5)

        queue.sync().drainTo(ArrayList())

        assertEquals((0..5).toList(), queue.sync().toList())
        assertEquals((0..5).toList(), line.drainWhenOver())
    }

    @ParameterizedTest
    @MethodSource("batchesAndWaiters")
    fun batch_roomForHalfOfIt_thoseBehindWaitOn(batch: Batch, behind: By) = repeat(8) {
        val queue = fullQueue(3)
        val line = WaitingLine(queue)
        val running = batch.begin(queue, line, (0 until 5).toList())
        val next = line.put(behind, 5)

        queue.sync().drainTo(ArrayList())

        assertEquals(listOf(0, 1, 2), queue.sync().toList())
        assertFalse(queue.sync().offer(9))
        assertFalse(queue.async().trySend(9))
        running.assertGoesOn()
        next.assertGoesOn()
        assertEquals(2, line.putters())
        queue.capacity(10)
        assertEquals((0..5).toList(), line.drainWhenOver())
    }

    @ParameterizedTest
    @MethodSource("batchesAndWaiters")
    fun batch_behindAnother_goesInAfterIt(batch: Batch, first: By) = repeat(8) {
        val queue = fullQueue(3)
        val line = WaitingLine(queue)
        line.put(first, 0)
        batch.begin(queue, line, listOf(1, 2, 3))
        batch.begin(queue, line, listOf(4, 5))

        assertEquals(fillers(3) + (0..5), List(9) { queue.sync().poll() })
        assertEquals(listOf<Int>(), line.drainWhenOver())
    }

    @ParameterizedTest
    @MethodSource("batchesAndWaiters")
    fun batch_rendezvous_eachElementIsTakenInOrder(batch: Batch, behind: By) = repeat(4) {
        val queue = JanusQueue.fifo<Int>(0)
        val line = WaitingLine(queue)
        batch.begin(queue, line, (0 until 5).toList())
        line.put(behind, 5)

        val taken = ArrayList<Int>()
        repeat(2) { taken += queue.sync().poll()!! }
        queue.sync().drainTo(taken)

        assertEquals((0..5).toList(), taken)
        assertEquals(listOf<Int>(), line.drainWhenOver())
    }

    @ParameterizedTest
    @EnumSource
    fun batch_newcomerAfterRoomWasMade_goesInBehindAllOfIt(batch: Batch) = repeat(20) {
        val queue = fullQueue(10)
        val line = WaitingLine(queue)
        batch.begin(queue, line, (0 until 5).toList())

        queue.sync().drainTo(ArrayList())

        assertTrue(queue.sync().offer(5))
        assertTrue(queue.async().trySend(6))
        assertEquals((0..6).toList(), line.drainWhenOver())
    }

    @ParameterizedTest
    @MethodSource("batchesAndWaiters")
    fun batch_givenUpHalfway_whatIsInStaysAndTheNextGoesIn(batch: Batch, behind: By) = repeat(8) {
        val queue = fullQueue(2)
        val line = WaitingLine(queue)
        val running = batch.begin(queue, line, (0 until 5).toList())
        queue.sync().drainTo(ArrayList())
        assertEquals(listOf(0, 1), queue.sync().toList())
        val next = line.put(behind, 5)

        batch.giveUp(running)
        batch.assertGaveUp(line.await(running))

        next.assertGoesOn()
        assertEquals(listOf(0, 1, 5), List(3) { queue.sync().poll() })
        line.await(next).value
        assertNothingPending(queue)
    }

    @ParameterizedTest
    @EnumSource
    fun batch_shutDownHalfway_whatIsInStaysAndTheCallIsRefused(batch: Batch) = repeat(10) {
        val queue = fullQueue(2)
        val line = WaitingLine(queue)
        val running = batch.begin(queue, line, (0 until 5).toList())
        assertEquals(-2, queue.sync().poll())

        queue.shutdown()

        line.await(running).assertThrew<QueueShutdownException>()
        assertEquals(listOf(-1, 0), List(2) { queue.sync().poll() })
        assertTrue(queue.isTerminated)
    }

    private companion object {
        val CAPACITIES = listOf(1, 3, 10)

        @JvmStatic
        fun batchesAndWaiters() = Batch.entries.flatMap { batch -> By.entries.map { Arguments.of(batch, it) } }
    }
}
