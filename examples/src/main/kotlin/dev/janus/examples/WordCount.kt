@file:JvmName("WordCount")

package dev.janus.examples

import org.jline.terminal.spi.SystemStream
import org.jline.terminal.spi.TerminalProvider
import picocli.CommandLine.Command
import picocli.CommandLine.Parameters
import java.nio.file.Path
import kotlin.io.path.Path

/** Reads files on blocking threads, counts their words in coroutines, and prints the counts. */
suspend fun main(args: Array<String>) = WordCountCommand().main(args)

@Command(
    name = "WordCount",
    description = [
        "Counts the lines and bytes of files as wc does, and their words. A word is a run of letters and digits in " +
            "UTF-8.",
    ],
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = ["0:everything was counted", "1:something could not be read", "2:an option is unknown"],
)
internal class WordCountCommand(
    private val folder: Path = Path(""),
    private val showProgress: Boolean = stderrIsTerminal(),
) : Program() {
    @Parameters(
        paramLabel = "FILE or FOLDER",
        description = [
            "Files to count, or folders to search for them. The default is the *.java, *.kt, *.md and *.xml files in " +
                "the current folder, except in hidden folders and in folders named target. Inside folders, links to " +
                "files are followed, and links to folders are not.",
        ],
    )
    private var paths = emptyList<String>()

    override suspend fun run(): Int {
        val counted =
            countFiles(showProgress) {
                if (paths.isEmpty()) addSources(folder) else paths.forEach(::add)
            }
        counted.print()
        counted.unreadable.forEach { System.err.println("Not counted: ${it.path}: ${it.reason}") }
        return if (counted.unreadable.isEmpty()) 0 else 1
    }
}

private fun stderrIsTerminal(): Boolean = TerminalProvider.load("exec").isSystemStream(SystemStream.Error)
