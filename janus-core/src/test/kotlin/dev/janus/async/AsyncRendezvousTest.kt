package dev.janus.async

import dev.janus.QueueShutdownException
import dev.janus.fixtures.QueueKind
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.begin
import dev.janus.fixtures.inVirtualTime
import dev.janus.fixtures.running
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedClass
import org.junit.jupiter.params.provider.EnumSource
import java.util.concurrent.TimeUnit.MILLISECONDS

/** Capacity 0 in every order: what a sender handed over stays handed over, whatever befalls the sender then. */
@OptIn(ExperimentalCoroutinesApi::class)
@ParameterizedClass
@EnumSource
class AsyncRendezvousTest(order: QueueKind.Order) {
    private val queue = QueueKind(order, 0).build()
    private val face = queue.async()

    @AfterEach
    fun nothingIsPending() = assertNothingPending(queue)

    @Test
    fun send_nobodyWaits_waitsForAReceiver() = inVirtualTime {
        val senders = List(2) { begin { face.send(it) } }
        senders.forEach { it.assertGoesOn() }
        assertEquals(2, queue.stats().waitingPutCoroutines())
        assertEquals(0, queue.size())

        assertEquals(0, begin { face.receive() }.value)
        assertEquals(listOf(true, false), senders.map { it.isOver })
        assertEquals(1, begin { face.receive() }.value)
    }

    @Test
    fun trySend_receiverWaits_succeedsOncePerReceiver() = inVirtualTime {
        assertFalse(face.trySend(1))
        val receivers = List(2) { begin { face.receive() } }

        assertTrue(face.trySend(1))
        assertTrue(face.trySend(2))
        assertFalse(face.trySend(3))
        runCurrent()

        assertEquals(listOf(1, 2), receivers.map { it.value }.sorted())
    }

    @Test
    fun receiver_cancelledAfterTheMatch_elementStaysAndCountsAgainstNewPuts() = inVirtualTime {
        leaveOne(7)
        assertFalse(face.trySend(8))
        val sender = begin { face.send(9) }
        sender.assertGoesOn()

        assertEquals(7, begin { face.receive() }.value)
        assertEquals(9, begin { face.receive() }.value)
        assertEquals(Unit, sender.value)
    }

    @Test
    fun sender_cancelledAfterTheHandOver_returnsNormally() = inVirtualTime {
        val sender = begin { face.send(7) }
        val handedOver = face.tryReceive()

        sender.job.cancel()
        runCurrent()

        assertEitherOr(handedOver, sender.failure() !is CancellationException)
    }

    @Test
    fun sender_timePassesAfterTheHandOver_isTrue() = inVirtualTime {
        val sender = begin { face.send(7, 250, MILLISECONDS) }
        advanceTimeBy(250)
        val handedOver = face.tryReceive()

        advanceTimeBy(1)
        runCurrent()

        assertEitherOr(handedOver, sender.value)
    }

    @Test
    fun sender_shutdownAfterTheHandOver_returnsNormally() = inVirtualTime {
        val sender = begin { face.send(7) }
        val handedOver = face.tryReceive()

        queue.shutdown()
        runCurrent()

        assertEitherOr(handedOver, sender.failure() !is QueueShutdownException)
    }

    @Test
    fun senderAndReceiver_cancelledTogether_neverHalfDone() = inVirtualTime {
        val sender = begin { face.send(7) }
        val receiver = running { face.receive() }
        val cancelling =
            running {
                receiver.job.cancel()
                sender.job.cancel()
            }
        runCurrent()

        cancelling.value
        val received = if (receiver.failure() == null) receiver.value else face.tryReceive()
        assertEitherOr(received, sender.failure() == null)
    }

    @Test
    fun receive_timePasses_theSenderGoesOnWaiting() = inVirtualTime {
        assertNull(face.receive(250, MILLISECONDS))
        val sender = begin { face.send(7) }
        sender.assertGoesOn()

        assertEquals(7, face.receive(250, MILLISECONDS))
        runCurrent()

        assertEquals(Unit, sender.value)
    }

    /** The sender has succeeded exactly if somebody has its element. */
    private fun assertEitherOr(handedOver: Int?, succeeded: Boolean) = assertEquals(handedOver != null, succeeded)

    private fun TestScope.leaveOne(element: Int) {
        val receiver = begin { face.receive() }
        check(face.trySend(element))
        receiver.job.cancel()
        runCurrent()
        assertEquals(1, queue.size())
    }
}
