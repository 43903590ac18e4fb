package dev.janus.proof

import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicReference

/** Where an element that was accepted has come to. */
enum class Place { TAKEN, LEFT_AT_THE_END, HANDED_BACK, DROPPED, REMOVED, DEAD_LETTER }

/** What its producer was told of an element. */
enum class Outcome { PENDING, ACCEPTED, REFUSED, PERHAPS }

/** The [number]th element of its producer. */
class Element(val producer: Int, val number: Int) : Comparable<Element> {
    @Volatile
    var outcome = Outcome.PENDING

    /** Whether an iterator was told to remove it, which does not say whether it did. */
    @Volatile
    var mayBeRemoved = false

    private val where = AtomicReference<Place?>()

    val place: Place? get() = where.get()

    fun leave(place: Place) {
        if (!where.compareAndSet(null, place)) {
            throw AssertionError("doubled: $this is $place, and was ${where.get()} before")
        }
    }

    override fun compareTo(other: Element) =
        compareValuesBy(this, other, { it.number % 16 }, { it.number }, { it.producer })

    override fun toString() = "$producer.$number"
}

/** The elements of one producer, in the order in which it puts them. */
class Supply(private val producer: Int, private val name: String, private val events: Events) {
    override fun toString() = name

    /** Only the producer adds to it, and it is read when the producer has ended. */
    val all = ConcurrentLinkedQueue<Element>()

    /** Those of which it cannot be said how many were added before the call was cancelled. */
    val partly = ConcurrentLinkedQueue<List<Element>>()

    private var made = 0

    fun next() = Element(producer, made++).also(all::add)

    fun next(number: Int) = List(number) { next() }

    /** Puts the next element; what throws or returns false has not put it. */
    inline fun one(call: String, put: (Element) -> Boolean): Boolean {
        val element = next()
        var isIn = false
        try {
            isIn = put(element)
        } finally {
            settle(call, element, isIn)
        }
        return isIn
    }

    fun settle(call: String, element: Element, isIn: Boolean) {
        element.outcome = if (isIn) Outcome.ACCEPTED else Outcome.REFUSED
        events.add(name, if (isIn) call else "$call failed", element)
    }

    /** Puts several; what throws has perhaps put some of them. */
    inline fun several(call: String, number: Int, put: (List<Element>) -> Unit) {
        val elements = next(number)
        try {
            put(elements)
            elements.forEach { settle(call, it, isIn = true) }
        } catch (e: Throwable) {
            settlePart(call, elements, e)
            throw e
        }
    }

    /** The message of the exception says how many were added, if it had waited; that of a cancellation does not. */
    fun settlePart(call: String, elements: List<Element>, failure: Throwable) {
        val added = PROGRESS.find(failure.message ?: "")?.groupValues?.get(1)?.toInt()
        val isKnown = added != null || failure is InterruptedException || elements.size == 1
        if (isKnown && failure !is java.util.concurrent.CancellationException) {
            elements.forEachIndexed { i, element -> settle(call, element, i < (added ?: 0)) }
        } else {
            elements.forEach { it.outcome = Outcome.PERHAPS }
            partly.add(elements)
            events.add(name, "$call was cancelled", elements)
        }
    }

    private companion object {
        val PROGRESS = Regex("(\\d+) of \\d+ elements were added")
    }
}

/** Says of each element of a round whether it is in one place, once, if it was accepted, and in none if it was not. */
class Ledger(private val supplies: List<Supply>) {
    private val all = supplies.flatMap { it.all }

    /** When all is over and nothing is in the queue. */
    fun check() {
        requireNone("lost") { it.outcome == Outcome.ACCEPTED && it.place == null && !it.mayBeRemoved }
        requireNone("turned up, but its put had failed") { it.outcome == Outcome.REFUSED && it.place != null }
        requireNone("of an unknown outcome") { it.outcome == Outcome.PENDING }
        supplies.flatMap { it.partly }.forEach { elements ->
            val gaps = elements.dropWhile { it.place != null }.filter { it.place != null }
            require(gaps.isEmpty()) { "of $elements, of which only the first can be in, came $gaps" }
        }
    }

    private fun requireNone(what: String, isWrong: (Element) -> Boolean) {
        val wrong = all.filter(isWrong)
        require(wrong.isEmpty()) { "${wrong.size} elements of ${all.size} $what: ${wrong.take(20)}" }
    }

    private fun require(condition: Boolean, message: () -> String) {
        if (!condition) throw AssertionError(message())
    }

    fun count(place: Place) = all.count { it.place == place }.toLong()

    val accepted get() = all.count {
        it.outcome == Outcome.ACCEPTED ||
            (it.outcome == Outcome.PERHAPS && it.place != null)
    }.toLong()

    val removedByIterators get() = all.count {
        it.outcome == Outcome.ACCEPTED && it.place == null && it.mayBeRemoved
    }.toLong()
}
