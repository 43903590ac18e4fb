@file:JvmName("ConnectingCoroutinesAndThreads")

package dev.janus.examples

import dev.janus.kotlin.iterator
import dev.janus.kotlin.janusQueue
import java.io.PrintStream
import kotlin.system.exitProcess

private val CONNECTING_HELP =
    """
    Usage: ConnectingCoroutinesAndThreads [--count N] [--max-delay-ms N]

    A thread makes random numbers and a coroutine prints them as they come.

      --count N         how many numbers to make; 10 if not given
      --max-delay-ms N  the longest pause before a number, in milliseconds; 1000 if not given
      --help            print this
    """.trimIndent()

/** "Connecting coroutines and threads": Example 4-12 of Caleb Hattingh's "Using Asyncio in Python", for the JVM. */
suspend fun main(args: Array<String>) {
    val status = connectCoroutineAndThread(args, System.out, System.err)
    if (status != 0) {
        exitProcess(status)
    }
}

/** Runs the program and returns its exit status. */
internal suspend fun connectCoroutineAndThread(args: Array<String>, out: PrintStream, err: PrintStream): Int {
    if ("--help" in args) {
        out.println(CONNECTING_HELP)
        return 0
    }
    val options =
        try {
            NumberOptions.of(args)
        } catch (e: IllegalArgumentException) {
            err.println(e.message)
            return 2
        }
    val queue = janusQueue<Int>(capacity = 1)
    Thread(RandomNumbers(queue, options.count, options.maxDelayMillis), "random-numbers").start()
    for (number in queue.async()) {
        out.println("Got $number off queue")
    }
    out.println("Done.")
    return 0
}

private class NumberOptions(val count: Int, val maxDelayMillis: Int) {
    companion object {
        /** @throws IllegalArgumentException with a message for the user */
        fun of(args: Array<String>): NumberOptions {
            var count = 10
            var maxDelayMillis = 1000
            for (i in args.indices step 2) {
                when (val name = args[i]) {
                    "--count" -> count = wholeNumber(name, args.getOrNull(i + 1))
                    "--max-delay-ms" -> maxDelayMillis = wholeNumber(name, args.getOrNull(i + 1))
                    else -> throw IllegalArgumentException("$name: expected --count N, --max-delay-ms N or --help")
                }
            }
            return NumberOptions(count, maxDelayMillis)
        }

        private fun wholeNumber(name: String, value: String?): Int {
            val expected = "expected a whole number from 0 to ${Int.MAX_VALUE}"
            requireNotNull(value) { "$name has no value: $expected" }
            return requireNotNull(value.toIntOrNull()?.takeIf { it >= 0 }) { "$name $value: $expected" }
        }
    }
}
