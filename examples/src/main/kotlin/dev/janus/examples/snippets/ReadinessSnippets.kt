package dev.janus.examples.snippets

import dev.janus.JanusQueue
import dev.janus.examples.snippets.Shop.nextOrder
import dev.janus.examples.snippets.Shop.shipAll
import dev.janus.kotlin.awaitNotEmpty
import dev.janus.kotlin.reserve
import java.util.concurrent.TimeUnit.SECONDS
import kotlin.time.Duration.Companion.seconds

/*
 * Permits and readiness, as the documentation shows them.
 */

private fun openWarehouse() = Unit

private suspend fun reserve(orders: JanusQueue<Order>) {
    // sample: begin
    val permit = orders.async().reserve() // suspends for room
    permit.use { it.put(nextOrder()) } // does not suspend; if nextOrder() throws, the next in line gets the room
    // sample: end
}

private suspend fun reserveInUnits(orders: JanusQueue<Order>) {
    // sample: begin
    orders.async().reserve(1, SECONDS)?.use { permit -> permit.put(nextOrder()) }
    // sample: end
}

private suspend fun reserveInTime(orders: JanusQueue<Order>) {
    // sample: begin
    orders.async().reserve(1.seconds)?.use { permit -> permit.put(nextOrder()) }
    // sample: end
}

private fun tryReserve(orders: JanusQueue<Order>) {
    // sample: begin
    orders.async().tryReserve()?.use { permit -> permit.put(nextOrder()) }
    // sample: end
}

private fun reserveBlocking(orders: JanusQueue<Order>) {
    // sample: begin
    orders.sync().reserve(1.seconds)?.use { permit -> permit.put(nextOrder()) }
    // sample: end
}

private suspend fun await(orders: JanusQueue<Order>) {
    // sample: begin
    orders.async().awaitNotEmpty()
    openWarehouse() // not before there is an order
    shipAll(orders.async().tryReceiveBatch(100))
    // sample: end
}

private fun awaitBlocking(orders: JanusQueue<Order>) {
    // sample: begin
    if (orders.sync().awaitNotEmpty(1.seconds)) openWarehouse()
    // sample: end
}
