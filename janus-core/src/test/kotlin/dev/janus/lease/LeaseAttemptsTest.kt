package dev.janus.lease

import dev.janus.JanusQueue
import dev.janus.Lease
import dev.janus.QueueShutdownException
import dev.janus.fixtures.QueueKind
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.takeAll
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.Random
import java.util.concurrent.TimeUnit.DAYS
import java.util.concurrent.TimeUnit.MILLISECONDS

/** How often an element was leased: the count goes with the element, wherever it stands in the queue meanwhile. */
internal class LeaseAttemptsTest {
    @QueueKind.Storing
    fun attempts_leasedAgainAndAgain_areCounted(kind: QueueKind) {
        val queue = kind.build().also { it.sync().put(7) }
        for (attempt in 1..5) {
            queue.sync().takeLease().use { assertEquals(attempt, it.attempts()) }
        }
        assertNothingPending(queue)
    }

    @QueueKind.Storing
    fun attempts_ofOtherElements_areTheirOwn(kind: QueueKind) {
        val queue = kind.build()
        val elements = kind.someElements().also { queue.sync().putAll(it) }
        queue.sync().takeLease().close()
        val leases = elements.map { queue.sync().takeLease() }
        assertEquals(listOf(2) + List(elements.size - 1) { 1 }, leases.map { it.attempts() })
        leases.reversed().forEach { it.close() }
        assertEquals(listOf(3) + List(elements.size - 1) { 2 }, elements.map { queue.sync().takeLease().attempts() })
    }

    @QueueKind.Storing
    fun attempts_ofTheSameElementPutAgain_beginAgain(kind: QueueKind) {
        val queue = kind.build().also { it.sync().put(7) }
        queue.sync().takeLease().close()
        assertEquals(7, queue.sync().take())
        queue.sync().put(7)
        assertEquals(1, queue.sync().takeLease().attempts())
    }

    @Test
    fun attempts_queueGrowsAndHasHoles_goWithTheElements() {
        val random = Random(4711)
        val queue = JanusQueue.unbounded<Int>()
        val expected = HashMap<Int, Int>()
        var next = 0
        repeat(20_000) {
            when (random.nextInt(8)) {
                0, 1, 2 -> queue.sync().put(next++)

                3, 4 -> queue.sync().pollLease()?.use { lease ->
                    assertEquals(expected.getOrDefault(lease.element(), 0) + 1, lease.attempts())
                    expected[lease.element()] = lease.attempts()
                }

                5 -> queue.sync().poll()

                6 -> if (next > 0) queue.sync().remove(random.nextInt(next))

                else -> {
                    val leases = List(random.nextInt(20)) { queue.sync().pollLease() }.filterNotNull()
                    leases.reversed().forEach { lease ->
                        assertEquals(expected.getOrDefault(lease.element(), 0) + 1, lease.attempts())
                        expected[lease.element()] = lease.attempts()
                        lease.close()
                    }
                }
            }
        }
        assertTrue(expected.size > 100) { "${expected.size}" }
    }

    @QueueKind.Storing
    fun closeLater_beforeTheTime_elementIsNotThere(kind: QueueKind) {
        val queue = kind.build().also { it.sync().put(7) }
        val lease = queue.sync().takeLease()
        lease.close(1, DAYS)
        assertNull(queue.sync().poll())
        with(queue.stats()) {
            assertEquals(listOf(0, 0, 1), listOf(size(), leased(), delayed()))
            assertEquals(listOf(1L, 1L), listOf(taken(), unfinishedTasks()))
        }
        assertThrows(IllegalStateException::class.java, lease::done)
        lease.close()
        assertEquals(listOf(7), queue.shutdownNow())
        assertNothingPending(queue)
    }

    @QueueKind.Storing
    fun closeLater_timeHasElapsed_elementIsTheNextToComeOut(kind: QueueKind) {
        val queue = kind.build()
        val elements = kind.someElements().also { queue.sync().putAll(it) }
        val lease = queue.sync().takeLease()
        lease.close(1, MILLISECONDS)
        awaitUntil("${lease.element()} is back") { queue.size() == elements.size }
        queue.sync().takeLease().use { again ->
            assertEquals(listOf(lease.element(), 2), listOf(again.element(), again.attempts()))
        }
        assertEquals(kind.arranged(elements), queue.takeAll())
        assertNothingPending(queue)
    }

    @QueueKind.Storing
    fun closeLater_withoutATime_isClose(kind: QueueKind) {
        val queue = kind.build().also { it.sync().put(7) }
        queue.sync().takeLease().close(0, DAYS)
        queue.sync().takeLease().close(-1, DAYS)
        assertEquals(7, queue.sync().poll())
        assertNothingPending(queue)
    }

    @Test
    fun closeLater_queueIsShutDown_terminatesAfterTheElement() {
        val queue = JanusQueue.fifo<Int>(1).also { it.sync().put(7) }
        queue.sync().takeLease().close(20, MILLISECONDS)
        queue.shutdown()
        assertEquals(7, queue.sync().take())
        assertTrue(queue.isTerminated)
        assertNothingPending(queue)
    }

    @Test
    fun closeLater_afterShutdownNow_isRefused() {
        val queue = JanusQueue.fifo<Int>(1).also { it.sync().put(7) }
        val lease = queue.sync().takeLease()
        queue.shutdownNow()
        assertThrows(QueueShutdownException::class.java) { lease.close(1, DAYS) }
        assertNothingPending(queue)
    }

    @Test
    fun shutdownNow_elementsReturnLater_areHandedBackOnce() {
        val queue = JanusQueue.fifo<Int>(4).also { it.sync().putAll(listOf(1, 2, 3)) }
        val leases = List(2) { queue.sync().takeLease() }
        leases.forEach { it.close(1, DAYS) }
        assertEquals(listOf(1, 2, 3), queue.shutdownNow())
        assertTrue(queue.isTerminated)
        assertEquals(0, queue.unfinishedTasks())
        leases.forEach(Lease<Int>::close)
        assertEquals(emptyList<Int>(), queue.shutdownNow())
        assertNothingPending(queue)
    }

    @Test
    fun closeLater_manyAtOnce_eachReturnsOnce() {
        val queue = JanusQueue.fifo<Int>(1_000).also { it.sync().putAll((1..1_000).toList()) }
        repeat(1_000) { queue.sync().takeLease().close(1L + it % 3, MILLISECONDS) }
        awaitUntil("all are back") { queue.size() == 1_000 }
        assertEquals((1..1_000).toSet(), queue.takeAll().toSet())
        assertNothingPending(queue)
    }
}
