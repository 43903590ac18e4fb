package dev.janus.waiting

import dev.janus.AsyncQueue
import dev.janus.JanusQueue
import dev.janus.QueueShutdownException
import dev.janus.fixtures.Running
import dev.janus.fixtures.SteppedDispatcher
import dev.janus.fixtures.SuspendingCall
import dev.janus.fixtures.assertChangesNothing
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.beginOn
import dev.janus.fixtures.beginRaw
import dev.janus.fixtures.inThread
import dev.janus.fixtures.queueOfOne
import dev.janus.fixtures.running
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.cancel
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.withContext
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import org.junit.jupiter.params.provider.MethodSource
import java.util.concurrent.ExecutionException
import java.util.concurrent.TimeUnit.HOURS
import java.util.concurrent.atomic.AtomicInteger

/** Every suspending call of a cancelled caller throws before it does anything, also when it need not wait. */
internal class CancelledCallerTest {
    /** Calls that go on for ever in a queue that neither runs empty nor full, and move so many elements each. */
    enum class Loop(val elements: Int, val call: suspend (AsyncQueue<Int>) -> Unit) {
        RECEIVE(1, { it.receive() }),
        TIMED_RECEIVE(1, { it.receive(1, HOURS) }),
        RECEIVE_WITHOUT_TIME(1, { it.receive(0, HOURS) }),
        RECEIVE_BATCH(2, { it.receiveBatch(2) }),
        RECEIVE_LEASE(1, { it.receiveLease().done() }),
        SEND(1, { it.send(0) }),
        TIMED_SEND(1, { it.send(0, 1, HOURS) }),
        SEND_WITHOUT_TIME(1, { it.send(0, 0, HOURS) }),
        SEND_ALL(2, { it.sendAll(listOf(0, 0)) }),
        ;

        fun moved(queue: JanusQueue<*>) = with(queue.stats()) { if ("SEND" in name) accepted() - FILLING else taken() }
    }

    private val steps = SteppedDispatcher()

    /** Begins the call in a coroutine that is cancelled already. */
    private fun beginCancelled(call: suspend () -> Any?): Running<Any?> = beginOn(steps) {
        currentCoroutineContext().cancel(CancellationException("no more"))
        call()
    }.also { steps.runAll() }

    private fun endless() = JanusQueue.unbounded<Int>().also { queue -> repeat(FILLING) { queue.sync().add(it) } }

    @ParameterizedTest
    @MethodSource("calls")
    fun call_cancelledAndNeedNotWait_throwsAndChangesNothing(call: SuspendingCall) {
        assertThrowsAndChangesNothing(call, call.need.provided(queueOfOne()))
    }

    @ParameterizedTest
    @MethodSource("calls")
    fun call_cancelledAndMustWait_throwsAndChangesNothing(call: SuspendingCall) {
        assertThrowsAndChangesNothing(call, call.need.withheld(queueOfOne()))
    }

    private fun assertThrowsAndChangesNothing(call: SuspendingCall, queue: JanusQueue<Int>) {
        val caller = assertChangesNothing(queue) { beginCancelled { call.call(queue.async()) } }

        assertEquals("no more", caller.assertThrew<CancellationException>().message)
    }

    @ParameterizedTest
    @MethodSource("calls")
    fun call_contextIsOnlyACancelledJob_throwsAndChangesNothing(call: SuspendingCall) {
        val queue = call.need.provided(queueOfOne())
        val job = Job().apply { cancel() }

        val outcome = assertChangesNothing(queue) { beginRaw(job) { call.call(queue.async()) } }

        assertTrue(outcome.isDone)
        val thrown = runCatching { outcome.get() }.exceptionOrNull()
        val cancellation = if (thrown is ExecutionException) thrown.cause else thrown
        assertInstanceOf(CancellationException::class.java, cancellation)
    }

    @ParameterizedTest
    @MethodSource("calls")
    fun call_cancelledButNotCancellable_isDone(call: SuspendingCall) {
        val queue = call.need.provided(queueOfOne())

        beginCancelled { withContext(NonCancellable) { call.call(queue.async()) } }.value
    }

    @ParameterizedTest
    @EnumSource
    fun call_cancelledWithoutTimeOrForSeveral_throwsAndChangesNothing(loop: Loop) {
        val queue = endless()

        val caller = assertChangesNothing(queue) { beginCancelled { loop.call(queue.async()) } }

        caller.assertThrew<CancellationException>()
    }

    @ParameterizedTest
    @EnumSource
    fun call_cancelledAndShutDown_throwsThatItIsCancelled(loop: Loop) {
        val queue = JanusQueue.fifo<Int>(1)
        queue.shutdown()

        beginCancelled { loop.call(queue.async()) }.assertThrew<CancellationException>()
    }

    @ParameterizedTest
    @EnumSource(names = ["SEND", "TIMED_SEND", "SEND_WITHOUT_TIME", "SEND_ALL"])
    fun send_cancelledAndAThreadWaits_handsNothingOver(loop: Loop) {
        val queue = JanusQueue.fifo<Int>(0)
        val taker = Running.startTake(queue) { queue.sync().take() }

        beginCancelled { loop.call(queue.async()) }.assertThrew<CancellationException>()

        assertEquals(1, queue.stats().waitingTakeThreads())
        assertTrue(queue.sync().offer(7))
        assertEquals(7, taker.result())
        assertNothingPending(queue)
    }

    @ParameterizedTest
    @EnumSource(names = ["RECEIVE", "TIMED_RECEIVE", "RECEIVE_WITHOUT_TIME", "RECEIVE_BATCH", "RECEIVE_LEASE"])
    fun receive_cancelledAndAThreadWaitsToPut_takesNothing(loop: Loop) {
        val queue = JanusQueue.fifo<Int>(0)
        val putter = Running.startPut(queue) { queue.sync().put(7) }

        beginCancelled { loop.call(queue.async()) }.assertThrew<CancellationException>()

        assertEquals(1, queue.stats().waitingPutThreads())
        assertEquals(7, queue.sync().poll())
        putter.result()
        assertNothingPending(queue)
    }

    @Test
    fun callsThatTry_cancelled_doNotLook() {
        val queue = JanusQueue.fifo<Int>(1)

        val caller = beginCancelled { queue.async().trySend(7) to queue.async().tryReceive() }

        assertEquals(true to 7, caller.value)
        assertNull(queue.sync().poll())
    }

    @ParameterizedTest
    @EnumSource
    fun loop_cancelledBetweenTwoCalls_endsWithTheNextOne(loop: Loop) {
        val queue = endless()

        val caller =
            beginOn(steps) {
                repeat(100) { call ->
                    if (call == 9) currentCoroutineContext().cancel()
                    loop.call(queue.async())
                }
            }
        steps.runAll()

        caller.assertThrew<CancellationException>()
        assertEquals(9L * loop.elements, loop.moved(queue))
    }

    @ParameterizedTest
    @EnumSource
    fun loop_cancelledByAnotherThread_endsWithTheCallThatHasBegun(loop: Loop) {
        val queue = endless()
        val begun = AtomicInteger()
        val caller =
            CoroutineScope(Dispatchers.Default).running {
                while (begun.get() * loop.elements < FILLING - 10) {
                    begun.incrementAndGet()
                    loop.call(queue.async())
                }
            }
        awaitUntil("it is at work") { begun.get() > 100 }

        caller.job.cancel()
        val begunBefore = begun.get()

        caller.await().assertThrew<CancellationException>()
        val callsDone = loop.moved(queue) / loop.elements
        assertTrue(callsDone <= begunBefore) { "${callsDone - begunBefore} calls went on after the cancellation" }
    }

    @Test
    fun receiveLoop_producerNeverPauses_endsWithTheCallThatHasBegun() {
        val queue = JanusQueue.fifo<Int>(64)
        val producer =
            inThread {
                try {
                    while (true) queue.sync().put(0)
                } catch (_: QueueShutdownException) {
                    // the test is over
                }
            }
        repeat(20) {
            val received = AtomicInteger()
            val caller =
                CoroutineScope(Dispatchers.Default).running {
                    while (received.get() < FILLING) {
                        queue.async().receive()
                        received.incrementAndGet()
                    }
                }
            awaitUntil("it is at work") { received.get() > 100 }

            caller.job.cancel()
            val before = received.get()

            caller.await().assertThrew<CancellationException>()
            assertTrue(received.get() <= before + 1) { "${received.get() - before} elements after the cancellation" }
        }
        queue.shutdownNow()
        producer.await().value
    }

    private companion object {
        const val FILLING = 50_000

        /** The clauses of a select are kotlinx's to look at. */
        @JvmStatic
        fun calls() = SuspendingCall.entries.filterNot { it.name.startsWith("ON_") }
    }
}
