package dev.janus.proof

import dev.janus.JanusQueue
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.future.asCompletableFuture
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.BeforeAll
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.CsvSource
import org.junit.jupiter.params.provider.EnumSource
import reactor.blockhound.BlockingOperationError
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit.SECONDS
import kotlin.concurrent.thread

/**
 * With BlockHound in the JVM, and the integrations that it finds by itself: coroutines use a queue that threads use, too, and
 * nothing is reported.
 */
internal class BlockHoundTest {
    @AfterEach
    fun nothingWasReported() = assertEquals(emptyList<Throwable>(), Hound.reports.toList())

    /** The sleep is the call to be reported: it throws before it begins. */
    @Test
    fun coroutine_sleeps_isReported() {
        assertThrows(BlockingOperationError::class.java) { runBlocking(Dispatchers.Default) { Thread.sleep(1) } }
        assertEquals(1, Hound.reports.size)
        Hound.reports.clear()
    }

    @ParameterizedTest
    @EnumSource
    fun coroutine_waitsForTheLockOfAThread_isNotReported(call: CallBesideAThread) = call.runBesideAThread().getOrThrow()

    @ParameterizedTest
    @CsvSource("fifo,0", "fifo,1", "fifo,64", "lifo,0", "lifo,1", "lifo,64", "priority,0", "priority,1", "priority,64")
    fun threadsToCoroutines_nothingIsReportedOrLost(order: String, capacity: Int) {
        val queue = queue(order, capacity)
        val putting = WORKERS.map { inThread { elementsOf(it).forEach(queue.sync()::put) } }
        val taking = WORKERS.map { inCoroutine { List(COUNT) { queue.async().receive() } } }
        check(queue, putting, taking)
    }

    @ParameterizedTest
    @CsvSource("fifo,0", "fifo,1", "fifo,64", "lifo,0", "lifo,1", "lifo,64", "priority,0", "priority,1", "priority,64")
    fun coroutinesToThreads_nothingIsReportedOrLost(order: String, capacity: Int) {
        val queue = queue(order, capacity)
        val putting = WORKERS.map { inCoroutine { elementsOf(it).forEach { element -> queue.async().send(element) } } }
        val taking = WORKERS.map { inThread { List(COUNT) { queue.sync().take() } } }
        check(queue, putting, taking)
    }

    /** Each side has one worker of each kind. */
    @ParameterizedTest
    @CsvSource("fifo,0", "fifo,1", "fifo,64", "lifo,1", "priority,1")
    fun mixed_nothingIsReportedOrLost(order: String, capacity: Int) {
        val queue = queue(order, capacity)
        val putting = listOf(
            inThread { elementsOf(0).forEach(queue.sync()::put) },
            inCoroutine { elementsOf(1).forEach { queue.async().send(it) } },
        )
        val taking = listOf(
            inThread { List(COUNT) { queue.sync().take() } },
            inCoroutine { List(COUNT) { queue.async().receive() } },
        )
        check(queue, putting, taking)
    }

    private fun check(
        queue: JanusQueue<Int>,
        putting: List<CompletableFuture<Unit>>,
        taking: List<CompletableFuture<List<Int>>>,
    ) {
        putting.forEach { it.get(30, SECONDS) }
        val taken = taking.flatMap { it.get(30, SECONDS) }
        assertEquals(putting.indices.flatMap(::elementsOf), taken.sorted())
        val stats = queue.stats()
        assertEquals(0, stats.size() + stats.reservedElements() + stats.reservedSlots(), "$stats")
    }

    private companion object {
        val WORKERS = 0 until 4
        const val COUNT = 5_000

        @BeforeAll
        @JvmStatic
        fun install() = Hound.install { true }

        fun elementsOf(worker: Int) = worker * COUNT until (worker + 1) * COUNT

        fun queue(order: String, capacity: Int): JanusQueue<Int> = when (order) {
            "fifo" -> JanusQueue.fifo(capacity)
            "lifo" -> JanusQueue.lifo(capacity)
            else -> JanusQueue.priority(capacity)
        }

        fun <T> inThread(block: () -> T): CompletableFuture<T> {
            val outcome = CompletableFuture<T>()
            thread(isDaemon = true) {
                runCatching(block).fold(outcome::complete, outcome::completeExceptionally)
            }
            return outcome
        }

        fun <T> inCoroutine(block: suspend () -> T): CompletableFuture<T> =
            CoroutineScope(Dispatchers.Default).async { block() }.asCompletableFuture()
    }
}
