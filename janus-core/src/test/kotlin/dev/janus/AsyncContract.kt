package dev.janus

import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals

/** What the contract suites of the coroutine face share: a queue of the kind, and the check after each test. */
abstract class AsyncContract(protected val kind: AsyncQueueKind) {
    protected val queue: JanusQueue<Int> = kind.newQueue()
    protected val face: AsyncQueue<Int> = queue.async()

    @AfterEach
    fun nothingIsPending() = assertNothingPending(queue)

    /** Puts in as many of the elements as there is room for, at most five if the queue is unbounded. */
    protected fun fill(): List<Int> {
        val elements = MIXED + (FIRST_OF_MANY until FIRST_OF_MANY + maxOf(0, capacity() - MIXED.size))
        val accepted = elements.take(capacity()).onEach { check(face.trySend(it)) }
        assertEquals(accepted.size, queue.size() + queue.stats().reservedElements())
        return accepted
    }

    /** Takes everything that is there. */
    protected fun drain(): List<Int> = generateSequence { face.tryReceive() }.toList()

    protected fun assertHolds(expected: List<Int>) = assertEquals(kind.inOrder(expected), drain())

    private fun capacity() = if (kind.isUnbounded) MIXED.size else kind.capacity

    companion object {
        /** In none of the orders. */
        val MIXED = listOf(30, 11, 50, 20, 41)
        private const val FIRST_OF_MANY = 60
    }
}

/** A null where the compiler wants none. */
@Suppress("UNCHECKED_CAST")
fun <E> nullElement(): E = null as E
