package dev.janus.recipes.kafka

import kotlinx.coroutines.delay
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.concurrent.thread
import kotlin.time.Duration.Companion.milliseconds

/** A member of a consumer group in a process of its own, which takes 10 ms for a record. It can be killed. */
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
        @JvmStatic
        fun main(args: Array<String>) {
            val (way, address, topic) = args
            Member(Way.valueOf(way), address, topic) { record ->
                delay(10.milliseconds)
                println(record.value())
            }
        }
    }
}
