package dev.janus.kotlin

import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.begin
import dev.janus.fixtures.inVirtualTime
import dev.janus.fixtures.takeAll
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.isActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.coroutines.yield
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.SplittableRandom
import java.util.concurrent.CancellationException
import java.util.concurrent.ConcurrentLinkedQueue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** `process` in coroutines that are cancelled. */
@OptIn(ExperimentalCoroutinesApi::class)
class ProcessCancelledTest {
    private val queue = janusQueue<Int>(8)
    private val async = queue.async()

    @AfterEach
    fun nothingIsPending() = assertNothingPending(queue)

    @Test
    fun cancelledWhileItWaits_takesNothing() = inVirtualTime {
        val worker = begin { async.process { error("called") } }

        worker.job.cancel()
        runCurrent()
        async.send(1)
        runCurrent()

        worker.assertThrew<CancellationException>()
        assertEquals(listOf(1), queue.takeAll())
    }

    @Test
    fun cancelledAfterItWasWoken_takesNothing() = inVirtualTime {
        val worker = begin { async.process { error("called") } }

        async.send(1)
        worker.job.cancel()
        runCurrent()

        worker.assertThrew<CancellationException>()
        assertEquals(0, queue.stats().taken())
        assertEquals(listOf(1), queue.takeAll())
    }

    @Test
    fun cancelledInTheBlock_everyOrder_elementComesOutWhereItBelongs() = inVirtualTime {
        for (order in NamedOrder.all()) {
            val queue = janusQueue(8, order.make())
            queue.async().sendAll(listOf(2, 1, 3))
            val worker = begin { queue.async().process { awaitCancellation() } }
            assertEquals(2, queue.size())

            worker.job.cancel()
            runCurrent()

            worker.assertThrew<CancellationException>()
            assertEquals(3, queue.unfinishedTasks())
            assertEquals(order.arranged(listOf(2, 1, 3)), queue.takeAll(), order.toString())
            assertNothingPending(queue)
        }
    }

    @Test
    fun cancelledInTheBlock_whichReturnsAllTheSame_isDone() = inVirtualTime {
        async.send(1)

        val worker =
            begin {
                async.process {
                    currentCoroutineContext().cancel()
                    it
                }
            }

        assertEquals(1, worker.value)
        async.join()
    }

    @Test
    fun timeoutInTheBlock_elementIsBack() = inVirtualTime {
        async.send(1)

        val worker = begin { async.process { withTimeout(1.seconds) { awaitCancellation() } } }

        advanceTimeBy(1.seconds)
        runCurrent()

        worker.assertThrew<TimeoutCancellationException>()

        assertEquals(listOf(1), queue.takeAll())
    }

    @Test
    fun timeoutAroundIt_elementIsBack() = inVirtualTime {
        async.sendAll(listOf(1, 2))

        assertNull(withTimeoutOrNull(1.seconds) { async.process { awaitCancellation() } })

        assertEquals(listOf(1, 2), queue.takeAll())
    }

    @Test
    fun scopeFails_elementOfTheOtherWorkerIsBack() = inVirtualTime {
        async.sendAll(listOf(1, 2))
        val scope = newScope()
        scope.launch { async.process { awaitCancellation() } }
        runCurrent()

        scope.cancel(CancellationException("a sibling failed"))
        runCurrent()

        assertEquals(listOf(1, 2), queue.takeAll())
    }

    @Test
    fun shutdownWithAnElementInTheBlock_otherWorkersGoOnUntilItIsSettled() = inVirtualTime {
        async.send(1)
        val first = begin { async.process { awaitCancellation() } }
        queue.shutdown()
        val second = begin { async.process { it } }
        second.assertGoesOn()

        first.job.cancel()
        runCurrent()

        assertEquals(1, second.value)
        assertTrue(queue.isTerminated)
    }

    @Test
    fun workersCancelledAtRandom_eachElementIsDoneExactlyOnce() = runBlocking(Dispatchers.Default) {
        val count = 20_000
        val done = ConcurrentLinkedQueue<Int>()
        val producer = launch { (1..count).forEach { async.send(it) } }
        val random = SplittableRandom(4711)
        var restarts = 0
        while (done.size < count) {
            val workers = List(2) { launch { work(done) } }
            repeat(random.nextInt(200)) { yield() }
            workers.forEach { it.cancelAndJoin() }
            restarts++
        }
        producer.join()

        assertEquals((1..count).toList(), done.sorted())
        assertTrue(restarts > 10) { "only $restarts restarts" }
        assertTrue(queue.sync().join(Duration.ZERO))
    }

    private suspend fun work(done: ConcurrentLinkedQueue<Int>) {
        while (currentCoroutineContext().isActive) {
            async.process {
                yield()
                done += it
            }
        }
    }
}
