package dev.janus.channel

import dev.janus.JanusQueue
import dev.janus.fixtures.ManualDispatcher
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.begin
import dev.janus.fixtures.inThread
import dev.janus.fixtures.inVirtualTime
import dev.janus.fixtures.running
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.ClosedReceiveChannelException
import kotlinx.coroutines.channels.ClosedSendChannelException
import kotlinx.coroutines.channels.SendChannel
import kotlinx.coroutines.channels.consumeEach
import kotlinx.coroutines.channels.toList
import kotlinx.coroutines.channels.trySendBlocking
import kotlinx.coroutines.flow.consumeAsFlow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.receiveAsFlow
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.selects.onTimeout
import kotlinx.coroutines.selects.select
import kotlinx.coroutines.test.runCurrent
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.concurrent.ConcurrentLinkedQueue

private class Broken(message: String) : RuntimeException(message)

/** The queue as kotlinx channels: each call of a view is a call of the queue. */
@OptIn(DelicateCoroutinesApi::class, ExperimentalCoroutinesApi::class)
class ChannelViewTest {
    private val queues = ArrayList<JanusQueue<*>>()

    private fun fifo(capacity: Int, vararg elements: Int): JanusQueue<Int> =
        JanusQueue.fifo<Int>(capacity).also { queue ->
            queues += queue
            elements.forEach { queue.sync().add(it) }
        }

    private fun JanusQueue<Int>.sender() = async().asSendChannel()

    private fun JanusQueue<Int>.receiver() = async().asReceiveChannel()

    @AfterEach
    fun nothingIsPending() = queues.forEach(::assertNothingPending)

    // Calls that do not wait

    @Test
    fun trySend_thousandFreePlaces_acceptsThousandInARow() {
        val queue = fifo(1_000)
        val view = queue.sender()
        assertEquals(1_000, (1..1_000).count { view.trySend(it).isSuccess })
        assertEquals((1..1_000).toList(), queue.sync().toList())
    }

    @Test
    fun tryReceive_thousandElements_getsThousandInARow() {
        val queue = fifo(1_000)
        queue.sync().putAll((1..1_000).toList())
        val view = queue.receiver()
        assertEquals((1..1_000).toList(), List(1_000) { view.tryReceive().getOrNull() })
        assertTrue(view.tryReceive().run { isFailure && !isClosed })
    }

    @Test
    fun trySend_full_failsAndIsNotClosed() {
        val queue = fifo(1, 1)
        val result = queue.sender().trySend(2)
        assertTrue(result.isFailure)
        assertFalse(result.isClosed)
        assertFalse(queue.sender().isClosedForSend)
        assertEquals(listOf(1), queue.sync().toList())
    }

    @Test
    fun trySend_shutDownWithCause_isClosedWithIt() {
        val cause = Broken("the source")
        val queue = fifo(1).apply { shutdown(cause) }
        val result = queue.sender().trySend(2)
        assertTrue(result.isClosed)
        assertSame(cause, result.exceptionOrNull())
        assertTrue(queue.sender().isClosedForSend)
    }

    @Test
    fun tryReceive_shutDownWithCause_getsWhatIsLeftThenIsClosedWithIt() {
        val cause = Broken("the source")
        val queue = fifo(1, 1).apply { shutdown(cause) }
        val view = queue.receiver()
        assertFalse(view.isClosedForReceive)
        assertFalse(view.isEmpty)
        assertEquals(1, view.tryReceive().getOrNull())
        val end = view.tryReceive()
        assertTrue(end.isClosed)
        assertSame(cause, end.exceptionOrNull())
        assertTrue(view.isClosedForReceive)
        assertFalse(view.isEmpty) { "as in kotlinx: false once it is closed for receive" }
    }

    @Test
    fun tries_shutDownWithoutCause_areClosed() {
        val queue = fifo(1).apply { shutdown() }
        assertTrue(queue.sender().trySend(1).isClosed)
        assertTrue(queue.receiver().tryReceive().isClosed)
        assertNull(queue.receiver().tryReceive().exceptionOrNull())
    }

    @Test
    fun trySend_shutDownWithoutCause_hasTheExceptionThatAChannelHas() {
        val queue = fifo(1).apply { shutdown() }
        val channel = Channel<Int>(1).apply { close() }
        val thrown = listOf(channel, queue.sender()).map { it.trySend(1).exceptionOrNull()?.javaClass }
        assertEquals(listOf(ClosedSendChannelException::class.java, ClosedSendChannelException::class.java), thrown)
    }

    @Test
    fun trySendBlocking_full_waitsForRoom() {
        val queue = fifo(1, 1)
        val put = inThread { queue.sender().trySendBlocking(2) }
        awaitUntil("the put waits") { queue.stats().run { waitingPutCoroutines() + waitingPutThreads() } == 1 }
        assertEquals(1, queue.sync().take())
        assertTrue(put.await().value.isSuccess)
        assertEquals(2, queue.sync().take())
    }

    // Calls that wait

    @Test
    fun send_full_waitsForRoom() = inVirtualTime {
        val queue = fifo(1, 1)
        val send = begin { queue.sender().send(2) }
        send.assertGoesOn()
        assertEquals(1, queue.sync().take())
        runCurrent()
        send.value
        assertEquals(2, queue.sync().take())
    }

    @Test
    fun receive_empty_waitsForAnElement() = inVirtualTime {
        val queue = fifo(1)
        val receive = begin { queue.receiver().receive() }
        val catching = begin { queue.receiver().receiveCatching() }
        receive.assertGoesOn()
        queue.sync().put(1)
        runCurrent()
        queue.sync().put(2)
        runCurrent()
        assertEquals(1, receive.value)
        assertEquals(2, catching.value.getOrThrow())
    }

    @Test
    fun views_capacityZero_meetEachOther() = inVirtualTime {
        val queue = fifo(0)
        val send = begin { queue.sender().send(1) }
        val receive = begin { queue.receiver().receive() }
        send.value
        assertEquals(1, receive.value)
    }

    @Test
    fun iterator_untilShutdown_getsAllAndEnds() = inVirtualTime {
        val queue = fifo(2, 1, 2)
        val got = ArrayList<Int>()
        val loop = begin { for (element in queue.receiver()) got += element }
        queue.sync().put(3)
        runCurrent()
        loop.assertGoesOn()
        queue.shutdown()
        runCurrent()
        loop.value
        assertEquals(listOf(1, 2, 3), got)
    }

    @Test
    fun iterator_shutDownWithCause_throwsItAfterTheLast() = inVirtualTime {
        val cause = Broken("the source")
        val queue = fifo(2, 1, 2).apply { shutdown(cause) }
        val got = ArrayList<Int>()
        val loop = begin { for (element in queue.receiver()) got += element }
        assertSameFailure(cause, loop.assertThrew<Broken>())
        assertEquals(listOf(1, 2), got)
    }

    @Test
    fun hasNext_calledAgain_takesOneElementOnly() = inVirtualTime {
        val queue = fifo(2, 1, 2)
        val iterator = queue.receiver().iterator()
        assertTrue(iterator.hasNext())
        assertTrue(iterator.hasNext())
        assertEquals(1, queue.stats().taken())
        assertEquals(1, iterator.next())
        assertThrows(IllegalStateException::class.java) { iterator.next() }
        assertEquals(1, queue.stats().taken())
    }

    @Test
    fun send_shutDown_throwsTheCauseOrClosedSendChannelException() = inVirtualTime {
        val cause = Broken("the source")
        val broken = fifo(1).apply { shutdown(cause) }
        val closed = fifo(1).apply { shutdown() }
        assertSameFailure(cause, begin { broken.sender().send(1) }.assertThrew<Broken>())
        begin { closed.sender().send(1) }.assertThrew<ClosedSendChannelException>()
    }

    @Test
    fun receive_shutDown_throwsTheCauseOrClosedReceiveChannelException() = inVirtualTime {
        val cause = Broken("the source")
        val broken = fifo(1).apply { shutdown(cause) }
        val closed = fifo(1).apply { shutdown() }
        assertSameFailure(cause, begin { broken.receiver().receive() }.assertThrew<Broken>())
        begin { closed.receiver().receive() }.assertThrew<ClosedReceiveChannelException>()
        assertSame(cause, begin { broken.receiver().receiveCatching() }.value.exceptionOrNull())
        assertTrue(begin { closed.receiver().receiveCatching() }.value.run { isClosed && exceptionOrNull() == null })
    }

    @Test
    fun send_waitsWhenShutDown_throwsClosedSendChannelException() = inVirtualTime {
        val queue = fifo(1, 1)
        val send = begin { queue.sender().send(2) }
        queue.shutdown()
        runCurrent()
        send.assertThrew<ClosedSendChannelException>()
        assertEquals(listOf(1), queue.sync().toList())
    }

    // The end

    @Test
    fun close_sendersWait_letsThemInAndRefusesNewcomers() = inVirtualTime {
        val queue = fifo(1, 1)
        val view = queue.sender()
        val waiting = (2..4).map { begin { view.send(it) } }
        assertTrue(view.close())
        assertFalse(view.close())
        runCurrent()
        waiting.forEach { it.assertGoesOn() }
        assertTrue(view.isClosedForSend)
        assertTrue(view.trySend(5).isClosed)
        begin { view.send(5) }.assertThrew<ClosedSendChannelException>()

        val got = begin { queue.receiver().toList() }

        assertEquals(listOf(1, 2, 3, 4), got.value)
        waiting.forEach { it.value }
        assertTrue(queue.isTerminated)
    }

    @Test
    fun close_capacityZero_letsWaitingSendersIn() = inVirtualTime {
        val queue = fifo(0)
        val waiting = (1..3).map { begin { queue.sender().send(it) } }
        assertTrue(queue.sender().close())
        assertEquals(listOf(1, 2, 3), begin { queue.receiver().toList() }.value)
        waiting.forEach { it.value }
    }

    @Test
    fun close_afterShutdown_returnsFalse() {
        val queue = fifo(1).apply { shutdown() }
        assertFalse(queue.sender().close(Broken("too late")))
        assertNull(queue.shutdownCause())
    }

    @Test
    fun close_withCause_givesItToEveryone() = inVirtualTime {
        val cause = Broken("the source")
        val queue = fifo(1)
        val receive = begin { queue.receiver().receiveCatching() }
        assertTrue(queue.sender().close(cause))
        runCurrent()
        assertSame(cause, receive.value.exceptionOrNull())
        assertSame(cause, queue.shutdownCause())
    }

    @Test
    fun invokeOnClose_closed_isCalledOnceWithTheCause() {
        val cause = Broken("the source")
        val queue = fifo(1)
        val causes = ArrayList<Throwable?>()
        queue.sender().invokeOnClose { causes += it }
        assertEquals(listOf<Throwable?>(), causes)
        queue.sender().close(cause)
        queue.sender().close()
        queue.shutdown()
        assertEquals(listOf<Throwable?>(cause), causes)
        queue.sender().invokeOnClose { causes += it }
        assertEquals(listOf<Throwable?>(cause, cause), causes)
    }

    @Test
    fun cancel_elementsLeft_theyStayForOthersAndTheViewTakesNone() = inVirtualTime {
        val queue = fifo(3, 1, 2)
        val view = queue.receiver()
        val reason = CancellationException("no more, thanks")

        view.cancel(reason)

        assertTrue(queue.isShutdown)
        assertNull(queue.shutdownCause(), "those that take what is left are not cancelled")
        assertTrue(view.isClosedForReceive)
        assertTrue(view.tryReceive().isClosed)
        assertTrue(begin { view.receiveCatching() }.value.isClosed)
        assertSameFailure(reason, begin { view.receive() }.assertThrew<CancellationException>())
        assertSameFailure(reason, begin { for (e in view) error("got $e") }.assertThrew<CancellationException>())
        assertEquals(listOf(1, 2), queue.sync().toList())
        assertEquals(1, queue.receiver().tryReceive().getOrNull())
        assertEquals(listOf(2), queue.shutdownNow())
    }

    @Test
    fun cancel_elementsLeft_theViewsClausesTakeNone() = inVirtualTime {
        val queue = fifo(3, 1, 2)
        val view = queue.receiver()
        view.cancel()
        val catching = begin { select { view.onReceiveCatching { it } } }
        val receiving = begin { select { view.onReceive { it } } }
        assertEquals(listOf(1, 2), queue.sync().toList())
        assertTrue(catching.value.isClosed)
        receiving.assertThrew<CancellationException>()
    }

    @Test
    fun cancel_receiversAndSendersWait_releasesThem() = inVirtualTime {
        val empty = fifo(1)
        val view = empty.receiver()
        val receive = begin { view.receive() }
        val clause = begin { select { view.onReceiveCatching { it } } }
        view.cancel()
        runCurrent()
        receive.assertThrew<ClosedReceiveChannelException>()
        assertTrue(clause.value.isClosed)

        val full = fifo(1, 1)
        val send = begin { full.sender().send(2) }
        full.receiver().cancel()
        runCurrent()
        send.assertThrew<ClosedSendChannelException>()
        assertEquals(listOf(1), full.sync().toList())
    }

    // Select

    @Test
    fun clauses_ready_areChosenAtOnce() = inVirtualTime {
        val queue = fifo(2, 1)
        val sender = queue.sender()
        val receiver = queue.receiver()
        val told = begin<SendChannel<Int>> { select { sender.onSend(2) { it } } }.value
        assertSame(sender, told)
        assertEquals(1, begin { select { receiver.onReceive { it } } }.value)
        assertEquals(2, begin { select { receiver.onReceiveCatching { it.getOrThrow() } } }.value)
    }

    @Test
    fun clauses_notReady_waitOrFallThroughToATimeout() = inVirtualTime {
        val empty = fifo(1)
        val full = fifo(1, 1)
        suspend fun once() = select {
            full.sender().onSend(2) { "sent" }
            empty.receiver().onReceive { "received $it" }
            onTimeout(1) { "time-out" }
        }
        assertEquals("time-out", once())
        val waiting = begin { once() }
        empty.sync().put(7)
        runCurrent()
        assertEquals("received 7", waiting.value)
        assertEquals(listOf(1), full.sync().toList())
    }

    @Test
    fun clauses_shutDown_throwWhatAChannelThrows() = inVirtualTime {
        val cause = Broken("the source")
        val broken = fifo(1).apply { shutdown(cause) }
        val closed = fifo(1).apply { shutdown() }
        assertSameFailure(cause, begin { select { broken.sender().onSend(1) { } } }.assertThrew<Broken>())
        assertSameFailure(cause, begin { select { broken.receiver().onReceive { } } }.assertThrew<Broken>())
        begin { select { closed.sender().onSend(1) { } } }.assertThrew<ClosedSendChannelException>()
        begin { select { closed.receiver().onReceive { } } }.assertThrew<ClosedReceiveChannelException>()
        val result = begin { select { broken.receiver().onReceiveCatching { it } } }.value
        assertSame(cause, result.exceptionOrNull())
    }

    @Test
    fun clauses_twoSelectsAtCapacityZero_meetEachOther() = inVirtualTime {
        val queue = fifo(0)
        fun meeting(element: Int) = begin {
            select {
                queue.sender().onSend(element) { "sent" }
                queue.receiver().onReceive { "received $it" }
            }
        }
        val first = meeting(1)
        first.assertGoesOn()
        val second = meeting(2)
        runCurrent()
        val outcomes = listOf(first.value, second.value)
        assertTrue(outcomes == listOf("sent", "received 1") || outcomes == listOf("received 2", "sent")) { "$outcomes" }
        assertTrue(queue.isEmpty)
    }

    @Test
    fun clauses_oneSendsAndOneReceivesAtCapacityZero_meet() = inVirtualTime {
        val queue = fifo(0)
        val send = begin { select { queue.sender().onSend(1) { "sent" } } }
        send.assertGoesOn()
        val receive = begin { select { queue.receiver().onReceive { it } } }
        runCurrent()
        assertEquals("sent", send.value)
        assertEquals(1, receive.value)
    }

    // kotlinx's operators

    @Test
    fun consumeEach_closedByTheSender_getsAll() = inVirtualTime {
        val queue = fifo(2)
        val got = ArrayList<Int>()
        val consumer = begin { queue.receiver().consumeEach { got += it } }
        val producer = begin {
            (1..5).forEach { queue.sender().send(it) }
            queue.sender().close()
        }
        producer.value
        consumer.value
        assertEquals((1..5).toList(), got)
    }

    @Test
    fun consumeEach_blockThrows_shutsDownAndLeavesTheRest() = inVirtualTime {
        val queue = fifo(3, 1, 2, 3)
        begin { queue.receiver().consumeEach { throw Broken("at $it") } }.assertThrew<Broken>()
        assertTrue(queue.isShutdown)
        assertEquals(listOf(2, 3), queue.sync().toList())
    }

    @Test
    fun toList_shutDown_isWhatWasLeft() = inVirtualTime {
        val queue = fifo(3, 1, 2, 3).apply { shutdown() }
        assertEquals(listOf(1, 2, 3), queue.receiver().toList())
        assertTrue(queue.isTerminated)
    }

    @Test
    fun consumeAsFlow_takesTwo_shutsDownAndLeavesTheRest() = inVirtualTime {
        val queue = fifo(4, 1, 2, 3, 4)
        assertEquals(listOf(10, 20), queue.receiver().consumeAsFlow().map { it * 10 }.take(2).toList())
        assertTrue(queue.isShutdown)
        assertEquals(listOf(3, 4), queue.sync().toList())
    }

    @Test
    fun receiveAsFlow_takesTwo_leavesTheRestAndStaysOpen() = inVirtualTime {
        val queue = fifo(4, 1, 2, 3, 4)
        val flow = queue.receiver().receiveAsFlow()
        assertEquals(listOf(1, 2), flow.take(2).toList())
        assertFalse(queue.isShutdown)
        queue.shutdown()
        assertEquals(listOf(3, 4), flow.toList())
    }

    // Cancellation

    @Test
    fun receive_cancelledAfterItWasWoken_elementStays() {
        val queue = fifo(1)
        val view = queue.receiver()
        val calls = listOf<suspend () -> Any?>(
            { view.receive() },
            { view.receiveCatching() },
            { view.iterator().hasNext() },
            { select { view.onReceive { it } } },
            { select { view.onReceiveCatching { it } } },
        )
        for ((i, call) in calls.withIndex()) {
            val dispatcher = ManualDispatcher()
            val receive = dispatcher.begin { call() }
            queue.sync().put(i)
            receive.job.cancel()
            dispatcher.runAll()
            receive.assertThrew<CancellationException>()
            assertEquals(i, queue.sync().poll())
        }
    }

    @Test
    fun send_cancelledWhileItWaits_elementIsNotIn() {
        val queue = fifo(1, 1)
        val view = queue.sender()
        for (call in listOf<suspend () -> Unit>({ view.send(2) }, { select { view.onSend(2) { } } })) {
            val dispatcher = ManualDispatcher()
            val send = dispatcher.begin { call() }
            send.job.cancel()
            dispatcher.runAll()
            send.assertThrew<CancellationException>()
        }
        assertEquals(listOf(1), queue.sync().toList())
    }

    @Test
    fun receive_cancelledAtAnyTime_everyElementArrivesOnce() {
        val elements = (1..20_000).toList()
        for (capacity in listOf(0, 1, 64)) {
            val queue = fifo(capacity)
            val view = queue.receiver()
            val got = ConcurrentLinkedQueue<Int>()
            val producer = inThread {
                elements.forEach { queue.sync().put(it) }
                queue.sender().close()
            }
            runBlocking(Dispatchers.Default) {
                while (!queue.isTerminated) {
                    val receivers = List(4) { running { while (true) got += view.receive() } }
                    repeat(4) { kotlinx.coroutines.yield() }
                    receivers.forEach { it.job.cancel() }
                    receivers.forEach { it.job.join() }
                }
            }
            producer.await().value
            assertEquals(elements, got.sorted())
        }
    }
}

/** kotlinx may have copied the exception to add the caller's stack; then it is the cause. */
private fun assertSameFailure(expected: Throwable, thrown: Throwable) =
    assertTrue(thrown === expected || thrown.cause === expected) { "expected $expected, but it was $thrown" }
