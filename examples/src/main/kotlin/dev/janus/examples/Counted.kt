package dev.janus.examples

import dev.janus.QueueStats
import java.util.Locale

private const val MOST_FREQUENT = 10

/** The counts of all readable [files], the time it took, and the statistics of the [queue] of lines. */
internal class Counted(
    val files: Int,
    val unreadable: List<Unreadable>,
    val tally: Tally,
    val seconds: Double,
    val queue: QueueStats,
) {
    fun print() {
        println("files  $files")
        println("lines  ${tally.lines}")
        println("bytes  ${tally.bytes}")
        println("words  ${tally.words}")
        if (tally.words > 0) {
            val words = tally.mostFrequent(MOST_FREQUENT).joinToString { (word, times) -> "$word ($times)" }
            println("Most frequent: $words.")
        }
        println("%.2f seconds, %.0f lines per second.".format(Locale.ROOT, seconds, tally.lines / seconds))
        println(queue.inWords())
    }

    private fun QueueStats.inWords(): String {
        val fullest = if (highWaterMark() == capacity()) "was full at times" else "was never full"
        return "Through the queue: ${accepted()} pieces of text went in from the threads " +
            "(a line each, very long lines in parts), ${taken()} came out to the coroutines, " +
            "${unfinishedTasks()} are not done. " +
            "It $fullest: it held ${highWaterMark()} at most, of a capacity of ${capacity()}."
    }
}
