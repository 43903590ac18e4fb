package dev.janus

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExecutorCoroutineDispatcher
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.MainCoroutineDispatcher
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.newSingleThreadContext
import kotlinx.coroutines.test.resetMain
import kotlinx.coroutines.test.setMain
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ExecutionException
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext

/** Stands in for the main dispatcher of a user interface: one thread, on which [immediate] needs no dispatch. */
internal class MainStandIn :
    MainCoroutineDispatcher(),
    AutoCloseable {
    @Volatile
    private var main: Thread? = null
    private val executor = Executors.newSingleThreadExecutor { task ->
        Thread(task, "main stand-in").also { main = it }
    }

    override val immediate: MainCoroutineDispatcher = Immediate()

    override fun dispatch(context: CoroutineContext, block: Runnable) = executor.execute(block)

    override fun close() = executor.shutdown()

    override fun toString() = "MainStandIn"

    private inner class Immediate : MainCoroutineDispatcher() {
        override val immediate get() = this

        override fun isDispatchNeeded(context: CoroutineContext) = Thread.currentThread() != main

        override fun dispatch(context: CoroutineContext, block: Runnable) = executor.execute(block)

        override fun toString() = "MainStandIn.immediate"
    }
}

/** The loops of one thread whose thread can be known. */
@OptIn(ExperimentalCoroutinesApi::class, DelicateCoroutinesApi::class)
internal enum class LoopKind(val open: () -> Pair<CoroutineDispatcher, () -> Unit>) {
    EXECUTOR({ closeable(Executors.newSingleThreadExecutor().asCoroutineDispatcher()) }),
    SINGLE_THREAD_CONTEXT({ closeable(newSingleThreadContext("the loop")) }),
    MAIN_STAND_IN({ MainStandIn().let { it to it::close } }),
    MAIN_STAND_IN_IMMEDIATE({ MainStandIn().let { it.immediate to it::close } }),
    MAIN(
        {
            val main = MainStandIn()
            Dispatchers.setMain(main)
            Dispatchers.Main to {
                Dispatchers.resetMain()
                main.close()
            }
        },
    ),
}

private fun closeable(dispatcher: ExecutorCoroutineDispatcher) = dispatcher to dispatcher::close

/** A loop that runs until it is closed. */
internal class OpenLoop(kind: LoopKind) : AutoCloseable {
    val dispatcher: CoroutineDispatcher
    private val close: () -> Unit
    private val thread: Thread

    init {
        val (dispatcher, close) = kind.open()
        this.dispatcher = dispatcher
        this.close = close
        thread = run { Thread.currentThread() }
    }

    fun isHere() = Thread.currentThread() == thread

    /** Begins a coroutine on the loop. */
    fun <T> begin(block: suspend () -> T): Running<T> = CoroutineScope(dispatcher).running(block)

    /** Runs the block on the loop, and returns or throws what it does. */
    fun <T> run(block: suspend () -> T): T = begin(block).await().value

    /** Begins a thread's call, as an event of the loop. */
    fun <T> post(block: () -> T): CompletableFuture<T> {
        val outcome = CompletableFuture<T>()
        dispatcher.dispatch(EmptyCoroutineContext) {
            runCatching(block).fold(outcome::complete, outcome::completeExceptionally)
        }
        return outcome
    }

    /** Runs a thread's call as an event of the loop, and returns or throws what it does. */
    fun <T> callFrom(block: () -> T): T = resultOf(post(block))

    /** Waits until something waits on the loop, and what led to it has come to its end there. */
    fun awaitWaiting(queue: JanusQueue<*>) {
        awaitState("somebody waits on the loop") { waiting(queue) == 1 }
        callFrom {}
    }

    override fun close() = close.invoke()

    companion object {
        fun <T> resultOf(outcome: CompletableFuture<T>): T = try {
            outcome.get(20, TimeUnit.SECONDS)
        } catch (e: ExecutionException) {
            throw e.cause!!
        }
    }
}
