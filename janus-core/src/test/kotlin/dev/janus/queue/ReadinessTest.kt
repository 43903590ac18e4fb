package dev.janus.queue

import dev.janus.JanusQueue
import dev.janus.QueueShutdownException
import dev.janus.fixtures.Running
import dev.janus.fixtures.SteppedDispatcher
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.beginOn
import dev.janus.fixtures.inThread
import dev.janus.fixtures.takeAll
import kotlinx.coroutines.asExecutor
import kotlinx.coroutines.channels.BufferOverflow
import kotlinx.coroutines.selects.select
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.IOException
import java.util.concurrent.CancellationException
import java.util.concurrent.Executor
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit.DAYS
import java.util.concurrent.TimeUnit.MILLISECONDS
import java.util.concurrent.atomic.AtomicInteger

/** Callers that wait for an element or room, or are told of it, and take or add nothing by that. */
internal class ReadinessTest {
    private val queue = JanusQueue.fifo<Int>(2)
    private val sync = queue.sync()
    private val async = queue.async()
    private val loop = SteppedDispatcher()
    private val told = AtomicInteger()

    private fun JanusQueue<Int>.countElements() = onNotEmpty(loop.asExecutor()) { told.incrementAndGet() }

    private fun JanusQueue<Int>.countRoom() = onRoom(loop.asExecutor()) { told.incrementAndGet() }

    private fun assertTold(times: Int) {
        loop.runAll()
        assertEquals(times, told.getAndSet(0))
    }

    // awaitNotEmpty

    @Test
    fun awaitNotEmpty_elementComes_returnsAndTakesNone() {
        val thread = Running.startWatch(queue) { sync.awaitNotEmpty() }
        val coroutine = beginOn(loop) { async.awaitNotEmpty() }
        assertEquals(2, queue.stats().watchers())
        assertTrue("$queue".endsWith(", watchers: 2]"), "$queue")
        sync.put(1)
        thread.await().value
        loop.runAll()
        coroutine.result()
        sync.awaitNotEmpty()
        assertTrue(sync.awaitNotEmpty(0, DAYS))
        assertEquals(1, queue.size())
        assertEquals(listOf(1), queue.takeAll())
        assertNothingPending(queue)
    }

    @Test
    fun awaitNotEmpty_anotherTakesTheElementFirst_waitsOn() {
        val coroutine = beginOn(loop) { async.awaitNotEmpty() }
        sync.put(1)
        assertEquals(1, sync.poll())
        loop.runAll()
        coroutine.assertGoesOn()
        sync.put(2)
        loop.runAll()
        coroutine.result()
        assertEquals(listOf(2), queue.takeAll())
        assertNothingPending(queue)
    }

    @Test
    fun awaitNotEmpty_takerWaits_theElementIsTheTakers() {
        val taking = beginOn(loop) { async.receive() }
        val watching = beginOn(loop) { async.awaitNotEmpty() }
        sync.put(1)
        assertFalse(sync.awaitNotEmpty(0, DAYS))
        loop.runAll()
        assertEquals(1, taking.result())
        watching.assertGoesOn()
        taking.job.cancel()
        sync.put(2)
        loop.runAll()
        watching.result()
        assertEquals(listOf(2), queue.takeAll())
        assertNothingPending(queue)
    }

    @Test
    fun awaitNotEmpty_isNoTaker_soARendezvousWaitsOn() {
        val meeting = JanusQueue.fifo<Int>(0)
        val watching = Running.startWatch(meeting) { meeting.sync().awaitNotEmpty() }
        assertFalse(meeting.sync().offer(1))
        val put = inThread { meeting.sync().put(1) }
        watching.await().value
        put.assertGoesOn()
        assertEquals(1, meeting.sync().poll())
        put.await()
        assertNothingPending(meeting)
    }

    @Test
    fun awaitNotEmpty_rendezvousWithASelectThatSends_waitsAsAPollFindsNothing() {
        val meeting = JanusQueue.fifo<Int>(0)
        val sending = beginOn(loop) { select { meeting.async().onSend(1) {} } }
        assertFalse(meeting.sync().awaitNotEmpty(1, MILLISECONDS))
        assertNull(meeting.sync().poll())
        sending.job.cancel()
        loop.runAll()
        assertNothingPending(meeting)
    }

    @Test
    fun awaitNotEmpty_queueEnds_isToldSo() {
        val cause = IOException()
        val coroutine = beginOn(loop) { async.awaitNotEmpty() }
        val timed = Running.startWatch(queue) { sync.awaitNotEmpty(1, DAYS) }
        queue.shutdown(cause)
        assertFalse(timed.await().value)
        loop.runAll()
        assertEquals(cause, coroutine.assertThrew<QueueShutdownException>().cause)
        assertEquals(cause, assertThrows(QueueShutdownException::class.java) { sync.awaitNotEmpty() }.cause)
        assertNothingPending(queue)
    }

    @Test
    fun awaitNotEmpty_shutDownWithALeaseOut_waitsUntilItEnds() {
        sync.put(1)
        val lease = sync.takeLease()
        queue.shutdown()
        val first = beginOn(loop) { async.awaitNotEmpty() }
        lease.close()
        loop.runAll()
        first.result()
        sync.takeLease().use { again ->
            val second = beginOn(loop) { async.awaitNotEmpty() }
            again.done()
            loop.runAll()
            second.assertThrew<QueueShutdownException>()
        }
    }

    @Test
    fun awaitNotEmpty_cancelledOrInterrupted_ends() {
        val coroutine = beginOn(loop) { async.awaitNotEmpty() }
        coroutine.job.cancel()
        loop.runAll()
        coroutine.assertThrew<CancellationException>()
        val thread = Running.startWatch(queue) { sync.awaitNotEmpty() }
        thread.interrupt()
        thread.failure(InterruptedException::class.java)
        assertNothingPending(queue)
    }

    // Listeners

    @Test
    fun onNotEmpty_isToldOncePerChange() {
        queue.countElements().use {
            assertTold(0)
            sync.put(1)
            assertTold(1)
            sync.put(2)
            sync.take()
            assertTold(0)
            sync.take()
            assertTold(0)
            sync.put(3)
            assertTold(1)
        }
        assertEquals(listOf(3), queue.takeAll())
        sync.put(4)
        assertTold(0)
        assertEquals(listOf(4), queue.takeAll())
        assertNothingPending(queue)
    }

    @Test
    fun onNotEmpty_notEmptyAlready_isToldAtOnce() {
        sync.put(1)
        val listening = queue.countElements()
        assertTold(1)
        sync.put(2)
        assertTold(0)
        listening.close()
        assertEquals(listOf(1, 2), queue.takeAll())
    }

    @Test
    fun onNotEmpty_secondListener_theFirstIsNotToldAgain() {
        val first = queue.countElements()
        sync.put(1)
        assertTold(1)
        queue.onNotEmpty(loop.asExecutor()) {}.use { assertTold(0) }
        val second = queue.countElements()
        assertTold(1)
        sync.take()
        sync.put(2)
        assertTold(2)
        listOf(first, second).forEach { it.close() }
        assertEquals(listOf(2), queue.takeAll())
        assertNothingPending(queue)
    }

    @Test
    fun onNotEmpty_severalChangesBeforeItRuns_isToldOnce() {
        val listening = queue.countElements()
        repeat(3) {
            sync.put(it)
            sync.take()
        }
        sync.put(4)
        assertTold(1)
        listening.close()
        assertEquals(listOf(4), queue.takeAll())
    }

    @Test
    fun onNotEmpty_elementComesWhileItRuns_isToldOnceMore() {
        val listening = queue.onNotEmpty(loop.asExecutor()) {
            queue.takeAll()
            if (told.incrementAndGet() == 1) sync.put(2)
        }
        sync.put(1)
        assertTold(2)
        assertEquals(0, queue.size())
        listening.close()
        assertNothingPending(queue)
    }

    @Test
    fun onNotEmpty_queueEnds_isToldOnceMore() {
        queue.countElements()
        queue.shutdown()
        assertTold(1)
        queue.countElements()
        assertTold(1)
        assertNothingPending(queue)
    }

    @Test
    fun onNotEmpty_lastElementTakenAfterShutdown_isToldOfTheEnd() {
        queue.countElements()
        sync.put(1)
        assertTold(1)
        queue.shutdown()
        assertTold(0)
        sync.take()
        assertTold(1)
        assertNothingPending(queue)
    }

    @Test
    fun onNotEmpty_elementReturns_isTold() {
        sync.put(1)
        val lease = sync.takeLease()
        queue.countElements().use {
            lease.close()
            assertTold(1)
        }
        assertEquals(listOf(1), queue.takeAll())
    }

    @Test
    fun onNotEmpty_listenerThrows_isReportedAndItIsToldOfTheNextChange() {
        val reported = ArrayList<Throwable>()
        val failure = IllegalStateException("of the listener")
        val thread = Thread.currentThread()
        val before = thread.uncaughtExceptionHandler
        thread.setUncaughtExceptionHandler { _, e -> reported += e }
        try {
            queue.onNotEmpty(loop.asExecutor()) { throw failure }.use {
                repeat(2) {
                    sync.put(1)
                    loop.runAll()
                    sync.take()
                }
            }
        } finally {
            thread.uncaughtExceptionHandler = before
        }
        assertEquals(listOf<Throwable>(failure, failure), reported)
        assertNothingPending(queue)
    }

    @Test
    fun onNotEmpty_directExecutor_runsDoNotNest() {
        val depth = AtomicInteger()
        val listening = queue.onNotEmpty(Executor(Runnable::run)) {
            assertEquals(1, depth.incrementAndGet())
            queue.takeAll()
            if (told.incrementAndGet() < 100_000) sync.put(1)
            depth.decrementAndGet()
        }
        sync.put(1)
        assertEquals(100_000, told.get())
        listening.close()
        assertNothingPending(queue)
    }

    @Test
    fun onNotEmpty_executorRefuses_othersAreToldAndTheQueueGoesOn() {
        val executor = Executors.newSingleThreadExecutor()
        queue.onNotEmpty(executor) { told.addAndGet(1_000) }
        val listening = queue.countElements()
        executor.shutdown()
        sync.put(1)
        assertTold(1)
        awaitUntil("it has left") { queue.stats().watchers() == 1 }
        listening.close()
        assertEquals(listOf(1), queue.takeAll())
        assertNothingPending(queue)
    }

    @Test
    fun onNotEmpty_manyThreads_oneRunAtATimeTakesAll() {
        val pool = Executors.newFixedThreadPool(3)
        val running = AtomicInteger()
        val overlaps = AtomicInteger()
        val taken = ArrayList<Int>()
        val listening = queue.onNotEmpty(pool) {
            if (running.incrementAndGet() > 1) overlaps.incrementAndGet()
            taken += queue.takeAll()
            told.set(taken.size)
            running.decrementAndGet()
        }
        val each = 20_000
        val producers = List(2) { n -> inThread { repeat(each) { sync.put(n * each + it) } } }
        producers.forEach { it.await().value }
        awaitUntil("all are taken") { told.get() == 2 * each }
        assertEquals(0, overlaps.get())
        assertEquals((0 until 2 * each).toList(), taken.sorted())
        listening.close()
        pool.shutdown()
        assertTrue(pool.awaitTermination(20, java.util.concurrent.TimeUnit.SECONDS))
        assertNothingPending(queue)
    }

    @Test
    fun onRoom_isToldOncePerChangeAndOfTheShutdown() {
        queue.countRoom()
        assertTold(1)
        sync.put(1)
        sync.put(2)
        assertTold(0)
        sync.take()
        assertTold(1)
        sync.take()
        assertTold(0)
        queue.capacity(0)
        assertTold(0)
        queue.capacity(1)
        assertTold(1)
        sync.put(3)
        queue.shutdown()
        assertTold(1)
        sync.take()
        assertTold(0)
        assertNothingPending(queue)
    }

    @Test
    fun onRoom_putsWait_theRoomIsTheirs() {
        val one = JanusQueue.fifo<Int>(1).apply { sync().put(0) }
        val listening = one.countRoom()
        val sending = beginOn(loop) { one.async().send(1) }
        one.sync().take()
        assertTold(0)
        sending.result()
        one.sync().take()
        assertTold(1)
        listening.close()
        assertNothingPending(one)
    }

    @Test
    fun onRoom_rendezvous_isToldOfAReceiver() {
        val meeting = JanusQueue.fifo<Int>(0)
        val listening = meeting.onRoom(loop.asExecutor()) { if (meeting.sync().offer(7)) told.incrementAndGet() }
        assertTold(0)
        val receiving = beginOn(loop) { meeting.async().receive() }
        assertTold(1)
        assertEquals(7, receiving.result())
        listening.close()
        assertNothingPending(meeting)
    }

    @Test
    fun onRoom_permitIsOpen_isToldWhenItIsClosed() {
        sync.put(1)
        val permit = sync.reserve()
        val listening = queue.countRoom()
        assertTold(0)
        permit.close()
        assertTold(1)
        listening.close()
        assertEquals(listOf(1), queue.takeAll())
    }

    @Test
    fun onRoom_queueDropsElements_thereIsAlwaysRoom() {
        val dropping = JanusQueue.builder<Int>().capacity(1).overflow(BufferOverflow.DROP_OLDEST).build()
        dropping.sync().put(1)
        dropping.countRoom().use {
            assertTold(1)
            dropping.sync().put(2)
            dropping.sync().take()
            assertTold(0)
        }
    }
}
