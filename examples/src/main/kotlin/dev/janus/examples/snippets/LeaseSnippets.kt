package dev.janus.examples.snippets

import dev.janus.JanusQueue
import dev.janus.examples.snippets.Shop.log
import dev.janus.examples.snippets.Shop.ship
import dev.janus.examples.snippets.Shop.shipAll
import dev.janus.kotlin.close
import dev.janus.kotlin.pollLease
import dev.janus.kotlin.processAll
import dev.janus.kotlin.receiveLease
import dev.janus.kotlin.receiveLeaseBatch
import dev.janus.kotlin.takeLeaseBatch
import java.util.concurrent.TimeUnit.MILLISECONDS
import java.util.concurrent.TimeUnit.SECONDS
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/*
 * Leases, as the documentation shows them.
 */

private suspend fun receiveInUnits(orders: JanusQueue<Order>) {
    // sample: begin
    orders.async().receiveLease(1, SECONDS)?.use { lease ->
        ship(lease.element())
        lease.done()
    }
    // sample: end
}

private fun tryReceive(orders: JanusQueue<Order>) {
    // sample: begin
    orders.async().tryReceiveLease()?.use { lease ->
        ship(lease.element())
        lease.done()
    }
    // sample: end
}

private suspend fun receiveInTime(orders: JanusQueue<Order>) {
    // sample: begin
    orders.async().receiveLease(100.milliseconds)?.use { lease ->
        ship(lease.element())
        lease.done()
    }
    // sample: end
}

private suspend fun batch(orders: JanusQueue<Order>) {
    // sample: begin
    orders.async().receiveLeaseBatch(100).use { batch ->
        shipAll(batch.elements()) // if this throws, all orders go back to the head of the queue
        batch.done()
    }
    // sample: end
}

private suspend fun batchInUnits(orders: JanusQueue<Order>) {
    // sample: begin
    orders.async().receiveLeaseBatch(100, 50, MILLISECONDS).use { batch ->
        shipAll(batch.elements())
        batch.done()
    }
    // sample: end
}

private suspend fun batchInTime(orders: JanusQueue<Order>) {
    // sample: begin
    orders.async().receiveLeaseBatch(100, 50.milliseconds).use { batch ->
        shipAll(batch.elements()) // if this throws, all orders go back to the head of the queue
        batch.done()
    }
    // sample: end
}

private fun pollInTime(orders: JanusQueue<Order>) {
    // sample: begin
    orders.sync().pollLease(100.milliseconds)?.use { lease ->
        ship(lease.element())
        lease.done()
    }
    // sample: end
}

private fun takeBatchInTime(orders: JanusQueue<Order>) {
    // sample: begin
    orders.sync().takeLeaseBatch(100, 50.milliseconds).use { batch ->
        shipAll(batch.elements()) // if this throws, all orders go back to the head of the queue
        batch.done()
    }
    // sample: end
}

private suspend fun later(orders: JanusQueue<Order>) {
    // sample: begin
    orders.async().receiveLease().use { lease ->
        try {
            ship(lease.element())
            lease.done()
        } catch (e: IllegalStateException) {
            lease.close(10.seconds * lease.attempts()) // is tried again later, and waits longer each time
        }
    }
    // sample: end
}

private suspend fun processAll(orders: JanusQueue<Order>) {
    // sample: begin
    orders.async().processAll(workers = 4, onFailure = { lease, failure ->
        log("${lease.element()} failed: $failure")
        lease.close(10.seconds)
    }) { order ->
        ship(order)
    }
    // sample: end
}
