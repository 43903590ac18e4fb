package dev.janus.examples

import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import java.io.ByteArrayOutputStream
import java.io.PrintStream

class ReadmeTest {
    @Test
    fun hello_main_printsWhatTheReadmeSays() = runTest {
        val printed = ByteArrayOutputStream()
        val before = System.out
        System.setOut(PrintStream(printed, true, Charsets.UTF_8))
        try {
            main()
        } finally {
            System.setOut(before)
        }
        assertEquals("Hello, Ada\nHello, Grace\nHello, Edsger\nDone.\n", printed.toString(Charsets.UTF_8))
    }
}
