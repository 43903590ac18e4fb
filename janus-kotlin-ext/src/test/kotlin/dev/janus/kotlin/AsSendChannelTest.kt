package dev.janus.kotlin

import kotlinx.coroutines.CoroutineExceptionHandler
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.cancel
import kotlinx.coroutines.channels.BufferOverflow
import kotlinx.coroutines.channels.ClosedSendChannelException
import kotlinx.coroutines.channels.SendChannel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.isActive
import kotlinx.coroutines.plus
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runCurrent
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import java.io.IOException
import java.util.concurrent.CancellationException
import java.util.concurrent.TimeUnit.SECONDS

@OptIn(ExperimentalCoroutinesApi::class, DelicateCoroutinesApi::class)
@Timeout(value = 60, unit = SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AsSendChannelTest {
    private val queue = janusQueue<Int>(2)
    private val undelivered = ArrayList<Int>()

    @AfterEach
    fun nothingIsPending() = assertNothingPending(queue)

    @Test
    fun send_someElements_arriveInOrder() = inVirtualTime {
        val scope = newScope()
        val channel = channelIn(scope)
        val sender = begin { (1..5).forEach { channel.send(it) } }
        assertEquals(2, queue.size())
        sender.assertGoesOn()

        val arrived = List(5) { queue.async().receive() }

        assertEquals(listOf(1, 2, 3, 4, 5), arrived)
        channel.close()
        runCurrent()
        sender.value
        assertNothingUndelivered(scope)
    }

    @Test
    fun trySend_pumpWaits_arrives() = inVirtualTime {
        val scope = newScope()
        val channel = channelIn(scope)
        runCurrent()

        assertTrue(channel.trySend(1).isSuccess)
        channel.close()
        runCurrent()

        assertEquals(listOf(1), queue.takeAll())
        assertNothingUndelivered(scope)
    }

    @Test
    fun close_idle_queueStaysOpenAndTheScopeCompletes() = inVirtualTime {
        begin {
            coroutineScope {
                val channel = channelIn(this)
                channel.send(1)
                channel.close()
            }
        }.value

        assertFalse(queue.isShutdown)
        assertEquals(listOf(1), queue.takeAll())
        assertEquals(emptyList<Int>(), undelivered)
    }

    @Test
    fun close_whilePumpWaitsForRoom_everyElementSentArrives() = inVirtualTime {
        val scope = newScope()
        val channel = waitingForRoom(scope)

        channel.close()
        runCurrent()

        assertEquals(listOf(1, 2, 3), List(3) { queue.async().receive() })
        runCurrent()
        assertNothingUndelivered(scope)
    }

    @Test
    fun close_thenSend_isRefusedAsAnyClosedChannel() = inVirtualTime {
        val channel = channelIn(newScope())
        channel.close()

        begin { channel.send(1) }.assertThrew<ClosedSendChannelException>()
    }

    @Test
    fun closeWithCause_idle_queueStaysOpenAndTheScopeGoesOn() = inVirtualTime {
        val scope = newScope()
        val channel = channelIn(scope)
        channel.send(1)

        channel.close(IOException("the sender failed"))
        runCurrent()

        assertFalse(queue.isShutdown)
        assertEquals(listOf(1), queue.takeAll())
        assertNothingUndelivered(scope)
    }

    @Test
    fun scopeCancelled_idle_channelIsCancelledAndTheQueueIsOpen() = inVirtualTime {
        val scope = newScope()
        val channel = channelIn(scope)
        runCurrent()

        scope.cancel()
        runCurrent()

        assertTrue(channel.isClosedForSend)
        begin { channel.send(1) }.assertThrew<CancellationException>()
        assertFalse(queue.isShutdown)
    }

    @Test
    fun scopeCancelled_whilePumpWaitsForRoom_elementsOnTheirWayAreUndelivered() = inVirtualTime {
        val scope = newScope()
        val channel = waitingForRoom(scope)
        val sender = begin { channel.send(4) }
        sender.assertGoesOn()

        scope.cancel()
        runCurrent()

        sender.assertThrew<CancellationException>()
        assertEquals(listOf(3, 4), undelivered.sorted())
        assertEquals(listOf(1, 2), queue.takeAll())
    }

    @Test
    fun scopeCancelled_afterRoomWasPromised_elementIsUndelivered() = inVirtualTime {
        val scope = newScope()
        waitingForRoom(scope)

        assertEquals(1, queue.sync().poll())
        scope.cancel()
        runCurrent()

        assertEquals(listOf(3), undelivered)
        assertEquals(listOf(2), queue.takeAll())
    }

    @Test
    fun scopeCancelled_afterElementWentToThePump_elementIsUndelivered() = inVirtualTime {
        val scope = newScope()
        val channel = channelIn(scope)
        runCurrent()

        check(channel.trySend(1).isSuccess)
        scope.cancel()
        runCurrent()

        assertEquals(listOf(1), undelivered)
        assertTrue(queue.isEmpty)
    }

    @Test
    fun scopeAlreadyCancelled_channelIsCancelled() = inVirtualTime {
        val channel = channelIn(newScope().apply { cancel() })
        runCurrent()

        assertTrue(channel.isClosedForSend)
        begin { channel.send(1) }.assertThrew<CancellationException>()
        assertTrue(queue.isEmpty)
    }

    @Test
    fun shutdown_whilePumpWaitsForRoom_elementIsUndelivered() = inVirtualTime {
        val scope = newScope()
        val channel = waitingForRoom(scope)
        val cause = IOException("the reason")
        val sender = begin { channel.send(4) }

        queue.shutdown(cause)
        runCurrent()

        assertSame(
            cause,
            generateSequence(sender.assertThrew<CancellationException>() as Throwable) {
                it.cause
            }.last(),
        )
        assertEquals(listOf(3, 4), undelivered.sorted())
        assertEquals(listOf(1, 2), queue.takeAll())
        assertIdle(scope)
    }

    @Test
    fun shutdown_idleAndElementsAreLeft_nextElementIsUndeliveredAndTheChannelCancelled() = inVirtualTime {
        val scope = newScope()
        val channel = channelIn(scope)
        channel.send(1)
        runCurrent()

        queue.shutdown(IOException("the reason"))
        runCurrent()
        assertFalse(channel.isClosedForSend)
        channel.send(2)
        runCurrent()

        assertTrue(channel.isClosedForSend)
        assertEquals(listOf(2), undelivered)
        assertEquals(listOf(1), queue.takeAll())
        assertIdle(scope)
    }

    @Test
    fun shutdown_idleAndEmpty_channelIsCancelledAtOnce() = inVirtualTime {
        val scope = newScope()
        val channel = channelIn(scope)
        runCurrent()

        queue.shutdown(IOException("the reason"))
        runCurrent()

        assertTrue(channel.isClosedForSend)
        assertNothingUndelivered(scope)
    }

    @Test
    fun shutdown_drainedLater_channelIsCancelledThen() = inVirtualTime {
        val scope = newScope()
        val channel = channelIn(scope)
        channel.send(1)
        runCurrent()

        queue.shutdown()
        assertEquals(1, queue.async().receive())
        runCurrent()

        assertTrue(channel.isClosedForSend)
        assertNothingUndelivered(scope)
    }

    @Test
    fun queueAlreadyTerminated_channelIsCancelled() = inVirtualTime {
        queue.shutdown()
        val scope = newScope()

        val channel = channelIn(scope)
        runCurrent()

        begin { channel.send(1) }.assertThrew<CancellationException>()
        assertIdle(scope)
    }

    @Test
    fun shutdownNow_whilePumpWaitsForRoom_elementIsUndeliveredOrHandedBack() = inVirtualTime {
        val scope = newScope()
        waitingForRoom(scope)

        val handedBack = queue.shutdownNow()
        runCurrent()

        assertEquals(listOf(1, 2), handedBack)
        assertEquals(listOf(3), undelivered)
        assertIdle(scope)
    }

    @Test
    fun rendezvousQueue_receiverTakes_elementArrives() = inVirtualTime {
        val queue = janusQueue<Int>(0)
        val scope = newScope()
        val channel = queue.async().asSendChannel(scope) { undelivered += it }
        channel.send(1)
        channel.close()
        runCurrent()
        assertEquals(1, queue.stats().waitingPutCoroutines())

        assertEquals(1, queue.async().receive())

        runCurrent()
        assertNothingUndelivered(scope)
        assertNothingPending(queue)
    }

    @Test
    fun droppingQueue_neverWaits_dropsGoToOnDropped() = inVirtualTime {
        val dropped = ArrayList<Int>()
        val queue = janusQueue<Int>(1, onBufferOverflow = BufferOverflow.DROP_OLDEST, onDropped = { dropped += it })
        val scope = newScope()
        val channel = queue.async().asSendChannel(scope) { undelivered += it }

        (1..3).forEach { channel.send(it) }
        channel.close()
        runCurrent()

        assertEquals(listOf(1, 2), dropped)
        assertEquals(listOf(3), queue.takeAll())
        assertNothingUndelivered(scope)
        assertNothingPending(queue)
    }

    @Test
    fun boundQueue_scopeOfAnotherLoop_scopeFailsAndElementIsRefused() = inVirtualTime {
        val queue = janusQueue<Int>(2, boundTo = Dispatchers.Default)
        val failures = ArrayList<Throwable>()
        val scope = newScope() + CoroutineExceptionHandler { _, failure -> failures += failure }
        val channel = queue.async().asSendChannel(scope) { undelivered += it }
        runCurrent()

        assertTrue("is bound to Dispatchers.Default" in failures.single().message!!)
        assertFalse(scope.isActive)
        begin { channel.send(1) }.assertThrew<CancellationException>()
        assertNothingPending(queue)
    }

    @Test
    fun boundQueue_scopeOfItsLoop_elementsArrive() {
        val queue = janusQueue<Int>(2, boundTo = Dispatchers.Default)
        runBlocking(Dispatchers.Default) {
            val channel = queue.async().asSendChannel(this) { undelivered += it }
            channel.send(1)
            channel.close()
        }
        assertEquals(listOf(1), queue.takeAll())
        assertNothingPending(queue)
    }

    private fun channelIn(scope: CoroutineScope): SendChannel<Int> =
        queue.async().asSendChannel(scope) { undelivered += it }

    /** A channel by which 1 and 2 went into the queue, while its coroutine waits with 3 for room. */
    private suspend fun TestScope.waitingForRoom(scope: CoroutineScope): SendChannel<Int> {
        val channel = channelIn(scope)
        (1..3).forEach { channel.send(it) }
        runCurrent()
        assertEquals(1, queue.stats().waitingPutCoroutines())
        return channel
    }

    private fun assertNothingUndelivered(scope: CoroutineScope) {
        assertEquals(emptyList<Int>(), undelivered)
        assertIdle(scope)
    }
}
