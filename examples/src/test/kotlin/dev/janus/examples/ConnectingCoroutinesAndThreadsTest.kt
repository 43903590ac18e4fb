package dev.janus.examples

import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.CsvSource

class ConnectingCoroutinesAndThreadsTest {
    @Test
    fun program_count3_printsThreeNumbersAndDone() = runTest {
        val run = run("--count", "3", "--max-delay-ms", "1")
        assertEquals(0, run.status)
        assertTrue(Regex("(Got [01] off queue\n){3}Done.\n").matches(run.out), run.out)
        assertEquals("", run.err)
    }

    @Test
    fun program_count0_printsDone() = runTest {
        assertEquals("Done.\n", run("--count", "0").out)
    }

    @Test
    fun program_help_printsUsage() = runTest {
        val run = run("--help")
        assertEquals(0, run.status)
        assertTrue(run.out.startsWith("Usage: "), run.out)
    }

    @ParameterizedTest
    @CsvSource(
        "--count ten,              --count ten: expected a whole number from 0 to 2147483647",
        "--count -1,               --count -1: expected a whole number from 0 to 2147483647",
        "--max-delay-ms 2147483648, --max-delay-ms 2147483648: expected a whole number from 0 to 2147483647",
        "--max-delay-ms,           --max-delay-ms has no value: expected a whole number from 0 to 2147483647",
        "--cuont 3,                '--cuont: expected --count N, --max-delay-ms N or --help'",
        "3,                        '3: expected --count N, --max-delay-ms N or --help'",
    )
    fun program_badOption_saysWhatWasExpected(args: String, message: String) = runTest {
        val run = run(*args.split(" ").toTypedArray())
        assertEquals(2, run.status)
        assertEquals(message + "\n", run.err)
        assertEquals("", run.out)
    }

    private suspend fun run(vararg args: String): ProgramRun =
        ProgramRun.of { out, err -> connectCoroutineAndThread(arrayOf(*args), out, err) }
}
