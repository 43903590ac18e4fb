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
        delimiter = ';',
        quoteCharacter = '"',
        value = [
            "--count ten;                '--count': 'ten' is not a whole number from 0 to 2147483647",
            "--count -1;                 '--count': '-1' is not a whole number from 0 to 2147483647",
            "--max-delay-ms 2147483648;  '--max-delay-ms': '2147483648' is not a whole number from 0 to 2147483647",
            "--max-delay-ms;             Missing required parameter for option '--max-delay-ms' (N)",
            "--cuont 3;                  Unknown options: '--cuont', '3'",
            "3;                          Unmatched argument at index 0: '3'",
        ],
    )
    fun program_badOption_saysWhatWasExpected(args: String, message: String) = runTest {
        run(*args.split(" ").toTypedArray()).assertRefused(message)
    }

    private suspend fun run(vararg args: String): ProgramRun = ProgramRun.of { ConnectingCommand().execute(*args) }
}
