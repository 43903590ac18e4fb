package dev.janus.waiting

import dev.janus.JanusQueue
import dev.janus.fixtures.ManualDispatcher
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.begin
import dev.janus.fixtures.inThread
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.concurrent.CancellationException
import java.util.concurrent.TimeUnit.HOURS

/** Newcomers do not overtake a waiter that was woken but has not run yet: its dispatcher stands still. */
class NewcomerTest {
    private val queue = JanusQueue.fifo<Int>(2)
    private val sync = queue.sync()
    private val async = queue.async()
    private val loop = ManualDispatcher()
    private val other = ManualDispatcher()

    @AfterEach
    fun nothingIsPending() = assertNothingPending(queue)

    @Test
    fun takeWithoutWaiting_elementReserved_findsNothing() {
        val receiver = loop.begin { async.receive() }
        sync.put(1)

        assertNull(sync.poll())
        assertNull(sync.poll(0, HOURS))
        assertNull(async.tryReceive())
        assertNull(other.begin { async.receive(0, HOURS) }.value)
        assertEquals(0, sync.drainTo(ArrayList()))
        assertEquals(0, sync.drainTo(ArrayList(), 5))
        assertThrows(NoSuchElementException::class.java) { sync.remove() }
        assertEquals(0, queue.size())
        assertEquals(1, queue.stats().reservedElements())

        loop.runAll()
        assertEquals(1, receiver.value)
    }

    @Test
    fun takeWithoutWaiting_oneOfTwoReserved_getsOnlyTheOther() {
        val receiver = loop.begin { async.receive() }
        sync.put(1)
        sync.put(2)

        val drained = ArrayList<Int>()
        assertEquals(1, sync.drainTo(drained))
        assertNull(sync.poll())

        loop.runAll()
        assertEquals(setOf(1, 2), setOf(receiver.value, drained.single()))
    }

    @Test
    fun takeBatch_oneOfTwoReserved_getsOnlyTheOther() {
        val receiver = loop.begin { async.receive() }
        sync.put(1)
        sync.put(2)

        assertEquals(1, sync.takeBatch(5).size)
        assertTrue(receiver.job.isActive)

        loop.runAll()
        assertTrue(receiver.isOver)
    }

    @Test
    fun take_elementReserved_waitsBehind() {
        val receiver = loop.begin { async.receive() }
        sync.put(1)
        val taker = inThread { sync.take() }
        val timed = other.begin { async.receive(1, HOURS) }
        awaitUntil("the thread waits") { queue.stats().waitingTakeThreads() == 1 }
        timed.assertGoesOn()

        loop.runAll()
        assertEquals(1, receiver.value)
        taker.assertGoesOn()

        sync.put(2)
        sync.put(3)
        awaitUntil("both are served", other::runAll) { taker.isOver && timed.isOver }
        assertEquals(setOf(2, 3), setOf(taker.value, timed.value))
    }

    @Test
    fun putWithoutWaiting_slotReserved_isRefused() {
        sync.putAll(listOf(1, 2))
        val sender = loop.begin { async.send(3) }
        assertEquals(1, sync.poll())

        assertFalse(sync.offer(9))
        assertFalse(sync.offer(9, 0, HOURS))
        assertFalse(async.trySend(9))
        assertFalse(other.begin { async.send(9, 0, HOURS) }.value)
        assertThrows(IllegalStateException::class.java) { sync.add(9) }

        loop.runAll()
        assertEquals(Unit, sender.value)
        assertEquals(listOf(2, 3), listOf(sync.poll(), sync.poll()))
    }

    @Test
    fun put_slotReserved_waitsBehind() {
        sync.putAll(listOf(1, 2))
        val sender = loop.begin { async.send(3) }
        assertEquals(1, sync.poll())
        val putter = inThread { sync.put(4) }
        awaitUntil("the thread waits") { queue.stats().waitingPutThreads() == 1 }
        val second = other.begin { async.send(5) }
        second.assertGoesOn()

        loop.runAll()
        assertEquals(Unit, sender.value)
        putter.assertGoesOn()

        assertEquals(listOf(2, 3), listOf(sync.poll(), sync.poll()))
        putter.await().value
        other.runAll()
        assertEquals(setOf(4, 5), setOf(sync.poll(), sync.poll()))
    }

    @Test
    fun putWithoutWaiting_oneOfTwoRoomsWasWaitedFor_getsTheOther() {
        sync.putAll(listOf(1, 2))
        val sender = loop.begin { async.send(3) }
        repeat(2) { checkNotNull(sync.poll()) }

        assertTrue(sync.offer(9))
        assertFalse(async.trySend(10))

        loop.runAll()
        assertEquals(Unit, sender.value)
        assertEquals(listOf(3, 9), listOf(sync.poll(), sync.poll()))
    }

    @Test
    fun grantGivenUp_nobodyElseWaits_newcomersMayHaveIt() {
        val receiver = loop.begin { async.receive() }
        sync.put(1)
        receiver.job.cancel()
        loop.runAll()
        assertEquals(1, async.tryReceive())

        sync.putAll(listOf(1, 2))
        val sender = loop.begin { async.send(3) }
        assertEquals(1, sync.poll())
        sender.job.cancel()
        loop.runAll()
        assertEquals(Unit, sender.value, "its element was in")
        assertFalse(async.trySend(4))
        assertEquals(listOf(2, 3), listOf(sync.poll(), sync.poll()))
    }

    @Test
    fun grantsGivenUp_oneAfterTheOther_reachTheLastInLine() {
        val loops = List(5) { ManualDispatcher() }
        val line = loops.map { it.begin { async.receive() } }
        val last = inThread { sync.take() }
        awaitUntil("the thread waits") { queue.stats().waitingTakeThreads() == 1 }
        sync.put(1)

        for ((loop, receiver) in loops.zip(line)) {
            last.assertGoesOn()
            assertEquals(1, queue.stats().reservedElements())
            receiver.job.cancel()
            loop.runAll()
            receiver.assertThrew<CancellationException>()
        }

        assertEquals(1, last.await().value)
    }

    @Test
    fun priority_wokenReceiver_getsTheLeastWhenItRuns() {
        val priority = JanusQueue.priority<Int>(5)
        val receiver = loop.begin { priority.async().receive() }
        priority.sync().put(3)
        priority.sync().put(1)
        assertEquals(1, priority.sync().poll())
        priority.sync().put(2)

        loop.runAll()

        assertEquals(2, receiver.value)
        assertEquals(3, priority.sync().poll())
        assertNothingPending(priority)
    }
}
