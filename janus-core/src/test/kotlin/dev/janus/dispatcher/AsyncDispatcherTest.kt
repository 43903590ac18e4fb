package dev.janus.dispatcher

import dev.janus.AsyncQueue
import dev.janus.JanusQueue
import dev.janus.fixtures.ManualDispatcher
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.inThread
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.asContextElement
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.TestDispatcher
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedClass
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit.HOURS
import java.util.concurrent.TimeUnit.MILLISECONDS
import java.util.concurrent.atomic.AtomicReference
import kotlin.coroutines.Continuation
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.coroutineContext
import kotlin.coroutines.startCoroutine

private val LOCAL = ThreadLocal<String>()

/** Each suspending call with each kind of dispatcher, and with none: it is resumed where it belongs. */
@OptIn(ExperimentalCoroutinesApi::class)
@ParameterizedClass
@EnumSource
class AsyncDispatcherTest(private val dispatch: Dispatch) {
    /** Where a coroutine runs: [isAtHome] says on a thread whether it is a right one, [pump] lets it run. */
    class Home(
        val dispatcher: CoroutineDispatcher?,
        val pump: () -> Unit = Thread::yield,
        val close: () -> Unit = {},
        val isAtHome: () -> Boolean = { true },
    )

    enum class Dispatch(val newHome: () -> Home) {
        DEFAULT({ Home(Dispatchers.Default) { "DefaultDispatcher-worker" in Thread.currentThread().name } }),
        UNCONFINED({ Home(Dispatchers.Unconfined) }),
        STANDARD_TEST(::standardTest),
        MANUAL(::manual),
        SINGLE_THREAD(::singleThread),
        NONE({ Home(null) }),
    }

    /** A call that must suspend after [prepare], and returns [result] after [release]. */
    enum class Call(
        val result: Any?,
        val prepare: (JanusQueue<Int>) -> Unit,
        val release: (JanusQueue<Int>) -> Unit,
        val begin: suspend (AsyncQueue<Int>) -> Any?,
    ) {
        RECEIVE(7, {}, { it.sync().put(7) }, { it.receive() }),
        TIMED_RECEIVE(7, {}, { it.sync().put(7) }, { it.receive(1, HOURS) }),
        RECEIVE_BATCH(listOf(7), {}, { it.sync().put(7) }, { it.receiveBatch(3) }),
        SEND(Unit, { it.sync().put(1) }, { it.sync().take() }, { it.send(2) }),
        TIMED_SEND(true, { it.sync().put(1) }, { it.sync().take() }, { it.send(2, 1, HOURS) }),
        SEND_ALL(Unit, { it.sync().put(1) }, { it.sync().take() }, { it.sendAll(listOf(2)) }),
        JOIN(Unit, { it.sync().put(it.sync().apply { put(1) }.take()) }, ::finishAll, { it.join() }),
        AWAIT_TERMINATION(Unit, {}, { it.shutdown() }, { it.awaitTermination() }),
    }

    private val queue = JanusQueue.fifo<Int>(1)
    private val home = dispatch.newHome()
    private val context: CoroutineContext = home.dispatcher ?: EmptyCoroutineContext

    @AfterEach
    fun nothingIsPending() {
        home.close()
        assertNothingPending(queue)
    }

    @ParameterizedTest
    @EnumSource
    fun call_suspended_isResumedAtHome(call: Call) {
        call.prepare(queue)
        val running =
            beginRaw(context) {
                val result = call.begin(queue.async())
                assertSame(home.dispatcher, coroutineContext[ContinuationInterceptor])
                assertTrue(home.isAtHome()) { "resumed on ${Thread.currentThread()}" }
                result
            }
        awaitUntil("somebody waits", home.pump) { waiters() == 1 }
        assertTrue(!running.isDone)

        call.release(queue)
        awaitUntil("the coroutine's end", home.pump) { running.isDone }

        assertEquals(call.result, running.get())
    }

    @ParameterizedTest
    @EnumSource
    fun call_suspendedWithThreadLocal_findsItAndTheWakerKeepsItsOwn(call: Call) {
        if (home.dispatcher == null) return // Without a dispatcher nobody sets context elements.
        call.prepare(queue)
        val running =
            beginRaw(context + LOCAL.asContextElement("the coroutine's")) {
                call.begin(queue.async())
                LOCAL.get()
            }
        awaitUntil("somebody waits", home.pump) { waiters() == 1 }

        LOCAL.set("the waker's")
        call.release(queue)
        awaitUntil("the coroutine's end", home.pump) { running.isDone }

        assertEquals("the coroutine's", running.get())
        assertEquals("the waker's", LOCAL.get())
        LOCAL.remove()
    }

    @ParameterizedTest
    @EnumSource
    fun call_cancelledWhileSuspended_isResumedAtHome(call: Call) {
        call.prepare(queue)
        val job = Job()
        val running =
            beginRaw(context + job) {
                runCatching { call.begin(queue.async()) }.exceptionOrNull() to home.isAtHome()
            }
        awaitUntil("somebody waits", home.pump) { waiters() == 1 }

        job.cancel()
        awaitUntil("the coroutine's end", home.pump) { running.isDone }

        val (thrown, atHome) = running.get()
        assertTrue(thrown is CancellationException) { "expected a cancellation, but it was $thrown" }
        assertTrue(atHome)
    }

    @Test
    fun timedCalls_timePasses_returnOnEveryDispatcher() {
        val receiver = beginRaw(context) { queue.async().receive(1, MILLISECONDS) }
        awaitUntil("the timeout", { advance() }) { receiver.isDone }
        assertEquals(null, receiver.get())

        queue.sync().put(1)
        val sender = beginRaw(context) { queue.async().send(2, 1, MILLISECONDS) }
        awaitUntil("the timeout", { advance() }) { sender.isDone }
        assertEquals(false, sender.get())
    }

    @Test
    fun receiver_resumed_mayWaitForAnotherThreadThatUsesTheQueue() {
        val running =
            beginRaw(context) {
                val first = queue.async().receive()
                inThread { queue.sync().put(first + 1) }.await().value
                queue.async().receive()
            }
        awaitUntil("somebody waits", home.pump) { waiters() == 1 }

        queue.sync().put(7)
        awaitUntil("the coroutine's end", home.pump) { running.isDone }

        assertEquals(8, running.get())
    }

    private fun waiters() = with(queue.stats()) { waitingTakeCoroutines() + waitingPutCoroutines() + waitingJoins() }

    private fun advance() {
        home.pump()
        (home.dispatcher as? TestDispatcher)?.scheduler?.advanceTimeBy(1)
        Thread.yield()
    }

    /** With the bare means of the language: the context is just this one, without a job. */
    private fun <T> beginRaw(context: CoroutineContext, block: suspend () -> T): CompletableFuture<T> {
        val result = CompletableFuture<T>()
        block.startCoroutine(
            Continuation(context) { outcome ->
                outcome.fold(result::complete, result::completeExceptionally)
            },
        )
        return result
    }
}

@OptIn(ExperimentalCoroutinesApi::class)
private fun standardTest(): AsyncDispatcherTest.Home {
    val dispatcher = StandardTestDispatcher()
    val runner = AtomicReference<Thread>()
    val pump = {
        runner.set(Thread.currentThread())
        dispatcher.scheduler.runCurrent()
        runner.set(null)
    }
    return AsyncDispatcherTest.Home(dispatcher, pump) { Thread.currentThread() == runner.get() }
}

private fun manual(): AsyncDispatcherTest.Home {
    val dispatcher = ManualDispatcher()
    return AsyncDispatcherTest.Home(dispatcher, dispatcher::runAll, isAtHome = dispatcher::isRunning)
}

private fun singleThread(): AsyncDispatcherTest.Home {
    val dispatcher = Executors.newSingleThreadExecutor { Thread(it, "the only thread") }.asCoroutineDispatcher()
    return AsyncDispatcherTest.Home(dispatcher, close = dispatcher::close) {
        Thread.currentThread().name.startsWith("the only thread")
    }
}

private fun finishAll(queue: JanusQueue<Int>) {
    queue.sync().take()
    repeat(2) { queue.sync().taskDone() }
}
