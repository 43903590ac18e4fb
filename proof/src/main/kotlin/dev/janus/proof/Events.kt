package dev.janus.proof

import java.util.concurrent.atomic.AtomicLong
import java.util.concurrent.atomic.AtomicReferenceArray

/** The last events of a round, for the report of a failure. */
class Events {
    private class Event(val number: Long, val nanos: Long, val who: String, val what: String, val subject: Any?) {
        override fun toString() = "$number ${nanos / 1000} µs $who: $what ${subject ?: ""}"
    }

    private val ring = AtomicReferenceArray<Event>(SIZE)
    private val count = AtomicLong()
    private val start = System.nanoTime()

    fun add(who: String, what: String, subject: Any? = null) {
        val number = count.getAndIncrement()
        ring.set((number % SIZE).toInt(), Event(number, System.nanoTime() - start, who, what, subject))
    }

    fun last(): List<String> = (0 until SIZE).mapNotNull { ring.get(it) }.sortedBy { it.number }.map { it.toString() }

    private companion object {
        const val SIZE = 200
    }
}
