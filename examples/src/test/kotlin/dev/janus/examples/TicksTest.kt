package dev.janus.examples

import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.CsvSource
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
    @CsvSource(
        delimiter = ';',
        quoteCharacter = '"',
        value = [
            "\"\";         expected one of [CHANNEL, QUEUE] (case-insensitive) but was ''",
            "pipe;         expected one of [CHANNEL, QUEUE] (case-insensitive) but was 'pipe'",
            "queue 0;      (COUNT): '0' is not a whole number from 1 to 2147483647",
            "channel ten;  (COUNT): 'ten' is not a whole number from 1 to 2147483647",
            "queue 1 0;    (MILLISECONDS): '0' is not a whole number from 1 to 2147483647",
            "queue 1 2 3;  Unmatched argument at index 3: '3'",
        ],
    )
    fun program_badArgument_saysWhatWasExpected(args: String, message: String) = runTest {
        run(*args.split(" ").toTypedArray()).assertRefused(message)
    }

    @Test
    fun program_noArguments_saysWhatIsMissing() = runTest {
        run().assertRefused("Missing required parameter: 'channel|queue'")
    }

    private suspend fun run(vararg args: String): ProgramRun = ProgramRun.of { TicksCommand().execute(*args) }
}
