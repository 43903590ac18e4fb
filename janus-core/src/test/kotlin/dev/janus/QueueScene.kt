package dev.janus

import dev.janus.fixtures.SteppedDispatcher
import dev.janus.fixtures.assertConserved
import dev.janus.fixtures.assertNothingPending
import kotlinx.coroutines.asExecutor
import kotlinx.coroutines.channels.BufferOverflow
import kotlinx.coroutines.selects.select
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit.DAYS

/** What waits in a scene: threads, coroutines, the two by turns, or threads and futures, on a loop that runs when it is told to. */
internal enum class World { THREADS, COROUTINES, BOTH, FUTURES }

/**
 * A queue in the hands of actors. After every move it looks whether somebody waits for what is free, and whether anybody
 * was overtaken; at the end, where each element is.
 */
internal class QueueScene(capacity: Int, private val world: World, private val drops: Boolean) : Scene {
    private class Waiting(val actor: Actor, val line: WaitQueue) {
        /** The move by which it began to wait. */
        var since = 0
    }

    private val loop = SteppedDispatcher()
    private val gone = ArrayList<String>()

    /** What threads have taken that waited: theirs when it was their turn, though they run in any order. */
    private val goneToThreads = ArrayList<Pair<Actor, List<String>>>()
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
    private var moves = 0

    /** What it held, and had promised room for, after the last move. */
    private var size = 0

    override val actors: MutableList<Actor> = mutableListOf(LoopActor(loop))

    /** The selects that put into this queue or take from it, whichever comes first. */
    private val selfSelects = ArrayList<Actor>()

    private var admitsWaitingPuts = false

    /** A select that puts, or a permit, keeps its slot though the taker leaves for which it was one. */
    private var selects = false

    /** Whether somebody may lose his place in the line. */
    private var mayLosePlaces = false

    /** Whether elements are given back, which mixes up the order in which they are seen. */
    private var givesBack = false

    private var mayMixOrder = false

    /** Those who wait for an element without taking it. */
    private val watching = ArrayList<Actor>()
    private var takesAll = false
    private var offersAll = false
    private var reserves = false
    private val untold = ArrayDeque<String>()

    /** Those who gather. They are woken for the first element, and then wait on. */
    private val gathering = ArrayList<Actor>()
    private val wokenToGather = HashSet<Actor>()

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
            ThreadWaiter(buffer.notEmpty, buffer.batch(max), gate).await(Parker.FOREVER)
        },
        coroutine = { queue.async().receiveBatch(max) },
    ) { batch -> gone += (batch as List<*>).map { it as String } }

    /** Gathers. What others take meanwhile mixes up the order in which elements are seen. */
    fun gather(max: Int) {
        mayMixOrder = true
        wait(
            "gather $max",
            buffer.notEmpty,
            isTimed = true,
            thread = { gate ->
                ThreadWaiter(buffer.notEmpty, buffer.gatheredBatch(max, DAYS.toNanos(1)), gate).await(Parker.FOREVER)
            },
            coroutine = { queue.async().receiveBatch(max, 1, DAYS) },
        ) { batch ->
            val elements = batch as List<*>? // null if its time is up before the first element, as only here
            assertTrue(elements == null || elements.size in 1..max) { "$elements" }
            gone += elements.orEmpty().map { it as String }
        }
        gathering += actors.last()
    }

    /** Takes one on trial, and later gives it back or not. */
    fun lease(isGivenBack: Boolean) {
        givesBack = givesBack || isGivenBack
        val lease = lease()
        actors +=
            InstantActor("end lease", { lease() != null }) {
                if (isGivenBack) {
                    close(lease()!!) { it.close() }
                } else {
                    lease()!!.done()
                    gone += lease()!!.element() as String
                }
            }
    }

    /** A lease that is closed, and whose element returns later, if it was not handed back before. */
    fun delayedLease() {
        givesBack = true
        val lease = lease()
        var isClosed = false
        actors +=
            InstantActor("close lease", { lease() != null }) {
                close(lease()!!) { it.close(1, DAYS) }
                isClosed = true
            }
        actors += InstantActor("return element", { isClosed }) {
            assertTrue(lease()!!.returnDelayed())
            lease()!!.stopTimers()
        }
    }

    private fun lease(): () -> Lease<*>? {
        var lease: Lease<*>? = null
        wait(
            "lease",
            buffer.notEmpty,
            thread = { ThreadWaiter(buffer.notEmpty, buffer::takeLeaseLocked, it).await(Parker.FOREVER) },
            coroutine = { queue.async().receiveLease() },
        ) { lease = it as Lease<*> }
        return { lease }
    }

    /** After `shutdownNow` the element stays with its holder. */
    private fun close(lease: Lease<*>, close: (Lease<*>) -> Unit) {
        if (runCatching { close(lease) }.isFailure) gone += lease.element() as String
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

    /** Waits on both sides of this queue at once. It is never its own partner. */
    fun selectBoth(element: String) {
        mayLosePlaces = true
        waitAsCoroutine("select both $element", buffer.notFull, call = {
            select<String?> {
                queue.async().onSend(element) { null }
                queue.async().onReceive { it }
            }
        }) { received -> if (received == null) accepted += element else gone += received as String }
        selfSelects += actors.last()
    }

    /** A thread that puts into this queue, or takes from another, which stays empty. */
    fun threadSelectPut(element: String) {
        mayLosePlaces = mayLosePlaces || queue.capacity() == 0
        selects = true
        threadSelect("thread select put $element", QueueSelect.first(other) { it }.addTo(queue, element)) {
            if (it == ADDED) accepted += element
        }
    }

    /** A thread that waits on both sides of this queue at once. It is never its own partner. */
    fun threadSelectBoth(element: String) {
        mayLosePlaces = true
        selects = true
        threadSelect(
            "thread select both $element",
            QueueSelect.first(queue, { it }, { ENDED }).addTo(queue, element),
        ) { result ->
            if (result == ADDED) {
                accepted += element
            } else if (result != ENDED) {
                gone += result as String
            }
        }
        selfSelects += actors.last()
    }

    private fun QueueSelect<String>.addTo(queue: JanusQueue<String>, element: String) =
        orPut(queue, element, { ADDED }, { ENDED })

    private fun threadSelect(name: String, select: QueueSelect<String>, done: (Any?) -> Unit) =
        add(buffer.notFull, threadActor(name, false, { select.awaitFirst(Parker.FOREVER, it)!!.get() }, done))

    /** A slot that is reserved, and later used for the element or given back. */
    fun reserve(element: String, isUsed: Boolean) {
        reserves = true
        selects = true
        var permit: Permit<String>? = null
        wait(
            "reserve for $element",
            buffer.notFull,
            thread = { ThreadWaiter(buffer.notFull, Permit(buffer)::tryLocked, it).await(Parker.FOREVER) },
            coroutine = { queue.async().reserve() },
        ) {
            @Suppress("UNCHECKED_CAST")
            permit = it as Permit<String>
        }
        actors += InstantActor("${if (isUsed) "use" else "close"} permit for $element", { permit != null }) {
            permit!!.use {
                if (isUsed) {
                    it.put(element)
                    accepted += element
                }
            }
        }
    }

    /** Waits for an element, and takes none. Others may take it first: then it waits on. */
    fun awaitNotEmpty() {
        val line = buffer.hasElement.line
        wait(
            "await not empty",
            line,
            thread = { ThreadWaiter(line, buffer::awaitElementLocked, it).await(Parker.FOREVER) },
            coroutine = { queue.async().awaitNotEmpty() },
        ) {}
        watching += actors.last()
    }

    /** Takes all that there is, whenever it is told that there is something. */
    fun takeWhenTold() = now("listen for elements") {
        queue.onNotEmpty(loop.asExecutor()) { generateSequence { queue.sync().poll() }.forEach { gone += it } }
        takesAll = true
    }

    /** Adds what there is room for, whenever it is told that there is some. */
    fun offerWhenTold(vararg elements: String) {
        untold += elements
        now("listen for room") {
            queue.onRoom(loop.asExecutor()) {
                while (untold.isNotEmpty() && queue.sync().offer(untold.first())) accepted += untold.removeFirst()
            }
            offersAll = true
        }
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

    /** In a rendezvous it passes by those who reserve. */
    fun poll() {
        mayLosePlaces = mayLosePlaces || (reserves && queue.capacity() == 0)
        now("poll") { queue.sync().poll()?.let { gone += it } }
    }

    fun takeAndFinish() = now("poll, taskDone") {
        queue.sync().poll()?.let {
            gone += it
            queue.sync().taskDone()
        }
    }

    fun remove(element: String) = now("remove $element") { if (queue.sync().remove(element)) gone += element }

    fun clear() = now("clear") {
        val before = queue.sync().toList()
        queue.sync().clear()
        gone += before - queue.sync().toSet()
    }

    /** Into a collection that takes only so many, and then throws. */
    fun drain(most: Int) = now("drain $most") {
        val target = java.util.concurrent.ArrayBlockingQueue<String>(most)
        runCatching { queue.sync().drainTo(target) }
        gone += target
    }

    fun capacity(capacity: Int) = now("capacity $capacity") { queue.capacity(capacity) }

    fun shutdownAfterPuts() = now("shutdownAfterPuts") {
        admitsWaitingPuts = !queue.isShutdown || admitsWaitingPuts
        queue.shutdownAfterPuts()
    }

    fun shutdown() = now("shutdown") {
        admitsWaitingPuts = false
        queue.shutdown()
    }

    fun shutdownNow() = now("shutdownNow") {
        admitsWaitingPuts = false
        gone += queue.shutdownNow()
    }

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
                threadActor(name, isTimed, thread, done)
            } else {
                CoroutineActor("$name (coroutine)", isTimed) { coroutine().also(done) }
            },
        )
    }

    private fun threadActor(name: String, isTimed: Boolean, thread: (Parker) -> Any?, done: (Any?) -> Unit): Actor {
        lateinit var actor: Actor
        actor = ThreadActor("$name (thread)", isTimed) { parker ->
            thread(parker).also {
                val before = gone.size
                done(it)
                val taken = gone.subList(before, gone.size)
                goneToThreads += actor to taken.toList()
                taken.clear()
            }
        }
        return actor
    }

    private fun waitAsCoroutine(name: String, line: WaitQueue, call: suspend () -> Any?, done: (Any?) -> Unit) {
        selects = true
        add(line, CoroutineActor(name, false) { call().also(done) })
    }

    /** The place of the loop among the woken callers cannot be seen from here. */
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
        }
        assertFalse(move == Move.GO_ON && actor.isWaiting && !mayWaitOn(actor)) { "woken for nothing" }
        checkFree()
        if (!mayLosePlaces) checkLine()
        actors.forEach(::checkOutcome)
    }

    /** The loop always waits on, and who gathers does so once. */
    private fun mayWaitOn(woken: Actor) =
        woken is LoopActor || woken in watching || (woken in gathering && wokenToGather.add(woken))

    /** Nobody waits for what is free, or for what has come to pass; and nothing is put where there is no room. */
    private fun checkFree() {
        val takes = buffer.notEmpty.waitingLocked()
        val puts = buffer.notFull.waitingLocked()
        val joins = buffer.allDone.waitingLocked()
        val ends = buffer.terminated.waitingLocked()
        val watches = buffer.hasElement.line.waitingLocked()
        val polled = if (buffer.capacity == 0) puts - buffer.notFull.waitingForGrant else 0
        val stats = queue.stats() // last: it is a step, too, and would wake those whom the step before it forgot
        assertConserved(stats)
        val slots = stats.capacity() + takes - stats.size() - stats.reservedSlots()
        val slotsOfTheirOwn = selfSelects.count { it.isWaiting }
        val freeOfWaits =
            (takes == 0 || (stats.size() == 0 && !stats.isTerminated)) &&
                (puts == 0 || (slots <= slotsOfTheirOwn && (!stats.isShutdown || admitsWaitingPuts))) &&
                (joins == 0 || stats.unfinishedTasks() > 0) &&
                (ends == 0 || !stats.isTerminated) &&
                (watching.isEmpty() || watches == 0 || (stats.size() == 0 && polled <= 0 && !stats.isTerminated))
        assertTrue(freeOfWaits) { "a caller waits although it need not: $stats" }
        val gathers = stats.isShutdown && stats.reservedElements() > 0 && gathering.any { it.isWaiting && !it.isWoken }
        assertFalse(gathers) { "a caller gathers although no more elements come: $stats" }
        // the element of a coroutine that gives up after it was woken goes back, and may find the queue full
        val mayGrow = givesBack || drops || selfSelects.isNotEmpty() ||
            actors.any { it.hasGivenUp && (selects || it !is ThreadActor || it in gathering) }
        assertTrue(mayGrow || stats.size() <= maxOf(stats.capacity(), size)) { "no room: $stats" }
        size = stats.size() + stats.reservedSlots()
    }

    /**
     * No caller waits behind one that came later and was woken. Who gathers has had its turn: until it ran, others were
     * served.
     */
    private fun checkLine() {
        for (one in waiting) {
            if (!one.actor.isWaiting || !one.actor.isWoken || one.actor.hasGivenUp || one.actor in watching) continue
            val overtaken = waiting.find {
                it.line === one.line && it.since in 1 until one.since && it.actor.isWaiting && !it.actor.isWoken &&
                    it.actor !in wokenToGather
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
        assertFalse(takesAll && queue.size() > 0) { "the listener for elements was not told: ${queue.stats()}" }
        assertFalse(offersAll && !queue.isShutdown && untold.isNotEmpty() && queue.sync().remainingCapacity() > 0) {
            "the listener for room was not told: ${queue.stats()}"
        }
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
        assertEquals(0, buffer.notEmpty.grants + buffer.notFull.grants, "grants that nobody will use")
        assertEquals(0, buffer.permits, "permits that have ended and are counted")
        assertEquals(0, queue.stats().leased() + queue.stats().delayed(), "leases that have ended and are counted")
        assertNothingPending(queue)
        assertTrue(queue.isTerminated) { "the queue does not end: ${queue.stats()}" }
        assertNothingPending(other)
        val goneSomewhere = gone + goneToThreads.flatMap { it.second }
        accepted += perhapsAccepted.intersect(goneSomewhere.toSet())
        assertEquals(accepted.sorted(), goneSomewhere.sorted(), "accepted, and gone somewhere")
        assertEquals(accepted.size.toLong(), queue.stats().accepted(), "accepted, by the queue's own count")
        if (!givesBack && !mayMixOrder) checkOrder()
    }

    /** What one producer has put in comes out in its order. */
    private fun checkOrder() {
        val inTurn = goneToThreads.sortedBy { (actor, _) -> waiting.first { it.actor === actor }.since }
        for (sequence in listOf(gone, inTurn.flatMap { it.second })) {
            sequence.groupBy { it.first() }.values.forEach { ofOne ->
                assertEquals(ofOne.sorted(), ofOne, "the elements of one producer, in the order in which they came out")
            }
        }
    }

    private companion object {
        const val ADDED = "added"
        const val ENDED = "ended"
    }
}
