package dev.janus.examples

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** All code in the README, the guide, the Javadoc and the KDoc is compiled. Each public function has a sample. */
class SamplesTest {
    private val compiled = Samples.ofTheExamples() + Samples.ofTheRecipes()
    private val quoted = Samples.ofTheReadme() + Samples.ofTheGuide() +
        Samples.ofTheSources(Samples.JAVADOC) + Samples.ofTheSources(Samples.KDOC)

    @Test
    fun samples_ofTheTexts_areCompiledRegions() {
        val known = compiled.map { it.code }.toSet()
        assertNone("no compiled region has this text", quoted.filter { it.code !in known })
        assertTrue(Samples.ofTheReadme().isNotEmpty())
        assertTrue(Samples.ofTheGuide().isNotEmpty())
    }

    @Test
    fun compiledRegions_areQuoted() {
        val used = quoted.map { it.code }.toSet()
        assertNone("no text quotes this region", compiled.filter { it.code !in used })
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
