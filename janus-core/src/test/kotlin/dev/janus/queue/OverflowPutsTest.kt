package dev.janus.queue

import dev.janus.QueueShutdownException
import dev.janus.fixtures.AnyPut
import dev.janus.fixtures.Dropping
import dev.janus.fixtures.ManualDispatcher
import dev.janus.fixtures.Running
import dev.janus.fixtures.begin
import dev.janus.fixtures.inThread
import dev.janus.fixtures.reportedWhile
import kotlinx.coroutines.channels.BufferOverflow
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedClass
import org.junit.jupiter.params.provider.MethodSource

/** What each way of putting does in a queue that drops. */
@ParameterizedClass(name = "{0}, {1}")
@MethodSource("dev.janus.fixtures.Dropping#everyPut")
internal class OverflowPutsTest(private val policy: BufferOverflow, private val put: AnyPut) {
    private val subject = Dropping(policy, capacity = 2)
    private val queue = subject.queue
    private val dropped = subject.dropped

    @AfterEach
    fun nothingIsPending() = subject.check()

    @Test
    fun put_room_dropsNothing() {
        put.putAtOnce(queue, 1)
        put.putAtOnce(queue, 2)

        subject.assertCounts(accepted = 2, size = 2)
        assertEquals(listOf(1, 2), subject.takeAll())
        assertEquals(listOf<Int>(), dropped)
    }

    @Test
    fun put_full_returnsAtOnceAndDropsOne() {
        subject.fill(1, 2)

        (3..5).forEach { put.putAtOnce(queue, it) }

        subject.assertCounts(accepted = 5, size = 2)
        assertEquals(subject.either(listOf(1, 2, 3), listOf(3, 4, 5)), dropped)
        assertEquals(2, queue.stats().highWaterMark())
        assertEquals(2, queue.unfinishedTasks())
        assertEquals(subject.either(listOf(4, 5), listOf(1, 2)), subject.takeAll())
        assertEquals(0, queue.unfinishedTasks())
    }

    @Test
    fun put_takersWait_theyGetTheElements() {
        val dispatcher = ManualDispatcher()
        val coroutine = dispatcher.begin { queue.async().receive() }
        val thread = Running.startTake(queue) { queue.sync().take() }

        put.putAtOnce(queue, 1)
        put.putAtOnce(queue, 2)
        dispatcher.runAll()

        assertEquals(setOf(1, 2), setOf(coroutine.value, thread.result()))
        assertEquals(listOf<Int>(), dropped)
    }

    @Test
    fun put_allReserved_takersGetTheirsAndTheQueueHasRoom() {
        val dispatcher = ManualDispatcher()
        val first = dispatcher.begin { queue.async().receive() }
        val second = dispatcher.begin { queue.async().receive() }

        (1..4).forEach { put.putAtOnce(queue, it) }
        dispatcher.runAll()

        assertEquals(listOf(1, 2), listOf(first.value, second.value))
        assertEquals(listOf<Int>(), dropped)
        assertEquals(listOf(3, 4), subject.takeAll())
    }

    @Test
    fun put_full_callsOnDroppedOnItsThreadBeforeItReturns() {
        subject.fill(1, 2)
        val threads = ArrayList<Thread>()
        subject.onDropped = { threads += Thread.currentThread() }

        put.putAtOnce(queue, 3)

        assertEquals(1, threads.size)
        assertSame(Thread.currentThread(), threads[0])
    }

    @Test
    fun onDropped_usesTheQueue_isNotLocked() {
        subject.fill(1, 2)
        val seen = ArrayList<Int?>()
        subject.onDropped = {
            seen += inThread { queue.sync().poll() }.await().value
            seen += queue.size()
            seen += queue.async().tryReceive()
        }

        put.putAtOnce(queue, 3)

        assertEquals(subject.either(listOf(2, 1, 3), listOf(1, 1, 2)), seen)
        subject.assertCounts(accepted = 3, size = 0)
    }

    @Test
    fun onDropped_throws_isReportedAndThePutSucceeds() {
        subject.fill(1, 2)
        val failures = listOf(IllegalStateException("odd"), AssertionError("even"))
        subject.onDropped = { throw failures[dropped.size - 1] }

        val reported = reportedWhile {
            put.putAtOnce(queue, 3)
            put.putAtOnce(queue, 4)
        }

        assertEquals(failures, reported)
        assertEquals(subject.either(listOf(1, 2), listOf(3, 4)), dropped)
        assertEquals(subject.either(listOf(3, 4), listOf(1, 2)), subject.takeAll())
    }

    @Test
    fun put_shutDown_isRefusedAndNothingIsDropped() {
        subject.fill(1, 2)
        queue.shutdown()

        assertThrows(QueueShutdownException::class.java) { put.putAtOnce(queue, 3) }

        subject.assertCounts(accepted = 2, size = 2)
        assertEquals(listOf<Int>(), dropped)
        assertEquals(listOf(1, 2), queue.shutdownNow())
    }

    @Test
    fun put_capacityZero_reachesWaitingReceiversOnly() {
        queue.capacity(0)
        put.putAtOnce(queue, 1)
        assertEquals(listOf(1), dropped)

        val dispatcher = ManualDispatcher()
        val coroutine = dispatcher.begin { queue.async().receive() }
        val thread = Running.startTake(queue) { queue.sync().take() }
        (2..4).forEach { put.putAtOnce(queue, it) }
        dispatcher.runAll()

        assertEquals(setOf(2, 3), setOf(coroutine.value, thread.result()))
        assertEquals(listOf(1, 4), dropped)
        subject.assertCounts(accepted = 4, size = 0)
    }

    @Test
    fun put_capacityShrunk_keepsWhatIsThereAndLetsNoMoreIn() {
        queue.capacity(4)
        subject.fill(1, 2, 3, 4)
        queue.capacity(1)
        assertEquals(listOf<Int>(), dropped)

        put.putAtOnce(queue, 5)

        assertFalse(queue.size() > 4)
        assertEquals(subject.either(1, 5), dropped[0])
        assertEquals((1..5).toList(), (dropped + subject.takeAll()).sorted())
    }

    @Test
    fun put_capacityGrown_hasRoom() {
        subject.fill(1, 2)
        queue.capacity(3)

        put.putAtOnce(queue, 3)

        assertEquals(listOf(1, 2, 3), subject.takeAll())
    }
}
