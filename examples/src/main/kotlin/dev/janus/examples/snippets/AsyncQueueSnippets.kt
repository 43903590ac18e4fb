@file:Suppress("unused", "UNUSED_VARIABLE", "UnusedVariable")

package dev.janus.examples.snippets

import dev.janus.AsyncQueue
import dev.janus.JanusQueue
import dev.janus.examples.snippets.Shop.cancel
import dev.janus.examples.snippets.Shop.keepForLater
import dev.janus.examples.snippets.Shop.log
import dev.janus.examples.snippets.Shop.morningMail
import dev.janus.examples.snippets.Shop.ship
import dev.janus.examples.snippets.Shop.shipAll
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.channels.ReceiveChannel
import kotlinx.coroutines.channels.SendChannel
import kotlinx.coroutines.channels.onClosed
import kotlinx.coroutines.channels.onFailure
import kotlinx.coroutines.channels.onSuccess
import kotlinx.coroutines.future.await
import kotlinx.coroutines.future.future
import kotlinx.coroutines.selects.select
import java.util.concurrent.TimeUnit.MILLISECONDS

// The samples of the async face, in Kotlin without the extensions.

private suspend fun sendAndReceive(orders: JanusQueue<Order>, order: Order) {
    // sample: begin
    orders.async().send(order) // suspends for room
    ship(orders.async().receive()) // suspends for an order
    orders.async().taskDone()
    // sample: end
}

private suspend fun withTimeOut(orders: JanusQueue<Order>, order: Order) {
    // sample: begin
    if (!orders.async().send(order, 100, MILLISECONDS)) log("no room for $order")
    val next = orders.async().receive(100, MILLISECONDS) ?: log("no order came")
    // sample: end
}

private fun faceAlone(face: AsyncQueue<Order>) {
    // sample: begin
    if (!face.isShutdown() && face.stats().size() < face.capacity()) log("there is room in ${face.queue()}")
    face.shutdown() // on both faces
    // sample: end
}

private fun asSendChannel(orders: JanusQueue<Order>, order: Order) {
    // sample: begin
    val channel: SendChannel<Order> = orders.async().asSendChannel()
    channel.trySend(order).onFailure { log("no room for $order") }
    // sample: end
}

private suspend fun asReceiveChannel(orders: JanusQueue<Order>) {
    // sample: begin
    val channel: ReceiveChannel<Order> = orders.async().asReceiveChannel()
    for (order in channel) ship(order)
    // sample: end
}

private fun trySend(orders: JanusQueue<Order>, order: Order) {
    // sample: begin
    if (!orders.async().trySend(order)) log("no room for $order")
    // sample: end
}

private fun tryReceive(orders: JanusQueue<Order>) {
    // sample: begin
    orders.async().tryReceive()?.let { order -> ship(order) }
    // sample: end
}

private suspend fun sendAll(orders: JanusQueue<Order>) {
    // sample: begin
    orders.async().sendAll(morningMail()) // suspends for room as often as needed
    // sample: end
}

private suspend fun receiveBatch(orders: JanusQueue<Order>) {
    // sample: begin
    shipAll(orders.async().receiveBatch(100)) // suspends for one order, and takes up to 99 more
    // sample: end
}

private suspend fun gatheredBatch(orders: JanusQueue<Order>) {
    // sample: begin
    shipAll(orders.async().receiveBatch(100, 50, MILLISECONDS)) // waits 50 ms for more than one
    // sample: end
}

private fun tryReceiveBatch(orders: JanusQueue<Order>) {
    // sample: begin
    shipAll(orders.async().tryReceiveBatch(100)) // perhaps none
    // sample: end
}

private fun trySendAll(orders: JanusQueue<Order>) {
    // sample: begin
    val mail = morningMail()
    val added = orders.async().trySendAll(mail)
    keepForLater(mail.drop(added))
    // sample: end
}

private suspend fun end(orders: JanusQueue<Order>) {
    // sample: begin
    orders.async().join() // until all orders that were sent are marked as done
    orders.shutdown()
    orders.async().awaitTermination() // until nothing is left
    // sample: end
}

private suspend fun futures(orders: JanusQueue<Order>, order: Order, scope: CoroutineScope) {
    // sample: begin
    orders.async().sendAsync(order).await() // suspends until the order is in the queue
    ship(orders.async().receiveAsync().await()) // suspends for an order
    val shipped = scope.future { ship(orders.async().receive()) } // a CompletableFuture, for Java code
    // sample: end
}

private suspend fun lease(orders: JanusQueue<Order>) {
    // sample: begin
    orders.async().receiveLease().use { lease ->
        ship(lease.element()) // if this throws, the order goes back to the head of the queue
        lease.done()
    }
    // sample: end
}

private suspend fun selectReceive(orders: JanusQueue<Order>, cancellations: JanusQueue<Order>) {
    // sample: begin
    select {
        cancellations.async().onReceive { order -> cancel(order) }
        orders.async().onReceive { order -> ship(order) }
    }
    // sample: end
}

private suspend fun selectCatching(orders: JanusQueue<Order>) {
    // sample: begin
    select {
        orders.async().onReceiveCatching { order ->
            order.onSuccess { ship(it) }.onClosed { cause -> log("no more orders: $cause") }
        }
    }
    // sample: end
}

private suspend fun selectSend(here: JanusQueue<Order>, there: JanusQueue<Order>, order: Order) {
    // sample: begin
    select {
        here.async().onSend(order) { log("sent here") }
        there.async().onSend(order) { log("sent there") }
    }
    // sample: end
}
