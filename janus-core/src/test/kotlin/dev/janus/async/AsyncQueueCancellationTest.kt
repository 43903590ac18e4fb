package dev.janus.async

import dev.janus.fixtures.AsyncContract
import dev.janus.fixtures.OverEveryKind
import dev.janus.fixtures.QueueKind
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.begin
import dev.janus.fixtures.inVirtualTime
import dev.janus.fixtures.returnsWithoutSuspending
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.cancel
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.concurrent.TimeUnit.HOURS

/** A coroutine that is cancelled while it waits has neither added nor taken anything, and nobody waits for it. */
@OptIn(ExperimentalCoroutinesApi::class)
@OverEveryKind
class AsyncQueueCancellationTest(kind: QueueKind) : AsyncContract(kind) {
    private val takes: List<suspend () -> Any?> =
        listOf({ face.receive() }, { face.receive(1, HOURS) }, { face.receiveBatch(3) })

    private val puts: List<suspend () -> Any?> =
        listOf({ face.send(7) }, { face.send(7, 1, HOURS) }, { face.sendAll(listOf(7, 8)) })

    @Test
    fun take_cancelledWhileWaiting_throwsPromptly() = inVirtualTime {
        for (take in takes) {
            val taker = begin { take() }
            taker.assertGoesOn()

            taker.job.cancel(CancellationException("no more"))
            runCurrent()

            assertEquals("no more", taker.assertThrew<CancellationException>().message)
            assertEquals(0, currentTime)
            assertNothingPending(queue)
        }
    }

    @Test
    fun take_cancelledAfterItWasWoken_takesNothing() = inVirtualTime {
        for (take in takes) {
            val taker = begin { take() }
            check(face.trySend(7))

            taker.job.cancel()
            runCurrent()

            taker.assertThrew<CancellationException>()
            assertEquals(listOf(7), drain())
            assertNothingPending(queue)
        }
    }

    @Test
    fun take_cancelledAfterItWasWoken_theNextInLineGetsTheElement() = inVirtualTime {
        for (take in takes) {
            val taker = begin { take() }
            val next = begin { face.receive() }
            val last = begin { face.receive() }
            check(face.trySend(7))

            taker.job.cancel()
            runCurrent()

            taker.assertThrew<CancellationException>()
            assertEquals(7, next.value)
            last.assertGoesOn()
            last.job.cancel()
            runCurrent()
        }
    }

    @Test
    fun take_cancelledWhileWaiting_theNextInLineIsServed() = inVirtualTime {
        for (take in takes) {
            val taker = begin { take() }
            val next = begin { face.receive() }

            taker.job.cancel()
            begin { face.send(7) }

            assertEquals(7, next.value)
        }
    }

    @Test
    fun put_cancelledWhileWaiting_addsNothing() = inVirtualTime {
        val elements = fillBounded() ?: return@inVirtualTime
        for (put in puts) {
            val putter = begin { put() }
            putter.assertGoesOn()

            putter.job.cancel(CancellationException("no more"))
            runCurrent()

            assertEquals("no more", putter.assertThrew<CancellationException>().message)
            assertEquals(0, currentTime)
            assertNothingPending(queue)
        }
        assertHolds(elements)
    }

    @Test
    fun put_cancelledAfterItsElementWentIn_returnsNormally() = inVirtualTime {
        val elements = fillBounded() ?: return@inVirtualTime
        for (put in puts.dropLast(1)) {
            queue.capacity(kind.capacity())
            val putter = begin { put() }
            val next = begin { face.send(9) }

            queue.capacity(kind.capacity() + 1)
            putter.job.cancel()
            runCurrent()

            assertTrue(putter.value == Unit || putter.value == true)
            next.assertGoesOn()
            next.job.cancel()
            runCurrent()
            assertTrue(queue.sync().remove(7))
        }
        assertHolds(elements)
    }

    @Test
    fun sendAll_cancelledAfterOneElementWentIn_thatOneStays() = inVirtualTime {
        val elements = fillBounded() ?: return@inVirtualTime
        val putter = begin { face.sendAll(listOf(7, 8)) }

        queue.capacity(kind.capacity() + 1)
        putter.job.cancel()
        runCurrent()

        putter.assertThrew<CancellationException>()
        assertHolds(elements + 7)
    }

    @Test
    fun rendezvous_receiverCancelledAfterTheMatch_theElementWaitsInTheQueue() = inVirtualTime {
        val receiver = begin { face.receive() }
        assertTrue(returnsWithoutSuspending { face.send(7) })

        receiver.job.cancel()
        runCurrent()

        receiver.assertThrew<CancellationException>()
        assertEquals(1, queue.size())
        assertEquals(7, begin { face.receive() }.value)
    }

    @Test
    fun call_alreadyCancelledAndMustWait_throwsAndNobodyWaits() = inVirtualTime {
        val elements = fillBounded()
        for (put in puts.takeIf { elements != null }.orEmpty()) {
            cancelledBegin(put)
        }
        assertHolds(elements.orEmpty())
        for (take in takes) {
            cancelledBegin(take)
        }
    }

    @Test
    fun joinAndAwaitTermination_cancelled_changeNothing() = inVirtualTime {
        val receiver = begin { face.receive() }
        begin { face.send(7) }
        val waits = listOf(begin { face.join() }, begin { face.awaitTermination() })
        assertEquals(2, queue.stats().waitingJoins())
        assertEquals(7, receiver.value)

        waits.forEach { it.job.cancel() }
        runCurrent()

        waits.forEach { it.assertThrew<CancellationException>() }
        assertNothingPending(queue)
        assertEquals(1, queue.unfinishedTasks())
    }

    @Test
    fun take_cancelledWithACause_carriesIt() = inVirtualTime {
        val cause = IllegalArgumentException("the reason")
        val taker = begin { face.receive() }

        taker.job.cancel(CancellationException("no more", cause))
        runCurrent()

        val thrown = taker.assertThrew<CancellationException>()
        assertSame(cause, generateSequence<Throwable>(thrown) { it.cause }.last())
    }

    private fun fillBounded(): List<Int>? = if (kind.isUnbounded) null else fill()

    private fun TestScope.cancelledBegin(call: suspend () -> Any?) {
        val caller =
            begin {
                currentCoroutineContext().cancel()
                call()
            }
        caller.assertThrew<CancellationException>()
        assertNothingPending(queue)
    }
}
