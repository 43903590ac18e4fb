package dev.janus

import kotlinx.coroutines.channels.BufferOverflow
import kotlinx.coroutines.selects.select
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import java.util.concurrent.ExecutionException
import java.util.concurrent.TimeUnit

/** The ways to put one element in, on both faces. All of them put it in, or throw. */
internal enum class AnyPut(private val call: suspend (JanusQueue<Int>, Int) -> Unit) {
    PUT(PutCall.PUT),
    TIMED_OFFER(PutCall.TIMED_OFFER),
    OFFER_WITHOUT_TIME({ queue, element ->
        PutCall.accepted(queue.sync(), queue.sync().offer(element, 0, TimeUnit.SECONDS))
    }),
    PUT_ALL(PutCall.PUT_ALL),
    OFFER(PutCall.OFFER),
    ADD(PutCall.ADD),
    ADD_ALL(PutCall.ADD_ALL),
    SEND({ queue, element -> queue.async().send(element) }),
    TIMED_SEND({ queue, element -> PutCall.accepted(queue.sync(), queue.async().send(element, 1, TimeUnit.HOURS)) }),
    SEND_WITHOUT_TIME({ queue, element ->
        PutCall.accepted(queue.sync(), queue.async().send(element, 0, TimeUnit.SECONDS))
    }),
    SEND_ALL({ queue, element -> queue.async().sendAll(listOf(element)) }),
    TRY_SEND({ queue, element -> PutCall.accepted(queue.sync(), queue.async().trySend(element)) }),
    SEND_ASYNC({ queue, element -> queue.async().sendAsync(element).get() }),
    ON_SEND({ queue, element -> select { queue.async().onSend(element) { assertEquals(queue.async(), it) } } }),
    ;

    constructor(put: PutCall) : this({ queue, element -> put.put(queue, element) })

    /** Puts the element in on this thread, and fails if that has to wait. */
    fun putAtOnce(queue: JanusQueue<Int>, element: Int) {
        val put = beginRaw { call(queue, element) }
        assertTrue(put.isDone) { "$this waits: $queue" }
        try {
            put.get()
        } catch (e: ExecutionException) {
            throw generateSequence<Throwable>(e) { it.cause }.first { it !is ExecutionException }
        }
    }
}

/** A queue that drops, and what it has dropped. */
internal class Dropping(
    private val policy: BufferOverflow,
    capacity: Int,
    choose: JanusQueue.Builder<Int>.() -> Unit = {},
) {
    val dropped = ArrayList<Int>()
    var onDropped: (Int) -> Unit = {}

    val queue: JanusQueue<Int> =
        JanusQueue.builder<Int>()
            .capacity(capacity)
            .apply(choose)
            .overflow(policy)
            .onDropped { element ->
                dropped += element
                onDropped(element)
            }.build()

    /** Depending on what the queue drops. */
    fun <T> either(oldest: T, latest: T): T = if (policy == BufferOverflow.DROP_OLDEST) oldest else latest

    fun fill(vararg elements: Int) = elements.forEach { assertTrue(queue.sync().offer(it)) }

    fun takeAll(): List<Int> = QueueAssertions.takeAll(queue)

    /** In and out of the queue. */
    fun assertCounts(accepted: Int, size: Int) {
        val stats = queue.stats()
        assertEquals(accepted.toLong(), stats.accepted(), "accepted: $stats")
        assertEquals(dropped.size.toLong(), stats.dropped(), "dropped: $stats")
        assertEquals(size, stats.size(), "size: $stats")
        QueueAssertions.assertConserved(stats)
    }

    /** Nobody waits, and nothing is left when all that is in the queue has been done. */
    fun check() {
        QueueAssertions.assertNothingPending(queue)
        assertEquals(dropped.size.toLong(), queue.stats().dropped())
    }

    companion object {
        val POLICIES = listOf(BufferOverflow.DROP_OLDEST, BufferOverflow.DROP_LATEST)

        @JvmStatic
        fun everyPut(): List<Array<Any>> = POLICIES.flatMap { policy -> AnyPut.entries.map { arrayOf(policy, it) } }

        @JvmStatic
        fun policies() = POLICIES
    }
}
