package dev.janus.recipes.web

import dev.janus.JanusQueue
import dev.janus.kotlin.iterator
import dev.janus.kotlin.janusQueue
import kotlinx.coroutines.channels.BufferOverflow
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import java.util.concurrent.ConcurrentHashMap

// sample: begin

/** Passes what threads publish to all subscribers. One that is slow misses the oldest elements. */
class Broadcast<E : Any> : AutoCloseable {
    private val queues: MutableSet<JanusQueue<E>> = ConcurrentHashMap.newKeySet()

    @Volatile
    private var isClosed = false

    /** Never waits. */
    fun publish(element: E) = queues.forEach { it.sync().offer(element) }

    fun subscribe(): Flow<E> = flow {
        val queue = janusQueue<E>(capacity = 16, onBufferOverflow = BufferOverflow.DROP_OLDEST)
        queues += queue
        try {
            if (isClosed) queue.shutdown()
            for (element in queue.async()) emit(element)
        } finally {
            queues -= queue
        }
    }

    /** Ends all subscriptions. They still get what is in their queues. */
    override fun close() {
        isClosed = true
        queues.forEach { it.shutdown() }
    }

    val subscribers: Int get() = queues.size
    val waiting: Int get() = queues.sumOf { it.size() }
}
// sample: end
