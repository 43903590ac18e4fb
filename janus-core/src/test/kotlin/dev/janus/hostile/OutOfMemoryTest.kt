package dev.janus.hostile

import dev.janus.JanusQueue
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import java.io.File

/**
 * A queue without bound takes all the memory of a JVM: the rest can be taken, in order. That JVM is not one of Surefire's,
 * which may not survive it.
 */
internal class OutOfMemoryTest {
    @ParameterizedTest
    @EnumSource
    fun put_noMemoryLeft_queueHasWhatItAccepted(order: MemoryOrder) = assertEquals("as it should be", run("$order"))

    @Test
    fun drainTo_noMemoryLeftForABatch_nothingIsLost() = assertEquals("as it should be", run("DRAIN"))

    private fun run(argument: String): String {
        val java = File(System.getProperty("java.home"), "bin/java").path
        val classes = System.getProperty("surefire.test.class.path") ?: System.getProperty("java.class.path")
        val process =
            ProcessBuilder(
                java,
                "-Xmx24m",
                "-XX:+UseSerialGC",
                "-cp",
                classes,
                OutOfMemoryProgram::class.java.name,
                argument,
            )
                .redirectErrorStream(true)
                .start()
        val output = process.inputStream.bufferedReader().readText().trim()
        process.waitFor()
        return output
    }
}

internal enum class MemoryOrder(val new: () -> JanusQueue<Int>) {
    FIFO({ JanusQueue.unbounded() }),
    LIFO({ JanusQueue.builder<Int>().unbounded().lifo().build() }),
    PRIORITY({ JanusQueue.builder<Int>().unbounded().priority().build() }),
}

/** Runs where little memory is. */
internal object OutOfMemoryProgram {
    private const val DIFFERENT = 100

    @JvmStatic
    fun main(arguments: Array<String>) {
        val drains = arguments[0] == "DRAIN"
        val queue = (if (drains) MemoryOrder.FIFO else MemoryOrder.valueOf(arguments[0])).new()
        var accepted = 0
        var failures = 0
        while (failures < 3) {
            try {
                queue.sync().put(accepted % DIFFERENT)
                accepted++
            } catch (_: OutOfMemoryError) {
                failures++
            }
        }
        println(if (drains) drain(queue, accepted) else check(queue, MemoryOrder.valueOf(arguments[0]), accepted))
    }

    private fun check(queue: JanusQueue<Int>, order: MemoryOrder, accepted: Int): String {
        if (queue.size() != accepted) return "expected $accepted elements, but ${queue.stats()}"
        for (i in 0 until accepted) {
            val expected =
                when (order) {
                    MemoryOrder.FIFO -> i % DIFFERENT
                    MemoryOrder.LIFO -> (accepted - 1 - i) % DIFFERENT
                    MemoryOrder.PRIORITY -> null
                }
            val element = queue.sync().poll() ?: return "only $i of $accepted came"
            if (expected != null &&
                expected != element
            ) {
                return "expected $expected as number $i of $accepted, but it was $element"
            }
        }
        return if (queue.sync().poll() == null && queue.sync().offer(1)) "as it should be" else "too many"
    }

    /** Counts what comes, and keeps nothing. */
    private class Counting : AbstractMutableCollection<Int>() {
        override var size = 0

        override fun iterator() = error("unused")

        override fun add(element: Int): Boolean {
            size++
            return true
        }
    }

    private fun drain(queue: JanusQueue<Int>, accepted: Int): String {
        val drained = Counting()
        for (attempt in 1..20) {
            try {
                queue.sync().drainTo(drained)
            } catch (_: OutOfMemoryError) {
                queue.sync().poll()?.let { drained.add(it) }
            }
        }
        generateSequence { queue.sync().poll() }.forEach(drained::add)
        return if (drained.size ==
            accepted
        ) {
            "as it should be"
        } else {
            "${drained.size} of $accepted elements came: ${queue.stats()}"
        }
    }
}
