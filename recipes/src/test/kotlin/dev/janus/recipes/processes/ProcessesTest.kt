package dev.janus.recipes.processes

import dev.janus.fixtures.awaitUntil
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancel
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.nio.file.Path
import java.util.Collections
import java.util.concurrent.atomic.AtomicInteger
import kotlin.io.path.appendText
import kotlin.io.path.createFile
import kotlin.io.path.readSymbolicLink
import kotlin.io.path.writeText
import kotlin.time.Duration.Companion.seconds

/** Collectors of processes and files that never end by themselves, all of which are cancelled. */
internal class ProcessesTest {
    @TempDir
    lateinit var folder: Path

    private val file by lazy { folder.resolve("log").createFile() }
    private val scope = CoroutineScope(Dispatchers.Default)
    private lateinit var before: Left

    private fun tail() = arrayOf("tail", "-n", "+1", "-f", "$file")

    private fun shell(before: String = "") =
        arrayOf("sh", "-c", "$before tail -n +1 -f $file | grep --line-buffered -v $file")

    /** When it is told to end, it closes its end of the pipe, and then takes its time. */
    private fun slowShell() = shell("trap 'exec >/dev/null 2>&1; sleep 0.2; exit' TERM;")

    @BeforeEach
    fun needsTheCommands() {
        val path = System.getenv("PATH").split(File.pathSeparator)
        assumeTrue(File("/proc/self/fd").exists() && path.any { File(it, "tail").canExecute() }, "needs Linux and tail")
        before = Left.of(file)
    }

    @AfterEach
    fun endAll() {
        scope.cancel()
        processesOf(file).forEach { it.destroyForcibly() }
        awaitNothingLeft()
    }

    private fun left() = Left.of(file) - before

    private fun awaitNothingLeft() = awaitUntil("nothing is left") { left() == Left(0, 0, 0) }

    /** Begins collectors of the flow, and cancels them when each has the first line and waits for the next. */
    private fun cancelled(count: Int, flow: () -> Flow<String>): List<Job> {
        val waiting = AtomicInteger()
        file.writeText("first\n")
        val collectors = List(count) {
            scope.launch { flow().collect { waiting.incrementAndGet() } }
        }
        awaitUntil("all have the first line") { waiting.get() == count }
        collectors.forEach { it.cancel() }
        return collectors
    }

    /** Waits for the collectors for a second, many times what an end without obstacles takes. */
    private fun countEnded(collectors: List<Job>): Int = runBlocking {
        withTimeoutOrNull(1.seconds) { collectors.joinAll() }
        collectors.count { it.isCompleted }
    }

    private fun assertCollectorsEndAndLeaveNothing(count: Int, command: Array<String>) = runBlocking {
        cancelled(count) { linesOf(*command) }.joinAll()

        val left = left()
        assertEquals(0, left.processes)
        assertEquals(0, left.threads)
        awaitNothingLeft() // when a process has ended, the JDK closes its pipes a little later
        println("Janus: $count of $count collectors of ${command[0]} ended, left: ${left()}")
    }

    @Test
    fun processes_cancelled_endTheirCollectorsAndLeaveNothing() = assertCollectorsEndAndLeaveNothing(COLLECTORS, tail())

    @Test
    fun shells_cancelled_endTheirCollectorsAndLeaveNothing() = assertCollectorsEndAndLeaveNothing(SHELLS, slowShell())

    @Test
    fun usualProcesses_cancelled_hangAndOccupyDispatchersIO() {
        val ended = countEnded(cancelled(COLLECTORS) { usualLinesOf(*tail()) })
        val ranOnIO = countEnded(listOf(scope.launch(Dispatchers.IO) { }))

        println("flowOn(IO): $ended of $COLLECTORS collectors ended, left: ${left()}; ran on IO: $ranOnIO of 1")
        assertEquals(0, ended)
        assertEquals(COLLECTORS, left().processes)
    }

    @Test
    fun callbackShells_cancelled_leaveProcessesAndThreads() {
        val ended = countEnded(cancelled(SHELLS) { callbackLinesOf(*shell()) })
        awaitUntil("the shells have ended") { left().processes <= 2 * SHELLS }

        println("callbackFlow: $ended of $SHELLS collectors of sh ended, left: ${left()}")
        assertEquals(2 * SHELLS, left().processes)
    }

    @Test
    fun process_ends_flowEndsWithAllLines(): Unit = runBlocking {
        val lines = linesOf("seq", "$LINES").toList()
        assertTrue((1..LINES).map { "$it" } == lines) { "${lines.size} lines" }
        val failure = assertThrows(IllegalStateException::class.java) {
            runBlocking { linesOf("sh", "-c", "echo no; exit 3").toList() }
        }
        assertEquals("exit code 3 of [sh, -c, echo no; exit 3]", failure.message)
    }

    /** Begins a collector that takes the second line when the [reader] has nothing to do. */
    private fun laggingCollector(reader: String, lines: Flow<String>, received: MutableList<String>) = scope.launch {
        lines.collect {
            if (received.isEmpty()) awaitUntil("the reader waits") { isWaiting(reader) }
            received += it
        }
    }

    private fun isWaiting(thread: String) = Thread.getAllStackTraces().keys.any {
        thread in it.name && it.state in setOf(Thread.State.WAITING, Thread.State.TIMED_WAITING)
    }

    @Test
    fun file_growsWithASlowCollector_allLinesComeAndNothingIsLeft() = runBlocking {
        val lines = (1..LINES).map { "line $it" }
        val received = Collections.synchronizedList(ArrayList<String>())
        file.writeText(lines.joinToString("", postfix = "half a ") { "$it\n" })
        val collector = laggingCollector("janus-thread-flow", linesOf(file), received)
        awaitUntil("the lines that are there") { received.size == LINES }
        file.appendText("line\n")
        awaitUntil("the line that was completed") { received.size == LINES + 1 }
        collector.cancelAndJoin()

        println("Janus: ${received.size} of ${LINES + 1} lines received, left: ${left()}")
        assertTrue(lines + "half a line" == received)
        assertEquals(Left(0, 0, 0), left())
    }

    @Test
    fun usualFile_slowCollector_losesLines() = runBlocking {
        val received = Collections.synchronizedList(ArrayList<String>())
        file.writeText((1..LINES).joinToString("") { "line $it\n" })
        val collector = laggingCollector(TAILER, usualLinesOf(file), received)
        awaitUntil("the lines that the channel held") { received.size > BUFFER }
        collector.cancelAndJoin()

        println("callbackFlow: ${received.size} of $LINES lines received, left: ${left()}")
        assertTrue(received.size < LINES)
    }

    /** Child processes, threads that read for collectors, and file descriptors that are open for them. */
    private data class Left(val processes: Int, val threads: Int, val descriptors: Int) {
        operator fun minus(other: Left) =
            Left(processes - other.processes, threads - other.threads, descriptors - other.descriptors)

        override fun toString() = "$processes processes, $threads threads, $descriptors descriptors"

        companion object {
            fun of(file: Path) = Left(processesOf(file).size, countReaders(), countDescriptors(file))

            private fun countReaders() = Thread.getAllStackTraces().values.count { stack ->
                stack.any { READER.containsMatchIn(it.className) }
            }

            private fun countDescriptors(file: Path) = File("/proc/self/fd").listFiles().orEmpty().count { descriptor ->
                val opened = runCatching {
                    "${descriptor.toPath().readSymbolicLink()}"
                }.getOrDefault("closed meanwhile")
                opened.startsWith("pipe:") || opened == "$file"
            }
        }
    }

    private companion object {
        /** As many as Dispatchers.IO has threads. */
        const val COLLECTORS = 64
        const val SHELLS = 20
        const val LINES = 10_000

        /** What the channel of a callbackFlow holds. */
        const val BUFFER = 64
        const val TAILER = "commons-io-tailer"
        val READER = Regex("""^dev\.janus\.recipes\.processes\..*LinesKt|^org\.apache\.commons\.io\.input\.Tailer""")

        /** The processes, whatever became of their parents, that read the file. */
        fun processesOf(file: Path): List<ProcessHandle> = ProcessHandle.allProcesses()
            .filter { process -> process.info().commandLine().filter { "$file" in it }.isPresent }
            .toList()
    }
}
