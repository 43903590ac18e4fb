package dev.janus.benchmarks

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlin.system.measureNanoTime

/** Who calls one end of a queue. */
enum class Side(val title: String) {
    THREAD("thread"),
    VIRTUAL_THREAD("virtual thread"),
    COROUTINE("coroutine"),
}

/**
 * Work for a queue: some producers hand elements to some consumers, as fast as they can.
 *
 * @property producers the number of producers
 * @property consumers the number of consumers
 */
data class Stream(val from: Side, val to: Side, val producers: Int, val consumers: Int) {
    /** Hands over about as many elements as given, a multiple of 16. Returns the time in nanoseconds per element. */
    fun nanosPerElement(queue: Contender, about: Int): Double {
        val count = maxOf(1, about / 16) * 16
        val nanos = measureNanoTime {
            val ends = start(to, consumers, count / consumers, { queue.take() }, { queue.receive() }) +
                start(from, producers, count / producers, { queue.put(element(it)) }, { queue.send(element(it)) })
            ends.forEach { it() }
        }
        return nanos.toDouble() / count
    }

    /** Returns whether a kind of queue can do this work at a capacity. */
    fun isPossible(kind: Kind, capacity: Int): Boolean = kind.accepts(capacity) &&
        (kind != Kind.MPSC || consumers == 1) &&
        (Side.VIRTUAL_THREAD !in listOf(from, to) || Runtime.version().feature() >= 21)

    override fun toString() = "${from.title} → ${to.title}, $producers:$consumers"

    companion object {
        /** Makes a stream of a shape, for instance `4:1`. */
        @JvmStatic
        fun of(from: Side, to: Side, shape: String): Stream {
            val (producers, consumers) = shape.split(':').map { it.toInt() }
            return Stream(from, to, producers, consumers)
        }

        /** Allocated beforehand. */
        private val elements = Array<Any>(1024) { it }

        private fun element(i: Int): Any = elements[i and 1023]

        /** Starts callers that make each a number of calls. Returns a function for each that waits until it is done. */
        private inline fun start(
            side: Side,
            callers: Int,
            calls: Int,
            crossinline blocking: (Int) -> Unit,
            crossinline suspending: suspend (Int) -> Unit,
        ): List<() -> Unit> = if (side == Side.COROUTINE) {
            val jobs = List(callers) { launch { repeat(calls) { i -> suspending(i) } } }
            listOf { runBlocking { jobs.joinAll() } }
        } else {
            List(callers) {
                val thread = newThread(side) { repeat(calls) { i -> blocking(i) } }
                thread.start()
                thread::join
            }
        }

        private fun launch(block: suspend () -> Unit): Job = CoroutineScope(Dispatchers.Default).launch { block() }
    }
}

/** Makes a thread that was not started. Virtual threads need Java 21. */
fun newThread(side: Side, block: Runnable): Thread = if (side == Side.VIRTUAL_THREAD) {
    val builder = Thread::class.java.getMethod("ofVirtual").invoke(null)
    val builderType = Class.forName("java.lang.Thread\$Builder")
    builderType.getMethod("unstarted", Runnable::class.java).invoke(builder, block) as Thread
} else {
    Thread(block)
}
