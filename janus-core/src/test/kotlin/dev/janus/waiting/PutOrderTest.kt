package dev.janus.waiting

import dev.janus.JanusQueue
import dev.janus.fixtures.AnyPut
import dev.janus.fixtures.BackwardsDispatcher
import dev.janus.fixtures.By
import dev.janus.fixtures.Mix
import dev.janus.fixtures.Room
import dev.janus.fixtures.WaitingLine
import dev.janus.fixtures.assertConserved
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.beginOn
import dev.janus.fixtures.fillers
import dev.janus.fixtures.fullQueue
import kotlinx.coroutines.Dispatchers
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.Arguments
import org.junit.jupiter.params.provider.EnumSource
import org.junit.jupiter.params.provider.MethodSource

/** A waiting put is finished by the step that makes room: puts go in as they began to wait, before any newcomer. */
internal class PutOrderTest {
    @ParameterizedTest
    @MethodSource("mixesAndRooms")
    fun waitingPuts_roomMade_areInWithoutRunning(mix: Mix, room: Room) = repeat(4) {
        for (capacity in CAPACITIES) {
            val queue = fullQueue(capacity)
            val line = WaitingLine(queue)
            line.puts(mix, listOf(0, 1, 2))

            val freed = room.make(queue)

            val left = fillers(capacity).drop(if (room == Room.GROW) 0 else freed)
            val entered = listOf(0, 1, 2).take(freed)
            assertEquals(left + entered, queue.sync().toList(), "capacity $capacity")
            assertEquals(left.size + entered.size, queue.size())
            assertEquals(3 - entered.size, line.putters())
            assertConserved(queue)

            queue.capacity(20)
            assertEquals(left + listOf(0, 1, 2), line.drainWhenOver())
        }
    }

    @ParameterizedTest
    @EnumSource
    fun waitingPuts_drainToFreesAllPlaces_goInInOrderOfArrival(mix: Mix) = repeat(12) {
        for (capacity in listOf(8, 10)) {
            val queue = fullQueue(capacity)
            val line = WaitingLine(queue)
            line.puts(mix, 0 until 8)

            assertEquals(capacity, queue.sync().drainTo(ArrayList()))

            assertEquals((0 until 8).toList(), line.drainWhenOver(), "capacity $capacity")
        }
    }

    @ParameterizedTest
    @EnumSource
    fun waitingPuts_oneTake_oneGoesInAndTheOthersKeepTheirOrder(mix: Mix) = repeat(20) {
        for (capacity in CAPACITIES) {
            val queue = fullQueue(capacity)
            val line = WaitingLine(queue)
            line.puts(mix, 0 until 3)

            assertEquals(-capacity, queue.sync().take())

            val rest = List(capacity - 1 + 3) { queue.sync().poll() }
            assertEquals(fillers(capacity).drop(1) + listOf(0, 1, 2), rest, "capacity $capacity")
            line.awaitAll()
            assertNothingPending(queue)
        }
    }

    @ParameterizedTest
    @EnumSource
    fun waitingPuts_rendezvous_areTakenInOrderOfArrival(mix: Mix) = repeat(15) {
        val queue = JanusQueue.fifo<Int>(0)
        val line = WaitingLine(queue)
        line.puts(mix, 0 until 8)

        val taken = ArrayList<Int>()
        assertEquals(3, queue.sync().drainTo(taken, 3))
        taken += listOfNotNull(queue.sync().poll(), queue.async().tryReceive(), queue.sync().take())
        queue.sync().drainTo(taken)

        assertEquals((0 until 8).toList(), taken)
        assertEquals(listOf<Int>(), line.drainWhenOver())
    }

    @ParameterizedTest
    @EnumSource
    fun waitingPuts_rendezvousGrows_goInInOrderOfArrival(mix: Mix) = repeat(15) {
        val queue = JanusQueue.fifo<Int>(0)
        val line = WaitingLine(queue)
        line.puts(mix, 0 until 8)

        queue.capacity(3)
        assertEquals(listOf(0, 1, 2), queue.sync().toList())
        queue.capacity(10)

        assertEquals((0 until 8).toList(), line.drainWhenOver())
    }

    @ParameterizedTest
    @EnumSource
    fun waitingPuts_lifo_goInInOrderOfArrival(mix: Mix) = repeat(8) {
        for (capacity in CAPACITIES) {
            val queue = JanusQueue.lifo<Int>(capacity)
            queue.sync().addAll(fillers(capacity))
            val line = WaitingLine(queue)
            line.puts(mix, 0 until capacity)

            queue.sync().clear()

            assertEquals((0 until capacity).reversed().toList(), line.drainWhenOver(), "capacity $capacity")
        }
    }

    @ParameterizedTest
    @EnumSource
    fun waitingPuts_priorityOneByOne_goInInOrderOfArrival(mix: Mix) = repeat(15) {
        val queue = JanusQueue.priority<Int>(1)
        queue.sync().add(-1)
        val line = WaitingLine(queue)
        val arrivals = listOf(5, 1, 7, 3)
        line.puts(mix, arrivals)

        assertEquals(listOf(-1) + arrivals, List(5) { queue.sync().poll() })
        line.awaitAll()
        assertNothingPending(queue)
    }

    @ParameterizedTest
    @EnumSource
    fun waitingPuts_priorityMoreThanTheRoom_onlyTheFirstGoIn(mix: Mix) = repeat(8) {
        val queue = JanusQueue.priority<Int>(3)
        queue.sync().addAll(fillers(3))
        val line = WaitingLine(queue)
        line.puts(mix, listOf(5, 9, 7, 1))

        val taken = ArrayList<Int>()
        queue.sync().drainTo(taken)
        queue.sync().drainTo(taken)

        assertEquals(fillers(3) + listOf(5, 7, 9), taken)
        assertEquals(listOf(1), line.drainWhenOver())
    }

    @ParameterizedTest
    @MethodSource("mixesAndPuts")
    fun newcomer_roomForAll_goesInBehind(mix: Mix, newcomer: AnyPut) = repeat(10) {
        for ((capacity, waiting) in listOf(2 to 1, 4 to 1, 4 to 3, 10 to 3)) {
            val queue = fullQueue(capacity)
            val line = WaitingLine(queue)
            line.puts(mix, 0 until waiting)

            queue.sync().drainTo(ArrayList())
            newcomer.putAtOnce(queue, 9)

            assertEquals((0 until waiting) + 9, line.drainWhenOver(), "capacity $capacity")
        }
    }

    @ParameterizedTest
    @MethodSource("waitersAndPuts")
    fun newcomer_twoTryReceives_goesInBehind(waiter: By, newcomer: AnyPut) = repeat(30) {
        val queue = fullQueue(4)
        val line = WaitingLine(queue)
        line.put(waiter, 0)

        repeat(2) { queue.async().tryReceive() }
        newcomer.putAtOnce(queue, 9)

        assertEquals(listOf(-2, -1, 0, 9), line.drainWhenOver())
    }

    @ParameterizedTest
    @EnumSource
    fun newcomer_theLineFillsTheRoom_isRefused(mix: Mix) = repeat(10) {
        for (capacity in CAPACITIES) {
            val queue = fullQueue(capacity)
            val line = WaitingLine(queue)
            line.puts(mix, 0 until capacity)

            queue.sync().drainTo(ArrayList())

            assertFalse(queue.sync().offer(9))
            assertFalse(queue.async().trySend(9))
            assertThrows(IllegalStateException::class.java) { queue.sync().add(9) }
            assertEquals(0, queue.sync().remainingCapacity())
            assertEquals((0 until capacity).toList(), line.drainWhenOver(), "capacity $capacity")
        }
    }

    @ParameterizedTest
    @EnumSource
    fun manySuspendedSends_runInAnyOrder_comeOutInOrderOfArrival(consumer: Consumer) {
        for (capacity in listOf(0, 1, 3, 10, 64)) {
            val queue = fullQueue(capacity)
            val backwards = BackwardsDispatcher()
            val sends = List(200) { beginOn(backwards) { queue.async().send(it) } }

            val taken = consumer.take(queue, capacity + 200, backwards::runAll)

            assertEquals(fillers(capacity) + (0 until 200), taken, "capacity $capacity")
            awaitUntil("all sends return", backwards::runAll) { sends.all { it.isOver } }
            sends.forEach { it.value }
            assertNothingPending(queue)
        }
    }

    @ParameterizedTest
    @EnumSource
    fun manySuspendedSends_onSeveralThreads_comeOutInOrderOfArrival(consumer: Consumer) = repeat(40) {
        for (capacity in listOf(1, 10)) {
            val queue = fullQueue(capacity)
            val sends = List(200) { beginOn(Dispatchers.Default) { queue.async().send(it) } }

            val taken = consumer.take(queue, capacity + 200, Thread::yield)

            assertEquals(fillers(capacity) + (0 until 200), taken, "capacity $capacity")
            sends.forEach { it.await().value }
            assertNothingPending(queue)
        }
    }

    /** Ways to take many elements. */
    enum class Consumer(private val takeSome: (JanusQueue<Int>) -> List<Int>) {
        POLL({ listOfNotNull(it.sync().poll()) }),
        TRY_RECEIVE({ listOfNotNull(it.async().tryReceive()) }),
        DRAIN_SOME({ queue -> ArrayList<Int>().also { queue.sync().drainTo(it, 5) } }),
        DRAIN_TO({ ArrayList<Int>().apply(it.sync()::drainTo) }),
        ;

        /** Takes so many elements; the [pump] helps when there are none. */
        fun take(queue: JanusQueue<Int>, count: Int, pump: () -> Unit): List<Int> {
            val taken = ArrayList<Int>()
            awaitUntil("$count elements are taken from $queue") {
                val some = takeSome(queue)
                if (some.isEmpty()) pump()
                taken += some
                taken.size >= count
            }
            return taken
        }
    }

    private companion object {
        val CAPACITIES = listOf(1, 3, 10)

        @JvmStatic
        fun mixesAndRooms() = Mix.entries.flatMap { mix -> Room.entries.map { Arguments.of(mix, it) } }

        @JvmStatic
        fun mixesAndPuts() = listOf(Mix.THREADS, Mix.COROUTINES, Mix.EVERYTHING)
            .flatMap { mix -> AnyPut.entries.map { Arguments.of(mix, it) } }

        @JvmStatic
        fun waitersAndPuts() = By.entries.flatMap { by -> AnyPut.entries.map { Arguments.of(by, it) } }
    }
}
