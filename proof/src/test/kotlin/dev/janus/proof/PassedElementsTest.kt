package dev.janus.proof

import dev.janus.JanusQueue
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import org.junit.jupiter.params.provider.ValueSource
import java.util.ArrayDeque
import java.util.PriorityQueue
import java.util.Queue

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
    @ValueSource(booleans = [false, true])
    fun fillAndDrain_unbounded_keepsNoMoreThanItsStoreDoes(priority: Boolean) {
        val store = if (priority) PriorityQueue<Any>() else ArrayDeque()
        val queue = with(JanusQueue.builder<Any>().unbounded()) { if (priority) priority(BY_NUMBER) else this }.build()
        val keptByStore = keptAfterFilling(store)
        val kept = keptAfterFilling(queue.sync())
        assertTrue(kept < keptByStore + Heap.NOISE) {
            "$kept bytes, and $keptByStore in a ${store.javaClass.simpleName}"
        }
    }

    private fun keptAfterFilling(queue: Queue<Any>): Long {
        queue.add(0)
        val kept = Heap.growthBy {
            repeat(MANY) { queue.add(it) }
            repeat(MANY + 1) { queue.poll() }
        }
        assertTrue(queue.isEmpty())
        return kept
    }

    private companion object {
        const val MANY = 100_000
        val BY_NUMBER: Comparator<Any> = compareBy { it as Int }
    }
}
