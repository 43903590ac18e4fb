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
    /** A caller that waits, with the element that it puts if it puts one. */
    private class Caller(val continuation: CancellableContinuation<Boolean>, val element: Int?)

    private inner class Line {
        private val waiting = ArrayDeque<Caller>()

        val size get() = waiting.size

        /** Suspends until its turn has come: true; or until there is nothing to wait for any more: false. */
        suspend fun await(element: Int? = null): Boolean = suspendCancellableCoroutine { continuation ->
            val caller = Caller(continuation, element)
            waiting.add(caller)
            continuation.invokeOnCancellation {
                waiting.remove(caller)
                settle()
            }
            settle()
        }

        fun serve(): Int? = waiting.remove().run {
            continuation.resume(true)
            element
        }

        fun releaseAll() {
            while (waiting.isNotEmpty()) waiting.remove().continuation.resume(false)
        }
    }

    private val takers = Line()
    private val putters = Line()
    private val joiners = Line()

    /** How many takers were served and have not run yet: each will take one element, whichever comes out first then. */
    private var reserved = 0
    private var unfinished = 0
    private var taken = 0
    private var done = 0
    private var shutDown = false

    private fun elements() = store.size - reserved

    /** Each taker that waits is a slot, and so is each that was served. */
    private fun room() = capacity.toLong() + takers.size + reserved - store.size

    private fun settle() {
        do {
            while (takers.size > 0 && elements() > 0) {
                reserved++
                takers.serve()
            }
            val letsIn = putters.size > 0 && room() > 0 && !shutDown
            if (letsIn) add(putters.serve()!!)
        } while (letsIn)
        if (unfinished == 0) joiners.releaseAll()
        if (shutDown) putters.releaseAll()
        if (ended()) takers.releaseAll()
    }

    private fun ended() = shutDown && store.isEmpty()

    private fun add(element: Int) {
        store.add(element)
        unfinished++
    }

    private fun remove(): Int = store.remove().also {
        taken++
        settle()
    }

    /** In a rendezvous, a call that takes lets the put in that has waited longest. */
    private fun letPutterIn() {
        if (capacity == 0 && elements() <= 0 && putters.size > 0) add(putters.serve()!!)
    }

    fun trySend(element: Int): Boolean {
        val isIn = !shutDown && room() > 0
        if (isIn) add(element)
        settle()
        return isIn
    }

    fun tryReceive(): Int? {
        letPutterIn()
        return if (elements() > 0) remove() else null
    }

    suspend fun send(element: Int) {
        if (shutDown) throw Refused()
        if (!trySend(element) && !putters.await(element)) throw Refused()
    }

    suspend fun receive(): Int {
        letPutterIn()
        if (elements() <= 0) {
            if (ended() || !takers.await()) throw Refused()
            reserved--
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
