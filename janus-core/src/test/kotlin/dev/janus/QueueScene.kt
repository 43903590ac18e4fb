package dev.janus

import kotlinx.coroutines.channels.BufferOverflow
import kotlinx.coroutines.selects.select
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit.DAYS

/** Who waits in a scene: threads, coroutines, the two by turns, or threads and futures, on a loop that runs when it is told to. */
internal enum class World { THREADS, COROUTINES, BOTH, FUTURES }

/**
 * A queue in the hands of actors. After every move it looks whether somebody waits for what is free, and whether anybody
 * was overtaken; at the end, where each element is.
 */
internal class QueueScene(capacity: Int, private val world: World, private val drops: Boolean) : Scene {
    private class Waiting(val actor: Actor, val line: WaitQueue) {
        /** The number in the line, and the moves after which it was woken, and waited again because it had more to put. */
        var since = 0
        var wokenAfter = 0
        var againAfter = 0
    }

    private val loop = SteppedDispatcher()
    private val gone = ArrayList<String>()
    private val queue: JanusQueue<String> =
        JanusQueue.builder<String>().capacity(capacity).apply {
            if (world == World.FUTURES) boundTo(loop)
            if (drops) overflow(BufferOverflow.DROP_OLDEST).onDropped { gone += it }
        }.build()
    private val buffer = queue.buffer
    private val other = JanusQueue.unbounded<String>()
    private val waiting = ArrayList<Waiting>()
    private val accepted = ArrayList<String>()
    private val perhapsAccepted = ArrayList<String>()
    private val gradual = ArrayList<Actor>()
    private var moves = 0
    private var size = 0

    override val actors: MutableList<Actor> = mutableListOf(LoopActor(loop).also { gradual += it })

    /** Whether somebody may lose his place in the line. */
    private var mayLosePlaces = false

    /** Whether elements are given back, which mixes up the order in which they are seen. */
    private var givesBack = false

    // What waits

    fun put(element: String) = wait(
        "put $element",
        buffer.notFull,
        thread = { ThreadWaiter(buffer.notFull, Put(buffer, element), it).await(Parker.FOREVER) },
        coroutine = { queue.async().send(element) },
    ) { accepted += element }

    fun timedPut(element: String) = wait(
        "timed put $element",
        buffer.notFull,
        isTimed = true,
        thread = { ThreadWaiter(buffer.notFull, Put(buffer, element), it).await(1) },
        coroutine = { queue.async().send(element, 1, DAYS) },
    ) { done -> if (done != false && done != null) accepted += element }

    /** Nobody but the queue's statistics knows how many went in, if it did not end well. */
    fun putAll(vararg elements: String) {
        perhapsAccepted += elements
        wait(
            "put all ${elements.asList()}",
            buffer.notFull,
            thread = { ThreadWaiter(buffer.notFull, Put(buffer, *elements), it).await(Parker.FOREVER) },
            coroutine = { queue.async().sendAll(elements.asList()) },
        ) {
            accepted += elements
            perhapsAccepted -= elements.toSet()
        }
        gradual += actors.last()
    }

    fun take() = wait(
        "take",
        buffer.notEmpty,
        thread = { ThreadWaiter(buffer.notEmpty, buffer::takeLocked, it).await(Parker.FOREVER) },
        coroutine = { queue.async().receive() },
    ) { gone += it as String }

    fun timedTake() = wait(
        "timed take",
        buffer.notEmpty,
        isTimed = true,
        thread = { ThreadWaiter(buffer.notEmpty, buffer::takeLocked, it).await(1) },
        coroutine = { queue.async().receive(1, DAYS) },
    ) { element -> if (element != null) gone += element as String }

    fun takeBatch(max: Int) = wait(
        "take $max",
        buffer.notEmpty,
        thread = { gate ->
            ThreadWaiter(buffer.notEmpty, { buffer.takeBatchLocked(max, it) }, gate).await(Parker.FOREVER)
        },
        coroutine = { queue.async().receiveBatch(max) },
    ) { batch -> gone += (batch as List<*>).map { it as String } }

    /** Takes one on trial, and later gives it back or not. */
    fun lease(isGivenBack: Boolean) {
        givesBack = givesBack || isGivenBack
        var lease: Lease<*>? = null
        wait(
            "lease",
            buffer.notEmpty,
            thread = { ThreadWaiter(buffer.notEmpty, buffer::takeLeaseLocked, it).await(Parker.FOREVER) },
            coroutine = { queue.async().receiveLease() },
        ) { lease = it as Lease<*> }
        actors +=
            InstantActor("end lease", { lease != null }) {
                if (isGivenBack) {
                    lease!!.close()
                } else {
                    lease!!.done()
                    gone += lease!!.element() as String
                }
            }
    }

    /** A coroutine that takes from this queue or from another, which stays empty. */
    fun selectTake() = waitAsCoroutine("select take", buffer.notEmpty, call = {
        select<String> {
            other.async().onReceive { it }
            queue.async().onReceive { it }
        }
    }) { gone += it as String }

    /** In a rendezvous, a poll passes it by: its block would have to run first. */
    fun selectPut(element: String) {
        mayLosePlaces = mayLosePlaces || queue.capacity() == 0
        waitAsCoroutine("select put $element", buffer.notFull, call = {
            select<String> {
                other.async().onReceive { it }
                queue.async().onSend(element) { element }
            }
        }) { accepted += element }
    }

    fun receiveAsync() = addFuture("receive later", buffer.notEmpty, { queue.async().receiveAsync() }) {
        gone +=
            it as String
    }

    fun sendAsync(element: String) =
        addFuture("send $element later", buffer.notFull, { queue.async().sendAsync(element) }) { accepted += element }

    fun joinAsync() = addFuture("join later", buffer.allDone, { queue.async().joinAsync() }) {}

    fun join() = wait(
        "join",
        buffer.allDone,
        thread = { ThreadWaiter(buffer.allDone, buffer::joinLocked, it).await(Parker.FOREVER) },
        coroutine = { queue.async().join() },
    ) {}

    fun awaitTermination() = wait(
        "await termination",
        buffer.terminated,
        thread = {
            ThreadWaiter(buffer.terminated, buffer::awaitTerminationLocked, it).await(Parker.FOREVER)
        },
        coroutine = { queue.async().awaitTermination() },
    ) { assertTrue(queue.isTerminated) { "awaitTermination returned, but ${queue.stats()}" } }

    // What does not wait

    fun offer(element: String) = now("offer $element") { if (queue.sync().offer(element)) accepted += element }

    fun poll() = now("poll") { queue.sync().poll()?.let { gone += it } }

    fun takeAndFinish() = now("poll, taskDone") {
        queue.sync().poll()?.let {
            gone += it
            queue.sync().taskDone()
        }
    }

    fun remove(element: String) {
        mayLosePlaces = true
        now("remove $element") { if (queue.sync().remove(element)) gone += element }
    }

    fun clear() {
        mayLosePlaces = true
        now("clear") {
            val before = queue.sync().toList()
            queue.sync().clear()
            gone += before - queue.sync().toSet()
        }
    }

    fun capacity(capacity: Int) {
        mayLosePlaces = true
        now("capacity $capacity") { queue.capacity(capacity) }
    }

    fun shutdown() = now("shutdown") { queue.shutdown() }

    fun shutdownNow() = now("shutdownNow") { gone += queue.shutdownNow() }

    /** What is in the queue when the scene begins. */
    fun holds(vararg elements: String) = elements.forEach {
        assertTrue(queue.sync().offer(it))
        accepted += it
        size++
    }

    /** As many as there is room for. */
    fun holdsUpTo(most: Int) = (1..minOf(most, queue.capacity())).forEach { holds("z$it") }

    fun now(name: String, call: () -> Unit) {
        actors +=
            InstantActor(name, { true }) {
                try {
                    call()
                } catch (_: QueueShutdownException) {
                    // an offer after the shutdown
                }
            }
    }

    // How a wait becomes an actor

    private fun wait(
        name: String,
        line: WaitQueue,
        isTimed: Boolean = false,
        thread: (Parker) -> Any?,
        coroutine: suspend () -> Any?,
        done: (Any?) -> Unit,
    ) {
        val asThread =
            when (world) {
                World.THREADS, World.FUTURES -> true
                World.COROUTINES -> false
                World.BOTH -> actors.size % 2 == 0
            }
        add(
            line,
            if (asThread) {
                ThreadActor("$name (thread)", isTimed) { thread(it).also(done) }
            } else {
                CoroutineActor("$name (coroutine)", isTimed) { coroutine().also(done) }
            },
        )
    }

    private fun waitAsCoroutine(name: String, line: WaitQueue, call: suspend () -> Any?, done: (Any?) -> Unit) =
        add(line, CoroutineActor(name, false) { call().also(done) })

    /** Where the loop stands in the line of those who were woken is not to be seen from here. */
    private fun addFuture(name: String, line: WaitQueue, call: () -> CompletableFuture<*>, done: (Any?) -> Unit) {
        mayLosePlaces = true
        add(line, FutureActor(name, call, done))
    }

    private fun add(line: WaitQueue, actor: Actor) {
        actors += actor
        waiting += Waiting(actor, line)
    }

    // What must hold

    override fun checkStep(actor: Actor, move: Move) {
        moves++
        for (one in waiting) {
            if (one.since == 0 && one.actor.begun) one.since = moves
            if (one.actor === actor && move == Move.GO_ON) one.againAfter = moves
            one.wokenAfter = if (!one.actor.isWoken) {
                0
            } else if (one.wokenAfter == 0) {
                moves
            } else {
                one.wokenAfter
            }
        }
        assertFalse(move == Move.GO_ON && actor.isWaiting && actor !in gradual && !mayLosePlaces) { "woken in vain" }
        checkFree()
        if (!mayLosePlaces) checkLine()
        actors.forEach(::checkOutcome)
    }

    /** Nobody waits for what is free, or for what has come to pass; and nothing is put where there is no room. */
    private fun checkFree() {
        val takes = buffer.notEmpty.waitingLocked()
        val puts = buffer.notFull.waitingLocked()
        val joins = buffer.allDone.waitingLocked()
        val ends = buffer.terminated.waitingLocked()
        val stats = queue.stats() // last: it is a step, too, and would wake those whom the step before it forgot
        QueueAssertions.assertConserved(stats)
        val isRendezvous = stats.capacity() == 0
        val slots = if (isRendezvous) takes else stats.capacity() - stats.size()
        val freeOfWaits =
            (takes == 0 || (stats.size() <= stats.reservedElements() && !stats.isTerminated)) &&
                (puts == 0 || (slots <= stats.reservedSlots() && !stats.isShutdown)) &&
                (joins == 0 || stats.unfinishedTasks() > 0) &&
                (ends == 0 || !stats.isTerminated)
        assertTrue(freeOfWaits) { "somebody waits in vain: $stats" }
        val nobodyTurnedAway = !givesBack && !mayLosePlaces && actors.none { it.hasGivenUp }
        val most = if (isRendezvous && nobodyTurnedAway) stats.reservedElements() else stats.capacity()
        val mayGrow = givesBack || drops || (isRendezvous && !nobodyTurnedAway)
        assertTrue(mayGrow || stats.size() <= maxOf(most, size)) { "no room: $stats" }
        size = stats.size()
    }

    /** Nobody who waits is behind one who came later and was woken. */
    private fun checkLine() {
        for (one in waiting) {
            if (!one.actor.isWaiting || !one.actor.isWoken || one.actor.hasGivenUp) continue
            val overtaken = waiting.find {
                it.line === one.line && it.since in 1 until one.since && it.actor.isWaiting && !it.actor.isWoken &&
                    it.againAfter <= one.wokenAfter
            }
            assertNull(overtaken?.actor?.name) { "${one.actor.name} has overtaken ${overtaken?.actor?.name}" }
        }
    }

    private fun checkOutcome(actor: Actor) = when (val failure = actor.outcome?.exceptionOrNull()) {
        null -> {}

        is QueueShutdownException -> assertTrue(queue.isShutdown) {
            "${actor.name} was refused by a queue that goes on"
        }

        is InterruptedException, is CancellationException -> assertTrue(actor.hasGivenUp) { "${actor.name}: $failure" }

        else -> throw failure
    }

    override fun checkEnd() {
        gone += queue.shutdownNow()
        repeat(queue.unfinishedTasks()) { queue.sync().taskDone() }
        while (true) {
            val woken = actors.find { Move.GO_ON in it.moves } ?: break
            woken.make(Move.GO_ON)
            checkOutcome(woken)
        }
        val unready = actors.filter { !it.begun && Move.BEGIN in it.moves }
        assertEquals(emptyList<String>(), unready.map { it.name }, "did not begin")
        assertEquals(emptyList<String>(), actors.filter { it.isWaiting }.map { it.name }, "left behind")
        assertNothingPending(queue)
        assertTrue(queue.isTerminated) { "the queue does not end: ${queue.stats()}" }
        assertNothingPending(other)
        accepted += perhapsAccepted.intersect(gone.toSet())
        assertEquals(accepted.sorted(), gone.sorted(), "accepted, and gone somewhere")
        assertEquals(accepted.size.toLong(), queue.stats().accepted(), "accepted, by the queue's own count")
        if (!givesBack) checkOrder()
    }

    /** What one producer has put in comes out in its order. */
    private fun checkOrder() = gone.groupBy { it.first() }.values.forEach { ofOne ->
        assertEquals(ofOne.sorted(), ofOne, "the elements of one producer, in the order in which they came out")
    }
}
