package dev.janus.queue

import dev.janus.JanusQueue
import dev.janus.QueueShutdownException
import dev.janus.SyncQueue
import dev.janus.fixtures.Running
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.begin
import dev.janus.fixtures.failure
import dev.janus.fixtures.inThread
import dev.janus.fixtures.inVirtualTime
import dev.janus.fixtures.reportedWhile
import dev.janus.fixtures.running
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.selects.select
import kotlinx.coroutines.test.runCurrent
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import org.junit.jupiter.params.provider.ValueSource
import java.util.concurrent.ExecutionException
import java.util.concurrent.TimeUnit.HOURS
import java.util.concurrent.TimeUnit.SECONDS

/** The end for producers that are done: newcomers are refused, puts in line get in. */
@OptIn(ExperimentalCoroutinesApi::class)
class ShutdownAfterPutsTest {
    private val cause = RuntimeException("the source")
    private val queues = ArrayList<JanusQueue<*>>()

    private fun checked(queue: JanusQueue<Int>) = queue.also { queues += it }

    /** Has no room, whatever its capacity. */
    private fun full(capacity: Int) = checked(JanusQueue.fifo(capacity)).also { queue ->
        repeat(capacity) { queue.sync().add(0) }
    }

    @AfterEach
    fun nothingIsPending() = queues.forEach(::assertNothingPending)

    /** A put that waits, or is refused. */
    enum class PutKind(val begin: (JanusQueue<Int>, Int) -> Running<*>) {
        PUT({ queue, element -> inThread { queue.sync().put(element) } }),
        TIMED_OFFER({ queue, element -> inThread { check(queue.sync().offer(element, 1, HOURS)) } }),
        PUT_ALL({ queue, element -> inThread { queue.sync().putAll(listOf(element)) } }),
        SEND({ queue, element -> default { queue.async().send(element) } }),
        TIMED_SEND({ queue, element -> default { check(queue.async().send(element, 1, HOURS)) } }),
        SEND_ALL({ queue, element -> default { queue.async().sendAll(listOf(element)) } }),
        ON_SEND({ queue, element -> default { select { queue.async().onSend(element) { } } } }),
        VIEW({ queue, element -> default { queue.async().asSendChannel().send(element) } }),
        SEND_ASYNC({ queue, element ->
            Running<Unit>().also { running ->
                queue.async().sendAsync(element).whenComplete { _, e ->
                    running.end(if (e == null) Result.success(Unit) else Result.failure(e))
                }
            }
        }),
        ;

        fun beginAndWait(queue: JanusQueue<Int>, element: Int): Running<*> {
            fun waiting() = queue.stats().run { waitingPutThreads() + waitingPutCoroutines() }
            val before = waiting()
            return begin(queue, element).also { awaitUntil("$this waits") { waiting() == before + 1 } }
        }
    }

    // Newcomers

    @ParameterizedTest
    @EnumSource
    fun newcomer_roomOrNot_isRefused(kind: PutKind) {
        for (queue in listOf(checked(JanusQueue.fifo(1)), full(1), full(0))) {
            queue.shutdownAfterPuts(cause)
            val failure = kind.begin(queue, 1).await().failure()!!
            when (kind) {
                PutKind.TIMED_OFFER, PutKind.TIMED_SEND -> assertTrue(failure is IllegalStateException, "$failure")

                PutKind.VIEW -> assertTrue(failure === cause || failure.cause === cause, "$failure")

                else -> {
                    assertTrue(failure is QueueShutdownException, "$failure")
                    assertTrue(generateSequence(failure) { it.cause }.any { it === cause }, "$failure")
                }
            }
        }
    }

    @Test
    fun newcomer_whileOthersWait_isRefusedAndCallsThatTryReturnFalse() {
        val queue = full(1)
        val waiting = PutKind.PUT.beginAndWait(queue, 1)
        queue.shutdownAfterPuts()
        assertFalse(queue.sync().offer(9))
        assertFalse(queue.sync().offer(9, 1, HOURS))
        assertFalse(queue.async().trySend(9))
        assertThrows(QueueShutdownException::class.java) { queue.sync().put(9) }
        assertThrows(QueueShutdownException::class.java) { queue.sync().add(9) }
        assertTrue(queue.async().sendAsync(9).isCompletedExceptionally)
        waiting.assertGoesOn()
        assertEquals(listOf(0, 1), queue.sync().untilShutdown().toList())
        waiting.await().value
    }

    @ParameterizedTest
    @ValueSource(booleans = [false, true])
    fun sendAsync_afterwards_failsBoundOrNot(bound: Boolean) {
        val builder = JanusQueue.builder<Int>().capacity(1)
        val queue = checked((if (bound) builder.boundTo(Dispatchers.Default) else builder).build())
        queue.shutdownAfterPuts(cause)
        val failure = assertThrows(ExecutionException::class.java) { queue.async().sendAsync(1).get(20, SECONDS) }
        assertTrue(failure.cause is QueueShutdownException, "$failure")
        assertSame(cause, failure.cause?.cause)
    }

    @Test
    fun sendAsync_inLineOfABoundQueue_getsIn() {
        val queue = checked(JanusQueue.builder<Int>().capacity(1).boundTo(Dispatchers.Default).build())
        val sends = (0..200).map { queue.async().sendAsync(it) }
        queue.shutdownAfterPuts()
        assertEquals((0..200).toList(), queue.sync().untilShutdown().toList())
        sends.forEach { it.get(20, SECONDS) }
        assertTrue(queue.isTerminated)
    }

    // Puts in line

    @ParameterizedTest
    @EnumSource
    fun put_inLine_getsInThenTheQueueTerminates(kind: PutKind) {
        for (capacity in listOf(0, 1, 3)) {
            val queue = full(capacity)
            val puts = (1..3).map { kind.beginAndWait(queue, it) }
            queue.shutdownAfterPuts()
            assertTrue(queue.isShutdown)
            assertFalse(queue.isTerminated)
            puts.forEach { it.assertGoesOn() }
            val got = queue.sync().untilShutdown().toList()
            // Selects are woken in their order, and each puts in when it runs.
            assertEquals(List(capacity) { 0 } + listOf(1, 2, 3), if (kind == PutKind.ON_SEND) got.sorted() else got)
            puts.forEach { it.await().value }
            assertTrue(queue.isTerminated)
            assertTrue(queue.sync().awaitTermination(20, SECONDS))
        }
    }

    @ParameterizedTest
    @ValueSource(ints = [0, 1, 2])
    fun puts_ofAllKindsInLine_getInInTheirOrder(capacity: Int) {
        val queue = full(capacity)
        val kinds = PutKind.entries + PutKind.entries.reversed()
        val puts = kinds.mapIndexed { i, kind -> kind.beginAndWait(queue, i + 1) }
        queue.shutdownAfterPuts()
        val got = inThread { queue.sync().untilShutdown().toList() }.await().value
        puts.forEach { it.await().value }
        // A select is granted its place, and fills it when it runs: it may come after those behind it.
        val selects = kinds.indices.filter { kinds[it] == PutKind.ON_SEND }.map { it + 1 }
        assertEquals(List(capacity) { 0 } + (1..kinds.size), got.sorted())
        assertEquals((1..kinds.size) - selects.toSet(), got.filter { it > 0 && it !in selects })
        assertTrue(queue.isTerminated)
    }

    @ParameterizedTest
    @ValueSource(ints = [0, 1, 2])
    fun putAll_partlyIn_getsInAsAWhole(capacity: Int) {
        val queue = checked(JanusQueue.fifo(capacity))
        val putAll = inThread { queue.sync().putAll((1..5).toList()) }
        awaitUntil("it waits") { queue.stats().waitingPutThreads() == 1 }
        val sendAll = default { queue.async().sendAll((6..10).toList()) }
        awaitUntil("both wait") { queue.stats().waitingPutCoroutines() == 1 }
        queue.shutdownAfterPuts()
        assertEquals((1..10).toList(), queue.sync().untilShutdown().toList())
        putAll.await().value
        sendAll.await().value
        assertTrue(queue.isTerminated)
    }

    @ParameterizedTest
    @ValueSource(ints = [0, 1])
    fun poll_putsInLine_takesThemAll(capacity: Int) {
        val queue = full(capacity)
        val puts = (1..3).map { PutKind.SEND.beginAndWait(queue, it) }
        queue.shutdownAfterPuts()
        assertEquals(List(capacity) { 0 } + listOf(1, 2, 3), List(capacity + 3) { queue.sync().poll() })
        puts.forEach { it.await().value }
        assertNull(queue.sync().poll())
        assertTrue(queue.isTerminated)
    }

    @Test
    fun putInLine_leaves_theQueueTerminatesWithoutIt() = inVirtualTime {
        val queue = full(0)
        val send = begin { queue.async().send(1) }
        val select = begin { select { queue.async().onSend(2) { } } }
        queue.shutdownAfterPuts()
        val termination = begin { queue.async().awaitTermination() }
        send.job.cancel()
        runCurrent()
        termination.assertGoesOn()
        assertFalse(queue.isTerminated)
        select.job.cancel()
        runCurrent()
        termination.value
        assertTrue(queue.isTerminated)
    }

    @Test
    fun taker_waitsAndNoPutIsInLine_isReleased() {
        for (capacity in listOf(0, 1)) {
            val queue = checked(JanusQueue.fifo(capacity))
            val take = inThread { queue.sync().take() }
            awaitUntil("it waits") { queue.stats().waitingTakeThreads() == 1 }
            queue.shutdownAfterPuts(cause)
            assertSame(cause, take.await().assertThrew<QueueShutdownException>().cause)
            assertTrue(queue.isTerminated)
        }
    }

    @ParameterizedTest
    @EnumSource
    fun shutdown_afterwards_releasesThePutsInLine(kind: PutKind) {
        for (capacity in listOf(0, 1)) {
            val queue = full(capacity)
            val put = kind.beginAndWait(queue, 1)
            queue.shutdownAfterPuts(cause)
            put.assertGoesOn()
            queue.shutdown(RuntimeException("another"))
            assertTrue(put.await().failure() != null)
            assertSame(cause, queue.shutdownCause())
            assertEquals(List(capacity) { 0 }, queue.sync().untilShutdownOrCause())
            assertTrue(queue.isTerminated)
        }
    }

    @Test
    fun shutdownNow_afterwards_releasesThePutsInLineAndHandsBack() {
        val queue = full(2)
        val put = PutKind.PUT.beginAndWait(queue, 1)
        queue.shutdownAfterPuts()
        assertEquals(listOf(0, 0), queue.shutdownNow(cause))
        assertNull(put.await().assertThrew<QueueShutdownException>().cause) { "the cause of the first shutdown stays" }
        assertTrue(queue.isTerminated)
    }

    @Test
    fun shutdownAfterPuts_afterShutdown_changesNothing() {
        val queue = full(1)
        queue.shutdown(cause)
        queue.shutdownAfterPuts()
        queue.shutdownAfterPuts(RuntimeException("another"))
        assertSame(cause, queue.shutdownCause())
        assertThrows(NullPointerException::class.java) { queue.shutdownAfterPuts(unsafeNull()) }
    }

    // The cause

    @Test
    fun shutdownCause_isThatOfTheFirstShutdown() {
        val queue = checked(JanusQueue.fifo(1))
        assertNull(queue.shutdownCause())
        queue.shutdown()
        assertNull(queue.shutdownCause())
        queue.shutdown(cause)
        assertNull(queue.shutdownCause())
        assertSame(cause, checked(JanusQueue.fifo(1)).apply { shutdown(cause) }.shutdownCause())
        assertSame(cause, checked(JanusQueue.fifo(1)).apply { shutdownAfterPuts(cause) }.shutdownCause())
    }

    @Test
    fun shutdownNow_withCause_handsBackAndGivesItToThoseWhoWait() {
        val queue = full(2)
        val put = PutKind.PUT.beginAndWait(queue, 1)
        assertEquals(listOf(0, 0), queue.shutdownNow(cause))
        assertSame(cause, queue.shutdownCause())
        assertSame(cause, put.await().assertThrew<QueueShutdownException>().cause)
        assertSame(cause, assertThrows(QueueShutdownException::class.java) { queue.sync().take() }.cause)
        assertThrows(NullPointerException::class.java) { queue.shutdownNow(unsafeNull()) }
    }

    // Listeners

    @Test
    fun onShutdown_anyWay_isCalledOnceWithTheCauseBeforeTheCallReturns() {
        val ways = listOf<(JanusQueue<Int>) -> Unit>(
            { it.shutdown(cause) },
            { it.shutdownAfterPuts(cause) },
            { it.shutdownNow(cause) },
            { it.async().asSendChannel().close(cause) },
        )
        for (way in ways) {
            val queue = full(1)
            val causes = ArrayList<Pair<Throwable?, Thread>>()
            repeat(2) { queue.onShutdown { causes += it to Thread.currentThread() } }
            way(queue)
            assertEquals(List(2) { cause to Thread.currentThread() }, causes)
            queue.shutdown()
            queue.shutdownNow()
            assertEquals(2, causes.size)
        }
    }

    @Test
    fun onShutdown_withoutCause_getsNull() {
        for (way in listOf<
            (
                JanusQueue<Int>,
            ) -> Unit,
            >({ it.close() }, { it.sync().shutdown() }, { it.async().shutdown() })) {
            val queue = full(1)
            val causes = ArrayList<Throwable?>()
            queue.onShutdown { causes += it }
            way(queue)
            assertEquals(listOf<Throwable?>(null), causes)
        }
    }

    @Test
    fun onShutdown_shutDownAlready_isCalledAtOnce() {
        val queue = full(1).apply { shutdown(cause) }
        val causes = ArrayList<Throwable?>()
        queue.onShutdown { causes += it }
        assertEquals(listOf<Throwable?>(cause), causes)
        assertThrows(NullPointerException::class.java) { queue.onShutdown(unsafeNull()) }
    }

    @Test
    fun onShutdown_listenerThrows_isReportedAndTheRestGoesOn() {
        val queue = full(1)
        val put = PutKind.PUT.beginAndWait(queue, 1)
        val called = ArrayList<Int>()
        val failures = listOf(IllegalStateException("listener"), AssertionError("listener"))
        failures.forEach { failure -> queue.onShutdown { throw failure } }
        queue.onShutdown { called += 1 }
        val reported = reportedWhile { queue.shutdown() }
        assertEquals(failures, reported)
        assertEquals(listOf(1), called)
        put.await().assertThrew<QueueShutdownException>()

        assertEquals(failures.take(1), reportedWhile { queue.onShutdown { throw failures[0] } })
    }

    @Test
    fun onShutdown_listenerUsesTheQueue_noLockIsHeld() {
        val queue = full(2)
        val seen = ArrayList<Any?>()
        queue.onShutdown {
            seen += queue.isShutdown
            seen += inThread { queue.sync().poll() }.await().value // would wait for ever if a lock were held
            queue.onShutdown { seen += "nested" }
            seen.add(queue.shutdownNow())
        }
        queue.shutdown()
        assertEquals(listOf<Any?>(true, 0, "nested", listOf(0)), seen)
        assertTrue(queue.isTerminated)
    }

    @Test
    fun onShutdown_manyThreadsShutDown_isCalledOnceAndBothSeeOneCause() {
        repeat(200) {
            val queue = checked(JanusQueue.fifo(1))
            val causes = java.util.concurrent.ConcurrentLinkedQueue<Throwable>()
            queue.onShutdown { causes += it!! }
            val threads = List(3) { i -> inThread { queue.shutdown(RuntimeException("$i")) } }
            threads.forEach { it.await().value }
            assertSame(queue.shutdownCause(), causes.single())
        }
    }

    // The faces

    @Test
    fun faces_tellAndShutDownTheirQueue() {
        for (capacity in listOf(0, 3)) {
            val queue = checked(JanusQueue.fifo(capacity))
            if (capacity > 0) queue.sync().put(1)
            assertSame(queue, queue.sync().queue())
            assertSame(queue, queue.async().queue())
            assertEquals(listOf(capacity, capacity), listOf(queue.sync().capacity(), queue.async().capacity()))
            val sizes = listOf(queue.sync().stats().size(), queue.async().stats().size())
            assertEquals(listOf(queue.size(), queue.size()), sizes)
            assertEquals(listOf(false, false), listOf(queue.sync().isShutdown, queue.async().isShutdown))
            if (capacity == 0) queue.sync().shutdown() else queue.async().shutdown()
            assertEquals(listOf(true, true), listOf(queue.sync().isShutdown, queue.async().isShutdown))
            assertTrue(queue.isShutdown)
        }
    }

    private fun SyncQueue<Int>.untilShutdownOrCause(): List<Int> {
        val got = ArrayList<Int>()
        runCatching { untilShutdown().forEach { got += it } }
        return got
    }

    @Suppress("UNCHECKED_CAST")
    private fun <T> unsafeNull(): T = null as T
}

private fun <T> default(block: suspend () -> T): Running<T> =
    kotlinx.coroutines.CoroutineScope(Dispatchers.Default).running(block)
