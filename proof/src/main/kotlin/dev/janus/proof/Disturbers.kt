package dev.janus.proof

import java.util.SplittableRandom
import java.util.concurrent.locks.LockSupport
import kotlin.concurrent.thread

/** Threads that disturb the others at random, until they are told to stop. */
class Disturbers(private val stage: Stage, workers: List<Worker>) {
    private val victims = stage.setup.disturbable(workers)

    @Volatile
    private var stop = false

    private val threads = List(2) { i ->
        val random = stage.setup.randomOf(DISTURBER + i)
        thread(start = false, isDaemon = true, name = "disturber $i") { disturbAll(random) }
    }

    fun start() = threads.forEach { it.start() }

    /** The whole round has a time limit. */
    fun stop() {
        stop = true
    }

    val haveEnded get() = threads.none { it.isAlive }

    private fun disturbAll(random: SplittableRandom) = try {
        while (!stop) {
            LockSupport.parkNanos(random.nextLong(stage.setup.pauseNanos)) // a pace, waits for nothing
            disturb(random)
        }
    } catch (e: Throwable) {
        stage.fail(e)
    }

    private fun disturb(random: SplittableRandom) {
        when (random.nextInt(16)) {
            0, 1 -> if (stage.setup.resizes) resize(random)
            2, 3 -> if (stage.setup.removes) stage.removals.remove(random)
            4, 5, 6 -> cancelFuture(random)
            7 -> if (random.nextInt(RARELY) == 0) closeLoop(random)
            else -> if (victims.isNotEmpty()) victims[random.nextInt(victims.size)].disturb()
        }
    }

    private fun cancelFuture(random: SplittableRandom) {
        if (victims.isEmpty()) return
        if (stage.target(random.nextInt())?.cancel(true) == true) stage.tally.add(Count.FUTURE_CANCELLATIONS)
    }

    private fun resize(random: SplittableRandom) {
        val capacities = stage.setup.capacity.others
        val capacity = capacities[random.nextInt(capacities.size)]
        stage.queue.capacity(capacity)
        stage.tally.add(Count.RESIZES)
        stage.events.add("disturber", "capacity", capacity)
    }

    /** Not the one that the queue is bound to: then it would have none. */
    private fun closeLoop(random: SplittableRandom) {
        if (stage.setup.binding != null || victims.isEmpty()) return
        val kind = if (random.nextBoolean()) LoopKind.SINGLE_THREAD else LoopKind.VIRTUAL
        if (stage.loops.closeOne(kind)) {
            stage.tally.add(Count.LOOPS_CLOSED)
            stage.events.add("disturber", "closed", kind)
        }
    }

    private companion object {
        const val DISTURBER = 1_000
        const val RARELY = 10
    }
}
