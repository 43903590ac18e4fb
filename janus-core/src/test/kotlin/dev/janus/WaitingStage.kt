package dev.janus

import kotlinx.coroutines.CoroutineDispatcher
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

/** Every call that may wait. */
internal enum class WaitingCall(val kind: CallerKind, val side: Side, val timed: Boolean = false, val batch: Int = 1) {
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
    ;

    companion object {
        /** The plain call, or the timed one. */
        fun of(kind: CallerKind, side: Side, timed: Boolean = false) =
            entries.first { it.kind == kind && it.side == side && it.timed == timed && it.batch == 1 }
    }
}

/**
 * A queue on which callers of the given side have to wait (empty for takers, full for all others), the
 * callers, and a ledger of the elements.
 */
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
        WaitingCall.SEND -> queue.async().send(put[0])
        WaitingCall.SEND_TIMED -> queue.async().send(put[0], LONG_MILLIS, MILLISECONDS)
        WaitingCall.SEND_ALL -> queue.async().sendAll(put)
        WaitingCall.JOIN_SUSPENDING -> queue.async().join()
        WaitingCall.AWAIT_TERMINATION_SUSPENDING -> queue.async().awaitTermination()
        else -> error("$call does not suspend")
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
            buffer.unlock()
        }
    }

    /** Adds as many elements for takers, or makes as much room for putters; the lock is held. */
    fun grantLocked(count: Int) = repeat(count) {
        if (side == Side.TAKERS) {
            val element = elements.incrementAndGet()
            assertTrue(buffer.offerLocked(element, false))
            accepted += element
        } else {
            taken += buffer.pollLocked(false)!!
        }
    }

    fun grant(count: Int = 1) = inOneStep { grantLocked(count) }

    fun shutDownLocked() {
        buffer.shutDown = true
    }

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
        val stats = queue.stats()
        assertEquals(0, waiting() + stats.waitingJoins(), "waiters left over: $stats")
        assertEquals(0, stats.reservedElements() + stats.reservedSlots(), "reservations left over: $stats")
        assertEquals(0, buffer.allDone.grants + buffer.terminated.grants, "grants left over")
        assertEquals(stats.accepted(), stats.taken() + stats.removed() + stats.size(), "$stats")
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
