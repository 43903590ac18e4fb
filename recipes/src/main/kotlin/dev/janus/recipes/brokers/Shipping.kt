package dev.janus.recipes.brokers

import dev.janus.AsyncQueue
import dev.janus.Request
import dev.janus.kotlin.close
import dev.janus.kotlin.processAll
import dev.janus.recipes.artemis.workOn
import dev.janus.recipes.kafka.PartitionWorkers
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.launch
import org.apache.kafka.clients.consumer.Consumer
import kotlin.time.Duration.Companion.milliseconds

/** One worker, and three sources of orders for it. */
class Shipping(private val scope: CoroutineScope, private val ship: suspend (String) -> Unit) {
    /** From a queue in this process. */
    fun ofQueue(orders: AsyncQueue<String>) {
        // sample: begin
        scope.launch {
            orders.processAll(workers = 4, onFailure = { lease, _ -> lease.close(100.milliseconds) }) { ship(it) }
        }
        // sample: end
    }

    /** From Kafka. The consumer's thread calls `poll()` of what it returns. */
    fun ofKafka(consumer: Consumer<String, String>, topic: String): PartitionWorkers {
        // sample: begin
        val workers = PartitionWorkers(consumer, maxPollRecords = 500, scope) { record -> ship(record.value()) }
        consumer.subscribe(listOf(topic), workers)
        // sample: end
        return workers
    }

    /** From Artemis, or another JMS provider. Its sessions put the messages into the queue. */
    fun ofArtemis(messages: AsyncQueue<Request<String, Unit>>) {
        // sample: begin
        scope.launch { workOn(messages, workers = 4) { order -> ship(order) } }
        // sample: end
    }
}
