package dev.janus.recipes.web

import com.sun.management.UnixOperatingSystemMXBean
import dev.janus.fixtures.awaitUntil
import io.netty.channel.ChannelOption
import io.netty.channel.group.DefaultChannelGroup
import io.netty.util.concurrent.GlobalEventExecutor
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter
import org.springframework.web.reactive.function.server.RouterFunction
import org.springframework.web.reactive.function.server.RouterFunctions
import org.springframework.web.reactive.function.server.ServerResponse
import reactor.netty.DisposableServer
import reactor.netty.http.server.HttpServer
import java.lang.management.ManagementFactory
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse.BodyHandlers
import java.util.Collections
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource
import kotlin.time.measureTime

/** The same with Spring WebFlux: a server with a thousand clients that do not read, and one that does. */
internal class WebFluxTest {
    private val events = Events(count = 180, bytes = 1_000)
    private lateinit var server: DisposableServer
    private val connections = DefaultChannelGroup(GlobalEventExecutor.INSTANCE)

    @BeforeEach
    fun checkLimit() {
        val system = ManagementFactory.getOperatingSystemMXBean() as? UnixOperatingSystemMXBean
        assumeTrue(system == null || system.maxFileDescriptorCount > 3 * STALLED, "too few files may be open")
    }

    private fun start(routes: RouterFunction<ServerResponse>) {
        server = HttpServer.create()
            .host("localhost")
            .port(0)
            .childOption(ChannelOption.SO_SNDBUF, SMALL) // by default, the system holds 2.6 MB for each client
            .doOnConnection { connections += it.channel() }
            .handle(ReactorHttpHandlerAdapter(RouterFunctions.toHttpHandler(routes)))
            .bindNow()
    }

    @AfterEach
    fun end() {
        if (!::server.isInitialized) return
        server.disposeNow()
        connections.close().sync()
    }

    /** Begins to read, and returns the numbers of the events. */
    private fun reader(): List<Int> = Collections.synchronizedList(ArrayList<Int>()).also { numbers ->
        val request = HttpRequest.newBuilder(URI("http://localhost:${server.port()}/events")).build()
        thread(isDaemon = true) {
            HttpClient.newHttpClient().send(request, BodyHandlers.ofLines()).body().forEach { line ->
                if (line.isNotEmpty()) numbers += events.number(line.removePrefix("data:"))
            }
        }
    }

    @Test
    fun events_aThousandClientsDoNotRead_anotherGetsAllAndFewWait() {
        val prices = Broadcast<String>()
        start(events(prices))
        StalledClients(STALLED, server.address()).use { stalled ->
            events.checkBroadcast(prices, stalled, reader())

            val stop = measureTime {
                prices.close()
                end()
                awaitUntil("none is subscribed") { prices.subscribers == 0 }
            }
            println("Janus: stopped after $stop, with ${STALLED / 2} clients that do not read")
            assertTrue(stop < 10.seconds)
        }
    }

    @Test
    fun bufferedEvents_manyClientsDoNotRead_theirEventsPileUp() {
        val prices = UsualSink()
        val waiting = AtomicInteger()
        start(
            usualEvents(
                prices.subscribe()
                    .doOnNext { waiting.incrementAndGet() }
                    .bufferedForEach()
                    .doOnNext { waiting.decrementAndGet() },
            ),
        )
        StalledClients(FEWER, server.address()).use {
            val read = reader()
            awaitUntil("all have subscribed") { prices.subscribers == FEWER + 1 }
            events.publishTo(read, prices::publish)
            println(
                "onBackpressureBuffer: $FEWER clients do not read, another got ${read.size} of ${events.count}; $waiting wait",
            )
            assertTrue(waiting.get() > FEWER * 16)
        }
    }

    @Test
    fun sharedEvents_oneClientDoesNotRead_allMissEvents() {
        val prices = UsualSink()
        start(usualEvents(prices.subscribe()))
        StalledClients(1, server.address()).use {
            val read = reader()
            awaitUntil("both have subscribed") { prices.subscribers == 2 }
            var hasStopped = false
            val published = (1..MANY_EVENTS).count { number ->
                val isPublished = prices.publish(events.event(number)).isSuccess
                hasStopped = hasStopped || !isReadSoon(number, read)
                isPublished
            }
            println(
                "multicast sink: a client does not read, another got ${read.size}, $published of $MANY_EVENTS published",
            )
            assertTrue(hasStopped)
            assertTrue(published < MANY_EVENTS)
        }
    }

    /** Waits for a second, many times what an event takes. */
    private fun isReadSoon(number: Int, read: List<Int>): Boolean {
        val mark = TimeSource.Monotonic.markNow()
        while (read.lastOrNull() != number && mark.elapsedNow() < 1.seconds) Thread.sleep(1) // between two looks
        return read.lastOrNull() == number
    }

    private companion object {
        const val STALLED = 1_000
        const val FEWER = 100
        const val SMALL = 4_096
        const val MANY_EVENTS = 600
    }
}
