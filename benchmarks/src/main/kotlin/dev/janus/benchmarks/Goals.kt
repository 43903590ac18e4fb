package dev.janus.benchmarks

import dev.janus.JanusQueue
import dev.janus.benchmarks.Side.COROUTINE
import dev.janus.benchmarks.Side.THREAD
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.cancel
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.selects.onTimeout
import kotlinx.coroutines.selects.select
import java.util.concurrent.ArrayBlockingQueue
import kotlin.concurrent.thread
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

private fun oneThread(): Contest {
    val sync = JanusQueue.fifo<Any>(1024).sync()
    val array = ArrayBlockingQueue<Any>(1024)
    val element = Any()
    return Contest(
        "put + take by one thread",
        0.9,
        { count -> nanosEach(count) { sync.put(element).also { sync.take() } } },
        mapOf("ArrayBlockingQueue" to { count -> nanosEach(count) { array.put(element).also { array.take() } } }),
    )
}

private fun batches(): Contest {
    val elements = List<Any>(64) { it }
    val one = Stream(THREAD, COROUTINE, 1, 1)
    return Contest(
        "batches of 64 against one by one, 1024",
        5.0,
        { count ->
            val queue = JanusQueue.fifo<Any>(1024)
            val batches = maxOf(1, count / 64)
            measureNanoTime {
                val producer = thread { repeat(batches) { queue.sync().putAll(elements) } }
                runBlocking(Dispatchers.Default) {
                    var left = batches * 64
                    while (left > 0) left -= queue.async().receiveBatch(64).size
                }
                producer.join()
            }.toDouble() / (batches * 64)
        },
        mapOf("one by one" to measure(one, Kind.JANUS, 1024)),
    )
}

private fun pingPong(): Contest = Contest(
    "ping-pong thread ↔ coroutine, 1",
    3.0,
    { count -> pingPong(Kind.JANUS, count) },
    mapOf("trySendBlocking + runBlocking" to { count -> pingPong(Kind.TRY_SEND_BLOCKING, count) }),
)

/** A thread sends an element to a coroutine, which sends it back. */
private fun pingPong(kind: Kind, count: Int): Double {
    val there = kind.create(1)
    val back = kind.create(1)
    val echo = CoroutineScope(Dispatchers.Default).launch { while (true) back.send(there.receive()) }
    val nanos = nanosEach(count) {
        there.put(it)
        back.take()
    }
    echo.cancel()
    return nanos
}

@OptIn(ExperimentalCoroutinesApi::class) // onTimeout
private fun fallingThrough(): Contest {
    val queues = List(2) { JanusQueue.fifo<Any>(1).async() }
    val channels = List(2) { Channel<Any>(1) }
    return Contest(
        "select of two that falls through",
        0.7,
        { count ->
            runBlocking {
                nanosEach(count) {
                    select {
                        queues.forEach { it.onReceive { } }
                        onTimeout(0) { }
                    }
                }
            }
        },
        mapOf(
            "Channel" to { count ->
                runBlocking {
                    nanosEach(count) {
                        select {
                            channels.forEach { it.onReceive { } }
                            onTimeout(0) { }
                        }
                    }
                }
            },
        ),
    )
}

private fun selectOfTwo(): Contest = Contest(
    "select over two, coroutine → coroutine, 64",
    0.7,
    { count ->
        val queues = List(2) { JanusQueue.fifo<Any>(64).async() }
        runBlocking(Dispatchers.Default) {
            queues.forEach { launch { repeat(count / 2) { i -> it.send(i) } } }
            nanosEach(count / 2 * 2) { select { queues.forEach { it.onReceive { } } } }
        }
    },
    mapOf(
        "Channel" to { count ->
            val channels = List(2) { Channel<Any>(64) }
            runBlocking(Dispatchers.Default) {
                channels.forEach { launch { repeat(count / 2) { i -> it.send(i) } } }
                nanosEach(count / 2 * 2) { select { channels.forEach { it.onReceive { } } } }
            }
        },
    ),
)

/** What it costs a waiting receiver to be served while others wait behind it. At most 1.5 times is 0.67 of the speed. */
private fun othersWaiting(): Contest = Contest(
    "hand-over with 100,000 waiting against none",
    1 / 1.5,
    { count -> handOver(count, others = 100_000) },
    mapOf("none" to { count -> handOver(count, others = 0) }),
)

private fun handOver(count: Int, others: Int): Double {
    val queue = JanusQueue.fifo<Any>(1)
    val scope = CoroutineScope(Dispatchers.Unconfined)
    // a receiver that was served waits again, behind the others
    repeat(others + 1) { scope.launch { while (true) queue.async().receive() } }
    val nanos = nanosEach(count) { queue.sync().put(it) }
    scope.cancel()
    return nanos
}
