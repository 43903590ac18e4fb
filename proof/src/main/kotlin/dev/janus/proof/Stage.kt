package dev.janus.proof

import dev.janus.JanusQueue
import dev.janus.Lease
import dev.janus.QueueShutdownException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicReference
import java.util.concurrent.atomic.AtomicReferenceArray

/** Everything that the parties of a round share. */
class Stage(val setup: Setup) {
    val events = Events()
    val tally = Tally()
    val loops = Loops()
    val queue: JanusQueue<Element> = setup.build(
        setup.binding?.let { loops[it] },
        onDropped = { it.leave(Place.DROPPED) },
        onDeadLetter = {
            it.leave(Place.DEAD_LETTER)
            events.add("queue", "dead letter", it)
        },
    )

    /** Stays empty, for selects over two queues. */
    val empty: JanusQueue<Element> = JanusQueue.fifo(1)

    val supplies = List(setup.producers.size) { Supply(it, "producer $it", events) }

    val arrivals = Arrivals(this)
    val removals = Removals(this)

    /** Leases that were not ended. They expire, unless `shutdownNow` came before. */
    val forgotten = ConcurrentLinkedQueue<Lease<Element>>()

    /** How many elements were taken and are not marked as done yet. */
    val debts = AtomicInteger()

    @Volatile
    var producersStop = false

    @Volatile
    var consumersStop = false

    @Volatile
    var isShutDown = false

    @Volatile
    var isShutDownNow = false

    private val failure = AtomicReference<Throwable?>()
    private val targets = AtomicReferenceArray<CompletableFuture<*>>(8)

    /** The first failure ends the round. */
    fun fail(cause: Throwable) {
        failure.compareAndSet(null, cause)
    }

    fun throwFailure() {
        failure.get()?.let { throw it }
    }

    /** Waits until it is so, or something has failed. As long as the progress changes, the time starts again. */
    fun await(what: String, seconds: Long = LIMIT_SECONDS, progress: () -> Long = { 0 }, condition: () -> Boolean) {
        var before = progress()
        var since = System.nanoTime()
        while (!condition()) {
            throwFailure()
            val now = progress()
            if (now != before) {
                before = now
                since = System.nanoTime()
            }
            val waited = System.nanoTime() - since
            if (waited >
                seconds * 1_000_000_000
            ) {
                throw AssertionError("waited $seconds s for $what, which did not come")
            }
            Thread.sleep(1)
        }
        throwFailure()
    }

    /** From now on the future may be cancelled by the disturbers. */
    fun <T> expose(future: CompletableFuture<T>, at: Int): CompletableFuture<T> {
        if (!future.isDone) targets.set(Math.floorMod(at, targets.length()), future)
        return future
    }

    fun target(at: Int): CompletableFuture<*>? = targets.getAndSet(Math.floorMod(at, targets.length()), null)

    /** Marks some of the elements as done that were taken before. */
    fun payDebts(most: Int) {
        repeat(most) {
            if (debts.getAndUpdate { if (it > 0) it - 1 else 0 } == 0) return
            queue.sync().taskDone()
        }
    }

    private companion object {
        const val LIMIT_SECONDS = 60L
    }
}

/** Which end of the queue somebody works at. */
enum class Side {
    PRODUCER {
        override fun isOver(stage: Stage) = stage.producersStop
        override fun isRefusedRightly(stage: Stage) = stage.queue.isShutdown
    },
    CONSUMER {
        override fun isOver(stage: Stage) = stage.consumersStop || (stage.isShutDown && stage.queue.isTerminated)
        override fun isRefusedRightly(stage: Stage) = stage.queue.isTerminated
    }, ;

    /** Whether there is nothing more to do. */
    abstract fun isOver(stage: Stage): Boolean

    protected abstract fun isRefusedRightly(stage: Stage): Boolean

    /** Whether the end has come; a select may be refused before, for what it was granted was handed back. */
    fun isEnd(stage: Stage, refusal: QueueShutdownException, selects: Boolean): Boolean {
        if (isRefusedRightly(stage)) return true
        if (selects && stage.isShutDown) return false
        throw AssertionError("refused too early: ${stage.queue.stats()}", refusal)
    }
}
