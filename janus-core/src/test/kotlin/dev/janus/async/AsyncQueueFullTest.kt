package dev.janus.async

import dev.janus.QueueShutdownException
import dev.janus.fixtures.AsyncContract
import dev.janus.fixtures.OverBoundedKinds
import dev.janus.fixtures.QueueKind
import dev.janus.fixtures.begin
import dev.janus.fixtures.inVirtualTime
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.test.runCurrent
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.concurrent.CancellationException

/** A put into a full queue waits for room. */
@OptIn(ExperimentalCoroutinesApi::class)
@OverBoundedKinds
class AsyncQueueFullTest(kind: QueueKind) : AsyncContract(kind) {
    @Test
    fun send_full_waitsForReceive() = inVirtualTime {
        val elements = fill()
        val sender = begin { face.send(7) }
        sender.assertGoesOn()
        assertEquals(1, queue.stats().waitingPutCoroutines())
        assertEquals(elements.size, queue.size())

        val received = begin { face.receive() }.value

        assertEquals(Unit, sender.value)
        assertHolds(elements + 7 - received)
    }

    @Test
    fun trySend_full_isFalseAndAddsNothing() {
        val elements = fill()

        assertFalse(face.trySend(7))

        assertHolds(elements)
    }

    @Test
    fun send_severalWait_enterInOrderOfArrival() = inVirtualTime {
        val elements = fill()
        val senders = List(4) { begin { face.send(1000 + it) } }
        assertEquals(4, queue.stats().waitingPutCoroutines())

        for (sent in 1..4) {
            begin { face.receive() }
            assertEquals(List(4) { it < sent }, senders.map { it.isOver })
        }

        assertEquals((elements.size + 4).toLong(), queue.stats().accepted())
    }

    @Test
    fun trySend_senderWaitedForTheRoom_isFalse() = inVirtualTime {
        val elements = fill()
        val sender = begin { face.send(7) }

        queue.capacity(kind.capacity() + 1)
        assertEquals(0, queue.stats().waitingPutCoroutines())
        assertFalse(face.trySend(8))
        runCurrent()

        assertEquals(Unit, sender.value)
        assertHolds(elements + 7)
    }

    @Test
    fun sendAll_notEnoughRoom_waitsAsOftenAsNeeded() = inVirtualTime {
        val all = (0 until 70).toList()
        val sender = begin { face.sendAll(all) }
        sender.assertGoesOn()
        assertEquals(kind.capacity(), queue.size())

        val receiver = begin { List(70) { face.receive() } }

        assertEquals(Unit, sender.value)
        assertEquals(all, receiver.value.sorted())
        if (kind.order() == QueueKind.Order.FIFO) {
            assertEquals(all, receiver.value)
        }
    }

    @Test
    fun sendAll_collectionChangedMeanwhile_wasReadBefore() = inVirtualTime {
        val all = (0 until 70).toMutableList()
        val sender = begin { face.sendAll(all) }
        sender.assertGoesOn()
        all.clear()

        val receiver = begin { List(70) { face.receive() } }

        assertEquals((0 until 70).toList(), receiver.value.sorted())
        assertEquals(Unit, sender.value)
    }

    @Test
    fun sendAll_shutDownMeanwhile_saysHowManyWereAdded() = inVirtualTime {
        val sender = begin { face.sendAll((0 until 70).toList()) }

        queue.shutdown()
        runCurrent()

        val message = sender.assertThrew<QueueShutdownException>().message!!
        assertTrue(Regex("\\b${kind.capacity()}\\b") in message) { "expected ${kind.capacity()} in: $message" }
        assertHolds((0 until kind.capacity()).toList())
    }

    @Test
    fun sendAll_cancelledMeanwhile_whatWasAddedStays() = inVirtualTime {
        val sender = begin { face.sendAll((0 until 70).toList()) }

        sender.job.cancel()
        runCurrent()

        sender.assertThrew<CancellationException>()
        assertHolds((0 until kind.capacity()).toList())
    }

    @Test
    fun receiveBatch_sendersWait_takesAtLeastOne() = inVirtualTime {
        val elements = fill()
        val senders = List(3) { begin { face.send(1000 + it) } }
        val received = ArrayList<Int>()

        val receiver = begin { while (received.size < elements.size + 3) received += face.receiveBatch(2) }

        assertEquals(Unit, receiver.value)
        assertTrue(senders.all { it.isOver })
        assertEquals((elements + listOf(1000, 1001, 1002)).sorted(), received.sorted())
    }

    @Test
    fun capacity_grown_letsWaitingSendersIn() = inVirtualTime {
        val elements = fill()
        val senders = List(3) { begin { face.send(1000 + it) } }

        queue.capacity(kind.capacity() + 2)
        runCurrent()

        assertEquals(listOf(true, true, false), senders.map { it.isOver })
        senders.last().job.cancel()
        runCurrent()
        assertHolds(elements + listOf(1000, 1001))
    }
}
