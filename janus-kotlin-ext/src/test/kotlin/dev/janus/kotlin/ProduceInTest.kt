package dev.janus.kotlin

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.cancel
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.channels.ClosedReceiveChannelException
import kotlinx.coroutines.channels.ReceiveChannel
import kotlinx.coroutines.channels.consumeEach
import kotlinx.coroutines.channels.toList
import kotlinx.coroutines.isActive
import kotlinx.coroutines.job
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
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.MethodSource
import java.io.IOException
import java.util.concurrent.CancellationException
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit.SECONDS

@OptIn(ExperimentalCoroutinesApi::class, DelicateCoroutinesApi::class)
@Timeout(value = 60, unit = SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProduceInTest {
    private val queue = janusQueue<Int>(8)
    private val async = queue.async()

    @AfterEach
    fun nothingIsPending() = assertNothingPending(queue)

    @Test
    fun produceIn_shutdown_deliversWhatIsLeftAndCloses() = inVirtualTime {
        val scope = newScope()
        val all = begin { async.produceIn(scope).toList() }
        async.sendAll(listOf(1, 2, 3))
        runCurrent()
        all.assertGoesOn()

        queue.shutdown()
        runCurrent()

        assertEquals(listOf(1, 2, 3), all.value)
        assertIdle(scope)
    }

    @Test
    fun produceIn_shutdownWithCause_deliversWhatIsLeftAndThrowsTheCause() = inVirtualTime {
        val cause = IOException("the reason")
        val seen = ArrayList<Int>()
        val scope = newScope()
        async.sendAll(listOf(1, 2))
        val receiver = begin { async.produceIn(scope).consumeEach { seen += it } }

        queue.shutdown(cause)
        runCurrent()

        assertEquals("the reason", receiver.assertThrew<IOException>().message)
        assertEquals(listOf(1, 2), seen)
        assertIdle(scope)
    }

    @Test
    fun produceIn_shutdownWithCauseAndNobodyReceives_scopeGoesOn() = inVirtualTime {
        val scope = newScope()
        val cause = IOException("the reason")
        val channel = async.produceIn(scope)
        runCurrent()

        queue.shutdown(cause)
        runCurrent()

        assertTrue(channel.isClosedForReceive)
        assertSame(cause, channel.tryReceive().exceptionOrNull())
        assertIdle(scope)
    }

    @Test
    fun produceIn_shutdownWithAnElementOnOffer_endsOnlyWhenItWentOver() = inVirtualTime {
        val scope = newScope()
        val channel = offering(scope)

        queue.shutdown()
        runCurrent()
        assertFalse(queue.isTerminated)
        assertFalse(channel.isClosedForReceive)

        assertEquals(listOf(1, 2), channel.toList())
        assertTrue(queue.isTerminated)
    }

    @Test
    fun produceIn_shutdownNowWithAnElementOnOffer_deliversThatElement() = inVirtualTime {
        val channel = offering(newScope())

        assertEquals(listOf(2), queue.shutdownNow())

        assertEquals(listOf(1), channel.toList())
    }

    @Test
    fun produceIn_notReceivedFrom_holdsOneElementOnly() = inVirtualTime {
        val scope = newScope()
        async.sendAll(listOf(1, 2, 3))

        async.produceIn(scope)
        runCurrent()

        assertEquals(2, queue.size())
        assertEquals(1, queue.stats().leased())
        scope.cancel()
    }

    @Test
    fun produceIn_receiverCancelsTheChannel_offeredElementIsBackAtTheHead() = inVirtualTime {
        val scope = newScope()
        val channel = offering(scope)

        channel.cancel()

        assertEquals(listOf(1, 2), queue.takeAll())
        runCurrent()
        assertTrue(channel.isClosedForReceive)
        assertIdle(scope)
    }

    @Test
    fun produceIn_receiverCancelsTheChannelWhileThePumpWaits_takesNoMore() = inVirtualTime {
        val scope = newScope()
        val channel = async.produceIn(scope)
        runCurrent()
        assertEquals(1, queue.stats().waitingTakeCoroutines())

        channel.cancel()
        async.send(1)
        runCurrent()

        assertEquals(listOf(1), queue.takeAll())
        assertIdle(scope)
    }

    @Test
    fun produceIn_scopeCancelledWithAnElementOnOffer_itIsBackAtTheHead() = inVirtualTime {
        val scope = newScope()
        val channel = offering(scope)

        scope.cancel()

        assertEquals(0, queue.stats().leased(), "given back at once")
        runCurrent()
        assertTrue(channel.isClosedForReceive)
        assertTrue(channel.tryReceive().exceptionOrNull() is CancellationException)
        assertEquals(listOf(1, 2), queue.takeAll())
    }

    @Test
    fun produceIn_scopeCancelledWhileThePumpWaits_takesNothing() = inVirtualTime {
        val scope = newScope()
        val receiver = begin { async.produceIn(scope).receive() }

        scope.cancel()
        async.send(1)
        runCurrent()

        receiver.assertThrew<CancellationException>()
        assertEquals(listOf(1), queue.takeAll())
    }

    @Test
    fun produceIn_scopeCancelledAfterThePumpWasWoken_takesNothing() = inVirtualTime {
        val scope = newScope()
        async.produceIn(scope)
        runCurrent()

        async.send(1)
        scope.cancel()
        runCurrent()

        assertEquals(listOf(1), queue.takeAll())
    }

    @Test
    fun produceIn_scopeAlreadyCancelled_takesNothingAndClosesTheChannel() = inVirtualTime {
        val scope = newScope().apply { cancel() }
        async.send(1)

        val channel = async.produceIn(scope)
        runCurrent()

        assertTrue(channel.isClosedForReceive)
        assertEquals(listOf(1), queue.takeAll())
    }

    @Test
    fun produceIn_queueAlreadyTerminated_channelIsClosed() = inVirtualTime {
        queue.shutdown()

        val receiver = begin { async.produceIn(this).receive() }

        receiver.assertThrew<ClosedReceiveChannelException>()
    }

    @Test
    fun produceIn_oneAfterTheOther_orderIsKept() = inVirtualTime {
        async.sendAll(listOf(1, 2, 3, 4, 5, 6))
        val seen = ArrayList<Int>()
        repeat(3) { round ->
            val scope = newScope()
            val channel = async.produceIn(scope)
            repeat(2) { seen += channel.receive() }
            runCurrent()
            if (round == 1) channel.cancel() else scope.cancel()
            runCurrent()
        }
        assertEquals(listOf(1, 2, 3, 4, 5, 6), seen)
    }

    @Test
    fun produceIn_twoAtOnce_shareTheElements() = inVirtualTime {
        val receivers = List(2) { begin { async.produceIn(this).toList() } }

        (1..100).forEach { async.send(it) }
        queue.shutdown()
        runCurrent()

        assertEquals((1..100).toList(), receivers.flatMap { it.value }.sorted())
        assertTrue(receivers.all { it.value.isNotEmpty() })
    }

    @Test
    fun produceIn_elementDelivered_itsTaskIsTheReceivers() = inVirtualTime {
        val scope = newScope()
        async.send(1)
        async.produceIn(scope).receive()
        assertEquals(1, queue.unfinishedTasks())

        async.taskDone()

        async.join()
        scope.cancel()
    }

    @ParameterizedTest
    @MethodSource("orders")
    fun produceIn_cancelledInEveryOrder_offeredElementComesOutFirst(order: NamedOrder) = inVirtualTime {
        val queue = janusQueue(8, order.make())
        queue.async().sendAll(listOf(2, 1, 3))
        val scope = newScope()
        queue.async().produceIn(scope)
        runCurrent()

        scope.cancel()
        runCurrent()

        assertEquals(order.arranged(listOf(2, 1, 3)), queue.takeAll())
        assertNothingPending(queue)
    }

    @Test
    fun produceIn_rendezvous_putReturnsWhenThePumpHasTheElement() = inVirtualTime {
        val queue = janusQueue<Int>(0)
        val scope = newScope()
        val channel = queue.async().produceIn(scope)
        runCurrent()

        val first = begin { queue.async().send(1) }
        val second = begin { queue.async().send(2) }
        first.value
        second.assertGoesOn()

        assertEquals(1, channel.receive())
        assertEquals(2, channel.receive())
        scope.cancel()
        runCurrent()
        assertNothingPending(queue)
    }

    @Test
    fun produceIn_boundQueue_runsInAScopeOfItsLoop() {
        Executors.newSingleThreadExecutor().asCoroutineDispatcher().use { loop ->
            val queue = janusQueue<Int>(8, boundTo = loop)
            queue.sync().putAll(listOf(1, 2))
            val scope = CoroutineScope(loop + Job())
            runBlocking {
                val channel = queue.async().produceIn(scope)
                assertEquals(listOf(1, 2), listOf(channel.receive(), channel.receive()))
                scope.coroutineContext.job.cancelAndJoin()
            }
            assertNothingPending(queue)
        }
    }

    @Test
    fun produceIn_boundQueueInAScopeOfAnotherLoop_channelAndScopeFailAndSayWhy() = inVirtualTime {
        val queue = janusQueue<Int>(8, boundTo = Dispatchers.Default)
        queue.sync().put(1)
        val scope = newScope()

        val receiver = begin { queue.async().produceIn(scope).receive() }

        assertTrue("is bound to Dispatchers.Default" in receiver.assertThrew<IllegalStateException>().message!!)
        assertFalse(scope.isActive)
        assertEquals(listOf(1), queue.takeAll())
    }

    /** A channel on which 1 is on offer, while 2 is in the queue. */
    private suspend fun TestScope.offering(scope: CoroutineScope): ReceiveChannel<Int> {
        async.sendAll(listOf(1, 2))
        return async.produceIn(scope).also { runCurrent() }
    }

    companion object {
        @JvmStatic
        fun orders() = NamedOrder.all()
    }
}
