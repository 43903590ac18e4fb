@file:Suppress("unused", "UNUSED_VARIABLE", "UnusedVariable")

package dev.janus.examples.snippets

import dev.janus.AsyncQueue
import dev.janus.JanusQueue
import dev.janus.examples.snippets.Shop.log
import dev.janus.examples.snippets.Shop.morningMail
import dev.janus.examples.snippets.Shop.ship
import dev.janus.kotlin.iterator
import dev.janus.kotlin.janusQueue
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.channels.BufferOverflow
import kotlinx.coroutines.launch
import kotlinx.coroutines.selects.onTimeout
import kotlinx.coroutines.selects.select
import kotlin.concurrent.thread
import kotlin.time.Duration.Companion.seconds

// The samples of the guide that combine several calls.

@OptIn(ExperimentalCoroutinesApi::class)
private suspend fun selectWithTimeout(orders: JanusQueue<Order>) {
    // sample: begin
    select {
        orders.async().onReceive { order -> ship(order) }
        onTimeout(10.seconds) { log("no order came") }
    }
    // sample: end
}

private fun warningGuard(loop: CoroutineDispatcher) {
    // sample: begin
    val orders = janusQueue<Order>(capacity = 64, boundTo = loop) {
        blockingGuard { call -> log("the loop is blocked: $call") } // logs, and lets the call wait
    }
    // sample: end
}

private fun workerToMain(mainScope: CoroutineScope) {
    // sample: begin
    val orders = janusQueue<Order>(capacity = 64, boundTo = Dispatchers.Main)
    thread {
        orders.sync().putAll(morningMail()) // blocks this thread while the queue is full
        orders.shutdown()
    }
    mainScope.launch {
        for (order in orders.async()) ship(order) // suspends on the main thread
    }
    // sample: end
}

private fun mainToWorker(order: Order) {
    // sample: begin
    val clicks = janusQueue<Order>(capacity = 16, onBufferOverflow = BufferOverflow.DROP_OLDEST)
    clicks.async().trySend(order) // never waits, so it is safe on the main thread
    // sample: end
}

// sample: begin

/** Passes each element to all readers. Each has a queue of its own, whose overflow decides what happens if it is slow. */
suspend fun <E : Any> fanOut(elements: AsyncQueue<E>, readers: List<JanusQueue<E>>) {
    try {
        for (element in elements) {
            readers.forEach { it.async().send(element) }
        }
    } finally {
        readers.forEach { it.shutdown() }
    }
}
// sample: end
