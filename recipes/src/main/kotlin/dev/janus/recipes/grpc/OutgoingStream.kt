package dev.janus.recipes.grpc

import dev.janus.kotlin.janusQueue
import io.grpc.stub.CallStreamObserver
import kotlinx.coroutines.channels.BufferOverflow

// sample: begin

/** Sends messages when the stream is ready for them. Made before the call begins: in `beforeStart`, or by the server. */
class OutgoingStream<E : Any>(private val stream: CallStreamObserver<E>) {
    private val ready = janusQueue<Unit>(capacity = 1, onBufferOverflow = BufferOverflow.DROP_LATEST)

    init {
        stream.setOnReadyHandler { ready.sync().offer(Unit) } // never waits
    }

    fun put(message: E) {
        while (!stream.isReady) ready.sync().take()
        stream.onNext(message)
    }

    suspend fun send(message: E) {
        while (!stream.isReady) ready.async().receive()
        stream.onNext(message)
    }

    /** Ends a call that waits, because the other side is gone. */
    fun cancel() = ready.shutdown()
}
// sample: end
