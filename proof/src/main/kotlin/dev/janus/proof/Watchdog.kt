package dev.janus.proof

import dev.janus.QueueStats
import java.util.concurrent.TimeUnit
import java.util.concurrent.locks.LockSupport
import kotlin.concurrent.thread

/** A thread that looks at the queue all the time: each snapshot has to be right, and something has to go on. */
class Watchdog(private val stage: Stage) {
    @Volatile
    private var stop = false

    private val setup = stage.setup
    private var before: QueueStats = stage.queue.stats()
    private var changed = System.nanoTime()
    private val thread = thread(start = false, isDaemon = true, name = "watchdog") { watch() }

    fun start() = thread.start()

    fun stop() {
        stop = true
        thread.join()
    }

    private fun watch() = try {
        while (!stop) {
            val now = stage.queue.stats()
            look(now)
            lookAtProgress(now)
            before = now
            stage.tally.add(Count.WATCHDOG_LOOKS)
            LockSupport.parkNanos(PAUSE_NANOS)
        }
    } catch (e: Throwable) {
        stage.fail(e)
    }

    private fun look(now: QueueStats) {
        require(now, "the counts do not add up") {
            accepted() == taken() + removed() + dropped() + size() + reservedElements() &&
                unfinishedTasks() >= size() + reservedElements()
        }
        require(now, "a count is negative") {
            minOf(minOf(size(), leased(), delayed()), reservedElements(), reservedSlots()) >= 0 &&
                minOf(minOf(takers, putters), waitingJoins(), watchers()) >= 0
        }
        require(now, "somebody waits for an element, and one is free") { takers == 0 || size() == 0 }
        require(now, "somebody waits to see an element, and one is free") { watchers() == 0 || size() == 0 }
        require(now, "somebody waits for room, and there is some") { putters == 0 || freeSlots <= 0 }
        require(now, "somebody waits for room in a queue that is shut down or drops") {
            putters == 0 || !(isShutdown || setup.order.drops)
        }
        require(now, "somebody waits for an element in a queue that has ended") { takers == 0 || !isTerminated }
        if (setup.isCalm && !setup.resizes && !setup.givesBack && !setup.selects) {
            require(now, "more is in, or reserved, than there is room for") {
                isShutdown ||
                    size().toLong() + slotsOfDrains <= capacity().toLong() + setup.mostGivenUp + setup.producers.size
            }
        }
        require(now, "a count went back from $before") {
            accepted() >= before.accepted() && removed() >= before.removed() && dropped() >= before.dropped() &&
                highWaterMark() >= maxOf(before.highWaterMark(), size()) && deadLetters() >= before.deadLetters()
        }
        require(now, "it came back from its end: $before") {
            isShutdown >= before.isShutdown && isTerminated >= before.isTerminated
        }
    }

    private val QueueStats.takers get() = waitingTakeThreads() + waitingTakeCoroutines()

    private val QueueStats.putters get() = waitingPutThreads() + waitingPutCoroutines()

    /** Each taker that waits is a slot. */
    private val QueueStats.freeSlots get() = capacity().toLong() + takers - size() - reservedSlots()

    /** Drained elements keep their slots until they are delivered. At capacity 0 they have none. */
    private val QueueStats.slotsOfDrains get() = if (capacity() == 0) 0 else reservedSlots()

    private fun require(now: QueueStats, otherwise: String, isRight: QueueStats.() -> Boolean) {
        if (!now.isRight()) throw AssertionError("$otherwise: $now")
    }

    /** A promise that nobody keeps, or a wake-up that was lost, brings everything to a standstill sooner or later. */
    private fun lookAtProgress(now: QueueStats) {
        if (now.progress != before.progress) {
            changed = System.nanoTime()
        } else if (System.nanoTime() - changed > LIMIT_NANOS) {
            throw AssertionError("standstill: no element has come or gone for 10 s: $now")
        }
    }

    private val QueueStats.progress get() = listOf(
        accepted(),
        removed(),
        dropped(),
        taken() - leased() - delayed(),
        isTerminated,
    )

    private companion object {
        const val PAUSE_NANOS = 50_000L
        val LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10)
    }
}
