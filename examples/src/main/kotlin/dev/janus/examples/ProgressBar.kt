package dev.janus.examples

import kotlinx.coroutines.delay
import java.io.IOException
import java.io.PrintStream
import java.util.concurrent.atomic.LongAdder

/** Shows how many of the bytes have been read, as one line that is drawn over and over. */
internal class ProgressBar(
    private val terminal: PrintStream,
    private val totalBytes: Long,
    private val bytesRead: LongAdder,
) {
    /** Draws until it is cancelled, and then wipes the line out. */
    suspend fun show() {
        try {
            while (true) {
                terminal.print("\r" + bar())
                terminal.flush()
                delay(100)
            }
        } finally {
            terminal.print("\r" + " ".repeat(bar().length) + "\r")
            terminal.flush()
        }
    }

    private fun bar(): String {
        val percent = if (totalBytes == 0L) 100 else (bytesRead.sum() * 100 / totalBytes).coerceAtMost(100).toInt()
        val filled = percent * WIDTH / 100
        return "[" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "] " + "$percent %".padStart(5)
    }

    companion object {
        private const val WIDTH = 40

        /** Whether the standard error stream is a terminal; false where the system has no `test` to ask. */
        fun stderrIsTerminal(): Boolean = try {
            ProcessBuilder("test", "-t", "2").redirectError(ProcessBuilder.Redirect.INHERIT).start().waitFor() == 0
        } catch (_: IOException) {
            false
        }
    }
}
