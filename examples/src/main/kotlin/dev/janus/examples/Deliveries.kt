@file:JvmName("Deliveries")

package dev.janus.examples

import dev.janus.JanusQueue
import dev.janus.QueueShutdownException
import dev.janus.kotlin.asFlow
import dev.janus.kotlin.janusQueue
import dev.janus.kotlin.process
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.selects.onTimeout
import kotlinx.coroutines.selects.select
import java.io.PrintStream
import kotlin.system.exitProcess
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

private const val COURIERS = 2
private const val VAN = 4

private val DELIVERIES_HELP =
    """
    Usage: Deliveries [PARCELS [MILLISECONDS]]

    Parcels come in by express and by ordinary mail. One coroutine loads them, express first, until nothing has come for a
    while. Two couriers deliver them; at every third door nobody opens at first, and the parcel goes back to the van.

      PARCELS       how many parcels of each kind, 0 or more; 5 if not given
      MILLISECONDS  for how long nothing must have come, 1 or more; 200 if not given
      --help        print this
    """.trimIndent()

/** A parcel for the door of that [number]. */
internal class Parcel(val number: Int, private val kind: String) {
    /** Counted by the worker that has the parcel; the queue makes earlier changes visible to the next worker. */
    var attempts = 0

    override fun toString(): String = "$kind parcel $number"
}

private class NobodyOpened(parcel: Parcel) : Exception("nobody opened for $parcel")

/** Delivers parcels. */
suspend fun main(args: Array<String>) {
    val status = deliver(args, System.out, System.err)
    if (status != 0) {
        exitProcess(status)
    }
}

/** Runs the program and returns its exit status. */
internal suspend fun deliver(args: Array<String>, out: PrintStream, err: PrintStream): Int {
    if ("--help" in args) {
        out.println(DELIVERIES_HELP)
        return 0
    }
    val parcels = (args.getOrNull(0) ?: "5").toIntOrNull() ?: -1
    val millis = (args.getOrNull(1) ?: "200").toIntOrNull() ?: 0
    if (parcels < 0 || millis < 1 || args.size > 2) {
        err.println("${args.joinToString(" ")}: expected up to two whole numbers, from 0 and from 1, or --help")
        return 2
    }
    DeliveryRound(out).run(parcels, millis.milliseconds)
    return 0
}

private class DeliveryRound(private val out: PrintStream) {
    private val express = janusQueue<Parcel>(capacity = VAN)
    private val ordinary = janusQueue<Parcel>(capacity = VAN)
    private val van = janusQueue<Parcel>(capacity = VAN)
    private val receipts = janusQueue<String>(capacity = VAN)

    suspend fun run(parcels: Int, patience: Duration) = coroutineScope {
        launch { bring(parcels, "express", express) }
        launch { bring(parcels, "ordinary", ordinary) }
        launch { load(patience) }
        launch {
            coroutineScope { repeat(COURIERS) { launch { deliver() } } }
            receipts.shutdown()
        }
        receipts.async().asFlow().collect { out.println(it) }
        out.println(
            "Nothing is left: ${van.stats().accepted()} parcels loaded, ${van.unfinishedTasks()} not delivered.",
        )
    }

    private suspend fun bring(parcels: Int, kind: String, to: JanusQueue<Parcel>) {
        for (number in 1..parcels) {
            to.async().send(Parcel(number, kind))
        }
    }

    @OptIn(ExperimentalCoroutinesApi::class)
    private suspend fun load(patience: Duration) {
        do {
            val loaded = select {
                express.async().onReceive { van.async().send(it) } // the first clause is preferred
                ordinary.async().onReceive { van.async().send(it) }
                onTimeout(patience) { null }
            }
        } while (loaded != null)
        van.shutdown()
    }

    private suspend fun deliver() {
        while (true) {
            try {
                van.async().process { receipts.async().send(handOver(it)) }
            } catch (e: NobodyOpened) {
                receipts.async().send("Back in the van: ${e.message}.")
            } catch (_: QueueShutdownException) {
                return // the van is empty, and no parcel may come back to it
            }
        }
    }

    private fun handOver(parcel: Parcel): String {
        parcel.attempts++
        if (parcel.number % 3 == 0 && parcel.attempts == 1) {
            throw NobodyOpened(parcel)
        }
        return "Delivered: $parcel, attempt ${parcel.attempts}."
    }
}
