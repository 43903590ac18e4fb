package dev.janus.benchmarks

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import java.util.concurrent.atomic.AtomicLong

class StreamTest {
    @ParameterizedTest
    @EnumSource
    fun nanosPerElement_anyKind_handsEveryElementOver(kind: Kind) {
        val sides = Side.entries.flatMap { from -> Side.entries.map { to -> from to to } }
        val streams = sides.flatMap { (from, to) -> SHAPES.map { Stream.of(from, to, it) } }
        val possible = CAPACITIES.flatMap { capacity ->
            streams.filter { it.isPossible(kind, capacity) }.map { it to capacity }
        }
        assumeTrue(possible.isNotEmpty())
        for ((stream, capacity) in possible) {
            val queue = Counted(kind.create(capacity))
            stream.nanosPerElement(queue, ELEMENTS)
            assertEquals(ELEMENTS, queue.received.toInt(), "$stream, $capacity")
            assertEquals(0, queue.sum.get(), "$stream, $capacity")
        }
    }

    /** Counts what comes out, and adds what goes in, less what comes out. */
    private class Counted(private val queue: Contender) : Contender() {
        val received = AtomicLong()
        val sum = AtomicLong()

        override fun put(element: Any) = queue.put(element.also(::goesIn))

        override fun take(): Any = queue.take().also(::comesOut)

        override suspend fun send(element: Any) = queue.send(element.also(::goesIn))

        override suspend fun receive(): Any = queue.receive().also(::comesOut)

        private fun goesIn(element: Any) {
            sum.addAndGet((element as Int).toLong())
        }

        private fun comesOut(element: Any) {
            received.incrementAndGet()
            sum.addAndGet(-(element as Int).toLong())
        }
    }

    private companion object {
        const val ELEMENTS = 160
        val SHAPES = listOf("1:1", "4:4")
        val CAPACITIES = listOf(0, 1, 16, 64, 1024, 65536, UNBOUNDED)
    }
}
