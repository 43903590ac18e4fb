package dev.janus

import kotlinx.coroutines.selects.select
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit.HOURS

/** What a call that may wait needs. The queue has capacity 1 and is new. */
internal enum class Need(
    /** Now a call need not wait. */
    val provide: (JanusQueue<Int>) -> Unit,
    /** Now a call must wait. */
    val withhold: (JanusQueue<Int>) -> Unit,
    /** Lets one go that waits. */
    val release: (JanusQueue<Int>) -> Unit,
) {
    ELEMENT({ it.sync().put(1) }, {}, { it.sync().put(2) }),
    ROOM({}, { it.sync().put(1) }, { it.sync().take() }),
    DONE({}, { it.sync().put(1) }, ::finishOne),
    END({ it.shutdown() }, {}, { it.shutdown() }),
    ;

    fun provided(queue: JanusQueue<Int>) = queue.also(provide)

    fun withheld(queue: JanusQueue<Int>) = queue.also(withhold)
}

private fun finishOne(queue: JanusQueue<Int>) {
    queue.sync().take()
    queue.sync().taskDone()
}

/** How many wait in any of the queue's lines. */
internal fun waiting(queue: JanusQueue<*>) = with(queue.stats()) {
    waitingTakeThreads() + waitingTakeCoroutines() + waitingPutThreads() + waitingPutCoroutines() + waitingJoins()
}

/** Every suspending call. */
internal enum class SuspendingCall(val need: Need, val call: suspend (AsyncQueue<Int>) -> Any?) {
    RECEIVE(Need.ELEMENT, { it.receive() }),
    TIMED_RECEIVE(Need.ELEMENT, { assertTrue(it.receive(1, HOURS) != null) }),
    RECEIVE_BATCH(Need.ELEMENT, { it.receiveBatch(2) }),
    RECEIVE_LEASE(Need.ELEMENT, { it.receiveLease().keep() }),
    ON_RECEIVE(Need.ELEMENT, { select { it.onReceive { it } } }),
    ON_RECEIVE_CATCHING(Need.ELEMENT, { select { it.onReceiveCatching { it.getOrThrow() } } }),
    SEND(Need.ROOM, { it.send(3) }),
    TIMED_SEND(Need.ROOM, { assertTrue(it.send(3, 1, HOURS)) }),
    SEND_ALL(Need.ROOM, { it.sendAll(listOf(3)) }),
    ON_SEND(Need.ROOM, { select { it.onSend(3) {} } }),
    JOIN(Need.DONE, { it.join() }),
    AWAIT_TERMINATION(Need.END, { it.awaitTermination() }),
    ;

    /** Whether it is completed for a coroutine that waits, which then need not run. */
    val isCompletedInPlace get() = need == Need.ROOM && this != ON_SEND
}

/** Every blocking call, and the suspending call to use in its place. */
internal enum class BlockingCall(
    val need: Need,
    val instead: String,
    val call: (JanusQueue<Int>) -> Any?,
    val withoutTime: ((JanusQueue<Int>) -> Any?)? = null,
) {
    PUT(Need.ROOM, "send", { it.sync().put(3) }),
    OFFER(Need.ROOM, "send", { assertTrue(it.sync().offer(3, 1, HOURS)) }, { it.sync().offer(3, 0, HOURS) }),
    PUT_ALL(Need.ROOM, "sendAll", { it.sync().putAll(listOf(3)) }),
    TAKE(Need.ELEMENT, "receive", { it.sync().take() }),
    POLL(Need.ELEMENT, "receive", { assertTrue(it.sync().poll(1, HOURS) != null) }, { it.sync().poll(0, HOURS) }),
    TAKE_BATCH(Need.ELEMENT, "receiveBatch", { it.sync().takeBatch(2) }),
    TAKE_LEASE(Need.ELEMENT, "receiveLease", { it.sync().takeLease().keep() }),
    UNTIL_SHUTDOWN(Need.ELEMENT, "receive", { it.sync().untilShutdown().iterator().next() }),
    SELECT_TAKE(Need.ELEMENT, "select", { selecting(it).take() }),
    SELECT_POLL(
        Need.ELEMENT,
        "select",
        { assertTrue(selecting(it).poll(1, HOURS) != null) },
        { selecting(it).poll(0, HOURS) },
    ),
    JOIN(Need.DONE, "join", { it.sync().join() }),
    TIMED_JOIN(Need.DONE, "join", { assertTrue(it.sync().join(1, HOURS)) }, { it.sync().join(0, HOURS) }),
    AWAIT_TERMINATION(
        Need.END,
        "awaitTermination",
        { assertTrue(it.sync().awaitTermination(1, HOURS)) },
        { it.sync().awaitTermination(-1, HOURS) },
    ),
    ;

    /** What a person who reads the message looks for. */
    val named get() =
        when {
            instead == "select" -> "QueueSelect"
            this == UNTIL_SHUTDOWN -> "take"
            else -> name.lowercase().removePrefix("timed_").substringBefore('_')
        }

    companion object {
        fun selecting(queue: JanusQueue<Int>): QueueSelect<Int> = QueueSelect.first(queue) { it }
    }
}

/** A queue of one element. */
internal fun queueOfOne(choose: JanusQueue.Builder<Int>.() -> Unit = {}): JanusQueue<Int> =
    JanusQueue.builder<Int>().capacity(1).apply(choose).build()

/** Fails if the block changes any of the counts. */
internal fun <T> assertChangesNothing(queue: JanusQueue<*>, block: () -> T): T {
    val before = queue.stats().toString()
    return block().also { assertEquals(before, queue.stats().toString()) }
}

/** The failure is not that of a queue that was shut down, and its message has all the words. */
internal fun assertRefusal(failure: Throwable?, vararg words: Any) {
    assertEquals(IllegalStateException::class.java, failure?.javaClass, "$failure")
    words.map(::lastingName).forEach {
        assertTrue(it in failure!!.message!!) { "expected $it in: ${failure!!.message}" }
    }
}

/** Without the counts that an executor's name ends in. */
internal fun lastingName(named: Any) = "$named".substringBefore('[')

/** What the future failed with, if it did. */
internal fun CompletableFuture<*>.failure(): Throwable? = runCatching { OpenLoop.resultOf(this) }.exceptionOrNull()
