package dev.janus.examples.android

import android.app.Application
import android.util.Log

/** An app that scans parcels from its start. */
class ScannerApp : Application() {
    lateinit var scanning: Scanning

    override fun onCreate() {
        super.onCreate()
        scanning = Scanning(SimulatedReader(labels = 1_000)) { Log.i("scanner", "not shown: $it") }
    }
}
