package dev.janus.async

import dev.janus.AsyncQueue
import dev.janus.fixtures.AsyncContract
import dev.janus.fixtures.OverEveryKind
import dev.janus.fixtures.QueueKind
import dev.janus.fixtures.begin
import dev.janus.fixtures.inVirtualTime
import dev.janus.fixtures.nullElement
import dev.janus.fixtures.returnsWithoutSuspending
import dev.janus.fixtures.running
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.runCurrent
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.concurrent.TimeUnit.HOURS

/** `send receive trySend tryReceive`, their null rows, the acknowledged work, over every kind of queue. */
@OptIn(ExperimentalCoroutinesApi::class)
@OverEveryKind
class AsyncQueueContractTest(kind: QueueKind) : AsyncContract(kind) {
    @Test
    fun receive_empty_waitsForSend() = inVirtualTime {
        val receiver = begin { face.receive() }
        receiver.assertGoesOn()
        assertEquals(1, queue.stats().waitingTakeCoroutines())

        val sender = begin { face.send(7) }

        assertEquals(Unit, sender.value)
        assertEquals(7, receiver.value)
        assertTrue(queue.isEmpty)
    }

    @Test
    fun send_receiverWaits_doesNotWait() = inVirtualTime {
        val receiver = begin { face.receive() }
        var sent = false

        launch(start = CoroutineStart.UNDISPATCHED) {
            face.send(7)
            sent = true
        }

        assertTrue(sent)
        runCurrent()
        assertEquals(7, receiver.value)
    }

    @Test
    fun receive_severalWait_eachGetsOneInOrderOfArrival() = inVirtualTime {
        val receivers = List(3) { begin { face.receive() } }

        for (element in 1..3) {
            begin { face.send(element) }
            assertEquals(element, receivers.count { it.isOver })
        }

        assertEquals(listOf(1, 2, 3), receivers.map { it.value })
    }

    @Test
    fun sendReceive_manyAtOnce_eachIsReceivedOnce() = inVirtualTime {
        val senders = List(4) { s -> running { repeat(50) { face.send(it * 4 + s) } } }
        val receivers = List(5) { running { List(40) { face.receive() } } }
        runCurrent()

        senders.forEach { it.value }
        val received = receivers.flatMap { it.value }
        assertEquals((0 until 200).toList(), received.sorted())
    }

    @Test
    fun sendReceive_oneProducerOneConsumer_allComeOut() = inVirtualTime {
        begin { repeat(100) { face.send(it) } }
        val receiver = begin { List(100) { face.receive() } }

        if (kind.order() == QueueKind.Order.FIFO) {
            assertEquals(List(100) { it }, receiver.value)
        } else {
            assertEquals(List(100) { it }, receiver.value.sorted())
        }
    }

    @Test
    fun tryReceive_empty_isNull() {
        assertNull(face.tryReceive())
        assertEquals(0, queue.stats().taken())
    }

    @Test
    fun trySend_receiverWaits_isTaken() = inVirtualTime {
        val receiver = begin { face.receive() }

        assertTrue(face.trySend(7))
        assertEquals(1, queue.stats().reservedElements())
        runCurrent()

        assertEquals(7, receiver.value)
    }

    @Test
    fun send_null_throws() = inVirtualTime {
        assertTrue(thrownBy { face.sendNull() } is NullPointerException)
        assertTrue(thrownBy { face.sendNullFor(-1) } is NullPointerException)
        assertTrue(thrownBy { face.sendNullFor(1) } is NullPointerException)
        assertTrue(thrownBy { face.sendAll(nullElement()) } is NullPointerException)
        assertThrows(NullPointerException::class.java) { face.trySendNull() }
        assertEquals(0, queue.stats().accepted())
    }

    @Test
    fun sendAll_oneIsNull_throwsAndAddsNothing() = inVirtualTime {
        val receiver = begin { face.receive() }

        assertTrue(thrownBy { face.sendAll(listOf(1, 2, nullElement())) } is NullPointerException)

        receiver.assertGoesOn()
        assertEquals(0, queue.stats().accepted())
        receiver.job.cancel()
        runCurrent()
    }

    @Test
    fun receiveBatch_maxLessThanOne_throwsAndNamesIt() = inVirtualTime {
        val elements = if (kind.capacity() == 0) emptyList() else fill()
        for (max in listOf(0, -17, Int.MIN_VALUE)) {
            val thrown = begin { face.receiveBatch(max) }.assertThrew<IllegalArgumentException>()
            assertTrue("$max" in thrown.message!!) { "expected $max in: ${thrown.message}" }
        }
        assertHolds(elements)
    }

    @Test
    fun taskDone_nothingTaken_throws() = inVirtualTime {
        assertThrows(IllegalStateException::class.java) { face.taskDone() }

        val sender = begin { face.send(1) }
        assertThrows(IllegalStateException::class.java) { face.taskDone() }
        assertEquals(1, begin { face.receive() }.value)
        assertEquals(Unit, sender.value)

        face.taskDone()
        assertThrows(IllegalStateException::class.java) { face.taskDone() }
        assertEquals(0, queue.unfinishedTasks())
    }

    @Test
    fun join_nothingSent_returnsAtOnce() = inVirtualTime {
        assertTrue(returnsWithoutSuspending { face.join() })
    }

    @Test
    fun join_unfinished_waitsForTheLastTaskDone() = inVirtualTime {
        begin { face.sendAll(listOf(1, 2)) }
        begin { face.receive() }
        val joins = List(2) { begin { face.join() } }
        assertEquals(2, queue.stats().waitingJoins())

        begin { face.receive() }
        face.taskDone()
        runCurrent()
        joins.forEach { it.assertGoesOn() }

        face.taskDone()
        runCurrent()
        joins.forEach { assertEquals(Unit, it.value) }
        assertTrue(returnsWithoutSuspending { face.join() })
    }

    @Test
    fun trySend_fullOrNot_saysWhetherItWasAdded() {
        val room = if (kind.isUnbounded) 1000 else kind.capacity()
        repeat(room) { assertTrue(face.trySend(it)) }

        if (!kind.isUnbounded) {
            assertFalse(face.trySend(-1))
            assertTrue(queue.isFull)
        }
        assertEquals(room.toLong(), queue.stats().accepted())
        assertHolds((0 until room).toList())
    }

    @Test
    fun faces_calledTwice_areTheSame() {
        assertTrue(queue.async() === face)
        assertTrue(queue.sync() === queue.sync())
        assertEquals(kind.capacity(), queue.capacity())
    }

    private suspend fun thrownBy(block: suspend () -> Unit) = runCatching { block() }.exceptionOrNull()
}

private fun <E : Any> AsyncQueue<E>.trySendNull() = trySend(nullElement())

private suspend fun <E : Any> AsyncQueue<E>.sendNull() = send(nullElement())

private suspend fun <E : Any> AsyncQueue<E>.sendNullFor(hours: Long) {
    send(nullElement(), hours, HOURS)
}
