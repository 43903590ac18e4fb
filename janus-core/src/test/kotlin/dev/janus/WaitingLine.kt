package dev.janus

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart.UNDISPATCHED
import kotlinx.coroutines.launch
import kotlinx.coroutines.selects.select
import org.junit.jupiter.api.Assertions.assertEquals
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit.HOURS

/** A way to wait for room or for an element. */
internal enum class By { THREAD, TIMED_THREAD, BATCH_THREAD, COROUTINE, TIMED_COROUTINE, BATCH_COROUTINE, FUTURE }

/** What waits at each place of a line: its kinds take turns. */
internal enum class Mix(private vararg val kinds: By) {
    THREADS(By.THREAD),
    COROUTINES(By.COROUTINE),
    FUTURES(By.FUTURE),
    TIMED_CALLS(By.TIMED_THREAD, By.TIMED_COROUTINE),
    THREAD_FIRST(By.THREAD, By.COROUTINE),
    COROUTINE_FIRST(By.COROUTINE, By.THREAD),
    EVERYTHING(*By.entries.toTypedArray()),
    ;

    fun at(place: Int) = kinds[place % kinds.size]
}

/** Ways to free places of a full queue, none of which waits; each returns how many it freed. */
internal enum class Room(val make: (JanusQueue<Int>) -> Int) {
    POLL({ one(it.sync().poll()) }),
    TIMED_POLL({ one(it.sync().poll(1, HOURS)) }),
    TAKE({ one(it.sync().take()) }),
    TAKE_BATCH({ it.sync().takeBatch(it.capacity()).size }),
    TAKE_LEASE({ one(it.sync().takeLease().keep()) }),
    UNTIL_SHUTDOWN({ one(it.sync().untilShutdown().first()) }),
    QUEUE_SELECT({ one(BlockingCall.selecting(it).take()) }),
    DRAIN_TO({ it.sync().drainTo(ArrayList()) }),
    DRAIN_ONE({ it.sync().drainTo(ArrayList(), 1) }),
    TRY_RECEIVE({ one(it.async().tryReceive()) }),
    RECEIVE({ one(atOnce { it.async().receive() }) }),
    TIMED_RECEIVE({ one(atOnce { it.async().receive(1, HOURS) }) }),
    RECEIVE_BATCH({ atOnce { it.async().receiveBatch(it.capacity()) }.size }),
    RECEIVE_ASYNC({ one(it.async().receiveAsync().get()) }),
    ON_RECEIVE({ one(atOnce { select { it.async().onReceive { it } } }) }),
    REMOVE({ if (it.sync().remove(element = it.sync().peek())) 1 else 0 }),
    REMOVE_IF({ it.sync().removeIf { true }.let { _ -> it.capacity() } }),
    CLEAR({ it.sync().clear().let { _ -> it.capacity() } }),
    ITERATOR({ it.sync().iterator().run { one(next()).also { remove() } } }),
    GROW({ it.capacity(it.capacity() + 2).let { 2 } }),
}

private fun one(taken: Any?): Int = 1.also { checkNotNull(taken) }

/** The result of a suspending call that need not suspend. */
internal fun <T> atOnce(call: suspend () -> T): T =
    beginRaw(block = call).also { check(it.isDone) { "it waits" } }.get()

/** Calls that wait in one line of a queue, begun one after the other. The coroutines run only when told to. */
internal class WaitingLine(private val queue: JanusQueue<Int>) {
    val loop = ManualDispatcher()
    private val calls = ArrayList<Running<*>>()

    /** Begins to put the elements, each when the one before it waits. */
    fun puts(mix: Mix, elements: Iterable<Int>): List<Running<Any?>> =
        elements.mapIndexed { place, element -> put(mix.at(place), element) }

    /** Begins as many takes, each when the one before it waits. */
    fun takes(mix: Mix, count: Int): List<Running<Int>> = List(count) { place -> take(mix.at(place)) }

    fun put(by: By, element: Int): Running<Any?> = inLine<Any?>(::putters) {
        when (by) {
            By.THREAD -> inThread<Any?> { queue.sync().put(element) }
            By.TIMED_THREAD -> inThread<Any?> { check(queue.sync().offer(element, 1, HOURS)) }
            By.BATCH_THREAD -> inThread<Any?> { queue.sync().putAll(listOf(element)) }
            By.COROUTINE -> loop.begin<Any?> { queue.async().send(element) }
            By.TIMED_COROUTINE -> loop.begin<Any?> { check(queue.async().send(element, 1, HOURS)) }
            By.BATCH_COROUTINE -> loop.begin<Any?> { queue.async().sendAll(listOf(element)) }
            By.FUTURE -> queue.async().sendAsync(element).asRunning()
        }
    }

    fun take(by: By): Running<Int> = inLine(::takers) {
        when (by) {
            By.THREAD -> inThread { queue.sync().take() }
            By.TIMED_THREAD -> inThread { queue.sync().poll(1, HOURS)!! }
            By.BATCH_THREAD -> inThread { queue.sync().takeBatch(1).single() }
            By.COROUTINE -> loop.begin { queue.async().receive() }
            By.TIMED_COROUTINE -> loop.begin { queue.async().receive(1, HOURS)!! }
            By.BATCH_COROUTINE -> loop.begin { queue.async().receiveBatch(1).single() }
            By.FUTURE -> queue.async().receiveAsync().asRunning()
        }
    }

    /** Begins a call and waits until it waits; [waiting] counts those that do. */
    fun <T> inLine(waiting: () -> Int, begin: () -> Running<T>): Running<T> {
        val before = waiting()
        val call = begin()
        awaitState("the call waits") {
            check(!call.isOver) { "ended instead of waiting: ${call.failure() ?: call.value}" }
            waiting() == before + 1
        }
        calls += call
        return call
    }

    fun putters() = with(queue.stats()) { waitingPutThreads() + waitingPutCoroutines() }

    fun takers() = with(queue.stats()) { waitingTakeThreads() + waitingTakeCoroutines() }

    /** Lets everything run until all calls have returned normally. */
    fun awaitAll() {
        awaitState("the end of every call in $queue", loop::runAll) { calls.all { it.isOver } }
        calls.forEach { it.value }
    }

    /** Lets everything run until the call is over. */
    fun <T> await(call: Running<T>): Running<T> =
        call.also { awaitState("the end of the call in $queue", loop::runAll) { it.isOver } }

    /** All of it was put in, nobody waits, and now the queue is emptied: these elements come out. */
    fun drainWhenOver(): List<Int> {
        awaitAll()
        val drained = ArrayList<Int>().also { queue.sync().drainTo(it) }
        assertNothingPending(queue)
        return drained
    }
}

private fun <T> CompletableFuture<out T>.asRunning(): Running<T> = Running<T>().also { running ->
    whenComplete { value, e -> running.end(if (e == null) Result.success(value) else Result.failure(e)) }
}

/** A queue that is full of negative numbers, which come out in ascending order. */
internal fun fullQueue(capacity: Int): JanusQueue<Int> =
    JanusQueue.fifo<Int>(capacity).also { it.sync().addAll(fillers(capacity)) }

internal fun fillers(capacity: Int): List<Int> = (-capacity..-1).toList()

/** Every element that was ever accepted is at exactly one place. */
internal fun assertEveryElementIsSomewhere(stats: QueueStats) = assertEquals(
    stats.accepted(),
    stats.run { taken() + removed() + dropped() + size() + reservedElements() },
) { "lost or counted twice: $stats" }

internal fun assertEveryElementIsSomewhere(queue: JanusQueue<*>) = assertEveryElementIsSomewhere(queue.stats())

/** Begins a coroutine on this thread, which runs it until it suspends. */
internal fun <T> beginOn(dispatcher: CoroutineDispatcher, block: suspend () -> T): Running<T> {
    val running = Running<T>()
    running.job = CoroutineScope(dispatcher).launch(start = UNDISPATCHED) { running.end(runCatching { block() }) }
    return running
}
