package dev.janus.proof

/**
 * A put that comes later waits longer: in a queue of one place, into which only coroutines put that share one thread and are
 * not disturbed, a put that found others waiting is in after theirs. Used by that thread only.
 */
class Arrivals(private val stage: Stage) {
    private val waiting = HashSet<Any>()

    /** The calls that have not returned at this moment: they wait, or their elements are in and they are about to run. */
    fun earlier(): Set<Any> = waiting.toSet()

    inline fun whileWaiting(put: () -> Unit) {
        val call = begin()
        try {
            put()
        } finally {
            end(call)
        }
    }

    fun begin(): Any {
        val call = Any()
        if (stage.setup.showsArrivals) waiting.add(call)
        return call
    }

    fun end(call: Any) {
        if (stage.setup.showsArrivals) waiting.remove(call)
    }

    /** Called when a put is in. If more puts wait in the queue than came after it, one of those waits that came before. */
    fun check(earlier: Set<Any>) {
        val later = waiting.count { it !in earlier }
        val stats = stage.queue.stats()
        if (stats.waitingPutCoroutines() > later && !stage.producersStop && stage.setup.showsArrivals) {
            throw AssertionError("a put overtook one that waited when it came, for $later came later: $stats")
        }
    }
}
