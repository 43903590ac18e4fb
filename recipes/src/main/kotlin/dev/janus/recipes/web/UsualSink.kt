package dev.janus.recipes.web

import org.springframework.web.reactive.function.server.ServerResponse.ok
import org.springframework.web.reactive.function.server.body
import org.springframework.web.reactive.function.server.router
import org.springframework.web.reactive.function.server.sse
import reactor.core.publisher.Flux
import reactor.core.publisher.Sinks

// What people write without Janus.

// sample: begin
class UsualSink {
    private val prices = Sinks.many().multicast().onBackpressureBuffer<String>()

    fun publish(price: String) = prices.tryEmitNext(price)

    fun subscribe(): Flux<String> = prices.asFlux()

    val subscribers: Int get() = prices.currentSubscriberCount()
}
// sample: end

// sample: begin
fun Flux<String>.bufferedForEach(): Flux<String> = onBackpressureBuffer()
// sample: end

fun usualEvents(prices: Flux<String>) = router {
    GET("/events") { ok().sse().body(prices) }
}
