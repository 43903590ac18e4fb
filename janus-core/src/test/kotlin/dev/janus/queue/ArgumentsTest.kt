package dev.janus.queue

import dev.janus.JanusQueue
import dev.janus.fixtures.ManualDispatcher
import dev.janus.fixtures.nullElement
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.concurrent.TimeUnit.HOURS

/** Arguments that no call accepts, on both faces. */
class ArgumentsTest {
    private val queue = JanusQueue.fifo<Int>(2)
    private val sync = queue.sync()
    private val async = queue.async()
    private val loop = ManualDispatcher()

    @Test
    fun everyPut_null_throwsNullPointerException() {
        val strings = JanusQueue.fifo<String>(2)
        val calls =
            listOf<() -> Any?>(
                { strings.sync().put(nullElement()) },
                { strings.sync().offer(nullElement()) },
                { strings.sync().offer(nullElement(), 1, HOURS) },
                { strings.sync().add(nullElement()) },
                { strings.sync().putAll(listOf("a", nullElement())) },
                { loop.begin { strings.async().send(nullElement()) }.value },
                { loop.begin { strings.async().send(nullElement(), 1, HOURS) }.value },
                { loop.begin { strings.async().sendAll(listOf("a", nullElement())) }.value },
                { strings.async().trySend(nullElement()) },
            )
        for (call in calls) {
            assertThrows(NullPointerException::class.java) { call() }
        }
        assertEquals(0, strings.stats().accepted())
    }

    @Test
    fun everyCapacity_negative_throwsAndNamesTheValue() {
        val calls =
            listOf<() -> Any?>(
                { JanusQueue.fifo<Int>(-17) },
                { JanusQueue.lifo<Int>(-17) },
                { JanusQueue.priority<Int>(-17) },
                { JanusQueue.priority<Int>(-17, reverseOrder()) },
                { JanusQueue.builder<Int>().capacity(-17) },
                { queue.capacity(-17) },
            )
        for (call in calls) {
            val thrown = assertThrows(IllegalArgumentException::class.java) { call() }
            assertTrue("-17" in thrown.message!!) { "expected -17 in: ${thrown.message}" }
        }
        assertEquals(2, queue.capacity())
    }

    @Test
    fun everyBatch_maxBelowOne_throwsAndNamesTheValue() {
        sync.put(1)
        val calls = listOf<(Int) -> Any?>(sync::takeBatch, { max -> loop.begin { async.receiveBatch(max) }.value })
        for (call in calls) {
            for (max in listOf(0, -17)) {
                val thrown = assertThrows(IllegalArgumentException::class.java) { call(max) }
                assertTrue("$max" in thrown.message!!) { "expected $max in: ${thrown.message}" }
            }
        }
        assertEquals(1, queue.size())
    }
}
