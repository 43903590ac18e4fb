package dev.janus.waiting

import dev.janus.fixtures.BlockingCall
import dev.janus.fixtures.QueueKind
import dev.janus.fixtures.Running
import dev.janus.fixtures.SteppedDispatcher
import dev.janus.fixtures.SuspendingCall
import dev.janus.fixtures.assertConserved
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.beginOn
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.params.ParameterizedClass
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.MethodSource
import java.util.concurrent.CancellationException
import java.util.concurrent.TimeUnit.SECONDS

/** An element is reserved for a coroutine that was woken and has not run: nobody else counts, sees or takes it. */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.janus.waiting.FinishedTakeTest#kinds")
internal class WokenReceiverTest(kind: QueueKind) {
    private val capacity = kind.capacity()
    private val queue = kind.build()
    private val sync = queue.sync()
    private val steps = SteppedDispatcher()

    private fun begin(receive: SuspendingCall): Running<Int> {
        val running = beginOn(steps) { receive.call(queue.async()) as Int }
        assertEquals(1, queue.stats().waitingTakeCoroutines())
        return running
    }

    /** A receiver that 7 has woken. */
    private fun woken(receive: SuspendingCall): Running<Int> = begin(receive).also { assertTrue(sync.offer(7)) }

    private fun Running<Int>.assertGets(element: Int) {
        steps.runAll()
        assertEquals(element, value)
        assertConserved(queue)
    }

    @ParameterizedTest
    @MethodSource("dev.janus.fixtures.SuspendingCall#receives")
    fun wokenReceiver_sizesAndStats_countItsElementAsReserved(receive: SuspendingCall) {
        val receiver = woken(receive)

        val stats = queue.stats()
        assertEquals(0, stats.size(), "$stats")
        assertEquals(1, stats.reservedElements(), "$stats")
        assertEquals(0, stats.taken(), "$stats")
        assertConserved(stats)
        assertEquals(listOf(0, 0), listOf(queue.size(), sync.size))
        assertTrue(queue.isEmpty)
        assertTrue(sync.isEmpty())
        receiver.assertGets(7)
        assertNothingPending(queue)
    }

    @ParameterizedTest
    @MethodSource("dev.janus.fixtures.SuspendingCall#receives")
    fun wokenReceiver_takesOfOthers_findNothing(receive: SuspendingCall) {
        val receiver = woken(receive)

        assertNull(sync.poll())
        assertNull(sync.poll(0, SECONDS))
        assertNull(queue.async().tryReceive())
        assertEquals(0, sync.drainTo(ArrayList()))
        assertNull(BlockingCall.selecting(queue).select(0, SECONDS))
        receiver.assertGets(7)
    }

    @ParameterizedTest
    @MethodSource("dev.janus.fixtures.SuspendingCall#receives")
    fun wokenReceiver_views_doNotShowItsElement(receive: SuspendingCall) {
        val receiver = woken(receive)

        assertNull(sync.peek())
        assertFalse(sync.iterator().hasNext())
        assertFalse(sync.contains(7))
        assertEquals(0, sync.toTypedArray().size)
        assertEquals(0, sync.stream().count())
        receiver.assertGets(7)
    }

    @ParameterizedTest
    @MethodSource("dev.janus.fixtures.SuspendingCall#receives")
    fun wokenReceiver_removals_doNotRemoveItsElement(receive: SuspendingCall) {
        val receiver = woken(receive)

        assertFalse(sync.remove(element = 7))
        assertFalse(sync.removeIf { true })
        assertFalse(sync.removeAll(setOf(7)))
        assertFalse(sync.retainAll(setOf<Int>()))
        sync.clear()
        assertEquals(0, queue.stats().removed())
        receiver.assertGets(7)
    }

    @ParameterizedTest
    @MethodSource("dev.janus.fixtures.SuspendingCall#receives")
    fun wokenReceiver_itsElementTakesNoRoom(receive: SuspendingCall) {
        val receiver = woken(receive)

        assertEquals(capacity, sync.remainingCapacity())
        repeat(capacity) { assertTrue(sync.offer(10 + it)) }
        assertFalse(sync.offer(99))
        assertFalse(queue.async().trySend(99))
        assertEquals(capacity, queue.size())
        assertTrue(queue.isFull)
        assertConserved(queue)
        steps.runAll()
        assertEquals(capacity, queue.size())
        assertFalse(sync.offer(99))
        assertEquals((listOf(7) + List(capacity) { 10 + it }).sorted(), (sync.toList() + receiver.value).sorted())
    }

    @ParameterizedTest
    @MethodSource("dev.janus.fixtures.SuspendingCall#receives")
    fun wokenReceiver_anotherElement_oneIsSeenAndTheOtherReceived(receive: SuspendingCall) {
        if (capacity == 0) return
        val receiver = woken(receive)
        assertTrue(sync.offer(8))

        val seen = sync.toList().single()
        val reserved = listOf(7, 8).single { it != seen }

        assertEquals(seen, sync.peek())
        assertEquals(1, queue.size())
        assertTrue(sync.contains(seen))
        assertFalse(sync.contains(reserved))
        assertFalse(sync.remove(element = reserved))
        assertEquals(seen, sync.poll())
        assertNull(sync.poll())
        receiver.assertGets(reserved)
    }

    @ParameterizedTest
    @MethodSource("dev.janus.fixtures.SuspendingCall#receives")
    fun wokenReceiver_anotherElementCleared_itsOwnStays(receive: SuspendingCall) {
        if (capacity == 0) return
        val receiver = woken(receive)
        assertTrue(sync.offer(8))
        val seen = sync.peek()

        sync.clear()

        assertEquals(1, queue.stats().removed())
        assertEquals(1, queue.stats().reservedElements())
        receiver.assertGets(listOf(7, 8).single { it != seen })
    }

    @ParameterizedTest
    @MethodSource("dev.janus.fixtures.SuspendingCall#receives")
    fun wokenReceiver_cancelled_itsElementIsThereAgainAtTheHead(receive: SuspendingCall) {
        val receiver = woken(receive)

        receiver.job.cancel()
        steps.runAll()

        receiver.assertThrew<CancellationException>()
        assertEquals(1, queue.size())
        assertEquals(7, sync.peek())
        assertConserved(queue)
        assertEquals(capacity != 0 && capacity != 1, sync.offer(9))
        assertEquals(setOf(7) + (if (capacity > 1) setOf(9) else setOf()), sync.toSet())
        sync.clear()
        assertNothingPending(queue)
    }

    @ParameterizedTest
    @MethodSource("dev.janus.fixtures.SuspendingCall#receives")
    fun wokenReceiver_cancelledInAFullQueue_theQueueHoldsOneMore(receive: SuspendingCall) {
        val receiver = woken(receive)
        repeat(capacity) { assertTrue(sync.offer(10 + it)) }

        receiver.job.cancel()
        steps.runAll()

        receiver.assertThrew<CancellationException>()
        assertEquals(capacity + 1, queue.size())
        assertFalse(sync.offer(99))
        assertConserved(queue)
        assertEquals((listOf(7) + List(capacity) { 10 + it }).toSet(), sync.toSet())
        sync.poll()
        assertFalse(sync.offer(99), "still as full as it may be")
    }

    @ParameterizedTest
    @MethodSource("dev.janus.fixtures.SuspendingCall#receives")
    fun wokenReceiver_timeIsUp_itsElementIsReceivedOrThereAgain(receive: SuspendingCall) {
        val receiver = woken(receive)

        steps.passTime()
        steps.runAll()

        if (receiver.failure() == null) {
            assertEquals(7, receiver.value)
            assertTrue(queue.isEmpty)
        } else {
            assertEquals(SuspendingCall.TIMED_RECEIVE, receive)
            assertEquals(7, sync.poll())
        }
        assertNothingPending(queue)
    }

    @ParameterizedTest
    @MethodSource("dev.janus.fixtures.SuspendingCall#receives")
    fun wokenReceiver_shutDown_getsItsElementAndThenTheQueueTerminates(receive: SuspendingCall) {
        val receiver = woken(receive)

        queue.shutdown()

        assertFalse(queue.isTerminated, "the receiver may yet give up")
        receiver.assertGets(7)
        assertTrue(queue.isTerminated)
    }

    @ParameterizedTest
    @MethodSource("dev.janus.fixtures.SuspendingCall#receives")
    fun wokenReceiver_shutDownNow_itsElementIsHandedBack(receive: SuspendingCall) {
        val receiver = woken(receive)

        assertEquals(listOf(7), queue.shutdownNow())

        steps.runAll()
        assertNotNull(receiver.failure(), "it received what was handed back")
        assertTrue(queue.isTerminated)
        assertEquals(1, queue.stats().removed())
        assertNothingPending(queue)
    }

    @ParameterizedTest
    @MethodSource("dev.janus.fixtures.SuspendingCall#receives")
    fun wokenReceiver_interruptedThreadBehindIt_doesNotDisturbIt(receive: SuspendingCall) {
        val receiver = begin(receive)
        val thread = Running.startTake(queue) { sync.take() }
        assertTrue(sync.offer(7))

        thread.interrupt()
        thread.failure(InterruptedException::class.java)

        receiver.assertGets(7)
        assertNothingPending(queue)
    }

    @ParameterizedTest
    @MethodSource("dev.janus.fixtures.SuspendingCall#receives")
    fun wokenReceiver_threadBehindIt_hasTheNextElementAtOnce(receive: SuspendingCall) {
        val receiver = begin(receive)
        val thread = Running.startTake(queue) { sync.take() }

        assertTrue(sync.offer(7))
        assertTrue(sync.offer(8))

        assertEquals(0, queue.size())
        assertEquals(1, queue.stats().reservedElements())
        assertEquals(1, queue.stats().taken())
        assertConserved(queue)
        val ofThread = thread.result()
        receiver.assertGets(listOf(7, 8).single { it != ofThread })
        assertNothingPending(queue)
    }
}
