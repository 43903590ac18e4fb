package dev.janus

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.Runnable
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.TimeUnit
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.startCoroutine
import kotlin.time.Duration.Companion.seconds

/** Something that the test has begun, in a coroutine or in a thread, and how it ended. */
class Running<T> {
    @Volatile
    private var outcome: Result<T>? = null

    /** The coroutine, if it is one. */
    lateinit var job: Job

    /** The thread, if it is one. */
    lateinit var thread: Thread

    val isOver get() = outcome != null

    /** What it returned; fails if it threw or goes on. */
    val value: T get() = over().getOrThrow()

    fun assertGoesOn() = assertNull(outcome, "expected it to be waiting still")

    inline fun <reified X : Throwable> assertThrew(): X = assertInstanceOf(X::class.java, failure())

    fun failure(): Throwable? = over().exceptionOrNull()

    /** Waits for a thread, or a coroutine that runs elsewhere. */
    fun await(): Running<T> = apply { awaitState("the end of what was begun") { isOver } }

    fun end(outcome: Result<T>) {
        this.outcome = outcome
    }

    private fun over(): Result<T> = checkNotNull(outcome) { "expected it to be over, but it is waiting still" }
}

/** A test in virtual time, with more real time than `runTest` gives: the machine may be busy. */
fun inVirtualTime(test: suspend TestScope.() -> Unit) = runTest(timeout = 50.seconds, testBody = test)

/** Begins a coroutine. */
fun <T> CoroutineScope.running(block: suspend () -> T): Running<T> {
    val running = Running<T>()
    running.job = launch { running.end(runCatching { block() }) }
    return running
}

/** Begins a coroutine and lets it, and what else can run, run as far as it gets. */
@OptIn(ExperimentalCoroutinesApi::class)
fun <T> TestScope.begin(block: suspend () -> T): Running<T> = running(block).also { runCurrent() }

/** Whether the [block] comes to its end before it suspends for the first time. */
fun CoroutineScope.returnsWithoutSuspending(block: suspend () -> Unit): Boolean {
    var returned = false
    launch(start = CoroutineStart.UNDISPATCHED) {
        block()
        returned = true
    }
    return returned
}

/** Begins a thread. */
fun <T> inThread(block: () -> T): Running<T> {
    val running = Running<T>()
    val thread = Thread { running.end(runCatching(block)) }
    running.thread = thread
    thread.isDaemon = true
    thread.start()
    return running
}

/** Runs what was dispatched to it when the test says so, on the test's thread, and never else. */
class ManualDispatcher : CoroutineDispatcher() {
    private val tasks = ConcurrentLinkedQueue<Runnable>()

    @Volatile
    private var runner: Thread? = null

    override fun dispatch(context: CoroutineContext, block: Runnable) {
        tasks.add(block)
    }

    /** Whether this thread is just running tasks of this dispatcher. */
    fun isRunning() = runner == Thread.currentThread()

    /** Runs everything, also what is dispatched meanwhile. */
    fun runAll() {
        runner = Thread.currentThread()
        generateSequence { tasks.poll() }.forEach { it.run() }
        runner = null
    }

    /** Begins a coroutine and runs it as far as it gets. */
    fun <T> begin(block: suspend () -> T): Running<T> = CoroutineScope(this).running(block).also { runAll() }
}

/** Begins a coroutine with the bare means of the language: its context is just this one, without a job. */
fun <T> beginRaw(context: CoroutineContext = EmptyCoroutineContext, block: suspend () -> T): CompletableFuture<T> {
    val result = CompletableFuture<T>()
    block.startCoroutine(
        Continuation(context) { outcome ->
            outcome.fold(result::complete, result::completeExceptionally)
        },
    )
    return result
}

/** What goes to this thread's handler of uncaught exceptions meanwhile. */
fun reportedWhile(step: () -> Unit): List<Throwable> {
    val reported = ArrayList<Throwable>()
    val thread = Thread.currentThread()
    thread.setUncaughtExceptionHandler { _, e -> reported += e }
    try {
        step()
    } finally {
        thread.uncaughtExceptionHandler = null
    }
    return reported
}

/** Waits, without sleeping, until the [state] is reached; [pump] may help it on. */
fun awaitState(what: String, pump: () -> Unit = Thread::yield, state: () -> Boolean) {
    val deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20)
    while (!state()) {
        assertTrue(System.nanoTime() < deadline) { "not reached in 20 seconds: $what" }
        pump()
    }
}

/** What must hold when everything that a test has begun is over. */
fun assertNothingPending(queue: JanusQueue<*>) {
    val stats = queue.stats()
    val pending =
        with(stats) {
            listOf(waitingTakeThreads(), waitingTakeCoroutines(), waitingPutThreads(), waitingPutCoroutines()) +
                listOf(waitingJoins(), reservedElements(), reservedSlots())
        }
    assertEquals(List(pending.size) { 0 }, pending) { "somebody still waits or holds a grant: $stats" }
    assertEquals(stats.accepted(), stats.run { taken() + removed() + dropped() + size() }) { "lost or doubled: $stats" }
    assertTrue(stats.unfinishedTasks() >= stats.size()) { "what is in the queue is not done: $stats" }
    assertEquals(queue.sync().count(), stats.size()) { "the count differs from the contents: $stats" }
}
