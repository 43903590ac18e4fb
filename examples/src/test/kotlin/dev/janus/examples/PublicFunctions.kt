package dev.janus.examples

import java.nio.file.Path
import kotlin.io.path.readText

/** Finds the public functions of janus-kotlin-ext in its sources. */
internal object PublicFunctions {
    private val FUNCTION = Regex(
        """(?:/\*\*((?:(?!\*/).)*)\*/\s*(?:@[^\n]*\n\s*)*)?public (?:[a-z]+ )*fun (?!interface )([^(]*?)(\w+)\(""",
        RegexOption.DOT_MATCHES_ALL,
    )

    fun ofTheExtensions(): List<PublicFunction> = Samples.sources(Samples.KDOC).flatMap { file ->
        FUNCTION.findAll(file.readText()).map { match ->
            val (comment, receiver, name) = match.destructured
            PublicFunction(name, receiver, comment, file)
        }
    }

    class PublicFunction(
        private val name: String,
        private val receiver: String,
        comment: String,
        private val file: Path,
    ) {
        private val samples = Samples.ofTheComment(comment, file)

        fun hasSample(): Boolean = samples.any { SampleCode(it.code).calls(name) }

        override fun toString(): String = "$file: fun $receiver$name"
    }
}
