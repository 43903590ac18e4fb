package dev.janus.examples

/** What a sample calls, as far as its text tells. */
internal class SampleCode(code: String) {
    private val code = code.replace(Regex("//.*"), "")

    /** Whether it calls a function of that [name] with so many [arguments], or reads the property that it is in Kotlin. */
    fun calls(name: String, arguments: Int): Boolean =
        IMPLICIT[name]?.containsMatchIn(code) == true || isProperty(name) || argumentsOf(name).any { it == arguments }

    /** Whether it calls a function of that [name]. */
    fun calls(name: String): Boolean = IMPLICIT[name]?.containsMatchIn(code) == true || callsOf(name).any()

    private fun isProperty(getter: String): Boolean {
        val name = getter.removePrefix("get").replaceFirstChar { it.lowercase() }
        return getter.startsWith("get") && Regex("\\.$name\\b").containsMatchIn(code)
    }

    private fun callsOf(name: String): Sequence<MatchResult> =
        Regex("\\b$name(?:<[^()]*>)?[({]|\\b$name \\{").findAll(code)

    private fun argumentsOf(name: String): Sequence<Int> = callsOf(name).map { countArguments(it.range.last) }

    /** How many arguments stand in the parentheses that open at the place. */
    private fun countArguments(open: Int): Int {
        var depth = 0
        var commas = 0
        for (i in open until code.length) {
            when (code[i]) {
                '(', '{', '[' -> depth++
                ')', '}', ']' -> depth--
                ',' -> if (depth == 1) commas++
            }
            if (depth == 0) {
                return if (code.substring(open + 1, i).isBlank()) 0 else commas + 1
            }
        }
        error("parentheses that do not close in:\n$code")
    }

    private companion object {
        /** Calls that the compiler writes. */
        val IMPLICIT = mapOf(
            "iterator" to Regex("\\bfor \\("),
            "close" to Regex("\\btry \\("),
        )
    }
}
