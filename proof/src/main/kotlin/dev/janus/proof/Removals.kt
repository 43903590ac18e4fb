package dev.janus.proof

import java.util.SplittableRandom

/** Takes elements out by name, and by iterators. */
class Removals(private val stage: Stage) {
    private val queue = stage.queue.sync()

    fun remove(random: SplittableRandom) {
        val elements = ArrayList(queue)
        if (random.nextBoolean()) removeByIterator(random) else elements.drawn(random)?.let(::removeByName)
    }

    private fun removeByName(element: Element) {
        if (queue.remove(element)) {
            element.leave(Place.REMOVED)
            stage.events.add("remover", "removed", element)
        }
    }

    /** Which does not say whether the element was still there. */
    private fun removeByIterator(random: SplittableRandom) {
        val elements = queue.iterator()
        repeat(random.nextInt(MOST_AT_ONCE)) {
            if (!elements.hasNext()) return
            val element = elements.next()
            if (element.outcome == Outcome.ACCEPTED) {
                element.mayBeRemoved = true
                elements.remove()
                stage.events.add("remover", "perhaps removed", element)
            }
        }
    }

    private fun <T> List<T>.drawn(random: SplittableRandom) = if (isEmpty()) null else this[random.nextInt(size)]

    private companion object {
        const val MOST_AT_ONCE = 4
    }
}
