package dev.janus.benchmarks

import kotlinx.coroutines.channels.Channel

/** A queue of 1024 that one thread fills and empties, so that nobody waits. */
enum class OneThread(val title: String, val create: () -> Contender) {
    JANUS(Kind.JANUS),
    JANUS_PRIORITY(Kind.JANUS_PRIORITY),
    ARRAY_BLOCKING_QUEUE(Kind.ARRAY_BLOCKING_QUEUE),
    LINKED_BLOCKING_QUEUE(Kind.LINKED_BLOCKING_QUEUE),
    CHANNEL("Channel, trySend and tryReceive", { TryChannel() }),
    ;

    constructor(kind: Kind) : this(kind.title, { kind.create(1024) })
}

/** A channel with the calls that do not wait. */
private class TryChannel : Contender() {
    private val channel = Channel<Any>(1024)

    override fun put(element: Any) = channel.trySend(element).getOrThrow()

    override fun take(): Any = channel.tryReceive().getOrThrow()

    override suspend fun send(element: Any) = put(element)

    override suspend fun receive(): Any = take()
}
