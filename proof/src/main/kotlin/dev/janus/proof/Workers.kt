package dev.janus.proof

import dev.janus.QueueShutdownException
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import java.util.SplittableRandom
import java.util.concurrent.atomic.AtomicBoolean

/** Somebody who uses the queue until there is nothing more to do, and may be disturbed at any time. */
abstract class Worker(protected val stage: Stage, protected val side: Side, val name: String) {
    @Volatile
    var hasEnded = false
        protected set

    abstract fun start()

    /** Interrupts it, cancels it or closes it, wherever it is; it goes on, or is restarted, if there is more to do. */
    abstract fun disturb()

    open fun stackTrace(): List<StackTraceElement> = emptyList()

    protected fun fail(cause: Throwable) {
        stage.events.add(name, "failed", cause)
        stage.fail(cause)
        hasEnded = true
    }

    protected fun countRestart() =
        stage.tally.add(if (side == Side.PRODUCER) Count.RESTARTED_PRODUCERS else Count.RESTARTED_CONSUMERS)

    override fun toString() = name
}

/** A thread; each [step] is one call, or a few. */
class ThreadWorker(
    stage: Stage,
    side: Side,
    name: String,
    isVirtual: Boolean,
    private val selects: Boolean,
    private val step: () -> Unit,
) : Worker(stage, side, name) {
    private val thread: Thread =
        if (isVirtual) VirtualThreads.factory().newThread(::run) else Thread(::run).apply { isDaemon = true }

    override fun start() {
        thread.name = name
        thread.start()
    }

    override fun disturb() = thread.interrupt()

    override fun stackTrace() = thread.stackTrace.toList()

    private fun run() {
        try {
            do {
                val goesOn = !side.isOver(stage) && goesOn()
            } while (goesOn)
            hasEnded = true
        } catch (e: Throwable) {
            fail(e)
        }
    }

    private fun goesOn(): Boolean {
        try {
            step()
        } catch (_: InterruptedException) {
            stage.tally.add(Count.INTERRUPTS)
            stage.events.add(name, "interrupted")
        } catch (e: QueueShutdownException) {
            return !side.isEnd(stage, e, selects)
        }
        return true
    }
}

/** A coroutine. When it has ended because it was cancelled, it is restarted on the current loop. */
class CoroutineWorker(
    stage: Stage,
    side: Side,
    name: String,
    private val loop: LoopKind,
    private val selects: Boolean,
    private val random: SplittableRandom,
    private val step: suspend () -> Unit,
) : Worker(stage, side, name) {
    @Volatile
    private var job: Job = Job()

    @Volatile
    private var doing = "nothing"

    override fun start() {
        doing = "starting"
        val begun = CoroutineScope(stage.loops[loop]).launch(start = CoroutineStart.LAZY) { run() }
        job = begun
        begun.invokeOnCompletion(::ended)
        begun.start()
    }

    override fun disturb() = job.cancel()

    private suspend fun run() {
        try {
            breathe()
            while (!side.isOver(stage) && goesOn()) {
                if (random.nextInt(BREATH) == 0) breathe()
            }
        } catch (e: CancellationException) {
            throw e
        } catch (e: Throwable) {
            fail(e)
        }
    }

    private suspend fun goesOn(): Boolean {
        doing = "calling"
        try {
            step()
        } catch (e: QueueShutdownException) {
            return !side.isEnd(stage, e, selects)
        }
        return true
    }

    override fun toString() = "$name, $doing, $job"

    /** Lets others run; an unconfined coroutine leaves the thread that woke it. */
    private suspend fun breathe() {
        doing = "breathing"
        if (loop == LoopKind.UNCONFINED) withContext(Dispatchers.Default) {} else yield()
    }

    private fun ended(cause: Throwable?) = try {
        doing = "ending, $cause"
        when {
            hasEnded -> Unit
            cause == null -> hasEnded = true
            else -> beginAnew()
        }
    } catch (e: Throwable) {
        fail(e)
    }

    private fun beginAnew() {
        stage.tally.add(Count.CANCELLATIONS)
        stage.events.add(name, "cancelled")
        if (side.isOver(stage)) {
            hasEnded = true
        } else {
            countRestart()
            start()
        }
    }

    private companion object {
        const val BREATH = 8
    }
}

/** A subscription, restarted when it was closed or its callback threw. */
class SubscribedWorker(stage: Stage, name: String, private val random: SplittableRandom, private val sight: Sight) :
    Worker(stage, Side.CONSUMER, name) {
    @Volatile
    private var turn = Turn()

    override fun start() = turn.begin()

    override fun disturb() = turn.disturb()

    private fun next() {
        if (side.isOver(stage)) {
            hasEnded = true
        } else {
            countRestart()
            turn = Turn()
            turn.begin()
        }
    }

    private fun onElement(element: Element) {
        if (random.nextInt(64) == 0 && stage.setup.end != End.SHUT_DOWN_NOW) { // which would leave the element to it
            stage.tally.add(Count.LEASES_GIVEN_BACK)
            throw PlannedException()
        }
        sight.take("callback", element)
    }

    private inner class Turn {
        private val isOver = AtomicBoolean()

        @Volatile
        private var subscription: AutoCloseable? = null

        fun begin() {
            subscription = stage.queue.async().subscribe(::onElement, ::onEnd)
        }

        fun disturb() {
            val begun = subscription ?: return
            if (isOver.compareAndSet(false, true)) {
                begun.close()
                stage.events.add(name, "closed")
                next()
            }
        }

        private fun onEnd(cause: Throwable?) {
            if (!isOver.compareAndSet(false, true)) return
            when (cause) {
                is PlannedException -> next()
                null -> hasEnded = true
                else -> fail(cause)
            }
        }
    }
}

/** Thrown by callbacks and collections, on purpose. */
class PlannedException : RuntimeException("planned", null, false, false)
