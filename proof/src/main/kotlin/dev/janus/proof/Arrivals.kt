package dev.janus.proof

/**
 * Who comes later waits longer: in a queue of one place, whose coroutines share one thread and are not disturbed, a put
 * that found others waiting is in after theirs. Used by that thread only.
 */
class Arrivals(private val stage: Stage) {
    private val waiting = HashSet<Any>()

    /** The calls that wait at this moment. */
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

    /** Called when a put is in; when producers are stopped, who waits may have left and not run yet. */
    fun check(earlier: Set<Any>) {
        val overtaken = earlier.filter { it in waiting }
        if (overtaken.isNotEmpty() && !stage.producersStop) {
            throw AssertionError("a put overtook ${overtaken.size} that waited when it came: ${stage.queue.stats()}")
        }
    }
}
