package dev.janus.proof

import dev.janus.QueueShutdownException
import java.util.concurrent.TimeUnit

/** One queue, used and disturbed by everybody at once for a moment, and what must be true of it afterwards. */
class Round(seed: Long) {
    val setup = Setup(seed)
    private val stage = Stage(setup)
    private val producers = setup.producers.mapIndexed { i, kind -> Hiring(stage, i).producer(kind, stage.supplies[i]) }
    private val consumers = setup.consumers.mapIndexed { i, kind ->
        Hiring(stage, FIRST_CONSUMER + i).consumer(i, kind)
    }
    private val workers = producers + consumers
    private val watchdog = Watchdog(stage)
    private val disturbers = Disturbers(stage, workers)
    private val waits = Waits(stage)

    /** Returns what has happened; throws what has gone wrong. */
    fun run(): Tally {
        watchdog.start()
        waits.awaitTermination()
        workers.forEach { it.start() }
        disturbers.start()
        val end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(setup.millis)
        stage.await("the end of the round") { System.nanoTime() > end }
        end()
        disturbers.stop()
        stage.await("the end of the disturbers") { disturbers.haveEnded }
        waits.join()
        watchdog.stop()
        stage.throwFailure()
        checkAll()
        stage.loops.close()
        return stage.tally
    }

    fun fail(cause: Throwable) = stage.fail(cause)

    private fun end() {
        when (setup.end) {
            End.DRAINED -> {
                stage.producersStop = true
                awaitEnd(producers)
                shutDown()
            }

            End.SHUT_DOWN -> shutDown()

            End.SHUT_DOWN_NOW -> shutDownNow()

            End.ABANDONED -> abandon()
        }
        awaitEnd(workers)
        endForgottenLeases()
        stage.await("the last callback") { stage.queue.isTerminated }
    }

    /** They have expired, unless everything else was handed back before. */
    private fun endForgottenLeases() = stage.forgotten.forEach { lease ->
        try {
            lease.close()
        } catch (e: QueueShutdownException) {
            if (setup.end != End.SHUT_DOWN_NOW) throw AssertionError("refused to take back ${lease.element()}", e)
            lease.element().leave(Place.HANDED_BACK)
        }
    }

    /** The elements of an unbounded queue may take minutes to be taken, on a busy machine and with pauses. */
    private fun awaitEnd(those: List<Worker>) {
        val moved = { with(stage.queue.stats()) { accepted() + taken() } }
        stage.await("the end of $those", progress = moved) { those.all { it.hasEnded } }
    }

    private fun shutDown() {
        stage.isShutDown = true
        stage.queue.shutdown()
        requireNoPutters()
        stage.empty.shutdown()
        stage.tally.add(Count.SHUTDOWNS)
        stage.events.add("round", "shutdown")
    }

    private fun shutDownNow() {
        stage.isShutDown = true
        stage.isShutDownNow = true
        val left = stage.queue.shutdownNow()
        stage.events.add("round", "shutdownNow", left.size)
        left.forEach { it.leave(Place.HANDED_BACK) }
        if (!setup.givesBack) require("left by shutdownNow", 0, stage.queue.size())
        requireNoPutters()
        checkOrder(left)
        stage.empty.shutdown()
        stage.tally.add(Count.SHUTDOWNS_NOW)
    }

    private fun requireNoPutters() {
        val stats = stage.queue.stats()
        require("waiting for room after the shutdown", 0, stats.waitingPutThreads() + stats.waitingPutCoroutines())
    }

    private fun abandon() {
        stage.consumersStop = true
        disturbUntilEnd(consumers)
        stage.producersStop = true
        disturbUntilEnd(producers)
        stage.await("the last callback") { with(stage.queue.stats()) { leased() + delayed() == 0 } }
        val left = generateSequence { stage.queue.sync().poll() }.toList()
        left.forEach {
            it.leave(Place.LEFT_AT_THE_END)
            stage.queue.sync().taskDone()
        }
        checkOrder(left)
        shutDown()
    }

    private fun disturbUntilEnd(those: List<Worker>) = stage.await("the end of $those") {
        those.filter { !it.hasEnded }.forEach { it.disturb() }
        those.all { it.hasEnded }
    }

    /** What was left comes out in the queue's order. */
    private fun checkOrder(left: List<Element>) {
        if (!setup.isOrderKeptInside) return
        val isRight = when (setup.order) {
            Order.PRIORITY -> left == left.sorted()
            Order.LIFO -> left.groupBy { it.producer }.values.all { it == it.sortedByDescending(Element::number) }
            else -> left.groupBy { it.producer }.values.all { it == it.sortedBy(Element::number) }
        }
        if (!isRight) throw AssertionError("out of order: $left")
    }

    private fun checkAll() {
        val ledger = Ledger(stage.supplies)
        ledger.check()
        val stats = stage.queue.stats()
        val handedBack = ledger.count(Place.HANDED_BACK)
        val removed = ledger.count(Place.REMOVED) + ledger.removedByIterators
        val left = ledger.count(Place.LEFT_AT_THE_END)
        require("accepted", ledger.accepted, stats.accepted())
        val deadLetters = ledger.count(Place.DEAD_LETTER)
        require("taken", ledger.count(Place.TAKEN) + left + deadLetters, stats.taken())
        require("dead letters", deadLetters, stats.deadLetters())
        require("removed", removed + handedBack, stats.removed())
        require("dropped", ledger.count(Place.DROPPED), stats.dropped())
        require("left in the queue", 0, stats.size())
        require("unfinished", 0, stats.unfinishedTasks())
        listOf(stats, stage.empty.stats()).forEach {
            val waiting = it.waitingTakeThreads() + it.waitingTakeCoroutines() + it.waitingPutThreads() +
                it.waitingPutCoroutines() + it.waitingJoins() + it.watchers()
            require("waiting", 0, waiting)
            require("reserved", 0, it.reservedElements() + it.reservedSlots() + it.leased() + it.delayed())
        }
        mapOf(
            Count.ACCEPTED to ledger.accepted,
            Count.TAKEN to ledger.count(Place.TAKEN),
            Count.LEFT_AT_THE_END to left,
            Count.HANDED_BACK to handedBack,
            Count.REMOVED to removed,
            Count.DROPPED to ledger.count(Place.DROPPED),
            Count.DEAD_LETTERS to deadLetters,
        ).forEach { (count, number) -> stage.tally.add(count, number) }
    }

    private fun require(what: String, expected: Number, found: Number) {
        if (expected.toLong() != found.toLong()) {
            throw AssertionError("$what: $found, expected $expected: ${stage.queue.stats()}, ${stage.empty.stats()}")
        }
    }

    /** Everything that may explain a failure. */
    fun report(): String = buildString {
        appendLine("seed of the round: ${setup.seed} (Chaos --round ${setup.seed} does it again, by another schedule)")
        appendLine("setup: $setup")
        stage.events.last().forEach(::appendLine)
        appendLine(stage.queue.stats())
        workers.forEach { appendStack("$it${if (it.hasEnded) ", ended" else ""}", it.stackTrace()) }
        Thread.getAllStackTraces().forEach { (thread, stack) -> appendStack("$thread ${thread.state}", stack.toList()) }
    }

    private fun StringBuilder.appendStack(name: String, stack: List<StackTraceElement>) {
        appendLine(name)
        stack.forEach { appendLine("    at $it") }
    }

    private companion object {
        const val FIRST_CONSUMER = 100
    }
}
