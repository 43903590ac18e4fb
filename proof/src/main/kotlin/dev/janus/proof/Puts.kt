package dev.janus.proof

import dev.janus.Permit
import dev.janus.QueueSelect
import dev.janus.QueueShutdownException
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.selects.onTimeout
import kotlinx.coroutines.selects.select
import java.util.SplittableRandom
import java.util.concurrent.TimeUnit
import java.util.concurrent.locks.LockSupport

private const val MOST_PUT_AT_ONCE = 8
private const val TIMEOUT_NANOS = 200_000L
private const val TIMEOUT_MILLIS = 3L
private const val BACKLOG = 2_000
private const val PACE = 4

/** Where puts never wait, the producers would only fill the queue, or drop. */
private fun Stage.isBackedUp(random: SplittableRandom) =
    if (setup.order.drops) random.nextInt(PACE) == 0 else setup.capacity == Capacity.UNBOUNDED && queue.size() > BACKLOG

/** Puts the element, or gives the permit back. */
private fun Stage.usePermit(permit: Permit<Element>?, element: Element, random: SplittableRandom): Boolean {
    permit ?: return false
    return permit.use {
        val isUsed = random.nextInt(4) > 0
        if (isUsed) it.put(element) else tally.add(Count.PERMITS_GIVEN_BACK)
        isUsed
    }
}

/** What a producer does in a thread. */
class ThreadPuts(private val stage: Stage, private val supply: Supply, private val random: SplittableRandom) {
    private val queue = stage.queue.sync()

    fun next() {
        if (stage.isBackedUp(random)) LockSupport.parkNanos(TIMEOUT_NANOS)
        when (random.nextInt(15)) {
            0 -> supply.one("offer") { queue.offer(it) }

            1 -> supply.one("trySend") { stage.queue.async().trySend(it) }

            2 -> supply.one("add", ::add)

            3, 4 -> timed()

            5, 6 -> supply.several("putAll", 1 + random.nextInt(MOST_PUT_AT_ONCE)) { queue.putAll(it) }

            7 -> queue.remainingCapacity()

            8, 9 -> reserve()

            10 -> select()

            else -> supply.one("put") {
                queue.put(it)
                true
            }
        }
    }

    private fun reserve() = supply.one("permit") {
        val permit = when (random.nextInt(4)) {
            0 -> queue.tryReserve()
            1 -> queue.reserve(random.nextLong(TIMEOUT_NANOS), TimeUnit.NANOSECONDS)
            else -> queue.reserve()
        }
        stage.usePermit(permit, it, random)
    }

    private fun select() {
        val isIn = supply.one("select put") {
            val select = QueueSelect.first(stage.empty) { false }.orPut(stage.queue, it) { true }
            select.select(random.nextLong(TIMEOUT_NANOS), TimeUnit.NANOSECONDS) ?: false
        }
        if (!isIn) stage.tally.add(Count.TIME_OUTS)
    }

    private fun timed() {
        val isIn = supply.one("timed offer") { queue.offer(it, random.nextLong(TIMEOUT_NANOS), TimeUnit.NANOSECONDS) }
        if (!isIn) stage.tally.add(Count.TIME_OUTS)
    }

    private fun add(element: Element): Boolean = try {
        queue.add(element)
    } catch (e: QueueShutdownException) {
        throw e
    } catch (_: IllegalStateException) {
        false
    }
}

/** What a producer does in a coroutine. */
class CoroutinePuts(private val stage: Stage, private val supply: Supply, private val random: SplittableRandom) {
    private val queue = stage.queue.async()

    suspend fun next() {
        if (stage.isBackedUp(random)) kotlinx.coroutines.delay(1)
        val earlier = stage.arrivals.earlier()
        val isIn = when (random.nextInt(11)) {
            0 -> supply.one("trySend") { queue.trySend(it) }
            1, 2 -> timed()
            3, 4 -> sendAll()
            5 -> reserve()
            else -> send()
        }
        if (isIn) stage.arrivals.check(earlier)
    }

    private suspend fun send() = supply.one("send") {
        stage.arrivals.whileWaiting { queue.send(it) }
        true
    }

    private suspend fun reserve() = supply.one("permit") {
        var permit: Permit<Element>? = null
        stage.arrivals.whileWaiting {
            permit = if (random.nextBoolean()) {
                queue.reserve()
            } else {
                queue.reserve(random.nextLong(TIMEOUT_MILLIS), TimeUnit.MILLISECONDS)
            }
        }
        stage.usePermit(permit, it, random)
    }

    private suspend fun sendAll(): Boolean {
        supply.several("sendAll", 1 + random.nextInt(MOST_PUT_AT_ONCE)) { elements ->
            stage.arrivals.whileWaiting { queue.sendAll(elements) }
        }
        return true
    }

    private suspend fun timed(): Boolean {
        val isIn = supply.one("timed send") {
            var isIn = false
            stage.arrivals.whileWaiting {
                isIn = queue.send(it, random.nextLong(TIMEOUT_MILLIS), TimeUnit.MILLISECONDS)
            }
            isIn
        }
        if (!isIn) stage.tally.add(Count.TIME_OUTS)
        return isIn
    }

    /** By a select of kotlinx, with another clause that is never chosen, and at times with one that soon is. */
    @OptIn(ExperimentalCoroutinesApi::class)
    suspend fun select() {
        if (stage.empty.isShutdown) {
            send()
            return
        }
        val gives = random.nextInt(3) == 0
        val isIn = supply.one("onSend") { element ->
            select {
                queue.onSend(element) { true }
                stage.empty.async().onReceive { throw AssertionError("the other queue brought $it") }
                if (gives) onTimeout(random.nextLong(TIMEOUT_MILLIS)) { false }
            }
        }
        if (!isIn) stage.tally.add(Count.TIME_OUTS)
    }
}

/** What a producer does with futures. */
class FuturePuts(private val stage: Stage, private val supply: Supply, private val random: SplittableRandom) {
    private val waits = FutureWaits(stage, Side.PRODUCER, random)

    fun next() {
        if (stage.isBackedUp(random)) LockSupport.parkNanos(TIMEOUT_NANOS)
        val elements = supply.next(1 + random.nextInt(4))
        val sends = elements.map { stage.expose(stage.queue.async().sendAsync(it), random.nextInt()) }
        var refusal: QueueShutdownException? = null
        sends.forEachIndexed { i, send ->
            val isIn = try {
                waits.isDone(send)
            } catch (e: QueueShutdownException) {
                refusal = e
                false
            }
            supply.settle("sendAsync", elements[i], isIn)
        }
        refusal?.let { throw it }
    }
}
