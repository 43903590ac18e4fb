package dev.janus.proof

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlin.io.path.readText

/** Runs jcstress, in JVMs of its own, for [Visibility] and [VisibilityAfterWaiting]. */
class VisibilityTest {
    @Test
    fun happensBefore_jcstress_seesNothingForbidden(@TempDir folder: Path) {
        val log = folder.resolve("jcstress.log")
        val process =
            ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.openjdk.jcstress.Main",
                "-v",
                "-t",
                "dev.janus.proof.Visibility",
                "-m",
                "quick",
                "-f",
                "1",
                "-sc",
                "false",
                "-r",
                folder.toString(),
                "-jvmArgs",
                "-XX:+UseParallelGC",
            ).directory(folder.toFile()).redirectErrorStream(true).redirectOutput(log.toFile()).start()
        try {
            assertTrue(process.waitFor(5, TimeUnit.MINUTES)) { "jcstress did not end:\n${log.readText()}" }
        } finally {
            process.destroyForcibly()
        }
        val said = log.readText()
        assertEquals(0, process.exitValue(), said)
        assertTrue(ALL_PASSED.containsMatchIn(said) && "VisibilityAfterWaiting" in said) { said }
    }

    private companion object {
        val ALL_PASSED = Regex("""Results: ([1-9]\d*) planned; \1 passed, 0 failed, 0 soft errs, 0 hard errs""")
    }
}
