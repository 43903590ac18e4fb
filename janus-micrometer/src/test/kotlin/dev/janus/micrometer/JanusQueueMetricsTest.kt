package dev.janus.micrometer

import com.fasterxml.jackson.databind.JsonNode
import com.fasterxml.jackson.databind.ObjectMapper
import dev.janus.JanusQueue
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.inThread
import io.micrometer.core.instrument.Tag
import io.micrometer.core.instrument.simple.SimpleMeterRegistry
import io.micrometer.prometheusmetrics.PrometheusConfig
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry
import kotlinx.coroutines.channels.BufferOverflow
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.File
import java.lang.ref.WeakReference
import java.util.concurrent.ExecutionException
import java.util.concurrent.TimeUnit.DAYS

class JanusQueueMetricsTest {
    private val prometheus = PrometheusMeterRegistry(PrometheusConfig.DEFAULT)

    /** The value of the only sample with this name and these labels, as Prometheus would read it. */
    private fun scraped(name: String, labels: String = "queue=\"orders\""): String =
        prometheus.scrape().lines().single { it.startsWith("janus_queue_$name{$labels}") }.substringAfterLast(' ')

    private fun queueOf(capacity: Int) = JanusQueue.builder<Int>().capacity(capacity).name("orders")

    @Test
    fun counts_areThoseOfTheQueue() {
        val queue = queueOf(3).overflow(BufferOverflow.DROP_OLDEST).build()
        JanusQueueMetrics(queue).bindTo(prometheus)
        queue.sync().putAll(listOf(1, 2, 3, 4, 5, 6)) // drops 1, 2 and 3
        queue.sync().take()
        val lease = queue.sync().takeLease()
        queue.sync().put(7)
        queue.sync().remove(7)

        assertEquals("1.0", scraped("size_elements"))
        assertEquals("3.0", scraped("capacity_elements"))
        assertEquals("0.0", scraped("reserved_elements"))
        assertEquals("1.0", scraped("leased_elements"))
        assertEquals("7.0", scraped("accepted_elements_total"))
        assertEquals("2.0", scraped("taken_elements_total"))
        assertEquals("1.0", scraped("removed_elements_total"))
        assertEquals("3.0", scraped("dropped_elements_total"))
        assertEquals("3.0", scraped("unfinished_elements"))
        lease.done()
        assertEquals("2.0", scraped("unfinished_elements"))
        assertEquals("0.0", scraped("leased_elements"))
    }

    @Test
    fun elementsThatFailed_areCounted() {
        val queue = queueOf(3).deadLetters(2) {}.build()
        JanusQueueMetrics(queue).bindTo(prometheus)
        queue.sync().putAll(listOf(1, 2))
        repeat(2) { queue.sync().takeLease().close() }
        queue.sync().takeLease().close(1, DAYS)

        assertEquals("1.0", scraped("dead_letters_elements_total"))
        assertEquals("1.0", scraped("delayed_elements"))
        queue.shutdownNow()
        assertEquals("0.0", scraped("delayed_elements"))
    }

    @Test
    fun callersThatWait_areCountedByKind() {
        val queue = queueOf(1).build()
        JanusQueueMetrics(queue).bindTo(prometheus)
        val takes = List(2) { inThread { queue.sync().take() } }
        val receive = queue.async().receiveAsync()
        awaitUntil("two threads wait") { queue.stats().waitingTakeThreads() == 2 }

        assertEquals("2.0", waiting("take", "thread"))
        assertEquals("1.0", waiting("take", "coroutine"))
        assertEquals("0.0", waiting("put", "thread"))
        assertEquals("0.0", waiting("put", "coroutine"))

        queue.sync().putAll(listOf(1, 2, 0))
        takes.forEach { it.await() }
        receive.get()
        queue.sync().put(3)
        val put = inThread { queue.sync().put(4) }
        val sends = List(2) { queue.async().sendAsync(5) }
        val join = queue.async().joinAsync()
        awaitUntil("a put waits") { queue.stats().waitingPutThreads() == 1 }

        assertEquals("0.0", waiting("take", "thread"))
        assertEquals("1.0", waiting("put", "thread"))
        assertEquals("2.0", waiting("put", "coroutine"))
        assertEquals("0.0", waiting("take", "coroutine"))
        assertEquals("1.0", waiting("join", "any"))
        queue.onRoom(Runnable::run) {}.use { assertEquals("1.0", waiting("watch", "any")) }
        assertEquals("0.0", waiting("watch", "any"))
        queue.shutdownNow()
        repeat(3) { queue.sync().taskDone() }
        put.await()
        sends.forEach { assertThrows(ExecutionException::class.java) { it.get() } }
        join.get()
        assertEquals("0.0", waiting("put", "thread"))
        assertEquals("0.0", waiting("join", "any"))
    }

    private fun waiting(operation: String, caller: String) =
        scraped("waiting_callers", "caller=\"$caller\",operation=\"$operation\",queue=\"orders\"")

    @Test
    fun unboundedQueue_hasInfiniteCapacity() {
        val queue = queueOf(1).unbounded().build()
        JanusQueueMetrics(queue).bindTo(prometheus)
        assertEquals("+Inf", scraped("capacity_elements"))
        queue.shutdown()
    }

    @Test
    fun furtherTags_areOnEachMeter() {
        val registry = SimpleMeterRegistry()
        val queue = queueOf(1).build()
        JanusQueueMetrics(queue, listOf(Tag.of("shop", "Ghent"))).bindTo(registry)
        assertEquals(17, registry.meters.size)
        assertTrue(registry.meters.all { it.id.getTag("shop") == "Ghent" && it.id.getTag("queue") == "orders" })
        queue.shutdown()
    }

    @Test
    fun queueWithoutAName_throws() {
        val queue = JanusQueue.fifo<Int>(1)
        val thrown = assertThrows(IllegalArgumentException::class.java) { JanusQueueMetrics(queue) }
        assertEquals(
            "JanusQueue[fifo, 0 of 1 elements, open] has no name: expected one, to tell its metrics from those of " +
                "others; see Builder.name",
            thrown.message,
        )
    }

    @Test
    fun registry_doesNotKeepTheQueue() {
        val queue = WeakReference(bound())
        awaitUntil("the queue is collected") {
            System.gc()
            queue.get() == null
        }
        assertEquals("NaN", scraped("size_elements"))
    }

    private fun bound() = queueOf(1).build().also { JanusQueueMetrics(it).bindTo(prometheus) }

    @Test
    fun dashboard_showsOnlyMetricsThatThereAre() {
        val queue = queueOf(1).build()
        JanusQueueMetrics(queue).bindTo(prometheus)
        val dashboard = ObjectMapper().readTree(File("../docs/grafana/janus-queues.json"))
        val used = dashboard.findValues("expr").map(JsonNode::asText).flatMap { METRIC.findAll(it) }.map { it.value }
        val bound = METRIC.findAll(prometheus.scrape()).map { it.value }.toSet()
        assertEquals(emptyList<String>(), used.filter { it !in bound })
        assertTrue(used.toSet().size >= 9) { "$used" }
        queue.shutdown()
    }

    private companion object {
        val METRIC = Regex("janus_queue_\\w+")
    }
}
