package dev.janus.proof

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.launch
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread

/** Callers that wait for termination and for all tasks to be done. They must return then, and not before. */
class Waits(private val stage: Stage) {
    private val queue = stage.queue
    private val scope = CoroutineScope(stage.loops[stage.setup.binding ?: LoopKind.DEFAULT])
    private val ended = AtomicInteger()
    private val joined = AtomicInteger()

    /** At the beginning of the round. */
    fun awaitTermination() {
        inThread { if (queue.sync().awaitTermination(1, TimeUnit.HOURS)) isOver(ended, queue.isTerminated) }
        inCoroutine {
            queue.async().awaitTermination()
            isOver(ended, queue.isTerminated)
        }
    }

    /** When the queue has ended: with one task that is not done, they all wait. */
    fun join() {
        stage.await("awaitTermination") { ended.get() == 2 }
        val mustWait = stage.debts.get() > 0
        if (mustWait) stage.payDebts(stage.debts.get() - 1)
        inThread { queue.sync().join().also { isOver(joined, isAllDone()) } }
        inCoroutine { queue.async().join().also { isOver(joined, isAllDone()) } }
        queue.async().joinAsync().whenComplete { _, failure -> isOver(joined, failure == null && isAllDone()) }
        if (mustWait) {
            stage.await("calls of join to begin") { queue.stats().waitingJoins() == 3 }
            stage.payDebts(1)
        }
        stage.await("join") { joined.get() == 3 }
    }

    private fun isAllDone() = queue.unfinishedTasks() == 0

    private fun isOver(count: AtomicInteger, rightly: Boolean) {
        if (!rightly) stage.fail(AssertionError("a wait for the end was over too early: ${queue.stats()}"))
        count.incrementAndGet()
    }

    private fun inThread(wait: () -> Unit) {
        thread(isDaemon = true, name = "waits for the end") { runCatching(wait).onFailure(stage::fail) }
    }

    private fun inCoroutine(wait: suspend () -> Unit) {
        scope.launch { runCatching { wait() }.onFailure(stage::fail) }
    }
}
