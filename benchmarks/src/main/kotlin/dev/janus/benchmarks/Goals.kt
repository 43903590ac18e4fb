package dev.janus.benchmarks

import dev.janus.benchmarks.Side.COROUTINE
import dev.janus.benchmarks.Side.THREAD
import kotlin.system.measureNanoTime

/** Measures what the goals are about, in a few minutes. The argument selects the titles that contain it. */
fun main(args: Array<String>) {
    println("%-48s %11s  %6s  %-6s".format("", "Janus", "ratio", "goal"))
    contests().filter { contest -> args.all { it in contest.title } }.forEach { println(it.run(rounds = 9)) }
}

private val SHAPES = listOf(1 to 1, 4 to 1, 1 to 4, 4 to 4)

private fun contests(): List<Contest> = streams(
    THREAD,
    COROUTINE,
    listOf(Kind.TRY_SEND_BLOCKING),
    mapOf(
        1 to (2.0 to 1.0),
        64 to (4.0 to 1.0),
        1024 to (1.5 to 1.0),
    ),
) +
    streams(
        COROUTINE,
        THREAD,
        listOf(Kind.RUN_BLOCKING),
        mapOf(
            1 to (3.0 to 1.0),
            64 to (20.0 to 3.0),
            1024 to (20.0 to 6.0),
        ),
    ) +
    streams(
        THREAD,
        THREAD,
        listOf(Kind.ARRAY_BLOCKING_QUEUE, Kind.LINKED_BLOCKING_QUEUE, Kind.JOX),
        listOf(1, 64, 1024).associateWith { 1.5 to 1.0 },
    ) +
    streams(
        THREAD,
        THREAD,
        listOf(Kind.LINKED_BLOCKING_QUEUE, Kind.LINKED_TRANSFER_QUEUE, Kind.JOX),
        mapOf(UNBOUNDED to (1.0 to 1.0)),
    ) +
    streams(
        COROUTINE,
        COROUTINE,
        listOf(Kind.RUN_BLOCKING),
        mapOf(
            1 to (0.7 to 0.7),
            64 to (1.0 to 1.0),
            1024 to (1.0 to 1.0),
        ),
    ) +
    streams(
        THREAD,
        COROUTINE,
        listOf(Kind.ARRAY_BLOCKING_QUEUE),
        mapOf(1 to (20.0 to 10.0), 1024 to (20.0 to 10.0)),
    ) +
    streams(
        COROUTINE,
        THREAD,
        listOf(Kind.ARRAY_BLOCKING_QUEUE),
        mapOf(1 to (20.0 to 10.0), 1024 to (20.0 to 10.0)),
    ) +
    listOf(oneThread(), batches(), pingPong(), fallingThrough(), selectOfTwo(), othersWaiting())

private fun streams(from: Side, to: Side, peers: List<Kind>, goals: Map<Int, Pair<Double, Double>>): List<Contest> =
    goals.flatMap { (capacity, goal) ->
        SHAPES.map { (producers, consumers) ->
            val stream = Stream(from, to, producers, consumers)
            Contest(
                "$stream, ${if (capacity == UNBOUNDED) "unbounded" else capacity.toString()}" +
                    if (peers == listOf(Kind.ARRAY_BLOCKING_QUEUE)) ", IO" else "",
                if (producers == 1 && consumers == 1) goal.first else goal.second,
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
    mapOf("trySendBlocking + runBlocking" to { count -> pingPong(Kind.TRY_SEND_BLOCKING, count) }),
)

private fun pingPong(kind: Kind, count: Int): Double =
    Echo(kind, COROUTINE).use { echo -> nanosEach(count) { echo.roundTrip(it) } }

private fun fallingThrough(): Contest = Contest(
    "select of two that falls through",
    0.7,
    fallingThrough(Kind.JANUS),
    mapOf("Channel" to fallingThrough(Kind.RUN_BLOCKING)),
)

private fun fallingThrough(kind: Kind): Measurable {
    val selection = Selection(kind, 2)
    return { count -> nanosEach(1) { selection.fallThrough(count) } / count }
}

private fun selectOfTwo(): Contest = Contest(
    "select over two, coroutine → coroutine, 64",
    0.7,
    { count -> nanosEach(1) { Selection(Kind.JANUS, 2).receive(count) } / count },
    mapOf("Channel" to { count -> nanosEach(1) { Selection(Kind.RUN_BLOCKING, 2).receive(count) } / count }),
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
