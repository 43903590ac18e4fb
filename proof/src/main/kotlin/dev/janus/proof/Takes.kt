package dev.janus.proof

import dev.janus.Lease
import dev.janus.LeaseBatch
import dev.janus.QueueSelect
import dev.janus.QueueShutdownException
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.selects.onTimeout
import kotlinx.coroutines.selects.select
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.coroutines.yield
import java.util.SplittableRandom
import java.util.concurrent.TimeUnit.MICROSECONDS
import java.util.concurrent.TimeUnit.MILLISECONDS
import java.util.concurrent.TimeUnit.NANOSECONDS

/** The size of the largest batch. */
internal const val MOST_AT_ONCE = 6
private const val TIMEOUT_NANOS = 200_000L
private const val TIMEOUT_MILLIS = 3L
private const val LONGEST_DELAY_MICROS = 2_500L

/** How long a batch waits for more, in microseconds; often not at all. */
private fun SplittableRandom.linger() = nextLong(-1_000, 1_000)

/** What one consumer has seen, which is in order for each producer where that can be said. */
class Sight(private val stage: Stage, private val name: String, isSequential: Boolean) {
    private val looksAtOrder = stage.setup.showsOrder && isSequential
    private val last = IntArray(stage.supplies.size) { -1 }

    fun take(call: String, element: Element) {
        element.leave(Place.TAKEN)
        stage.events.add(name, call, element)
        if (looksAtOrder) {
            if (element.number < last[element.producer]) {
                throw AssertionError("out of order: $name got $element after number ${last[element.producer]}")
            }
            last[element.producer] = element.number
        }
        if (element.number % 4 == 0) stage.debts.incrementAndGet() else stage.queue.sync().taskDone()
    }

    fun takeAll(call: String, elements: Collection<Element>) = elements.forEach { take(call, it) }

    /** What a timed call has brought, if anything. */
    fun takeInTime(call: String, element: Element?) {
        if (element == null) stage.tally.add(Count.TIME_OUTS) else take(call, element)
    }

    /** Ends the lease in one of the ways that there are; to close it afterwards changes nothing. */
    fun end(lease: Lease<Element>, random: SplittableRandom) {
        if (stage.setup.expires && random.nextInt(8) == 0) {
            forget(lease)
            return
        }
        when (random.nextInt(if (stage.setup.givesBack) 4 else 2)) {
            0 -> unlessExpired {
                lease.keep()
                take("lease, kept", lease.element())
            }

            1 -> if (lease.done()) {
                lease.element().leave(Place.TAKEN)
                stage.events.add(name, "lease, done", lease.element())
            } else {
                stage.tally.add(Count.LEASES_EXPIRED)
            }

            2 -> giveBack(lease)

            else -> giveBack(lease, random)
        }
        lease.close()
    }

    /** Ends the leases one by one, or all at once: then those that go back come again in their order. */
    fun endAll(batch: LeaseBatch<Element>, random: SplittableRandom) {
        if (!stage.setup.showsOrder && random.nextBoolean()) {
            batch.leases().forEach { end(it, random) }
        } else if (stage.setup.givesBack && !stage.setup.expires && random.nextBoolean()) {
            closeAll(batch)
        } else {
            batch.leases().forEach { lease ->
                unlessExpired {
                    lease.keep()
                    take("lease of a batch, kept", lease.element())
                }
            }
        }
        if (batch.leases().none { it in stage.forgotten }) batch.close()
    }

    private fun closeAll(batch: LeaseBatch<Element>) {
        stage.events.add(name, "gives back", batch.elements())
        try {
            batch.close()
            stage.tally.add(Count.LEASES_GIVEN_BACK, batch.leases().size.toLong())
        } catch (e: QueueShutdownException) {
            if (!stage.isShutDownNow) throw AssertionError("refused to take back $batch: ${stage.queue.stats()}", e)
            batch.elements().forEach { it.leave(Place.HANDED_BACK) }
        }
    }

    private fun forget(lease: Lease<Element>) {
        stage.events.add(name, "forgets", lease.element())
        stage.forgotten += lease
        stage.tally.add(Count.LEASES_FORGOTTEN)
    }

    private inline fun unlessExpired(end: () -> Unit) = try {
        end()
    } catch (e: IllegalStateException) {
        if (!stage.setup.expires) throw e
        stage.tally.add(Count.LEASES_EXPIRED)
    }

    /** Gives the element back at once. */
    fun giveBack(lease: Lease<Element>) = giveBack(lease) {
        lease.close()
        stage.tally.add(Count.LEASES_GIVEN_BACK)
    }

    /** Gives the element back at once or a little later. */
    private fun giveBack(lease: Lease<Element>, random: SplittableRandom) = giveBack(lease) {
        lease.close(if (stage.setup.delays) random.nextLong(LONGEST_DELAY_MICROS) else 0, MICROSECONDS)
        stage.tally.add(Count.LEASES_CLOSED_LATER)
    }

    private inline fun giveBack(lease: Lease<Element>, close: () -> Unit) {
        stage.events.add(name, "gives back", lease.element())
        try {
            close()
        } catch (_: QueueShutdownException) {
            if (!stage.isShutDownNow) {
                throw AssertionError(
                    "refused to take back ${lease.element()}: ${stage.queue.stats()}",
                )
            }
            lease.element().leave(Place.HANDED_BACK)
        }
    }
}

/** What a consumer does in a thread. */
class ThreadTakes(private val stage: Stage, private val sight: Sight, private val random: SplittableRandom) {
    private val queue = stage.queue.sync()
    private val select = QueueSelect.first(stage.queue) { it }.or(stage.empty) { it }
    private val selectOther = QueueSelect.first(stage.empty) { it }.or(stage.queue) { it }

    fun next() {
        when (random.nextInt(17)) {
            0 -> queue.poll()?.let { sight.take("poll", it) }

            1, 2 -> sight.takeInTime("timed poll", queue.poll(random.nextLong(TIMEOUT_NANOS), NANOSECONDS))

            3 -> sight.takeAll("takeBatch", queue.takeBatch(1 + random.nextInt(MOST_AT_ONCE)))

            4 -> sight.takeAll(
                "gather",
                queue.takeBatch(1 + random.nextInt(MOST_AT_ONCE), random.linger(), MICROSECONDS),
            )

            5 -> drain()

            6 -> sight.end(queue.takeLease(), random)

            7 -> leases()

            8 -> look()

            9 -> if (stage.setup.removes) stage.removals.remove(random)

            10 -> stage.payDebts(1 + random.nextInt(MOST_AT_ONCE))

            11 -> if (queue.awaitNotEmpty(random.nextLong(TIMEOUT_NANOS), NANOSECONDS)) {
                queue.poll()?.let { sight.take("poll", it) }
            }

            else -> sight.take("take", queue.take())
        }
    }

    private fun leases() {
        val most = 1 + random.nextInt(MOST_AT_ONCE)
        when (random.nextInt(4)) {
            0 -> queue.pollLease()?.let { sight.end(it, random) }
            1 -> queue.pollLease(random.nextLong(TIMEOUT_NANOS), NANOSECONDS)?.let { sight.end(it, random) }
            2 -> sight.endAll(queue.takeLeaseBatch(most), random)
            else -> sight.endAll(queue.takeLeaseBatch(most, random.linger(), MICROSECONDS), random)
        }
    }

    fun select() {
        val either = if (random.nextBoolean()) select else selectOther
        when (random.nextInt(4)) {
            0 -> either.trySelect()?.let { sight.take("select poll", it) }

            1 -> sight.takeInTime(
                "select timed poll",
                either.select(random.nextLong(TIMEOUT_NANOS), NANOSECONDS),
            )

            else -> sight.take("select take", either.select())
        }
    }

    /** Into a collection that at times takes only some of the elements; then the others go back. */
    private fun drain() {
        val most = 1 + random.nextInt(MOST_AT_ONCE)
        val target = Target(if (stage.setup.givesBack) random.nextInt(2 * MOST_AT_ONCE) else Int.MAX_VALUE)
        try {
            queue.drainTo(target, most)
        } catch (_: PlannedException) {
            stage.tally.add(Count.LEASES_GIVEN_BACK)
        }
        sight.takeAll("drainTo", target)
    }

    private class Target(private val room: Int) : ArrayList<Element>() {
        override fun add(element: Element): Boolean {
            if (size >= room) throw PlannedException()
            return super.add(element)
        }
    }

    private fun look() {
        queue.peek()?.let { queue.contains(it) }
        queue.isEmpty()
        stage.queue.toString()
        if (!queue.join(random.nextLong(TIMEOUT_NANOS), NANOSECONDS)) stage.tally.add(Count.TIME_OUTS)
    }
}

/** What a consumer does in a coroutine. */
class CoroutineTakes(private val stage: Stage, private val sight: Sight, private val random: SplittableRandom) {
    private val queue = stage.queue.async()

    suspend fun next() {
        when (random.nextInt(13)) {
            0 -> queue.tryReceive()?.let { sight.take("tryReceive", it) }

            1, 2 ->
                sight.takeInTime("timed receive", queue.receive(random.nextLong(TIMEOUT_MILLIS), MILLISECONDS))

            3 -> sight.takeAll("receiveBatch", queue.receiveBatch(1 + random.nextInt(MOST_AT_ONCE)))

            4 ->
                sight.takeAll(
                    "gather",
                    queue.receiveBatch(1 + random.nextInt(MOST_AT_ONCE), random.linger(), MICROSECONDS),
                )

            5 -> lease()

            6 -> leases()

            7 -> stage.payDebts(1 + random.nextInt(MOST_AT_ONCE))

            8 -> {
                withTimeoutOrNull(TIMEOUT_MILLIS) { queue.awaitNotEmpty() }
                queue.tryReceive()?.let { sight.take("tryReceive", it) }
            }

            else -> sight.take("receive", queue.receive())
        }
    }

    private suspend fun lease() {
        val lease = queue.receiveLease()
        if (!stage.setup.givesBack || random.nextBoolean()) {
            sight.end(lease, random)
            return
        }
        try {
            yield() // cancelled here, it gives the element back
        } finally {
            sight.giveBack(lease)
        }
    }

    private suspend fun leases() {
        val most = 1 + random.nextInt(MOST_AT_ONCE)
        when (random.nextInt(4)) {
            0 -> queue.tryReceiveLease()?.let { sight.end(it, random) }
            1 -> queue.receiveLease(random.nextLong(TIMEOUT_MILLIS), MILLISECONDS)?.let { sight.end(it, random) }
            2 -> sight.endAll(queue.receiveLeaseBatch(most), random)
            else -> sight.endAll(queue.receiveLeaseBatch(most, random.linger(), MICROSECONDS), random)
        }
    }

    /** By a select of kotlinx, with another clause that is never chosen, and at times with one that soon is. */
    @OptIn(ExperimentalCoroutinesApi::class)
    suspend fun select() {
        if (stage.empty.isShutdown) {
            sight.take("receive", queue.receive())
            return
        }
        val gives = random.nextInt(3) == 0
        val isOtherFirst = random.nextBoolean()
        val element = select {
            if (isOtherFirst) stage.empty.async().onReceive { it }
            queue.onReceive { it }
            if (!isOtherFirst) stage.empty.async().onReceive { it }
            if (gives) onTimeout(random.nextLong(TIMEOUT_MILLIS)) { null }
        }
        sight.takeInTime("onReceive", element)
    }
}

/** What a consumer does with futures. */
class FutureTakes(private val stage: Stage, private val sight: Sight, private val random: SplittableRandom) {
    private val waits = FutureWaits(stage, Side.CONSUMER, random)

    fun next() {
        val receives =
            List(1 + random.nextInt(MOST)) { stage.expose(stage.queue.async().receiveAsync(), random.nextInt()) }
        var refusal: QueueShutdownException? = null
        receives.forEach {
            try {
                if (waits.isDone(it)) sight.take("receiveAsync", it.get())
            } catch (e: QueueShutdownException) {
                refusal = e
            }
        }
        refusal?.let { throw it }
    }

    companion object {
        /** How many receives wait together. */
        const val MOST = 3
    }
}
