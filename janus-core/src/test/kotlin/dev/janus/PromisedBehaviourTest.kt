package dev.janus

import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.concurrent.CancellationException
import java.util.concurrent.TimeUnit.HOURS

/** One test for each row of the table "Behaviour that is promised", in its order. */
class PromisedBehaviourTest {
    private val queue = JanusQueue.fifo<Int>(2)
    private val sync = queue.sync()
    private val async = queue.async()
    private val loop = ManualDispatcher()

    private val puts: List<() -> Any?> =
        listOf(
            { sync.put(9) },
            { sync.offer(9) },
            { sync.offer(9, 1, HOURS) },
            { sync.add(9) },
            { sync.putAll(listOf(9)) },
            { loop.begin { async.send(9) }.value },
            { loop.begin { async.send(9, 1, HOURS) }.value },
            { loop.begin { async.sendAll(listOf(9)) }.value },
            { async.trySend(9) },
        )

    @AfterEach
    fun nothingIsPending() = assertNothingPending(queue)

    @Test
    fun nullElement_isNullPointerException() {
        val strings = JanusQueue.fifo<String>(2)
        val calls =
            listOf<() -> Any?>(
                { strings.sync().put(nullElement()) },
                { strings.sync().offer(nullElement()) },
                { strings.sync().offer(nullElement(), 1, HOURS) },
                { strings.sync().add(nullElement()) },
                { strings.sync().putAll(listOf("a", nullElement())) },
                { loop.begin { strings.async().send(nullElement()) }.value },
                { loop.begin { strings.async().send(nullElement(), 1, HOURS) }.value },
                { loop.begin { strings.async().sendAll(listOf("a", nullElement())) }.value },
                { strings.async().trySend(nullElement()) },
            )
        for (call in calls) {
            assertThrows(NullPointerException::class.java) { call() }
        }
        assertEquals(0, strings.stats().accepted())
    }

    @Test
    fun capacityBelowZero_isIllegalArgumentThatNamesTheValue() {
        val calls =
            listOf<() -> Any?>(
                { JanusQueue.fifo<Int>(-17) },
                { JanusQueue.lifo<Int>(-17) },
                { JanusQueue.priority<Int>(-17) },
                { JanusQueue.priority<Int>(-17, reverseOrder()) },
                { JanusQueue.builder<Int>().capacity(-17) },
                { queue.capacity(-17) },
            )
        for (call in calls) {
            val thrown = assertThrows(IllegalArgumentException::class.java) { call() }
            assertTrue("-17" in thrown.message!!) { "expected -17 in: ${thrown.message}" }
        }
        assertEquals(2, queue.capacity())
    }

    @Test
    fun batchMaxBelowOne_isIllegalArgumentThatNamesTheValue() {
        sync.put(1)
        val calls = listOf<(Int) -> Any?>(sync::takeBatch, { max -> loop.begin { async.receiveBatch(max) }.value })
        for (call in calls) {
            for (max in listOf(0, -17)) {
                val thrown = assertThrows(IllegalArgumentException::class.java) { call(max) }
                assertTrue("$max" in thrown.message!!) { "expected $max in: ${thrown.message}" }
            }
        }
        assertEquals(1, queue.size())
    }

    @Test
    fun putAfterShutdown_isRefusedAndTheElementStaysWithTheCaller() {
        sync.put(1)
        val cause = IllegalArgumentException("the reason")
        queue.shutdown(cause)

        for (put in puts) {
            val outcome = runCatching(put) // false of a call that tries
            if (outcome.getOrNull() != false) {
                val thrown = assertThrows(QueueShutdownException::class.java) { outcome.getOrThrow() }
                assertSame(cause, thrown.cause)
            }
        }

        assertEquals(1, queue.stats().accepted())
        assertEquals(1, sync.take())
    }

    @Test
    fun takeAfterShutdownNothingLeft_isRefused() {
        sync.put(1)
        queue.shutdown()
        assertEquals(1, sync.take())

        assertThrows(QueueShutdownException::class.java) { sync.take() }
        assertThrows(QueueShutdownException::class.java) { sync.takeBatch(2) }
        loop.begin { async.receive() }.assertThrew<QueueShutdownException>()
        loop.begin { async.receiveBatch(2) }.assertThrew<QueueShutdownException>()
    }

    @Test
    fun pollAfterShutdownNothingLeft_isNullAtOnce() {
        queue.shutdown()

        assertNull(sync.poll())
        assertNull(sync.poll(1, HOURS))
        assertNull(async.tryReceive())
        assertNull(loop.begin { async.receive(1, HOURS) }.value)
    }

    @Test
    fun waitingPuttersAtShutdown_areAllReleasedAtOnce() {
        sync.putAll(listOf(1, 2))
        val putters = List(2) { waitingThread({ it.waitingPutThreads() }) { sync.put(3) } }
        val senders = List(2) { loop.begin { async.send(4) } }

        queue.shutdown()
        loop.runAll()

        (putters + senders).forEach { it.await().assertThrew<QueueShutdownException>() }
        assertEquals(listOf(1, 2), sync.toList())
    }

    @Test
    fun waitingTakersAtShutdown_areReleasedOnceNothingIsLeft() {
        val receiver = loop.begin { async.receive() }
        val taker = waitingThread({ it.waitingTakeThreads() }) { sync.take() }
        val last = loop.begin { async.receive() }
        check(sync.offer(1))

        queue.shutdown()
        assertFalse(queue.isTerminated)
        loop.runAll()

        assertEquals(1, receiver.value)
        taker.await().assertThrew<QueueShutdownException>()
        last.assertThrew<QueueShutdownException>()
    }

    @Test
    fun interruptedWhileWaiting_nothingIsTakenOrAdded() {
        val taker = waitingThread({ it.waitingTakeThreads() }) { sync.take() }
        taker.thread.interrupt()
        taker.await().assertThrew<InterruptedException>()

        sync.putAll(listOf(1, 2))
        val putter = waitingThread({ it.waitingPutThreads() }) { sync.put(3) }
        putter.thread.interrupt()
        putter.await().assertThrew<InterruptedException>()

        assertEquals(listOf(1, 2), listOf(sync.poll(), sync.poll()))
        assertEquals(2, queue.stats().accepted())
    }

    @Test
    fun interruptedAndGranted_theGrantIsPassedOn() {
        repeat(500) { round ->
            val taker = waitingThread({ it.waitingTakeThreads() }) { sync.take() }
            val next = loop.begin { async.receive() }

            check(sync.offer(round))
            taker.thread.interrupt()
            val interrupted = taker.await().failure() != null
            if (interrupted) {
                taker.assertThrew<InterruptedException>()
            } else {
                assertEquals(round, taker.value)
                check(sync.offer(round))
            }
            awaitState("the next in line has it", loop::runAll) { next.isOver }

            assertEquals(round, next.value)
        }
    }

    @Test
    fun interruptedBeforeTheCall_isInterruptedException() {
        sync.put(1)
        val calls =
            puts.take(1) +
                listOf<() -> Any?>(
                    { sync.offer(9, 0, HOURS) },
                    { sync.putAll(listOf(9)) },
                    { sync.take() },
                    { sync.poll(0, HOURS) },
                    { sync.takeBatch(1) },
                    { sync.join() },
                    { sync.join(0, HOURS) },
                    { sync.awaitTermination(0, HOURS) },
                )
        for (call in calls) {
            Thread.currentThread().interrupt()
            assertThrows(InterruptedException::class.java) { call() }
            assertFalse(Thread.interrupted())
        }
        assertEquals(listOf(1), sync.toList())
    }

    @Test
    fun cancelledWhileWaiting_nothingIsTakenOrAdded() {
        val receiver = loop.begin { async.receive() }
        receiver.job.cancel()
        loop.runAll()
        receiver.assertThrew<CancellationException>()

        sync.putAll(listOf(1, 2))
        val sender = loop.begin { async.send(3) }
        sender.job.cancel()
        loop.runAll()
        sender.assertThrew<CancellationException>()

        assertEquals(listOf(1, 2), listOf(sync.poll(), sync.poll()))
        assertEquals(2, queue.stats().accepted())
    }

    @Test
    fun taskDoneMoreOftenThanTaken_isIllegalState() {
        sync.putAll(listOf(1, 2))
        sync.take()
        async.taskDone()

        assertThrows(IllegalStateException::class.java) { async.taskDone() }
        assertThrows(IllegalStateException::class.java) { sync.taskDone() }
        assertEquals(1, queue.unfinishedTasks())
    }

    @Test
    fun join_returnsWhenEveryAcceptedElementWasMarkedDone() {
        sync.putAll(listOf(1, 2))
        val thread = waitingThread({ it.waitingJoins() }) { sync.join() }
        val coroutine = loop.begin { async.join() }
        sync.take()
        sync.taskDone()
        sync.remove(2) // Counts as done.
        loop.runAll()

        assertEquals(Unit, thread.await().value)
        assertEquals(Unit, coroutine.value)
    }

    private fun <T> waitingThread(waiters: (QueueStats) -> Int, block: () -> T): Running<T> {
        val before = waiters(queue.stats())
        return inThread(block).also { awaitState("the thread waits") { waiters(queue.stats()) == before + 1 } }
    }
}
