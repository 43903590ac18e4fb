package dev.janus.async

import dev.janus.JanusQueue
import dev.janus.QueueShutdownException
import dev.janus.fixtures.ManualDispatcher
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.begin
import dev.janus.fixtures.inThread
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.concurrent.TimeUnit.HOURS
import java.util.concurrent.TimeUnit.NANOSECONDS

/** What the tests of Python's `janus` check, as behaviour of this queue. */
class PythonJanusTest {
    private val queue = JanusQueue.fifo<Int>(3)
    private val sync = queue.sync()
    private val async = queue.async()
    private val loop = ManualDispatcher()

    @AfterEach
    fun nothingIsPending() = assertNothingPending(queue)

    @Test
    fun syncPut_asyncGet_manyElements() = runBlocking {
        val putter = inThread { repeat(1000) { sync.put(it) } }

        val received = withContext(Dispatchers.Default) { List(1000) { async.receive() } }

        putter.await().value
        assertEquals(List(1000) { it }, received)
    }

    @Test
    fun asyncPut_syncGet_manyElements() = runBlocking {
        val taker = inThread { List(1000) { sync.take() } }

        withContext(Dispatchers.Default) { repeat(1000) { async.send(it) } }

        assertEquals(List(1000) { it }, taker.await().value)
    }

    @Test
    fun syncGet_empty_waitsForAsyncPut() {
        val taker = inThread { sync.take() }
        awaitUntil("the thread waits") { queue.stats().waitingTakeThreads() == 1 }

        loop.begin { async.send(7) }.value

        assertEquals(7, taker.await().value)
    }

    @Test
    fun asyncGet_empty_waitsForSyncPut() {
        val receiver = loop.begin { async.receive() }
        receiver.assertGoesOn()

        sync.put(7)
        loop.runAll()

        assertEquals(7, receiver.value)
    }

    @Test
    fun syncPut_full_waitsForAsyncGet() {
        repeat(3) { sync.put(it) }
        val putter = inThread { sync.put(3) }
        awaitUntil("the thread waits") { queue.stats().waitingPutThreads() == 1 }

        assertEquals(0, loop.begin { async.receive() }.value)

        assertEquals(Unit, putter.await().value)
        assertEquals(3, queue.size())
    }

    @Test
    fun asyncPut_full_waitsForSyncGet() {
        repeat(3) { sync.put(it) }
        val sender = loop.begin { async.send(3) }
        sender.assertGoesOn()

        assertEquals(0, sync.take())
        loop.runAll()

        assertEquals(Unit, sender.value)
        assertEquals(3, queue.size())
    }

    @Test
    fun getNowait_empty_getsNothing() {
        assertNull(async.tryReceive())
        assertNull(sync.poll())
        assertThrows(NoSuchElementException::class.java) { sync.remove() }
        assertNull(sync.poll(1, NANOSECONDS))
    }

    @Test
    fun putNowait_full_isRefused() {
        repeat(3) { assertTrue(if (it % 2 == 0) async.trySend(it) else sync.offer(it)) }
        assertTrue(queue.isFull)

        assertFalse(async.trySend(3))
        assertFalse(sync.offer(3))
        assertThrows(IllegalStateException::class.java) { sync.add(3) }
        assertFalse(sync.offer(3, 1, NANOSECONDS))
        assertEquals(listOf(0, 1, 2), List(3) { if (it % 2 == 0) sync.poll() else async.tryReceive() })
    }

    @Test
    fun maxsize_manyPutters_isNeverExceeded() {
        val putters = List(6) { p -> inThread { repeat(20) { sync.put(p) } } }
        val sender = loop.begin { repeat(100) { async.send(-1) } }
        repeat(220) {
            awaitUntil("an element", loop::runAll) { async.tryReceive() != null }
            assertTrue(queue.size() <= 3)
        }
        loop.runAll()

        putters.forEach { it.await().value }
        assertEquals(Unit, sender.value)
        assertTrue(queue.stats().highWaterMark() <= 3) { "${queue.stats()}" }
    }

    @Test
    fun maxsizeZero_inPython_isUnboundedHere() {
        val unbounded = JanusQueue.unbounded<Int>()
        repeat(10_000) { assertTrue(unbounded.async().trySend(it)) }

        assertFalse(unbounded.isFull)
        assertEquals(10_000, unbounded.size())
        assertNothingPending(unbounded)
    }

    @Test
    fun order_threeQueues_comesOutAsNamed() {
        val elements = listOf(3, 1, 2)
        fun through(queue: JanusQueue<Int>): List<Int> {
            queue.sync().put(elements[0])
            loop.begin { queue.async().sendAll(elements.drop(1)) }.value
            return listOf(queue.sync().take(), loop.begin { queue.async().receive() }.value, queue.sync().take())
        }

        assertEquals(listOf(3, 1, 2), through(JanusQueue.fifo(3)))
        assertEquals(listOf(2, 1, 3), through(JanusQueue.lifo(3)))
        assertEquals(listOf(1, 2, 3), through(JanusQueue.priority(3)))
        assertEquals(listOf(3, 2, 1), through(JanusQueue.priority(3, reverseOrder())))
    }

    @Test
    fun syncJoin_asyncDone_returns() {
        repeat(2) { sync.put(it) }
        val join = inThread { sync.join() }
        val timed = inThread { sync.join(1, HOURS) }
        awaitUntil("the threads wait") { queue.stats().waitingJoins() == 2 }

        repeat(2) {
            join.assertGoesOn()
            loop.begin { async.receive() }.value
            async.taskDone()
        }

        assertEquals(Unit, join.await().value)
        assertTrue(timed.await().value)
    }

    @Test
    fun asyncJoin_syncDone_returns() {
        loop.begin { async.sendAll(listOf(1, 2)) }
        val joins = List(2) { loop.begin { async.join() } }

        repeat(2) {
            joins.forEach { it.assertGoesOn() }
            sync.take()
            sync.taskDone()
            loop.runAll()
        }

        joins.forEach { assertEquals(Unit, it.value) }
    }

    @Test
    fun taskDone_tooOften_isAnErrorOnEachFace() {
        repeat(2) { sync.put(it) }
        assertThrows(IllegalStateException::class.java, sync::taskDone)
        sync.take()
        loop.begin { async.receive() }.value

        sync.taskDone()
        async.taskDone()

        assertThrows(IllegalStateException::class.java, sync::taskDone)
        assertThrows(IllegalStateException::class.java, async::taskDone)
        assertEquals(0, queue.unfinishedTasks())
    }

    @Test
    fun unfinishedTasks_countsWhatIsNotDone() {
        assertEquals(0, queue.unfinishedTasks())
        sync.put(1)
        async.trySend(2)
        assertEquals(2, queue.unfinishedTasks())
        sync.take()
        assertEquals(2, queue.unfinishedTasks())
        async.taskDone()
        assertEquals(1, queue.unfinishedTasks())
    }

    @Test
    fun close_gettersOfBothKindsWait_allAreReleased() {
        val taker = inThread { sync.take() }
        val timed = inThread { sync.poll(1, HOURS) }
        awaitUntil("the threads wait") { queue.stats().waitingTakeThreads() == 2 }
        val receiver = loop.begin { async.receive() }

        queue.close()
        loop.runAll()

        taker.await().assertThrew<QueueShutdownException>()
        receiver.assertThrew<QueueShutdownException>()
        assertNull(timed.await().value)
    }

    @Test
    fun close_puttersOfBothKindsWait_allAreReleased() {
        repeat(3) { sync.put(it) }
        val putter = inThread { sync.put(3) }
        val timed = inThread { sync.offer(4, 1, HOURS) }
        awaitUntil("the threads wait") { queue.stats().waitingPutThreads() == 2 }
        val sender = loop.begin { async.send(5) }

        queue.close()
        loop.runAll()

        putter.await().assertThrew<QueueShutdownException>()
        assertEquals(false, timed.await().value)
        sender.assertThrew<QueueShutdownException>()
        assertEquals(listOf(0, 1, 2), List(3) { sync.poll() })
    }

    @Test
    fun close_twice_isClosed() {
        assertFalse(queue.isShutdown)

        queue.use { it.close() }

        assertTrue(queue.isShutdown)
        assertTrue(queue.isTerminated)
    }

    @Test
    fun waitClosed_bothFaces_returnOnceItIsEmpty() {
        sync.put(1)
        val thread = inThread { sync.awaitTermination(1, HOURS) }
        awaitUntil("the thread waits") { queue.stats().waitingJoins() == 1 }
        val coroutine = loop.begin { async.awaitTermination() }

        queue.close()
        loop.runAll()
        coroutine.assertGoesOn()
        thread.assertGoesOn()

        assertEquals(1, sync.take())
        loop.runAll()
        assertEquals(Unit, coroutine.value)
        assertTrue(thread.await().value)
    }
}
