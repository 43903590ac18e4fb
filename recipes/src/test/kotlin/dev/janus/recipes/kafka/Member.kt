package dev.janus.recipes.kafka

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancel
import org.apache.kafka.clients.consumer.Consumer
import org.apache.kafka.clients.consumer.ConsumerRecord
import org.apache.kafka.clients.consumer.ConsumerRecords
import org.apache.kafka.clients.consumer.KafkaConsumer
import org.apache.kafka.common.serialization.StringDeserializer
import java.time.Duration
import java.util.concurrent.ConcurrentLinkedQueue
import kotlin.concurrent.thread

internal typealias Work = suspend (ConsumerRecord<String, String>) -> Unit

/** A way to pass records from a poll loop to coroutines. */
internal enum class Way(val settings: Map<String, Any>) {
    JANUS(mapOf("enable.auto.commit" to false)),
    AUTO_COMMIT(mapOf("enable.auto.commit" to true, "auto.commit.interval.ms" to 100)),
    BLOCKING_SEND(mapOf("enable.auto.commit" to false)),
    ;

    /** Subscribes the consumer to the topic. Returns what the consumer's thread calls again and again. */
    fun subscribe(consumer: Consumer<String, String>, topic: String, scope: CoroutineScope, work: Work): () -> Unit {
        if (this == JANUS) {
            val workers = PartitionWorkers(consumer, MAX_POLL_RECORDS, scope, work)
            consumer.subscribe(listOf(topic), workers)
            return workers::poll
        }
        consumer.subscribe(listOf(topic))
        return if (this == AUTO_COMMIT) {
            AutoCommit(consumer, scope, PARTITIONS, work)::poll
        } else {
            BlockingSend(consumer, scope, PARTITIONS, work)::poll
        }
    }

    companion object {
        const val PARTITIONS = 4
        const val MAX_POLL_RECORDS = 100
    }
}

/** A member of the consumer group of a topic: its poll loop, in a thread, and its coroutines. */
internal class Member(
    way: Way,
    address: String,
    private val topic: String,
    settings: Map<String, Any> = emptyMap(),
    work: Work,
) : AutoCloseable {
    private val consumer = CountingConsumer(
        KafkaConsumer(
            SETTINGS + mapOf("bootstrap.servers" to address, "group.id" to topic) + way.settings + settings,
            StringDeserializer(),
            StringDeserializer(),
        ),
    )
    private val scope = CoroutineScope(Dispatchers.Default)

    /** The records that are done, in this order. */
    val done = ConcurrentLinkedQueue<ConsumerRecord<String, String>>()

    /** How often the group has given it partitions. */
    val rebalances: Int
        get() {
            val total = consumer.metrics().values.single { it.metricName().name() == "rebalance-total" }
            return (total.metricValue() as Double).toInt()
        }

    /** How many records were polled and are not done. It includes those that were left to another member. */
    val backlog
        get() = consumer.polled - done.size

    /** Whether it fetches nothing, as all of its partitions are paused. */
    @Volatile
    var isPaused = false
        private set

    @Volatile
    private var isOpen = true

    private val polling = thread(name = "poll loop of $topic") {
        consumer.use {
            val poll = way.subscribe(consumer, topic, scope) {
                work(it)
                done += it
            }
            while (isOpen) {
                poll()
                isPaused = consumer.paused().size == Way.PARTITIONS
            }
        }
    }

    override fun close() {
        isOpen = false
        polling.join()
        scope.cancel()
    }

    private class CountingConsumer(private val consumer: Consumer<String, String>) :
        Consumer<String, String> by consumer {
        /** Written by the thread that polls. */
        @Volatile
        var polled = 0
            private set

        override fun poll(timeout: Duration): ConsumerRecords<String, String> =
            consumer.poll(timeout).also { polled += it.count() }
    }

    private companion object {
        val SETTINGS = mapOf(
            "auto.offset.reset" to "earliest",
            "max.poll.records" to Way.MAX_POLL_RECORDS,
            "session.timeout.ms" to 1500,
            "heartbeat.interval.ms" to 300,
        )
    }
}
