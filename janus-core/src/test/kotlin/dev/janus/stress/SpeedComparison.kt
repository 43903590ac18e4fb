package dev.janus.stress

import dev.janus.JanusQueue
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.trySendBlocking
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import java.util.concurrent.ArrayBlockingQueue
import java.util.concurrent.BlockingQueue
import kotlin.concurrent.thread

/*
 * A first look at speed, not a test: what it costs to pass one element on, beside the ways in which threads and
 * coroutines are bridged today and beside the JDK's queue, all in one run, one after the other in each round.
 */

private const val ROUNDS = 9
private const val WARM_UP_ROUNDS = 2

/** One way of streaming [Int]s from one producer to one consumer. */
private class Bridge(val name: String, val stream: (count: Int) -> Unit)

fun main() {
    for (capacity in listOf(1, 64, 1024)) {
        val count = if (capacity == 1) 30_000 else 1_000_000
        println("capacity $capacity, median of ${ROUNDS - WARM_UP_ROUNDS} rounds (and the least), ns per element")
        val bridges = bridges(capacity)
        val nanos = bridges.associateWith { mutableListOf<Long>() }
        repeat(ROUNDS) { round ->
            for (bridge in bridges) {
                val start = System.nanoTime()
                bridge.stream(count)
                if (round >= WARM_UP_ROUNDS) {
                    nanos.getValue(bridge) += (System.nanoTime() - start) / count
                }
            }
        }
        for ((bridge, seen) in nanos) {
            val sorted = seen.sorted()
            println("%-48s %7d (%d)".format(bridge.name, sorted[sorted.size / 2], sorted.first()))
        }
    }
}

private fun bridges(capacity: Int): List<Bridge> = listOf(
    Bridge("thread to coroutine: Janus") { count ->
        val queue = JanusQueue.fifo<Int>(capacity)
        threadToCoroutine(count, queue.sync()::put) { queue.async().receive() }
    },
    Bridge("thread to coroutine: Channel, trySendBlocking") { count ->
        val channel = Channel<Int>(capacity)
        threadToCoroutine(count, { channel.trySendBlocking(it) }) { channel.receive() }
    },
    Bridge("thread to coroutine: Channel, runBlocking { send }") { count ->
        val channel = Channel<Int>(capacity)
        threadToCoroutine(count, { runBlocking { channel.send(it) } }) { channel.receive() }
    },
    Bridge("coroutine to thread: Janus") { count ->
        val queue = JanusQueue.fifo<Int>(capacity)
        coroutineToThread(count, { queue.async().send(it) }, queue.sync()::take)
    },
    Bridge("coroutine to thread: Channel, runBlocking { receive }") { count ->
        val channel = Channel<Int>(capacity)
        coroutineToThread(count, { channel.send(it) }) { runBlocking { channel.receive() } }
    },
    Bridge("thread to thread: Janus") { threadToThread(it, JanusQueue.fifo<Int>(capacity).sync()) },
    Bridge("thread to thread: ArrayBlockingQueue") { threadToThread(it, ArrayBlockingQueue(capacity)) },
)

private fun threadToCoroutine(count: Int, put: (Int) -> Unit, receive: suspend () -> Int) {
    val producer = thread { for (i in 0 until count) put(i) }
    runBlocking(Dispatchers.Default) { for (i in 0 until count) check(receive() == i) }
    producer.join()
}

private fun coroutineToThread(count: Int, send: suspend (Int) -> Unit, take: () -> Int) = runBlocking {
    coroutineScope {
        launch(Dispatchers.Default) { for (i in 0 until count) send(i) }
        for (i in 0 until count) check(take() == i)
    }
}

private fun threadToThread(count: Int, queue: BlockingQueue<Int>) {
    val producer = thread { for (i in 0 until count) queue.put(i) }
    for (i in 0 until count) check(queue.take() == i)
    producer.join()
}
