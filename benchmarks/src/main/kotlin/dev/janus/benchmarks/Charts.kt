package dev.janus.benchmarks

import org.knowm.xchart.CategoryChart
import org.knowm.xchart.CategoryChartBuilder
import org.knowm.xchart.VectorGraphicsEncoder
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat
import org.knowm.xchart.style.Styler.LegendLayout
import org.knowm.xchart.style.Styler.LegendPosition
import org.knowm.xchart.style.colors.ColorBlindFriendlySeriesColors
import java.awt.BasicStroke
import java.awt.Color
import java.awt.Font
import java.nio.file.Path
import kotlin.math.floor
import kotlin.math.log10
import kotlin.math.pow

/** Draws the time per element of one producer and one consumer. Priority queues, which do more, are left out. */
class Charts(run: Run, private val folder: Path) {
    private val streams = run.scores
        .filter { it.benchmark == "StreamBenchmark.stream" && it.labels["p:c"] == "1:1" }
        .filterNot { "priority" in it.labels.getValue("queue").lowercase() }

    fun write() {
        write(
            SPEED,
            "Between a thread and a coroutine, by capacity",
            bars("thread → coroutine", "to coroutine") + bars("coroutine → thread", "to thread"),
        )
        streams.groupBy { it.direction }.forEach { (direction, scores) ->
            val bars = scores.map { Bar(it.labels.getValue("capacity"), it) }
            write(direction.replace(Regex("\\W+"), "-"), "$direction, by capacity", bars)
        }
    }

    private fun bars(direction: String, title: String): List<Bar> =
        streams.filter { it.direction == direction && it.labels["capacity"] in listOf("1", "64", "1024") }
            .map { Bar("$title, ${it.labels["capacity"]}", it) }

    private fun write(name: String, title: String, bars: List<Bar>) {
        if (bars.isNotEmpty()) {
            val file = folder.resolve("$name.svg").toString()
            VectorGraphicsEncoder.saveVectorGraphic(chart(title, bars), file, VectorGraphicsFormat.SVG)
        }
    }

    private fun chart(title: String, bars: List<Bar>): CategoryChart {
        val chart = CategoryChartBuilder().width(900).height(420).title(title).build()
        chart.yAxisTitle = "ns per element (log)"
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
            seriesColors = ColorBlindFriendlySeriesColors().seriesColors
            chartBackgroundColor = Color.WHITE // so that it can be read in dark mode too
            legendBorderColor = Color.WHITE
            plotBorderColor = Color.WHITE
            plotGridLinesColor = Color(0xE0E0E0)
            plotGridLinesStroke = BasicStroke(1f)
            isPlotGridVerticalLinesVisible = false
            axisTickLabelsFont = Font(Font.SANS_SERIF, Font.PLAIN, 11)
            yAxisDecimalPattern = "#,###"
            availableSpaceFill = 0.8
        }
        return chart
    }

    private class Bar(val category: String, score: Score) {
        val series = score.labels.getValue("queue")
        val height = score.value
    }

    companion object {
        /** The name of the chart that the README shows. */
        const val SPEED = "speed"
    }
}
