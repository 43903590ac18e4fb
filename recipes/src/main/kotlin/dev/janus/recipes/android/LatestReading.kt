package dev.janus.recipes.android

import android.hardware.Sensor
import android.hardware.SensorEvent
import android.hardware.SensorEventListener
import dev.janus.JanusQueue
import dev.janus.kotlin.janusQueue
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.BufferOverflow

// sample: begin

/** The latest reading of a sensor, for the main thread. */
class LatestReading : SensorEventListener {
    val latest: JanusQueue<FloatArray> =
        janusQueue(capacity = 1, onBufferOverflow = BufferOverflow.DROP_OLDEST, boundTo = Dispatchers.Main)

    override fun onSensorChanged(event: SensorEvent) {
        latest.sync().offer(event.values.clone()) // never waits; the system uses the event again
    }

    override fun onAccuracyChanged(sensor: Sensor, accuracy: Int) = Unit
}
// sample: end
