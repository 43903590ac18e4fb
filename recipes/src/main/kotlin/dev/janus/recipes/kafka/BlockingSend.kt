package dev.janus.recipes.kafka

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.apache.kafka.clients.consumer.Consumer
import org.apache.kafka.clients.consumer.ConsumerRecord
import java.time.Duration

/**
 * What people write today: the poll loop blocks while the channel is full. If that takes longer than the consumer's
 * `max.poll.interval.ms`, the group takes its partitions away, and refuses what it commits.
 */
class BlockingSend(
    private val consumer: Consumer<String, String>,
    scope: CoroutineScope,
    workers: Int,
    work: suspend (ConsumerRecord<String, String>) -> Unit,
) {
    // sample: begin
    private val records = Channel<ConsumerRecord<String, String>>(capacity = 16)

    fun poll() {
        consumer.poll(Duration.ofMillis(50)).forEach { record -> runBlocking { records.send(record) } }
        consumer.commitAsync()
    }
    // sample: end

    init {
        repeat(workers) { scope.launch { for (record in records) work(record) } }
    }
}
