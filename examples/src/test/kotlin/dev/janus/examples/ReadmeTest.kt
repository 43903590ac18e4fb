package dev.janus.examples

import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import java.io.ByteArrayOutputStream
import java.io.PrintStream
import java.nio.file.Path
import java.nio.file.Paths
import kotlin.io.path.extension
import kotlin.io.path.readLines
import kotlin.io.path.readText

class ReadmeTest {
    @Test
    fun readme_codeBlocks_areTheMarkedRegionsOfTheExamples() {
        val readme = Paths.get("..", "README.md").readText()
        val fence = Regex("^```(java|kotlin)\n(.*?)^```$", setOf(RegexOption.MULTILINE, RegexOption.DOT_MATCHES_ALL))
        val blocks = fence.findAll(readme).map { it.groupValues[1] to it.groupValues[2].trim() }
        assertEquals(regions().joinToString("\n\n"), blocks.sortedBy { it.first }.joinToString("\n\n"))
    }

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

    /** What stands between `README: begin` and `README: end`, by language. */
    private fun regions(): List<Pair<String, String>> = Paths
        .get("src", "main")
        .toFile()
        .walk()
        .map { it.toPath() }
        .filter { it.extension == "java" || it.extension == "kt" }
        .mapNotNull { file -> region(file)?.let { (if (file.extension == "kt") "kotlin" else "java") to it } }
        .sortedBy { it.first }
        .toList()

    private fun region(file: Path): String? {
        val lines = file.readLines()
        val begin = lines.indexOf("// README: begin")
        return if (begin <
            0
        ) {
            null
        } else {
            lines.subList(begin + 1, lines.indexOf("// README: end")).joinToString("\n").trim()
        }
    }
}
