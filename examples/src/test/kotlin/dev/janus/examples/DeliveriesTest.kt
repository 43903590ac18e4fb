package dev.janus.examples

import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.CsvSource

class DeliveriesTest {
    @Test
    fun program_doorsThatDoNotOpen_deliversEachParcelOnce() = runTest {
        val run = run("30")
        val delivered = run.out.lines().filter { it.startsWith("Delivered: ") }
        val expected = listOf("express", "ordinary").flatMap { kind ->
            (1..30).map { "Delivered: $kind parcel $it, attempt ${if (it % 3 == 0) 2 else 1}." }
        }
        assertEquals(expected.sorted(), delivered.sorted())
        assertEquals(20, run.out.lines().count { it.startsWith("Back in the van: nobody opened for ") })
        assertTrue(run.out.endsWith("Nothing is left: 60 parcels loaded, 0 not delivered.\n"), run.out)
        assertEquals(0, run.status)
    }

    @Test
    fun program_noParcels_endsWhenTheTimeIsUp() = runTest {
        assertEquals("Nothing is left: 0 parcels loaded, 0 not delivered.\n", run("0", "1").out)
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
            "five;   (PARCELS): 'five' is not a whole number from 0 to 2147483647",
            "-1;     (PARCELS): '-1' is not a whole number from 0 to 2147483647",
            "5 0;    (MILLISECONDS): '0' is not a whole number from 1 to 2147483647",
            "5 ten;  (MILLISECONDS): 'ten' is not a whole number from 1 to 2147483647",
            "1 2 3;  Unmatched argument at index 2: '3'",
        ],
    )
    fun program_badArgument_saysWhatWasExpected(args: String, message: String) = runTest {
        run(*args.split(" ").toTypedArray()).assertRefused(message)
    }

    private suspend fun run(vararg args: String): ProgramRun = ProgramRun.of { DeliveriesCommand().execute(*args) }
}
