package dev.janus.lease

import dev.janus.JanusQueue
import dev.janus.Lease
import dev.janus.QueueShutdownException
import dev.janus.fixtures.LeaseEnd
import dev.janus.fixtures.Running
import dev.janus.fixtures.SteppedDispatcher
import dev.janus.fixtures.assertChangesNothing
import dev.janus.fixtures.assertConserved
import dev.janus.fixtures.atOnce
import dev.janus.fixtures.beginOn
import dev.janus.fixtures.inThread
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import org.junit.jupiter.params.provider.ValueSource
import java.io.IOException
import java.util.concurrent.TimeUnit.HOURS
import java.util.concurrent.TimeUnit.SECONDS

/** `shutdownNow` terminates the queue whatever leases are out; their elements are their holders' from then on. */
internal class ShutdownNowWithLeasesTest {
    private val queue = JanusQueue.fifo<Int>(4)
    private val steps = SteppedDispatcher()

    private fun leaseOf(element: Int): Lease<Int> {
        queue.sync().put(element)
        return queue.sync().takeLease()
    }

    private fun assertRefused(lease: Lease<Int>): QueueShutdownException {
        val refusal = assertThrows(QueueShutdownException::class.java, lease::close)
        assertTrue("${lease.element()}" in refusal.message!!, refusal.message)
        return refusal
    }

    @ParameterizedTest
    @ValueSource(ints = [1, 3])
    fun shutdownNow_leasesOut_terminatesAtOnce(count: Int) {
        val leases = List(count) { leaseOf(4711) }
        queue.sync().put(8)

        assertEquals(listOf(8), queue.shutdownNow())

        assertTrue(queue.isTerminated)
        assertTrue(queue.stats().isTerminated)
        assertTrue(queue.sync().awaitTermination(0, SECONDS))
        leases.forEach { assertEquals(4711, it.element()) }
    }

    @Test
    fun shutdownNow_leaseReceivedByACoroutine_terminatesAtOnce() {
        queue.sync().put(4711)
        val lease = atOnce { queue.async().receiveLease() }

        assertEquals(listOf<Int>(), queue.shutdownNow())

        assertTrue(queue.isTerminated)
        assertRefused(lease)
    }

    @Test
    fun shutdownNow_afterShutdownThatWaitsForTheLease_terminates() {
        val lease = leaseOf(4711)
        queue.shutdown()
        assertFalse(queue.isTerminated)

        queue.shutdownNow()

        assertTrue(queue.isTerminated)
        assertRefused(lease)
    }

    @Test
    fun shutdownNow_leaseOutAndOthersAwaitTheTermination_theyReturn() {
        leaseOf(4711)
        val thread = Running.startJoin(queue) { queue.sync().awaitTermination(1, HOURS) }
        val coroutine = beginOn(steps) { queue.async().awaitTermination() }

        queue.shutdownNow()

        assertTrue(queue.isTerminated)
        assertTrue(thread.result())
        steps.runAll()
        coroutine.value
    }

    @Test
    fun shutdownNow_leaseOutAndTakersWaitForIt_theyAreRefused() {
        leaseOf(4711)
        queue.shutdown()
        val taker = Running.startTake(queue) { queue.sync().take() }
        val poller = Running.startTake(queue) { listOfNotNull(queue.sync().poll(1, HOURS)) }
        val receiver = beginOn(steps) { queue.async().receive() }

        queue.shutdownNow()

        assertTrue(queue.isTerminated)
        taker.failure(QueueShutdownException::class.java)
        assertEquals(listOf<Int>(), poller.result())
        steps.runAll()
        receiver.assertThrew<QueueShutdownException>()
    }

    @Test
    fun close_afterShutdownNow_isRefusedAndTheElementDoesNotComeBack() {
        val lease = leaseOf(4711)
        queue.shutdownNow()

        assertRefused(lease)

        assertEquals(0, queue.size())
        assertNull(queue.sync().poll())
        assertTrue(queue.isTerminated)
        assertEquals(listOf<Int>(), queue.shutdownNow())
        assertEquals(0, queue.stats().leased())
        assertConserved(queue)
        assertEquals(4711, lease.element())
    }

    @Test
    fun close_afterShutdownNowWithCause_carriesTheCause() {
        val cause = IOException("planned")
        val lease = leaseOf(4711)
        queue.shutdown(cause)
        queue.shutdownNow()

        assertSame(cause, assertRefused(lease).cause)
    }

    @Test
    fun close_secondAfterARefusal_doesNothing() {
        val lease = leaseOf(4711)
        queue.shutdownNow()
        assertRefused(lease)

        assertChangesNothing(queue) { lease.close() }

        assertThrows(IllegalStateException::class.java, lease::done)
        assertThrows(IllegalStateException::class.java, lease::keep)
        assertTrue(lease.toString().endsWith("ended]"), lease.toString())
    }

    @Test
    fun close_ofATryBlockThatThrows_isSuppressed() {
        val lease = leaseOf(4711)
        queue.shutdownNow()
        val failure = UnsupportedOperationException()

        val thrown = assertThrows(UnsupportedOperationException::class.java) { lease.use { throw failure } }

        assertSame(failure, thrown)
        assertInstanceOf(QueueShutdownException::class.java, thrown.suppressed.single())
    }

    @Test
    fun done_afterShutdownNow_marksTheTaskAndMayBeClosed() {
        val lease = leaseOf(4711)
        queue.shutdownNow()
        assertEquals(1, queue.unfinishedTasks())

        lease.use { it.done() }

        assertEquals(0, queue.unfinishedTasks())
        assertEquals(0, queue.stats().leased())
        assertTrue(queue.sync().join(0, SECONDS))
    }

    @Test
    fun keep_afterShutdownNow_leavesTheTaskToTaskDone() {
        val lease = leaseOf(4711)
        queue.shutdownNow()

        lease.use { it.keep() }

        assertEquals(1, queue.unfinishedTasks())
        queue.sync().taskDone()
        assertTrue(queue.sync().join(0, SECONDS))
    }

    @Test
    fun join_leaseRefusedAfterShutdownNow_endsOnceTheOtherTasksAreDone() {
        val refused = leaseOf(4711)
        val done = leaseOf(4712)
        queue.sync().putAll(listOf(3, 4))
        assertEquals(3, queue.sync().take())
        val thread = Running.startJoin(queue) { queue.sync().join(1, HOURS) }
        val coroutine = beginOn(steps) { queue.async().join() }
        assertEquals(listOf(4), queue.shutdownNow())
        assertEquals(3, queue.unfinishedTasks())

        assertRefused(refused)
        assertEquals(2, queue.unfinishedTasks())
        done.done()
        assertEquals(2, queue.stats().waitingJoins())
        queue.sync().taskDone()

        assertTrue(thread.result())
        steps.runAll()
        coroutine.value
        assertEquals(0, queue.unfinishedTasks())
        assertThrows(IllegalStateException::class.java, queue.sync()::taskDone)
    }

    @Test
    fun join_onlyTheRefusedLeaseIsLeft_endsWithTheRefusal() {
        val lease = leaseOf(4711)
        val join = Running.startJoin(queue) { queue.sync().join(1, HOURS) }
        queue.shutdownNow()

        assertRefused(lease)

        assertTrue(join.result())
    }

    @ParameterizedTest
    @EnumSource(LeaseEnd::class, names = ["DONE", "KEEP"])
    fun lease_endedAfterShutdown_theQueueTerminates(end: LeaseEnd) {
        val lease = leaseOf(4711)
        queue.shutdown()
        assertFalse(queue.isTerminated)

        end.end(lease)

        assertTrue(queue.isTerminated)
    }

    @Test
    fun lease_closedAfterShutdown_isStillGivenBack() {
        val lease = leaseOf(4711)
        queue.shutdown()

        lease.close()

        assertEquals(4711, queue.sync().take())
        assertTrue(queue.isTerminated)
    }

    @Test
    fun shutdownNow_leasesEndMeanwhile_eachElementIsHandedBackRefusedOrDone() {
        repeat(300) {
            val queue = JanusQueue.fifo<Int>(8)
            queue.sync().addAll((0 until 8).toList())
            val leases = List(4) { queue.sync().takeLease() }
            val refused = inThread { leases.filter { runCatching { it.close() }.isFailure }.map { it.element() } }

            val handedBack = queue.shutdownNow()

            assertEquals((0 until 8).toList(), (handedBack + refused.await().value).sorted())
            assertTrue(queue.isTerminated)
            assertEquals(0, queue.unfinishedTasks())
        }
    }
}
