package dev.janus.waiting

import dev.janus.JanusQueue
import dev.janus.SyncQueue
import dev.janus.fixtures.Mix
import dev.janus.fixtures.WaitingLine
import dev.janus.fixtures.assertConserved
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.fillers
import dev.janus.fixtures.fullQueue
import dev.janus.fixtures.inThread
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.Arguments
import org.junit.jupiter.params.provider.EnumSource
import org.junit.jupiter.params.provider.MethodSource
import java.util.concurrent.atomic.AtomicBoolean

/** A `drainTo` whose target throws leaves the queue in order and within its capacity, also when puts wait. */
internal class FailedDrainTest {
    /** Accepts so many elements, then throws. */
    private class Target(private val room: Int) : AbstractMutableCollection<Int>() {
        val accepted = ArrayList<Int>()
        val failure = IllegalStateException("planned")

        override val size get() = accepted.size

        override fun iterator() = accepted.iterator()

        override fun add(element: Int): Boolean {
            if (size == room) throw failure
            return accepted.add(element)
        }
    }

    enum class Drain(val call: (SyncQueue<Int>, MutableCollection<Int>) -> Int) {
        ALL({ queue, target -> queue.drainTo(target) }),
        SOME({ queue, target -> queue.drainTo(target, Int.MAX_VALUE) }),
        AS_MANY_AS_THERE_ARE({ queue, target -> queue.drainTo(target, queue.size) }),
    }

    private fun assertFails(drain: Drain, queue: JanusQueue<Int>, target: Target) = assertSame(
        target.failure,
        assertThrows(IllegalStateException::class.java) { drain.call(queue.sync(), target) },
    )

    @ParameterizedTest
    @MethodSource("mixesAndDrains")
    fun failedDrain_putsWait_isWithinTheCapacityAndInOrder(mix: Mix, drain: Drain) {
        for (capacity in CAPACITIES) {
            for (accepted in listOf(0, 1, capacity - 1).distinct().filter { it < capacity }) {
                val queue = fullQueue(capacity)
                val line = WaitingLine(queue)
                line.puts(mix, 0 until 3)
                val target = Target(accepted)

                assertFails(drain, queue, target)

                val order = fillers(capacity) + listOf(0, 1, 2)
                assertEquals(order.take(accepted), target.accepted)
                assertTrue(queue.size() <= capacity) { "${queue.size()} of $capacity elements" }
                assertEquals(order.drop(accepted).take(capacity), queue.sync().toList(), "$accepted of $capacity")
                assertConserved(queue)
                assertEquals(order, target.accepted + List(order.size - accepted) { queue.sync().poll() })
                line.awaitAll()
                assertNothingPending(queue)
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    fun failedDrains_putsWait_sizeIsNeverAboveTheCapacity(mix: Mix) {
        val queue = fullQueue(10)
        val line = WaitingLine(queue)
        line.puts(mix, 0 until 8)
        val over = AtomicBoolean()
        val greatest = inThread { generateSequence { queue.size() }.takeWhile { !over.get() }.maxOrNull() ?: 0 }

        repeat(100) {
            assertFails(Drain.ALL, queue, Target(0))
            line.loop.runAll()
        }

        over.set(true)
        assertEquals(10, queue.size())
        assertTrue(greatest.await().value <= 10) { "${greatest.value} of 10 elements" }
        queue.shutdown()
        awaitUntil("nobody waits", line.loop::runAll) { line.putters() == 0 }
    }

    @ParameterizedTest
    @MethodSource("mixesAndDrains")
    fun failedDrain_rendezvousPutsWait_theirElementsComeOutInOrder(mix: Mix, drain: Drain) {
        val queue = JanusQueue.fifo<Int>(0)
        val line = WaitingLine(queue)
        line.puts(mix, 0 until 3)

        runCatching { drain.call(queue.sync(), Target(0)) }

        assertConserved(queue)
        assertEquals(listOf(0, 1, 2), List(3) { queue.sync().poll() })
        line.awaitAll()
        assertNothingPending(queue)
    }

    @ParameterizedTest
    @MethodSource("mixesAndDrains")
    fun failedDrain_priorityAndPutsWait_isWithinTheCapacityAndInOrder(mix: Mix, drain: Drain) {
        val queue = JanusQueue.priority<Int>(3)
        queue.sync().addAll(listOf(5, 1, 3))
        val line = WaitingLine(queue)
        line.puts(mix, listOf(4, 0, 2))
        val target = Target(1)

        assertFails(drain, queue, target)

        assertEquals(listOf(1), target.accepted)
        assertEquals(listOf(3, 4, 5), queue.sync().toList().sorted())
        assertEquals(listOf(3, 0, 2, 4, 5), List(5) { queue.sync().poll() })
        line.awaitAll()
        assertNothingPending(queue)
    }

    @ParameterizedTest
    @MethodSource("mixesAndDrains")
    fun failedDrain_lifoAndPutsWait_isWithinTheCapacityAndInOrder(mix: Mix, drain: Drain) {
        val queue = JanusQueue.lifo<Int>(3)
        queue.sync().addAll(listOf(1, 2, 3))
        val line = WaitingLine(queue)
        line.puts(mix, listOf(4, 5))
        val target = Target(1)

        assertFails(drain, queue, target)

        assertEquals(listOf(3), target.accepted)
        assertEquals(listOf(4, 5, 2, 1), List(4) { queue.sync().poll() })
        line.awaitAll()
        assertNothingPending(queue)
    }

    private companion object {
        val CAPACITIES = listOf(1, 3, 10)

        @JvmStatic
        fun mixesAndDrains() = Mix.entries.flatMap { mix -> Drain.entries.map { Arguments.of(mix, it) } }
    }
}
