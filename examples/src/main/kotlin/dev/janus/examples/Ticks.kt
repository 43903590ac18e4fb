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
import picocli.CommandLine.Command
import picocli.CommandLine.Parameters
import java.util.Timer
import kotlin.concurrent.scheduleAtFixedRate

/** Prints the ticks of a timer. */
suspend fun main(args: Array<String>) = TicksCommand().main(args)

@Command(
    name = "Ticks",
    description = ["Turns a timer's callbacks into a callbackFlow, and prints its ticks on a blocking Java thread."],
    showDefaultValues = true,
)
internal class TicksCommand : Program() {
    @Parameters(
        index = "0",
        paramLabel = "channel|queue",
        description = ["Read the flow's channel through a BlockingChannel, or collect the flow into a BlockingQueue."],
    )
    private lateinit var way: Way

    @Parameters(
        index = "1",
        arity = "0..1",
        paramLabel = "COUNT",
        description = ["The number of ticks."],
        converter = [WholeNumber.Positive::class],
    )
    private var count = 3

    @Parameters(
        index = "2",
        arity = "0..1",
        paramLabel = "MILLISECONDS",
        description = ["The time between two ticks."],
        converter = [WholeNumber.Positive::class],
    )
    private var millis = 500

    override suspend fun run(): Int {
        coroutineScope {
            val printer = TickPrinter(way.read(ticks(millis.toLong()).take(count), this))
            runInterruptible(Dispatchers.IO) { printer.run() }
        }
        return 0
    }
}

/** Two ways to read a flow on a thread. */
internal enum class Way(val read: (Flow<Int>, CoroutineScope) -> Iterable<Int>) {
    @OptIn(FlowPreview::class)
    CHANNEL({ flow, scope -> BlockingChannel.of(flow.produceIn(scope)) }),

    QUEUE({ flow, scope -> flow.asBlockingQueue(scope, capacity = 64).untilShutdown() }),
}

/** Emits the numbers from 1, one for each callback of a timer. Does not know the threads that read the flow. */
private fun ticks(millis: Long): Flow<Int> = callbackFlow {
    val timer = Timer("ticks", true)
    var tick = 0
    timer.scheduleAtFixedRate(millis, millis) { trySendBlocking(++tick) }
    awaitClose { timer.cancel() }
}
