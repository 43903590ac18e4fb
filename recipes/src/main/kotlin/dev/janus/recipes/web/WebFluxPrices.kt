package dev.janus.recipes.web

import org.springframework.web.reactive.function.server.ServerResponse.ok
import org.springframework.web.reactive.function.server.bodyAndAwait
import org.springframework.web.reactive.function.server.coRouter
import org.springframework.web.reactive.function.server.sse

// sample: begin
fun events(prices: Broadcast<String>) = coRouter {
    GET("/events") { ok().sse().bodyAndAwait(prices.subscribe()) }
}
// sample: end
