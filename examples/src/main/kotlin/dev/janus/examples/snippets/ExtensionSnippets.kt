@file:Suppress("unused", "UNUSED_VARIABLE", "UnusedVariable")

package dev.janus.examples.snippets

import dev.janus.JanusQueue
import dev.janus.examples.snippets.Shop.log
import dev.janus.examples.snippets.Shop.ship
import dev.janus.examples.snippets.Shop.shipAll
import dev.janus.kotlin.asFlow
import dev.janus.kotlin.iterator
import dev.janus.kotlin.process
import dev.janus.kotlin.receive
import dev.janus.kotlin.receiveBatch
import dev.janus.kotlin.receiveCatching
import dev.janus.kotlin.receiveOrNull
import dev.janus.kotlin.send
import kotlinx.coroutines.channels.onClosed
import kotlinx.coroutines.channels.onSuccess
import kotlin.time.Duration.Companion.milliseconds

// The samples of the extensions of the async face.

private suspend fun timedSend(orders: JanusQueue<Order>, order: Order) {
    // sample: begin
    if (!orders.async().send(order, 100.milliseconds)) log("no room for $order")
    // sample: end
}

private suspend fun timedReceive(orders: JanusQueue<Order>) {
    // sample: begin
    val order = orders.async().receive(100.milliseconds)
    if (order == null) log("no order came") else ship(order)
    // sample: end
}

private suspend fun gatheredBatch(orders: JanusQueue<Order>) {
    // sample: begin
    shipAll(orders.async().receiveBatch(100, 50.milliseconds)) // waits 50 ms for more than one
    // sample: end
}

private suspend fun receiveOrNull(orders: JanusQueue<Order>) {
    // sample: begin
    while (true) {
        val order = orders.async().receiveOrNull() ?: break
        ship(order)
    }
    // sample: end
}

private suspend fun receiveCatching(orders: JanusQueue<Order>) {
    // sample: begin
    orders.async().receiveCatching()
        .onSuccess { order -> ship(order) }
        .onClosed { cause -> log("no more orders: $cause") }
    // sample: end
}

private suspend fun process(orders: JanusQueue<Order>) {
    // sample: begin
    orders.async().process { order -> ship(order) }
    // sample: end
}

private suspend fun loop(orders: JanusQueue<Order>) {
    // sample: begin
    for (order in orders.async()) {
        ship(order)
    }
    // sample: end
}

private suspend fun iterator(orders: JanusQueue<Order>) {
    // sample: begin
    val iterator = orders.async().iterator()
    while (iterator.hasNext()) {
        ship(iterator.next())
    }
    // sample: end
}

private suspend fun asFlow(orders: JanusQueue<Order>) {
    // sample: begin
    orders.async().asFlow().collect { order -> ship(order) }
    // sample: end
}
