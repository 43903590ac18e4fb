package dev.janus.select

import dev.janus.AsyncQueue
import dev.janus.JanusQueue
import dev.janus.QueueStats
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.begin
import dev.janus.fixtures.inVirtualTime
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.selects.SelectBuilder
import kotlinx.coroutines.selects.onTimeout
import kotlinx.coroutines.selects.select
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource

/** A queue's clauses beside those of kotlinx.coroutines and of other queues: which one is chosen, and what the others do. */
@OptIn(ExperimentalCoroutinesApi::class)
class SelectBesideOthersTest {
    /** A clause of something else, and what makes it ready; its block returns the name. */
    enum class Other(val register: Things.(SelectBuilder<String>) -> Unit, val makeReady: Things.() -> Unit) {
        CHANNEL_ON_RECEIVE({
            it.apply { channel.onReceive { "CHANNEL_ON_RECEIVE" } }
        }, { check(channel.trySend(0).isSuccess) }),
        CHANNEL_ON_SEND(
            { it.apply { full.onSend(0) { "CHANNEL_ON_SEND" } } },
            { check(full.tryReceive().isSuccess) },
        ),
        JOIN({ it.apply { job.onJoin { "JOIN" } } }, { job.complete() }),
        AWAIT({ it.apply { deferred.onAwait { "AWAIT" } } }, { deferred.complete(0) }),
        QUEUE_ON_RECEIVE({ it.apply { queue.async().onReceive { "QUEUE_ON_RECEIVE" } } }, { queue.sync().put(0) }),
        QUEUE_ON_SEND(
            { it.apply { fullQueue.async().onSend(0) { "QUEUE_ON_SEND" } } },
            { fullQueue.sync().take() },
        ),
    }

    /** What the other clauses are of. */
    class Things {
        val channel = Channel<Int>(1)
        val full = Channel<Int>(1).also { check(it.trySend(0).isSuccess) }
        val job = Job()
        val deferred = CompletableDeferred<Int>()
        val queue: JanusQueue<Int> = JanusQueue.fifo(1)
        val fullQueue: JanusQueue<Int> = JanusQueue.fifo<Int>(1).also { it.sync().put(0) }
    }

    /** A clause of the queue under test. */
    enum class Ours(val register: (AsyncQueue<Int>, SelectBuilder<String>) -> Unit) {
        ON_RECEIVE({ face, builder -> with(builder) { face.onReceive { "OURS" } } }),
        ON_RECEIVE_CATCHING({ face, builder -> with(builder) { face.onReceiveCatching { "OURS" } } }),
        ON_SEND({ face, builder -> with(builder) { face.onSend(1) { "OURS" } } }),
        ;

        /** A queue with which this clause must wait. */
        fun newQueue(): JanusQueue<Int> = JanusQueue.fifo<Int>(1).also { if (this == ON_SEND) it.sync().put(0) }

        fun makeReady(queue: JanusQueue<Int>) = if (this == ON_SEND) queue.sync().take() else queue.sync().put(0)
    }

    @ParameterizedTest
    @EnumSource
    fun select_bothReady_choosesTheFirstNamed(ours: Ours) = inVirtualTime {
        for (other in Other.entries) {
            for (oursFirst in listOf(true, false)) {
                val things = Things()
                val queue = ours.newQueue()
                ours.makeReady(queue)
                other.makeReady(things)
                val before = queue.stats()

                val chosen = choose(ours, queue, other, things, oursFirst)

                assertEquals(if (oursFirst) "OURS" else other.name, chosen)
                if (!oursFirst) assertUntouched(before, queue)
                assertNothingIsLeftOver(queue, things)
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    fun select_otherReadyLater_ourClauseDoesNothing(ours: Ours) = inVirtualTime {
        for (other in Other.entries) {
            val things = Things()
            val queue = ours.newQueue()
            val before = queue.stats()
            val selecting = begin { choose(ours, queue, other, things, oursFirst = true) }
            selecting.assertGoesOn()

            other.makeReady(things)
            runCurrent()

            assertEquals(other.name, selecting.value)
            assertUntouched(before, queue)
            assertNothingIsLeftOver(queue, things)
        }
    }

    @ParameterizedTest
    @EnumSource
    fun select_oursReadyLater_otherClauseDoesNothing(ours: Ours) = inVirtualTime {
        for (other in Other.entries) {
            val things = Things()
            val queue = ours.newQueue()
            val selecting = begin { choose(ours, queue, other, things, oursFirst = false) }

            ours.makeReady(queue)
            runCurrent()

            assertEquals("OURS", selecting.value)
            assertNothingIsLeftOver(queue, things)
            assertEquals(0, things.queue.stats().accepted())
            assertEquals(0, things.fullQueue.stats().taken())
        }
    }

    @ParameterizedTest
    @EnumSource
    fun select_timePasses_ourClauseDoesNothing(ours: Ours) = inVirtualTime {
        val queue = ours.newQueue()
        val before = queue.stats()
        val selecting = begin { selectAtMost(ours, queue) }
        advanceTimeBy(MILLIS - 1)
        runCurrent()
        selecting.assertGoesOn()

        advanceTimeBy(1)
        runCurrent()

        assertEquals("TIME", selecting.value)
        assertUntouched(before, queue)
        assertNothingPending(queue)
    }

    @ParameterizedTest
    @EnumSource
    fun select_readyBeforeTheTimePasses_ourClauseIsChosen(ours: Ours) = inVirtualTime {
        val queue = ours.newQueue()
        val selecting = begin { selectAtMost(ours, queue) }
        advanceTimeBy(MILLIS - 1)

        ours.makeReady(queue)
        runCurrent()
        advanceTimeBy(MILLIS)

        assertEquals("OURS", selecting.value)
        assertNothingPending(queue)
    }

    @Test
    fun select_manyQueues_eachInItsTurn() = inVirtualTime {
        val queues = List(20) { JanusQueue.fifo<Int>(1) }
        suspend fun next(): Int = select { queues.forEach { queue -> queue.async().onReceive { it } } }

        for (ready in queues.indices.shuffled()) {
            val selecting = begin { next() }
            queues[ready].sync().put(ready)
            runCurrent()
            assertEquals(ready, selecting.value)
        }

        queues.forEach(::assertNothingPending)
    }

    @Test
    fun select_sendHereOrReceiveThere_doesExactlyOne() = inVirtualTime {
        val (from, to) = List(2) { JanusQueue.fifo<Int>(1) }
        to.sync().put(0)
        val relay =
            begin {
                select<String> {
                    from.async().onReceive { "received $it" }
                    to.async().onSend(1) { "sent" }
                }
            }

        from.sync().put(2)
        to.sync().take()
        runCurrent()

        assertEquals("received 2", relay.value)
        assertEquals(0, to.size())
        listOf(from, to).forEach(::assertNothingPending)
    }

    private suspend fun choose(
        ours: Ours,
        queue: JanusQueue<Int>,
        other: Other,
        things: Things,
        oursFirst: Boolean,
    ): String = select {
        if (oursFirst) ours.register(queue.async(), this)
        other.register(things, this)
        if (!oursFirst) ours.register(queue.async(), this)
    }

    private suspend fun selectAtMost(ours: Ours, queue: JanusQueue<Int>): String = select {
        ours.register(queue.async(), this)
        onTimeout(MILLIS) { "TIME" }
    }

    private fun assertUntouched(before: QueueStats, queue: JanusQueue<Int>) {
        assertEquals(before.toString(), queue.stats().toString())
    }

    private fun assertNothingIsLeftOver(queue: JanusQueue<Int>, things: Things) =
        listOf(queue, things.queue, things.fullQueue).forEach(::assertNothingPending)

    private companion object {
        const val MILLIS = 250L
    }
}
