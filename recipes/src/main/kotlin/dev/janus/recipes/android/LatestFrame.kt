package dev.janus.recipes.android

import android.media.Image
import android.media.ImageReader
import android.os.Handler
import dev.janus.kotlin.iterator
import dev.janus.kotlin.janusQueue
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.BufferOverflow

// sample: begin

/** The latest frame of a camera, for the main thread. Frames that are not shown are closed. */
class LatestFrame(private val reader: ImageReader, camera: Handler) : AutoCloseable {
    private val latest =
        janusQueue<Image>(1, onBufferOverflow = BufferOverflow.DROP_OLDEST, boundTo = Dispatchers.Main) {
            onDropped { it.close() }
        }

    init {
        reader.setOnImageAvailableListener(::onFrame, camera)
    }

    private fun onFrame(reader: ImageReader) {
        val frame = reader.acquireNextImage() ?: return
        if (!latest.sync().offer(frame)) frame.close() // never waits; false after the end
    }

    suspend fun collect(show: suspend (Image) -> Unit) {
        for (frame in latest.async()) frame.use { show(it) }
    }

    override fun close() {
        reader.setOnImageAvailableListener(null, null)
        latest.shutdownNow().forEach { it.close() }
    }
}
// sample: end
