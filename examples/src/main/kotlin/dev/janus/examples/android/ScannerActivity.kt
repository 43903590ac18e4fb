package dev.janus.examples.android

import android.app.Activity
import android.os.Bundle
import android.widget.LinearLayout
import android.widget.TextView
import dev.janus.kotlin.iterator
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.MainScope
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch

/**
 * Shows the labels and the battery while it is started. When it is stopped, its coroutines are cancelled. They lose
 * nothing by that: what they have not received waits for the next screen.
 */
class ScannerActivity : Activity() {
    lateinit var labels: TextView
    lateinit var battery: TextView
    private lateinit var whileStarted: CoroutineScope

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        labels = TextView(this)
        battery = TextView(this)
        setContentView(
            LinearLayout(this).apply {
                orientation = LinearLayout.VERTICAL
                addView(battery)
                addView(labels)
            },
        )
    }

    override fun onStart() {
        super.onStart()
        val scanning = (application as ScannerApp).scanning
        // sample: begin
        whileStarted = MainScope()
        whileStarted.launch {
            for (label in scanning.labels.async()) labels.append("$label\n")
        }
        // sample: end
        whileStarted.launch {
            for (percent in scanning.battery.async()) battery.text = "$percent %"
        }
    }

    override fun onStop() {
        whileStarted.cancel()
        super.onStop()
    }
}
