package dev.janus.recipes.kafka

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.launch
import org.apache.kafka.clients.consumer.Consumer
import org.apache.kafka.clients.consumer.ConsumerRecord
import java.time.Duration

/**
 * What people write today: the consumer commits by itself what was polled. What is in the channel when the process dies
 * is lost.
 */
class AutoCommit(
    private val consumer: Consumer<String, String>, // with enable.auto.commit, as by default
    scope: CoroutineScope,
    workers: Int,
    work: suspend (ConsumerRecord<String, String>) -> Unit,
) {
    // sample: begin
    private val records = Channel<ConsumerRecord<String, String>>(Channel.UNLIMITED)

    fun poll() {
        consumer.poll(Duration.ofMillis(50)).forEach { records.trySend(it) }
    }
    // sample: end

    init {
        repeat(workers) { scope.launch { for (record in records) work(record) } }
    }
}
