package dev.janus.async

import dev.janus.fixtures.AsyncContract
import dev.janus.fixtures.OverBoundedKinds
import dev.janus.fixtures.QueueKind
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.begin
import dev.janus.fixtures.inVirtualTime
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.concurrent.CancellationException
import java.util.concurrent.TimeUnit.DAYS
import java.util.concurrent.TimeUnit.MILLISECONDS
import java.util.concurrent.TimeUnit.NANOSECONDS

/** The timed `send` into a full queue, in virtual time. */
@OptIn(ExperimentalCoroutinesApi::class)
@OverBoundedKinds
class AsyncQueueTimedSendTest(kind: QueueKind) : AsyncContract(kind) {
    @Test
    fun send_timePasses_isFalseAfterJustThatTimeAndAddsNothing() = inVirtualTime {
        val elements = fill()

        assertFalse(face.send(7, 250, MILLISECONDS))

        assertEquals(250, currentTime)
        assertNothingPending(queue)
        assertHolds(elements)
    }

    @Test
    fun send_partOfAMillisecond_isRoundedUp() = inVirtualTime {
        fill()

        assertFalse(face.send(7, 2_000_001, NANOSECONDS))

        assertEquals(3, currentTime)
    }

    @Test
    fun send_roomComesInTime_isTrueThen() = inVirtualTime {
        val elements = fill()
        val sender = begin { face.send(7, 250, MILLISECONDS) }
        advanceTimeBy(100)

        val received = begin { face.receive() }.value

        assertTrue(sender.value)
        assertEquals(100, currentTime)
        assertHolds(elements + 7 - received)
    }

    @Test
    fun send_longestTime_waitsForRoom() = inVirtualTime {
        fill()
        val sender = begin { face.send(7, Long.MAX_VALUE, DAYS) }
        advanceTimeBy(DAYS.toMillis(1000))
        sender.assertGoesOn()

        begin { face.receive() }

        assertTrue(sender.value)
    }

    @Test
    fun send_roomAndEndOfTimeTogether_isExact() = inVirtualTime {
        val elements = fill()
        val sender = begin { face.send(7, 250, MILLISECONDS) }
        val next = begin { face.send(9) }
        advanceTimeBy(250)

        val received = begin { face.receive() }.value

        if (sender.value) {
            next.assertGoesOn()
            next.job.cancel()
            runCurrent()
            assertHolds(elements + 7 - received)
        } else {
            assertEquals(Unit, next.value)
            assertHolds(elements + 9 - received)
        }
    }

    @Test
    fun send_timePassed_theNextInLineIsServed() = inVirtualTime {
        val elements = fill()
        val sender = begin { face.send(7, 250, MILLISECONDS) }
        val next = begin { face.send(9) }
        advanceTimeBy(251)
        assertFalse(sender.value)
        assertEquals(1, queue.stats().waitingPutCoroutines())

        val received = begin { face.receive() }.value

        assertEquals(Unit, next.value)
        assertHolds(elements + 9 - received)
    }

    @Test
    fun send_cancelled_addsNothing() = inVirtualTime {
        val elements = fill()
        val sender = begin { face.send(7, 250, MILLISECONDS) }

        sender.job.cancel()
        runCurrent()

        sender.assertThrew<CancellationException>()
        assertEquals(0, currentTime)
        assertHolds(elements)
    }
}
