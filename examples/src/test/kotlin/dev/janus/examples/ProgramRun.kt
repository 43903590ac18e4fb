package dev.janus.examples

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import java.io.ByteArrayOutputStream
import java.io.PrintStream

/** The output and exit status of a program. */
internal class ProgramRun(val status: Int, val out: String, val err: String) {
    /** Returns the number printed after the [name]. */
    fun number(name: String): Long {
        val line = out.lines().single { it.startsWith("$name  ") }
        return line.removePrefix(name).trim().toLong()
    }

    /** Asserts that the arguments were refused with an error that ends in the [message]. */
    fun assertRefused(message: String) {
        assertEquals(2, status)
        assertTrue(err.lines().first().endsWith(message), err)
        assertEquals("", out)
    }

    companion object {
        /** Runs the program, and captures what it prints to the standard streams. */
        suspend fun of(program: suspend () -> Int): ProgramRun {
            val out = ByteArrayOutputStream()
            val err = ByteArrayOutputStream()
            val outBefore = System.out
            val errBefore = System.err
            System.setOut(PrintStream(out, true, Charsets.UTF_8))
            System.setErr(PrintStream(err, true, Charsets.UTF_8))
            try {
                val status = program()
                return ProgramRun(status, out.toString(Charsets.UTF_8), err.toString(Charsets.UTF_8))
            } finally {
                System.setOut(outBefore)
                System.setErr(errBefore)
            }
        }
    }
}
