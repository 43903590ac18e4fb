package dev.janus.benchmarks

import dev.janus.JanusQueue
import dev.janus.benchmarks.Side.COROUTINE
import dev.janus.benchmarks.Side.THREAD
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import java.util.concurrent.ArrayBlockingQueue
import kotlin.concurrent.thread
import kotlin.system.measureNanoTime

/** A way to hand elements over from a thread through a queue of 1024, in batches of 64 or one by one. */
enum class Batch(val title: String) {
    PUT_TAKE("Janus, put and take"),
    PUT_ALL_TAKE_BATCH("Janus, putAll and takeBatch"),
    PUT_RECEIVE("Janus, put and receive"),
    PUT_ALL_RECEIVE_BATCH("Janus, putAll and receiveBatch"),
    ARRAY_PUT_TAKE("ArrayBlockingQueue, put and take"),
    ARRAY_DRAIN_TO("ArrayBlockingQueue, put and drainTo"),
    ;

    /** Hands over a number of elements, a multiple of 64. Returns the time in nanoseconds per element. */
    fun nanosPerElement(count: Int): Double = when (this) {
        PUT_TAKE -> Stream(THREAD, THREAD, 1, 1).nanosPerElement(Kind.JANUS.create(CAPACITY), count)

        PUT_RECEIVE -> Stream(THREAD, COROUTINE, 1, 1).nanosPerElement(Kind.JANUS.create(CAPACITY), count)

        ARRAY_PUT_TAKE ->
            Stream(THREAD, THREAD, 1, 1).nanosPerElement(Kind.ARRAY_BLOCKING_QUEUE.create(CAPACITY), count)

        PUT_ALL_TAKE_BATCH -> {
            val queue = JanusQueue.fifo<Any>(CAPACITY).sync()
            nanosPerElement(count, { queue.putAll(BATCH) }) { untilTaken(count) { queue.takeBatch(BATCH.size).size } }
        }

        PUT_ALL_RECEIVE_BATCH -> {
            val queue = JanusQueue.fifo<Any>(CAPACITY)
            nanosPerElement(count, { queue.sync().putAll(BATCH) }) {
                runBlocking(Dispatchers.Default) {
                    untilTaken(count) { queue.async().receiveBatch(BATCH.size).size }
                }
            }
        }

        ARRAY_DRAIN_TO -> {
            val queue = ArrayBlockingQueue<Any>(CAPACITY)
            nanosPerElement(count, { BATCH.forEach(queue::put) }) { untilTaken(count) { queue.takeSome() } }
        }
    }

    private companion object {
        const val CAPACITY = 1024
        val BATCH = List<Any>(64) { it }

        inline fun nanosPerElement(count: Int, crossinline putBatch: () -> Unit, takeAll: () -> Unit): Double =
            measureNanoTime {
                val producer = thread { repeat(count / BATCH.size) { putBatch() } }
                takeAll()
                producer.join()
            }.toDouble() / count

        inline fun untilTaken(count: Int, takeSome: () -> Int) {
            var left = count
            while (left > 0) left -= takeSome()
        }

        /** Waits for one element, and takes what else is available. */
        fun ArrayBlockingQueue<Any>.takeSome(): Int {
            val batch = ArrayList<Any>(BATCH.size)
            batch += take()
            drainTo(batch, BATCH.size - 1)
            return batch.size
        }
    }
}
