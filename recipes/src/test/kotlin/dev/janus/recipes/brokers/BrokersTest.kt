package dev.janus.recipes.brokers

import dev.janus.Request
import dev.janus.fixtures.awaitUntil
import dev.janus.kotlin.janusQueue
import dev.janus.recipes.artemis.ArtemisBroker
import dev.janus.recipes.artemis.Receiver
import dev.janus.recipes.kafka.KafkaBroker
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancel
import org.apache.kafka.clients.consumer.KafkaConsumer
import org.apache.kafka.common.serialization.StringDeserializer
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.IOException
import java.nio.file.Path
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit.SECONDS

/** The same worker behind a queue and behind two brokers. */
class BrokersTest {
    private val orders = List(300) { "%03d".format(it) }
    private val shipped = ConcurrentLinkedQueue<String>()
    private val failed = ConcurrentHashMap.newKeySet<String>()
    private val scope = CoroutineScope(Dispatchers.Default)
    private val shipping = Shipping(scope, ::ship)

    /** Fails once for every tenth order. */
    private suspend fun ship(order: String) {
        if (order.endsWith("5") && failed.add(order)) throw IOException("no connection")
        shipped += order
    }

    private fun assertAllShipped(source: String) {
        println("Brokers, $source: ${shipped.size} of 300 shipped, ${outOfOrder(shipped)} times out of order")
        assertEquals(orders, shipped.sorted())
        assertEquals(30, failed.size)
    }

    private fun outOfOrder(orders: Collection<String>) = orders.zipWithNext().count { (a, b) -> a > b }

    @AfterEach
    fun cancelWorkers() = scope.cancel()

    @Test
    fun worker_ofAQueue_shipsEveryOrder() {
        val queue = janusQueue<String>(capacity = 64)
        shipping.ofQueue(queue.async())
        queue.sync().putAll(orders)
        queue.sync().join()
        assertAllShipped("a queue")
    }

    @Test
    fun worker_ofKafka_shipsEveryOrder(@TempDir folder: Path) {
        KafkaBroker(folder).use { broker ->
            broker.createTopic("orders", partitions = 4)
            broker.write("orders", partitions = 4, orders)
            val settings = mapOf(
                "bootstrap.servers" to broker.address,
                "group.id" to "shop",
                "auto.offset.reset" to "earliest",
                "enable.auto.commit" to false,
            )
            KafkaConsumer(settings, StringDeserializer(), StringDeserializer()).use { consumer ->
                val workers = shipping.ofKafka(consumer, "orders")
                awaitUntil("all are committed", workers::poll) { broker.committed("shop") == 300L }
            }
        }
        assertAllShipped("Kafka")
        repeat(4) { i -> assertEquals(0, outOfOrder(shipped.filter { it.toInt() % 4 == i }), "partition $i") }
    }

    @Test
    fun worker_ofArtemis_shipsEveryOrder() {
        val messages = janusQueue<Request<String, Unit>>(capacity = 4)
        val threads = Executors.newFixedThreadPool(4)
        ArtemisBroker().use { broker ->
            shipping.ofArtemis(messages.async())
            broker.send("orders", orders)
            repeat(4) { threads.submit(Receiver(broker.factory, "orders", messages)) }
            awaitUntil("all are acknowledged") { broker.count("orders") == 0L }
            threads.shutdownNow()
            assertTrue(threads.awaitTermination(10, SECONDS))
        }
        assertAllShipped("Artemis")
    }
}
