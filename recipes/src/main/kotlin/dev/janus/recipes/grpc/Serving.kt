package dev.janus.recipes.grpc

import io.grpc.stub.ServerCallStreamObserver
import io.grpc.stub.ServerCalls
import kotlin.concurrent.thread

// sample: begin

/** A method of a server that answers with what the code [produce] puts, which may block. */
fun <Q : Any, A : Any> streaming(produce: (Q, put: (A) -> Unit) -> Unit) =
    ServerCalls.asyncServerStreamingCall<Q, A> { question, answers ->
        val outgoing = OutgoingStream(answers as ServerCallStreamObserver<A>)
        answers.setOnCancelHandler { outgoing.cancel() }
        thread {
            runCatching { produce(question) { outgoing.put(it) } }
                .onSuccess { answers.onCompleted() }
                .onFailure { answers.onError(it) }
        }
    }
// sample: end
