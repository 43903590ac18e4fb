package dev.janus.benchmarks

import dev.janus.benchmarks.Kind.ARRAY_BLOCKING_QUEUE
import dev.janus.benchmarks.Kind.JOX
import dev.janus.benchmarks.Kind.LINKED_BLOCKING_QUEUE
import dev.janus.benchmarks.Kind.LINKED_TRANSFER_QUEUE
import dev.janus.benchmarks.Kind.RUN_BLOCKING
import dev.janus.benchmarks.Kind.TRY_SEND_BLOCKING
import dev.janus.benchmarks.Side.COROUTINE
import dev.janus.benchmarks.Side.THREAD
import kotlin.system.measureNanoTime

/** Measures what the goals are about, in a few minutes. The argument selects the titles that contain it. */
fun main(args: Array<String>) {
    println("%-48s %11s  %6s  %-6s".format("", "Janus", "ratio", "goal"))
    contests().filter { contest -> args.all { it in contest.title } }.forEach { println(it.run(rounds = 9)) }
}

private val SHAPES = listOf(1 to 1, 4 to 1, 1 to 4, 4 to 4)

/** The ratios wanted at a capacity, for one producer and one consumer and for the other shapes. */
private class Goal(val capacity: Int, val oneToOne: Double, val others: Double)

private val AGAINST_IO = arrayOf(Goal(1, 20.0, 10.0), Goal(1024, 20.0, 10.0))

private fun contests(): List<Contest> = listOf(
    streams(THREAD, COROUTINE, listOf(TRY_SEND_BLOCKING), Goal(1, 2.0, 1.0), Goal(64, 4.0, 1.0), Goal(1024, 1.5, 1.0)),
    streams(COROUTINE, THREAD, listOf(RUN_BLOCKING), Goal(1, 3.0, 1.0), Goal(64, 20.0, 3.0), Goal(1024, 20.0, 6.0)),
    streams(
        THREAD,
        THREAD,
        listOf(ARRAY_BLOCKING_QUEUE, LINKED_BLOCKING_QUEUE, JOX),
        Goal(1, 1.5, 1.0),
        Goal(64, 1.5, 1.0),
        Goal(1024, 1.5, 1.0),
    ),
    streams(THREAD, THREAD, listOf(LINKED_BLOCKING_QUEUE, LINKED_TRANSFER_QUEUE, JOX), Goal(UNBOUNDED, 1.0, 1.0)),
    streams(COROUTINE, COROUTINE, listOf(RUN_BLOCKING), Goal(1, 0.7, 0.7), Goal(64, 1.0, 1.0), Goal(1024, 1.0, 1.0)),
    streams(THREAD, COROUTINE, listOf(ARRAY_BLOCKING_QUEUE), *AGAINST_IO, note = ", IO"),
    streams(COROUTINE, THREAD, listOf(ARRAY_BLOCKING_QUEUE), *AGAINST_IO, note = ", IO"),
    listOf(oneThread(), batches(), pingPong(), fallingThrough(), selectOfTwo(), othersWaiting()),
).flatten()

private fun streams(from: Side, to: Side, peers: List<Kind>, vararg goals: Goal, note: String = ""): List<Contest> =
    goals.flatMap { goal ->
        val capacity = goal.capacity
        SHAPES.map { (producers, consumers) ->
            val stream = Stream(from, to, producers, consumers)
            Contest(
                "$stream, ${if (capacity == UNBOUNDED) "unbounded" else capacity.toString()}$note",
                if (producers == 1 && consumers == 1) goal.oneToOne else goal.others,
                measure(stream, Kind.JANUS, capacity),
                peers.filter { it.accepts(capacity) }.associate { it.title to measure(stream, it, capacity) },
            )
        }
    }

private fun measure(stream: Stream, kind: Kind, capacity: Int): Measurable =
    { count -> stream.nanosPerElement(kind.create(capacity), count) }

private inline fun nanosEach(count: Int, operation: (Int) -> Unit): Double =
    measureNanoTime { repeat(count) { operation(it) } }.toDouble() / count

private fun oneThread(): Contest = Contest(
    "put + take by one thread",
    0.9,
    measure(OneThread.JANUS),
    mapOf(OneThread.ARRAY_BLOCKING_QUEUE.title to measure(OneThread.ARRAY_BLOCKING_QUEUE)),
)

private fun measure(kind: OneThread): Measurable {
    val queue = kind.create()
    return { count -> nanosEach(count) { queue.put(kind).also { queue.take() } } }
}

private fun batches(): Contest = Contest(
    "batches of 64 against one by one, 1024",
    5.0,
    Batch.PUT_ALL_RECEIVE_BATCH::nanosPerElement,
    mapOf("one by one" to Batch.PUT_RECEIVE::nanosPerElement),
)

private fun pingPong(): Contest = Contest(
    "ping-pong thread ↔ coroutine, 1",
    3.0,
    { count -> pingPong(Kind.JANUS, count) },
    mapOf("trySendBlocking + runBlocking" to { count -> pingPong(TRY_SEND_BLOCKING, count) }),
)

private fun pingPong(kind: Kind, count: Int): Double =
    Echo(kind, COROUTINE).use { echo -> nanosEach(count) { echo.roundTrip(it) } }

private fun fallingThrough(): Contest = Contest(
    "select of two that falls through",
    0.7,
    fallingThrough(Kind.JANUS),
    mapOf("Channel" to fallingThrough(RUN_BLOCKING)),
)

private fun fallingThrough(kind: Kind): Measurable {
    val selection = Selection(kind, 2)
    return { count -> nanosEach(1) { selection.fallThrough(count) } / count }
}

private fun selectOfTwo(): Contest = Contest(
    "select over two, coroutine → coroutine, 64",
    0.7,
    { count -> nanosEach(1) { Selection(Kind.JANUS, 2).receive(count) } / count },
    mapOf("Channel" to { count -> nanosEach(1) { Selection(RUN_BLOCKING, 2).receive(count) } / count }),
)

/** What it costs a waiting receiver to be served while others wait behind it. At most 1.5 times is 0.67 of the speed. */
private fun othersWaiting(): Contest = Contest(
    "hand-over with 100,000 waiting against none",
    1 / 1.5,
    { count -> handOver(count, others = 100_000) },
    mapOf("none" to { count -> handOver(count, others = 0) }),
)

private fun handOver(count: Int, others: Int): Double =
    Waiters(Kind.JANUS, others).use { waiters -> nanosEach(count) { waiters.put(it) } }
