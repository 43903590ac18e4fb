package dev.janus.examples

import java.io.IOException
import java.nio.file.AccessDeniedException
import java.nio.file.DirectoryIteratorException
import java.nio.file.FileSystemException
import java.nio.file.Files
import java.nio.file.InvalidPathException
import java.nio.file.LinkOption.NOFOLLOW_LINKS
import java.nio.file.NoSuchFileException
import java.nio.file.Path
import java.nio.file.Paths

/** A file or folder that could not be read, and why. */
internal class Unreadable(val path: String, val reason: String) {
    constructor(path: Path, e: IOException) : this(path.toString(), reason(e))

    private companion object {
        fun reason(e: IOException): String = when (e) {
            is NoSuchFileException -> "no such file"
            is AccessDeniedException -> "permission denied"
            is FileSystemException -> e.reason
            else -> e.message
        } ?: e.javaClass.simpleName
    }
}

/** The files to read, and the folders in which they could not be looked up. Blocks while it reads the folders. */
internal class FileList {
    val files = ArrayList<Path>()
    val unreadable = ArrayList<Unreadable>()

    /** Adds a file, whatever it is, or all files of a folder. A symbolic link is followed. */
    fun add(argument: String) {
        val path =
            try {
                Paths.get(argument)
            } catch (e: InvalidPathException) {
                unreadable += Unreadable(argument, "no valid path: ${e.reason}")
                return
            }
        if (Files.isDirectory(path)) {
            addFolder(path, enter = { true }, accept = { true })
        } else {
            files.add(path)
        }
    }

    /** Adds the Java, Kotlin, Markdown and XML files of a folder, except what stands in target or hidden folders. */
    fun addSources(folder: Path) {
        addFolder(
            folder,
            enter = { !it.name.startsWith(".") && it.name != "target" },
            accept = { it.name.substringAfterLast('.', "") in SOURCES },
        )
    }

    /** How much there is to read, as far as it is known. */
    fun totalBytes(): Long = files.sumOf { it.toFile().length() }

    private fun addFolder(folder: Path, enter: (Path) -> Boolean, accept: (Path) -> Boolean) {
        for (child in children(folder)) {
            if (Files.isDirectory(child, NOFOLLOW_LINKS)) {
                if (enter(child)) {
                    addFolder(child, enter, accept)
                }
            } else if (accept(child) && isFile(child)) {
                files.add(child)
            }
        }
    }

    private fun children(folder: Path): List<Path> = try {
        Files.newDirectoryStream(folder).use { it.sorted() }
    } catch (e: DirectoryIteratorException) {
        unreadable += Unreadable(folder, e.cause!!)
        emptyList()
    } catch (e: IOException) {
        unreadable += Unreadable(folder, e)
        emptyList()
    }

    /** Not a pipe or device, which might never end, nor a link to a folder; a broken link is one, to be reported. */
    private fun isFile(path: Path): Boolean = Files.isRegularFile(path) || !Files.exists(path)

    private companion object {
        val SOURCES = setOf("java", "kt", "md", "xml")

        val Path.name: String
            get() = fileName.toString()
    }
}
