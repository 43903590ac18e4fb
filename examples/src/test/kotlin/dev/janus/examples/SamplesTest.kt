package dev.janus.examples

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** The code in the README, the guide, the Javadoc and the KDoc is compiled, and there is some for each public function. */
class SamplesTest {
    private val compiled = Samples.ofTheExamples()
    private val quoted = Samples.ofTheReadme() + Samples.ofTheGuide() +
        Samples.ofTheSources(Samples.JAVADOC) + Samples.ofTheSources(Samples.KDOC)

    @Test
    fun samples_ofTheTexts_areRegionsOfTheExamples() {
        val known = compiled.map { it.code }.toSet()
        assertNone("no region of the examples has this text", quoted.filter { it.code !in known })
        assertTrue(Samples.ofTheReadme().isNotEmpty())
        assertTrue(Samples.ofTheGuide().isNotEmpty())
    }

    @Test
    fun regions_ofTheExamples_areQuoted() {
        val used = quoted.map { it.code }.toSet()
        assertNone("no text quotes this region of the examples", compiled.filter { it.code !in used })
    }

    @Test
    fun samples_ofJavaTypes_callEveryPublicMethod() {
        val types = PublicMethods.typesOfCore()
        assertTrue(types.size >= 10, "$types")
        assertNone("no sample calls this public method", types.flatMap { PublicMethods.withoutSample(it) })
    }

    @Test
    fun samples_ofKotlinFunctions_callTheFunction() {
        val functions = PublicFunctions.ofTheExtensions()
        assertTrue(functions.size >= 20, "$functions")
        assertNone("no sample of its own", functions.filter { !it.hasSample() })
    }

    private fun assertNone(what: String, found: List<Any>) {
        assertEquals("", found.joinToString("\n") { "$what: $it" })
    }
}
