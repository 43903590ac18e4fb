package dev.janus.queue

import dev.janus.JanusQueue
import dev.janus.fixtures.AnyPut
import dev.janus.fixtures.Dropping
import dev.janus.fixtures.Running
import dev.janus.fixtures.SteppedDispatcher
import dev.janus.fixtures.assertConserved
import dev.janus.fixtures.beginOn
import kotlinx.coroutines.channels.BufferOverflow
import kotlinx.coroutines.channels.BufferOverflow.DROP_LATEST
import kotlinx.coroutines.channels.BufferOverflow.DROP_OLDEST
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import org.junit.jupiter.params.provider.ValueSource

/** A queue that drops never drops what is reserved for a woken receiver, nor what a waiting thread has. */
internal class DropOldestReservedTest {
    private val steps = SteppedDispatcher()

    private fun receiverOf(queue: JanusQueue<Int>) = beginOn(steps) { queue.async().receive() }

    @ParameterizedTest
    @EnumSource
    fun dropOldest_oneReceiverSuspended_getsTheFirstAndThenTheLastIsThere(put: AnyPut) {
        val subject = Dropping(DROP_OLDEST, capacity = 1)
        val receiver = receiverOf(subject.queue)

        for (element in 1..3) {
            put.putAtOnce(subject.queue, element)
            assertConserved(subject.queue)
        }

        assertEquals(listOf(2), subject.dropped)
        steps.runAll()
        assertEquals(1, receiver.value)
        assertEquals(listOf(3), subject.takeAll())
        subject.check()
    }

    @ParameterizedTest
    @ValueSource(ints = [1, 3, 10])
    fun dropOldest_severalReceiversSuspended_eachGetsItsReservedElement(capacity: Int) {
        val subject = Dropping(DROP_OLDEST, capacity)
        val receivers = List(3) { receiverOf(subject.queue) }

        for (element in 0 until 3 + capacity + 4) subject.queue.sync().add(element)

        assertEquals((3 until 7).toList(), subject.dropped)
        assertEquals(capacity, subject.queue.size())
        assertEquals(3, subject.queue.stats().reservedElements())
        assertConserved(subject.queue)
        steps.runAll()
        assertEquals(listOf(0, 1, 2), receivers.map { it.value })
        assertEquals((7 until 7 + capacity).toList(), subject.takeAll())
        subject.check()
    }

    @Test
    fun dropOldest_rendezvousAndOneReceiverSuspended_getsTheFirstAndTheOthersAreDropped() {
        val subject = Dropping(DROP_OLDEST, capacity = 0)
        val receiver = receiverOf(subject.queue)

        for (element in 1..3) subject.queue.sync().add(element)

        assertEquals(listOf(2, 3), subject.dropped)
        steps.runAll()
        assertEquals(1, receiver.value)
        subject.check()
    }

    @ParameterizedTest
    @ValueSource(ints = [0, 1, 3])
    fun dropLatest_oneReceiverSuspended_getsTheFirstAndTheQueueFillsUp(capacity: Int) {
        val subject = Dropping(DROP_LATEST, capacity)
        val receiver = receiverOf(subject.queue)

        for (element in 0 until capacity + 3) subject.queue.sync().add(element)

        assertEquals(listOf(capacity + 1, capacity + 2), subject.dropped)
        assertEquals(capacity, subject.queue.size())
        steps.runAll()
        assertEquals(0, receiver.value)
        assertEquals((1..capacity).toList(), subject.takeAll())
        subject.check()
    }

    @ParameterizedTest
    @EnumSource(names = ["DROP_OLDEST", "DROP_LATEST"])
    fun dropping_aThreadWaits_hasTheFirstAtOnce(policy: BufferOverflow) = repeat(100) {
        val subject = Dropping(policy, capacity = 1)
        val taker = Running.startTake(subject.queue) { subject.queue.sync().take() }

        for (element in 1..3) subject.queue.sync().add(element)

        assertEquals(listOf(subject.either(oldest = 2, latest = 3)), subject.dropped)
        assertEquals(1, taker.result())
        assertEquals(listOf(subject.either(oldest = 3, latest = 2)), subject.takeAll())
        subject.check()
    }

    @Test
    fun dropOldest_receiverSuspendedAndNewcomerPolls_itGetsNothingOfTheReserved() {
        val subject = Dropping(DROP_OLDEST, capacity = 1)
        val receiver = receiverOf(subject.queue)
        subject.queue.sync().add(1)

        assertNull(subject.queue.sync().poll())

        steps.runAll()
        assertEquals(1, receiver.value)
        assertEquals(listOf<Int>(), subject.dropped)
        subject.check()
    }
}
