package dev.janus.proof

import dev.janus.JanusQueue
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import java.lang.ref.Reference
import java.lang.ref.WeakReference
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Future
import java.util.concurrent.TimeUnit.DAYS

/** What a waiter costs: the bytes beyond those of a coroutine that is suspended anyway, or of a future. */
class WaiterSizeTest {
    /** A way to wait, and how to begin each of the waits in one queue. */
    enum class Kind(val most: Int, val plain: () -> Any, val line: () -> () -> Any) {
        PLAIN_CHANNEL(50, ::suspended, { with(Channel<Any>()) { { coroutine { receive() } } } }),
        RECEIVE(300, ::suspended, { with(queue(Line.TAKERS).async()) { { coroutine { receive() } } } }),
        SEND(335, ::suspended, { with(queue(Line.PUTTERS).async()) { { coroutine { send(Unit) } } } }),
        TIMED_RECEIVE(740, ::suspended, { with(queue(Line.TAKERS).async()) { { coroutine { receive(1, DAYS) } } } }),
        RECEIVE_ASYNC(230, { CompletableFuture<Any>() }, { with(queue(Line.TAKERS).async()) { { receiveAsync() } } }),
    }

    @ParameterizedTest
    @EnumSource
    fun wait_inLine_costsNoMoreThanThis(kind: Kind) {
        val bytes = typicalBytesOf(kind.line) - typicalBytesOf { kind.plain }
        assertTrue(bytes <= kind.most) { "$kind: $bytes bytes each, expected at most ${kind.most}" }
    }

    /** The median of several: garbage of other tests makes some too large or too small. */
    private fun typicalBytesOf(line: () -> () -> Any): Long = List(TIMES) { bytesOf(line()) }.sorted()[TIMES / 2]

    private fun bytesOf(begin: () -> Any): Long {
        val all = arrayOfNulls<Any>(WAITERS)
        repeat(WARM_UP) { all[it] = begin() }
        val bytes = Heap.growthBy { for (i in WARM_UP..<WAITERS) all[i] = begin() } / (WAITERS - WARM_UP)
        Reference.reachabilityFence(all)
        Heap.inNewThread { all.forEach { if (it is Job) it.cancel(GivenUp) else (it as Future<*>).cancel(false) } }
        Heap.awaitCollected(mapOf("waiters" to all.map { WeakReference(it) }.also { all.fill(null) }))
        return bytes
    }

    private companion object {
        const val TIMES = 3
        const val WAITERS = 20_000
        const val WARM_UP = 1_000

        fun queue(line: Line): JanusQueue<Any> = line.queue()

        fun coroutine(block: suspend () -> Any?): Any = CoroutineScope(Dispatchers.Unconfined).launch { block() }

        fun suspended(): Any = coroutine { awaitCancellation() }
    }
}
