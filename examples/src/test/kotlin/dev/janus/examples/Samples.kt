package dev.janus.examples

import java.nio.file.Path
import java.nio.file.Paths
import kotlin.io.path.extension
import kotlin.io.path.readText

/** A piece of code in the examples or in a text about the library, without the indent that all its lines have. */
internal class Sample(code: String, private val place: Path) {
    val code = code.trimIndent().trim()

    override fun toString(): String = "$place:\n$code\n"
}

/** Where the samples stand: the regions of the examples, which are compiled, and the texts that quote them. */
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

    /** What stands between `sample: begin` and `sample: end` in the examples. */
    fun ofTheExamples(): List<Sample> =
        sources(Paths.get("src", "main")).flatMap { file -> REGION.within(file.readText(), file) }

    fun ofTheReadme(): List<Sample> = ofMarkdown(Paths.get("..", "README.md"))

    /** All samples in the pages of the guide, and on the home page of its site. */
    fun ofTheGuide(): List<Sample> = files(GUIDE, "md").flatMap { ofMarkdown(it) } + ofMarkdown(HOME)

    /** All samples in comments of the sources below the [folder]. */
    fun ofTheSources(folder: Path): List<Sample> = sources(folder)
        .flatMap { file -> COMMENT.findAll(file.readText()).flatMap { ofTheComment(it.groupValues[1], file) } }

    /** The samples of a single Javadoc or KDoc comment of the [file], given as it stands there. */
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
