package dev.janus.proof

import dev.janus.JanusQueue
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.channels.BufferOverflow
import java.util.SplittableRandom
import java.util.concurrent.TimeUnit

/** What comes out first, and what happens to what finds no room. */
enum class Order(val isFifo: Boolean = true, val drops: Boolean = false) {
    FIFO,
    LIFO(isFifo = false),
    PRIORITY(isFifo = false),
    DROP_OLDEST(drops = true),
    DROP_LATEST(drops = true),
}

/** How much the queue holds at first, and which other capacities a round may give it. */
enum class Capacity(val first: Int, val others: List<Int>) {
    RENDEZVOUS(0, listOf(0, 0, 1, 2)),
    ONE(1, listOf(1, 2, 3, 5)),
    TWO(2, listOf(1, 2, 3, 5)),
    FIVE(5, listOf(1, 2, 4, 5)),
    MANY(64, listOf(1, 5, 64)),
    UNBOUNDED(Int.MAX_VALUE, listOf(5, Int.MAX_VALUE)),
}

/** Who uses the queue. */
enum class Kind(val loop: LoopKind? = null, val isVirtual: Boolean = false, val onlyTakes: Boolean = false) {
    PLATFORM_THREAD,
    VIRTUAL_THREAD(isVirtual = true),
    ON_DEFAULT(LoopKind.DEFAULT),
    ON_IO(LoopKind.IO),
    ON_SINGLE_THREAD(LoopKind.SINGLE_THREAD),
    UNCONFINED(LoopKind.UNCONFINED),
    ON_VIRTUAL_THREADS(LoopKind.VIRTUAL, isVirtual = true),
    FUTURES,
    SUBSCRIPTION(onlyTakes = true),
    SELECT(LoopKind.DEFAULT),
    QUEUE_SELECT(onlyTakes = true),
    ;

    /** Whether it takes one element after the other, so that it can tell in which order they came. */
    val isSequential get() = this != FUTURES && this != SUBSCRIPTION

    val isCoroutine get() = loop != null

    val isPlainCoroutine get() = isCoroutine && !isVirtual && this != SELECT && this != UNCONFINED

    val isAvailable get() = !isVirtual || VirtualThreads.areAvailable

    /** Itself, or what stands in for it on a JVM without virtual threads. */
    fun orElse() = when {
        isAvailable -> this
        loop == null -> PLATFORM_THREAD
        else -> ON_DEFAULT
    }
}

/** How a round ends. */
enum class End {
    /** The producers stop, then the queue is shut down, and the consumers take what is left. */
    DRAINED,

    /** The queue is shut down while everybody is at work. */
    SHUT_DOWN,

    /** What is in the queue is taken out while everybody is at work. */
    SHUT_DOWN_NOW,

    /** The consumers stop first, then the producers, and what is left is taken out afterwards. */
    ABANDONED,
}

/** What a round is made of, drawn from its [seed]. */
class Setup(val seed: Long) {
    private val random = SplittableRandom(seed)

    /** Whether all coroutines put on one thread, into one place, so that it is known in which order they came. */
    val showsArrivals = random.nextInt(8) == 0

    /** Disturbances mend what a lost wake-up has done, for who is cancelled passes on what was promised to him. */
    val isCalm = showsArrivals || random.nextInt(5) == 0

    val order = draw(if (showsArrivals) listOf(Order.FIFO, Order.LIFO, Order.PRIORITY) else Order.entries)
    val capacity = if (showsArrivals) Capacity.ONE else draw(Capacity.entries)
    val end = draw(End.entries)
    val binding = if (showsArrivals) LoopKind.SINGLE_THREAD else draw(BINDINGS)
    val resizes = !showsArrivals && random.nextInt(3) == 0
    val removes = random.nextInt(3) == 0
    private val mayGiveBack = random.nextBoolean()
    private val consumesAlone = mayGiveBack && random.nextInt(3) == 0

    val producers = List(2 + random.nextInt(3)) { draw(Kind.entries.filter(::mayProduce)).orElse() }
    val consumers = List(if (consumesAlone) 1 else 2 + random.nextInt(3)) { draw(Kind.entries).orElse() }

    /** Whether elements that were taken go back, from a lease or a collection that throws. */
    val givesBack = mayGiveBack || Kind.SUBSCRIPTION in consumers

    /** With several consumers, what is given back comes after what another has taken meanwhile. */
    val showsOrder = order.isFifo && (!givesBack || consumers.singleOrNull()?.isSequential == true)

    /** Whether elements go back after a delay, which lets others pass. */
    val delays = givesBack && !showsOrder

    /** Whether leases expire, so that some are forgotten. */
    val expires = delays && random.nextInt(3) == 0

    /** Whether elements that were leased too often become dead letters. */
    private val hasDeadLetters = givesBack && random.nextInt(3) == 0

    /** Whether anybody selects, and may leave what it was granted. */
    val selects = (producers + consumers).any { it == Kind.SELECT || it == Kind.QUEUE_SELECT }

    /**
     * How many grants its consumers may give up at the same time, each those of a batch: those elements go back. Besides
     * these, each producer may have a permit for the room that a consumer made, which then left.
     */
    val mostGivenUp = consumers.sumOf { if (it == Kind.FUTURES) FutureTakes.MOST else MOST_AT_ONCE }

    val isOrderKeptInside = !givesBack || showsOrder

    /** How long the disturbers pause at the most. */
    val pauseNanos = draw(listOf(20_000L, 200_000L, 2_000_000L))

    val millis = 150L + random.nextInt(300)

    /** The same for each party's number in each run of this seed. */
    fun randomOf(party: Int) = SplittableRandom(seed xor (party + 1L) * -0x61c8864680b583ebL)

    /** Which of so many workers may be disturbed. */
    fun <T> disturbable(workers: List<T>): List<T> {
        val choice = SplittableRandom(seed)
        return if (isCalm) emptyList() else workers.filter { choice.nextInt(4) > 0 }
    }

    private fun mayProduce(kind: Kind) = if (showsArrivals) kind.isPlainCoroutine else !kind.onlyTakes

    private fun <T> draw(all: List<T>): T = all[random.nextInt(all.size)]

    fun build(
        loop: CoroutineDispatcher?,
        onDropped: (Element) -> Unit,
        onDeadLetter: (Element) -> Unit,
    ): JanusQueue<Element> {
        val builder = JanusQueue.builder<Element>().capacity(capacity.first)
        when (order) {
            Order.FIFO -> Unit
            Order.LIFO -> builder.lifo()
            Order.PRIORITY -> builder.priority()
            Order.DROP_OLDEST -> builder.overflow(BufferOverflow.DROP_OLDEST).onDropped(onDropped)
            Order.DROP_LATEST -> builder.overflow(BufferOverflow.DROP_LATEST).onDropped(onDropped)
        }
        if (expires) builder.leaseTimeout(1, TimeUnit.MILLISECONDS)
        if (hasDeadLetters) builder.deadLetters(2, onDeadLetter)
        // On a bound queue, a call that finds its loop busy for long yields first: it has begun then, and does not wait yet.
        if (!showsArrivals) loop?.let(builder::boundTo)
        return builder.build()
    }

    override fun toString() = "order $order, capacity $capacity, bound to $binding, producers $producers, " +
        "consumers $consumers, end $end, $millis ms, pauses up to $pauseNanos ns" +
        (if (resizes) ", resized" else "") + (if (removes) ", removals" else "") +
        (if (givesBack) ", given back" else "") + (if (delays) ", some later" else "") +
        (if (expires) ", leases expire" else "") + (if (hasDeadLetters) ", dead letters" else "") +
        (if (showsOrder) ", order looked at" else "") + (if (showsArrivals) ", arrivals looked at" else "") +
        (if (isCalm) ", calm" else "")

    private companion object {
        val BINDINGS = listOf(null, null, null, LoopKind.SINGLE_THREAD, LoopKind.DEFAULT, LoopKind.POOL)
    }
}
