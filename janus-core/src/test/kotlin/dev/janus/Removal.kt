package dev.janus

/** The ways to remove elements without taking them: the first that is seen, or all. */
internal enum class Removal(val strike: WaitingStage.() -> Unit) {
    REMOVE({ queue.sync().firstOrNull()?.let { if (queue.sync().remove(it)) removed += it } }),
    REMOVE_IF({ queue.sync().removeIf { removed.add(it) } }),
    ITERATOR({
        val elements = queue.sync().iterator()
        if (elements.hasNext()) {
            removed += elements.next()
            elements.remove()
        }
    }),
    CLEAR({
        removed += queue.sync()
        queue.sync().clear()
    }),
}
