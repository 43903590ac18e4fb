package dev.janus.waiting

import dev.janus.JanusQueue
import dev.janus.fixtures.AnyPut
import dev.janus.fixtures.Mix
import dev.janus.fixtures.SteppedDispatcher
import dev.janus.fixtures.WaitingLine
import dev.janus.fixtures.atOnce
import dev.janus.fixtures.beginOn
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.Arguments
import org.junit.jupiter.params.provider.EnumSource
import org.junit.jupiter.params.provider.MethodSource
import org.junit.jupiter.params.provider.ValueSource
import java.util.concurrent.CancellationException
import kotlin.random.Random

/** Elements that are equal to a priority queue's order leave it in the order in which they came. */
internal class PriorityArrivalOrderTest {
    /** Orders in which many numbers are equal: the hundreds are the rank. */
    enum class Rank(val comparator: Comparator<Int>) {
        LEAST_FIRST(compareBy { it / 100 }),
        GREATEST_FIRST(compareByDescending { it / 100 }),
        ALL_ARE_EQUAL({ _, _ -> 0 }),
        ;

        fun queue(capacity: Int = 1_000): JanusQueue<Int> = JanusQueue.priority(capacity, comparator)

        fun unbounded(): JanusQueue<Int> = JanusQueue.builder<Int>().unbounded().priority(comparator).build()

        fun inOrder(arrivals: List<Int>) = arrivals.sortedWith(comparator) // which is stable
    }

    enum class Put(val call: (JanusQueue<Int>, List<Int>) -> Unit) {
        PUT_ALL({ queue, elements -> queue.sync().putAll(elements) }),
        ADD_ALL({ queue, elements -> queue.sync().addAll(elements) }),
        SEND_ALL({ queue, elements -> atOnce { queue.async().sendAll(elements) } }),
        ONE_BY_ONE({ queue, elements ->
            elements.forEachIndexed { place, element ->
                AnyPut.entries[place % AnyPut.entries.size].putAtOnce(queue, element)
            }
        }),
    }

    enum class Take(val all: (JanusQueue<Int>) -> List<Int>) {
        POLL({ queue -> generateSequence { queue.sync().poll() }.toList() }),
        TRY_RECEIVE({ queue -> generateSequence { queue.async().tryReceive() }.toList() }),
        DRAIN_TO({ queue -> ArrayList<Int>().also { queue.sync().drainTo(it) } }),
        TAKE_BATCH({ it.sync().takeBatch(it.size()) }),
        RECEIVE_BATCH({ queue -> atOnce { queue.async().receiveBatch(queue.size()) } }),
        TAKE_LEASE({ queue -> List(queue.size()) { queue.sync().takeLease().run { element().also { done() } } } }),
        SHUTDOWN_NOW({ it.shutdownNow() }),
    }

    /** An element with a natural order that looks at its rank alone. */
    private data class Ranked(val rank: Int, val number: Int) : Comparable<Ranked> {
        override fun compareTo(other: Ranked) = rank.compareTo(other.rank)
    }

    private val arrivals = List(300) { it * 7919 % 500 }.distinct()

    @ParameterizedTest
    @MethodSource("ranksPutsAndTakes")
    fun equalElements_everyPutAndTake_comeOutAsTheyCame(rank: Rank, put: Put, take: Take) {
        val queue = rank.queue()

        put.call(queue, arrivals)

        assertEquals(rank.inOrder(arrivals), take.all(queue))
    }

    @ParameterizedTest
    @EnumSource
    fun equalElements_putAndTakenInTurns_comeOutAsTheyCame(rank: Rank) {
        for (seed in 0 until 50) {
            val random = Random(seed)
            val queue = rank.unbounded()
            val present = ArrayList<Int>()
            repeat(300) { step ->
                if (random.nextInt(5) < 3) {
                    val element = random.nextInt(4) * 100 + step % 100
                    queue.sync().add(element)
                    present += element
                } else {
                    val expected = rank.inOrder(present).firstOrNull()
                    assertEquals(
                        listOf(expected, expected),
                        listOf(queue.sync().peek(), queue.sync().poll()),
                        "seed $seed",
                    )
                    present.remove(element = expected ?: return@repeat)
                }
            }
            assertEquals(rank.inOrder(present), queue.shutdownNow(), "seed $seed")
        }
    }

    @ParameterizedTest
    @ValueSource(ints = [1, 10, 1_000])
    fun naturalOrder_equalElements_comeOutAsTheyCame(ranks: Int) {
        val elements = List(1_000) { Ranked(it * 7919 % ranks, it) }
        for (queue in listOf(JanusQueue.priority(1_000), JanusQueue.builder<Ranked>().unbounded().priority().build())) {
            queue.sync().addAll(elements)
            assertEquals(elements.sorted(), List(1_000) { queue.sync().poll() })
        }
    }

    @ParameterizedTest
    @EnumSource
    fun equalElements_someRemoved_theOthersComeOutAsTheyCame(rank: Rank) {
        val queue = rank.queue()
        queue.sync().addAll(arrivals)
        val removed = arrivals.filter { it % 3 == 0 }.toSet()

        queue.sync().removeIf { it % 6 == 0 }
        arrivals.filter { it % 12 == 3 }.forEach { assertTrue(queue.sync().remove(element = it)) }
        val iterator = queue.sync().iterator()
        while (iterator.hasNext()) if (iterator.next() % 3 == 0) iterator.remove()

        assertEquals(rank.inOrder(arrivals.filter { it !in removed }), Take.POLL.all(queue))
    }

    @ParameterizedTest
    @EnumSource
    fun equalElements_leasesGivenBackLastFirst_comeOutAsTheyCame(rank: Rank) {
        val queue = rank.queue()
        queue.sync().addAll(arrivals.take(100))
        val leases = List(40) { queue.sync().takeLease() }
        queue.sync().addAll(arrivals.drop(100))

        leases.reversed().forEach { it.close() }

        assertEquals(rank.inOrder(arrivals), Take.POLL.all(queue))
    }

    @ParameterizedTest
    @EnumSource
    fun equalElements_drainFails_comeOutAsTheyCame(rank: Rank) {
        val queue = rank.queue()
        queue.sync().addAll(arrivals)
        val target =
            object : ArrayList<Int>() {
                override fun add(element: Int) = check(size < 20).let { super.add(element) }
            }

        assertThrows(IllegalStateException::class.java) { queue.sync().drainTo(target) }

        assertEquals(rank.inOrder(arrivals), target + Take.POLL.all(queue))
    }

    @ParameterizedTest
    @MethodSource("ranksAndMixes")
    fun equalElements_ofPutsThatWaited_comeOutAsTheyBeganToWait(rank: Rank, mix: Mix) = repeat(8) {
        val queue = rank.queue(capacity = 4)
        val first = listOf(200, 101, 102, 203)
        queue.sync().addAll(first)
        val line = WaitingLine(queue)
        val waiting = listOf(105, 206, 107, 108)
        line.puts(mix, waiting)

        val taken = ArrayList<Int>().also { queue.sync().drainTo(it) }

        assertEquals(rank.inOrder(first), taken)
        assertEquals(rank.inOrder(waiting), line.drainWhenOver())
    }

    @ParameterizedTest
    @EnumSource
    fun equalElements_grantGivenUp_comeOutAsTheyCame(rank: Rank) {
        val queue = rank.queue()
        val steps = SteppedDispatcher()
        val receiver = beginOn(steps) { queue.async().receive() }
        queue.sync().addAll(listOf(101, 102, 103, 104))

        receiver.job.cancel()
        steps.runAll()

        receiver.assertThrew<CancellationException>()
        assertEquals(listOf(101, 102, 103, 104), Take.POLL.all(queue))
    }

    private companion object {
        @JvmStatic
        fun ranksPutsAndTakes() = Rank.entries.flatMap { rank ->
            Put.entries.flatMap { put -> Take.entries.map { Arguments.of(rank, put, it) } }
        }

        @JvmStatic
        fun ranksAndMixes() = Rank.entries.flatMap { rank -> Mix.entries.map { Arguments.of(rank, it) } }
    }
}
