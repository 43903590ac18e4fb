package dev.janus.examples

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.File

/** Phrases that the texts had and that read like a translation do not come back. */
class PlainEnglishTest {
    @Test
    fun sourcesAndDocuments_avoidTheListedPhrases() {
        val files = texts()
        assertTrue(files.size > 50, "$files")
        val found = files.flatMap { file ->
            file.readLines().withIndex()
                .filter { (_, line) -> AVOIDED.containsMatchIn(line) }
                .map { (index, line) -> "${file.path}:${index + 1}: ${AVOIDED.find(line)?.value}" }
        }
        assertEquals("", found.joinToString("\n"))
    }

    private fun texts() = File("..").walk()
        .onEnter { it.name !in setOf("target", "node_modules", ".git", "adr", "test") }
        .filter { it.extension in setOf("java", "kt", "md") }
        .toList()

    private companion object {
        val AVOIDED = Regex(
            listOf(
                "whoever", "whomever", "one who", "those who", "who waits", "anew", "in vain", "nobody's", "told so",
                "time-outs?", "for ever", "affair", "lent", "on trial",
            ).joinToString("|", prefix = "\\b(", postfix = ")\\b"),
            RegexOption.IGNORE_CASE,
        )
    }
}
