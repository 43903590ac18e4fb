package dev.janus.proof

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import java.util.SplittableRandom
import java.util.concurrent.TimeUnit

/**
 * Rounds of [Chaos], drawn from a fixed seed: nothing is lost, doubled or left waiting. The system property
 * `janus.chaos.seconds` says for how long (12); on a slow machine it takes longer, until each kind of queue and of worker had
 * its turn and each kind of disturbance has happened.
 */
class ChaosTest {
    @Test
    @Timeout(value = 3, unit = TimeUnit.HOURS)
    fun rounds_disturbedAtRandom_loseAndDoubleNothing() {
        val chaos = Chaos()
        val end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Integer.getInteger("janus.chaos.seconds", 12).toLong())
        val seeds = SplittableRandom(1)
        while (System.nanoTime() < end || (chaos.rounds < MOST_ROUNDS_MORE && missing(chaos).isNotEmpty())) {
            chaos.round(seeds.nextLong())
        }
        println(chaos.summary())
        assertEquals(emptySet<Any>(), missing(chaos), "did not happen in ${chaos.rounds} rounds")
        assertEquals(
            chaos.tally[Count.ACCEPTED],
            Count.places.sumOf {
                chaos.tally[it]
            },
            "accepted, found in one place",
        )
    }

    private fun missing(chaos: Chaos): Set<Any> = setOf<Any>() + (Order.entries - chaos.orders.keys) +
        (Capacity.entries - chaos.capacities.keys) +
        (Kind.entries.filter { it.isAvailable } - chaos.kinds.keys) +
        Count.entries.filter { chaos.tally[it] == 0L }

    private companion object {
        const val MOST_ROUNDS_MORE = 100
    }
}
