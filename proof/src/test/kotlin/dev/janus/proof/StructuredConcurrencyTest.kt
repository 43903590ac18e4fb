package dev.janus.proof

import dev.janus.JanusQueue
import dev.janus.QueueSelect
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.condition.EnabledForJreRange
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import java.lang.reflect.InvocationTargetException
import java.lang.reflect.Method
import java.util.concurrent.Callable
import java.util.concurrent.TimeUnit.DAYS

/** Calls that wait in the subtasks of a scope, which interrupts them when one of the others fails. */
@EnabledForJreRange(minVersion = 25)
class StructuredConcurrencyTest {
    private val queue = JanusQueue.fifo<Int>(1)

    enum class Call(val takes: Boolean, val call: (JanusQueue<Int>) -> Any?) {
        TAKE(true, { it.sync().take() }),
        TIMED_POLL(true, { it.sync().poll(1, DAYS) }),
        BATCH(true, { it.sync().takeBatch(2) }),
        LEASE(true, { it.sync().takeLease() }),
        SELECT(true, { queue -> QueueSelect.first(queue) { it }.or(JanusQueue.unbounded<Int>()) { it }.select() }),
        PUT(false, { it.sync().put(1) }),
        TIMED_OFFER(false, { it.sync().offer(1, 1, DAYS) }),
        PUT_ALL(false, { it.sync().putAll(listOf(1)) }),
        JOIN(false, { it.sync().join() }),
    }

    @ParameterizedTest
    @EnumSource
    fun subtask_anotherFails_endsInterruptedWithoutAnElement(call: Call) {
        if (!call.takes) queue.sync().put(0)

        val failure = assertThrows(IllegalStateException::class.java) {
            Scope().use { scope ->
                repeat(WAITING) { scope.fork { call.call(queue) } }
                awaitUntil("calls that wait") { waiting() == WAITING }
                scope.fork { error("failed") }
                scope.join()
            }
        }

        assertEquals("failed", failure.message)
        assertEquals(if (call.takes) null else 0, queue.sync().poll())
        assertEquals(null, queue.sync().poll())
        assertNothingPending(queue)
    }

    @Test
    fun subtasks_handOverToEachOther_joinReturnsAfterAll() {
        var sum = 0
        Scope().use { scope ->
            scope.fork { repeat(1_000) { queue.sync().put(it) } }
            scope.fork { repeat(1_000) { sum += queue.sync().take() } }
            scope.join()
        }
        assertEquals((0 until 1_000).sum(), sum)
    }

    private fun waiting() = with(queue.stats()) { waitingTakeThreads() + waitingPutThreads() + waitingJoins() }

    /** The scope is a preview in Java 25, so it is called by reflection. */
    private class Scope : AutoCloseable {
        private val scope = method("open").invoke(null)

        fun fork(task: () -> Any?) {
            method("fork", Callable::class.java).invoke(scope, Callable { task() })
        }

        /** Waits for the subtasks. Throws the exception of the first that failed. */
        fun join() {
            try {
                method("join").invoke(scope)
            } catch (e: InvocationTargetException) {
                throw e.targetException.cause ?: e.targetException
            }
        }

        override fun close() {
            method("close").invoke(scope)
        }

        private fun method(name: String, vararg parameters: Class<*>): Method =
            Class.forName("java.util.concurrent.StructuredTaskScope").getMethod(name, *parameters)
    }

    private companion object {
        const val WAITING = 20
    }
}
