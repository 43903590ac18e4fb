package dev.janus.recipes.kafka

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancel
import org.apache.kafka.clients.consumer.CommitFailedException
import org.apache.kafka.clients.consumer.Consumer
import org.apache.kafka.clients.consumer.MockConsumer
import org.apache.kafka.clients.consumer.OffsetAndMetadata
import org.apache.kafka.common.TopicPartition
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** What a broker does only now and then. */
internal class PartitionWorkersTest {
    private val scope = CoroutineScope(Dispatchers.Default)

    @AfterEach
    fun end() = scope.cancel()

    /** A member was away for so long that the group has given its partitions to others, and hears of it by its commit. */
    @Test
    fun revoked_commitIsRefused_thePollLoopGoesOn() {
        var isRefused = false
        val consumer = object : Consumer<String, String> by MockConsumer("earliest") {
            override fun commitSync(offsets: Map<TopicPartition, OffsetAndMetadata>) {
                isRefused = true
                throw CommitFailedException()
            }
        }
        val workers = PartitionWorkers(consumer, maxPollRecords = 10, scope) {}
        val partition = listOf(TopicPartition("parcels", 0))
        workers.onPartitionsAssigned(partition)
        workers.onPartitionsRevoked(partition)
        assertTrue(isRefused)
        workers.onPartitionsAssigned(partition)
        workers.onPartitionsRevoked(partition)
    }
}
