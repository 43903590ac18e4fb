package dev.janus.android

import android.content.Context
import android.hardware.Sensor
import android.hardware.SensorManager
import android.media.ImageReader
import android.os.Handler
import android.os.HandlerThread
import dev.janus.fixtures.awaitUntil
import dev.janus.kotlin.iterator
import dev.janus.recipes.android.LatestFrame
import dev.janus.recipes.android.LatestReading
import dev.janus.recipes.android.usualFrames
import dev.janus.recipes.android.usualReadings
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import org.junit.After
import org.junit.Rule
import org.junit.Test
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.rules.Timeout
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.SensorBuilder
import org.robolectric.shadows.SensorEventBuilder
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CountDownLatch

/** The recipes for callbacks of Android: a camera and a sensor, while the main thread is busy. */
@Config(sdk = [34])
internal class CallbacksTest : OnAndroid() {
    @get:Rule
    val timeout: Timeout = Timeout.seconds(60)

    private val thread = HandlerThread("camera").also { it.start() }
    private val camera = Handler(thread.looper)
    private val died = CompletableFuture<Throwable>().also { died ->
        thread.setUncaughtExceptionHandler { _, failure -> died.complete(failure) }
    }
    private val readers = ArrayList<ImageReader>()
    private val manager = RuntimeEnvironment.getApplication().getSystemService(Context.SENSOR_SERVICE) as SensorManager
    private val sensor = SensorBuilder.newBuilder().setType(Sensor.TYPE_ACCELEROMETER).build()
    private val scope = CoroutineScope(main.dispatcher)
    private val shown = ArrayList<Long>()

    private fun shown() = main.run { shown.toList() }

    /** Begins a coroutine on the main thread. Returns when it has begun. */
    private fun collecting(block: suspend () -> Unit): Job = scope.launch { block() }.also { main.run { } }

    private fun reader(maxImages: Int) = ImageReader.newInstance(64, 48, YUV_420_888, maxImages).also { readers += it }

    @After
    fun end() {
        scope.cancel()
        thread.quit()
        thread.join()
        readers.forEach { it.close() }
    }

    private fun whileMainIsBusy(action: () -> Unit) {
        val isBusy = CountDownLatch(1)
        val free = CountDownLatch(1)
        val busy = main.post {
            isBusy.countDown()
            free.await()
        }
        isBusy.await()
        try {
            action()
        } finally {
            free.countDown()
        }
        busy.await()
    }

    /** The screen that collects goes away with two frames on their way to it. */
    private fun screenGoesWhileMainIsBusy(reader: ImageReader, collect: suspend () -> Unit) {
        val collecting = collecting(collect)
        whileMainIsBusy {
            reader.takePictures(2)
            collecting.cancel()
        }
        awaitUntil("the screen has gone") { collecting.isCompleted }
    }

    /** Takes pictures, each when the listener has had the last. Returns how many it had until the camera's thread died. */
    private fun ImageReader.takePictures(count: Int): Int = (1..count).takeWhile {
        val done = CountDownLatch(1)
        surface.unlockCanvasAndPost(surface.lockCanvas(null))
        runCatching { camera.post { done.countDown() } } // fails if the listener did
        awaitUntil("the listener has had the picture") { done.count == 0L || died.isDone }
        !died.isDone
    }.size

    /** Counts the images that nothing closed, by taking as many more as the reader allows. */
    private fun ImageReader.openImages(): Int {
        setOnImageAvailableListener(null, null)
        repeat(maxImages + 1) { surface.unlockCanvasAndPost(surface.lockCanvas(null)) }
        val others = generateSequence {
            try {
                acquireNextImage()
            } catch (_: IllegalStateException) {
                null
            }
        }.toList()
        others.forEach { it.close() }
        return maxImages - others.size
    }

    @Test
    fun frames_mainIsBusyAgainAndAgain_showsTheLatestAndClosesTheOthers() {
        val reader = reader(MAX_IMAGES)
        val latest = LatestFrame(reader, camera)
        collecting { latest.collect { shown += it.timestamp } }
        val lasts = List(10) { (it + 1L) * PICTURES }
        lasts.forEach { last ->
            whileMainIsBusy { assertEquals(PICTURES, reader.takePictures(PICTURES)) }
            awaitUntil("the latest is shown") { shown().lastOrNull() == last }
        }
        latest.close()

        val open = reader.openImages()
        println("Janus: of ${10 * PICTURES} frames, ${shown().size} were shown, and $open stay open: ${shown()}")
        val firsts = lasts.map { it - PICTURES + 1 }
        assertEquals(lasts, shown() - firsts.toSet())
        assertEquals(0, open)
    }

    @Test
    fun usualFrames_mainIsBusy_theCameraFails() {
        val reader = reader(MAX_IMAGES)
        collecting { reader.usualFrames(camera).collect { image -> image.use { shown += it.timestamp } } }
        whileMainIsBusy {
            val passedOn = reader.takePictures(PICTURES)
            println("conflate: of $PICTURES frames, $passedOn were passed on, then: ${died.getNow(null)}")
            assertEquals(MAX_IMAGES, passedOn)
        }
    }

    @Test
    fun usualFrames_enoughBuffers_thoseThatAreNotShownStayOpen() {
        val reader = reader(2 * PICTURES)
        val collecting = collecting {
            reader.usualFrames(camera).collect { image -> image.use { shown += it.timestamp } }
        }
        whileMainIsBusy { assertEquals(PICTURES, reader.takePictures(PICTURES)) }
        awaitUntil("the latest is shown") { shown().lastOrNull() == PICTURES.toLong() }
        collecting.cancel()

        val open = reader.openImages()
        println("conflate: of $PICTURES frames, ${shown().size} were shown, and $open stay open")
        assertEquals(PICTURES - shown().size, open)
    }

    @Test
    fun frames_noScreen_theLatestIsClosedAtTheEnd() {
        val reader = reader(MAX_IMAGES)
        val latest = LatestFrame(reader, camera)
        assertEquals(PICTURES, reader.takePictures(PICTURES))
        latest.close()
        assertEquals(0, reader.openImages())
    }

    @Test
    fun frames_screenGoesWhileMainIsBusy_theNextScreenShowsThemAndAllAreClosed() {
        val reader = reader(MAX_IMAGES)
        val latest = LatestFrame(reader, camera)
        screenGoesWhileMainIsBusy(reader) { latest.collect { shown += it.timestamp } }
        assertEquals(listOf<Long>(), shown())
        collecting { latest.collect { shown += it.timestamp } }
        awaitUntil("the latest is shown") { shown().lastOrNull() == 2L }
        latest.close()

        println("Janus: the screen went with 2 frames on their way: the next shows ${shown()}")
        assertEquals(listOf(2L), shown() - 1L)
        assertEquals(0, reader.openImages())
    }

    @Test
    fun frames_screenGoesWhileMainIsBusyAndNoneFollows_allAreClosed() {
        val reader = reader(MAX_IMAGES)
        val latest = LatestFrame(reader, camera)
        screenGoesWhileMainIsBusy(reader) { latest.collect { shown += it.timestamp } }
        latest.close()

        val open = reader.openImages()
        println("Janus: the screen went with 2 frames on their way: $open stay open")
        assertEquals(0, open)
    }

    @Test
    fun frames_cancelledWhileOneIsShown_itIsClosed() {
        val reader = reader(MAX_IMAGES)
        val latest = LatestFrame(reader, camera)
        val collecting = collecting {
            latest.collect {
                shown += it.timestamp
                awaitCancellation()
            }
        }
        reader.takePictures(1)
        awaitUntil("it is shown") { shown().isNotEmpty() }
        collecting.cancel()
        awaitUntil("the screen has gone") { collecting.isCompleted }
        assertEquals(0, reader.openImages())
        latest.close()
    }

    @Test
    fun frames_afterTheEnd_areClosed() {
        val reader = reader(MAX_IMAGES)
        val latest = LatestFrame(reader, camera)
        whileCameraIsBusy {
            reader.surface.unlockCanvasAndPost(reader.surface.lockCanvas(null)) // is on its way to the listener
            latest.close()
        }
        assertEquals(0, reader.openImages())
    }

    private fun whileCameraIsBusy(action: () -> Unit) {
        val free = CountDownLatch(1)
        camera.post { free.await() }
        try {
            action()
        } finally {
            free.countDown()
        }
        RunningLooper(thread.looper, main.dispatcher).run { }
    }

    @Test
    fun usualFrames_screenGoesWhileMainIsBusy_theyStayOpen() {
        val reader = reader(MAX_IMAGES)
        screenGoesWhileMainIsBusy(reader) {
            reader.usualFrames(camera).collect { image -> image.use { shown += it.timestamp } }
        }

        val open = reader.openImages()
        println("conflate: the screen went with 2 frames on their way: $open stay open")
        assertEquals(2, open)
    }

    private fun sendReadings() {
        val event = SensorEventBuilder.newBuilder(sensor, FloatArray(1)).build()
        for (i in 1..READINGS) {
            event.values[0] = i.toFloat()
            shadowOf(manager).sendSensorEventToListeners(event)
        }
    }

    @Test
    fun readings_mainIsBusy_theFirstAndTheLatestAreShown() {
        val reading = LatestReading()
        manager.registerListener(reading, sensor, SensorManager.SENSOR_DELAY_UI, camera)
        collecting { for (values in reading.latest.async()) shown += values[0].toLong() }
        whileMainIsBusy { sendReadings() }

        awaitUntil("the latest is shown") { shown().lastOrNull() == READINGS.toLong() }
        println("Janus: of $READINGS readings, shown: ${shown()}")
        assertEquals(listOf(READINGS.toLong()), shown() - 1L)
    }

    @Test
    fun usualReadings_mainIsBusy_oldOnesAreShownAndTheLatestIsNot() {
        collecting { manager.usualReadings(sensor, camera).collect { shown += it[0].toLong() } }
        whileMainIsBusy { sendReadings() }

        awaitUntil("what the channel held is shown") { shown().size > BUFFER }
        println("trySend: of $READINGS readings, shown: ${shown().first()} to ${shown().last()}")
        assertEquals((1L..BUFFER + 1).toList(), shown())
    }

    private companion object {
        /** Of the class ImageFormat, which is an older one here. */
        const val YUV_420_888 = 35
        const val MAX_IMAGES = 3
        const val PICTURES = 100
        const val READINGS = 1_000

        /** What the channel of a callbackFlow holds. */
        const val BUFFER = 64
    }
}
