package dev.janus

import dev.janus.fixtures.Running
import dev.janus.fixtures.SteppedDispatcher
import dev.janus.fixtures.asRunning
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.failure
import dev.janus.fixtures.inThread
import dev.janus.fixtures.isIn
import dev.janus.fixtures.running
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.channels.BufferOverflow
import kotlinx.coroutines.selects.select
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import java.util.concurrent.ArrayBlockingQueue
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit.DAYS
import java.util.concurrent.TimeUnit.MILLISECONDS
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.locks.ReentrantLock

/**
 * An Error is thrown while the lock is being taken, on any way in or out: that call may fail, but no other caller loses its
 * turn. Each test runs until every call of lock() has failed once, each in a run of its own.
 */
internal class LockErrorTest {
    @ParameterizedTest
    @EnumSource
    fun served(call: LockedCall) = forEveryLock(call) { it.supply() }

    @ParameterizedTest
    @EnumSource
    fun givesUp(call: LockedCall) = forEveryLock(call) { it.giveUpFirst() }

    @ParameterizedTest
    @EnumSource
    fun givesUpAfterItWasServed(call: LockedCall) = forEveryLock(call) {
        it.supply()
        it.giveUpFirst()
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_ANY, names = ["TIMED_.*"])
    fun timesOut(call: LockedCall) = forEveryLock(call, millis = 5) { it.passTime() }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_ANY, names = ["TIMED_.*"])
    fun timesOutAfterItWasServed(call: LockedCall) = forEveryLock(call, millis = 5) {
        it.supply()
        it.passTime()
    }

    @ParameterizedTest
    @EnumSource
    fun shutDown(call: LockedCall) = forEveryLock(call) { it.shutDown() }

    @ParameterizedTest
    @EnumSource
    fun servedAndShutDown(call: LockedCall) = forEveryLock(call) {
        it.supply()
        it.shutDown()
    }

    @Test
    fun drainFails_placesAndElementsComeBack() = forEveryLock(3) { scene ->
        val target = ArrayBlockingQueue<Int>(1)
        scene.fill(3)
        scene.step { scene.queue.sync().drainTo(target) }
    }

    @Test
    fun leaseClosed_elementComesBack() = forEveryLock(1) { scene ->
        scene.fill(1)
        scene.step { scene.queue.sync().takeLease().close() }
    }

    @Test
    fun subscriber_endsAndLeavesNothing() = forEveryLock(3) { scene ->
        val ends = AtomicInteger()
        scene.step {
            scene.queue.async().subscribe({ if (it == 1) error("enough") }, { ends.incrementAndGet() })
        }
        scene.fill(3)
        scene.run()
        assertTrue(scene.failures.get() > 0 || ends.get() == 1, "the subscriber was not told: $ends")
    }

    @Test
    fun futureCompletedByForce_elementComesBack() = forEveryLock(1) { scene ->
        lateinit var future: CompletableFuture<Int>
        scene.step {
            future = scene.queue.async().receiveAsync()
            future.obtrudeValue(-1)
        }
        scene.fill(1)
        scene.run()
    }

    private fun forEveryLock(call: LockedCall, millis: Long = DAYS.toMillis(1), event: (LockScene) -> Unit) {
        for (capacity in if (call.isPassedBy) 1..1 else 0..1) {
            forEveryLock(capacity, call.isFuture) { scene ->
                if (!call.takes) scene.fill(capacity)
                scene.takes = call.takes
                scene.begin { call.begin(scene, 1, millis) }
                scene.begin { call.begin(scene, 2, millis) }
                scene.beginBystander()
                event(scene)
                scene.awaitAll()
            }
        }
    }

    private fun forEveryLock(capacity: Int, bound: Boolean = true, test: (LockScene) -> Unit) {
        var n = 0
        do {
            val scene = LockScene(++n, capacity, bound)
            try {
                test(scene)
                scene.check()
            } catch (e: Throwable) {
                throw AssertionError("lock $n of a queue of $capacity: $e; ${scene.queue.stats()}", e)
            }
        } while (scene.lock.hasFailed)
        assertTrue(n > 1, "the lock never failed")
    }
}

internal class LockError : Error("no lock")

/** A lock that cannot be taken the nth time: `tryLock` says no to that thread, and `lock` throws, once. */
internal class FailingLock(n: Int) : ReentrantLock() {
    private val left = AtomicInteger(n)
    val hasFailed get() = left.get() <= 0

    @Volatile
    private var refused: Thread? = null

    @Volatile
    var isOver = false

    override fun tryLock(): Boolean {
        if (!isOver && left.decrementAndGet() == 0) refused = Thread.currentThread()
        return refused != Thread.currentThread() && super.tryLock()
    }

    override fun lock() {
        if (refused == Thread.currentThread()) {
            refused = null
            throw LockError()
        }
        super.lock()
    }
}

internal enum class LockedCall(
    val takes: Boolean,
    private val thread: ((LockScene, Int, Long) -> Any?)? = null,
    private val future: ((LockScene, Int) -> CompletableFuture<*>)? = null,
    private val coroutine: suspend (LockScene, Int, Long) -> Any? = { _, _, _ -> },
) {
    TAKE(true, thread = { scene, _, _ -> scene.sync.take() }),
    TIMED_POLL(true, thread = { scene, _, millis -> scene.sync.poll(millis, MILLISECONDS) }),
    TAKE_BATCH(true, thread = { scene, _, _ -> scene.sync.takeBatch(2) }),
    TAKE_LEASE(true, thread = { scene, _, _ -> scene.sync.takeLease().apply { done() } }),
    QUEUE_SELECT(true, thread = { scene, _, _ ->
        QueueSelect.first(scene.other) { it }.or(scene.queue) { it }.select()
    }),
    TIMED_POLL_LEASE(true, thread = { scene, _, millis ->
        scene.sync.pollLease(millis, MILLISECONDS)?.apply { done() }
    }),
    TAKE_LEASE_BATCH(true, thread = { scene, _, _ -> scene.sync.takeLeaseBatch(2).use { it.done() } }),
    AWAIT_NOT_EMPTY(true, thread = { scene, _, _ -> scene.sync.awaitNotEmpty() }),
    RESERVE(false, thread = { scene, element, _ -> scene.sync.reserve().use { it.put(element) } }),
    TIMED_RESERVE(false, thread = { scene, element, millis ->
        scene.sync.reserve(millis, MILLISECONDS)?.use { it.put(element) }
    }),
    QUEUE_SELECT_PUT(false, thread = { scene, element, _ ->
        QueueSelect.first(scene.other) { it }.orPut(scene.queue, element) { element }.select()
    }),
    PUT(false, thread = { scene, element, _ -> scene.sync.put(element) }),
    TIMED_OFFER(false, thread = { scene, element, millis -> scene.sync.offer(element, millis, MILLISECONDS) }),
    PUT_ALL(false, thread = { scene, element, _ -> scene.sync.putAll(listOf(element, element)) }),

    RECEIVE_ASYNC(true, future = { scene, _ -> scene.async.receiveAsync() }),
    SEND_ASYNC(false, future = { scene, element -> scene.async.sendAsync(element) }),

    RECEIVE(true, coroutine = { scene, _, _ -> scene.async.receive() }),
    TIMED_RECEIVE(true, coroutine = { scene, _, millis -> scene.async.receive(millis, MILLISECONDS) }),
    RECEIVE_BATCH(true, coroutine = { scene, _, _ -> scene.async.receiveBatch(2) }),
    RECEIVE_LEASE(true, coroutine = { scene, _, _ -> scene.async.receiveLease().apply { done() } }),
    SELECT_RECEIVE(true, coroutine = { scene, _, _ ->
        select {
            scene.async.onReceive { it }
            scene.other.async().onReceive { it }
        }
    }),
    TIMED_RECEIVE_LEASE(true, coroutine = { scene, _, millis ->
        scene.async.receiveLease(millis, MILLISECONDS)?.apply { done() }
    }),
    RECEIVE_LEASE_BATCH(true, coroutine = { scene, _, _ -> scene.async.receiveLeaseBatch(2).use { it.done() } }),
    SUSPENDING_AWAIT_NOT_EMPTY(true, coroutine = { scene, _, _ -> scene.async.awaitNotEmpty() }),
    SUSPENDING_RESERVE(false, coroutine = { scene, element, _ -> scene.async.reserve().use { it.put(element) } }),
    TIMED_SUSPENDING_RESERVE(false, coroutine = { scene, element, millis ->
        scene.async.reserve(millis, MILLISECONDS)?.use { it.put(element) }
    }),
    SEND(false, coroutine = { scene, element, _ -> scene.async.send(element) }),
    TIMED_SEND(false, coroutine = { scene, element, millis -> scene.async.send(element, millis, MILLISECONDS) }),
    SEND_ALL(false, coroutine = { scene, element, _ -> scene.async.sendAll(listOf(element, element)) }),
    SELECT_SEND(false, coroutine = { scene, element, _ ->
        select {
            scene.async.onSend(element) { }
            scene.other.async().onReceive { it }
        }
    }),
    ;

    val isFuture get() = future != null

    /** Whether a poll or an offer passes it by in a rendezvous: it is granted a slot first, or takes nothing. */
    val isPassedBy get() =
        name in setOf("SELECT_SEND", "QUEUE_SELECT_PUT") || "RESERVE" in name || "AWAIT_NOT_EMPTY" in name

    fun begin(scene: LockScene, element: Int, millis: Long): LockScene.Caller = when {
        thread != null -> scene.thread { thread(scene, element, millis) }
        future != null -> scene.future(future(scene, element))
        else -> scene.coroutine { coroutine(scene, element, millis) }
    }
}

/** A queue whose lock fails once, and those who call it. All but the threads runs when the test says so. */
internal class LockScene(n: Int, capacity: Int, bound: Boolean) {
    class Caller(val running: Running<Any?>, val giveUp: () -> Unit)

    val lock = FailingLock(n)
    private val loop = SteppedDispatcher()
    val queue = JanusQueue(
        Buffer<Int>(ElementStore.fifo(), capacity, BufferOverflow.SUSPEND, null, Leases.Settings.none(), true, lock),
        BoundDispatcher(loop.takeIf { bound }, false, BlockingGuard.allow()),
        null,
    )
    val other = JanusQueue.unbounded<Int>()
    val sync = queue.sync()
    val async = queue.async()
    var takes = true

    /** How often somebody has seen the Error, and he may. */
    val failures = AtomicInteger()
    private val callers = ArrayList<Caller>()
    private var elements = 0
    private var isShutDown = false

    /** Does what the Error may strike. */
    fun <T> step(block: () -> T): T? = try {
        block()
    } catch (_: LockError) {
        failures.incrementAndGet()
        null
    } catch (_: IllegalStateException) {
        null // a target that is full
    }

    /** Does what must be done, again if the Error struck. */
    private fun surely(block: () -> Unit) {
        val before = failures.get()
        step(block)
        if (failures.get() > before) block()
    }

    fun fill(count: Int) = repeat(count) {
        val element = elements++
        surely { sync.offer(element) }
    }

    fun supply() {
        surely {
            if (takes) sync.offer(elements++) else sync.poll()
        }
    }

    fun run() = step { loop.runAll() }

    fun passTime() {
        step { loop.passTime() }
    }

    fun shutDown() {
        isShutDown = true
        surely { queue.shutdown() }
        other.shutdown()
    }

    fun giveUpFirst() {
        step { callers.first().giveUp() }
    }

    fun begin(call: () -> Caller) {
        val caller = call()
        callers += caller
        awaitUntil("it waits") { run().let { caller.running.isOver || caller.isParked } }
    }

    fun beginBystander() {
        val caller = coroutine { if (takes) async.receive() else async.send(100) }
        run()
        callers += caller
    }

    private val Caller.isParked get() =
        runCatching { running.thread }.getOrNull()?.let {
            it.state.name.endsWith("WAITING") && it.isIn(Parker::class.java, "await")
        } ?: true

    fun thread(call: () -> Any?): Caller = inThread(call).let { Caller(it, it.thread::interrupt) }

    fun coroutine(call: suspend () -> Any?): Caller =
        CoroutineScope(loop).running(call).let { Caller(it, it.job::cancel) }

    fun future(future: CompletableFuture<*>): Caller = Caller(future.asRunning()) { future.cancel(false) }

    /** Others supply what they wait for, until all have ended. */
    fun awaitAll() {
        awaitUntil("the end of all calls", {
            run()
            if (!isShutDown && callers.none { !it.running.isOver && !it.isParked }) supply()
            Thread.yield()
        }) { callers.all { it.running.isOver } }
    }

    fun check() {
        lock.isOver = true
        run()
        for (caller in callers) {
            when (val failure = caller.running.failure()) {
                null -> {}
                is LockError -> failures.incrementAndGet()
                is QueueShutdownException -> assertTrue(isShutDown, "$failure")
                is InterruptedException, is CancellationException -> assertTrue(caller === callers.first(), "$failure")
                else -> throw failure
            }
        }
        assertTrue(failures.get() <= 1, "more than one has seen the Error: $failures")
        assertNothingPending(queue)
        assertNothingPending(other)
        assertEquals(0, queue.stats().leased(), "${queue.stats()}")
    }
}
