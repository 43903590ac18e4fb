package dev.janus.recipes.grpc

import com.google.common.util.concurrent.ListenableFuture
import com.google.protobuf.Int32Value
import com.google.protobuf.Message
import com.google.protobuf.StringValue
import dev.janus.fixtures.awaitUntil
import dev.janus.kotlin.janusQueue
import io.grpc.CallOptions
import io.grpc.ManagedChannel
import io.grpc.MethodDescriptor
import io.grpc.MethodDescriptor.MethodType
import io.grpc.Server
import io.grpc.ServerServiceDefinition
import io.grpc.Status
import io.grpc.StatusRuntimeException
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder
import io.grpc.protobuf.ProtoUtils
import io.grpc.stub.ClientCalls
import io.grpc.stub.ServerCallStreamObserver
import io.grpc.stub.ServerCalls
import io.grpc.stub.StreamObserver
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.concurrent.Executors
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicReference
import kotlin.concurrent.thread
import kotlin.time.Duration.Companion.milliseconds

/** Streams between a server and a client, through real sockets, whose receivers lag behind. */
internal class GrpcTest {
    private val sent = AtomicInteger()
    private val sender = AtomicReference<Thread>()
    private val received = AtomicInteger()
    private val mostInFlight = AtomicInteger()

    private val executor = Executors.newFixedThreadPool(CLIENT_THREADS) as ThreadPoolExecutor
    private val scope = CoroutineScope(Dispatchers.Default)
    private val server: Server =
        NettyServerBuilder.forPort(0).flowControlWindow(WINDOW).addService(service()).build().start()
    private val channel: ManagedChannel = NettyChannelBuilder.forAddress("localhost", server.port)
        .usePlaintext()
        .executor(executor)
        .flowControlWindow(WINDOW)
        .build()

    private fun service() = ServerServiceDefinition.builder(SERVICE)
        .addMethod(LIST, streaming(::list))
        .addMethod(USUAL_LIST, ServerCalls.asyncServerStreamingCall(::usualList))
        .addMethod(FAIL, streaming(::fail))
        .addMethod(STORE, ServerCalls.asyncClientStreamingCall(::store))
        .addMethod(ECHO, ServerCalls.asyncUnaryCall(::echo))
        .build()

    private fun list(count: Int32Value, put: (StringValue) -> Unit) {
        sender.set(Thread.currentThread())
        messages(count.value).forEach(put)
    }

    private fun usualList(count: Int32Value, answers: StreamObserver<StringValue>) {
        thread {
            sender.set(Thread.currentThread())
            answers.usualSendAll(messages(count.value))
        }
    }

    private fun fail(count: Int32Value, put: (StringValue) -> Unit) {
        messages(count.value).forEach(put)
        throw Status.NOT_FOUND.asRuntimeException()
    }

    /** A thread of the server takes what the client sends. */
    private fun store(answer: StreamObserver<Int32Value>): StreamObserver<StringValue> {
        val parcels = janusQueue<StringValue>(capacity = 16)
        thread {
            for (parcel in parcels.sync().untilShutdown()) lag(parcel)
            answer.onNext(Int32Value.of(received.get()))
            answer.onCompleted()
        }
        return IncomingStream(parcels).begin(answer as ServerCallStreamObserver)
    }

    private fun echo(question: StringValue, answer: StreamObserver<StringValue>) {
        answer.onNext(question)
        answer.onCompleted()
    }

    private fun messages(count: Int) = (1..count).asSequence().map { StringValue.of("$it".padEnd(MESSAGE_BYTES)) }
        .onEach { sent.incrementAndGet() }.asIterable()

    /** Receives a message. With the first one, waits until the sender waits, or has ended. */
    private fun lag(message: StringValue) {
        if (received.get() == 0) awaitSender()
        mostInFlight.accumulateAndGet(sent.get() - received.incrementAndGet(), ::maxOf)
        check(message.value.trim() == "$received") { "expected $received, received $message" }
    }

    /** It waits for a moment now and then, until the transport has filled its windows. So this waits for a longer wait. */
    private fun awaitSender() {
        var before = 0
        var since = System.nanoTime()
        awaitUntil("the sender waits, or has ended") {
            if (sent.get() != before) {
                before = sent.get()
                since = System.nanoTime()
            }
            sender.get().state in IDLE && System.nanoTime() - since > LONG_WAIT
        }
    }

    @AfterEach
    fun end() {
        scope.cancel()
        channel.shutdownNow()
        server.shutdownNow()
        executor.shutdownNow()
        awaitUntil("the end of all") { channel.isTerminated && server.isTerminated && executor.isTerminated }
    }

    private fun assertReceivesAll(answers: Flow<StringValue>) {
        runBlocking { answers.collect { lag(it) } }
        assertEquals(MESSAGES, received.get())
    }

    @Test
    fun serverStreaming_clientLags_fewAreInFlight() {
        assertReceivesAll(channel.answers(LIST, Int32Value.of(MESSAGES)))
        println("Janus, server streaming: of $MESSAGES messages, up to $mostInFlight in flight")
        assertTrue(mostInFlight.get() < FEW)
    }

    @Test
    fun usualServerStreaming_clientLags_allAreInFlight() {
        assertReceivesAll(channel.usualAnswers(USUAL_LIST, Int32Value.of(MESSAGES)))
        println("onNext, server streaming: of $MESSAGES messages, up to $mostInFlight in flight")
        assertEquals(MESSAGES - 1, mostInFlight.get())
    }

    /** Sends in a coroutine that has a thread of its own. */
    private fun sendInCoroutine(send: suspend (Iterable<StringValue>) -> Int32Value) {
        val loop = Executors.newSingleThreadExecutor()
        try {
            val stored = runBlocking(loop.asCoroutineDispatcher()) {
                sender.set(Thread.currentThread())
                send(messages(MESSAGES))
            }
            assertEquals(MESSAGES, stored.value)
        } finally {
            loop.shutdown()
        }
    }

    @Test
    fun clientStreaming_serverLags_fewAreInFlight() {
        sendInCoroutine { channel.send(it.asFlow(), STORE) }
        println("Janus, client streaming: of $MESSAGES messages, up to $mostInFlight in flight")
        assertTrue(mostInFlight.get() < FEW)
    }

    @Test
    fun usualClientStreaming_serverLags_allAreInFlight() {
        sendInCoroutine { messages ->
            val answer = janusQueue<Int32Value>(capacity = 1)
            val call = channel.newCall(STORE, CallOptions.DEFAULT)
            ClientCalls.asyncClientStreamingCall(call, IncomingStream(answer)).usualSendAll(messages)
            answer.async().receive()
        }
        println("onNext, client streaming: of $MESSAGES messages, up to $mostInFlight in flight")
        assertEquals(MESSAGES - 1, mostInFlight.get())
    }

    /** Begins as many streams as the client has threads, whose collectors take one message and no more. */
    private fun stall(answers: () -> Flow<StringValue>) = repeat(CLIENT_THREADS) {
        scope.launch {
            answers().collect {
                received.incrementAndGet()
                awaitCancellation()
            }
        }
    }

    private fun echo(): ListenableFuture<StringValue> {
        val call = channel.newCall(ECHO, CallOptions.DEFAULT)
        return ClientCalls.futureUnaryCall(call, StringValue.of("echo"))
    }

    @Test
    fun serverStreaming_collectorsStall_anotherCallIsAnswered() {
        stall { channel.answers(LIST, Int32Value.of(MESSAGES)) }
        awaitUntil("the collectors stall, and the threads have nothing to do") {
            received.get() == CLIENT_THREADS && sender.get().state in IDLE && executor.activeCount == 0
        }
        assertEquals("echo", echo().get().value)
    }

    @Test
    fun usualServerStreaming_collectorsStall_theirThreadsBlock() {
        stall { channel.usualAnswers(USUAL_LIST, Int32Value.of(MESSAGES)) }
        awaitUntil("the threads are blocked") { blockedThreads() == CLIENT_THREADS }
        // Many times what an answer takes.
        assertThrows(TimeoutException::class.java) { echo().get(1, TimeUnit.SECONDS) }
        println("trySendBlocking: ${blockedThreads()} of $CLIENT_THREADS threads blocked, another call is not answered")
    }

    private fun blockedThreads() = Thread.getAllStackTraces().values.count { stack ->
        stack.any { it.methodName.startsWith("trySendBlocking") }
    }

    @Test
    fun serverStreaming_collectorWantsNoMore_senderEnds() {
        val some = runBlocking { channel.answers(LIST, Int32Value.of(MESSAGES)).take(10).toList() }
        assertEquals((1..10).map { "$it" }, some.map { it.value.trim() })
        awaitUntil("the sender has ended") { !sender.get().isAlive }
        assertTrue(sent.get() < FEW)
    }

    @Test
    fun serverStreaming_serverFails_flowFailsAfterTheMessages() {
        val some = ArrayList<StringValue>()
        val failure = assertThrows(StatusRuntimeException::class.java) {
            runBlocking { channel.answers(FAIL, Int32Value.of(100)).onEach { delay(1.milliseconds) }.toList(some) }
        }
        assertEquals(Status.Code.NOT_FOUND, failure.status.code)
        assertEquals(100, some.size)
    }

    @Test
    fun clientStreaming_serverRefuses_sendFails() {
        val unknown = method(MethodType.CLIENT_STREAMING, "unknown", StringValue.getDefaultInstance(), NUMBER)
        val failure = assertThrows(StatusRuntimeException::class.java) {
            runBlocking { channel.send(messages(MESSAGES).asFlow(), unknown) }
        }
        assertEquals(Status.Code.UNIMPLEMENTED, failure.status.code)
    }

    private companion object {
        const val MESSAGES = 10_000
        const val MESSAGE_BYTES = 1_000
        const val WINDOW = 65_535
        const val FEW = 500
        const val CLIENT_THREADS = 2
        val LONG_WAIT = TimeUnit.MILLISECONDS.toNanos(200)
        const val SERVICE = "parcels"
        val IDLE = setOf(Thread.State.WAITING, Thread.State.TERMINATED)

        val NUMBER: Int32Value = Int32Value.getDefaultInstance()
        val TEXT: StringValue = StringValue.getDefaultInstance()
        val LIST = method(MethodType.SERVER_STREAMING, "list", NUMBER, TEXT)
        val USUAL_LIST = method(MethodType.SERVER_STREAMING, "usualList", NUMBER, TEXT)
        val FAIL = method(MethodType.SERVER_STREAMING, "fail", NUMBER, TEXT)
        val STORE = method(MethodType.CLIENT_STREAMING, "store", TEXT, NUMBER)
        val ECHO = method(MethodType.UNARY, "echo", TEXT, TEXT)

        fun <Q : Message, A : Message> method(type: MethodType, name: String, question: Q, answer: A) =
            MethodDescriptor.newBuilder(ProtoUtils.marshaller(question), ProtoUtils.marshaller(answer))
                .setType(type)
                .setFullMethodName("$SERVICE/$name")
                .build()
    }
}
