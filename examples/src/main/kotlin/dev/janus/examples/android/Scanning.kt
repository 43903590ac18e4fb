package dev.janus.examples.android

import dev.janus.JanusQueue
import dev.janus.kotlin.janusQueue
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.BufferOverflow
import kotlin.concurrent.thread

/**
 * Reads labels in a thread of its own. It belongs to the app, and so outlives the screens.
 *
 * @param keep called in that thread after [stop], with the labels that no screen has shown
 */
class Scanning(private val reader: LabelReader, private val keep: (List<String>) -> Unit) {
    /** Screens show each label once, in order. If no screen takes them, 64 wait here, and then the reader waits. */
    val labels: JanusQueue<String> = janusQueue(capacity = 64, boundTo = Dispatchers.Main)

    /** Of the battery, only the latest level matters. */
    val battery: JanusQueue<Int> =
        janusQueue(capacity = 1, onBufferOverflow = BufferOverflow.DROP_OLDEST, boundTo = Dispatchers.Main)

    private val thread = thread(name = "scanning") { scan() }

    private fun scan() {
        var inHand: String? = null
        try {
            while (true) {
                battery.sync().put(reader.batteryPercent) // never waits
                inHand = reader.read() ?: break
                labels.sync().put(inHand) // waits while 64 labels wait
                inHand = null
            }
            labels.shutdown() // screens still show the labels that are left
        } catch (_: InterruptedException) {
            keep(labels.shutdownNow() + listOfNotNull(inHand))
        }
        battery.shutdown()
    }

    /** Ends scanning. Never waits. */
    fun stop() = thread.interrupt()
}
