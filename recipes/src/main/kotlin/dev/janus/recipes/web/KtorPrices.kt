package dev.janus.recipes.web

import io.ktor.server.application.Application
import io.ktor.server.application.ApplicationStopPreparing
import io.ktor.server.application.install
import io.ktor.server.routing.routing
import io.ktor.server.sse.SSE
import io.ktor.server.sse.sse
import io.ktor.server.websocket.WebSockets
import io.ktor.server.websocket.webSocket
import io.ktor.sse.ServerSentEvent
import io.ktor.websocket.Frame
import io.ktor.websocket.close
import kotlinx.coroutines.channels.consumeEach
import kotlinx.coroutines.launch

// sample: begin
fun Application.prices(prices: Broadcast<String>) {
    install(SSE)
    install(WebSockets)
    routing {
        sse("/events") { prices.subscribe().collect { send(ServerSentEvent(it)) } }
        webSocket("/socket") {
            val sending = launch {
                prices.subscribe().collect { send(Frame.Text(it)) }
                close()
            }
            incoming.consumeEach { } // until the client leaves
            sending.cancel()
        }
    }
    monitor.subscribe(ApplicationStopPreparing) { prices.close() }
}
// sample: end
