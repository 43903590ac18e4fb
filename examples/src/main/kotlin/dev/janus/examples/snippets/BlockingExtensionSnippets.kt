@file:Suppress("unused", "UNUSED_VARIABLE", "UnusedVariable")

package dev.janus.examples.snippets

import dev.janus.BlockingChannel
import dev.janus.BlockingGuard
import dev.janus.JanusQueue
import dev.janus.QueueSelect
import dev.janus.examples.snippets.Shop.log
import dev.janus.examples.snippets.Shop.ship
import dev.janus.examples.snippets.Shop.shipAll
import dev.janus.kotlin.QueueOrder
import dev.janus.kotlin.asBlockingQueue
import dev.janus.kotlin.awaitTermination
import dev.janus.kotlin.collectInto
import dev.janus.kotlin.janusQueue
import dev.janus.kotlin.join
import dev.janus.kotlin.offer
import dev.janus.kotlin.poll
import dev.janus.kotlin.pollBatch
import dev.janus.kotlin.process
import dev.janus.kotlin.select
import dev.janus.kotlin.takeBatch
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.BufferOverflow
import kotlinx.coroutines.channels.ReceiveChannel
import kotlinx.coroutines.channels.SendChannel
import kotlinx.coroutines.flow.Flow
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

// The samples of the other extensions: making queues, blocking calls, flows.

private fun queues() {
    // sample: begin
    val lines = janusQueue<String>(capacity = 64)
    val orders = janusQueue(capacity = 64, order = QueueOrder.priority(compareBy(Order::deadline)))
    val readings = janusQueue<Int>(capacity = 16, onBufferOverflow = BufferOverflow.DROP_OLDEST, onDropped = ::log)
    val frames = janusQueue<Order>(capacity = 2, boundTo = Dispatchers.Main) { blockingGuard(BlockingGuard.allow()) }
    // sample: end
}

private fun fifo() {
    // sample: begin
    val oldestFirst = janusQueue(capacity = 64, order = QueueOrder.fifo<Order>())
    // sample: end
}

private fun lifo() {
    // sample: begin
    val newestFirst = janusQueue(capacity = 64, order = QueueOrder.lifo<Order>())
    // sample: end
}

private fun priority() {
    // sample: begin
    val leastFirst = janusQueue(capacity = 64, order = QueueOrder.priority<Int>())
    // sample: end
}

private fun priorityByComparator() {
    // sample: begin
    val greatestFirst = janusQueue(capacity = 64, order = QueueOrder.priority<Int>(compareByDescending { it }))
    // sample: end
}

private fun timedOffer(orders: JanusQueue<Order>, order: Order) {
    // sample: begin
    if (!orders.sync().offer(order, 100.milliseconds)) log("no room for $order")
    // sample: end
}

private fun timedPoll(orders: JanusQueue<Order>) {
    // sample: begin
    orders.sync().poll(100.milliseconds)?.let { order -> ship(order) }
    // sample: end
}

private fun timedJoin(orders: JanusQueue<Order>) {
    // sample: begin
    if (!orders.sync().join(10.seconds)) log("${orders.unfinishedTasks()} orders are not done")
    // sample: end
}

private fun timedAwaitTermination(orders: JanusQueue<Order>) {
    // sample: begin
    orders.shutdown()
    if (!orders.sync().awaitTermination(10.seconds)) log("${orders.size()} orders are not taken")
    // sample: end
}

private fun process(orders: JanusQueue<Order>) {
    // sample: begin
    orders.sync().process { order -> ship(order) }
    // sample: end
}

private fun select(orders: JanusQueue<Order>, names: JanusQueue<String>) {
    // sample: begin
    val what = QueueSelect.first(orders) { "order $it" }.or(names) { "name $it" }.select(100.milliseconds)
    // sample: end
}

private fun offerToChannel(channel: SendChannel<Order>, order: Order) {
    // sample: begin
    val sent = BlockingChannel.of(channel).offer(order, 100.milliseconds)
    // sample: end
}

private fun pollFromChannel(channel: ReceiveChannel<Order>) {
    // sample: begin
    val order = BlockingChannel.of(channel).poll(100.milliseconds)
    // sample: end
}

private suspend fun collectInto(mail: Flow<Order>, orders: JanusQueue<Order>) {
    // sample: begin
    mail.collectInto(orders.async())
    // sample: end
}

private fun asBlockingQueue(mail: Flow<Order>, scope: CoroutineScope) {
    // sample: begin
    for (order in mail.asBlockingQueue(scope, capacity = 64).untilShutdown()) ship(order)
    // sample: end
}

private fun gatheredBatch(orders: JanusQueue<Order>) {
    // sample: begin
    shipAll(orders.sync().takeBatch(100, 50.milliseconds)) // waits 50 ms for more than one
    // sample: end
}

private fun timedBatch(orders: JanusQueue<Order>) {
    // sample: begin
    val batch = orders.sync().pollBatch(100, 1.seconds)
    if (batch.isEmpty()) log("no order came")
    // sample: end
}
