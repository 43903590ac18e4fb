package dev.janus.proof

import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.suspendCancellableCoroutine
import java.util.ArrayDeque
import java.util.Collections
import java.util.PriorityQueue
import java.util.Queue
import kotlin.coroutines.resume

/** What a queue is to do, for callers that come one after the other: the specification, in the plainest form. */
open class SequentialQueue(private var capacity: Int, private val store: Queue<Int>) {
    /** A caller that waits, for room for its element if it has one. */
    private class Caller(val continuation: CancellableContinuation<Boolean>, val element: Int?)

    private inner class Line {
        val waiting = ArrayDeque<Caller>()
        var promised = 0

        /** Suspends until what is waited for is promised to the caller. False if the caller has nothing more to do. */
        suspend fun await(element: Int? = null): Boolean {
            val more = suspendCancellableCoroutine { continuation ->
                val caller = Caller(continuation, element)
                waiting.add(caller)
                continuation.invokeOnCancellation {
                    waiting.remove(caller)
                    settle()
                }
                settle()
            }
            if (more) promised--
            return more
        }

        fun wakeOne() {
            promised++
            waiting.remove().continuation.resume(true)
        }
    }

    private val takers = Line()
    private val putters = Line()
    private val joiners = Line()
    private var unfinished = 0
    private var taken = 0
    private var done = 0
    private var shutDown = false

    private fun elements() = store.size - takers.promised

    private fun room() = (if (capacity == 0) takers.waiting.size else capacity - store.size) - putters.promised

    private fun settle() {
        while (takers.waiting.isNotEmpty() && (elements() > 0 || ended())) takers.wakeOne()
        while (putters.waiting.isNotEmpty() && (room() > 0 || shutDown)) putters.wakeOne()
        while (joiners.waiting.isNotEmpty() && unfinished == 0) joiners.wakeOne()
    }

    private fun ended() = shutDown && store.isEmpty()

    private fun add(element: Int) {
        if (capacity == 0 && takers.waiting.isNotEmpty()) takers.wakeOne()
        store.add(element)
        unfinished++
        settle()
    }

    private fun remove(): Int = store.remove().also {
        taken++
        settle()
    }

    /** In a rendezvous, whoever takes lets the putter in that has waited longest. */
    private fun letPutterIn() {
        if (capacity == 0 && elements() <= 0 && putters.waiting.isNotEmpty()) {
            val putter = putters.waiting.remove()
            store.add(putter.element)
            unfinished++
            putter.continuation.resume(false)
        }
    }

    private fun refuseIfShutDown() {
        if (shutDown) throw Refused()
    }

    fun trySend(element: Int): Boolean {
        refuseIfShutDown()
        return (room() > 0).also { if (it) add(element) }
    }

    fun tryReceive(): Int? {
        letPutterIn()
        return if (elements() > 0) remove() else null
    }

    suspend fun send(element: Int) {
        refuseIfShutDown()
        if (room() > 0 || putters.await(element)) {
            refuseIfShutDown()
            add(element)
        }
    }

    suspend fun receive(): Int {
        letPutterIn()
        if (elements() <= 0) {
            if (ended()) throw Refused()
            takers.await()
            if (store.isEmpty()) throw Refused()
        }
        return remove()
    }

    fun taskDone() {
        if (done >= taken) throw IllegalStateException()
        done++
        unfinished--
        settle()
    }

    suspend fun join() {
        if (unfinished > 0) joiners.await()
    }

    fun shutdown() {
        shutDown = true
        settle()
    }

    fun shutdownNow(): List<Int> {
        shutDown = true
        val left = generateSequence { store.poll() }.toList()
        unfinished -= left.size
        settle()
        return left
    }

    fun capacity(capacity: Int) {
        this.capacity = capacity
        settle()
    }
}

/** A queue that is shut down refuses the call. */
class Refused : RuntimeException()

fun fifo(): Queue<Int> = ArrayDeque()

fun lifo(): Queue<Int> = Collections.asLifoQueue(ArrayDeque())

fun priority(): Queue<Int> = PriorityQueue()
