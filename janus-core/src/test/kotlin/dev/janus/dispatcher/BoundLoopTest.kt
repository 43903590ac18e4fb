package dev.janus.dispatcher

import dev.janus.JanusQueue
import dev.janus.fixtures.InlineDispatcher
import dev.janus.fixtures.LoopKind
import dev.janus.fixtures.MainStandIn
import dev.janus.fixtures.ManualDispatcher
import dev.janus.fixtures.OpenLoop
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.assertRefusal
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.begin
import dev.janus.fixtures.failure
import dev.janus.fixtures.queueOfOne
import dev.janus.fixtures.running
import dev.janus.fixtures.waiting
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.resetMain
import kotlinx.coroutines.test.setMain
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.concurrent.Executor
import java.util.concurrent.Executors
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlin.coroutines.CoroutineContext

/** Which dispatchers belong to the loop that a queue is bound to. */
@OptIn(ExperimentalCoroutinesApi::class)
internal class BoundLoopTest {
    private val loop = OpenLoop(LoopKind.EXECUTOR)
    private val queues = ArrayList<JanusQueue<Int>>()

    @AfterEach
    fun nothingIsPending() {
        loop.close()
        queues.forEach(::assertNothingPending)
    }

    private fun boundTo(dispatcher: CoroutineDispatcher) = queueOfOne { boundTo(dispatcher) }.also { queues += it }

    private fun JanusQueue<Int>.assertAccepts(dispatcher: CoroutineDispatcher) {
        CoroutineScope(dispatcher).running { async().send(1) }.await().value
        assertEquals(1, sync().poll())
    }

    private fun JanusQueue<Int>.assertRefuses(dispatcher: CoroutineDispatcher, bound: CoroutineDispatcher) {
        val refused = CoroutineScope(dispatcher).running { async().send(1) }.await()
        assertRefusal(refused.failure(), dispatcher, bound)
        assertNull(sync().poll())
    }

    @Test
    fun callsThatNeverWait_fromAnywhere_areAccepted() {
        val queue = boundTo(loop.dispatcher)
        val other = ManualDispatcher()
        val seen = LinkedBlockingQueue<Int>()
        val calls =
            other.begin {
                assertTrue(queue.async().trySend(1))
                assertEquals(1, queue.async().tryReceive())
                queue.async().taskDone()
                queue.async().onReceive
                queue.async().onReceiveCatching
                queue.async().onSend
                listOf(queue.async().sendAsync(2), queue.async().joinAsync(), queue.async().receiveAsync())
            }

        val (sent, joined, received) = calls.value
        sent.get(20, TimeUnit.SECONDS)
        assertEquals(2, received.get(20, TimeUnit.SECONDS))
        queue.async().taskDone()
        joined.get(20, TimeUnit.SECONDS)
        queue.async().subscribe(seen::add) {}.use {
            assertTrue(queue.async().trySend(3))
            assertEquals(3, seen.poll(20, TimeUnit.SECONDS))
        }
        awaitUntil("the subscription's end") { waiting(queue) == 0 }
    }

    @Test
    fun boundTo_unconfined_isIllegalArgument() {
        val thrown =
            assertThrows(IllegalArgumentException::class.java) { queueOfOne { boundTo(Dispatchers.Unconfined) } }
        assertTrue("Unconfined" in thrown.message!!, thrown.message)
    }

    @Test
    fun toString_bound_namesTheLoop() = assertTrue("bound to ${loop.dispatcher}" in boundTo(loop.dispatcher).toString())

    @Test
    fun main_andItsImmediate_areOneLoop() {
        OpenLoop(LoopKind.MAIN).use { main ->
            listOf(Dispatchers.Main, Dispatchers.Main.immediate).forEach { bound ->
                val queue = boundTo(bound)
                queue.assertAccepts(Dispatchers.Main)
                queue.assertAccepts(Dispatchers.Main.immediate)
                main.run { queue.async().send(1) }
                assertEquals(1, queue.sync().poll())
                queue.assertRefuses(loop.dispatcher, bound)
                queue.assertRefuses(Dispatchers.Default, bound)
            }
        }
    }

    @Test
    fun mainOfYourOwn_andItsImmediate_areOneLoopAndTwoAreNot() {
        MainStandIn().use { main ->
            MainStandIn().use { secondMain ->
                listOf(main, main.immediate).forEach { bound ->
                    val queue = boundTo(bound)
                    queue.assertAccepts(main)
                    queue.assertAccepts(main.immediate)
                    queue.assertRefuses(secondMain, bound)
                    queue.assertRefuses(secondMain.immediate, bound)
                }
            }
        }
    }

    @Test
    fun main_withATestDispatcher_isOneLoop() {
        val scheduled = StandardTestDispatcher()
        Dispatchers.setMain(scheduled)
        try {
            val queue = boundTo(Dispatchers.Main)
            listOf(Dispatchers.Main, Dispatchers.Main.immediate).forEach { dispatcher ->
                val sending = CoroutineScope(dispatcher).running { queue.async().send(1) }
                scheduled.scheduler.runCurrent()
                sending.value
                assertEquals(1, queue.sync().poll())
            }
            queue.assertRefuses(loop.dispatcher, Dispatchers.Main)
        } finally {
            Dispatchers.resetMain()
        }
    }

    @Test
    fun main_setAfterTheQueueWasBound_isTheLoop() {
        val queue = boundTo(Dispatchers.Main)
        repeat(2) {
            OpenLoop(LoopKind.MAIN).use {
                queue.assertAccepts(Dispatchers.Main)
                queue.assertAccepts(Dispatchers.Main.immediate)
                queue.assertRefuses(loop.dispatcher, Dispatchers.Main)
            }
        }
    }

    @Test
    fun views_ofALoopOfOneThread_belongToIt() {
        val queue = boundTo(loop.dispatcher)
        queue.assertAccepts(loop.dispatcher)
        queue.assertAccepts(loop.dispatcher.limitedParallelism(1))
    }

    @Test
    fun view_ofDefault_isRefused() {
        val queue = boundTo(Dispatchers.Default)
        queue.assertAccepts(Dispatchers.Default)
        val view = Dispatchers.Default.limitedParallelism(1)
        if (view != Dispatchers.Default) { // on a machine where it is no view
            queue.assertRefuses(view, Dispatchers.Default)
        }
        queue.assertRefuses(Dispatchers.IO, Dispatchers.Default)
        queue.assertRefuses(Dispatchers.IO.limitedParallelism(1), Dispatchers.Default)
    }

    @Test
    fun view_boundTo_isALoopOfItsOwn() {
        val view = Dispatchers.IO.limitedParallelism(3)
        val queue = boundTo(view)
        queue.assertAccepts(view)
        queue.assertRefuses(Dispatchers.IO, view)
        queue.assertRefuses(Dispatchers.IO.limitedParallelism(3), view)
        queue.assertRefuses(view.limitedParallelism(2), view)
    }

    @Test
    fun view_onAThreadThatIsNotKnown_isRefused() {
        val dispatcher = NewThreads().asCoroutineDispatcher()
        val queue = boundTo(dispatcher)
        queue.assertAccepts(dispatcher)
        queue.assertRefuses(dispatcher.limitedParallelism(2), dispatcher)
    }

    @Test
    fun dispatchers_ofOneExecutor_areOneLoop() {
        val pool = Executors.newFixedThreadPool(3)
        val single = Executors.newSingleThreadExecutor()
        listOf(pool, single, NewThreads()).forEach { executor ->
            val bound = executor.asCoroutineDispatcher()
            val queue = boundTo(bound)
            queue.assertAccepts(executor.asCoroutineDispatcher())
            queue.assertRefuses(loop.dispatcher, bound)
        }
        pool.shutdown()
        single.shutdown()
    }

    @Test
    fun dispatchers_thatAreEqual_areOneLoop() {
        val bound = Numbered(1)
        val queue = boundTo(bound)
        queue.assertAccepts(bound)
        queue.assertAccepts(Numbered(1))
        queue.assertRefuses(Numbered(2), bound)
    }

    @Test
    fun otherLoop_withTheNameOfTheLoopOrOfAView_isRefused() {
        val bound = Named("loop")
        val queue = boundTo(bound)
        queue.assertAccepts(bound)
        listOf("loop", "loop2", "loop.other", "loop.limitedParallelism(2)", "a loop").forEach { name ->
            Named(name).use { queue.assertRefuses(it, bound) }
        }
        bound.close()
    }

    @Test
    fun refusal_bothHaveTheSameName_saysHowTheyDiffer() {
        val bound = Named("loop")
        val other = Named("loop")
        val refused = CoroutineScope(other).running { boundTo(bound).async().send(1) }.await().failure()
        assertRefusal(refused, identityOf(bound), identityOf(other))
        bound.close()
        other.close()
    }

    @Test
    fun refusal_theNamesDiffer_isShort() {
        val queue = boundTo(loop.dispatcher)
        val refused = CoroutineScope(Dispatchers.Default).running { queue.async().send(1) }.await().failure()
        assertFalse(identityOf(Dispatchers.Default) in refused!!.message!!, refused.message)
    }

    private fun identityOf(dispatcher: CoroutineDispatcher) =
        "${dispatcher.javaClass.name}@${Integer.toHexString(System.identityHashCode(dispatcher))}"

    @Test
    fun coroutine_startedUndispatched_isAcceptedWhereItIs() {
        val queue = boundTo(loop.dispatcher)
        CoroutineScope(loop.dispatcher).launch(start = CoroutineStart.UNDISPATCHED) { queue.async().send(1) }
        assertEquals(1, queue.sync().poll())
        // The thread has not become the loop's.
        queue.assertRefuses(InlineDispatcher(), loop.dispatcher)
    }

    /** With a thread and a name of its own. */
    private class Named(private val name: String) :
        CoroutineDispatcher(),
        AutoCloseable {
        private val executor = Executors.newSingleThreadExecutor { task -> Thread(task).also { it.isDaemon = true } }

        override fun dispatch(context: CoroutineContext, block: Runnable) = executor.execute(block)

        override fun close() = executor.shutdown()

        override fun toString() = name
    }

    /** Equals those of the same number. */
    private data class Numbered(private val number: Int) : CoroutineDispatcher() {
        override fun dispatch(context: CoroutineContext, block: Runnable) = Dispatchers.Default.dispatch(context, block)
    }

    /** Tells in its name how many tasks it has had, as the thread pools of the JDK do. */
    private class NewThreads : Executor {
        private val tasks = AtomicInteger()

        override fun execute(task: Runnable) = Thread(task).also { it.isDaemon = true }.start()

        override fun toString() = "NewThreads[${tasks.incrementAndGet()}]"
    }
}
