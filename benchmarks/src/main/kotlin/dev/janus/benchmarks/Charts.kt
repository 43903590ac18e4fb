package dev.janus.benchmarks

import org.knowm.xchart.CategoryChart
import org.knowm.xchart.CategoryChartBuilder
import org.knowm.xchart.VectorGraphicsEncoder
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat
import org.knowm.xchart.style.Styler.LegendLayout
import org.knowm.xchart.style.Styler.LegendPosition
import java.nio.file.Path
import kotlin.math.floor
import kotlin.math.log10
import kotlin.math.pow

/** Draws the time per element of one producer and one consumer. */
class Charts(run: Run, private val folder: Path) {
    private val streams = run.scores.filter { it.benchmark == "StreamBenchmark.stream" && it.labels["p:c"] == "1:1" }

    fun write() {
        write(SPEED, "Between a thread and a coroutine", between(THREAD_TO_COROUTINE) + between(COROUTINE_TO_THREAD))
        streams.groupBy { it.direction }.forEach { (direction, scores) ->
            write(direction.replace(Regex("\\W+"), "-"), direction, scores.map { Bar("capacity", it) })
        }
    }

    private fun between(direction: String): List<Bar> =
        streams.filter { it.direction == direction && it.labels["capacity"] in listOf("1", "64", "1024") }
            .map { Bar("$direction,", it) }

    private fun write(name: String, title: String, bars: List<Bar>) {
        if (bars.isNotEmpty()) {
            val file = folder.resolve("$name.svg").toString()
            VectorGraphicsEncoder.saveVectorGraphic(chart(title, bars), file, VectorGraphicsFormat.SVG)
        }
    }

    private fun chart(title: String, bars: List<Bar>): CategoryChart {
        val chart = CategoryChartBuilder().width(
            900,
        ).height(420).title(title).yAxisTitle("ns per element (log)").build()
        val categories = bars.map { it.category }.distinct()
        bars.groupBy { it.series }.forEach { (series, its) ->
            val heights = its.associate { it.category to it.height }
            chart.addSeries(series, categories, categories.map { heights[it] })
        }
        chart.styler.apply {
            isYAxisLogarithmic = true
            // given, for without it a bar that is missing would count as 0
            yAxisMin = 10.0.pow(floor(log10(bars.minOf { it.height })))
            legendPosition = LegendPosition.OutsideS
            legendLayout = LegendLayout.Horizontal
            isChartTitleBoxVisible = false
        }
        return chart
    }

    private class Bar(prefix: String, score: Score) {
        val category = "$prefix ${score.labels["capacity"]}"
        val series = score.labels.getValue("queue")
        val height = score.value
    }

    companion object {
        /** The name of the chart that the README shows. */
        const val SPEED = "speed"

        private const val THREAD_TO_COROUTINE = "thread → coroutine"
        private const val COROUTINE_TO_THREAD = "coroutine → thread"
    }
}
