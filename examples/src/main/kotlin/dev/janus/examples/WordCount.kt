@file:JvmName("WordCount")

package dev.janus.examples

import java.io.PrintStream
import java.nio.file.Path
import java.nio.file.Paths
import kotlin.system.exitProcess

private val WORD_COUNT_HELP =
    """
    Usage: WordCount [FILE or FOLDER]...

    Counts the lines, bytes and words of the files, and of all files in the folders.
    Without arguments: of the *.java, *.kt, *.md and *.xml files in the current folder,
    except what stands in hidden folders or in folders named target.

    Lines and bytes are what `wc -l` and `wc -c` count. A word is a run of letters and digits,
    in UTF-8. Links to files are followed; links to folders only where they are arguments.

      --help  print this

    Exit status: 0, or 1 if something could not be read, or 2 if an option is unknown.
    """.trimIndent()

/** Blocking threads read files line by line and coroutines count the words. Prints what they found. */
suspend fun main(args: Array<String>) {
    val status = wordCount(args, System.out, System.err, showProgress = ProgressBar.stderrIsTerminal())
    if (status != 0) {
        exitProcess(status)
    }
}

/** Runs the program in the [folder] and returns its exit status. */
internal suspend fun wordCount(
    args: Array<String>,
    out: PrintStream,
    err: PrintStream,
    folder: Path = Paths.get(""),
    showProgress: Boolean = false,
): Int {
    if ("--help" in args) {
        out.println(WORD_COUNT_HELP)
        return 0
    }
    args.firstOrNull { it.startsWith("-") }?.let {
        err.println("$it: expected files, folders or --help (for a file of that name: ./$it)")
        return 2
    }
    val counted =
        countFiles(terminal = if (showProgress) err else null) {
            if (args.isEmpty()) addSources(folder) else args.forEach(::add)
        }
    counted.print(out)
    counted.unreadable.forEach { err.println("Not counted: ${it.path}: ${it.reason}") }
    return if (counted.unreadable.isEmpty()) 0 else 1
}
