package dev.janus.benchmarks

import com.fasterxml.jackson.databind.JsonNode
import com.fasterxml.jackson.databind.ObjectMapper
import java.io.File
import java.util.Locale
import kotlin.io.path.Path
import kotlin.io.path.createDirectories
import kotlin.io.path.exists
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.nameWithoutExtension
import kotlin.io.path.readText
import kotlin.io.path.writeText

/** Writes `RESULTS.md` and the charts from what the suite, the quick form and `IdleCost` left in [RESULTS]. */
fun main() {
    val runs = RESULTS.listDirectoryEntries("java-*.json").sorted().map { Run(ObjectMapper().readTree(it.toFile())) }
    require(runs.isNotEmpty()) { "no results in $RESULTS: run the suite first" }
    val texts = listOf("Goals" to "goals.txt", "CPU time while nothing happens" to "idle.txt")
        .map { (title, file) -> title to RESULTS.resolve(file) }
        .filter { (_, file) -> file.exists() }
        .map { (title, file) -> section(2, title, "```text\n${file.readText().replace(COLOUR, "").trim()}\n```") }
    val sections = listOf(introduction()) + texts + runs.map { it.toMarkdown() }
    Path("RESULTS.md").writeText(sections.joinToString("\n\n", postfix = "\n"))
    Charts(runs.first(), Path("..", "docs", "charts").createDirectories()).write()
}

/** What Maven prints even when it is quiet. */
private val COLOUR = Regex("\u001B\\[\\d*m")

private fun introduction(): String = """
    # Results

    Written by `ReportKt`; see the [README](README.md) for the commands. Times are nanoseconds per element unless a table
    says otherwise, and p:c is the number of producers and consumers.

    | | |
    |---|---|
    | machine | ${cpu()}, ${Runtime.getRuntime().availableProcessors()} processors |
    | system | ${System.getProperty("os.name")} ${System.getProperty("os.version")} |
    | versions | ${versions()} |

    ![Time per element between a thread and a coroutine](../docs/charts/${Charts.SPEED}.svg)
""".trimIndent()

private fun cpu(): String {
    val info = File("/proc/cpuinfo").takeIf { it.exists() }?.readLines().orEmpty()
    val model = info.firstOrNull { it.startsWith("model name") }?.substringAfter(": ")
    return model ?: System.getProperty("os.arch")
}

/** The names of the jars on the class path that are measured. */
private fun versions(): String = System.getProperty("java.class.path").split(File.pathSeparator)
    .map { Path(it).nameWithoutExtension }
    .filter {
        Regex("(kotlin-stdlib|kotlinx-coroutines-core-jvm|channels|disruptor|jctools-core|jmh-core)-\\d.*") in it
    }
    .joinToString { it.replace("channels-", "jox channels-") }

private fun section(level: Int, title: String, text: String) = "${"#".repeat(level)} $title\n\n$text"

/** The results of one run of the suite. */
class Run(json: JsonNode) {
    val scores = json.flatMap { scores(it) }
    private val title = json[0].let { "Java ${it["jdkVersion"].asText()}, ${it["vmName"].asText()}" }

    fun toMarkdown(): String =
        section(2, title, tables().joinToString("\n\n") { (title, table) -> section(3, title, table) })

    private fun tables(): List<Pair<String, String>> = scores.filter { it.benchmark == "StreamBenchmark.stream" }
        .groupBy { it.direction }
        .map { (direction, scores) -> direction to table(scores, listOf("p:c", "capacity"), "queue") } +
        listOf(
            table("Round trip from a thread, in µs", "PingPong", listOf("echo", "queue"), "percentile"),
            table("Batches of 64, thread to thread or coroutine, capacity 1024", "Batch", listOf("batch"), "figure"),
            table("put and take by one thread", "OneThread", listOf("queue"), "figure"),
            table("A waiting coroutine, with others waiting behind it", "Waiters", listOf("others"), "queue"),
            table("select", "Select", listOf("select", "queues"), "queue"),
        ).filterNotNull()

    private fun table(title: String, benchmark: String, rows: List<String>, columns: String): Pair<String, String>? =
        scores.filter { it.benchmark.startsWith("${benchmark}Benchmark") }
            .takeIf { it.isNotEmpty() }
            ?.let { title to table(it, rows, columns) }
}

/**
 * One figure.
 *
 * @property labels what it belongs to: the parameters of the benchmark, as they appear in tables
 */
data class Score(val benchmark: String, val labels: Map<String, String>, val value: Double) {
    val direction: String
        get() = "${labels["from"]} → ${labels["to"]}"
}

/** Makes a table with a row for each combination of some labels, and a column for each value of another. */
fun table(scores: List<Score>, rows: List<String>, columns: String): String {
    val names = scores.map { it.labels.getValue(columns) }.distinct()
    val lines = scores.groupBy({ score -> rows.map { score.labels.getValue(it) } }, { it.labels[columns] to it.value })
    return buildString {
        appendRow(rows + names)
        appendRow(rows.map { "---" } + names.map { "--:" })
        for ((row, cells) in lines) {
            appendRow(row + names.map { name -> cells.toMap()[name]?.let(::round) ?: "" })
        }
    }.trimEnd()
}

private fun StringBuilder.appendRow(cells: List<String>) = appendLine(cells.joinToString(" | ", "| ", " |"))

private fun round(value: Double) = String.format(Locale.ROOT, if (value < 10) "%.1f" else "%,.0f", value)

/** Reads the figures of one benchmark with one set of parameters, of which there may be several. */
private fun scores(result: JsonNode): List<Score> {
    val benchmark = result["benchmark"].asText().substringAfter("dev.janus.benchmarks.")
    val parameters = result["params"]?.properties().orEmpty().associate { it.key to it.value.asText() }
    val labels = labels(parameters) + ("select" to if (benchmark.endsWith("findAtOnce")) "finds" else "falls through")
    val main = result["primaryMetric"]
    val others = result["secondaryMetrics"]
    if (result["mode"].asText() == "sample") {
        return listOf("50.0" to "p50", "99.0" to "p99", "99.9" to "p99.9").map { (key, name) ->
            Score(benchmark, labels + ("percentile" to name), main["scorePercentiles"][key].asDouble() / 1000)
        }
    }
    val time = (others["element"] ?: main)["score"].asDouble()
    val bytes = others["gc.alloc.rate.norm"]?.get("score")?.asDouble()
    return listOf("ns" to time, "bytes" to bytes).mapNotNull { (figure, value) ->
        value?.let { Score(benchmark, labels + ("figure" to figure), it) }
    }
}

private fun labels(parameters: Map<String, String>): Map<String, String> {
    val sides = listOf("from", "to", "echo").mapNotNull { parameters[it] }
    return parameters.map { (name, value) ->
        when (name) {
            "from", "to", "echo" -> name to Side.valueOf(value).title
            "kind" -> "queue" to Kind.valueOf(value).titleBetween(sides.map { Side.valueOf(it) })
            "queue" -> name to OneThread.valueOf(value).title
            "batch" -> name to Batch.valueOf(value).title
            "shape" -> "p:c" to value
            "capacity" -> name to if (value == UNBOUNDED.toString()) "unbounded" else value
            else -> name to value
        }
    }.toMap()
}

private fun Kind.titleBetween(sides: List<Side>): String = when {
    this == Kind.JANUS -> title
    this == Kind.RUN_BLOCKING && (sides.isEmpty() || sides.all { it == Side.COROUTINE }) -> "Channel"
    this == Kind.RUN_BLOCKING || this == Kind.TRY_SEND_BLOCKING -> title
    Side.COROUTINE in sides -> "$title, runInterruptible(IO)"
    else -> title
}
