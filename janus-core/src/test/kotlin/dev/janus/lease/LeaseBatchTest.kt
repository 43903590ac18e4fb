package dev.janus.lease

import dev.janus.JanusQueue
import dev.janus.LeaseBatch
import dev.janus.QueueShutdownException
import dev.janus.fixtures.QueueKind
import dev.janus.fixtures.Running
import dev.janus.fixtures.SteppedDispatcher
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.atOnce
import dev.janus.fixtures.beginOn
import dev.janus.fixtures.takeAll
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.concurrent.CancellationException
import java.util.concurrent.TimeUnit.DAYS
import java.util.concurrent.TimeUnit.MILLISECONDS

/** Leases taken several at a time, for a time, or only if there are elements. */
internal class LeaseBatchTest {
    private val queue = JanusQueue.fifo<Int>(8)

    private fun batchOf(vararg elements: Int): LeaseBatch<Int> {
        queue.sync().putAll(elements.toList())
        return queue.sync().takeLeaseBatch(elements.size)
    }

    @QueueKind.Storing
    fun takeLeaseBatch_someElements_leasesThemInOrder(kind: QueueKind) {
        val queue = kind.build()
        val elements = kind.someElements().also { queue.sync().putAll(it) }
        val batch = queue.sync().takeLeaseBatch(elements.size)
        assertEquals(kind.arranged(elements), batch.elements())
        assertEquals(elements.size, queue.stats().leased())
        batch.close()
        assertEquals(kind.arranged(elements), queue.takeAll())
        assertNothingPending(queue)
    }

    @Test
    fun done_batch_allAreDone() {
        val batch = batchOf(1, 2, 3)
        batch.done()
        batch.close()
        assertEquals(0, queue.unfinishedTasks())
        assertEquals(0, queue.size())
        assertNothingPending(queue)
    }

    @Test
    fun close_someAreDone_theOthersReturnInTheirOrder() {
        val batch = batchOf(1, 2, 3, 4)
        batch.leases()[0].done()
        batch.leases()[2].keep()
        batch.close()
        assertEquals(listOf(2, 4), queue.sync().takeBatch(4))
    }

    @Test
    fun done_someHaveEnded_endsTheOthers() {
        val batch = batchOf(1, 2, 3)
        batch.leases()[1].close()
        batch.done()
        assertEquals(listOf(2), queue.sync().takeBatch(4))
        assertEquals(1, queue.unfinishedTasks())
        assertNothingPending(queue)
    }

    @Test
    fun done_taskDoneWasCalledForThem_endsAllAndThrows() {
        val batch = batchOf(1, 2)
        repeat(2) { queue.sync().taskDone() }
        assertThrows(IllegalStateException::class.java, batch::done)
        assertEquals(0, queue.stats().leased())
    }

    @Test
    fun close_takersWait_theyGetTheElementsInOrder() {
        val batch = batchOf(1, 2)
        val first = Running.startTake(queue) { queue.sync().take() }
        val second = Running.startTake(queue) { queue.sync().take() }
        batch.close()
        assertEquals(listOf(1, 2), listOf(first, second).map { it.await().value })
    }

    @Test
    fun close_afterShutdownNow_throwsWithTheElements() {
        val batch = batchOf(4711, 7, 4712)
        batch.leases()[1].done()
        queue.shutdownNow()
        val refusal = assertThrows(QueueShutdownException::class.java, batch::close)
        assertTrue("[4711, 4712]" in refusal.message!!, refusal.message)
        assertNothingPending(queue)
    }

    @Test
    fun leases_ofABatch_cannotBeChanged() {
        val batch = batchOf(1)
        assertThrows(UnsupportedOperationException::class.java) { batch.leases().removeAt(0) }
        assertEquals("LeaseBatch[Lease[1]]", "$batch")
    }

    @Test
    fun takeLeaseBatch_withATime_waitsForMore() {
        val batch = Running.startTake(queue) { queue.sync().takeLeaseBatch(2, 1, DAYS) }
        queue.sync().put(1)
        queue.sync().put(2)
        assertEquals(listOf(1, 2), batch.await().value.elements())
        assertEquals(2, queue.stats().leased())
    }

    @Test
    fun receiveLeaseBatch_withATime_waitsForMoreUntilItElapses() {
        val loop = SteppedDispatcher()
        val batch = beginOn(loop) { queue.async().receiveLeaseBatch(3, 60, MILLISECONDS) }
        queue.sync().putAll(listOf(1, 2))
        loop.runAll()
        batch.assertGoesOn()
        loop.passTime()
        loop.runAll()
        assertEquals(listOf(1, 2), batch.await().value.elements())
    }

    @Test
    fun receiveLeaseBatch_cancelledWhileItGathers_leasesNothing() {
        val loop = SteppedDispatcher()
        val batch = beginOn(loop) { queue.async().receiveLeaseBatch(3, 1, DAYS) }
        queue.sync().putAll(listOf(1, 2))
        loop.runAll()
        batch.job.cancel()
        loop.runAll()
        assertThrows(CancellationException::class.java) { batch.await().value }
        assertEquals(0, queue.stats().leased())
        assertEquals(listOf(1, 2), queue.takeAll())
        assertNothingPending(queue)
    }

    @Test
    fun pollLease_elementsOrNone_leasesOrReturnsNull() {
        assertNull(queue.sync().pollLease())
        assertNull(queue.async().tryReceiveLease())
        assertNull(queue.sync().pollLease(1, MILLISECONDS))
        assertNull(queue.sync().pollLease(0, DAYS))
        assertNull(atOnce { queue.async().receiveLease(0, DAYS) })
        queue.sync().putAll(listOf(1, 2, 3))
        assertEquals(1, queue.sync().pollLease()!!.element())
        assertEquals(2, queue.sync().pollLease(1, DAYS)!!.element())
        assertEquals(3, queue.async().tryReceiveLease()!!.element())
        assertEquals(3, queue.stats().leased())
    }

    @Test
    fun timedLease_queueIsShutDownAndEmpty_isNull() {
        queue.shutdown()
        assertNull(queue.sync().pollLease())
        assertNull(queue.sync().pollLease(1, DAYS))
        assertNull(atOnce { queue.async().receiveLease(1, DAYS) })
    }

    @Test
    fun receiveLease_timeElapses_leasesNothing() {
        val loop = SteppedDispatcher()
        val lease = beginOn(loop) { queue.async().receiveLease(60, MILLISECONDS) }
        loop.passTime()
        loop.runAll()
        assertNull(lease.await().value)
        assertNothingPending(queue)
    }

    @Test
    fun leaseBatch_ofLessThanOne_isRefused() {
        val message = "batch of at most 0 elements: expected 1 or more"
        val calls = listOf<() -> Any?>(
            { queue.sync().takeLeaseBatch(0) },
            { queue.sync().takeLeaseBatch(0, 1, DAYS) },
            { atOnce { queue.async().receiveLeaseBatch(0) } },
            { atOnce { queue.async().receiveLeaseBatch(0, 1, DAYS) } },
        )
        for (call in calls) {
            val refusal = runCatching(call).exceptionOrNull()
            assertEquals(message, (refusal?.cause ?: refusal)?.message)
        }
    }
}
