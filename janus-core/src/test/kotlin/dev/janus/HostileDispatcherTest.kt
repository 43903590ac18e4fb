package dev.janus

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Runnable
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import org.junit.jupiter.params.provider.MethodSource
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.LinkedBlockingQueue
import kotlin.concurrent.thread
import kotlin.coroutines.CoroutineContext

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
        val dispatcher =
            object : CoroutineDispatcher() {
                override fun dispatch(context: CoroutineContext, block: Runnable) = oddity.dispatch(block, kept)
            }
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
        awaitState("all have ended", ::runKept) { received.all { it.isDone } }

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
        awaitState("all have ended", {
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
        awaitState("all are handled, or it has ended", ::runKept) { handled.size == 3 || ends.isNotEmpty() }
        queue.shutdown()
        val rest = generateSequence { queue.sync().poll() }.toList()
        awaitState("it has ended", ::runKept) { ends.isNotEmpty() }

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
        val dispatcher =
            object : CoroutineDispatcher() {
                override fun dispatch(context: CoroutineContext, block: Runnable) = oddity.dispatch(block, kept)
            }
        val running = CoroutineScope(dispatcher).running { call.call(queue.async()) }
        runKept()
        assertEquals(1, waiting(queue))

        call.need.release(queue)

        awaitState("it is over", ::runKept) { running.isOver }
        running.value
        assertTrue(running.isOver)
        assertNothingPending(queue)
    }

    private companion object {
        @JvmStatic
        fun callsAndOddities() = SuspendingCall.entries.flatMap { call ->
            listOf(Oddity.INLINE, Oddity.LATE).map { arrayOf<Any>(call, it) }
        }
    }
}
