package dev.janus.waiting

import dev.janus.JanusQueue
import dev.janus.fixtures.ManualDispatcher
import dev.janus.fixtures.Running
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Test
import java.util.concurrent.CancellationException
import java.util.concurrent.TimeUnit.HOURS

/** A caller that is interrupted or cancelled takes nothing and adds nothing, and keeps nobody else waiting. */
class GivenUpWaitTest {
    private val queue = JanusQueue.fifo<Int>(2)
    private val sync = queue.sync()
    private val async = queue.async()
    private val loop = ManualDispatcher()

    @AfterEach
    fun nothingIsPending() = assertNothingPending(queue)

    @Test
    fun waitingThread_interrupted_takesAndAddsNothing() {
        val taker = Running.startTake(queue) { sync.take() }
        taker.interrupt()
        taker.failure(InterruptedException::class.java)

        sync.putAll(listOf(1, 2))
        val putter = Running.startPut(queue) { sync.put(3) }
        putter.interrupt()
        putter.failure(InterruptedException::class.java)

        assertEquals(listOf(1, 2), listOf(sync.poll(), sync.poll()))
        assertEquals(2, queue.stats().accepted())
    }

    @Test
    fun waitingThread_servedAndInterrupted_theNextInLineIsServed() {
        repeat(500) { round ->
            val taker = Running.startTake(queue) { sync.take() }
            val next = loop.begin { async.receive() }

            check(sync.offer(round))
            taker.interrupt()
            if (taker.await().failure() != null) {
                taker.assertThrew<InterruptedException>()
            } else {
                assertEquals(round, taker.value)
                check(sync.offer(round))
            }
            awaitUntil("the next in line has it", loop::runAll) { next.isOver }

            assertEquals(round, next.value)
        }
    }

    @Test
    fun everyBlockingCall_interruptedBefore_throwsAndClearsTheStatus() {
        sync.put(1)
        val calls =
            listOf<() -> Any?>(
                { sync.put(9) },
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
    fun waitingCoroutine_cancelled_takesAndAddsNothing() {
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
}
