package dev.janus.queue

import dev.janus.JanusQueue
import dev.janus.Permit
import dev.janus.QueueShutdownException
import dev.janus.fixtures.Running
import dev.janus.fixtures.SteppedDispatcher
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.beginOn
import dev.janus.fixtures.inThread
import dev.janus.fixtures.nullElement
import dev.janus.fixtures.takeAll
import kotlinx.coroutines.channels.BufferOverflow
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import java.io.IOException
import java.util.concurrent.CancellationException
import java.util.concurrent.TimeUnit.DAYS
import java.util.concurrent.TimeUnit.MILLISECONDS

/** Room that is reserved for one element. */
internal class PermitTest {
    private val queue = JanusQueue.fifo<Int>(1)
    private val sync = queue.sync()
    private val async = queue.async()
    private val loop = SteppedDispatcher()

    @AfterEach
    fun nothingIsPending() = assertNothingPending(queue)

    @Test
    fun reserve_thereIsRoom_noOtherCallerGetsIt() {
        val permit = sync.reserve()
        assertFalse(sync.offer(2))
        assertNull(sync.tryReserve())
        assertNull(async.tryReserve())
        assertNull(sync.reserve(1, MILLISECONDS))
        assertEquals(0, sync.remainingCapacity())
        assertEquals(listOf(0, 1), listOf(queue.size(), queue.stats().reservedSlots()))
        permit.put(1)
        assertEquals(0, queue.stats().reservedSlots())
        assertEquals(listOf(1), queue.takeAll())
    }

    @Test
    fun close_notUsed_theNextInLineGetsTheRoom() {
        val permit = sync.reserve()
        val put = Running.startPut(queue) { sync.put(2) }
        permit.close()
        put.await()
        permit.close()
        assertEquals(listOf(2), queue.takeAll())
    }

    @Test
    fun put_permitHasEnded_isRefusedAndAddsNothing() {
        val permit = sync.reserve().apply { put(1) }
        assertTrue("7" in assertThrows(IllegalStateException::class.java) { permit.put(7) }.message!!)
        permit.close()
        assertEquals(listOf(1), queue.takeAll())
        val closed = sync.reserve().apply { close() }
        assertThrows(IllegalStateException::class.java) { closed.put(7) }
        assertEquals("Permit[ended]", "$closed")
        assertEquals(0, queue.size())
    }

    @Test
    fun put_null_isRefusedAndThePermitIsOpen() {
        val permit = sync.reserve()
        assertThrows(NullPointerException::class.java) { permit.put(nullElement()) }
        assertEquals("Permit[open]", "$permit")
        permit.put(1)
        assertEquals(listOf(1), queue.takeAll())
    }

    @Test
    fun put_comparatorThrows_thePermitIsOpen() {
        val hostile = JanusQueue.priority<Int>(2) { one, two -> if (one + two < 0) error("negative") else one - two }
        hostile.sync().put(1)
        val permit = hostile.sync().reserve()
        assertThrows(IllegalStateException::class.java) { permit.put(-5) }
        assertFalse(hostile.sync().offer(2))
        permit.put(3)
        assertEquals(listOf(1, 3), hostile.takeAll())
        assertNothingPending(hostile)
    }

    @Test
    fun reserve_waitsInOneLineWithPuts() {
        sync.put(0)
        val put = Running.startPut(queue) { sync.put(1) }
        val reserving = beginOn(loop) { async.reserve() }
        val last = Running.startReserve(queue) { sync.reserve() }
        assertEquals(0, sync.take())
        put.await()
        reserving.assertGoesOn()
        assertEquals(1, sync.take())
        loop.runAll()
        reserving.result().put(2)
        last.assertGoesOn()
        assertEquals(2, sync.take())
        last.result().put(3)
        assertEquals(listOf(3), queue.takeAll())
    }

    @Test
    fun reserve_cancelledAfterItWasGranted_theNextInLineGetsTheRoom() {
        sync.put(0)
        val reserving = beginOn(loop) { async.reserve() }
        val put = Running.startPut(queue) { sync.put(1) }
        assertEquals(0, sync.take())
        reserving.job.cancel()
        loop.runAll()
        reserving.assertThrew<CancellationException>()
        put.await()
        assertEquals(listOf(1), queue.takeAll())
    }

    @Test
    fun reserve_interruptedWhileItWaits_reservesNothing() {
        sync.put(0)
        val reserving = Running.startReserve(queue) { sync.reserve() }
        reserving.interrupt()
        reserving.failure(InterruptedException::class.java)
        assertEquals(listOf(0), queue.takeAll())
    }

    @Test
    fun reserve_timeIsUp_null() {
        sync.put(0)
        val reserving = beginOn(loop) { async.reserve(1, DAYS) }
        loop.passTime()
        loop.runAll()
        assertNull(reserving.result())
        assertNull(beginOn(loop) { async.reserve(0, DAYS) }.result())
        assertNull(sync.reserve(-1, DAYS))
        assertEquals(listOf(0), queue.takeAll())
    }

    @Test
    fun shutdown_permitIsOpen_itsElementIsRefused() {
        val permit = sync.reserve()
        val cause = IOException()
        queue.shutdown(cause)
        assertTrue(queue.isTerminated)
        assertEquals(cause, assertThrows(QueueShutdownException::class.java) { permit.put(1) }.cause)
        assertEquals(cause, assertThrows(QueueShutdownException::class.java) { sync.reserve() }.cause)
        assertNull(sync.tryReserve())
        assertNull(sync.reserve(1, DAYS))
        assertNull(beginOn(loop) { async.reserve(1, DAYS) }.result())
        permit.close()
        assertEquals(0, queue.stats().accepted())
    }

    @Test
    fun shutdown_reserveWaits_isRefused() {
        sync.put(0)
        val reserving = Running.startReserve(queue) { sync.reserve() }
        val suspended = beginOn(loop) { async.reserve() }
        queue.shutdown()
        reserving.failure(QueueShutdownException::class.java)
        loop.runAll()
        suspended.assertThrew<QueueShutdownException>()
        assertEquals(listOf(0), queue.takeAll())
    }

    @Test
    fun shutdownAfterPuts_permitIsOpen_itsElementIsAddedAndThenTheQueueTerminates() {
        val permit = sync.reserve()
        val taking = Running.startTake(queue) { sync.take() }
        queue.shutdownAfterPuts()
        assertFalse(queue.isTerminated)
        permit.put(1)
        assertEquals(1, taking.await().value)
        assertTrue(queue.isTerminated)
    }

    @Test
    fun shutdownAfterPuts_permitIsClosed_theQueueTerminates() {
        val permit = sync.reserve()
        val ending = inThread { sync.awaitTermination(1, DAYS) }
        queue.shutdownAfterPuts()
        permit.close()
        assertTrue(ending.await().value)
    }

    @Test
    fun rendezvous_receiverWaits_thePermitIsForIt() {
        val meeting = JanusQueue.fifo<Int>(0)
        assertNull(meeting.sync().tryReserve())
        val reserving = Running.startReserve(meeting) { meeting.sync().reserve() }
        assertNull(meeting.sync().poll())
        assertEquals(listOf(1, 0), with(meeting.stats()) { listOf(waitingPutThreads(), reservedSlots()) })
        val taking = inThread { meeting.sync().take() }
        val permit = reserving.result()
        taking.assertGoesOn()
        assertFalse(meeting.sync().offer(9))
        permit.put(1)
        assertEquals(1, taking.await().value)
        assertNothingPending(meeting)
    }

    @Test
    fun rendezvous_receiverLeaves_theElementWaitsForTheNext() {
        val meeting = JanusQueue.fifo<Int>(0)
        val taking = beginOn(loop) { meeting.async().receive() }
        val permit = meeting.sync().tryReserve()!!
        taking.job.cancel()
        loop.runAll()
        permit.put(1)
        assertFalse(meeting.sync().offer(2))
        assertEquals(1, meeting.sync().poll())
        assertNothingPending(meeting)
    }

    @Test
    fun rendezvous_permitIsOpen_newcomersDoNotOvertakeItsReceiver() {
        val meeting = JanusQueue.fifo<Int>(0)
        val first = Running.startTake(meeting) { meeting.sync().take() }
        val permit = meeting.sync().reserve()
        val put = Running.startPut(meeting) { meeting.sync().put(7) }
        assertNull(meeting.sync().poll())
        assertEquals(listOf<Int>(), meeting.sync().pollBatch(2))
        assertFalse(meeting.sync().awaitNotEmpty(0, DAYS))
        val second = inThread { meeting.sync().take() }
        put.await()
        assertEquals(7, first.await().value)
        permit.put(8)
        assertEquals(8, second.await().value)
        assertNothingPending(meeting)
    }

    @Test
    fun put_comparatorClosesThePermit_itsRoomIsCountedOnce() {
        var permit: Permit<Int>? = null
        val hostile = JanusQueue.priority<Int>(2) { one, two -> (one - two).also { permit?.close() } }
        hostile.sync().put(1)
        permit = hostile.sync().reserve()
        permit!!.put(3)
        assertEquals(0, hostile.stats().reservedSlots())
        assertFalse(hostile.sync().offer(4))
        assertEquals(listOf(1, 3), hostile.takeAll())
        assertNothingPending(hostile)
    }

    @ParameterizedTest
    @EnumSource(names = ["DROP_OLDEST", "DROP_LATEST"])
    fun overflow_permitsReserveNothing_andTheirElementsAreDroppedAsAny(overflow: BufferOverflow) {
        val dropped = ArrayList<Int>()
        val dropping = JanusQueue.builder<Int>().capacity(1).overflow(overflow).onDropped { dropped += it }.build()
        val permit = dropping.sync().reserve()
        assertNotNull(dropping.sync().tryReserve()).also { dropping.sync().put(1) }
        permit.put(2)
        val isOldest = overflow == BufferOverflow.DROP_OLDEST
        assertEquals(listOf(if (isOldest) 1 else 2), dropped)
        assertEquals(listOf(if (isOldest) 2 else 1), dropping.takeAll())
    }

    @Test
    fun capacityShrinks_permitIsOpen_isUsedAllTheSame() {
        val two = JanusQueue.fifo<Int>(2)
        val permit = two.sync().reserve()
        two.sync().put(1)
        two.capacity(1)
        permit.put(2)
        assertFalse(two.sync().offer(3))
        assertEquals(listOf(1, 2), two.takeAll())
        assertNothingPending(two)
    }

    @Test
    fun manyProducers_fetchOnlyWhatHasRoom_nothingIsLostOrDoubled() {
        val source = java.util.concurrent.atomic.AtomicInteger()
        val small = JanusQueue.fifo<Int>(3)
        val most = 20_000
        val producers = List(4) { n ->
            inThread {
                while (true) {
                    small.sync().reserve().use { permit ->
                        if (n == 3 && source.get() % 2 == 0) return@use // gives it back
                        val next = source.getAndIncrement()
                        if (next >= most) return@inThread
                        permit.put(next)
                    }
                }
            }
        }
        val taken = ArrayList<Int>()
        while (taken.size < most) taken += small.sync().takeBatch(5)
        producers.forEach { it.await().value }
        assertEquals((0 until most).toList(), taken.sorted())
        assertTrue(small.stats().highWaterMark() <= 3, "${small.stats()}")
        assertNothingPending(small)
    }
}
