package dev.janus.async

import dev.janus.fixtures.AsyncContract
import dev.janus.fixtures.OverEveryKind
import dev.janus.fixtures.QueueKind
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.begin
import dev.janus.fixtures.inVirtualTime
import dev.janus.fixtures.returnsWithoutSuspending
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.concurrent.CancellationException
import java.util.concurrent.TimeUnit.DAYS
import java.util.concurrent.TimeUnit.MILLISECONDS
import java.util.concurrent.TimeUnit.NANOSECONDS

/** The timed calls, in virtual time: null means that nothing was taken, false that nothing was added. */
@OptIn(ExperimentalCoroutinesApi::class)
@OverEveryKind
class AsyncQueueTimedTest(kind: QueueKind) : AsyncContract(kind) {
    @Test
    fun receive_timePasses_isNullAfterJustThatTime() = inVirtualTime {
        assertNull(face.receive(250, MILLISECONDS))

        assertEquals(250, currentTime)
        assertNothingPending(queue)
    }

    @Test
    fun receive_partOfAMillisecond_isRoundedUp() = inVirtualTime {
        assertNull(face.receive(1, NANOSECONDS))
        assertEquals(1, currentTime)

        assertNull(face.receive(2_000_001, NANOSECONDS))
        assertEquals(1 + 3, currentTime)
    }

    @Test
    fun receive_zeroOrLess_doesNotSuspend() = inVirtualTime {
        for (time in listOf(0, -1, Long.MIN_VALUE)) {
            assertTrue(returnsWithoutSuspending { assertNull(face.receive(time, DAYS)) })
        }
        assertEquals(0, currentTime)
    }

    @Test
    fun receive_elementThere_doesNotWaitForTheTime() = inVirtualTime {
        val elements = fill()
        for (time in listOf(-1L, 0L, 1L).take(elements.size)) {
            assertTrue(returnsWithoutSuspending { checkNotNull(face.receive(time, DAYS)) })
        }
        assertEquals(0, currentTime)
    }

    @Test
    fun receive_elementComesInTime_isReturnedThen() = inVirtualTime {
        val receiver = begin { face.receive(250, MILLISECONDS) }
        advanceTimeBy(100)

        begin { face.send(7) }

        assertEquals(7, receiver.value)
        assertEquals(100, currentTime)
    }

    @Test
    fun receive_longestTime_waitsForTheElement() = inVirtualTime {
        val receiver = begin { face.receive(Long.MAX_VALUE, DAYS) }
        advanceTimeBy(DAYS.toMillis(1000))
        receiver.assertGoesOn()

        begin { face.send(7) }

        assertEquals(7, receiver.value)
    }

    @Test
    fun receive_elementAndEndOfTimeTogether_isExact() = inVirtualTime {
        val receiver = begin { face.receive(250, MILLISECONDS) }
        val next = begin { face.receive() }
        advanceTimeBy(250)

        check(face.trySend(7))
        runCurrent()

        if (receiver.value == null) {
            assertEquals(7, next.value)
        } else {
            assertEquals(7, receiver.value)
            next.assertGoesOn()
            next.job.cancel()
        }
        runCurrent()
    }

    @Test
    fun receive_timePassed_theNextInLineIsServed() = inVirtualTime {
        val receiver = begin { face.receive(250, MILLISECONDS) }
        val next = begin { face.receive() }
        advanceTimeBy(251)
        assertNull(receiver.value)
        assertEquals(1, queue.stats().waitingTakeCoroutines())

        begin { face.send(7) }

        assertEquals(7, next.value)
    }

    @Test
    fun receive_cancelled_takesNothing() = inVirtualTime {
        val receiver = begin { face.receive(250, MILLISECONDS) }

        receiver.job.cancel()
        runCurrent()

        receiver.assertThrew<CancellationException>()
        assertEquals(0, currentTime)
        assertNothingPending(queue)
    }

    @Test
    fun send_zeroOrLess_doesNotSuspend() = inVirtualTime {
        val elements = fill()
        for (time in listOf(0, -1, Long.MIN_VALUE)) {
            assertTrue(returnsWithoutSuspending { assertEquals(kind.isUnbounded, face.send(7, time, DAYS)) })
        }
        assertEquals(0, currentTime)
        assertHolds(if (kind.isUnbounded) elements + listOf(7, 7, 7) else elements)
    }

    @Test
    fun send_receiverWaits_doesNotWaitForTheTime() = inVirtualTime {
        val receiver = begin { face.receive() }

        assertTrue(returnsWithoutSuspending { assertTrue(face.send(7, 0, DAYS)) })

        runCurrent()
        assertEquals(7, receiver.value)
    }
}
