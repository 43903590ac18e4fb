package dev.janus.recipes.grpc

import dev.janus.kotlin.iterator
import dev.janus.kotlin.janusQueue
import io.grpc.CallOptions
import io.grpc.Channel
import io.grpc.MethodDescriptor
import io.grpc.stub.ClientCalls
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow

// sample: begin

/** Calls a method of a server, and returns its answers. */
fun <Q : Any, A : Any> Channel.answers(method: MethodDescriptor<Q, A>, question: Q): Flow<A> = flow {
    val answers = janusQueue<A>(capacity = 16)
    val call = newCall(method, CallOptions.DEFAULT)
    ClientCalls.asyncServerStreamingCall(call, question, IncomingStream(answers))
    try {
        for (answer in answers.async()) emit(answer)
    } finally {
        call.cancel("the collector has ended", null) // after the last answer, this does nothing
    }
}
// sample: end
