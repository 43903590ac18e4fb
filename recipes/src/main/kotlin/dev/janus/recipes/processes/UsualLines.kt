package dev.janus.recipes.processes

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.channels.trySendBlocking
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOn
import org.apache.commons.io.input.Tailer
import org.apache.commons.io.input.TailerListenerAdapter
import java.nio.file.Path
import kotlin.concurrent.thread

// What people write without Janus.

// sample: begin
fun usualLinesOf(vararg command: String): Flow<String> = flow {
    val process = ProcessBuilder(*command).redirectErrorStream(true).start()
    try {
        process.inputReader().useLines { lines -> lines.forEach { emit(it) } }
    } finally {
        process.destroy()
    }
}.flowOn(Dispatchers.IO)
// sample: end

// sample: begin
fun callbackLinesOf(vararg command: String): Flow<String> = callbackFlow {
    val process = ProcessBuilder(*command).redirectErrorStream(true).start()
    thread {
        process.inputReader().forEachLine { trySendBlocking(it) }
        close()
    }
    awaitClose { process.destroy() }
}
// sample: end

// sample: begin
fun usualLinesOf(file: Path): Flow<String> = callbackFlow {
    val listener = object : TailerListenerAdapter() {
        override fun handle(line: String) {
            trySend(line)
        }
    }
    val tailer = Tailer.builder().setPath(file).setTailerListener(listener).get() // starts a thread
    awaitClose { tailer.close() }
}
// sample: end
