package dev.janus.proof

import java.util.EnumMap
import java.util.SplittableRandom
import java.util.concurrent.TimeUnit
import kotlin.system.exitProcess

private const val USAGE = """usage: Chaos [seconds [seed]]
       Chaos --round SEED
The first runs rounds of chaos for so many seconds (20 unless given), drawn from the seed (1 unless given).
The second runs one round by its own seed, which a failure prints."""

/** Round after round, each on a queue of its own, until the time is up or something is wrong. */
fun main(args: Array<String>) {
    val chaos = Chaos()
    try {
        val run = parse(args) ?: exitWithUsage(args)
        println("Chaos by seed ${run.seed}: it draws what each round is made of, not how its threads are scheduled.")
        if (run.seconds == null) chaos.round(run.seed) else chaos.run(run.seconds, run.seed)
    } catch (e: ChaosFailure) {
        System.err.println(e.message)
        e.cause?.printStackTrace()
        exitProcess(1)
    }
    println(chaos.summary())
    exitProcess(0)
}

private class Run(val seconds: Long?, val seed: Long)

private fun parse(args: Array<String>): Run? {
    if (args.size == 2 && args[0] == "--round") {
        return args[1].toLongOrNull()?.let { Run(null, it) }
    }
    val seconds = if (args.isEmpty()) 20 else args[0].toLongOrNull()
    val seed = if (args.size < 2) 1 else args[1].toLongOrNull()
    return if (args.size > 2 || seconds == null || seconds < 1 || seed == null) null else Run(seconds, seed)
}

private fun exitWithUsage(args: Array<String>): Nothing {
    System.err.println("cannot understand: ${args.joinToString(" ")}\n$USAGE")
    exitProcess(2)
}

/** A round went wrong. */
class ChaosFailure(message: String, cause: Throwable) : AssertionError(message, cause)

/** Runs rounds, and counts what has happened in them. */
class Chaos {
    val tally = Tally()
    val rounds get() = orders.values.sum()
    val orders: MutableMap<Order, Int> = EnumMap(Order::class.java)
    val capacities: MutableMap<Capacity, Int> = EnumMap(Capacity::class.java)
    val kinds: MutableMap<Kind, Int> = EnumMap(Kind::class.java)
    private val start = System.nanoTime()

    fun run(seconds: Long, seed: Long) {
        val seeds = SplittableRandom(seed)
        do {
            round(seeds.nextLong())
        } while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(seconds))
    }

    /** Does one round; what nobody has caught in it is a failure of it, too. */
    fun round(seed: Long) {
        val round = Round(seed)
        val handler = Thread.getDefaultUncaughtExceptionHandler()
        Thread.setDefaultUncaughtExceptionHandler { _, e -> if (e !is PlannedException) round.fail(e) }
        try {
            tally.addAll(round.run())
        } catch (e: Throwable) {
            throw ChaosFailure("$e\nafter ${seconds()} s and $rounds rounds\n${round.report()}\n$e", e)
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(handler)
        }
        orders.merge(round.setup.order, 1, Int::plus)
        capacities.merge(round.setup.capacity, 1, Int::plus)
        (round.setup.producers + round.setup.consumers).toSet().forEach { kinds.merge(it, 1, Int::plus) }
    }

    private fun seconds() = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)

    fun summary() = """
        $rounds rounds in ${seconds()} s, java ${System.getProperty("java.version")}
        by order: $orders
        by capacity: $capacities
        with workers: $kinds
        $tally
        accepted: ${tally[Count.ACCEPTED]}, found in one place each: ${Count.places.sumOf { tally[it] }}
    """.trimIndent()
}
