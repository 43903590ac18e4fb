package dev.janus.proof

import dev.janus.JanusQueue
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource

/** A queue through which many elements have passed is no larger than before; one that was full keeps its array. */
class PassedElementsTest {
    /** How so many elements pass through the queue, one by one. */
    enum class Way(val pass: (JanusQueue<Any>, times: Int) -> Unit) {
        NOBODY_WAITS({ queue, times ->
            repeat(times) {
                queue.sync().put(it)
                queue.sync().take()
            }
        }),
        THE_TAKER_WAITS({ queue, times ->
            val taker = CoroutineScope(Dispatchers.Unconfined).launch { while (true) queue.async().receive() }
            repeat(times) { queue.sync().put(it) }
            taker.cancel()
        }),
        THE_PUTTER_WAITS({ queue, times ->
            val putter = CoroutineScope(Dispatchers.Unconfined).launch { repeat(times) { queue.async().send(it) } }
            repeat(times) { queue.sync().take() }
            assertTrue(putter.isCompleted)
        }),
    }

    @ParameterizedTest
    @EnumSource
    fun pass_manyElements_leavesNothing(way: Way) {
        val queue = JanusQueue.fifo<Any>(64)
        way.pass(queue, 1000)
        Heap.assertNothingLeftBy("$way in $queue") { way.pass(queue, MANY) }
    }

    @ParameterizedTest
    @EnumSource
    fun fillAndDrain_unbounded_keepsNoMoreThanItsArrays(arrays: Arrays) {
        val queue = arrays.queue().sync()
        queue.add(0)
        val kept = Heap.growthBy {
            repeat(FILLED) { queue.add(it) }
            repeat(FILLED + 1) { queue.poll() }
        }
        assertTrue(queue.isEmpty())
        assertTrue(kept < CELLS * arrays.bytesPerCell + Heap.NOISE) { "$kept bytes in $queue" }
    }

    /** What one cell of a store's arrays takes: a reference, and in a ring also a number. */
    enum class Arrays(val bytesPerCell: Int, val queue: () -> JanusQueue<Any>) {
        RING(12, { JanusQueue.unbounded() }),
        HEAP(4, { JanusQueue.builder<Any>().unbounded().priority(BY_NUMBER).build() }),
    }

    private companion object {
        const val MANY = 100_000

        /** The arrays grow to this power of two: few enough cells for a collector that rounds large arrays up. */
        const val CELLS = 32_768
        const val FILLED = 30_000
        val BY_NUMBER: Comparator<Any> = compareBy { it as Int }
    }
}
