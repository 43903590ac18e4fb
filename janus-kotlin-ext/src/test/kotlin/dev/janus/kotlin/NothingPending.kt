package dev.janus.kotlin

import dev.janus.JanusQueue
import org.junit.jupiter.api.Assertions.assertEquals

/** What must hold when everything that a test has begun is over. */
fun assertNothingPending(queue: JanusQueue<*>) {
    val stats = queue.stats()
    val pending =
        with(stats) {
            listOf(waitingTakeThreads(), waitingTakeCoroutines(), waitingPutThreads(), waitingPutCoroutines()) +
                listOf(waitingJoins(), reservedElements(), reservedSlots(), leased())
        }
    assertEquals(List(pending.size) { 0 }, pending) { "somebody still waits, or holds a grant or a lease: $stats" }
    val gone = stats.taken() + stats.removed() + stats.dropped()
    assertEquals(stats.accepted(), gone + stats.size()) { "lost or doubled: $stats" }
}

/** Takes out everything that is in the queue, in its order. */
fun <E : Any> JanusQueue<E>.takeAll(): List<E> = generateSequence { sync().poll() }.toList()
