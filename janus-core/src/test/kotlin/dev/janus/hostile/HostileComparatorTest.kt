package dev.janus.hostile

import dev.janus.JanusQueue
import dev.janus.fixtures.AnyPut
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.beginOn
import dev.janus.fixtures.failure
import kotlinx.coroutines.Dispatchers
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import org.junit.jupiter.params.provider.MethodSource
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit

/** A step on a queue of ten elements that may compare them, and the elements that it takes out. */
internal enum class ComparingStep(val element: Int? = null, val run: (JanusQueue<Int>) -> List<Int>) {
    PUT(PUT_IN, { none { it.sync().put(PUT_IN) } }),
    OFFER(PUT_IN, { none { it.sync().offer(PUT_IN) } }),
    TRY_SEND(PUT_IN, { none { it.async().trySend(PUT_IN) } }),
    SEND(PUT_IN, { none { AnyPut.SEND.putAtOnce(it, PUT_IN) } }),
    SEND_ASYNC(PUT_IN, { none { AnyPut.SEND_ASYNC.putAtOnce(it, PUT_IN) } }),
    ON_SEND(PUT_IN, { none { AnyPut.ON_SEND.putAtOnce(it, PUT_IN) } }),
    TAKE(null, { listOf(it.sync().take()) }),
    POLL(null, { listOf(it.sync().poll()!!) }),
    TRY_RECEIVE(null, { listOf(it.async().tryReceive()!!) }),
    TAKE_BATCH(null, { it.sync().takeBatch(4) }),
    DRAIN_TO(null, { ArrayList<Int>().apply { it.sync().drainTo(this) } }),
    DRAIN_SOME(null, { ArrayList<Int>().apply { it.sync().drainTo(this, 3) } }),
    LEASE_GIVEN_BACK(null, { none { it.sync().takeLease().close() } }),
    SHUTDOWN_NOW(null, { it.shutdownNow() }),
    CLEAR(null, { it.sync().toList().also { _ -> it.sync().clear() } }),
    REMOVE_FIRST(null, { listOf(0).also { _ -> it.sync().remove(0 as Any) } }),
    REMOVE_INNER(null, { listOf(1).also { _ -> it.sync().remove(1 as Any) } }),
    REMOVE_BY_ITERATOR(null, { removeSecond(it) }),
    PEEK(null, { none { it.sync().peek() } }),
}

private const val PUT_IN = -1

private fun none(step: () -> Unit): List<Int> = emptyList<Int>().also { step() }

private fun removeSecond(queue: JanusQueue<Int>): List<Int> {
    val elements = queue.sync().iterator()
    elements.next()
    return listOf(elements.next()).also { elements.remove() }
}

/** A comparator fails at one comparison or at all that follow: the call fails, and no element is lost or doubled. */
internal class HostileComparatorTest {
    /** Orders numbers, and from a certain comparison on fails once or on and on. */
    private class Failing(private val failure: Throwable, private val times: Int) : Comparator<Int> {
        /** How many comparisons until it fails. */
        var left = Int.MAX_VALUE
        var meanwhile = {}
        var atEach = {}

        override fun compare(one: Int, other: Int): Int {
            atEach()
            if (--left in -times..-1) {
                meanwhile()
                throw failure
            }
            return one.compareTo(other)
        }

        fun heal() {
            left = Int.MAX_VALUE
        }
    }

    private class Ended : Error("no order today")

    private val elements = listOf(5, 3, 8, 1, 9, 2, 7, 4, 6, 0)

    @ParameterizedTest
    @MethodSource("stepsAndTimes")
    fun everyStep_anyComparisonThrows_nothingIsLostOrDoubled(step: ComparingStep, times: Int) {
        for (comparison in 0..9) {
            val comparator = Failing(if (comparison % 2 == 0) Ended() else ArithmeticException(), times)
            val queue = JanusQueue.priority(20, comparator)
            queue.sync().putAll(elements)
            comparator.left = comparison

            val taken = runCatching { step.run(queue) }

            comparator.heal()
            assertEnds(step, queue, taken)
        }
    }

    private fun assertEnds(step: ComparingStep, queue: JanusQueue<Int>, taken: Result<List<Int>>) {
        taken.onFailure { assertTrue(it is Ended || it is ArithmeticException, "$it") }
        val rest = generateSequence { queue.sync().poll() }.toList()
        val added = if (taken.isSuccess) listOfNotNull(step.element) else listOf()
        assertEquals(
            (elements + added).sorted(),
            (taken.getOrDefault(listOf()) + rest).sorted(),
            "$taken and then $rest",
        )
        assertEquals(rest.sorted(), rest, "the order is right again")
        assertNothingPending(queue)
    }

    @ParameterizedTest
    @EnumSource(names = ["TAKE", "POLL", "TRY_RECEIVE", "TAKE_BATCH", "DRAIN_SOME", "REMOVE_FIRST", "REMOVE_INNER"])
    fun everyTake_comparisonThrowsWhileSendersWait_eachSendIsDoneOrFails(step: ComparingStep) {
        for (comparison in 0..9) {
            val comparator = Failing(Ended(), 1)
            val queue = JanusQueue.priority(elements.size, comparator)
            queue.sync().putAll(elements)
            val sends = listOf(20, -20).associateWith { queue.async().sendAsync(it) }
            comparator.left = comparison

            val taken = runCatching { step.run(queue) }

            comparator.heal()
            val rest = ArrayList<Int>()
            awaitUntil("the sends end", { queue.sync().poll()?.let(rest::add) }) { sends.values.all { it.isDone } }
            rest += generateSequence { queue.sync().poll() }
            val sent = sends.filterValues { it.failure() == null }.keys
            assertEquals((elements + sent).sorted(), (taken.getOrDefault(listOf()) + rest).sorted())
            assertNothingPending(queue)
        }
    }

    @Test
    fun put_comparisonThrowsWhileReceiversWait_receiversGetTheNext() {
        val comparator = Failing(Ended(), 1)
        val queue = JanusQueue.priority(3, comparator)
        comparator.left = 0
        val received: List<CompletableFuture<Int>> = List(2) { queue.async().receiveAsync() }

        assertThrows(Ended::class.java) { queue.sync().put(1) }

        queue.sync().putAll(listOf(2, 3))
        assertEquals(setOf(2, 3), received.map { it.get(20, TimeUnit.SECONDS) }.toSet())
        assertNothingPending(queue)
    }

    @Test
    fun shutdownNow_comparatorShutsDownAndInterrupts_threadStaysInterruptedAndNothingIsLost() {
        val comparator = Failing(Ended(), 1)
        val queue = JanusQueue.priority(20, comparator)
        queue.sync().putAll(elements)
        comparator.left = 1
        comparator.meanwhile = {
            assertThrows(IllegalStateException::class.java) { queue.shutdownNow() }
            Thread.currentThread().interrupt()
        }

        assertEquals(elements.sorted(), queue.shutdownNow().sorted())

        assertTrue(Thread.interrupted())
        assertTrue(queue.isTerminated)
        assertNothingPending(queue)
    }

    @Test
    fun put_elementsOfOtherTypes_failsAndTheOthersStay() {
        val queue = JanusQueue.builder<Any>().capacity(9).priority().build()
        assertThrows(ClassCastException::class.java) { queue.sync().put(Any()) }
        queue.sync().putAll(listOf(3, 1, 2))
        assertThrows(ClassCastException::class.java) { queue.sync().put("text") }
        assertEquals(listOf<Any>(1, 2, 3), generateSequence { queue.sync().poll() }.toList())
        assertNothingPending(queue)
    }

    @Test
    fun poll_everyComparisonThrows_takesNothing() {
        val comparator = Failing(ArithmeticException(), Int.MAX_VALUE)
        val queue = JanusQueue.priority(9, comparator)
        repeat(5) { queue.sync().put(it) }
        comparator.left = 0

        assertThrows(ArithmeticException::class.java) { queue.sync().poll() }

        comparator.heal()
        assertEquals(listOf(0, 1, 2, 3, 4), generateSequence { queue.sync().poll() }.toList())
        assertEquals(0, queue.stats().removed())
        assertEquals(0, queue.size())
    }

    @Test
    fun shutdownNow_everyComparisonThrows_handsBackAll() {
        val comparator = Failing(ArithmeticException(), Int.MAX_VALUE)
        val queue = JanusQueue.priority(9, comparator)
        repeat(5) { queue.sync().put(it) }
        comparator.left = 0

        assertEquals(setOf(0, 1, 2, 3, 4), queue.shutdownNow().toSet())
        assertTrue(queue.isTerminated)
    }

    @Test
    fun drainTo_comparisonThrowsMidway_movesWhatItHasAndTheRestStays() {
        val comparator = Failing(ArithmeticException(), 1)
        val queue = JanusQueue.priority(9, comparator)
        repeat(6) { queue.sync().put(it) }
        comparator.left = 6
        val target = ArrayList<Int>()

        val moved = queue.sync().drainTo(target)

        assertEquals(moved, target.size)
        assertTrue(moved in 1..5, "moved $moved")
        val rest = generateSequence { queue.sync().poll() }.toList()
        val stats = queue.stats()
        assertEquals(6, target.size + rest.size + stats.removed(), "one was dropped: $stats")
        assertTrue(stats.removed() <= 1, "$stats")
    }

    /** A coroutine that waits for the very queue that compares. */
    @Test
    fun comparator_cancelsAWaitingCoroutine_coroutineLeavesTheLine() {
        val comparator = Failing(ArithmeticException(), 0)
        val queue = JanusQueue.priority(3, comparator)
        queue.sync().putAll(listOf(1, 2, 3))
        val sender = beginOn(Dispatchers.Unconfined) { queue.async().send(4) }
        assertEquals(1, queue.stats().waitingPutCoroutines())
        comparator.atEach = { sender.job.cancel() }

        assertEquals(1, queue.sync().poll())

        awaitUntil("the coroutine has left") { sender.job.isCompleted }
        sender.assertThrew<CancellationException>()
        assertEquals(0, queue.stats().waitingPutCoroutines() + queue.stats().reservedSlots(), "${queue.stats()}")
        assertEquals(2, queue.size())
    }

    private companion object {
        @JvmStatic
        fun stepsAndTimes(): List<Array<Any>> = ComparingStep.entries.flatMap {
            listOf(
                arrayOf<Any>(it, 1),
                arrayOf<Any>(
                    it,
                    Int.MAX_VALUE / 2,
                ),
            )
        }
    }
}
