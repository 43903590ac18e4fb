package dev.janus.examples

import java.nio.file.Path
import java.nio.file.Paths
import kotlin.io.path.extension
import kotlin.io.path.readText

/** A piece of code in the examples or in the documentation, without its common indent. */
internal class Sample(code: String, private val place: Path) {
    val code = code.trimIndent().trim()

    override fun toString(): String = "$place:\n$code\n"
}

/** Finds samples: the compiled regions of the examples and recipes, and the texts that quote them. */
internal object Samples {
    private val REGION = blocks("// sample: begin\n(.*?)\n *// sample: end")
    private val FENCE_OF_MARKDOWN = blocks("^ *```(?:java|kotlin)\\b[^\n]*\n(.*?)^ *```$")
    private val FENCE_OF_KDOC = blocks("^```\n(.*?)^```$")
    private val PRE_OF_JAVADOC = blocks("<pre>\\{@code\n(.*?)}</pre>")
    private val COMMENT = blocks("/\\*\\*(.*?)\\*/")
    private val STARS = Regex("^ *\\*(?: |$)", RegexOption.MULTILINE)

    private val GUIDE = Paths.get("..", "docs", "guide")
    private val HOME = Paths.get("..", "docs", "index.md")

    val JAVADOC: Path = Paths.get("..", "janus-core", "src", "main", "java")
    val KDOC: Path = Paths.get("..", "janus-kotlin-ext", "src", "main", "kotlin")

    /** Returns the regions from `sample: begin` to `sample: end` in the examples. */
    fun ofTheExamples(): List<Sample> = regions(Paths.get("src", "main"))

    /** Returns the regions in the recipes. */
    fun ofTheRecipes(): List<Sample> = regions(Paths.get("..", "recipes", "src", "main"))

    private fun regions(folder: Path): List<Sample> =
        sources(folder).flatMap { file -> REGION.within(file.readText(), file) }

    fun ofTheReadme(): List<Sample> = ofMarkdown(Paths.get("..", "README.md"))

    /** Returns all samples in the pages of the guide, the recipes among them, and on the home page of its site. */
    fun ofTheGuide(): List<Sample> = files(GUIDE, "md").flatMap { ofMarkdown(it) } + ofMarkdown(HOME)

    /** Returns all samples in comments of the sources in the [folder]. */
    fun ofTheSources(folder: Path): List<Sample> = sources(folder)
        .flatMap { file -> COMMENT.findAll(file.readText()).flatMap { ofTheComment(it.groupValues[1], file) } }

    /** Returns the samples in a single Javadoc or KDoc [comment] of the [file]. */
    fun ofTheComment(comment: String, file: Path): List<Sample> {
        val format = if (file.extension == "kt") FENCE_OF_KDOC else PRE_OF_JAVADOC
        return format.within(comment.replace(STARS, ""), file)
    }

    fun sources(folder: Path): List<Path> = files(folder, "java", "kt")

    private fun ofMarkdown(file: Path): List<Sample> = FENCE_OF_MARKDOWN.within(file.readText(), file)

    private fun files(folder: Path, vararg extensions: String): List<Path> = folder
        .toFile()
        .walk()
        .map { it.toPath() }
        .filter { it.extension in extensions }
        .sorted()
        .toList()

    private fun blocks(pattern: String) = Regex(pattern, setOf(RegexOption.MULTILINE, RegexOption.DOT_MATCHES_ALL))

    private fun Regex.within(text: String, file: Path): List<Sample> =
        findAll(text).map { Sample(it.groupValues[1], file) }.toList()
}
