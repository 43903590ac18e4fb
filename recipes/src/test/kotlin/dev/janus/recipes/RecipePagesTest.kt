package dev.janus.recipes

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import java.io.File

/** The index of the recipes has a row for each page. */
class RecipePagesTest {
    private val folder = File("../docs/guide/recipes")

    @Test
    fun pages_ofTheFolder_areThoseOfTheIndex() {
        val rows = File(folder, "index.md").readLines().filter { it.startsWith("| ") }
        val listed = rows.flatMap { row -> LINK.findAll(row).map { it.groupValues[1] } }.distinct()
        val pages = folder.list { _, name -> name.endsWith(".md") && name != "index.md" }.orEmpty().toList()
        assertEquals(pages.sorted(), listed.sorted())
    }

    private companion object {
        val LINK = Regex("""\]\(([a-z-]+\.md)\)""")
    }
}
