package dev.janus.proof

import dev.janus.JanusQueue
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.debug.DebugProbes
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import java.util.concurrent.TimeUnit.DAYS

/** What kotlinx's DebugProbes, and with them a debugger, show of a coroutine that waits in a queue. */
@OptIn(ExperimentalCoroutinesApi::class)
class DebugProbesTest {
    enum class Call(val shownAs: String, val wait: suspend (JanusQueue<Int>) -> Any?) {
        RECEIVE("receive", { it.async().receive() }),
        TIMED_RECEIVE("receive", { it.async().receive(1, DAYS) }),
        RECEIVE_BATCH("receiveBatch", { it.async().receiveBatch(2) }),
        RECEIVE_LEASE("receiveLease", { it.async().receiveLease() }),
        SEND("send", { it.filled().async().send(1) }),
        TIMED_SEND("send", { it.filled().async().send(1, 1, DAYS) }),
        SEND_ALL("sendAll", { it.async().sendAll(listOf(1, 2, 3)) }),
        JOIN("join", { it.filled().async().join() }),
        AWAIT_TERMINATION("awaitTermination", { it.async().awaitTermination() }),
    }

    @ParameterizedTest
    @EnumSource
    fun dump_coroutineWaits_showsItsCall(call: Call) = DebugProbes.withDebugProbes {
        val queue = JanusQueue.fifo<Int>(1)
        val waiting = CoroutineScope(Dispatchers.Unconfined).launch { call.wait(queue) }

        val shown = DebugProbes.dumpCoroutinesInfo().single { it.job == waiting }.lastObservedStackTrace()

        assertTrue(shown.any { it.methodName == call.shownAs }) { shown.joinToString("\n") }
        waiting.cancel()
    }

    private companion object {
        fun JanusQueue<Int>.filled() = apply { sync().offer(0) }
    }
}
