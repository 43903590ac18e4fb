package dev.janus.proof

import dev.janus.fixtures.inThread
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import java.lang.management.ManagementFactory
import java.lang.ref.WeakReference
import java.util.concurrent.TimeUnit

/** Says what is on the heap and cannot be collected. */
object Heap {
    /** What a step may leave that has nothing to do with Janus: a class loaded, a thread of the JVM begun. */
    const val NOISE = 100_000L

    private const val CALM = 16 * 1024L
    private const val MAX_ROUNDS = 12
    private val memory = ManagementFactory.getMemoryMXBean()

    /** The least that several collections in a row leave; it ends when two of them leave as much. */
    fun used(): Long {
        var least = Long.MAX_VALUE
        repeat(MAX_ROUNDS) {
            System.gc()
            val now = memory.heapMemoryUsage.used
            val calm = least - now in 0..CALM
            least = minOf(least, now)
            if (calm) return least
        }
        return least
    }

    /** By how many bytes the heap is larger after the [step] than it was before. */
    inline fun growthBy(step: () -> Unit): Long {
        val before = used()
        step()
        return used() - before
    }

    /** The [step] leaves nothing but noise; if it seems to, it is done once more: what leaks, leaks again. */
    inline fun assertNothingLeftBy(what: String, step: () -> Unit) {
        var left = growthBy(step)
        if (left >= NOISE) left = growthBy(step)
        assertTrue(left < NOISE) { "$left bytes are left by $what" }
    }

    /** Collects until all are gone, each named by what was done to it: the JVM itself may hold some for a moment. */
    fun awaitCollected(references: Map<String, List<WeakReference<*>>>) {
        val deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20)
        do System.gc() while (held(references).isNotEmpty() && System.nanoTime() < deadline)
        assertEquals(emptyMap<String, Int>(), held(references), "so many are still held")
    }

    private fun held(references: Map<String, List<WeakReference<*>>>): Map<String, Int> =
        references.mapValues { (_, all) -> all.count { it.get() != null } }.filterValues { it > 0 }

    /** Runs the step in a new thread: the exceptions that cancelling makes are cheap on a shallow stack. */
    fun inNewThread(step: () -> Unit) = inThread(step).apply { thread.join() }.value
}
