package dev.janus.recipes.processes

import dev.janus.kotlin.threadFlow
import kotlinx.coroutines.flow.Flow
import org.apache.commons.io.input.Tailer
import org.apache.commons.io.input.TailerListenerAdapter
import java.nio.file.Path

// sample: begin

/** Returns the lines of a file, and those that are added to it later. */
fun linesOf(file: Path): Flow<String> = threadFlow {
    val listener = object : TailerListenerAdapter() {
        override fun handle(line: String) = put(line) // waits for the collector

        override fun handle(failure: Exception) = throw failure
    }
    Tailer.builder().setPath(file).setTailerListener(listener).setStartThread(false).get().run()
}
// sample: end
