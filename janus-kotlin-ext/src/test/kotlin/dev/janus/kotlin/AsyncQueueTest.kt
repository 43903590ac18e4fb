package dev.janus.kotlin

import dev.janus.JanusQueue
import dev.janus.fixtures.assertNothingPending
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.IOException
import kotlin.time.Duration
import kotlin.time.Duration.Companion.days
import kotlin.time.Duration.Companion.microseconds
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

@OptIn(ExperimentalCoroutinesApi::class)
class AsyncQueueTest {
    private val queue = janusQueue<Int>(2)
    private val async = queue.async()
    private val seen = ArrayList<Int>()
    private var ended: Result<Unit>? = null

    @AfterEach
    fun nothingIsPending() = assertNothingPending(queue)

    @Test
    fun receive_empty_isNullAfterJustThatTime() = inVirtualTime {
        assertNull(async.receive(250.milliseconds))
        assertEquals(250, currentTime)
        assertNull(async.receive(1.microseconds))
        assertEquals(251, currentTime)
        assertNull(async.receive(Duration.ZERO))
        assertNull(async.receive(-1.seconds))
        assertNull(async.receive(-Duration.INFINITE))
        assertEquals(251, currentTime)
    }

    @Test
    fun receive_elementInTime_isReturned() = inVirtualTime {
        val receiver = begin { seen += async.receive(Duration.INFINITE)!! }
        advanceTimeBy(1000.days)
        assertNull(ended)

        async.send(7)
        receiver.join()

        assertEquals(listOf(7), seen)
    }

    @Test
    fun send_full_isFalseAfterJustThatTime() = inVirtualTime {
        async.sendAll(listOf(1, 2))

        assertFalse(async.send(3, 250.milliseconds))
        assertEquals(250, currentTime)
        assertFalse(async.send(3, Duration.ZERO))
        assertFalse(async.send(3, -1.seconds))
        assertEquals(250, currentTime)

        assertEquals(listOf(1, 2), async.receiveBatch(5))
    }

    @Test
    fun send_roomInTime_isTrue() = inVirtualTime {
        assertTrue(async.send(1, Duration.ZERO))
        async.send(2)
        val sender = begin { check(async.send(3, 1.seconds)) }

        assertEquals(1, async.receive())
        sender.join()

        assertTrue(ended!!.isSuccess)
        assertEquals(listOf(2, 3), async.receiveBatch(5))
    }

    @Test
    fun forLoop_shutdown_takesWhatIsLeftAndEnds() = inVirtualTime {
        begin { for (element in async) seen += element }
        async.sendAll(listOf(1, 2, 3))
        runCurrent()
        assertNull(ended)
        async.sendAll(listOf(4, 5))

        queue.shutdown()
        runCurrent()

        assertEquals(Result.success(Unit), ended)
        assertEquals(listOf(1, 2, 3, 4, 5), seen)
    }

    @Test
    fun forLoop_shutdownWithCause_takesWhatIsLeftAndThrowsTheCause() = inVirtualTime {
        val cause = IOException("the reason")
        async.sendAll(listOf(1, 2))
        queue.shutdown(cause)

        begin { for (element in async) seen += element }

        assertSame(cause, ended!!.exceptionOrNull())
        assertEquals(listOf(1, 2), seen)
    }

    @Test
    fun forLoop_shutdownWithCauseWhileItWaits_throwsTheCause() = inVirtualTime {
        val cause = IOException("the reason")
        begin { for (element in async) seen += element }
        assertEquals(1, queue.stats().waitingTakeCoroutines())

        queue.shutdown(cause)
        runCurrent()

        assertSame(cause, ended!!.exceptionOrNull())
    }

    @Test
    fun forLoop_leftByBreak_takesNoMore() = inVirtualTime {
        async.sendAll(listOf(1, 2))
        for (element in async) {
            seen += element
            break
        }

        assertEquals(listOf(1), seen)
        assertEquals(2, async.tryReceive())
    }

    @Test
    fun forLoop_cancelledWhileItWaits_takesNothing() = inVirtualTime {
        val loop = begin { for (element in async) seen += element }
        check(async.trySend(1))

        loop.cancel()
        runCurrent()

        assertTrue(ended!!.exceptionOrNull() is CancellationException)
        assertEquals(emptyList<Int>(), seen)
        assertEquals(1, async.tryReceive())
    }

    @Test
    fun iterator_hasNextTwice_takesOne() = inVirtualTime {
        async.sendAll(listOf(1, 2))
        val iterator = async.iterator()

        assertThrows(NoSuchElementException::class.java) { iterator.next() }
        assertTrue(iterator.hasNext())
        assertTrue(iterator.hasNext())
        assertEquals(1, queue.size())
        assertEquals(1, iterator.next())
        assertThrows(NoSuchElementException::class.java) { iterator.next() }
        assertEquals(2, async.tryReceive())

        queue.shutdown()
        assertFalse(iterator.hasNext())
        assertFalse(iterator.hasNext())
        assertThrows(NoSuchElementException::class.java) { iterator.next() }
    }

    @Test
    fun asFlow_shutdown_emitsWhatIsLeftAndCompletes() = inVirtualTime {
        begin { async.asFlow().collect { seen += it } }
        async.sendAll(listOf(1, 2, 3))
        runCurrent()
        assertNull(ended)

        queue.close()
        runCurrent()

        assertEquals(Result.success(Unit), ended)
        assertEquals(listOf(1, 2, 3), seen)
        assertEquals(emptyList<Int>(), async.asFlow().toList())
    }

    @Test
    fun asFlow_shutdownWithCause_throwsTheCause() = inVirtualTime {
        val cause = IOException("the reason")
        check(async.trySend(1))
        queue.shutdown(cause)

        begin { async.asFlow().collect { seen += it } }

        assertSame(cause, ended!!.exceptionOrNull())
        assertEquals(listOf(1), seen)
    }

    @Test
    fun asFlow_takeSome_leavesTheOthers() = inVirtualTime {
        queue.capacity(5)
        async.sendAll(listOf(1, 2, 3, 4))

        assertEquals(listOf(1, 2), async.asFlow().take(2).toList())
        assertEquals(3, async.asFlow().first())

        assertEquals(1, queue.size())
    }

    @Test
    fun asFlow_notCollected_takesNothing() {
        check(async.trySend(1))

        async.asFlow()

        assertEquals(1, queue.size())
    }

    @Test
    fun asFlow_collectedTwiceAtOnce_collectorsShare() = inVirtualTime {
        val other = ArrayList<Int>()
        begin { async.asFlow().collect { seen += it } }
        begin { async.asFlow().collect { other += it } }

        async.sendAll((1..100).toList())
        queue.shutdown()
        runCurrent()

        assertEquals((1..100).toList(), (seen + other).sorted())
        assertTrue(seen.isNotEmpty() && other.isNotEmpty())
    }

    /** With more real time than `runTest` gives: the machine may be busy. */
    private fun inVirtualTime(test: suspend TestScope.() -> Unit) = runTest(timeout = 50.seconds, testBody = test)

    /** Runs it as far as it gets; how it ended is in [ended]. */
    private fun TestScope.begin(block: suspend () -> Unit): Job =
        launch { ended = runCatching { block() } }.also { runCurrent() }

    @Test
    fun asFlow_cancelledBetweenTakeAndEmit_elementReachesTheCollector() = runTest {
        var onCompare = {}
        val queue = JanusQueue.priority<Int>(3) { a, b -> (a - b).also { onCompare() } }
        queue.sync().putAll(listOf(1, 2, 3))
        val collected = mutableListOf<Int>()
        val collector = launch(start = CoroutineStart.LAZY) { queue.async().asFlow().collect { collected += it } }
        onCompare = { collector.cancel() } // the store compares while it gives the first element out
        collector.start()
        collector.join()
        assertEquals(3, collected.size + queue.size())
    }
}
