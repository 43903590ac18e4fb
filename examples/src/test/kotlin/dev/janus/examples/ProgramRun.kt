package dev.janus.examples

import java.io.ByteArrayOutputStream
import java.io.PrintStream

/** What a program printed and returned. */
internal class ProgramRun(val status: Int, val out: String, val err: String) {
    /** The number that the program printed after the [name]. */
    fun number(name: String): Long {
        val line = out.lines().single { it.startsWith("$name  ") }
        return line.removePrefix(name).trim().toLong()
    }

    companion object {
        suspend fun of(program: suspend (PrintStream, PrintStream) -> Int): ProgramRun {
            val out = ByteArrayOutputStream()
            val err = ByteArrayOutputStream()
            val status = program(PrintStream(out, true, Charsets.UTF_8), PrintStream(err, true, Charsets.UTF_8))
            return ProgramRun(status, out.toString(Charsets.UTF_8), err.toString(Charsets.UTF_8))
        }
    }
}
