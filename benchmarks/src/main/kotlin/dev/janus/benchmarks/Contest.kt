package dev.janus.benchmarks

/**
 * Measures some contenders in turn, several times in one process, so that all meet the same disturbances.
 *
 * @property title what is measured
 * @property goal the ratio that is wanted
 * @property ours what is measured against the others: does the work a number of times, and returns the time in
 *   nanoseconds per operation
 * @property peers the others, by name
 */
class Contest(val title: String, val goal: Double, val ours: Measurable, val peers: Map<String, Measurable>) {
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
}

/** Does something about as many times as given. Returns the time in nanoseconds for each time. */
typealias Measurable = (Int) -> Double

/** Does something in rounds of about 50 ms. */
class Rounds(private val work: Measurable) {
    /** How many times the next round does it, a multiple of 64. */
    var count = 1024
        private set

    /** Does a round. Returns how many times it was done. */
    fun next(): Int {
        val done = count
        val fillsRound = (ROUND_NANOS / work(done)).toInt().coerceIn(done / 4, done * 4)
        count = fillsRound.coerceIn(256, 5_000_000) / 64 * 64
        return done
    }
}

/** Warms up, and returns how many times fill a round. */
private fun calibrate(contender: Measurable): Int {
    val rounds = Rounds(contender)
    val end = System.nanoTime() + WARM_UP_NANOS
    while (System.nanoTime() < end) rounds.next()
    return rounds.count
}

private const val WARM_UP_NANOS = 1_000_000_000L
private const val ROUND_NANOS = 50_000_000

/** @property ratio the peer's time divided by ours: above 1, we are faster */
data class Figures(val nanos: Double, val ratio: Double)

data class Result(val contest: Contest, val ourNanos: Double, val peers: Map<String, Figures>) {
    /** The ratio to the best peer. */
    val ratio: Double = peers.values.minOf { it.ratio }

    override fun toString(): String {
        val verdict = if (ratio >= contest.goal) "reached" else "MISSED"
        val others = peers.entries.joinToString { (name, it) -> "%s %.0f".format(name, it.nanos) }
        return "%-48s %8.0f ns  %6.2f  %-6.2f %-8s %s"
            .format(contest.title, ourNanos, ratio, contest.goal, verdict, others)
    }
}

fun List<Double>.median(): Double = sorted().let { (it[it.size / 2] + it[(it.size - 1) / 2]) / 2 }
