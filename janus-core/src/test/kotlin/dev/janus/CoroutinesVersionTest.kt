package dev.janus

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource

/** The tests run on the version of kotlinx-coroutines that the build configures, and on no other. */
class CoroutinesVersionTest {
    @ParameterizedTest
    @ValueSource(strings = ["core", "test"])
    fun classPath_always_hasOnlyTheConfiguredVersion(module: String) {
        val versions = javaClass.classLoader.getResources("META-INF/kotlinx_coroutines_$module.version").toList()
        assertEquals(listOf(System.getProperty("janus.test.coroutines")), versions.map { it.readText() })
    }
}
