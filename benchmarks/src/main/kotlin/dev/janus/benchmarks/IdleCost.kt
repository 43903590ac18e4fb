package dev.janus.benchmarks

import com.sun.management.OperatingSystemMXBean
import java.lang.management.ManagementFactory
import kotlin.time.Duration.Companion.nanoseconds
import kotlin.time.DurationUnit

/** Prints the CPU time that this process uses while threads or coroutines wait for elements that do not come. */
fun main() {
    println("%-48s %s".format("Waiting for 10 s", "CPU time"))
    println(line("nobody", idleCpu()))
    val blocking =
        listOf(Kind.JANUS, Kind.RUN_BLOCKING, Kind.ARRAY_BLOCKING_QUEUE, Kind.LINKED_BLOCKING_QUEUE, Kind.JOX)
    for (kind in blocking.filter { it.accepts(1) }) {
        println(line("100 threads, ${kind.title}", waiting(kind, Side.THREAD, 100)))
    }
    for (kind in listOf(Kind.JANUS, Kind.RUN_BLOCKING)) {
        println(line("10,000 coroutines, ${kind.title}", waiting(kind, Side.COROUTINE, 10_000)))
    }
}

private fun line(title: String, cpuNanos: Long) =
    "%-48s %5.0f ms".format(title, cpuNanos.nanoseconds.toDouble(DurationUnit.MILLISECONDS))

private fun waiting(kind: Kind, side: Side, callers: Int): Long {
    val queue = kind.create(1)
    return Callers(side, callers, blocking = { queue.take() }, suspending = { queue.receive() }).use { idleCpu() }
}

/** Lets everything settle, and returns the CPU time of the 10 seconds that follow. */
private fun idleCpu(): Long {
    Thread.sleep(3_000)
    val before = cpuNanos()
    Thread.sleep(10_000)
    return cpuNanos() - before
}

private fun cpuNanos(): Long = (ManagementFactory.getOperatingSystemMXBean() as OperatingSystemMXBean).processCpuTime
