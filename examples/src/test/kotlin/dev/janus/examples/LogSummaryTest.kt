package dev.janus.examples

import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.CsvSource
import picocli.CommandLine
import java.nio.file.Path
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import kotlin.io.path.writeText

class LogSummaryTest {
    @TempDir
    lateinit var folder: Path

    @Test
    fun program_twoFiles_printsErrorsAndCounts() = runTest {
        val first = file("first", "INFO start", "ERROR disk full", "INFO stop", "no level")
        val second = file("second", "ERROR no network", "WARN slow", "ERROR no network")
        val run = run(first, second)
        val (errors, counts) = run.out.lines().dropLast(1).partition { it.startsWith("ERROR ") && it[6] != ' ' }
        assertEquals(listOf("ERROR disk full", "ERROR no network", "ERROR no network"), errors.sorted())
        assertEquals(listOf("ERROR  3", "INFO  2", "WARN  1", "other  1", "dropped  0"), counts)
        assertEquals("", run.err)
        assertEquals(0, run.status)
    }

    @Test
    fun program_manyErrors_printsThemInTheirOrder() = runTest {
        val errors = (1..5000).map { "ERROR $it" }
        val run = run(file("errors", *errors.toTypedArray()))
        assertEquals(errors, run.out.lines().take(5000))
        assertEquals(5000, run.number("ERROR"))
    }

    @Test
    fun program_linesFasterThanTheLoop_countsOrDropsEachOne() = runTest {
        val run = run("--keep", "1", file("many", *Array(5000) { "INFO $it" }))
        assertEquals(5000, run.number("INFO") + run.number("dropped"))
    }

    @Test
    fun count_moreLinesThanItKeeps_dropsTheOldest() = runTest {
        val executor = Executors.newSingleThreadExecutor()
        val run = ProgramRun.of {
            val counter = LevelCounter(executor.asCoroutineDispatcher(), 2)
            listOf("WARN a", "INFO b", "ERROR c", "DEBUG d").forEach(counter::add)
            counter.start()
            counter.finish(CompletableFuture.completedFuture(null)).get(20, TimeUnit.SECONDS)
            0
        }
        executor.shutdown()
        assertEquals("ERROR c\nDEBUG  1\nERROR  1\ndropped  2\n", run.out)
    }

    @Test
    fun program_missingFile_saysWhich() = runTest {
        val run = run("$folder/missing")
        assertEquals(1, run.status)
        assertTrue(run.err.startsWith("Cannot read $folder/missing: "), run.err)
        assertEquals("", run.out)
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
            "--keep 0 log;  '--keep': '0' is not a whole number from 1 to 2147483647",
            "--keep ten;    '--keep': 'ten' is not a whole number from 1 to 2147483647",
            "--keep;        Missing required parameter for option '--keep' (N)",
            "--keep 1;      Missing required parameter: 'FILE'",
            "--kepe 1;      Unknown option: '--kepe'",
        ],
    )
    fun program_badArgument_saysWhatWasExpected(args: String, message: String) = runTest {
        run(*args.split(" ").toTypedArray()).assertRefused(message)
    }

    private fun file(name: String, vararg lines: String): String =
        folder.resolve(name).apply { writeText(lines.joinToString("\n")) }.toString()

    private suspend fun run(vararg args: String): ProgramRun =
        ProgramRun.of { CommandLine(LogSummary()).execute(*args) }
}
