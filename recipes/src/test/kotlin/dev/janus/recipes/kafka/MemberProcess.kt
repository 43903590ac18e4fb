package dev.janus.recipes.kafka

import kotlinx.coroutines.awaitCancellation
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread

/** A member of a consumer group in a process of its own. It does [RECORDS] records, and then works on the next until it is killed. */
internal class MemberProcess(way: Way, address: String, topic: String) : AutoCloseable {
    private val process = ProcessBuilder(
        "${System.getProperty("java.home")}/bin/java",
        "-Xmx256m",
        "-XX:TieredStopAtLevel=1", // starts sooner
        "-cp",
        System.getProperty("java.class.path"),
        MemberProcess::class.java.name,
        way.name,
        address,
        topic,
    ).redirectError(ProcessBuilder.Redirect.INHERIT).start()

    /** The values of the records that are done. The process has printed them. */
    val done = CopyOnWriteArrayList<String>()

    private val reading = thread(name = "output of a member of $topic") {
        process.inputStream.bufferedReader().forEachLine { done += it }
    }

    /** Kills it. Returns when all that it has printed is in [done]. */
    fun kill() {
        process.toHandle().destroyForcibly() // that of the process itself also closes its output
        reading.join()
    }

    override fun close() = kill()

    companion object {
        /** How many records it does. */
        const val RECORDS = 50

        @JvmStatic
        fun main(args: Array<String>) {
            val (way, address, topic) = args
            val begun = AtomicInteger()
            Member(Way.valueOf(way), address, topic) { record ->
                if (begun.incrementAndGet() > RECORDS) awaitCancellation()
                println(record.value())
            }
        }
    }
}
