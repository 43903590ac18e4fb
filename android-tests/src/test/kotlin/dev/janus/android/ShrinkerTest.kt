package dev.janus.android

import com.android.tools.r8.D8
import com.android.tools.r8.D8Command
import com.android.tools.r8.Diagnostic
import com.android.tools.r8.DiagnosticsHandler
import com.android.tools.r8.R8
import com.android.tools.r8.R8Command
import com.android.tools.r8.origin.Origin
import dev.janus.JanusQueue
import dev.janus.kotlin.QueueOrder
import kotlinx.coroutines.CoroutineScope
import org.jetbrains.annotations.NotNull
import org.jspecify.annotations.NullMarked
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import proguard.Configuration
import proguard.ConfigurationParser
import proguard.ProGuard
import java.io.File
import java.net.URI
import java.nio.file.Files
import java.nio.file.Path
import java.util.zip.ZipEntry
import java.util.zip.ZipOutputStream
import kotlin.io.path.createDirectory
import kotlin.io.path.exists
import kotlin.io.path.fileSize
import kotlin.io.path.isDirectory
import kotlin.io.path.isRegularFile
import kotlin.io.path.outputStream
import kotlin.io.path.toPath
import kotlin.io.path.writeText

private const val MAIN = "dev.janus.android.Program"
private const val KEPT = "-keep class $MAIN { public static void main(java.lang.String[]); }"

/** The rules that the jar brings along. Android's Gradle plugin finds them there; here they are passed on. */
private val RULES = JanusQueue::class.java.getResource("/META-INF/proguard/janus.pro")!!.readText()
private val JAVA_HOME = Path.of(System.getProperty("java.home"))

/** The jars, and a program that uses them, in the tools that build an app. */
internal class ShrinkerTest {
    @TempDir
    lateinit var folder: Path

    private val program by lazy { listOf(jarWith(Class.forName(MAIN))) }
    private val janus by lazy { listOf(jarWith(JanusQueue::class.java), jarWith(QueueOrder::class.java)) }
    private val libraries by lazy {
        listOf(CoroutineScope::class, Unit::class, NotNull::class, NullMarked::class).map { jarWith(it.java) }
    }

    private val warnings = Warnings()

    @Test
    fun program_asItIs_printsItsResults() = assertPrintsItsResults(janus + libraries + program)

    @Test
    fun program_shrunkByR8InFullMode_printsItsResults() {
        val shrunk = folder.resolve("shrunk.jar")
        val rules = folder.resolve("rules.pro").apply { writeText("$KEPT\n$RULES") }
        val options = listOf("--release", "--classfile", "--lib", JAVA_HOME, "--output", shrunk, "--pg-conf", rules)

        R8.run(R8Command.parse(arguments(options + janus + libraries + program), Origin.unknown(), warnings).build())

        warnings.assertNone()
        assertPrintsItsResults(listOf(shrunk))
        assertTrue(shrunk.fileSize() < libraries.sumOf { it.fileSize() } / 4, "${shrunk.fileSize()} bytes")
    }

    @Test
    fun jars_compiledByD8ForAndroid24_giveNoWarnings() {
        val dex = folder.resolve("dex").createDirectory()
        val classPath = libraries.flatMap { listOf("--classpath", it) }
        val options = listOf("--release", "--min-api", "24", "--lib", JAVA_HOME, "--output", dex) + classPath

        D8.run(D8Command.parse(arguments(options + janus + program), Origin.unknown(), warnings).build())

        warnings.assertNone()
        assertTrue(dex.resolve("classes.dex").exists())
    }

    @Test
    fun program_shrunkByProGuard_printsItsResults() {
        val shrunk = folder.resolve("shrunk.jar")
        val java = jarOf(Path.of(URI("jrt:/java.base")))
        val rules = folder.resolve("rules.pro").apply { writeText("$KEPT\n$RULES") }
        val options =
            listOf("-injars", pathOf(janus + program), "-outjars", "$shrunk") +
                listOf("-libraryjars", pathOf(libraries + listOf(java)), "-include", "$rules")

        val configuration = Configuration()
        ConfigurationParser(options.toTypedArray(), System.getProperties()).use { it.parse(configuration) }
        ProGuard(configuration).execute()

        assertPrintsItsResults(libraries + listOf(shrunk))
    }

    private fun arguments(all: List<Any>) = all.map { "$it" }.toTypedArray()

    private fun pathOf(jars: List<Path>) = jars.joinToString(File.pathSeparator)

    private fun assertPrintsItsResults(classPath: List<Path>) {
        val java = JAVA_HOME.resolve("bin").resolve("java")
        val process = ProcessBuilder("$java", "-cp", pathOf(classPath), MAIN).redirectErrorStream(true).start()
        val printed = process.inputReader().readText()
        assertEquals(RESULTS, printed.trim())
        assertEquals(0, process.waitFor())
    }

    /** The jar of the class. If it is in a folder, as in a build that makes no jars, a jar of that folder. */
    private fun jarWith(type: Class<*>): Path {
        val place = type.protectionDomain.codeSource.location.toURI().toPath()
        return if (place.isDirectory()) jarOf(place) else place
    }

    private fun jarOf(tree: Path): Path {
        val jar = Files.createTempFile(folder, null, ".jar")
        ZipOutputStream(jar.outputStream().buffered()).use { zip ->
            Files.walk(tree).use { paths ->
                paths.filter { it.isRegularFile() && "${it.fileName}" != "module-info.class" }.forEach {
                    zip.putNextEntry(ZipEntry("${tree.relativize(it)}"))
                    Files.copy(it, zip)
                }
            }
        }
        return jar
    }

    private class Warnings : DiagnosticsHandler {
        private val all = ArrayList<String>()

        override fun warning(warning: Diagnostic) {
            val message = warning.diagnosticMessage
            // Each jar has its own manifest and licence.
            if (!message.matches(Regex("Resource 'META-INF/.*' already exists\\."))) all += message
        }

        override fun info(info: Diagnostic) = Unit

        fun assertNone() = assertEquals(emptyList<String>(), all)
    }

    private companion object {
        val RESULTS =
            """
            thread to coroutine: 500500
            coroutine to thread: 500500
            timeout: null
            select in a coroutine: a word
            select in a thread: 5
            returned after a failure: 6
            future: 7
            subscription: [1, 2, 3]
            priority: [1, 2, 3]
            dropped, received: [1, 2, 3]
            flow: [1, 2, 3]
            channel: [1, 2, 3]
            cause of the shutdown: closed early
            on the loop: received 8, take refused
            """.trimIndent()
    }
}
