package dev.janus.examples

import dev.janus.JanusQueue
import dev.janus.kotlin.iterator
import dev.janus.kotlin.janusQueue
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.withContext
import me.tongfei.progressbar.ConsoleProgressBarConsumer
import me.tongfei.progressbar.ProgressBar
import me.tongfei.progressbar.ProgressBarStyle
import java.nio.file.Path
import java.util.concurrent.ConcurrentLinkedQueue

private const val READERS = 2
private const val COUNTERS = 3
private const val FILES_AHEAD = 16
private const val LINES_AHEAD = 256
private const val BAR_WIDTH = 72

/** Finds the files that [choose] adds, reads them and counts. Shows a progress bar if asked to. */
internal suspend fun countFiles(showProgress: Boolean, choose: FileList.() -> Unit): Counted {
    val start = System.nanoTime()
    val list = withContext(Dispatchers.IO) { FileList().apply(choose) }
    val unreadable = ConcurrentLinkedQueue(list.unreadable)
    val files = janusQueue<Path>(FILES_AHEAD)
    val lines = janusQueue<ByteArray>(LINES_AHEAD)
    val bar = if (showProgress) progressBar(list.totalBytes()) else null
    val readers = List(READERS) {
        LineReader(files, lines, { bar?.stepBy(it) }, { file, e -> unreadable += Unreadable(file, e) })
    }
    val tally = bar.use { pump(list.files, files, readers, lines) }
    return Counted(
        files = list.files.size + list.unreadable.size - unreadable.size,
        unreadable = unreadable.sortedBy { it.path },
        tally = tally,
        seconds = (System.nanoTime() - start) / 1e9,
        queue = lines.stats(),
    )
}

/** Sends the files to the reading threads through one queue, and counts the lines they put into the other. */
private suspend fun pump(
    all: List<Path>,
    files: JanusQueue<Path>,
    readers: List<LineReader>,
    lines: JanusQueue<ByteArray>,
): Tally = withContext(Dispatchers.Default) {
    try {
        readers.forEach { Thread(it, "line-reader").start() }
        val tallies = List(COUNTERS) { async { tallyUntilShutdown(lines) } }
        files.async().sendAll(all)
        files.async().join() // until every file is read, and there are no more lines to come
        lines.async().join() // until every line is counted
        lines.shutdown()
        Tally().apply { tallies.awaitAll().forEach { this += it } }
    } finally {
        files.shutdown() // ends the threads, even if counting failed
        lines.shutdown()
    }
}

private suspend fun tallyUntilShutdown(lines: JanusQueue<ByteArray>): Tally {
    val tally = Tally()
    for (line in lines.async()) {
        tally.count(line)
        lines.async().taskDone()
    }
    return tally
}

/** Shows a progress bar on the standard error stream, and clears it when it is closed. */
private fun progressBar(totalBytes: Long): ProgressBar = ProgressBar
    .builder()
    .setTaskName("Reading")
    .setInitialMax(totalBytes)
    .setUnit(" KiB", 1024)
    .setStyle(ProgressBarStyle.ASCII)
    .setUpdateIntervalMillis(100)
    .setConsumer(
        object : ConsoleProgressBarConsumer(System.err, BAR_WIDTH) {
            override fun close() = System.err.flush() // without the line break of the superclass
        },
    )
    .clearDisplayOnFinish()
    .build()
