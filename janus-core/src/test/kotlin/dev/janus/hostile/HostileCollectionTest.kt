package dev.janus.hostile

import dev.janus.JanusQueue
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.beginRaw
import dev.janus.fixtures.failure
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import java.util.AbstractCollection

/** What an odd collection of elements to put does, and which of 1, 2, 3 it can deliver. */
internal enum class OddSource(val delivered: List<Int>?, val collection: (JanusQueue<Int>) -> Collection<Int>) {
    SAYS_MORE_THAN_IT_HAS(listOf(1, 2, 3), { Odd(9) { listOf(1, 2, 3).iterator() } }),
    SAYS_LESS_THAN_IT_HAS(listOf(1, 2, 3), { Odd(1) { listOf(1, 2, 3).iterator() } }),
    SAYS_A_NEGATIVE_SIZE(null, { Odd(-1) { listOf(1, 2, 3).iterator() } }),
    THROWS_MIDWAY(null, { Odd(3) { generateSequence(1) { if (it < 2) it + 1 else error("no more") }.iterator() } }),
    HAS_NULL(null, { nullable(listOf(1, null, 3)) }),
    THE_QUEUE_ITSELF(listOf(1, 2, 3), { queue -> queue.sync().also { it.addAll(listOf(1, 2, 3)) } }),
    IS_EMPTY_AFTER_ALL(listOf(), { Odd(2) { ArrayList<Int>().iterator() } }),
    PUTS_INTO_THE_QUEUE(listOf(1, 2, 3), { queue ->
        Odd(3) {
            queue.sync().put(7)
            listOf(1, 2, 3).iterator()
        }
    }),
    SHUTS_THE_QUEUE_DOWN(null, { queue ->
        Odd(3) {
            queue.shutdown()
            listOf(1, 2, 3).iterator()
        }
    }),
    ;

    /** A collection that answers what it is told to. */
    private class Odd(override val size: Int, private val elements: () -> Iterator<Int>) : AbstractCollection<Int>() {
        @Suppress("UNCHECKED_CAST") // nobody removes
        override fun iterator() = elements() as MutableIterator<Int>
    }

    private companion object {
        @Suppress("UNCHECKED_CAST")
        fun nullable(elements: List<Int?>) = elements as List<Int>
    }
}

/** A collection to drain to that fails or does something to the queue, after a number of elements. */
internal enum class OddTarget(val act: (JanusQueue<Int>) -> Unit) {
    THROWS({ error("full") }),
    THROWS_AN_ERROR({ throw StackOverflowError("full") }),
    PUTS({ it.sync().offer(9) }),
    TAKES({ it.sync().poll() }),
    DRAINS({ it.sync().drainTo(ArrayList()) }),
    SHUTS_DOWN_AND_THROWS({
        it.shutdown()
        error("full")
    }),
    INTERRUPTS({ Thread.currentThread().interrupt() }),
}

/** Collections that lie, throw or change meanwhile: a batch goes in as it was delivered, or not at all. */
internal class HostileCollectionTest {
    private val batches = mapOf<String, (JanusQueue<Int>, Collection<Int>) -> Unit>(
        "putAll" to { queue, elements -> queue.sync().putAll(elements) },
        "sendAll" to { queue, elements ->
            val sent = beginRaw { queue.async().sendAll(elements) }
            sent.failure()?.let { throw it }
        },
    )

    @ParameterizedTest
    @EnumSource
    fun batch_oddCollection_allOrNothing(source: OddSource) = batches.forEach { (name, put) ->
        val queue = JanusQueue.fifo<Int>(20)
        val elements = source.collection(queue)
        val before = queue.sync().toList()

        val put = runCatching { put(queue, elements) }

        val added = if (put.isSuccess) source.delivered.orEmpty() else listOf()
        assertEquals(source.delivered != null, put.isSuccess, "$name: $put")
        assertEquals((before + added).sorted(), (queue.sync().toList() - 7).sorted(), name)
        assertNothingPending(queue)
    }

    @ParameterizedTest
    @EnumSource
    fun drainTo_oddTarget_nothingIsLost(target: OddTarget) {
        for (failing in 0..3) {
            val queue = JanusQueue.fifo<Int>(4)
            queue.sync().putAll(listOf(1, 2, 3, 4))
            val drained = ArrayList<Int>()
            val odd =
                object : AbstractMutableCollection<Int>() {
                    override val size get() = drained.size

                    override fun iterator() = drained.iterator()

                    override fun add(element: Int): Boolean {
                        if (size == failing) target.act(queue)
                        return drained.add(element)
                    }
                }
            runCatching { queue.sync().drainTo(odd) }
            Thread.interrupted()
            val rest = generateSequence { queue.sync().poll() }.toList()
            assertEquals(listOf(1, 2, 3, 4), drained + rest - 9, "in order, none lost")
            assertNothingPending(queue)
        }
    }

    /** An array of a type of its own, which no other element fits. */
    @Test
    fun putAll_arrayOfAnotherType_isPutIn() {
        val queue = JanusQueue.fifo<Any>(3)
        queue.sync().putAll(java.util.Arrays.asList("one", "two"))
        queue.sync().put(3)
        assertEquals(listOf("one", "two", 3), queue.sync().toList())
        assertNothingPending(queue)
    }
}
