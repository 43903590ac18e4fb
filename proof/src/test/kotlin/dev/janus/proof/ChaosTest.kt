package dev.janus.proof

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import java.util.concurrent.TimeUnit

/**
 * Rounds of [Chaos], drawn from a fixed seed: nothing is lost, doubled or left waiting. The system property
 * `janus.chaos.seconds` says for how long (20). A run in which nothing was disturbed, or some kind of queue or worker was
 * missing, fails as well.
 */
class ChaosTest {
    @Test
    @Timeout(value = 3, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    fun rounds_disturbedAtRandom_loseAndDoubleNothing() {
        val chaos = Chaos()
        chaos.run(Integer.getInteger("janus.chaos.seconds", 20).toLong(), SEED)
        println(chaos.summary())
        assertEquals(Order.entries.toSet(), chaos.orders.keys, "orders")
        assertEquals(Capacity.entries.toSet(), chaos.capacities.keys, "kinds of capacity")
        assertEquals(Kind.entries.filter { it.isAvailable }.toSet(), chaos.kinds.keys, "kinds of workers")
        val never = Count.entries.filter { chaos.tally[it] == 0L }
        assertTrue(never.isEmpty()) { "never happened: $never" }
    }

    private companion object {
        const val SEED = 1L
    }
}
