package dev.janus.recipes.web

import dev.janus.fixtures.awaitUntil
import io.ktor.client.HttpClient
import io.ktor.client.plugins.sse.SSE
import io.ktor.client.plugins.sse.sse
import io.ktor.client.plugins.websocket.WebSockets
import io.ktor.client.plugins.websocket.webSocket
import io.ktor.server.application.Application
import io.ktor.server.cio.CIO
import io.ktor.server.cio.CIOApplicationEngine
import io.ktor.server.cio.unixConnector
import io.ktor.server.engine.EmbeddedServer
import io.ktor.server.engine.connector
import io.ktor.server.engine.embeddedServer
import io.ktor.websocket.Frame
import io.ktor.websocket.readText
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancel
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.onSubscription
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.net.UnixDomainSocketAddress
import java.nio.file.Path
import java.util.Collections
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource
import kotlin.time.measureTime

/** A server with clients that do not read, and one that does. */
internal class KtorTest {
    private val events = Events(count = 100, bytes = 64_000)

    @TempDir
    lateinit var folder: Path

    private val socket by lazy { folder.resolve("socket") }

    /** Not Default: the client of Ktor 3.6.1 calls runBlocking there, and hangs if that takes all its threads. */
    private val scope = CoroutineScope(Dispatchers.IO)
    private val client = HttpClient(io.ktor.client.engine.cio.CIO) {
        install(SSE)
        install(WebSockets)
    }
    private lateinit var server: EmbeddedServer<CIOApplicationEngine, CIOApplicationEngine.Configuration>
    private val port by lazy { runBlocking { server.engine.resolvedConnectors().first { it.port > 0 }.port } }

    private fun start(module: Application.() -> Unit) {
        server = embeddedServer(
            CIO,
            configure = {
                connector {
                    host = "localhost"
                    port = 0
                }
                unixConnector("$socket")
            },
            module = module,
        ).start()
    }

    @AfterEach
    fun end() {
        scope.cancel()
        client.close()
        server.stop(0, 0)
    }

    /** Begins to read, and returns the numbers of the events. */
    private fun reader(): List<Int> = received().also { numbers ->
        scope.launch {
            client.sse(port = port, path = "/events") {
                incoming.collect {
                    numbers +=
                        events.number(it.data!!)
                }
            }
        }
    }

    private fun socketReader(numbers: MutableList<Int>): Job = scope.launch {
        client.webSocket(port = port, path = "/socket") {
            for (frame in incoming) numbers += events.number((frame as Frame.Text).readText())
        }
    }

    private fun received(): MutableList<Int> = Collections.synchronizedList(ArrayList())

    @Test
    fun events_manyClientsDoNotRead_anotherGetsAllAndFewWait() {
        val prices = Broadcast<String>()
        start { prices(prices) }
        StalledClients(STALLED, UnixDomainSocketAddress.of(socket)).use { stalled ->
            events.checkBroadcast(prices, stalled, reader())

            val stop = measureTime { server.stop(GRACE, 2 * GRACE) }
            println("Janus: stopped after $stop; ${prices.subscribers} subscribed")
            assertTrue(stop < 10.seconds)
        }
        awaitUntil("none is subscribed") { prices.subscribers == 0 }
    }

    @Test
    fun unlimitedEvents_manyClientsDoNotRead_theirEventsPileUp() {
        val prices = UsualBroadcast<String>()
        val subscribed = AtomicInteger()
        val waiting = AtomicInteger()
        val counted = prices.subscribe()
            .onSubscription { subscribed.incrementAndGet() }
            .onEach { waiting.incrementAndGet() }
            .withoutWaiting()
            .onEach { waiting.decrementAndGet() }
        start { usualPrices(counted) }
        StalledClients(STALLED, UnixDomainSocketAddress.of(socket)).use {
            val read = reader()
            awaitUntil("all have subscribed") { subscribed.get() == STALLED + 1 }
            events.publishTo(read, prices::publish)
            println(
                "UNLIMITED: $STALLED clients do not read, another got ${read.size} of ${events.count}; $waiting wait",
            )
            val stop = measureTime { server.stop(GRACE, 2 * GRACE) }
            println("UNLIMITED: stopped after $stop")
        }
        assertTrue(waiting.get() > STALLED * 16)
    }

    @Test
    fun sharedEvents_oneClientDoesNotRead_allStop() {
        val prices = UsualBroadcast<String>()
        val subscribed = AtomicInteger()
        val published = AtomicInteger()
        start { usualPrices(prices.subscribe().onSubscription { subscribed.incrementAndGet() }) }
        StalledClients(1, UnixDomainSocketAddress.of(socket)).use {
            val read = reader()
            awaitUntil("both have subscribed") { subscribed.get() == 2 }
            val publisher = thread {
                (1..MANY_EVENTS).forEach {
                    prices.publish(events.event(it))
                    published.set(it)
                }
            }
            // runBlocking waits for the slowest client; a second is many times what an event takes.
            awaitUntil("nothing moves for a second") { stillFor(1.seconds) { published.get() + read.size } }
            println(
                "SharedFlow: a client does not read, another got ${read.size}, published $published of $MANY_EVENTS",
            )
            assertTrue(publisher.isAlive)
        }
    }

    private fun stillFor(time: Duration, count: () -> Int): Boolean {
        val before = count()
        val mark = TimeSource.Monotonic.markNow()
        while (mark.elapsedNow() < time) {
            if (count() != before) return false
            Thread.sleep(1) // between two looks
        }
        return true
    }

    @Test
    fun socket_clientsLeave_theOthersGetAll() = runBlocking {
        val prices = Broadcast<String>()
        start { prices(prices) }
        val read = List(10) { received() }
        val clients = read.map { socketReader(it) }
        awaitUntil("all have subscribed") { prices.subscribers == 10 }
        prices.publish(events.event(1))
        awaitUntil("all have the first event") { read.all { it == listOf(1) } }
        clients.take(5).forEach { it.cancelAndJoin() }
        awaitUntil("five are left") { prices.subscribers == 5 }
        prices.publish(events.event(2))
        prices.close()
        clients.joinAll()
        assertEquals(List(5) { listOf(1) } + List(5) { listOf(1, 2) }, read)
    }

    private companion object {
        const val STALLED = 20
        const val MANY_EVENTS = 300
        const val GRACE = 1_000L
    }
}
