package dev.janus

import dev.janus.fixtures.Refusal
import dev.janus.fixtures.RefusingDispatcher
import dev.janus.fixtures.Running
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.inThread
import dev.janus.fixtures.reportedWhile
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.launch
import kotlinx.coroutines.selects.select
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import java.util.concurrent.Executors

/** A select that was chosen and whose dispatcher will not run it: what it had claimed goes to the next in line. */
internal class SelectWithoutDispatcherTest {
    @Test
    fun onReceive_dispatcherRefusesTheChosenSelect_elementGoesToTheNext() {
        val queue = JanusQueue.fifo<Int>(1)
        val refused = CoroutineScope(RefusingDispatcher()).begun { select { queue.async().onReceive { } } }
        val next = inThread { queue.sync().take() }
        awaitUntil("both wait") { queue.stats().run { waitingTakeCoroutines() + waitingTakeThreads() } == 2 }

        val failures = reportedWhile { queue.sync().put(7) }

        assertEquals(7, next.await().value)
        refused.assertGoesOn()
        assertTrue(failures.single().let { it is Refusal || it.cause is Refusal }, "$failures")
        assertNothingPending(queue)
    }

    @Test
    fun onSend_dispatcherRefusesTheChosenSelect_roomGoesToTheNext() {
        val queue = JanusQueue.fifo<Int>(1).also { it.sync().put(0) }
        val refused = CoroutineScope(RefusingDispatcher()).begun { select { queue.async().onSend(1) { } } }
        val next = inThread { queue.sync().put(2) }
        awaitUntil("both wait") { queue.stats().run { waitingPutCoroutines() + waitingPutThreads() } == 2 }

        val failures = reportedWhile { assertEquals(0, queue.sync().take()) }

        next.await().value
        refused.assertGoesOn()
        assertTrue(failures.single().let { it is Refusal || it.cause is Refusal }, "$failures")
        assertEquals(listOf(2), queue.sync().toList())
        assertNothingPending(queue)
    }

    @ParameterizedTest
    @EnumSource(names = ["ON_RECEIVE", "ON_RECEIVE_TIMED", "ON_SEND", "ON_SEND_TIMED"])
    fun select_executorIsShutDown_claimGoesToTheNext(call: WaitingCall) = onStage(WaitingStage(call.side)) {
        val executor = Executors.newSingleThreadExecutor()
        val homeless = start(call, dispatcher = executor.asCoroutineDispatcher())
        val next = start(WaitingCall.of(CallerKind.THREAD, side))
        executor.shutdown()
        grant()
        assertEquals(CallOutcome.DONE, next.awaitOutcome())
        assertEquals(CallOutcome.GAVE_UP, homeless.awaitOutcome())
    }

    private fun CoroutineScope.begun(block: suspend () -> Unit): Running<Unit> {
        val running = Running<Unit>()
        launch(start = CoroutineStart.UNDISPATCHED) { running.end(runCatching { block() }) }
        return running
    }
}
