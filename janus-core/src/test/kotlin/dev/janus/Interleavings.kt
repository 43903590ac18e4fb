package dev.janus

import dev.janus.fixtures.SteppedDispatcher
import dev.janus.fixtures.failure
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors
import java.util.concurrent.Semaphore
import java.util.concurrent.TimeUnit

/** What somebody can be made to do next: begin, run after being woken, be interrupted or cancelled, have its time pass. */
internal enum class Move { BEGIN, GO_ON, GIVE_UP, TIME_OUT }

/** A caller that does nothing by itself: the test chooses each of its moves. */
internal abstract class Actor(val name: String) {
    var begun = false
        private set

    @Volatile
    var outcome: Result<Any?>? = null
        protected set

    val isOver get() = outcome != null
    val isWaiting get() = begun && !isOver

    /** Whether it was woken and has not run since. */
    abstract val isWoken: Boolean

    /** Whether something has ended its wait from outside. */
    var hasGivenUp = false
        private set

    open val moves: List<Move>
        get() =
            when {
                !begun -> listOf(Move.BEGIN)
                isOver -> emptyList()
                else -> waysOn()
            }

    protected abstract fun waysOn(): List<Move>

    fun make(move: Move) {
        begun = true
        hasGivenUp = hasGivenUp || move == Move.GIVE_UP || move == Move.TIME_OUT
        run(move)
    }

    protected abstract fun run(move: Move)
}

/** A call that does not wait, possible once [ready]. */
internal class InstantActor(name: String, private val ready: () -> Boolean, private val call: () -> Unit) :
    Actor(name) {
    override val isWoken get() = false
    override val moves get() = if (ready()) super.moves else emptyList()

    override fun waysOn() = emptyList<Move>()

    override fun run(move: Move) {
        outcome = runCatching(call)
    }
}

/** A call of a coroutine, on a dispatcher of its own that runs it only in its moves. */
internal class CoroutineActor(name: String, private val isTimed: Boolean, private val call: suspend () -> Any?) :
    Actor(name) {
    private val dispatcher = SteppedDispatcher()
    private lateinit var job: Job

    override val isWoken get() = dispatcher.hasTask

    override fun waysOn() = listOfNotNull(
        Move.GO_ON.takeIf { dispatcher.hasTask },
        Move.GIVE_UP.takeUnless { hasGivenUp },
        Move.TIME_OUT.takeIf { isTimed && !hasGivenUp },
    )

    override fun run(move: Move) = when (move) {
        Move.BEGIN -> {
            job =
                CoroutineScope(dispatcher).launch(start = CoroutineStart.UNDISPATCHED) {
                    outcome =
                        runCatching { call() }
                }
        }

        Move.GO_ON -> dispatcher.runAll()

        Move.GIVE_UP -> job.cancel()

        Move.TIME_OUT -> dispatcher.passTime()
    }
}

/** A call of a thread, which runs only in its moves: it waits at a gate that decides when, and as what, it goes on. */
internal class ThreadActor(name: String, private val isTimed: Boolean, private val call: (Parker) -> Any?) :
    Actor(name) {
    private val mayRun = Semaphore(0)
    private val rests = Semaphore(0)
    private var next = Move.BEGIN

    private val gate =
        object : Parker() {
            var woken = false

            override fun wake() {
                woken = true
            }

            override fun await(nanos: Long): Boolean {
                rests.release()
                mayRun.acquireUninterruptibly()
                if (next == Move.GIVE_UP) throw InterruptedException()
                return next == Move.GO_ON && woken.also { woken = false }
            }
        }

    override val isWoken get() = gate.woken

    override fun waysOn() = listOfNotNull(
        Move.GO_ON.takeIf { gate.woken },
        Move.GIVE_UP.takeUnless { hasGivenUp },
        Move.TIME_OUT.takeIf { isTimed && !hasGivenUp },
    )

    override fun run(move: Move) {
        next = move
        if (move == Move.BEGIN) {
            threads.execute {
                val result = runCatching { call(gate) }
                Thread.interrupted() // a call that was interrupted and is done all the same leaves the mark on
                outcome = result
                rests.release()
            }
        } else {
            mayRun.release()
        }
        check(rests.tryAcquire(20, TimeUnit.SECONDS)) { "$name neither waits at its gate nor ends after $move" }
    }

    private companion object {
        val threads: ExecutorService = Executors.newCachedThreadPool { Thread(it).apply { isDaemon = true } }
    }
}

/** A future, which may be cancelled. What it waits for is done on the loop. */
internal class FutureActor(
    name: String,
    private val call: () -> CompletableFuture<*>,
    private val done: (Any?) -> Unit,
) : Actor(name) {
    private lateinit var future: CompletableFuture<*>

    override val isWoken get() = false

    override fun waysOn() = if (hasGivenUp) emptyList() else listOf(Move.GIVE_UP)

    override fun run(move: Move) {
        if (move == Move.BEGIN) {
            future = call()
            future.whenComplete { value, failure ->
                if (failure == null) done(value)
                outcome = if (failure == null) Result.success(value) else Result.failure(failure)
            }
        } else {
            future.cancel(true)
        }
    }
}

/** The loop of the queue, which runs what was dispatched to it when it is told to. */
internal class LoopActor(private val loop: SteppedDispatcher) : Actor("loop") {
    override val isWoken get() = false
    override val moves get() = if (loop.hasTask) listOf(Move.GO_ON) else emptyList()

    override fun waysOn() = emptyList<Move>()

    override fun run(move: Move) {
        loop.runAll()
        outcome = Result.success(Unit)
    }
}

/** A queue and its callers, new for every run. */
internal interface Scene {
    val actors: List<Actor>

    /** Called after every move, with its actor. */
    fun checkStep(actor: Actor, move: Move)

    /** Called when nobody has to move any more: ends the queue, and everybody. */
    fun checkEnd()
}

/**
 * Runs a scene again and again, until every sequence of moves has been run. What two moves do is under one lock, or
 * nobody else's business: so these are all interleavings that there are, up to the order of what does not meet.
 */
internal class Explorer(private val makeScene: () -> Scene, private val mostGivingUp: Int) {
    private class Choice(val options: Int) {
        var taken = 0
    }

    private val path = ArrayList<Choice>()

    /** How many runs there were. */
    fun explore(): Int {
        var runs = 0
        do {
            run(makeScene())
            runs++
        } while (hasAnotherPath())
        return runs
    }

    private fun run(scene: Scene) {
        val story = ArrayList<String>()
        try {
            var depth = 0
            while (true) {
                val (actor, move) = choose(options(scene), depth++) ?: break
                story += "${actor.name}: $move"
                actor.make(move)
                scene.checkStep(actor, move)
            }
            story += "end"
            scene.checkEnd()
        } catch (e: Throwable) {
            throw AssertionError("$e, after $story", e)
        }
    }

    private fun options(scene: Scene): List<Pair<Actor, Move>> {
        val mayGiveUp = scene.actors.count { it.hasGivenUp } < mostGivingUp
        return scene.actors.flatMap { actor ->
            actor.moves.filter { mayGiveUp || it < Move.GIVE_UP }.map { actor to it }
        }
    }

    /** Null to end: nobody has to move, though some might give up. */
    private fun choose(options: List<Pair<Actor, Move>>, depth: Int): Pair<Actor, Move>? {
        val mayEnd = options.none { it.second < Move.GIVE_UP }
        if (depth == path.size) path += Choice(options.size + if (mayEnd) 1 else 0)
        return options.getOrNull(path[depth].taken)
    }

    private fun hasAnotherPath(): Boolean {
        while (path.isNotEmpty() && path.last().taken + 1 == path.last().options) path.removeLast()
        path.lastOrNull()?.let { it.taken++ }
        return path.isNotEmpty()
    }
}
