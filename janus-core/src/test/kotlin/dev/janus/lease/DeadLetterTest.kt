package dev.janus.lease

import dev.janus.JanusQueue
import dev.janus.QueueShutdownException
import dev.janus.fixtures.QueueKind
import dev.janus.fixtures.Running
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.atOnce
import dev.janus.fixtures.awaitUntil
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.TimeUnit.DAYS
import java.util.concurrent.TimeUnit.MILLISECONDS
import java.util.concurrent.TimeUnit.NANOSECONDS

/** Elements that were leased too often, and leases that were forgotten. */
internal class DeadLetterTest {
    private val dead = ConcurrentLinkedQueue<Int>()

    private fun queue(choose: JanusQueue.Builder<Int>.() -> Unit): JanusQueue<Int> =
        JanusQueue.builder<Int>().capacity(4).apply(choose).build()

    private fun attempts(max: Int) = queue { deadLetters(max) { dead += it } }.also { it.sync().putAll(listOf(1, 2)) }

    @Test
    fun close_lastAttempt_elementGoesToTheListener() {
        val queue = attempts(2)
        queue.sync().takeLease().close()
        assertEquals(emptyList<Int>(), dead.toList())

        queue.sync().takeLease().close()

        assertEquals(listOf(1), dead.toList())
        assertEquals(2, queue.sync().takeLease().element())
        with(queue.stats()) { assertEquals(listOf(1L, 2L, 1L), listOf(deadLetters(), taken(), unfinishedTasks())) }
    }

    @Test
    fun closeLater_lastAttempt_elementGoesToTheListenerAtOnce() {
        val queue = attempts(1)
        queue.sync().takeLease().close(1, DAYS)
        assertEquals(listOf(1), dead.toList())
        assertEquals(0, queue.stats().delayed())
    }

    @Test
    fun close_lastAttempt_joinReturns() {
        val queue = attempts(1)
        repeat(2) { queue.sync().takeLease().close() }
        queue.sync().join()
        queue.shutdown()
        assertTrue(queue.isTerminated)
        assertNothingPending(queue)
    }

    @Test
    fun close_lastAttemptAndTaskDoneCalledForIt_isCountedOnce() {
        val queue = attempts(1)
        val lease = queue.sync().takeLease()
        queue.sync().taskDone()
        lease.close()
        assertEquals(listOf(1), dead.toList())
        assertEquals(1, queue.unfinishedTasks())
    }

    @Test
    fun done_lastAttempt_isNoDeadLetter() {
        val queue = attempts(1)
        queue.sync().takeLease().use { it.done() }
        queue.sync().takeLease().use { it.keep() }
        assertEquals(0, queue.stats().deadLetters())
        assertTrue(dead.isEmpty())
    }

    @Test
    fun close_listenerCallsTheQueue_mayDoSo() {
        lateinit var queue: JanusQueue<Int>
        queue = queue { deadLetters(1) { queue.sync().put(it + 10) } }
        queue.sync().put(1)
        queue.sync().takeLease().close()
        assertEquals(11, queue.sync().poll())
    }

    @Test
    fun close_lastAttemptAfterShutdownNow_staysWithTheHolder() {
        val queue = attempts(1)
        val lease = queue.sync().takeLease()
        queue.shutdownNow()
        assertThrows(QueueShutdownException::class.java, lease::close)
        assertTrue(dead.isEmpty())
        assertNothingPending(queue)
    }

    @Test
    fun close_batchOfWhichSomeAreAtTheEnd_theOthersReturnInOrder() {
        val queue = attempts(2)
        queue.sync().takeLease().close()
        queue.sync().put(3)
        queue.sync().takeLeaseBatch(3).close()
        assertEquals(listOf(1), dead.toList())
        assertEquals(listOf(2, 3), queue.sync().takeBatch(3))
    }

    @Test
    fun builder_badArguments_areRefused() {
        val builder = JanusQueue.builder<Int>()
        val attempts = assertThrows(IllegalArgumentException::class.java) { builder.deadLetters(0) {} }
        assertEquals("at most 0 attempts: expected 1 or more", attempts.message)
        val time = assertThrows(IllegalArgumentException::class.java) { builder.leaseTimeout(-3, DAYS) }
        assertEquals("leaseTimeout of -3 DAYS: expected more than 0", time.message)
    }

    // A time limit

    @QueueKind.Storing
    fun lease_timeHasElapsed_elementIsBack(kind: QueueKind) {
        val queue = kind.builder().leaseTimeout(1, NANOSECONDS).build().also { it.sync().put(7) }
        val lease = queue.sync().takeLease()
        awaitUntil("$lease expires") { queue.size() == 1 }
        assertFalse(lease.done())
        val late = assertThrows(IllegalStateException::class.java, lease::keep)
        assertEquals(
            "keep() was called for a lease whose time limit had elapsed; its element is 7",
            late.message,
        )
        lease.close()
        assertEquals(7, queue.sync().poll())
        assertNothingPending(queue)
    }

    @Test
    fun lease_ofEachCallWithATimeLimit_expires() {
        val queue = queue { leaseTimeout(1, MILLISECONDS) }
        val calls = listOf<() -> Any?>(
            { queue.sync().takeLease() },
            { queue.sync().pollLease() },
            { queue.sync().pollLease(1, DAYS) },
            { queue.sync().takeLeaseBatch(2) },
            { queue.sync().takeLeaseBatch(2, 1, MILLISECONDS) },
            { queue.async().tryReceiveLease() },
            { atOnce { queue.async().receiveLease() } },
            { atOnce { queue.async().receiveLease(1, DAYS) } },
            { atOnce { queue.async().receiveLeaseBatch(2) } },
        )
        for (call in calls) {
            queue.sync().put(7)
            call()
            awaitUntil("the lease expires") { queue.size() == 1 }
            assertEquals(7, queue.sync().take())
        }
        assertNothingPending(queue)
    }

    @Test
    fun lease_endsInTime_doesNotExpire() {
        val queue = queue { leaseTimeout(500, MILLISECONDS) } // long enough for the next lines on a busy machine
        queue.sync().putAll(listOf(1, 2, 3))
        queue.sync().takeLease().done()
        queue.sync().takeLease().keep()
        queue.sync().takeLease().close(1, DAYS)
        queue.sync().put(4)
        queue.sync().takeLease()
        awaitUntil("the last lease expires, after the others would have") { queue.size() == 1 }
        assertEquals(4, queue.sync().take())
        assertEquals(listOf(3), queue.shutdownNow())
        assertNothingPending(queue)
    }

    @Test
    fun subscription_callbackTakesLongerThanTheTimeLimit_isNotLimited() {
        val queue = queue { leaseTimeout(1, MILLISECONDS) }
        val other = queue { leaseTimeout(20, MILLISECONDS) }.also { it.sync().put(2) }
        val handled = ConcurrentLinkedQueue<Int>()
        val subscription = queue.async().subscribe({
            other.sync().takeLease()
            awaitUntil("a later lease of another queue expires") { other.size() == 1 }
            handled += it
        }, {})
        queue.sync().put(1)
        awaitUntil("it was handled") { handled.toList() == listOf(1) }
        subscription.close()
        assertNothingPending(queue)
    }

    @Test
    fun lease_allThreadsOfDefaultAreBlocked_expires() {
        val queue = queue { leaseTimeout(1, MILLISECONDS) }
        val takers = List(maxOf(2, Runtime.getRuntime().availableProcessors())) { JanusQueue.fifo<Int>(0) }
        takers.forEach { taken -> CoroutineScope(Dispatchers.Default).launch { taken.sync().take() } }
        takers.forEach { taken -> awaitUntil("a thread is blocked") { taken.stats().waitingTakeThreads() == 1 } }
        queue.sync().put(1)
        queue.sync().takeLease()
        assertEquals(1, queue.sync().take())
        takers.forEach { it.sync().put(0) }
    }

    @Test
    fun batch_expires_returnsInItsOrder() {
        val queue = queue { leaseTimeout(1, MILLISECONDS) }
        queue.sync().putAll(listOf(1, 2, 3, 4))
        val batch = queue.sync().takeLeaseBatch(4)
        awaitUntil("it expires") { queue.size() == 4 }
        assertFalse(batch.done())
        assertEquals(listOf(1, 2, 3, 4), queue.sync().takeBatch(4))
        assertNothingPending(queue)
    }

    @Test
    fun close_listenerThrows_isReportedAndTheLeaseHasEnded() {
        val queue = queue { deadLetters(1) { throw IllegalStateException("planned") } }
        queue.sync().put(1)
        val thread = Running.start {
            Thread.currentThread().setUncaughtExceptionHandler { _, e -> dead += e.message!!.length }
            queue.sync().takeLease().close()
        }
        thread.await().value
        assertEquals(listOf("planned".length), dead.toList())
        assertNothingPending(queue)
    }

    @Test
    fun lease_expiresTooOften_isADeadLetter() {
        val queue = queue { deadLetters(1) { dead += it }.leaseTimeout(1, MILLISECONDS) }
        queue.sync().put(1)
        queue.sync().takeLease()
        awaitUntil("1 is a dead letter") { dead.toList() == listOf(1) }
        assertNull(queue.sync().poll())
        assertNothingPending(queue)
    }

    @Test
    fun lease_queueIsShutDownNow_neverExpires() {
        val queue = queue { leaseTimeout(1, MILLISECONDS) }
        queue.sync().put(1)
        val lease = queue.sync().takeLease()
        val other = queue { leaseTimeout(20, MILLISECONDS) }.also { it.sync().put(2) }
        val expired = queue.shutdownNow().isNotEmpty()
        other.sync().takeLease()
        awaitUntil("a later lease of another queue expires") { other.size() == 1 }
        if (!expired) lease.done() // the time had not elapsed before the shutdown
        assertFalse(queue.size() > 0)
    }

    @Test
    fun taker_waitsWhileALeaseIsForgotten_getsTheElement() {
        val queue = queue { leaseTimeout(20, MILLISECONDS) }
        queue.sync().put(1)
        queue.sync().takeLease()
        assertEquals(1, queue.sync().take())
        assertNothingPending(queue)
    }

    @Test
    fun builder_builtQueue_isNotChangedByTheBuilder() {
        val builder = JanusQueue.builder<Int>().capacity(4).deadLetters(3) {}
        val queue = builder.build()
        builder.lifo().deadLetters(1) { dead += it }
        queue.sync().put(1)
        queue.sync().takeLease().close()
        assertEquals(1, queue.size())
        assertTrue(dead.isEmpty())
    }
}
