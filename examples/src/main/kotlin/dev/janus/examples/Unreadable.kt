package dev.janus.examples

import java.io.IOException
import java.nio.file.AccessDeniedException
import java.nio.file.FileSystemException
import java.nio.file.NoSuchFileException
import java.nio.file.Path

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
