package dev.janus.proof

import java.util.EnumMap
import java.util.concurrent.atomic.LongAdder

/** What is counted in a round. */
enum class Count {
    ACCEPTED,
    TAKEN,
    LEFT_AT_THE_END,
    HANDED_BACK,
    DROPPED,
    REMOVED,
    DEAD_LETTERS,
    PERMITS_GIVEN_BACK,
    LEASES_GIVEN_BACK,
    LEASES_CLOSED_LATER,
    LEASES_FORGOTTEN,
    LEASES_EXPIRED,
    INTERRUPTS,
    CANCELLATIONS,
    FUTURE_CANCELLATIONS,
    TIME_OUTS,
    RESTARTED_PRODUCERS,
    RESTARTED_CONSUMERS,
    RESIZES,
    LOOPS_CLOSED,
    SHUTDOWNS,
    SHUTDOWNS_NOW,
    WATCHDOG_LOOKS,
    ;

    override fun toString() = name.lowercase().replace('_', ' ')

    companion object {
        /** Where an element can be in the end. */
        val places = setOf(TAKEN, LEFT_AT_THE_END, HANDED_BACK, DROPPED, REMOVED, DEAD_LETTERS)
    }
}

/** How often each thing has happened. */
class Tally {
    private val counts = EnumMap<Count, LongAdder>(Count.entries.associateWith { LongAdder() })

    operator fun get(count: Count) = counts.getValue(count).sum()

    fun add(count: Count, number: Long = 1) = counts.getValue(count).add(number)

    fun addAll(other: Tally) = Count.entries.forEach { add(it, other[it]) }

    override fun toString() = Count.entries.joinToString { "${this[it]} $it" }
}
