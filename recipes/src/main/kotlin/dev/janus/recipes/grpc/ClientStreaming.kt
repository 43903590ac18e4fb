package dev.janus.recipes.grpc

import dev.janus.QueueShutdownException
import io.grpc.CallOptions
import io.grpc.Channel
import io.grpc.MethodDescriptor
import io.grpc.stub.ClientCallStreamObserver
import io.grpc.stub.ClientCalls
import io.grpc.stub.ClientResponseObserver
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.flow.Flow

// sample: begin

/** Sends the messages to a method of a server, and returns its answer. */
suspend fun <Q : Any, A : Any> Channel.send(messages: Flow<Q>, method: MethodDescriptor<Q, A>): A {
    val call = Outgoing<Q, A>()
    ClientCalls.asyncClientStreamingCall(newCall(method, CallOptions.DEFAULT), call)
    try {
        messages.collect { call.messages.send(it) }
        call.stream.onCompleted()
        return call.answer.await()
    } catch (e: QueueShutdownException) {
        return call.answer.await() // the server did not want all messages, or has failed
    } finally {
        call.stream.cancel("the sender has ended", null) // after the answer, this does nothing
    }
}

private class Outgoing<Q : Any, A : Any> : ClientResponseObserver<Q, A> {
    lateinit var stream: ClientCallStreamObserver<Q>
    lateinit var messages: OutgoingStream<Q>
    val answer = CompletableDeferred<A>()

    override fun beforeStart(call: ClientCallStreamObserver<Q>) {
        stream = call
        messages = OutgoingStream(call)
    }

    override fun onNext(value: A) {
        answer.complete(value)
    }

    override fun onError(failure: Throwable) {
        answer.completeExceptionally(failure)
        messages.cancel()
    }

    override fun onCompleted() = messages.cancel()
}
// sample: end
