package dev.janus.async

import dev.janus.JanusQueue
import dev.janus.QueueShutdownException
import kotlinx.coroutines.CoroutineStart.UNDISPATCHED
import kotlinx.coroutines.async
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** The stack trace of an exception that ends a wait. kotlinx recovers stack traces if assertions are on, as here. */
class StackTraceTest {
    private val reason = IllegalArgumentException("why")

    @Test
    fun receive_shutDownWhileSuspended_namesTheFunctionThatCalledIt() = assertNamed("receivesInAFunction") {
        receivesInAFunction(it)
    }

    @Test
    fun send_shutDownWhileSuspended_namesTheFunctionThatCalledIt() = assertNamed("sendsInAFunction") {
        it.async().send(0)
        sendsInAFunction(it)
    }

    @Test
    fun createCopy_always_keepsMessageAndCause() {
        val queue = JanusQueue.fifo<Int>(1)
        queue.shutdown(reason)
        val thrown = runCatching { queue.sync().take() }.exceptionOrNull() as QueueShutdownException
        val copy = thrown.createCopy()!!
        assertEquals(thrown.message, copy.message)
        assertSame(reason, copy.cause)
    }

    @Test
    fun createCopy_causeIsAnotherShutdown_isNull() {
        val queue = JanusQueue.fifo<Int>(1)
        queue.shutdown(shutdownOfAnother())
        val thrown = runCatching { queue.sync().take() }.exceptionOrNull() as QueueShutdownException
        assertNull(thrown.createCopy())
    }

    private fun shutdownOfAnother(): Throwable {
        val other = JanusQueue.fifo<Int>(1)
        other.shutdown()
        return runCatching { other.sync().take() }.exceptionOrNull()!!
    }

    private fun assertNamed(function: String, wait: suspend (JanusQueue<Int>) -> Unit) = runTest {
        val queue = JanusQueue.fifo<Int>(1)
        val failure = async(start = UNDISPATCHED) { runCatching { wait(queue) }.exceptionOrNull() }

        queue.shutdown(reason)

        val thrown = failure.await() as QueueShutdownException
        assertTrue(thrown.stackTrace.any { it.methodName == function }) { thrown.stackTraceToString() }
        assertSame(reason, thrown.cause)
    }

    private suspend fun receivesInAFunction(queue: JanusQueue<Int>) {
        val received = queue.async().receive()
        check(received < 0) // so that the call is not a tail call, which leaves no trace
    }

    private suspend fun sendsInAFunction(queue: JanusQueue<Int>) {
        queue.async().send(1)
        check(queue.isShutdown())
    }
}
