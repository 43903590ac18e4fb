package dev.janus.examples

import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Assumptions.assumeFalse
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.IOException
import java.nio.file.Files
import java.nio.file.InvalidPathException
import java.nio.file.Path
import java.nio.file.Paths
import kotlin.io.path.createDirectories
import kotlin.io.path.createDirectory
import kotlin.io.path.createFile
import kotlin.io.path.createSymbolicLinkPointingTo
import kotlin.io.path.writeBytes
import kotlin.io.path.writeText
import kotlin.random.Random
import kotlin.time.Duration.Companion.seconds

class WordCountTest {
    @TempDir
    lateinit var folder: Path

    @Test
    fun wordCount_trickyFile_sameAsWc() = realTime {
        val expected = LinkedHashMap<Path, Pair<Long, Long>>()
        val counted = LinkedHashMap<Path, Pair<Long, Long>>()
        for (file in trickyFiles()) {
            expected[file] = wc("cat \"$1\"", file)
            counted[file] = run("$file").linesAndBytes()
        }
        assertEquals(expected, counted)
    }

    @Test
    fun wordCount_folderOfTrickyFiles_sameAsWc() = realTime {
        val files = trickyFiles()
        val run = run("$folder")
        assertEquals(wc("find \"$1\" -type f -exec cat {} +", folder), run.linesAndBytes())
        assertEquals(files.size.toLong(), run.number("files"))
    }

    @Test
    fun wordCount_thousandsOfFiles_sameAsWc() = realTime {
        for (i in 1..2000) {
            val parent = folder.resolve("${i % 7}/${i % 11}").createDirectories()
            parent.resolve("$i").writeText("$i\n".repeat(i % 5) + "$i")
        }
        val run = run("$folder")
        assertEquals(2000, run.number("files"))
        assertEquals(wc("find \"$1\" -type f -exec cat {} +", folder), run.linesAndBytes())
    }

    @Test
    fun wordCount_noArguments_countsTheSources() = realTime {
        val project = Paths.get("..").toRealPath()
        val find =
            "cd \"$1\" && find . -type f \\( -name '*.java' -o -name '*.kt' -o -name '*.md' -o -name '*.xml' \\)" +
                " -not -path '*/target/*' -not -path '*/.*/*' -exec cat {} +"
        val run = ProgramRun.of { WordCountCommand(folder = project, showProgress = false).execute() }
        assertEquals(wc(find, project), run.linesAndBytes())
        assertTrue(run.number("lines") > 0)
        assertEquals(0, run.status)
        assertEquals("", run.err)
    }

    @Test
    fun wordCount_wordsOfAVeryLongLine_areNotCutApart() = realTime {
        val file = folder.resolve("long")
        file.writeText("word ".repeat(100_000))
        val run = run("$file")
        assertEquals(100_000, run.number("words"))
        assertEquals(0, run.number("lines"))
        assertTrue("Most frequent: word (100000).\n" in run.out, run.out)
    }

    @Test
    fun wordCount_mostFrequentWords_byNumberThenByName() = realTime {
        val file = folder.resolve("words")
        file.writeText("b a, B-b ö1\nÖ1 a\u0000c")
        assertTrue("Most frequent: b (3), a (2), ö1 (2), c (1).\n" in run("$file").out)
    }

    @Test
    fun wordCount_unreadableFiles_reportedAndTheRestCounted() = realTime {
        val good = folder.resolve("good").apply { writeText("one\ntwo\n") }
        val missing = folder.resolve("missing")
        val broken = folder.resolve("sub").createDirectory().resolve("broken")
        broken.createSymbolicLinkPointingTo(Paths.get("nowhere"))
        val loop = folder.resolve("zloop").apply { createSymbolicLinkPointingTo(this) }

        val run = run("$missing", "$good", "${broken.parent}", "$loop", "no\u0000path")
        assertEquals(1, run.status)
        assertEquals(1, run.number("files"))
        assertEquals(2L to 8L, run.linesAndBytes())
        val reports = run.err.lines()
        assertEquals("Not counted: $missing: no such file", reports[0])
        assertEquals("Not counted: $broken: no such file", reports[1])
        assertTrue(reports[2].startsWith("Not counted: $loop: "), run.err)
        assertTrue(reports[3].startsWith("Not counted: no\u0000path: no valid path: "), run.err)
    }

    @Test
    fun wordCount_forbiddenFileAndFolder_reportedAndTheRestCounted() = realTime {
        folder.resolve("good").writeText("one\n")
        val file = folder.resolve("forbidden").createFile()
        val sub = folder.resolve("sub").createDirectory()
        assumeTrue(file.toFile().setReadable(false) && sub.toFile().setReadable(false))
        assumeFalse(Files.isReadable(file), "a superuser may read everything")

        val run = run("$folder")
        assertEquals(1, run.status)
        assertEquals(1L to 4L, run.linesAndBytes())
        assertEquals("Not counted: $file: permission denied\nNot counted: $sub: permission denied\n", run.err)
    }

    @Test
    fun wordCount_symbolicLinks_followedToFilesOnly() = realTime {
        val tree = folder.resolve("tree").createDirectory()
        val other = folder.resolve("other").createDirectory()
        other.resolve("file").writeText("one\n")
        tree.resolve("toFile").createSymbolicLinkPointingTo(other.resolve("file"))
        tree.resolve("toFolder").createSymbolicLinkPointingTo(other)
        tree.resolve("toItself").createSymbolicLinkPointingTo(tree)
        val link = folder.resolve("link").createSymbolicLinkPointingTo(tree)

        assertEquals(1L to 4L, run("$tree").linesAndBytes())
        assertEquals(1L to 4L, run("$link").linesAndBytes())
    }

    @Test
    fun wordCount_emptyFolder_countsNothing() = realTime {
        val run = run("$folder")
        assertEquals(0, run.status)
        assertEquals(0L to 0L, run.linesAndBytes())
        assertEquals(0, run.number("files"))
    }

    @Test
    fun wordCount_unknownOption_saysWhatWasExpected() = realTime {
        run("--files").assertRefused("Unknown option: '--files'")
    }

    @Test
    fun wordCount_fileNamedLikeAnOption_countedAfterTwoDashes() = realTime {
        val run = run("--", "--files")
        assertEquals("Not counted: --files: no such file\n", run.err)
    }

    @Test
    fun wordCount_help_printsUsage() = realTime {
        val run = run("--help")
        assertEquals(0, run.status)
        assertTrue(run.out.startsWith("Usage: "), run.out)
    }

    @Test
    fun wordCount_progress_drawnOnStderrAndCleared() = realTime {
        val file = folder.resolve("file").apply { writeText("one\n".repeat(100_000)) }
        val run = ProgramRun.of { WordCountCommand(showProgress = true).execute("$file") }
        assertTrue(Regex("""(\rReading +[0-9]+% \[=*>? *] [^\r\n]*)+\r+ +\r""").matches(run.err), run.err)
    }

    private fun trickyFiles(): List<Path> {
        val files =
            mapOf(
                "empty" to bytes(""),
                "one newline" to bytes("\n"),
                "no newline" to bytes("no newline at the end"),
                "last line without newline" to bytes("first\nsecond"),
                "crlf" to bytes("first\r\nsecond\r\n"),
                "cr only" to bytes("first\rsecond\r"),
                "zero bytes" to bytes("a\u0000b\n\u0000\n\u0000"),
                "latin1" to "Größe\nÄrger\n".toByteArray(Charsets.ISO_8859_1),
                "utf8" to bytes("Größe\n\uD83D\uDE00 smile\n"),
                "utf16" to "line\nline\n".toByteArray(Charsets.UTF_16),
                "bytes" to Random(1).nextBytes(1_000_000),
                "long line" to bytes("word ".repeat(200_000)),
                "long word" to bytes("ä".repeat(200_000) + "\n"),
                "buffer" to bytes("x".repeat(LineReader.LONGEST_PART - 1) + "\n"),
                "buffer and newline" to bytes("x".repeat(LineReader.LONGEST_PART) + "\n"),
                "only newlines" to bytes("\n".repeat(200_000)),
                " a name; with \$special 'characters' " to bytes("one\n"),
                "größe" to bytes("one\n"),
            )
        return files.mapNotNull { (name, content) -> write(name, content) }
    }

    /** Returns the file, or null if the system does not support the name. */
    private fun write(name: String, content: ByteArray): Path? = try {
        folder.resolve(name).apply { writeBytes(content) }
    } catch (_: IOException) {
        null
    } catch (_: InvalidPathException) {
        null
    }

    private fun bytes(text: String): ByteArray = text.toByteArray()

    private suspend fun run(vararg args: String): ProgramRun =
        ProgramRun.of { WordCountCommand(showProgress = false).execute(*args) }

    private fun ProgramRun.linesAndBytes(): Pair<Long, Long> = number("lines") to number("bytes")

    /** Returns the counts of `wc` for the output of the shell command, which gets the path as $1. */
    private fun wc(command: String, path: Path): Pair<Long, Long> {
        val process =
            try {
                ProcessBuilder("sh", "-c", "{ $command; } | wc -l -c", "sh", "$path").start()
            } catch (e: IOException) {
                return assumeTrue(false, "no shell to run wc in: $e").let { 0L to 0L }
            }
        val printed = process.inputStream.reader().readText()
        assumeFalse(process.waitFor() == 127, "no wc here")
        val (lines, bytes) = printed.trim().split(Regex(" +"))
        return lines.toLong() to bytes.toLong()
    }

    private fun realTime(test: suspend TestScope.() -> Unit) = runTest(timeout = 60.seconds, testBody = test)
}
