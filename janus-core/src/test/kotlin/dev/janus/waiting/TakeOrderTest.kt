package dev.janus.waiting

import dev.janus.JanusQueue
import dev.janus.fixtures.By
import dev.janus.fixtures.ManualDispatcher
import dev.janus.fixtures.Mix
import dev.janus.fixtures.QueueKind
import dev.janus.fixtures.WaitingLine
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.atOnce
import dev.janus.fixtures.begin
import dev.janus.fixtures.inThread
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.Arguments
import org.junit.jupiter.params.provider.EnumSource
import org.junit.jupiter.params.provider.MethodSource
import org.junit.jupiter.params.provider.ValueSource
import java.util.concurrent.TimeUnit.SECONDS

/** Threads that wait for an element get theirs in the order in which they began to wait; coroutines are woken in it. */
internal class TakeOrderTest {
    /** Ways to put several elements in, for whom a taker waits. */
    enum class Supply(val put: (JanusQueue<Int>, List<Int>) -> Unit) {
        PUT_ALL({ queue, elements -> queue.sync().putAll(elements) }),
        ADD_ALL({ queue, elements -> queue.sync().addAll(elements) }),
        SEND_ALL({ queue, elements -> atOnce { queue.async().sendAll(elements) } }),
        PUTS({ queue, elements -> elements.forEach(queue.sync()::put) }),
        OFFERS({ queue, elements -> elements.forEach { assertTrue(queue.sync().offer(it)) } }),
        TRY_SENDS({ queue, elements -> elements.forEach { assertTrue(queue.async().trySend(it)) } }),
        SENDS({ queue, elements -> elements.forEach { atOnce { queue.async().send(it) } } }),
        SEND_ASYNCS({ queue, elements -> elements.forEach { queue.async().sendAsync(it).get() } }),
    }

    @ParameterizedTest
    @EnumSource
    fun waitingThreads_manyElementsAtOnce_areServedInOrderOfArrival(supply: Supply) = repeat(5) {
        for (capacity in CAPACITIES) {
            val queue = JanusQueue.fifo<Int>(capacity)
            val line = WaitingLine(queue)
            val takers = line.takes(Mix.THREADS, 8)

            supply.put(queue, (0 until 8).toList())

            line.awaitAll()
            assertEquals((0 until 8).toList(), takers.map { it.value }, "capacity $capacity")
            assertNothingPending(queue)
        }
    }

    @ParameterizedTest
    @EnumSource
    fun waitingThreads_elementsOneByOneInEveryOrder_areServedInOrderOfArrival(order: QueueKind.Order) = repeat(5) {
        for (capacity in CAPACITIES) {
            val queue = QueueKind(order, capacity).build()
            val line = WaitingLine(queue)
            val takers = line.takes(Mix.THREADS, 8)
            val elements = listOf(4, 7, 1, 1, 5, 0, 9, 3)

            elements.forEach { assertTrue(queue.sync().offer(it)) }

            line.awaitAll()
            assertEquals(elements, takers.map { it.value }, "$order of $capacity")
            assertNothingPending(queue)
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = ["FUTURES"])
    fun mixedTakers_manyElementsAtOnce_eachKindIsServedInOrderOfArrival(mix: Mix) = repeat(8) {
        for (capacity in CAPACITIES) {
            val queue = JanusQueue.fifo<Int>(capacity)
            val line = WaitingLine(queue)
            val takers = line.takes(mix, 8)

            atOnce { queue.async().sendAll((0 until 8).toList()) }

            line.awaitAll()
            assertEquals((0 until 8).toList(), takers.map { it.value }.sorted(), "capacity $capacity")
            val (threads, others) = takers.withIndex().partition { mix.at(it.index) in THREADS }
            assertAscending(threads.map { it.value.value })
            assertAscending(others.filter { mix.at(it.index) != By.FUTURE }.map { it.value.value })
            assertNothingPending(queue)
        }
    }

    @ParameterizedTest
    @ValueSource(ints = [0, 1, 3, 10])
    fun coroutines_manyElementsAtOnce_areWokenInOrderOfArrival(capacity: Int) {
        val queue = JanusQueue.fifo<Int>(capacity)
        val line = WaitingLine(queue)
        val takers = line.takes(Mix.COROUTINES, 8)

        atOnce { queue.async().sendAll((0 until 8).toList()) }
        line.awaitAll()

        assertEquals((0 until 8).toList(), takers.map { it.value })
        assertNothingPending(queue)
    }

    @ParameterizedTest
    @MethodSource("suppliesAndCapacities")
    fun waitingThreads_moreElementsThanTakers_theRestIsInTheQueue(supply: Supply, capacity: Int) = repeat(20) {
        val queue = JanusQueue.fifo<Int>(capacity)
        val line = WaitingLine(queue)
        val takers = line.takes(Mix.THREADS, 3)

        supply.put(queue, (0 until 3 + capacity).toList())

        assertEquals((3 until 3 + capacity).toList(), queue.sync().toList())
        assertEquals(capacity, queue.size())
        assertFalse(queue.sync().offer(99))
        line.awaitAll()
        assertEquals(listOf(0, 1, 2), takers.map { it.value })
        assertEquals((3 until 3 + capacity).toList(), line.drainWhenOver())
    }

    @ParameterizedTest
    @ValueSource(ints = [0, 1, 3])
    fun putAll_moreThanTakersAndRoom_waitsWithTheRest(capacity: Int) = repeat(10) {
        val queue = JanusQueue.fifo<Int>(capacity)
        val line = WaitingLine(queue)
        val takers = line.takes(Mix.THREADS, 3)

        val batch =
            line.inLine(line::putters) { inThread { queue.sync().putAll((0 until 5 + capacity).toList()) } }

        assertEquals((3 until 3 + capacity).toList(), queue.sync().toList())
        takers.forEachIndexed { place, taker -> assertEquals(place, taker.await().value) }
        batch.assertGoesOn()
        assertEquals((3 until 5 + capacity).toList(), List(2 + capacity) { queue.sync().poll() })
        assertEquals(listOf<Int>(), line.drainWhenOver())
    }

    @ParameterizedTest
    @MethodSource("kindsOfThread")
    fun newcomers_elementForAThreadThatWaits_findNothing(by: By) = repeat(20) {
        for (capacity in CAPACITIES) {
            val queue = JanusQueue.fifo<Int>(capacity)
            val line = WaitingLine(queue)
            val taker = line.take(by)

            assertTrue(queue.sync().offer(1))

            assertNull(queue.sync().poll())
            assertNull(queue.async().tryReceive())
            assertEquals(0, queue.sync().drainTo(ArrayList()))
            assertNull(atOnce { queue.async().receive(0, SECONDS) })
            assertEquals(1, taker.await().value)
            assertNothingPending(queue)
        }
    }

    @ParameterizedTest
    @MethodSource("kindsOfThread")
    fun newcomers_elementsForAThreadAndOneMore_findThatOne(by: By) = repeat(20) {
        for (capacity in listOf(1, 3, 10)) {
            val queue = JanusQueue.fifo<Int>(capacity)
            val line = WaitingLine(queue)
            val taker = line.take(by)

            assertTrue(queue.sync().offer(1))
            assertTrue(queue.sync().offer(2))

            assertEquals(2, queue.sync().poll(), "capacity $capacity")
            assertEquals(1, taker.await().value)
            assertNothingPending(queue)
        }
    }

    @ParameterizedTest
    @MethodSource("kindsOfThread")
    fun thread_leaseGivenBack_getsItsElementAtOnce(by: By) = repeat(20) {
        val queue = JanusQueue.fifo<Int>(1)
        queue.sync().put(1)
        val lease = queue.sync().takeLease()
        val line = WaitingLine(queue)
        val taker = line.take(by)

        lease.close()

        assertTrue(queue.isEmpty)
        assertNull(queue.sync().poll())
        assertEquals(1, taker.await().value)
        assertNothingPending(queue)
    }

    @ParameterizedTest
    @MethodSource("kindsOfThread")
    fun thread_wokenCoroutineBeforeItIsCancelled_getsTheElementAtOnce(by: By) = repeat(20) {
        val queue = JanusQueue.fifo<Int>(1)
        val line = WaitingLine(queue)
        val dispatcher = ManualDispatcher()
        val woken = dispatcher.begin { queue.async().receive() }
        val taker = line.take(by)
        queue.sync().put(1)
        taker.assertGoesOn()

        woken.job.cancel()
        dispatcher.runAll()

        assertTrue(queue.isEmpty)
        assertNull(queue.sync().poll())
        assertEquals(1, taker.await().value)
        assertNothingPending(queue)
    }

    @ParameterizedTest
    @MethodSource("kindsOfThread")
    fun thread_capacityGrowsBesideIt_isNotDisturbed(by: By) {
        val queue = JanusQueue.fifo<Int>(0)
        val line = WaitingLine(queue)
        val taker = line.take(by)

        queue.capacity(3)
        assertEquals(1, line.takers())
        queue.capacity(0)
        assertTrue(queue.sync().offer(1))

        assertFalse(queue.sync().offer(2))
        assertEquals(1, taker.await().value)
        assertNothingPending(queue)
    }

    private fun assertAscending(elements: List<Int>) = assertEquals(elements.sorted(), elements)

    private companion object {
        val CAPACITIES = listOf(0, 1, 3, 10)
        val THREADS = setOf(By.THREAD, By.TIMED_THREAD, By.BATCH_THREAD)

        @JvmStatic
        fun kindsOfThread() = THREADS

        @JvmStatic
        fun suppliesAndCapacities() = Supply.entries.flatMap { supply -> CAPACITIES.map { Arguments.of(supply, it) } }
    }
}
