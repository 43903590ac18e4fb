package dev.janus.kotlin

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.Runnable
import kotlinx.coroutines.cancel
import kotlinx.coroutines.isActive
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.TimeUnit
import kotlin.coroutines.CoroutineContext
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

/** A scope on the test's dispatcher that fails and is cancelled by itself. */
fun TestScope.newScope() = CoroutineScope(StandardTestDispatcher(testScheduler) + Job())

/** Nothing runs in the scope any more, and it has not failed. It is cancelled then. */
fun assertIdle(scope: CoroutineScope) {
    assertTrue(scope.isActive, "expected the scope not to be cancelled")
    assertEquals(emptyList<Job>(), scope.coroutineContext.job.children.toList(), "what runs in the scope")
    scope.cancel()
}

/** Begins a coroutine. */
fun <T> CoroutineScope.running(block: suspend () -> T): Running<T> {
    val running = Running<T>()
    running.job = launch { running.end(runCatching { block() }) }
    return running
}

/** Begins a coroutine and lets it, and what else can run, run as far as it gets. */
@OptIn(ExperimentalCoroutinesApi::class)
fun <T> TestScope.begin(block: suspend () -> T): Running<T> = running(block).also { runCurrent() }

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

    override fun dispatch(context: CoroutineContext, block: Runnable) {
        tasks.add(block)
    }

    /** Runs everything, also what is dispatched meanwhile. */
    fun runAll() = generateSequence { tasks.poll() }.forEach { it.run() }
}

/** Waits, without sleeping, until the [state] is reached. */
fun awaitState(what: String, state: () -> Boolean) {
    val deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20)
    while (!state()) {
        assertTrue(System.nanoTime() < deadline) { "not reached in 20 seconds: $what" }
        Thread.yield()
    }
}
