package dev.janus.proof

import dev.janus.JanusQueue
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.channels.BufferOverflow
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import org.junit.jupiter.params.provider.ValueSource
import java.lang.ref.Reference
import java.lang.ref.WeakReference
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit.NANOSECONDS
import java.util.concurrent.TimeUnit.SECONDS

/** The queue does not hold what has left it: elements that were taken or refused, and former waiters. */
class CollectedTest {
    @ParameterizedTest
    @ValueSource(strings = ["fifo", "lifo", "priority"])
    fun take_element_isCollected(order: String) {
        val queues = TAKES.mapValues { QUEUES.getValue(order)().capacity(COUNT).build() }
        Heap.awaitCollected(queues.mapValues { (call, queue) -> taken(queue, TAKES.getValue(call)) })
        Reference.reachabilityFence(queues)
    }

    private fun taken(queue: JanusQueue<Any>, take: (JanusQueue<Any>) -> Unit): List<WeakReference<Any>> {
        val elements = Elements()
        repeat(COUNT) { queue.sync().put(elements.next()) }
        take(queue)
        assertTrue(queue.isEmpty)
        return elements.references
    }

    @ParameterizedTest
    @EnumSource(names = ["DROP_OLDEST", "DROP_LATEST"])
    fun put_elementDropped_isCollected(overflow: BufferOverflow) {
        val queue = JanusQueue.builder<Any>().capacity(1).overflow(overflow).onDropped { }.build()
        queue.sync().put(queue)
        val elements = Elements()
        repeat(COUNT) { queue.sync().put(elements.next()) }
        queue.sync().put(queue)
        Heap.awaitCollected(mapOf("dropped" to elements.references))
        Reference.reachabilityFence(queue)
    }

    @Test
    fun put_inVain_elementIsCollected() {
        val queue = Line.PUTTERS.queue()
        val refused = Way.entries.associate { way ->
            val elements = Elements()
            way.endWaits(Line.PUTTERS, queue, COUNT, elements::next)
            assertTrue(elements.references.size >= COUNT)
            way.name to elements.references
        }
        Heap.awaitCollected(refused)
        Reference.reachabilityFence(queue)
    }

    @ParameterizedTest
    @EnumSource
    fun wait_cancelled_callerIsCollected(line: Line) {
        val queue = line.queue()
        val cancelled = mapOf(
            "coroutines" to among(line, queue) { line.begin(queue).also { it.cancel() } },
            "futures" to among(line, queue) { line.future(queue, Any()).also { it.cancel(false) } },
        )
        Heap.awaitCollected(cancelled)
        Reference.reachabilityFence(queue)
    }

    /** Begins many that give up at once, and before, between and behind them some that wait on. */
    private fun among(line: Line, queue: JanusQueue<Any>, giveUp: () -> Any) = List(COUNT) {
        if (it % 10 == 0) line.begin(queue)
        WeakReference(giveUp()).also { line.begin(queue) }
    }

    @ParameterizedTest
    @EnumSource
    fun wait_done_callerIsCollected(line: Line) {
        val loop = Executors.newSingleThreadExecutor()
        val bound = line.queue(JanusQueue.builder<Any>().boundTo(loop.asCoroutineDispatcher()))
        val free = line.queue()
        val done = mapOf("coroutines" to coroutinesDone(line, free), "futures" to futuresDone(line, bound))
        loop.shutdown() // its thread may hold what it ran last
        assertTrue(loop.awaitTermination(20, SECONDS))
        Heap.awaitCollected(done)
        Reference.reachabilityFence(listOf(bound, free))
    }

    private fun coroutinesDone(line: Line, queue: JanusQueue<Any>): List<WeakReference<*>> {
        val coroutines = List(COUNT) { line.begin(queue) }
        goOn(line, queue)
        assertTrue(coroutines.all { it.isCompleted })
        return coroutines.map { WeakReference(it) }
    }

    private fun futuresDone(line: Line, queue: JanusQueue<Any>): List<WeakReference<*>> {
        val futures = List(COUNT) { line.future(queue, Any()) }
        goOn(line, queue)
        futures.forEach { it.get(20, SECONDS) }
        return futures.map { WeakReference(it) }
    }

    /** Serves all that wait. */
    private fun goOn(line: Line, queue: JanusQueue<Any>) {
        when (line) {
            Line.TAKERS -> repeat(COUNT) { queue.sync().put(Any()) }
            Line.PUTTERS -> repeat(COUNT) { queue.sync().take() }
            Line.JOINERS -> queue.sync().taskDone()
        }
    }

    private class Elements {
        val references = ArrayList<WeakReference<Any>>()

        @Synchronized
        fun next(): Any = Any().also { references += WeakReference(it) }
    }

    private companion object {
        const val COUNT = 100

        val QUEUES: Map<String, () -> JanusQueue.Builder<Any>> = mapOf(
            "fifo" to { JanusQueue.builder<Any>() },
            "lifo" to { JanusQueue.builder<Any>().lifo() },
            "priority" to { JanusQueue.builder<Any>().priority(compareBy { System.identityHashCode(it) }) },
        )

        val TAKES: Map<String, (JanusQueue<Any>) -> Unit> = mapOf(
            "poll" to { queue -> repeat(COUNT) { queue.sync().poll() } },
            "timed poll" to { queue -> repeat(COUNT) { queue.sync().poll(1, NANOSECONDS) } },
            "take" to { queue -> repeat(COUNT) { queue.sync().take() } },
            "drainTo" to { queue -> queue.sync().drainTo(ArrayList()) },
            "takeBatch" to { queue -> queue.sync().takeBatch(COUNT) },
            "remove" to { queue -> queue.sync().toList().forEach { queue.sync().remove(it) } },
            "clear" to { queue -> queue.sync().clear() },
            "shutdownNow" to { queue -> queue.shutdownNow() },
            "lease done" to { queue -> repeat(COUNT) { queue.sync().takeLease().use { it.done() } } },
            "lease closed" to { queue ->
                repeat(COUNT) { queue.sync().takeLease().close() }
                repeat(COUNT) { queue.sync().take() }
            },
            "receive" to { queue -> runBlocking { repeat(COUNT) { queue.async().receive() } } },
            "receiveAsync" to { queue -> repeat(COUNT) { queue.async().receiveAsync() } },
            "capacity 0" to { queue ->
                queue.capacity(0)
                CoroutineScope(Dispatchers.Unconfined).launch { while (true) queue.async().receive() }
            },
        )
    }
}
