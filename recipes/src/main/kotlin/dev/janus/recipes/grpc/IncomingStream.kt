package dev.janus.recipes.grpc

import dev.janus.JanusQueue
import io.grpc.stub.CallStreamObserver
import io.grpc.stub.ClientCallStreamObserver
import io.grpc.stub.ClientResponseObserver
import io.grpc.stub.ServerCallStreamObserver

// sample: begin

/** Puts the messages of a stream into a queue, and requests the next one when there is room for it. Never waits. */
class IncomingStream<E : Any>(private val messages: JanusQueue<E>) : ClientResponseObserver<Any, E> {
    private lateinit var stream: CallStreamObserver<*>

    override fun beforeStart(call: ClientCallStreamObserver<Any>) {
        stream = call
        call.disableAutoRequestWithInitial(1)
    }

    /** Begins on the server, where there is no `beforeStart`. */
    fun begin(call: ServerCallStreamObserver<*>) = apply {
        stream = call
        call.disableAutoRequest()
        call.request(1)
    }

    override fun onNext(message: E) {
        messages.async().sendAsync(message).thenRun { stream.request(1) }
    }

    override fun onCompleted() = messages.shutdownAfterPuts()

    override fun onError(failure: Throwable) = messages.shutdownAfterPuts(failure)
}
// sample: end
