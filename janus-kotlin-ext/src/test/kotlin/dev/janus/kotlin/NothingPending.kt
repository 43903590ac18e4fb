package dev.janus.kotlin

import dev.janus.JanusQueue
import org.junit.jupiter.api.Assertions.assertEquals

/** What must hold when everything that a test has begun is over. */
fun assertNothingPending(queue: JanusQueue<*>) {
    val stats = queue.stats()
    val pending =
        with(stats) {
            listOf(waitingTakeThreads(), waitingTakeCoroutines(), waitingPutThreads(), waitingPutCoroutines()) +
                listOf(waitingJoins(), reservedElements(), reservedSlots())
        }
    assertEquals(List(pending.size) { 0 }, pending) { "somebody still waits or holds a grant: $stats" }
    assertEquals(stats.accepted(), stats.taken() + stats.removed() + stats.size()) { "lost or doubled: $stats" }
}
