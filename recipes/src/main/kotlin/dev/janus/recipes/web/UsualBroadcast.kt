package dev.janus.recipes.web

import io.ktor.server.application.Application
import io.ktor.server.application.install
import io.ktor.server.routing.routing
import io.ktor.server.sse.SSE
import io.ktor.server.sse.sse
import io.ktor.sse.ServerSentEvent
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableSharedFlow
import kotlinx.coroutines.flow.SharedFlow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.runBlocking

// What people write without Janus.

// sample: begin
class UsualBroadcast<E> {
    private val elements = MutableSharedFlow<E>(extraBufferCapacity = 64)

    fun publish(element: E) = runBlocking { elements.emit(element) }

    fun subscribe(): SharedFlow<E> = elements
}
// sample: end

// sample: begin
fun <E> Flow<E>.withoutWaiting(): Flow<E> = buffer(Channel.UNLIMITED)
// sample: end

fun Application.usualPrices(prices: Flow<String>) {
    install(SSE)
    routing {
        sse("/events") { prices.collect { send(ServerSentEvent(it)) } }
    }
}
