@file:JvmName("Program")

package dev.janus.android

import dev.janus.BlockingChannel
import dev.janus.QueueSelect
import dev.janus.QueueShutdownException
import dev.janus.kotlin.QueueOrder
import dev.janus.kotlin.asFlow
import dev.janus.kotlin.collectInto
import dev.janus.kotlin.iterator
import dev.janus.kotlin.janusQueue
import dev.janus.kotlin.process
import dev.janus.kotlin.receive
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.channels.BufferOverflow
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.selects.select
import kotlinx.coroutines.withContext
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executors
import kotlin.concurrent.thread
import kotlin.time.Duration.Companion.milliseconds

private const val COUNT = 1_000

/** Uses the queue in many ways and prints what came of each. The shrinkers are tried on it. */
suspend fun main() {
    println("thread to coroutine: ${threadToCoroutine()}")
    println("coroutine to thread: ${coroutineToThread()}")
    println("timeout: ${janusQueue<Int>(1).async().receive(1.milliseconds)}")
    println("select in a coroutine: ${selectInCoroutine()}")
    println("select in a thread: ${selectInThread()}")
    println("returned after a failure: ${returnedAfterFailure()}")
    println("future: ${future()}")
    println("subscription: ${subscription()}")
    println("priority: ${priority()}")
    println("dropped, received: ${dropOldest()}")
    println("flow: ${flow()}")
    println("channel: ${channel()}")
    println("cause of the shutdown: ${causeOfShutdown()}")
    println("on the loop: ${onTheLoop()}")
}

private suspend fun threadToCoroutine(): Int {
    val queue = janusQueue<Int>(capacity = 2)
    thread {
        queue.sync().putAll((1..COUNT).toList())
        queue.shutdown()
    }
    var sum = 0
    for (element in queue.async()) sum += element
    return sum
}

private suspend fun coroutineToThread(): Int = coroutineScope {
    val queue = janusQueue<Int>(capacity = 0)
    launch {
        queue.async().sendAll((1..COUNT).toList())
        queue.shutdown()
    }
    withContext(Dispatchers.IO) { queue.sync().untilShutdown().sum() }
}

private suspend fun selectInCoroutine(): String = coroutineScope {
    val numbers = janusQueue<Int>(capacity = 1)
    val words = janusQueue<String>(capacity = 1)
    launch { words.async().send("a word") }
    select {
        numbers.async().onReceive { "$it" }
        words.async().onReceive { it }
    }
}

private fun selectInThread(): String {
    val numbers = janusQueue<Int>(capacity = 1)
    val words = janusQueue<String>(capacity = 1)
    thread { numbers.sync().put(5) }
    return QueueSelect.first(words) { it }.or(numbers) { "$it" }.select()
}

private suspend fun returnedAfterFailure(): Int {
    val queue = janusQueue<Int>(capacity = 1)
    queue.async().send(6)
    runCatching { queue.async().process<Int, Unit> { error("the work fails") } }
    return queue.async().receive()
}

private fun future(): Int {
    val queue = janusQueue<Int>(capacity = 1)
    val received = queue.async().receiveAsync()
    queue.async().sendAsync(7).get()
    return received.get()
}

private fun subscription(): List<Int> {
    val queue = janusQueue<Int>(capacity = 1)
    val seen = ArrayList<Int>()
    val end = CompletableFuture<Throwable?>()
    queue.async().subscribe(seen::add, end::complete)
    queue.sync().putAll(listOf(1, 2, 3))
    queue.shutdown()
    end.get()
    return seen
}

private suspend fun priority(): List<Int> {
    val queue = janusQueue(capacity = 3, order = QueueOrder.priority<Int>())
    queue.async().sendAll(listOf(3, 1, 2))
    return queue.async().receiveBatch(3)
}

private suspend fun dropOldest(): List<Int> {
    val seen = ArrayList<Int>()
    val latest = janusQueue<Int>(capacity = 1, onBufferOverflow = BufferOverflow.DROP_OLDEST, onDropped = seen::add)
    listOf(1, 2, 3).forEach(latest.async()::trySend)
    return seen + latest.async().receive()
}

private suspend fun flow(): List<Int> = coroutineScope {
    val queue = janusQueue<Int>(capacity = 1)
    launch {
        (1..3).asFlow().collectInto(queue.async())
        queue.shutdown()
    }
    queue.async().asFlow().toList()
}

private fun channel(): List<Int> {
    val channel = Channel<Int>()
    val blocking = BlockingChannel.of(channel)
    thread {
        (1..3).forEach(blocking::put)
        blocking.close()
    }
    return blocking.toList()
}

private suspend fun causeOfShutdown(): String? {
    val queue = janusQueue<Int>(capacity = 1)
    queue.shutdown(IllegalArgumentException("closed early"))
    return try {
        "received ${queue.async().receive()}"
    } catch (e: QueueShutdownException) {
        e.cause?.message
    }
}

private suspend fun onTheLoop(): String = Executors.newSingleThreadExecutor().asCoroutineDispatcher().use { loop ->
    val queue = janusQueue<Int>(capacity = 1, boundTo = loop)
    withContext(loop) {
        queue.async().send(8)
        val received = queue.async().receive()
        val take = runCatching { queue.sync().take() }
        "received $received, ${if (take.exceptionOrNull() is IllegalStateException) "take refused" else "$take"}"
    }
}
