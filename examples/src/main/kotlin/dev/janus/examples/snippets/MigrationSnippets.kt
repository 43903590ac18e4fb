@file:Suppress("unused", "UNUSED_VARIABLE", "UnusedVariable")

package dev.janus.examples.snippets

import dev.janus.BlockingChannel
import dev.janus.JanusQueue
import dev.janus.QueueShutdownException
import dev.janus.examples.snippets.Shop.log
import dev.janus.examples.snippets.Shop.ship
import dev.janus.kotlin.iterator
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.SendChannel
import kotlinx.coroutines.channels.onFailure
import kotlinx.coroutines.channels.trySendBlocking
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.runInterruptible
import kotlinx.coroutines.withTimeoutOrNull
import java.util.concurrent.BlockingQueue
import kotlin.time.Duration.Companion.milliseconds

// The samples of the guide about code that does without Janus, and what replaces it.

private fun runBlockingBefore(channel: Channel<Order>, order: Order) {
    // sample: begin
    runBlocking { channel.send(order) }
    // sample: end
}

private fun runBlockingAfter(orders: JanusQueue<Order>, order: Order) {
    // sample: begin
    orders.sync().put(order) // blocks this thread while the queue is full
    // sample: end
}

private fun trySendBlockingBefore(channel: SendChannel<Order>, order: Order) {
    // sample: begin
    channel.trySendBlocking(order).onFailure { cause -> log("no more orders: $cause") }
    // sample: end
}

private fun trySendBlockingAfter(orders: JanusQueue<Order>, order: Order) {
    // sample: begin
    try {
        orders.sync().put(order)
    } catch (e: QueueShutdownException) {
        log("no more orders: ${e.cause}")
    }
    // sample: end
}

private fun trySendBlockingToChannel(channel: SendChannel<Order>, order: Order) {
    // sample: begin
    try {
        BlockingChannel.of(channel).put(order)
    } catch (e: QueueShutdownException) {
        log("no more orders: ${e.cause}")
    }
    // sample: end
}

private suspend fun runInterruptibleBefore(queue: BlockingQueue<Order>) {
    // sample: begin
    val order = runInterruptible(Dispatchers.IO) { queue.take() } // a thread waits
    // sample: end
}

private suspend fun runInterruptibleAfter(orders: JanusQueue<Order>) {
    // sample: begin
    val order = orders.async().receive() // suspends, and no thread waits
    // sample: end
}

private suspend fun timeoutBefore(channel: Channel<Order>) {
    // sample: begin
    val order = withTimeoutOrNull(100.milliseconds) { channel.receive() } // may lose an order
    // sample: end
}

private fun consumerBefore(scope: CoroutineScope, channel: Channel<Order>) {
    // sample: begin
    val worker = scope.launch {
        for (order in channel) ship(order)
    }
    worker.cancel() // may lose an order that the channel has already handed to the worker
    // sample: end
}

private fun consumerAfter(scope: CoroutineScope, orders: JanusQueue<Order>) {
    // sample: begin
    val worker = scope.launch {
        for (order in orders.async()) ship(order)
    }
    worker.cancel() // an order reserved for the worker goes to the next receiver
    // sample: end
}
