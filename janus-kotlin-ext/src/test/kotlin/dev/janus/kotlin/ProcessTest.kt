package dev.janus.kotlin

import dev.janus.JanusQueue
import dev.janus.QueueShutdownException
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.inThread
import dev.janus.fixtures.takeAll
import kotlinx.coroutines.runBlocking
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
import java.io.IOException
import java.util.concurrent.CancellationException
import java.util.concurrent.CountDownLatch
import kotlin.time.Duration

/** What `process` does on both faces. */
class ProcessTest {
    enum class Face {
        SYNC {
            override fun <R> process(queue: JanusQueue<Int>, block: (Int) -> R): R = queue.sync().process(block)
        },
        ASYNC {
            override fun <R> process(queue: JanusQueue<Int>, block: (Int) -> R): R =
                runBlocking { queue.async().process { block(it) } }
        }, ;

        abstract fun <R> process(queue: JanusQueue<Int>, block: (Int) -> R): R
    }

    private val queue = janusQueue<Int>(2)

    @AfterEach
    fun nothingIsPending() = assertNothingPending(queue)

    @ParameterizedTest
    @EnumSource
    fun blockReturns_valueIsReturnedAndTheTaskDone(face: Face) {
        queue.sync().putAll(listOf(1, 2))

        val result =
            face.process(queue) {
                assertEquals(2, queue.unfinishedTasks())
                assertEquals(1, queue.stats().leased())
                "number $it"
            }

        assertEquals("number 1", result)
        assertEquals(1, queue.unfinishedTasks())
        assertNull(face.process(queue) { null })
        assertTrue(queue.sync().join(Duration.ZERO))
    }

    @ParameterizedTest
    @EnumSource
    fun blockThrows_isThrownAndTheElementIsBackAtTheHead(face: Face) {
        queue.sync().putAll(listOf(1, 2))
        for (failure in listOf(IOException("checked"), CancellationException(), AssertionError("an error"))) {
            assertSame(failure, runCatching { face.process(queue) { throw failure } }.exceptionOrNull())
            assertEquals(2, queue.unfinishedTasks())
            assertEquals(listOf(1, 2), queue.sync().toList())
        }
        assertEquals(1, face.process(queue) { it })
        assertEquals(2, face.process(queue) { it })
        assertTrue(queue.sync().join(Duration.ZERO))
    }

    @ParameterizedTest
    @EnumSource
    fun blockThrows_everyOrder_elementComesOutWhereItBelongs(face: Face) {
        for (order in NamedOrder.all()) {
            val queue = janusQueue(3, order.make())
            queue.sync().putAll(listOf(2, 1, 3))
            val inOrder = order.arranged(listOf(2, 1, 3))

            val failed = runCatching { face.process(queue) { error("number $it") } }

            assertEquals("number ${inOrder.first()}", failed.exceptionOrNull()?.message, order.toString())
            assertEquals(inOrder, queue.takeAll(), order.toString())
            assertNothingPending(queue)
        }
    }

    @ParameterizedTest
    @EnumSource
    fun blockThrows_betterElementCameMeanwhile_priorityGivesThatFirst(face: Face) {
        val queue = janusQueue(3, QueueOrder.priority<Int>())
        queue.sync().put(5)

        runCatching {
            face.process(queue) {
                queue.sync().put(1)
                error("number $it")
            }
        }

        assertEquals(listOf(1, 5), queue.takeAll())
    }

    @ParameterizedTest
    @EnumSource
    fun blockThrows_queueFilledMeanwhile_holdsOneMoreThanItsCapacity(face: Face) {
        queue.sync().put(1)

        runCatching {
            face.process(queue) {
                queue.sync().putAll(listOf(2, 3))
                error("number $it")
            }
        }

        assertEquals(3, queue.size())
        assertFalse(queue.sync().offer(4))
        assertEquals(listOf(1, 2, 3), queue.takeAll())
    }

    @ParameterizedTest
    @EnumSource
    fun blockThrows_anotherWaits_getsTheElement(face: Face) {
        queue.sync().put(1)
        val other = inThread { queue.sync().also { awaitUntil("a lease") { queue.stats().leased() == 1 } }.take() }

        runCatching {
            face.process(queue) {
                awaitUntil("the other waits") { queue.stats().waitingTakeThreads() == 1 }
                error("number $it")
            }
        }

        assertEquals(1, other.await().value)
    }

    @ParameterizedTest
    @EnumSource
    fun blockLeftEarlyByReturn_isDone(face: Face) {
        queue.sync().put(1)

        val result =
            face.process(queue) label@{
                if (it == 1) return@label "early"
                "late"
            }

        assertEquals("early", result)
        assertTrue(queue.sync().join(Duration.ZERO))
    }

    @ParameterizedTest
    @EnumSource
    fun processInProcess_innerFails_onlyItsElementIsBack(face: Face) {
        queue.sync().putAll(listOf(1, 2))

        val inner = face.process(queue) { runCatching { Face.SYNC.process(queue) { error("number $it") } } }

        assertEquals("number 2", inner.exceptionOrNull()?.message)
        assertEquals(1, queue.unfinishedTasks())
        assertEquals(listOf(2), queue.takeAll())
    }

    @ParameterizedTest
    @EnumSource
    fun shutdownInTheBlock_returns_queueTerminates(face: Face) {
        queue.sync().put(1)

        face.process(queue) {
            queue.shutdown()
            assertFalse(queue.isTerminated)
        }

        assertTrue(queue.isTerminated)
    }

    @ParameterizedTest
    @EnumSource
    fun shutdownNowInTheBlock_throws_elementStaysWithTheBlock(face: Face) {
        queue.sync().putAll(listOf(1, 2))

        val failure = runCatching {
            face.process(queue) {
                assertEquals(listOf(2), queue.shutdownNow())
                error("number $it")
            }
        }.exceptionOrNull()!!

        assertEquals("number 1", failure.message)
        assertTrue(failure.suppressed.single() is QueueShutdownException, "it is not taken back")
        assertTrue(queue.isTerminated)
    }

    @ParameterizedTest
    @EnumSource
    fun queueTerminated_throwsWithItsCauseAndDoesNotCallTheBlock(face: Face) {
        val cause = IOException("the reason")
        queue.shutdown(cause)

        val thrown = assertThrows(QueueShutdownException::class.java) { face.process(queue) { error("called") } }

        assertSame(cause, thrown.cause)
    }

    @ParameterizedTest
    @EnumSource
    fun blockCallsTaskDone_saysThatItMustNotAndTheElementIsGone(face: Face) {
        queue.sync().put(1)

        assertThrows(IllegalStateException::class.java) { face.process(queue) { queue.sync().taskDone() } }

        assertTrue(queue.isEmpty)
        assertTrue(queue.sync().join(Duration.ZERO))
    }

    @Test
    fun sync_interruptedBefore_throwsAndTakesNothing() {
        queue.sync().put(1)
        Thread.currentThread().interrupt()

        assertThrows(InterruptedException::class.java) { queue.sync().process { } }

        assertEquals(listOf(1), queue.takeAll())
    }

    @Test
    fun sync_interruptedWhileItWaits_throwsAndTakesNothing() {
        val worker = inThread { queue.sync().process { } }
        awaitUntil("it waits") { queue.stats().waitingTakeThreads() == 1 }

        worker.thread.interrupt()

        worker.await().assertThrew<InterruptedException>()
        assertEquals(0, queue.stats().taken())
    }

    @Test
    fun sync_interruptedInTheBlock_elementIsBackIfTheBlockSaysSo() {
        queue.sync().put(1)

        val thrown =
            runCatching {
                queue.sync().process {
                    Thread.currentThread().interrupt()
                    CountDownLatch(1).await()
                }
            }

        assertTrue(thrown.exceptionOrNull() is InterruptedException)
        assertEquals(listOf(1), queue.takeAll())
    }
}
