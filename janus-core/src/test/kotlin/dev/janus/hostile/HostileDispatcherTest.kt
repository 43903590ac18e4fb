package dev.janus.hostile

import dev.janus.JanusQueue
import dev.janus.fixtures.OddDispatcher
import dev.janus.fixtures.RefusingDispatcher
import dev.janus.fixtures.SuspendingCall
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.beginOn
import dev.janus.fixtures.failure
import dev.janus.fixtures.queueOfOne
import dev.janus.fixtures.reportedWhile
import dev.janus.fixtures.running
import dev.janus.fixtures.waiting
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Runnable
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import org.junit.jupiter.params.provider.MethodSource
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.LinkedBlockingQueue
import kotlin.concurrent.thread

/** What an odd dispatcher does with a task that it is given. */
internal enum class Oddity(val dispatch: (Runnable, ConcurrentLinkedQueue<Runnable>) -> Unit) {
    INLINE({ task, _ -> task.run() }),
    TWICE_INLINE({ task, _ ->
        task.run()
        task.run()
    }),
    NOW_AND_LATER({ task, kept ->
        task.run()
        kept += task
    }),
    LATE({ task, kept -> kept += task }),
    LATE_TWICE({ task, kept ->
        kept += task
        kept += task
    }),
    KEPT_AND_REFUSED({ task, kept ->
        kept += task
        throw IllegalArgumentException("odd")
    }),
    RUN_AND_REFUSED({ task, _ ->
        task.run()
        throw IllegalArgumentException("odd")
    }),
    ON_TWO_THREADS({ task, _ -> List(2) { thread { task.run() } }.forEach(Thread::join) }),
}

/** The queue is bound to a dispatcher that runs its tasks at once, late, twice or while it refuses them. */
internal class HostileDispatcherTest {
    private val kept = ConcurrentLinkedQueue<Runnable>()

    private fun bound(oddity: Oddity, capacity: Int): JanusQueue<Int> {
        val dispatcher = OddDispatcher { oddity.dispatch(it, kept) }
        return JanusQueue.builder<Int>().capacity(capacity).boundTo(dispatcher).build()
    }

    private fun runKept() = generateSequence { kept.poll() }.forEach { it.run() }

    @ParameterizedTest
    @EnumSource
    fun futures_oddLoop_eachElementIsReceivedOrStays(oddity: Oddity) {
        val queue = bound(oddity, 3)
        val received = List(3) { queue.async().receiveAsync() }
        runKept()
        queue.sync().putAll(listOf(1, 2, 3))
        awaitUntil("all have ended", ::runKept) { received.all { it.isDone } }

        val elements = received.filter { it.failure() == null }.map { it.get() }

        assertEquals(listOf(1, 2, 3), (elements + generateSequence { queue.sync().poll() }).sorted())
        assertNothingPending(queue)
    }

    @ParameterizedTest
    @EnumSource
    fun sends_oddLoop_eachThatIsDoneIsInTheQueueOnce(oddity: Oddity) {
        val queue = bound(oddity, 1)
        val sends = (1..3).associateWith { queue.async().sendAsync(it) }
        val elements = ArrayList<Int>()
        awaitUntil("all have ended", {
            runKept()
            queue.sync().poll()?.let(elements::add)
        }) { sends.values.all { it.isDone } }
        elements += generateSequence { queue.sync().poll() }
        assertEquals(sends.filterValues { it.failure() == null }.keys, elements.toSet())
        assertEquals(elements.distinct(), elements)
        assertNothingPending(queue)
    }

    @ParameterizedTest
    @EnumSource
    fun subscription_oddLoop_eachElementIsHandledOnceOrStays(oddity: Oddity) {
        val queue = bound(oddity, 3)
        val handled = LinkedBlockingQueue<Int>()
        val ends = LinkedBlockingQueue<Any>()
        queue.async().subscribe(handled::add) { ends += it ?: "ended" }
        runKept()
        queue.sync().putAll(listOf(1, 2, 3))
        awaitUntil("all are handled, or it has ended", ::runKept) { handled.size == 3 || ends.isNotEmpty() }
        queue.shutdown()
        val rest = generateSequence { queue.sync().poll() }.toList()
        awaitUntil("it has ended", ::runKept) { ends.isNotEmpty() }

        assertEquals(listOf(1, 2, 3), (handled + rest).sorted())
        assertEquals(1, ends.size)
        assertNothingPending(queue)
    }

    /** Coroutines cannot stand a task that runs twice: that is up to kotlinx. */
    @ParameterizedTest
    @MethodSource("callsAndOddities")
    fun coroutine_oddDispatcher_isServed(call: SuspendingCall, oddity: Oddity) {
        val queue = queueOfOne()
        call.need.withhold(queue)
        val dispatcher = OddDispatcher { oddity.dispatch(it, kept) }
        val running = CoroutineScope(dispatcher).running { call.call(queue.async()) }
        runKept()
        assertEquals(1, waiting(queue))

        call.need.release(queue)

        awaitUntil("it is over", ::runKept) { running.isOver }
        running.value
        assertTrue(running.isOver)
        assertNothingPending(queue)
    }

    /** The put has succeeded. The failure is reported, and the element is for the next taker. */
    @Test
    fun coroutine_dispatcherRefuses_elementGoesToTheNext() {
        val queue = JanusQueue.fifo<Int>(2)
        beginOn(RefusingDispatcher()) { queue.async().receive() }

        val reported = reportedWhile { queue.sync().put(1) }

        assertEquals(listOf("closed"), reported.map { (it.cause ?: it).message }) // newer coroutines wrap it
        assertEquals(1, queue.sync().poll(), "${queue.stats()}")
    }

    @Test
    fun coroutines_manyRefusedByTheirDispatcher_theStackIsNotExhausted() {
        val queue = JanusQueue.fifo<Int>(2)
        repeat(MANY) { beginOn(RefusingDispatcher()) { queue.async().receive() } }

        val reported = reportedWhile { queue.sync().put(1) }

        assertEquals(MANY, reported.size)
        assertEquals(1, queue.sync().poll(), "${queue.stats()}")
    }

    @Test
    fun coroutine_dispatcherThrowsButRunsTheTaskLater_takesTheElement() {
        val queue = JanusQueue.fifo<Int>(2)
        val dispatcher = OddDispatcher { Oddity.KEPT_AND_REFUSED.dispatch(it, kept) }
        val receiver = beginOn(dispatcher) { queue.async().receive() }

        reportedWhile { queue.sync().put(1) }
        runKept()

        assertEquals(1, receiver.value)
        assertEquals(0, queue.stats().reservedElements())
    }

    private companion object {
        const val MANY = 20_000

        @JvmStatic
        fun callsAndOddities() = SuspendingCall.entries.flatMap { call ->
            listOf(Oddity.INLINE, Oddity.LATE).map { arrayOf<Any>(call, it) }
        }
    }
}
