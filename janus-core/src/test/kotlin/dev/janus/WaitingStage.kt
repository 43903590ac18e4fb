package dev.janus

import dev.janus.fixtures.SteppedDispatcher
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.selects.onTimeout
import kotlinx.coroutines.selects.select
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.TimeUnit.MILLISECONDS
import java.util.concurrent.atomic.AtomicInteger

/** What is waited for: an element, room, the end of the work, or the end of the queue. */
internal enum class Side { TAKERS, PUTTERS, JOINERS, AWAITERS }

/** The ways out of a wait. */
internal enum class Way {
    GRANTED,
    TIMED_OUT,
    GIVEN_UP,
    SHUT_DOWN,
    ;

    /** Whether the caller goes by itself, and is not let go by another. */
    val leaves get() = this == TIMED_OUT || this == GIVEN_UP

    fun strike(caller: SteppedCaller) = if (this == TIMED_OUT) caller.timeOut() else caller.giveUp()
}

/** How a call waits: for the element or room itself, for whichever of several clauses is ready first, or for a lease. */
internal enum class Style { PLAIN, SELECT, LEASE }

/** Every call that may wait. */
internal enum class WaitingCall(
    val kind: CallerKind,
    val side: Side,
    val timed: Boolean = false,
    val batch: Int = 1,
    val style: Style = Style.PLAIN,
) {
    TAKE(CallerKind.THREAD, Side.TAKERS),
    POLL(CallerKind.THREAD, Side.TAKERS, timed = true),
    TAKE_BATCH(CallerKind.THREAD, Side.TAKERS),
    RECEIVE(CallerKind.COROUTINE, Side.TAKERS),
    RECEIVE_TIMED(CallerKind.COROUTINE, Side.TAKERS, timed = true),
    RECEIVE_BATCH(CallerKind.COROUTINE, Side.TAKERS),
    PUT(CallerKind.THREAD, Side.PUTTERS),
    OFFER(CallerKind.THREAD, Side.PUTTERS, timed = true),
    PUT_ALL(CallerKind.THREAD, Side.PUTTERS, batch = 2),
    SEND(CallerKind.COROUTINE, Side.PUTTERS),
    SEND_TIMED(CallerKind.COROUTINE, Side.PUTTERS, timed = true),
    SEND_ALL(CallerKind.COROUTINE, Side.PUTTERS, batch = 2),
    JOIN(CallerKind.THREAD, Side.JOINERS),
    JOIN_TIMED(CallerKind.THREAD, Side.JOINERS, timed = true),
    JOIN_SUSPENDING(CallerKind.COROUTINE, Side.JOINERS),
    AWAIT_TERMINATION(CallerKind.THREAD, Side.AWAITERS, timed = true),
    AWAIT_TERMINATION_SUSPENDING(CallerKind.COROUTINE, Side.AWAITERS),
    QUEUE_SELECT(CallerKind.THREAD, Side.TAKERS, style = Style.SELECT),
    QUEUE_SELECT_TIMED(CallerKind.THREAD, Side.TAKERS, timed = true, style = Style.SELECT),
    ON_RECEIVE(CallerKind.COROUTINE, Side.TAKERS, style = Style.SELECT),
    ON_RECEIVE_TIMED(CallerKind.COROUTINE, Side.TAKERS, timed = true, style = Style.SELECT),
    ON_SEND(CallerKind.COROUTINE, Side.PUTTERS, style = Style.SELECT),
    ON_SEND_TIMED(CallerKind.COROUTINE, Side.PUTTERS, timed = true, style = Style.SELECT),
    TAKE_LEASE(CallerKind.THREAD, Side.TAKERS, style = Style.LEASE),
    RECEIVE_LEASE(CallerKind.COROUTINE, Side.TAKERS, style = Style.LEASE),
    ;

    companion object {
        /** The plain call, or the timed one. */
        fun of(kind: CallerKind, side: Side, timed: Boolean = false) = find(kind, side, timed, Style.PLAIN)!!

        /** The call for one element, if there is one: a thread cannot select to put, and nobody waits for a lease in time. */
        fun find(kind: CallerKind, side: Side, timed: Boolean, style: Style) = entries.firstOrNull {
            it.kind == kind && it.side == side && it.timed == timed && it.style == style && it.batch == 1
        }
    }
}

/**
 * A queue on which callers of the given side have to wait (empty for takers, full for all others), the
 * callers, and a ledger of the elements.
 */
@OptIn(ExperimentalCoroutinesApi::class)
internal class WaitingStage(
    val side: Side,
    capacity: Int = 2,
    val queue: JanusQueue<Int> = JanusQueue.fifo(capacity),
) {
    val buffer: Buffer<Int> = bufferOf(queue)
    val accepted = ConcurrentLinkedQueue<Int>()
    val taken = ConcurrentLinkedQueue<Int>()
    val removed = ConcurrentLinkedQueue<Int>()
    private val callers = ConcurrentLinkedQueue<SteppedCaller>()

    /** These stand beside the queue in a select: from the one nothing can be taken, into the other nothing can be put. */
    private val empty: JanusQueue<Int> = JanusQueue.fifo(1)
    private val full: JanusQueue<Int> = JanusQueue.fifo<Int>(1).also { it.sync().put(0) }
    private val elements = AtomicInteger()

    init {
        if (side != Side.TAKERS) repeat(capacity) { offer() }
    }

    /** Starts a call, and returns when it waits (or has ended, if its time was short). */
    fun start(
        call: WaitingCall,
        millis: Long = LONG_MILLIS,
        dispatcher: CoroutineDispatcher = SteppedDispatcher(),
        givenUpBefore: Boolean = false,
        afterwards: () -> Unit = {},
    ): SteppedCaller {
        val put = if (call.side == Side.PUTTERS) List(call.batch) { elements.incrementAndGet() } else listOf()
        val onDone: (Any?) -> Unit = {
            accepted += put
            if (call.side == Side.TAKERS) taken += (it as? List<*> ?: listOf(it)).map { element -> element as Int }
        }
        val caller =
            when (call.kind) {
                CallerKind.THREAD -> ThreadCaller(millis, givenUpBefore, onDone) { block(call, put, millis) }

                CallerKind.COROUTINE -> CoroutineCaller(dispatcher, givenUpBefore, onDone, afterwards) {
                    suspendIn(call, put)
                }
            }
        callers += caller
        awaitUntil("$call waits, but it is $caller") { caller.isParked || caller.outcome != null }
        return caller
    }

    private fun block(call: WaitingCall, put: List<Int>, millis: Long): Any? = when (call) {
        WaitingCall.TAKE -> queue.sync().take()
        WaitingCall.POLL -> queue.sync().poll(millis, MILLISECONDS)
        WaitingCall.TAKE_BATCH -> queue.sync().takeBatch(2)
        WaitingCall.QUEUE_SELECT -> QueueSelect.first(queue) { it }.select()
        WaitingCall.QUEUE_SELECT_TIMED -> QueueSelect.first(queue) { it }.select(millis, MILLISECONDS)
        WaitingCall.TAKE_LEASE -> queue.sync().takeLease().kept()
        WaitingCall.PUT -> queue.sync().put(put[0])
        WaitingCall.OFFER -> queue.sync().offer(put[0], millis, MILLISECONDS)
        WaitingCall.PUT_ALL -> queue.sync().putAll(put)
        WaitingCall.JOIN -> queue.sync().join()
        WaitingCall.JOIN_TIMED -> queue.sync().join(millis, MILLISECONDS)
        WaitingCall.AWAIT_TERMINATION -> queue.sync().awaitTermination(millis, MILLISECONDS)
        else -> error("$call does not block")
    }

    private suspend fun suspendIn(call: WaitingCall, put: List<Int>): Any? = when (call) {
        WaitingCall.RECEIVE -> queue.async().receive()
        WaitingCall.RECEIVE_TIMED -> queue.async().receive(LONG_MILLIS, MILLISECONDS)
        WaitingCall.RECEIVE_BATCH -> queue.async().receiveBatch(2)
        WaitingCall.RECEIVE_LEASE -> queue.async().receiveLease().kept()
        WaitingCall.ON_RECEIVE, WaitingCall.ON_RECEIVE_TIMED -> selectReceive(call.timed)
        WaitingCall.ON_SEND, WaitingCall.ON_SEND_TIMED -> selectSend(call.timed, put[0])
        WaitingCall.SEND -> queue.async().send(put[0])
        WaitingCall.SEND_TIMED -> queue.async().send(put[0], LONG_MILLIS, MILLISECONDS)
        WaitingCall.SEND_ALL -> queue.async().sendAll(put)
        WaitingCall.JOIN_SUSPENDING -> queue.async().join()
        WaitingCall.AWAIT_TERMINATION_SUSPENDING -> queue.async().awaitTermination()
        else -> error("$call does not suspend")
    }

    private fun Lease<Int>.kept(): Int = element().also { keep() }

    /** Tells an end of the queue from its failure as the timed calls do. */
    private suspend fun selectReceive(timed: Boolean): Int? = select {
        empty.async().onReceive { it }
        if (timed) {
            queue.async().onReceiveCatching { it.getOrNull() }
            onTimeout(LONG_MILLIS) { null }
        } else {
            queue.async().onReceive { it }
        }
    }

    private suspend fun selectSend(timed: Boolean, element: Int): Boolean = select {
        full.async().onSend(element) { false }
        queue.async().onSend(element) { true }
        if (timed) onTimeout(LONG_MILLIS) { false }
    }

    /** Puts the next element in without waiting. */
    fun offer(): Int {
        val element = elements.incrementAndGet()
        assertTrue(queue.sync().offer(element), "no room for $element: $queue")
        accepted += element
        return element
    }

    /** Takes an element without waiting. */
    fun poll(): Int? = queue.sync().poll()?.also { taken += it }

    /** Does all of it in one locked step, so that what it wakes is woken together. */
    fun inOneStep(step: () -> Unit) {
        buffer.lock()
        try {
            step()
        } finally {
            buffer.settleAndUnlock()
        }
    }

    /** Adds as many elements for takers, or makes as much room for putters; the lock is held. */
    fun grantLocked(count: Int) = repeat(count) {
        if (side == Side.TAKERS) {
            val element = elements.incrementAndGet()
            assertTrue(buffer.putLocked(element, false, false))
            accepted += element
        } else {
            taken += buffer.takeLocked(false)!!
        }
    }

    fun grant(count: Int = 1) = inOneStep { grantLocked(count) }

    fun shutDownLocked() = buffer.shutdown.refusePutsLocked(null)

    /** How many wait on this side without a grant; the lock is held. */
    fun waitingLocked() = (if (side == Side.TAKERS) buffer.notEmpty else buffer.notFull).waitingLocked()

    fun waiting(): Int = queue.stats().run { waitingTakeThreads() + waitingTakeCoroutines() + waitingPuts() }

    private fun QueueStats.waitingPuts() = waitingPutThreads() + waitingPutCoroutines()

    /** This caller was meant to fail. */
    fun forgive(caller: SteppedCaller) = callers.remove(caller)

    /** Nobody waits, nothing is reserved, and every element is accounted for exactly once. */
    fun check() {
        callers.forEach { caller ->
            assertTrue(caller.outcome != null, "left over: $caller")
            if (caller.outcome == CallOutcome.FAILED) throw AssertionError("$caller", caller.failure)
        }
        listOf(empty, full).forEach(::assertNothingPending)
        val stats = queue.stats()
        assertEquals(0, waiting() + stats.waitingJoins(), "waiters left over: $stats")
        assertEquals(0, stats.reservedElements() + stats.reservedSlots(), "reservations left over: $stats")
        assertEquals(0, buffer.allDone.grants + buffer.terminated.grants, "grants left over")
        assertEquals(
            stats.accepted(),
            stats.taken() + stats.removed() + stats.size() + stats.reservedElements(),
            "$stats",
        )
        assertEquals(accepted.size.toLong(), stats.accepted(), "accepted: $stats")
        assertEquals(taken.size.toLong(), stats.taken(), "taken: $stats")
        assertEquals(removed.size.toLong(), stats.removed(), "removed: $stats")
        val left = generateSequence { queue.sync().poll() }.toList()
        assertEquals(stats.size(), left.size, "left in the queue: $left, $stats")
        assertEquals(accepted.sorted(), (taken + removed + left).sorted(), "each element exactly once")
    }

    /** Lets everybody go: what the test wanted to force came too late. */
    fun abandon() {
        removed += queue.shutdownNow()
        callers.forEach { it.awaitOutcome() }
        check()
    }

    companion object {
        const val LONG_MILLIS = 600_000L

        @Suppress("UNCHECKED_CAST")
        fun <E : Any> bufferOf(queue: JanusQueue<E>): Buffer<E> =
            JanusQueue::class.java.getDeclaredField("buffer").run {
                isAccessible = true
                get(queue) as Buffer<E>
            }
    }
}

/** Runs the test on a stage and checks the stage afterwards. */
internal fun onStage(stage: WaitingStage, test: WaitingStage.() -> Unit) {
    stage.test()
    stage.check()
}

/** A thread's time is real: if it was up before the race could be forced, again with more time. */
internal fun untilForced(race: (millis: Long) -> Boolean) {
    val forced = generateSequence(50L) { it * 2 }.takeWhile { it < 10_000 }.any(race)
    assertTrue(forced, "the race could not be forced")
}
