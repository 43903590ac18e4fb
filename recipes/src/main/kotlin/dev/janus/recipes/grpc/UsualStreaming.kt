package dev.janus.recipes.grpc

import io.grpc.CallOptions
import io.grpc.Channel
import io.grpc.MethodDescriptor
import io.grpc.stub.ClientCalls
import io.grpc.stub.StreamObserver
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.channels.trySendBlocking
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow

// What people write without Janus.

// sample: begin
fun <E : Any> StreamObserver<E>.usualSendAll(messages: Iterable<E>) {
    messages.forEach { onNext(it) }
    onCompleted()
}
// sample: end

// sample: begin
fun <Q : Any, A : Any> Channel.usualAnswers(method: MethodDescriptor<Q, A>, question: Q): Flow<A> = callbackFlow {
    val answers = object : StreamObserver<A> {
        override fun onNext(answer: A) {
            trySendBlocking(answer)
        }

        override fun onError(failure: Throwable) {
            close(failure)
        }

        override fun onCompleted() {
            close()
        }
    }
    val call = newCall(method, CallOptions.DEFAULT)
    ClientCalls.asyncServerStreamingCall(call, question, answers)
    awaitClose { call.cancel("the collector has ended", null) }
}
// sample: end
