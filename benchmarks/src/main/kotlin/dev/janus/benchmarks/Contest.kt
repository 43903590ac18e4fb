package dev.janus.benchmarks

/**
 * Measures some contenders in turn, several times in one process, so that all meet the same disturbances.
 *
 * @property title what is measured
 * @property goal the ratio that is wanted, or null
 * @property ours what is measured against the others: does the work a number of times, and returns the time in
 *   nanoseconds per operation
 * @property peers the others, by name
 */
class Contest(val title: String, val goal: Double?, val ours: Measurable, val peers: Map<String, Measurable>) {
    /** Measures everybody. The ratio of each peer is the median of its time divided by ours in the same round. */
    fun run(rounds: Int): Result {
        val all = listOf(ours) + peers.values
        val counts = all.map { calibrate(it) }
        val times = List(rounds) { all.mapIndexed { i, contender -> contender(counts[i]) } }
        return Result(
            this,
            times.map { it[0] }.median(),
            peers.keys.withIndex().associate { (i, name) ->
                name to Figures(times.map { it[i + 1] }.median(), times.map { it[i + 1] / it[0] }.median())
            },
        )
    }

    /** Warms up, and returns how many operations fill a round. */
    private fun calibrate(contender: Measurable): Int {
        var count = 1_000
        val end = System.nanoTime() + WARM_UP_NANOS
        while (true) {
            val nanos = contender(count)
            if (System.nanoTime() >= end) {
                return (ROUND_NANOS / nanos).toInt().coerceIn(200, 5_000_000)
            }
            count = (ROUND_NANOS / nanos).toInt().coerceIn(200, 4 * count)
        }
    }

    private companion object {
        const val WARM_UP_NANOS = 300_000_000
        const val ROUND_NANOS = 50_000_000
    }
}

/** Does something about as many times as given. Returns the time in nanoseconds for each time. */
typealias Measurable = (Int) -> Double

/** @property ratio the peer's time divided by ours: above 1, we are faster */
data class Figures(val nanos: Double, val ratio: Double)

data class Result(val contest: Contest, val ourNanos: Double, val peers: Map<String, Figures>) {
    /** The ratio to the best peer. */
    val ratio: Double = peers.values.minOf { it.ratio }

    override fun toString(): String {
        val goal = contest.goal
        val verdict = if (goal == null) {
            ""
        } else if (ratio >= goal) {
            "reached"
        } else {
            "MISSED"
        }
        val others = peers.entries.joinToString { (name, it) -> "%s %.0f".format(name, it.nanos) }
        return "%-48s %8.0f ns  %6.2f  %-6s %-8s %s".format(
            contest.title,
            ourNanos,
            ratio,
            goal ?: "",
            verdict,
            others,
        )
    }
}

fun List<Double>.median(): Double = sorted().let { (it[it.size / 2] + it[(it.size - 1) / 2]) / 2 }
