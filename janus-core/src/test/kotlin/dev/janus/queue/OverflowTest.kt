package dev.janus.queue

import dev.janus.JanusQueue
import dev.janus.fixtures.Dropping
import dev.janus.fixtures.LoopKind
import dev.janus.fixtures.ManualDispatcher
import dev.janus.fixtures.OpenLoop
import dev.janus.fixtures.Running
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.begin
import dev.janus.fixtures.beginRaw
import dev.janus.fixtures.reportedWhile
import kotlinx.coroutines.channels.BufferOverflow
import kotlinx.coroutines.selects.select
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedClass
import org.junit.jupiter.params.provider.MethodSource
import java.util.concurrent.TimeUnit

/** A queue that drops, apart from its puts. */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.janus.fixtures.Dropping#policies")
internal class OverflowTest(private val policy: BufferOverflow) {
    private val subject = Dropping(policy, capacity = 2)
    private val queue = subject.queue
    private val dropped = subject.dropped

    @AfterEach
    fun nothingIsPending() = subject.check()

    @Test
    fun batches_moreThanFits_dropOneAfterTheOther() {
        val all = (1..4).toList()
        assertBatch(all) { queue.sync().putAll(all) }
        assertBatch(all) { queue.sync().addAll(all) }
        assertBatch(all) { assertTrue(beginRaw { queue.async().sendAll(all) }.isDone) }
    }

    private fun assertBatch(all: List<Int>, put: () -> Unit) {
        dropped.clear()
        put()
        val late = all.takeLast(2)
        assertEquals(subject.either(all - late, late), dropped)
        assertEquals(subject.either(late, all - late), subject.takeAll())
        dropped.clear()
        repeat(queue.stats().dropped().toInt()) { dropped += 0 }
    }

    @Test
    fun batches_onDroppedThrows_allAreReportedAndAllPutIn() {
        subject.onDropped = { throw IllegalStateException("$it") }
        val reported = reportedWhile { queue.sync().putAll(listOf(1, 2, 3, 4)) }

        assertEquals(dropped.map(Int::toString), reported.map { it.message })
        subject.assertCounts(accepted = 4, size = 2)
    }

    @Test
    fun batches_oneElementIsNull_nothingIsPutInOrDropped() {
        subject.fill(1, 2)
        val withNull = listOf(3, nothing<Int>())

        assertThrows(NullPointerException::class.java) { queue.sync().putAll(withNull) }
        assertTrue(beginRaw { queue.async().sendAll(withNull) }.isCompletedExceptionally)
        assertThrows(NullPointerException::class.java) { queue.sync().put(nothing()) }

        subject.assertCounts(accepted = 2, size = 2)
    }

    @Test
    fun put_interruptedBefore_addsAndDropsNothing() {
        subject.fill(1, 2)
        Thread.currentThread().interrupt()

        assertThrows(InterruptedException::class.java) { queue.sync().put(3) }

        subject.assertCounts(accepted = 2, size = 2)
    }

    @Test
    fun withoutOnDropped_dropped_isCountedOnly() {
        val quiet = JanusQueue.builder<Int>().capacity(1).overflow(policy).build()
        quiet.sync().putAll(listOf(1, 2, 3))

        assertEquals(2, quiet.stats().dropped())
        assertEquals(1, quiet.unfinishedTasks())
        assertNothingPending(quiet)
    }

    @Test
    fun join_restWasDropped_returns() {
        subject.fill(1, 2, 3)
        val join = Running.startJoin(queue) { queue.sync().join(1, TimeUnit.HOURS) }

        subject.takeAll()

        assertTrue(join.result())
        queue.capacity(0)
        queue.sync().put(4)
        assertTrue(queue.sync().join(0, TimeUnit.SECONDS), "${queue.stats()}")
    }

    @Test
    fun taskDone_forWhatWasDropped_isRefused() {
        subject.fill(1, 2, 3)
        assertThrows(IllegalStateException::class.java) { queue.sync().taskDone() }
        subject.takeAll()
        assertThrows(IllegalStateException::class.java) { queue.sync().taskDone() }
    }

    @Test
    fun lease_givenBackToAFullQueue_isNotDropped() {
        subject.fill(1, 2)
        val lease = queue.sync().takeLease()
        subject.fill(3)
        lease.close()
        assertEquals(listOf<Int>(), dropped)
        subject.assertCounts(accepted = 3, size = 3)

        subject.fill(4)

        assertEquals(subject.either(1, 4), dropped[0])
        assertEquals(listOf(1, 2, 3, 4), (dropped + subject.takeAll()).sorted())
    }

    @Test
    fun drainTo_targetThrowsWhenTheQueueIsFullAgain_nothingIsLost() {
        subject.fill(1, 2)
        val target =
            object : AbstractMutableCollection<Int>() {
                override val size = 0

                override fun iterator() = error("unused")

                override fun add(element: Int): Boolean {
                    subject.fill(3, 4)
                    error("full")
                }
            }

        assertThrows(IllegalStateException::class.java) { queue.sync().drainTo(target) }

        assertEquals(listOf<Int>(), dropped)
        assertEquals(listOf(1, 2, 3, 4), subject.takeAll())
    }

    @Test
    fun capacityZero_receiverLeavesAfterItWasMatched_elementWaitsForTheNext() {
        queue.capacity(0)
        val dispatcher = ManualDispatcher()
        val receiver = dispatcher.begin { queue.async().receive() }
        queue.sync().put(1)
        receiver.job.cancel()
        dispatcher.runAll()
        assertEquals(listOf<Int>(), dropped)
        subject.assertCounts(accepted = 1, size = 1)

        queue.sync().put(2)

        subject.assertCounts(accepted = 2, size = 1)
        assertEquals(listOf(1, 2), (dropped + subject.takeAll()).sorted())
    }

    @Test
    fun put_fullOfAnElementThatASelectHasChosen_selectGetsOneAndNothingIsLost() {
        queue.capacity(1)
        val dispatcher = ManualDispatcher()
        val selecting = dispatcher.begin { select { queue.async().onReceive { it } } }

        subject.fill(1, 2, 3)
        dispatcher.runAll()

        assertEquals(listOf(1, 2, 3), (dropped + selecting.value + subject.takeAll()).sorted())
    }

    @Test
    fun elementsRemovedByName_makeRoom() {
        subject.fill(1, 2)
        assertTrue(queue.sync().remove(1 as Any))
        subject.fill(3)

        assertEquals(listOf<Int>(), dropped)
        assertEquals(listOf(2, 3), subject.takeAll())
    }

    @Test
    fun shutdown_takersDrainAndTheDroppedStayDropped() {
        subject.fill(1, 2, 3)
        queue.shutdown()
        assertEquals(subject.either(listOf(2, 3), listOf(1, 2)), queue.sync().untilShutdown().toList())
        assertTrue(queue.isTerminated)
        assertEquals(1, dropped.size)
    }

    @Test
    fun sendAsync_boundToALoop_callsOnDroppedOnTheCallersThread() {
        OpenLoop(LoopKind.EXECUTOR).use { loop ->
            val bound = Dropping(policy, capacity = 1) { boundTo(loop.dispatcher) }
            bound.onDropped = { bound.dropped += if (loop.isHere()) -100 else 100 }
            bound.queue.async().sendAsync(1).get(20, TimeUnit.SECONDS)
            bound.queue.async().sendAsync(2).get(20, TimeUnit.SECONDS)
            assertEquals(listOf(bound.either(1, 2), 100), bound.dropped)
        }
    }
}

/** A null where the compiler wants none. */
@Suppress("UNCHECKED_CAST")
private fun <E> nothing(): E = null as E
