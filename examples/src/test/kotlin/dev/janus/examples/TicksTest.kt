package dev.janus.examples

import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource

class TicksTest {
    @ParameterizedTest
    @ValueSource(strings = ["channel", "queue"])
    fun program_eitherWay_printsEveryTickInOrder(way: String) = runBlocking {
        val run = run(way, "20", "1")
        assertEquals((1..20).joinToString("") { "Tick $it\n" } + "Done.\n", run.out)
        assertEquals("", run.err)
        assertEquals(0, run.status)
    }

    @Test
    fun program_help_printsUsage() = runTest {
        assertTrue(run("--help").out.startsWith("Usage: "))
    }

    @ParameterizedTest
    @ValueSource(strings = ["", "pipe", "queue 0", "channel ten", "queue 1 2 3"])
    fun program_badArgument_saysWhatWasExpected(args: String) = runTest {
        val run = run(*args.split(" ").toTypedArray())
        assertEquals(2, run.status)
        assertEquals("'$args': expected channel or queue, and up to two whole numbers from 1, or --help\n", run.err)
        assertEquals("", run.out)
    }

    private suspend fun run(vararg args: String): ProgramRun =
        ProgramRun.of { out, err -> printTicks(arrayOf(*args), out, err) }
}
