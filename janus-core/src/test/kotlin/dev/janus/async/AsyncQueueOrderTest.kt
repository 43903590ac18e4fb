package dev.janus.async

import dev.janus.fixtures.AsyncContract
import dev.janus.fixtures.OverStoringKinds
import dev.janus.fixtures.QueueKind
import dev.janus.fixtures.begin
import dev.janus.fixtures.inVirtualTime
import dev.janus.fixtures.returnsWithoutSuspending
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.test.runCurrent
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** What stays in the queue comes out in the queue's order, one by one and in batches. */
@OptIn(ExperimentalCoroutinesApi::class)
@OverStoringKinds
class AsyncQueueOrderTest(kind: QueueKind) : AsyncContract(kind) {
    @Test
    fun receive_elementsThere_comeInOrderWithoutSuspending() = inVirtualTime {
        val elements = fill()
        val received = ArrayList<Int>()

        assertTrue(returnsWithoutSuspending { repeat(elements.size) { received += face.receive() } })

        assertEquals(kind.arranged(elements), received)
    }

    @Test
    fun tryReceive_elementsThere_comeInOrder() {
        val elements = fill()

        assertEquals(kind.arranged(elements), List(elements.size) { face.tryReceive() })
        assertNull(face.tryReceive())
    }

    @Test
    fun sendReceive_interleaved_alwaysTheNextOfThosePresent() = inVirtualTime {
        val present = ArrayList<Int>()
        for (element in listOf(5, 3, 8, 1, 9, 2, 7, 6, 4, 12, 11, 10)) {
            if (present.size == minOf(kind.capacity(), 4)) {
                val expected = kind.order().next(present)
                assertEquals(expected, face.receive())
                present.remove(expected)
            }
            face.send(element)
            present += element
        }
        assertHolds(present)
    }

    @Test
    fun receive_wokenForOneElement_getsTheNextThereIsWhenItRuns() = inVirtualTime {
        val receiver = begin { face.receive() }

        val elements = fill()
        runCurrent()

        assertEquals(kind.order().next(elements), receiver.value)
        assertHolds(elements - receiver.value)
    }

    @Test
    fun receiveBatch_moreThanMax_takesTheFirstMax() = inVirtualTime {
        val elements = fill()
        val max = (elements.size + 1) / 2

        val batch = face.receiveBatch(max)

        assertEquals(kind.arranged(elements).take(max), batch)
        assertEquals(kind.arranged(elements).drop(max), drain())
    }

    @Test
    fun receiveBatch_fewerThanMax_takesWhatIsThereWithoutSuspending() = inVirtualTime {
        val elements = fill()
        var batch = emptyList<Int>()

        assertTrue(returnsWithoutSuspending { batch = face.receiveBatch(Int.MAX_VALUE) })

        assertEquals(kind.arranged(elements), batch)
        assertTrue(queue.isEmpty)
    }

    @Test
    fun receiveBatch_listChangedByTheCaller_isItsOwn() = inVirtualTime {
        fill()
        val batch = face.receiveBatch(64) as MutableList<Int>
        batch.clear()
        batch.add(99)

        assertNull(face.tryReceive())
    }

    @Test
    fun receiveBatch_empty_waitsAndTakesWhatIsThereWhenItRuns() = inVirtualTime {
        val receiver = begin { face.receiveBatch(64) }
        receiver.assertGoesOn()

        val elements = fill()
        runCurrent()

        assertEquals(kind.arranged(elements), receiver.value)
    }

    @Test
    fun receiveBatch_othersWait_leavesThemTheirs() = inVirtualTime {
        val batch = begin { face.receiveBatch(64) }
        val others = List(3) { begin { face.receive() } }

        val elements = fill()
        runCurrent()

        assertEquals(maxOf(1, elements.size - 3), batch.value.size)
        assertEquals(minOf(3, elements.size - 1), others.count { it.isOver })
        others.filterNot { it.isOver }.forEach { it.job.cancel() }
        runCurrent()
        assertTrue(queue.isEmpty)
    }

    @Test
    fun sendAll_room_addsAllInOrder() = inVirtualTime {
        val elements = MIXED.take(kind.capacity())

        assertTrue(returnsWithoutSuspending { face.sendAll(elements) })

        assertHolds(elements)
    }

    @Test
    fun sendAll_receiversWait_eachGetsOne() = inVirtualTime {
        val receivers = List(4) { begin { face.receive() } }

        val sender = begin { face.sendAll(listOf(1, 2, 3, 4)) }

        assertEquals(Unit, sender.value)
        assertEquals(listOf(1, 2, 3, 4), receivers.map { it.value }.sorted())
    }

    @Test
    fun tryReceive_elementReserved_isNull() = inVirtualTime {
        val receiver = begin { face.receive() }
        check(face.trySend(1))

        assertNull(face.tryReceive())
        runCurrent()

        assertEquals(1, receiver.value)
    }

    @Test
    fun clear_elementReserved_theWaiterGetsIt() = inVirtualTime {
        val receiver = begin { face.receive() }
        check(face.trySend(1))

        queue.sync().clear()
        runCurrent()

        assertEquals(0, queue.stats().removed())
        assertEquals(1, receiver.value)
    }
}
