package dev.janus.kotlin

import dev.janus.SyncQueue
import dev.janus.fixtures.MainStandIn
import dev.janus.fixtures.Running
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.inThread
import dev.janus.fixtures.running
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.cancel
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.consumeAsFlow
import kotlinx.coroutines.job
import kotlinx.coroutines.test.UnconfinedTestDispatcher
import kotlinx.coroutines.test.resetMain
import kotlinx.coroutines.test.setMain
import kotlinx.coroutines.yield
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.concurrent.Callable
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit.HOURS
import java.util.concurrent.TimeUnit.SECONDS
import kotlin.coroutines.Continuation
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext

/** `asBlockingQueue` on the threads of the scope that collects the flow. */
@OptIn(ExperimentalCoroutinesApi::class)
class AsBlockingQueueLoopTest {
    private val executor = Executors.newSingleThreadExecutor()
    private val loop = executor.asCoroutineDispatcher()
    private val source = Channel<Int>(Channel.UNLIMITED)
    private val scopes = ArrayList<CoroutineScope>()

    @AfterEach
    fun close() {
        scopes.forEach { it.cancel() }
        executor.shutdown()
    }

    private fun scopeOn(context: CoroutineContext) = CoroutineScope(context).also { scopes += it }

    private fun queueOn(context: CoroutineContext): SyncQueue<Int> =
        source.consumeAsFlow().asBlockingQueue(scopeOn(context), 2)

    private fun <T> onTheLoop(dispatcher: CoroutineDispatcher = loop, call: () -> T): Running<T> {
        val running = Running<T>()
        dispatcher.dispatch(EmptyCoroutineContext) { running.end(runCatching(call)) }
        return running.await()
    }

    /** Says which thread it is, and what to do. */
    private fun assertRefused(failure: Throwable?, dispatcher: CoroutineDispatcher) {
        assertEquals(IllegalStateException::class.java, failure?.javaClass, "$failure")
        val messages = generateSequence(failure) { it.cause }.joinToString { "${it.message}" }
        listOf("$dispatcher".substringBefore('['), "asBlockingQueue", "collect").forEach {
            assertTrue(it in messages) { "expected $it in: $messages" }
        }
    }

    @Test
    fun take_wouldWaitOnTheScopesThread_isRefusedAndNothingIsTaken() {
        val queue = queueOn(loop)
        val calls = listOf({ queue.take() }, { queue.poll(1, HOURS) }, { queue.untilShutdown().toList() })
        calls.forEach { assertRefused(onTheLoop { it() }.failure(), loop) }

        source.trySend(1)
        source.close()

        assertEquals(listOf(1), queue.untilShutdown().toList())
    }

    @Test
    fun take_wouldWaitInACoroutineOfTheScope_isRefused() {
        val scope = scopeOn(loop)
        val taken =
            scope.running {
                val queue = source.consumeAsFlow().asBlockingQueue(scope, 2)
                yield() // the thread is known when it has run something since
                queue.take()
            }
        assertRefused(taken.await().failure(), loop)
    }

    @Test
    fun take_elementIsThere_isTakenOnTheScopesThread() {
        val queue = queueOn(loop)
        source.trySend(1)
        awaitUntil("the element is there") { queue.isNotEmpty() }
        assertEquals(1, onTheLoop { queue.take() }.value)
        assertNull(onTheLoop { queue.poll() }.value)
    }

    @Test
    fun take_flowHasEnded_isNotRefused() {
        val queue = queueOn(loop)
        source.close()
        assertTrue(queue.awaitTermination(20, SECONDS))
        assertTrue(onTheLoop { queue.untilShutdown().toList() }.value.isEmpty())
    }

    @Test
    fun take_onAnotherThread_waits() = assertThreadsWait(queueOn(loop))

    @Test
    fun take_onTheMainThreadThatHasMadeTheQueue_isRefused() = MainStandIn().use { main ->
        whileMainIs(main) {
            listOf(Dispatchers.Main, Dispatchers.Main.immediate, main, main.immediate).forEach { dispatcher ->
                val taken =
                    onTheLoop(main) { Channel<Int>().consumeAsFlow().asBlockingQueue(scopeOn(dispatcher), 2).take() }
                assertRefused(taken.failure(), dispatcher)
            }
        }
    }

    @Test
    fun take_mainIsUnconfined_waits() = whileMainIs(UnconfinedTestDispatcher()) {
        assertThreadsWait(queueOn(Dispatchers.Main.immediate))
    }

    private fun whileMainIs(main: CoroutineDispatcher, test: () -> Unit) {
        Dispatchers.setMain(main)
        try {
            test()
            scopes.forEach { it.cancel() }
            awaitUntil("the end of what runs on it") { scopes.all { it.coroutineContext.job.children.none() } }
        } finally {
            Dispatchers.resetMain()
        }
    }

    @Test
    fun take_scopeIsUnconfined_waits() = assertThreadsWait(queueOn(Dispatchers.Unconfined))

    @Test
    fun take_scopeIsUnconfinedForTests_waits() = assertThreadsWait(queueOn(UnconfinedTestDispatcher()))

    @Test
    fun take_scopeHasNoDispatcher_waits() = assertThreadsWait(queueOn(EmptyCoroutineContext))

    @Test
    fun take_scopeHasAnInterceptorThatIsNoDispatcher_waits() = assertThreadsWait(queueOn(Intercepting()))

    @Test
    fun take_scopeSharesItsThreads_waitsThere() {
        listOf(Dispatchers.Default, Dispatchers.IO, Dispatchers.IO.limitedParallelism(2)).forEach { shared ->
            val elements = Channel<Int>(1)
            val queue = elements.consumeAsFlow().asBlockingQueue(scopeOn(shared), 2)
            val taken = scopeOn(shared).running { queue.take() }
            elements.trySend(1)
            assertEquals(1, taken.await().value)
        }
    }

    @Test
    fun take_onSomeOfSeveralThreadsOfTheScope_waits() = repeat(50) {
        val pool = Executors.newFixedThreadPool(3)
        val elements = Channel<Int>(Channel.UNLIMITED)
        val scope = scopeOn(pool.asCoroutineDispatcher())
        val queue = elements.consumeAsFlow().asBlockingQueue(scope, 2)
        elements.trySend(0)
        assertEquals(0, queue.take())

        val taken = List(2) { pool.submit(Callable { queue.take() }) }
        elements.trySend(1)
        elements.trySend(2)

        assertEquals(setOf(1, 2), taken.map { it.get(20, SECONDS) }.toSet())
        scope.cancel()
        pool.shutdown()
    }

    /** A thread waits, and gets what the flow emits. */
    private fun assertThreadsWait(queue: SyncQueue<Int>) {
        val taken = inThread { queue.take() }
        awaitUntil("the thread waits") { taken.isOver || taken.thread.state.name.endsWith("WAITING") }
        source.trySend(1)
        assertEquals(1, taken.await().value)
    }

    /** Runs everything where it is. */
    private class Intercepting : ContinuationInterceptor {
        override val key get() = ContinuationInterceptor

        override fun <T> interceptContinuation(continuation: Continuation<T>) = continuation
    }
}
