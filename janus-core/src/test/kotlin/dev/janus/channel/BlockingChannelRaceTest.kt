package dev.janus.channel

import dev.janus.BlockingChannel
import dev.janus.QueueShutdownException
import dev.janus.fixtures.Running
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.inThread
import dev.janus.fixtures.waitingIn
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.channels.Channel
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import org.junit.jupiter.params.provider.ValueSource
import java.util.concurrent.TimeUnit.HOURS
import java.util.concurrent.TimeUnit.MILLISECONDS
import java.util.concurrent.TimeUnit.NANOSECONDS
import kotlin.coroutines.Continuation
import kotlin.coroutines.intrinsics.COROUTINE_SUSPENDED
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException

/** A timeout, an interruption or a cancellation against an element: exact, by steps and by many repetitions. */
class BlockingChannelRaceTest {
    /** Full and empty at once, and answers those that wait when the test says so. */
    private class AnsweredChannel(private val channel: Channel<Int> = Channel()) : Channel<Int> by channel {
        @Volatile
        var taker: Continuation<Int>? = null

        @Volatile
        var putter: Continuation<Unit>? = null

        override suspend fun receive(): Int = suspendCoroutineUninterceptedOrReturn {
            taker = it
            COROUTINE_SUSPENDED
        }

        override suspend fun send(element: Int): Unit = suspendCoroutineUninterceptedOrReturn {
            putter = it
            COROUTINE_SUSPENDED
        }
    }

    enum class Call(val puts: Boolean, val run: (BlockingChannel<Int>) -> Any?, val done: Any?) {
        TAKE(false, { it.take() }, 7),
        POLL(false, { it.poll(1, HOURS) }, 7),
        PUT(true, { it.put(7) }, Unit),
        OFFER(true, { it.offer(7, 1, HOURS) }, true),
    }

    private val channel = AnsweredChannel()
    private val blocking = BlockingChannel.of(channel)

    /** Answers the call that waits: its element went over, or its wait was cancelled. */
    private fun answer(call: Call, served: Boolean) = when {
        !served -> waiting(call).resumeWithException(CancellationException("the wait was given up"))
        call.puts -> channel.putter!!.resume(Unit)
        else -> channel.taker!!.resume(7)
    }

    private fun waiting(call: Call): Continuation<*> = (if (call.puts) channel.putter else channel.taker)!!

    private fun <T> awaitGivingUp(running: Running<T>) = awaitUntil("a thread that waits for the channel's answer") {
        running.thread.stackTrace.any { it.methodName == "giveUp" }
    }

    @ParameterizedTest
    @EnumSource
    fun call_interruptedAndServed_returnsNormallyAndStaysInterrupted(call: Call) {
        val running = waitingIn { call.run(blocking) to Thread.interrupted() }
        running.thread.interrupt()
        awaitGivingUp(running)
        running.assertGoesOn()
        answer(call, served = true)
        assertEquals(call.done to true, running.await().value)
    }

    @ParameterizedTest
    @EnumSource
    fun call_interruptedAndNotServed_throwsInterrupted(call: Call) {
        val running = waitingIn { call.run(blocking) }
        running.thread.interrupt()
        awaitGivingUp(running)
        answer(call, served = false)
        running.await().assertThrew<InterruptedException>()
    }

    @ParameterizedTest
    @ValueSource(booleans = [true, false])
    fun poll_timeIsUp_believesTheChannel(served: Boolean) {
        val running = inThread { blocking.poll(1, MILLISECONDS) }
        awaitGivingUp(running)
        running.assertGoesOn()
        answer(Call.POLL, served)
        assertEquals(if (served) 7 else null, running.await().value)
    }

    @ParameterizedTest
    @ValueSource(booleans = [true, false])
    fun offer_timeIsUp_believesTheChannel(served: Boolean) {
        val running = inThread { blocking.offer(7, 1, MILLISECONDS) }
        awaitGivingUp(running)
        running.assertGoesOn()
        answer(Call.OFFER, served)
        assertEquals(served, running.await().value)
    }

    @ParameterizedTest
    @ValueSource(booleans = [true, false])
    fun put_channelIsClosed_believesTheChannel(served: Boolean) {
        val running = waitingIn { blocking.put(7) }
        channel.close()
        awaitGivingUp(running)
        running.assertGoesOn()
        answer(Call.PUT, served)
        if (served) running.await().value else running.await().assertThrew<QueueShutdownException>()
    }

    @ParameterizedTest
    @EnumSource
    fun call_interruptedBefore_throwsAndDoesNothing(call: Call) {
        for (capacity in listOf(0, 2)) {
            val real = Channel<Int>(capacity)
            real.trySend(1)
            val running =
                inThread {
                    Thread.currentThread().interrupt()
                    call.run(BlockingChannel.of(real))
                }
            running.await().assertThrew<InterruptedException>()
            assertEquals(if (capacity == 0) null else 1, real.tryReceive().getOrNull())
            assertNull(real.tryReceive().getOrNull())
        }
    }

    @ParameterizedTest
    @EnumSource
    fun call_interruptedWhileItWaits_throwsAndDoesNothing(call: Call) {
        val real = Channel<Int>()
        val running = waitingIn { call.run(BlockingChannel.of(real)) to "returned" }
        running.thread.interrupt()
        running.await().assertThrew<InterruptedException>()
        assertFalse(real.trySend(1).isSuccess)
        assertNull(real.tryReceive().getOrNull())
    }

    @Test
    fun iteration_interrupted_isCancelledAndStaysInterrupted() {
        val real = Channel<Int>()
        val running =
            waitingIn {
                val thrown = runCatching { BlockingChannel.of(real).iterator().next() }.exceptionOrNull()
                thrown to Thread.interrupted()
            }
        running.thread.interrupt()
        val (thrown, interrupted) = running.await().value
        assertTrue(thrown is CancellationException && interrupted, "$thrown, $interrupted")
        assertFalse(real.trySend(1).isSuccess)
    }

    @ParameterizedTest
    @ValueSource(ints = [0, 1])
    fun poll_timeOutAgainstSend_oneOfTheTwo(capacity: Int) {
        var got = 0
        race(capacity, { it.poll(1 + System.nanoTime() % 20_000, NANOSECONDS) }) { real, running ->
            val sent = real.trySend(7).isSuccess
            val polled = running.await().value
            if (polled != null) got++
            val left = real.tryReceive().getOrNull()
            assertEquals(if (sent) listOf(7) else listOf(), listOfNotNull(polled, left))
        }
        assertTrue(got > 0, "the element never came in time")
    }

    @ParameterizedTest
    @ValueSource(ints = [0, 1])
    fun take_interruptAgainstSend_oneOfTheTwo(capacity: Int) =
        race(capacity, { runCatching { it.take() } }) { real, running ->
            running.thread.interrupt()
            val sent = real.trySend(7).isSuccess
            val taken = running.await().value.getOrElse { if (it is InterruptedException) null else throw it }
            val left = real.tryReceive().getOrNull()
            assertEquals(if (sent) listOf(7) else listOf(), listOfNotNull(taken, left))
        }

    @ParameterizedTest
    @ValueSource(ints = [0, 1])
    fun take_cancelAgainstSend_nothingIsDoubled(capacity: Int) =
        race(capacity, { runCatching { it.take() } }) { real, running ->
            val cancelling = inThread { real.cancel() }
            val sent = real.trySend(7).isSuccess
            cancelling.await()
            val outcome = running.await().value
            assertTrue(outcome.getOrNull() in if (sent) listOf(7, null) else listOf(null), "$sent, $outcome")
            assertTrue(outcome.isSuccess || outcome.exceptionOrNull() is QueueShutdownException, "$outcome")
        }

    @Test
    fun offer_timeOutAgainstReceive_oneOfTheTwo() =
        race(0, { it.offer(7, 1 + System.nanoTime() % 20_000, NANOSECONDS) }) { real, running ->
            val received = real.tryReceive().getOrNull()
            assertEquals(received != null, running.await().value)
            assertNull(real.tryReceive().getOrNull())
        }

    private fun <T> race(
        capacity: Int,
        call: (BlockingChannel<Int>) -> T,
        against: (Channel<Int>, Running<T>) -> Unit,
    ) = repeat(TURNS) {
        val real = Channel<Int>(capacity)
        val running = inThread { call(BlockingChannel.of(real)) }
        while (running.thread.state == Thread.State.NEW) Thread.onSpinWait()
        repeat(it % 100) { Thread.onSpinWait() }
        against(real, running)
    }

    private companion object {
        const val TURNS = 1_000
    }
}
