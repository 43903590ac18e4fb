package dev.janus.benchmarks

import dev.janus.benchmarks.Side.COROUTINE
import dev.janus.benchmarks.Side.THREAD
import dev.janus.benchmarks.Side.VIRTUAL_THREAD
import org.openjdk.jmh.profile.GCProfiler
import org.openjdk.jmh.results.RunResult
import org.openjdk.jmh.results.format.ResultFormatFactory
import org.openjdk.jmh.results.format.ResultFormatType
import org.openjdk.jmh.runner.Runner
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder
import org.openjdk.jmh.runner.options.CommandLineOptions
import org.openjdk.jmh.runner.options.Options
import org.openjdk.jmh.runner.options.OptionsBuilder
import kotlin.io.path.Path
import kotlin.io.path.createDirectories

/** Where the results are, in the folder of the module. */
val RESULTS = Path("target", "results")

/**
 * Runs all benchmarks with the parameters that make sense, and writes the results as JSON. The arguments are those of
 * JMH; names select the benchmarks that contain them.
 */
fun main(args: Array<String>) {
    val commandLine = CommandLineOptions(*args)
    // JMH would run all that are named each time
    val settingsOnly = object : Options by commandLine {
        override fun getIncludes(): List<String> = emptyList()
    }
    val results = ArrayList<RunResult>()
    val file = RESULTS.createDirectories().resolve("java-${Runtime.version().feature()}.json").toString()
    for ((benchmark, settings) in streams() + others()) {
        if (commandLine.includes.isEmpty() || commandLine.includes.any { it in benchmark }) {
            val options = OptionsBuilder().parent(settingsOnly).include("\\.$benchmark\\.").apply { settings() }.build()
            results += Runner(options).run()
            // after each, so that a run that ends early leaves something
            ResultFormatFactory.getInstance(ResultFormatType.JSON, file).writeOut(results)
        }
    }
}

private typealias Settings = ChainedOptionsBuilder.() -> Unit

/** The quick form measures others too. */
private const val SHAPE = "1:1"

private val IN_COROUTINES = listOf(Kind.JANUS, Kind.RUN_BLOCKING, Kind.TRY_SEND_BLOCKING, Kind.ARRAY_BLOCKING_QUEUE)

private fun streams(): List<Pair<String, Settings>> {
    val all = listOf(0, 1, 16, 64, 1024, 65536, UNBOUNDED)
    val few = listOf(1, 64, 1024)
    val inVirtualThreads = listOf(Kind.JANUS, Kind.TRY_SEND_BLOCKING, Kind.ARRAY_BLOCKING_QUEUE, Kind.JOX)
    return streams(THREAD, COROUTINE, IN_COROUTINES, all) +
        streams(COROUTINE, THREAD, IN_COROUTINES - Kind.TRY_SEND_BLOCKING, all) + // which only differ in put
        streams(COROUTINE, COROUTINE, listOf(Kind.JANUS, Kind.RUN_BLOCKING), all) +
        streams(THREAD, THREAD, Kind.entries - Kind.RUN_BLOCKING - Kind.TRY_SEND_BLOCKING, all) +
        streams(VIRTUAL_THREAD, VIRTUAL_THREAD, inVirtualThreads, few) +
        streams(VIRTUAL_THREAD, COROUTINE, inVirtualThreads, few) +
        streams(COROUTINE, VIRTUAL_THREAD, inVirtualThreads, few)
}

private fun streams(from: Side, to: Side, kinds: List<Kind>, capacities: List<Int>): List<Pair<String, Settings>> =
    kinds.mapNotNull { kind ->
        val stream = Stream.of(from, to, SHAPE)
        val possible = capacities.filter { stream.isPossible(kind, it) }.map { it.toString() }
        val settings: Settings = {
            param("from", from.name)
            param("to", to.name)
            param("kind", kind.name)
            param("shape", SHAPE)
            param("capacity", *possible.toTypedArray())
        }
        ("StreamBenchmark" to settings).takeIf { possible.isNotEmpty() }
    }

private fun others(): List<Pair<String, Settings>> {
    val latency: Settings = {
        param("echo", *Side.entries.filter { Stream.of(THREAD, it, SHAPE).isPossible(Kind.JANUS, 1) }.names())
        param("kind", *Kind.entries.filter { it in PING_PONG && it.accepts(1) }.names())
    }
    return listOf(
        "PingPongBenchmark" to latency,
        "BatchBenchmark" to { },
        "OneThreadBenchmark" to { addProfiler(GCProfiler::class.java) },
        "WaitersBenchmark" to { },
        "SelectBenchmark" to { },
    )
}

private val PING_PONG = listOf(Kind.JANUS, Kind.TRY_SEND_BLOCKING, Kind.ARRAY_BLOCKING_QUEUE, Kind.JOX)

private fun List<Enum<*>>.names(): Array<String> = map { it.name }.toTypedArray()
