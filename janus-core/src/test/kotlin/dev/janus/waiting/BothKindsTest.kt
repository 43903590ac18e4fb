package dev.janus.waiting

import dev.janus.JanusQueue
import dev.janus.QueueShutdownException
import dev.janus.fixtures.ManualDispatcher
import dev.janus.fixtures.Running
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.begin
import dev.janus.fixtures.inThread
import dev.janus.fixtures.running
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.isActive
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.concurrent.CancellationException
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.TimeUnit.MICROSECONDS

/** Producers and consumers of both kinds: the rendezvous, order per producer, visibility, and each element at one place. */
class BothKindsTest {
    private val loop = ManualDispatcher()

    @Test
    fun rendezvous_putProceedsOnlyWhenAReceiverWaits() {
        val queue = JanusQueue.fifo<Int>(0)
        assertFalse(queue.sync().offer(1))
        assertFalse(queue.async().trySend(1))
        val putter = inThread { queue.sync().put(1) }
        awaitUntil("the thread waits") { queue.stats().waitingPutThreads() == 1 }

        val receiver = loop.begin { queue.async().receive() }
        awaitUntil("the hand-over", loop::runAll) { receiver.isOver }

        assertEquals(1, receiver.value)
        assertEquals(Unit, putter.await().value)
        val second = loop.begin { queue.async().receive() }
        assertTrue(queue.sync().offer(2))
        assertFalse(queue.sync().offer(3))
        loop.runAll()
        assertEquals(2, second.value)
        assertNothingPending(queue)
    }

    @Test
    fun rendezvous_matchedReceiverIsCancelled_theElementWaitsForTheNext() {
        val queue = JanusQueue.fifo<Int>(0)
        val receiver = loop.begin { queue.async().receive() }
        queue.sync().put(1)

        receiver.job.cancel()
        loop.runAll()

        receiver.assertThrew<CancellationException>()
        assertEquals(1, queue.size())
        assertEquals(1, queue.sync().take())
        assertNothingPending(queue)
    }

    @Test
    fun ordering_producersOfBothKinds_fifoPerProducer() {
        val queue = JanusQueue.fifo<Pair<Int, Int>>(4)
        val threads = List(2) { p -> inThread { repeat(2000) { queue.sync().put(p to it) } } }
        val coroutines =
            List(2) { p ->
                CoroutineScope(Dispatchers.Default).running { repeat(2000) { queue.async().send(p + 2 to it) } }
            }

        val received = List(8000) { queue.sync().take() }

        for (producer in 0 until 4) {
            assertEquals(List(2000) { it }, received.filter { it.first == producer }.map { it.second })
        }
        (threads + coroutines).forEach { it.await().value }
        assertNothingPending(queue)
    }

    @Test
    fun memory_whatWasDoneBeforeThePut_isSeenAfterTheTake() {
        class Plain(var value: Int)
        val queue = JanusQueue.fifo<Plain>(1)
        val plain = Plain(0)
        val sender =
            CoroutineScope(Dispatchers.Default).running {
                repeat(20_000) {
                    plain.value = it
                    queue.async().send(plain)
                    queue.async().join()
                }
            }
        repeat(20_000) {
            assertEquals(it, queue.sync().take().value)
            queue.sync().taskDone()
        }
        sender.await().value
        assertNothingPending(queue)
    }

    @Test
    fun elements_everyOneIsReceivedOnceHandedBackOrStillThere() {
        val queue = JanusQueue.priority<Int>(3)
        val accepted = ConcurrentLinkedQueue<Int>()
        val received = ConcurrentLinkedQueue<Int>()
        val scope = CoroutineScope(Dispatchers.Default)
        val putters = List(2) { p -> inThread { queue.putAsLongAsItTakes(p, accepted) } }
        val receivers = List(300) { scope.running { queue.receiveInto(received) }.also { it.cancelAfterATake(queue) } }

        val handedBack = queue.shutdownNow()

        putters.forEach { it.await().value }
        receivers.forEach { receiver -> awaitUntil("the receiver's end") { receiver.job.isCompleted } }
        assertEquals(accepted.sorted(), (received + handedBack).sorted())
        assertNull(queue.sync().poll())
        assertNothingPending(queue)
    }

    /** Goes on until it is cancelled. */
    private suspend fun JanusQueue<Int>.receiveInto(received: MutableCollection<Int>) {
        while (currentCoroutineContext().isActive) {
            async().receive(50, MICROSECONDS)?.let(received::add)
        }
    }

    private fun Running<*>.cancelAfterATake(queue: JanusQueue<Int>) {
        val before = queue.stats().taken()
        awaitUntil("something is taken") { queue.stats().taken() > before }
        job.cancel()
    }

    /** Even or odd numbers until it is shut down. */
    private fun JanusQueue<Int>.putAsLongAsItTakes(first: Int, accepted: MutableCollection<Int>) {
        for (element in first..Int.MAX_VALUE step 2) {
            try {
                sync().put(element)
            } catch (_: QueueShutdownException) {
                return
            }
            accepted += element
        }
    }
}
