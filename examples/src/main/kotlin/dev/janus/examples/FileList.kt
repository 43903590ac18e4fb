package dev.janus.examples

import java.nio.file.FileVisitResult.CONTINUE
import java.nio.file.FileVisitResult.SKIP_SUBTREE
import java.nio.file.InvalidPathException
import java.nio.file.Path
import kotlin.io.path.Path
import kotlin.io.path.exists
import kotlin.io.path.extension
import kotlin.io.path.isDirectory
import kotlin.io.path.isRegularFile
import kotlin.io.path.isSymbolicLink
import kotlin.io.path.name
import kotlin.io.path.visitFileTree

/** The files to read, and the files and folders that could not be found. Blocks while it reads folders. */
internal class FileList {
    val files = ArrayList<Path>()
    val unreadable = ArrayList<Unreadable>()

    /** Adds a file, or all files in a folder. Follows a symbolic link. */
    fun add(argument: String) {
        val path =
            try {
                Path(argument)
            } catch (e: InvalidPathException) {
                unreadable += Unreadable(argument, "no valid path: ${e.reason}")
                return
            }
        when {
            !path.isDirectory() -> files.add(path)
            path.isSymbolicLink() -> addFolder(path.toRealPath())
            else -> addFolder(path)
        }
    }

    /** Adds the Java, Kotlin, Markdown and XML files in a folder. Skips hidden folders and folders named target. */
    fun addSources(folder: Path) = addFolder(
        folder,
        enter = { !it.name.startsWith(".") && it.name != "target" },
        accept = { it.extension in SOURCES },
    )

    /** Returns the size of all files, as far as it is known. */
    fun totalBytes(): Long = files.sumOf { it.toFile().length() }

    private fun addFolder(folder: Path, enter: (Path) -> Boolean = { true }, accept: (Path) -> Boolean = { true }) =
        folder.visitFileTree {
            onPreVisitDirectory { child, _ -> if (child == folder || enter(child)) CONTINUE else SKIP_SUBTREE }
            onVisitFile { child, _ ->
                if (accept(child) && isFile(child)) files.add(child)
                CONTINUE
            }
            onVisitFileFailed { child, e ->
                unreadable += Unreadable(child, e)
                CONTINUE
            }
            onPostVisitDirectory { child, e ->
                if (e != null) unreadable += Unreadable(child, e)
                CONTINUE
            }
        }

    /** Returns false for links to folders, and for pipes and devices, which may never end; true for broken links. */
    private fun isFile(path: Path): Boolean = path.isRegularFile() || !path.exists()

    private companion object {
        val SOURCES = setOf("java", "kt", "md", "xml")
    }
}
