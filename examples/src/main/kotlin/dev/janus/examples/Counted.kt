package dev.janus.examples

import dev.janus.QueueStats
import java.io.PrintStream
import java.util.Locale

private const val MOST_FREQUENT = 10

/** What came out of the counting: of how many [files], how long it took, and what went through the [queue]. */
internal class Counted(
    val files: Int,
    val unreadable: List<Unreadable>,
    val tally: Tally,
    val seconds: Double,
    val queue: QueueStats,
) {
    fun print(out: PrintStream) {
        out.println("files  $files")
        out.println("lines  ${tally.lines}")
        out.println("bytes  ${tally.bytes}")
        out.println("words  ${tally.words}")
        if (tally.words > 0) {
            val words = tally.mostFrequent(MOST_FREQUENT).joinToString { (word, times) -> "$word ($times)" }
            out.println("Most frequent: $words.")
        }
        out.println(
            "%.2f seconds, %.0f lines per second.".format(Locale.ROOT, seconds, tally.lines / seconds),
        )
        out.println(queue.inWords())
    }

    private fun QueueStats.inWords(): String {
        val fullest = if (highWaterMark() == capacity()) "was full at times" else "was never full"
        return "Through the queue: ${accepted()} pieces of text went in from the threads " +
            "(a line each, very long lines in parts), ${taken()} came out to the coroutines, " +
            "${unfinishedTasks()} are not done. " +
            "It $fullest: it held ${highWaterMark()} at most, of ${capacity()} that it may hold."
    }
}
