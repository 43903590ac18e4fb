@file:JvmName("Ticks")

package dev.janus.examples

import dev.janus.BlockingChannel
import dev.janus.kotlin.asBlockingQueue
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.FlowPreview
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.channels.trySendBlocking
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.produceIn
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.runInterruptible
import java.io.PrintStream
import java.util.Timer
import kotlin.concurrent.scheduleAtFixedRate
import kotlin.system.exitProcess

private val TICKS_HELP =
    """
    Usage: Ticks channel|queue [COUNT [MILLISECONDS]]

    A timer calls back, a callbackFlow passes on what it says, and a blocking Java thread prints it.

      channel       the thread reads the flow's channel through a BlockingChannel
      queue         the thread reads a BlockingQueue into which the flow is collected
      COUNT         how many ticks, 1 or more; 3 if not given
      MILLISECONDS  the time between two ticks, 1 or more; 500 if not given
      --help        print this
    """.trimIndent()

/** A timer's callbacks as a flow of the numbers from 1. Knows nothing of the threads that read it. */
internal fun ticks(millis: Long): Flow<Int> = callbackFlow {
    val timer = Timer("ticks", true)
    var tick = 0
    timer.scheduleAtFixedRate(millis, millis) { trySendBlocking(++tick) }
    awaitClose { timer.cancel() }
}

/** The two ways in which a thread can read a flow. */
internal enum class Way(val read: (Flow<Int>, CoroutineScope) -> Iterable<Int>) {
    @OptIn(FlowPreview::class)
    CHANNEL({ flow, scope -> BlockingChannel.of(flow.produceIn(scope)) }),

    QUEUE({ flow, scope -> flow.asBlockingQueue(scope, capacity = 64).untilShutdown() }),
}

/** Prints ticks. */
suspend fun main(args: Array<String>) {
    val status = printTicks(args, System.out, System.err)
    if (status != 0) {
        exitProcess(status)
    }
}

/** Runs the program and returns its exit status. */
internal suspend fun printTicks(args: Array<String>, out: PrintStream, err: PrintStream): Int {
    if ("--help" in args) {
        out.println(TICKS_HELP)
        return 0
    }
    val way = Way.entries.find { it.name.lowercase() == args.getOrNull(0) }
    val numbers = args.drop(1).map { it.toIntOrNull() ?: 0 }
    if (way == null || numbers.any { it < 1 } || numbers.size > 2) {
        err.println(
            "'${args.joinToString(" ")}': expected channel or queue, and up to two whole numbers from 1, or --help",
        )
        return 2
    }
    val flow = ticks(millis = numbers.getOrElse(1) { 500 }.toLong()).take(numbers.getOrElse(0) { 3 })
    coroutineScope {
        val printer = TickPrinter(way.read(flow, this), out)
        runInterruptible(Dispatchers.IO) { printer.run() }
    }
    return 0
}
