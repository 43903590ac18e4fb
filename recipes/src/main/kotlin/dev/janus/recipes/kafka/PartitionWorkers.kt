package dev.janus.recipes.kafka

import dev.janus.kotlin.janusQueue
import dev.janus.kotlin.join
import dev.janus.kotlin.processAll
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import org.apache.kafka.clients.consumer.CommitFailedException
import org.apache.kafka.clients.consumer.Consumer
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener
import org.apache.kafka.clients.consumer.ConsumerRecord
import org.apache.kafka.clients.consumer.OffsetAndMetadata
import org.apache.kafka.common.TopicPartition
import java.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/**
 * Works on the records of a consumer in coroutines. Each partition has a queue and a coroutine of its own, so its
 * records are done in order. Commits only what is done. All functions are called by the one thread that has the
 * [consumer].
 *
 * @param maxPollRecords the `max.poll.records` of the consumer
 * @param work if it throws, the record is tried again
 */
class PartitionWorkers(
    private val consumer: Consumer<String, String>,
    private val maxPollRecords: Int,
    private val scope: CoroutineScope,
    private val work: suspend (ConsumerRecord<String, String>) -> Unit,
) : ConsumerRebalanceListener {
    private val partitions = HashMap<TopicPartition, Partition>()

    /** Polls once. Never waits for the coroutines: a partition is paused before its queue is full. */
    // sample: begin
    fun poll() {
        val polled = consumer.poll(Duration.ofMillis(50))
        polled.partitions().forEach { partitions.getValue(it).records.sync().addAll(polled.records(it)) } // never full
        val full = partitions.filterValues { it.records.sync().remainingCapacity() < maxPollRecords }.keys
        consumer.pause(full)
        consumer.resume(partitions.keys - full)
        consumer.commitAsync(done(), null)
    }
    // sample: end

    // sample: begin
    private inner class Partition {
        val records = janusQueue<ConsumerRecord<String, String>>(capacity = 2 * maxPollRecords)

        @Volatile
        var done: OffsetAndMetadata? = null // what to commit

        val worker = scope.launch {
            records.async().processAll(workers = 1, onFailure = { _, _ -> delay(100.milliseconds) }) { record ->
                work(record) // if this throws, the record is the next one again, after the delay
                done = OffsetAndMetadata(record.offset() + 1)
            }
        }
    }
    // sample: end

    private fun done(): Map<TopicPartition, OffsetAndMetadata> = buildMap {
        partitions.forEach { (key, partition) -> partition.done?.let { put(key, it) } }
    }

    override fun onPartitionsAssigned(assigned: Collection<TopicPartition>) {
        assigned.forEach { partitions[it] = Partition() }
    }

    // sample: begin
    override fun onPartitionsRevoked(revoked: Collection<TopicPartition>) {
        for (partition in revoked.map { partitions.getValue(it) }) {
            partition.records.sync().clear() // their next owner polls them again
            partition.records.sync().join(5.seconds) // until the record in work is done
            partition.worker.cancel()
        }
        try {
            consumer.commitSync(done())
        } catch (_: CommitFailedException) {
            // this member was away for too long: others have the partitions already, and do these records again
        }
        partitions -= revoked.toSet()
    }
    // sample: end

    override fun onPartitionsLost(lost: Collection<TopicPartition>) {
        lost.forEach { partitions.remove(it)?.worker?.cancel() }
    }
}
