package dev.janus.examples

import dev.janus.JanusQueue
import dev.janus.kotlin.iterator
import dev.janus.kotlin.janusQueue
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.io.PrintStream
import java.nio.file.Path
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.LongAdder

private const val READERS = 2
private const val COUNTERS = 3
private const val FILES_AHEAD = 16
private const val LINES_AHEAD = 256

/** Looks up the files that are chosen, reads them and counts. Draws a progress bar if it is given a terminal. */
internal suspend fun countFiles(terminal: PrintStream?, choose: FileList.() -> Unit): Counted {
    val start = System.nanoTime()
    val list = withContext(Dispatchers.IO) { FileList().apply(choose) }
    val unreadable = ConcurrentLinkedQueue(list.unreadable)
    val bytesRead = LongAdder()
    val files = janusQueue<Path>(FILES_AHEAD)
    val lines = janusQueue<ByteArray>(LINES_AHEAD)
    val readers =
        List(READERS) { LineReader(files, lines, bytesRead) { file, e -> unreadable += Unreadable(file, e) } }
    val tally =
        coroutineScope {
            val bar = terminal?.let { launch(Dispatchers.IO) { ProgressBar(it, list.totalBytes(), bytesRead).show() } }
            pump(list.files, files, readers, lines).also { bar?.cancel() }
        }
    return Counted(
        files = list.files.size + list.unreadable.size - unreadable.size,
        unreadable = unreadable.sortedBy { it.path },
        tally = tally,
        seconds = (System.nanoTime() - start) / 1e9,
        queue = lines.stats(),
    )
}

/** Files go to the reading threads through one queue; lines come from them through the other. */
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
        files.async().join() // every file was read: there will be no more lines
        lines.async().join() // every line was counted
        lines.shutdown()
        Tally().apply { tallies.awaitAll().forEach { this += it } }
    } finally {
        files.shutdown() // so that the threads end, also when the counting failed
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
