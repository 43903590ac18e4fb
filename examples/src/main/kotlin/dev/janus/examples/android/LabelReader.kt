package dev.janus.examples.android

/** A device that reads the labels of parcels. */
interface LabelReader {
    /** How much power is left. Never waits. */
    val batteryPercent: Int

    /** Waits for the next label. Returns null when the device has been switched off. */
    @Throws(InterruptedException::class)
    fun read(): String?
}

/** Reads a label every millisecond, until there are no more. */
class SimulatedReader(private val labels: Int) : LabelReader {
    private var count = 0

    override val batteryPercent: Int
        get() = 100 - 99 * count / labels

    override fun read(): String? {
        Thread.sleep(1)
        return if (count == labels) null else "parcel ${++count}"
    }
}
