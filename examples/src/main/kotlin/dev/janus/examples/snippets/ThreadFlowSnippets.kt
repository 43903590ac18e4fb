@file:Suppress("unused")

package dev.janus.examples.snippets

import dev.janus.SyncQueue
import dev.janus.examples.snippets.Shop.log
import dev.janus.kotlin.BlockingProducer
import dev.janus.kotlin.threadFlow
import kotlinx.coroutines.flow.take
import java.sql.ResultSet

// The samples of flows whose producer blocks.

private suspend fun linesOf(process: Process) {
    // sample: begin
    val lines = threadFlow<String>(onCancel = { process.destroy() }) {
        process.inputStream.bufferedReader().forEachLine { put(it) }
    }
    lines.take(10).collect { line -> log(line) }
    // sample: end
}

// sample: begin
private class OrdersOf(private val rows: ResultSet) : BlockingProducer<Order> {
    override fun SyncQueue<Order>.produce() {
        while (rows.next()) put(Order(rows.getInt("deadline")))
    }
}
// sample: end
