@file:JvmName("ConnectingCoroutinesAndThreads")

package dev.janus.examples

import dev.janus.kotlin.iterator
import dev.janus.kotlin.janusQueue
import picocli.CommandLine.Command
import picocli.CommandLine.Option

/** "Connecting coroutines and threads": Example 4-12 of Caleb Hattingh's "Using Asyncio in Python", for the JVM. */
suspend fun main(args: Array<String>) = ConnectingCommand().main(args)

@Command(
    name = "ConnectingCoroutinesAndThreads",
    description = ["Makes random numbers on a thread, and prints them in a coroutine as they come."],
    showDefaultValues = true,
)
internal class ConnectingCommand : Program() {
    @Option(
        names = ["--count"],
        paramLabel = "N",
        description = ["How many numbers to make."],
        converter = [WholeNumber.NonNegative::class],
    )
    private var count = 10

    @Option(
        names = ["--max-delay-ms"],
        paramLabel = "N",
        description = ["The longest pause before a number, in milliseconds."],
        converter = [WholeNumber.NonNegative::class],
    )
    private var maxDelayMillis = 1000

    override suspend fun run(): Int {
        val queue = janusQueue<Int>(capacity = 1)
        Thread(RandomNumbers(queue, count, maxDelayMillis), "random-numbers").start()
        for (number in queue.async()) {
            println("Got $number off queue")
        }
        println("Done.")
        return 0
    }
}
