package dev.janus.android

import dev.janus.examples.android.LabelReader
import dev.janus.examples.android.ScannerActivity
import dev.janus.examples.android.ScannerApp
import dev.janus.examples.android.Scanning
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.kotlin.iterator
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import org.junit.Test
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.robolectric.Robolectric
import org.robolectric.RuntimeEnvironment
import org.robolectric.android.controller.ActivityController
import org.robolectric.annotation.Config
import java.util.Collections
import java.util.concurrent.CompletableFuture

/** The program for Android in the examples. Robolectric cannot start an app on SDK 24 without classes of later ones. */
@Config(sdk = [34], application = ScannerApp::class)
internal class ScannerTest : OnAndroid() {
    private val scanning by lazy { main.run { (RuntimeEnvironment.getApplication() as ScannerApp).scanning } }

    private fun openScreen(): ActivityController<ScannerActivity> =
        main.run { Robolectric.buildActivity(ScannerActivity::class.java).setup() }

    private fun ActivityController<ScannerActivity>.shown() = main.run { "${get().labels.text}" }

    private fun awaitMoreThan(shown: String, screen: ActivityController<ScannerActivity>) =
        awaitUntil("more is shown") { screen.shown().length > shown.length || scanning.labels.isTerminated }

    @Test
    fun screens_comeAndGo_eachLabelIsShownOnceInOrder() {
        val shown = StringBuilder()
        var screens = 0
        while (!scanning.labels.isTerminated) {
            val screen = openScreen()
            screens++
            awaitMoreThan("", screen)
            if (screens % 2 == 0) {
                main.run { screen.pause().stop().restart().resume() }
                awaitMoreThan(screen.shown(), screen)
            }
            main.run {
                shown.append(screen.get().labels.text)
                screen.pause().stop().destroy()
            }
            awaitUntil("the reader waits, as there is no screen, or has ended") {
                scanning.labels.stats().waitingPutThreads() == 1 || scanning.labels.isShutdown
            }
        }

        assertEquals((1..1_000).joinToString("") { "parcel $it\n" }, shown.toString())
        assertTrue(screens > 1)
        assertNothingPending(scanning.labels)
    }

    @Test
    fun battery_showsTheLatestLevel() {
        awaitUntil("the reader waits, as no screen takes labels") { scanning.labels.stats().waitingPutThreads() == 1 }
        val screen = openScreen()
        awaitUntil("a level is shown") { main.run { screen.get().battery.text.isNotEmpty() } }

        assertTrue(scanning.battery.stats().dropped() > 0)
        awaitUntil("the last label") { scanning.labels.isTerminated }
        awaitUntil("the last level") { main.run { screen.get().battery.text.toString() == "1 %" } }
        main.run { screen.pause().stop().destroy() }
    }

    @Test
    fun stop_keepsWhatWasNotShown() {
        val kept = CompletableFuture<List<String>>()
        var read = 0
        val reader = object : LabelReader {
            override val batteryPercent = 50

            override fun read() = "${read++}"
        }
        val scanning = Scanning(reader, kept::complete)
        val shown = Collections.synchronizedList(ArrayList<String>())
        val scope = CoroutineScope(main.dispatcher)
        scope.launch { for (label in scanning.labels.async()) shown += label }
        awaitUntil("some are shown") { shown.size > 100 }
        scope.cancel()
        awaitUntil("the reader waits with a label in hand") { scanning.labels.stats().waitingPutThreads() == 1 }

        scanning.stop()

        val left = kept.get()
        assertEquals((0 until read).map { "$it" }, shown + left)
        awaitUntil("the end of the battery") { scanning.battery.isShutdown }
    }
}
