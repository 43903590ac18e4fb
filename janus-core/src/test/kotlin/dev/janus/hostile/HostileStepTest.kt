package dev.janus.hostile

import dev.janus.JanusQueue
import dev.janus.fixtures.AnyPut
import dev.janus.fixtures.TakeCall
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.beginRaw
import dev.janus.fixtures.failure
import dev.janus.fixtures.inThread
import dev.janus.fixtures.running
import dev.janus.fixtures.takeAll
import dev.janus.fixtures.waiting
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.BufferOverflow
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import org.junit.jupiter.params.provider.ValueSource
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock

/** Comparators, callbacks and dependants that throw Errors, block, or want a lock that the caller of the queue holds. */
internal class HostileStepTest {
    private class FailingOrder(var failure: Throwable? = null) : Comparator<Int> {
        override fun compare(one: Int, other: Int): Int {
            failure?.let { throw it }
            return one.compareTo(other)
        }
    }

    @ParameterizedTest
    @EnumSource
    fun comparatorFails_everyPut_addsNothingAndReceiversWaitOn(put: AnyPut) {
        val order = FailingOrder()
        val queue = JanusQueue.priority(2, order)
        val received = queue.async().receiveAsync()
        order.failure = OutOfMemoryError("no memory in the comparator")

        val failure = runCatching { put.putAtOnce(queue, 1) }.exceptionOrNull()

        assertTrue(generateSequence(failure) { it.cause }.last() is OutOfMemoryError, "$failure")
        order.failure = null
        assertFalse(received.isDone)
        put.putAtOnce(queue, 2)
        assertEquals(2, received.get(20, TimeUnit.SECONDS))
        assertNothingPending(queue)
    }

    @ParameterizedTest
    @EnumSource
    fun comparatorFails_everyTake_takesNothingAndSendersWaitOn(take: TakeCall) {
        val order = FailingOrder()
        val queue = JanusQueue.priority(3, order)
        queue.sync().putAll(listOf(1, 2, 3))
        val sent = queue.async().sendAsync(4)
        order.failure = OutOfMemoryError("no memory in the comparator")

        val failure = runCatching { take.take(queue) }.exceptionOrNull()

        order.failure = null
        assertTrue(failure is OutOfMemoryError || take == TakeCall.DRAIN_TO, "$failure")
        assertFalse(sent.isDone)
        assertEquals(1, take.take(queue))
        sent.get(20, TimeUnit.SECONDS)
        assertEquals(listOf(2, 3, 4), queue.takeAll())
        assertNothingPending(queue)
    }

    @Test
    fun put_resumedCoroutineWantsTheLockThatTheCallerHolds_goesOn() {
        val queue = JanusQueue.fifo<Int>(1)
        val held = ReentrantLock()
        val resumed =
            CoroutineScope(Dispatchers.Unconfined).running {
                val element = queue.async().receive()
                held.withLock { queue.sync().offer(element + 1) }
            }
        held.withLock { queue.sync().put(1) }
        assertTrue(resumed.value)
        assertEquals(2, queue.sync().poll())
        assertNothingPending(queue)
    }

    @Test
    fun put_resumedCoroutineWaitsForALockWhoseHolderUsesTheQueue_noDeadlock() {
        val queue = JanusQueue.fifo<Int>(2)
        val lock = ReentrantLock()
        val locked = CountDownLatch(1)
        val waits = CountDownLatch(1)
        CoroutineScope(Dispatchers.Unconfined).running {
            queue.async().receive()
            waits.countDown()
            lock.withLock { queue.async().trySend(9) }
        }
        val holder =
            inThread {
                lock.withLock {
                    locked.countDown()
                    assertTrue(waits.await(20, TimeUnit.SECONDS))
                    queue.sync().offer(5)
                    queue.stats()
                }
            }
        assertTrue(locked.await(20, TimeUnit.SECONDS))
        queue.sync().put(1) // resumes the coroutine on this thread, which waits for the lock
        holder.await().value
        assertEquals(listOf(5, 9), generateSequence { queue.sync().poll() }.toList())
        assertNothingPending(queue)
    }

    @ParameterizedTest
    @ValueSource(booleans = [false, true])
    fun onDropped_blocks_othersUseTheQueue(error: Boolean) {
        val begun = CountDownLatch(1)
        val goOn = CountDownLatch(1)
        val queue = JanusQueue.builder<Int>()
            .capacity(1)
            .overflow(BufferOverflow.DROP_OLDEST)
            .onDropped {
                begun.countDown()
                assertTrue(goOn.await(20, TimeUnit.SECONDS))
                if (error) throw OutOfMemoryError("no memory for what was dropped")
            }.build()
        queue.sync().put(1)
        val put =
            inThread {
                Thread.currentThread().setUncaughtExceptionHandler { _, e -> throw e }
                queue.sync().put(2)
            }
        assertTrue(begun.await(20, TimeUnit.SECONDS))
        assertEquals(2, queue.sync().poll())
        assertTrue(queue.sync().offer(3))
        goOn.countDown()
        put.await().value
        assertEquals(3, queue.sync().poll())
        assertNothingPending(queue)
    }

    @Test
    fun futures_dependantsThrow_othersAreServed() {
        val queue = JanusQueue.fifo<Int>(1)
        val futures = List(3) { queue.async().receiveAsync() }
        val dependants = futures.map { it.thenAccept { throw StackOverflowError("too deep") } }
        repeat(3) { queue.sync().put(it) }
        assertEquals(listOf(0, 1, 2), futures.map { it.get(20, TimeUnit.SECONDS) }.sorted())
        dependants.forEach { assertTrue(it.failure() is StackOverflowError) }
        assertNothingPending(queue)
    }

    @Test
    fun hugeNumbers_areTakenAtTheirWordWithoutMemory() {
        val queue = JanusQueue.fifo<Int>(Int.MAX_VALUE)
        queue.sync().putAll(listOf(1, 2, 3))
        assertEquals(listOf(1, 2, 3), queue.sync().takeBatch(Int.MAX_VALUE))
        assertEquals(0, queue.sync().drainTo(ArrayList(), Int.MAX_VALUE))
        val taking = inThread { queue.sync().poll(Long.MAX_VALUE, TimeUnit.DAYS) }
        awaitUntil("it waits") { waiting(queue) == 1 }
        val receiving = beginRaw { queue.async().receive(Long.MAX_VALUE, TimeUnit.DAYS) }
        assertEquals(2, waiting(queue))
        queue.sync().putAll(listOf(4, 5))
        assertEquals(setOf(4, 5), setOf(taking.await().value, receiving.get(20, TimeUnit.SECONDS)))
        assertThrows(IllegalArgumentException::class.java) { queue.capacity(Int.MIN_VALUE) }
        assertThrows(IllegalArgumentException::class.java) { queue.sync().takeBatch(Int.MIN_VALUE) }
        assertNothingPending(queue)
    }

    @Test
    fun capacity_changedByManyThreadsWhileElementsPass_nothingIsLost() {
        val queue = JanusQueue.fifo<Int>(1)
        val changing = List(3) { n ->
            inThread { repeat(300) { queue.capacity(listOf(0, 1, Int.MAX_VALUE, 5)[(it + n) % 4]) } }
        }
        val putting = inThread { (0 until 1000).forEach { queue.sync().put(it) } }
        val taken = List(1000) { queue.sync().take() }
        (changing + putting).forEach { it.await().value }
        assertEquals((0 until 1000).toList(), taken)
        assertNothingPending(queue)
    }
}
