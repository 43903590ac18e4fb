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
import kotlin.time.Duration

private const val COURIERS = 2
private const val CAPACITY = 4

/** Loads the parcels of both kinds into a van, delivers them, and prints a receipt for each attempt. */
internal class DeliveryRound {
    private val express = janusQueue<Parcel>(CAPACITY)
    private val ordinary = janusQueue<Parcel>(CAPACITY)
    private val van = janusQueue<Parcel>(CAPACITY)
    private val receipts = janusQueue<String>(CAPACITY)

    /** Returns after all parcels are delivered. Stops loading once no parcel has arrived for the time of [patience]. */
    suspend fun run(parcels: Int, patience: Duration) = coroutineScope {
        launch { bring(parcels, "express", express) }
        launch { bring(parcels, "ordinary", ordinary) }
        launch { load(patience) }
        launch {
            coroutineScope { repeat(COURIERS) { launch { deliver() } } }
            receipts.shutdown()
        }
        receipts.async().asFlow().collect { println(it) }
        println("Nothing is left: ${van.stats().accepted()} parcels loaded, ${van.unfinishedTasks()} not delivered.")
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
                return // the van is empty, and no parcel can return to it
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

    private class Parcel(val number: Int, private val kind: String) {
        /** Changed by the courier that has the parcel. The queue makes the change visible to the next courier. */
        var attempts = 0

        override fun toString(): String = "$kind parcel $number"
    }

    private class NobodyOpened(parcel: Parcel) : Exception("nobody opened for $parcel")
}
