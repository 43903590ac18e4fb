package dev.janus.recipes.android

import android.hardware.Sensor
import android.hardware.SensorEvent
import android.hardware.SensorEventListener
import android.hardware.SensorManager
import android.media.Image
import android.media.ImageReader
import android.os.Handler
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.conflate

// What people write without Janus.

// sample: begin
fun ImageReader.usualFrames(camera: Handler): Flow<Image> = callbackFlow {
    setOnImageAvailableListener({ reader -> trySend(reader.acquireNextImage()) }, camera)
    awaitClose { setOnImageAvailableListener(null, null) }
}.conflate()
// sample: end

// sample: begin
fun SensorManager.usualReadings(sensor: Sensor, handler: Handler): Flow<FloatArray> = callbackFlow {
    val listener = object : SensorEventListener {
        override fun onSensorChanged(event: SensorEvent) {
            trySend(event.values.clone())
        }

        override fun onAccuracyChanged(sensor: Sensor, accuracy: Int) = Unit
    }
    registerListener(listener, sensor, SensorManager.SENSOR_DELAY_UI, handler)
    awaitClose { unregisterListener(listener) }
}
// sample: end
