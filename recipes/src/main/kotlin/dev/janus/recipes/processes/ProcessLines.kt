package dev.janus.recipes.processes

import dev.janus.kotlin.threadFlow
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.emitAll
import kotlinx.coroutines.flow.flow

// sample: begin

/** Runs the command, and returns the lines that it prints. */
fun linesOf(vararg command: String): Flow<String> = flow {
    val process = ProcessBuilder(*command).redirectErrorStream(true).start()
    val lines = threadFlow<String>(onCancel = { process.endTree() }) {
        process.inputReader().forEachLine { put(it) }
        check(process.waitFor() == 0) { "exit code ${process.exitValue()} of ${command.asList()}" }
    }
    emitAll(lines)
}

/** Ends the process and those that it has started. Returns when they are gone. */
private fun Process.endTree() {
    val tree = descendants().toList() + toHandle()
    tree.forEach { it.destroy() }
    tree.forEach { it.onExit().join() }
}
// sample: end
