package dev.janus.proof

import dev.janus.JanusQueue
import dev.janus.QueueSelect
import dev.janus.fixtures.awaitUntil
import jdk.jfr.Recording
import jdk.jfr.consumer.RecordingFile
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import java.nio.file.Files
import java.time.Duration
import java.util.concurrent.ExecutorService
import java.util.concurrent.ForkJoinPool
import java.util.concurrent.Future
import java.util.concurrent.TimeUnit.DAYS
import java.util.concurrent.TimeUnit.SECONDS

/** Many threads that wait at once, on threads that must not be blocked for good. */
class ManyThreadsTest {
    enum class Call(val takes: Boolean, val call: (JanusQueue<Int>) -> Any?) {
        TAKE(true, { it.sync().take() }),
        TIMED_POLL(true, { it.sync().poll(1, DAYS) }),
        SELECT(true, { queue -> QueueSelect.first(queue) { it }.or(JanusQueue.unbounded<Int>()) { it }.select() }),
        PUT(false, { it.sync().put(1) }),
        TIMED_OFFER(false, { it.sync().offer(1, 1, DAYS) }),
    }

    @ParameterizedTest
    @EnumSource
    fun virtualThreads_allWait_allReturnAndNoneWasPinned(call: Call) {
        assumeTrue(VirtualThreads.areAvailable)
        val executor = VirtualThreads.executor()
        val pinned = pinnedInQueue { assertAllServed(call, 10_000, executor) }
        executor.shutdown()
        assertEquals(emptyList<Any>(), pinned)
    }

    /** The pool has one thread, but adds another one for each that waits without a time limit, as the JDK does. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = ["TIMED_POLL", "TIMED_OFFER"])
    fun forkJoinPool_ofOneThread_allReturn(call: Call) {
        val pool = ForkJoinPool(1)
        assertAllServed(call, 20, pool)
        pool.shutdown()
    }

    @Test
    fun forkJoinPool_taskWaitsForAnother_otherRuns() {
        val queue = JanusQueue.fifo<Int>(1)
        val pool = ForkJoinPool(1)
        val taken = pool.submit<Int> { queue.sync().take() }
        pool.submit { queue.sync().add(1) }
        assertEquals(1, taken.get(20, SECONDS))
        pool.shutdown()
    }

    private fun assertAllServed(call: Call, count: Int, executor: ExecutorService) {
        val queue = JanusQueue.fifo<Int>(1)
        if (!call.takes) queue.sync().put(0)
        val waiting: List<Future<*>> = List(count) { executor.submit { call.call(queue) } }
        awaitUntil("$count threads that wait") {
            with(queue.stats()) { waitingTakeThreads() + waitingPutThreads() == count }
        }
        repeat(count) {
            if (call.takes) queue.sync().put(it) else queue.sync().take()
        }
        waiting.forEach { it.get(20, SECONDS) }
    }

    /** Runs the block, and returns the events of virtual threads that were pinned to their carriers in the queue. */
    private fun pinnedInQueue(block: () -> Unit): List<Any> {
        val file = Files.createTempFile("pinned", ".jfr")
        try {
            Recording().use { recording ->
                recording.enable("jdk.VirtualThreadPinned").withThreshold(Duration.ZERO).withStackTrace()
                recording.start()
                block()
                recording.stop()
                recording.dump(file)
            }
            return RecordingFile.readAllEvents(file).filter { event ->
                event.stackTrace?.frames.orEmpty().any { it.method.type.name.startsWith("dev.janus.Parker") }
            }
        } finally {
            Files.delete(file)
        }
    }
}
