package dev.janus.channel

import dev.janus.BlockingChannel
import dev.janus.QueueShutdownException
import dev.janus.fixtures.assertIsOrCopies
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.inThread
import dev.janus.fixtures.waitingIn
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.ClosedReceiveChannelException
import kotlinx.coroutines.channels.ClosedSendChannelException
import kotlinx.coroutines.channels.trySendBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.Arguments
import org.junit.jupiter.params.provider.EnumSource
import org.junit.jupiter.params.provider.MethodSource
import org.junit.jupiter.params.provider.ValueSource
import java.io.IOException
import java.util.concurrent.TimeUnit.HOURS

/** What blocking calls do when the channel is closed or cancelled, before them or while they wait. */
class BlockingChannelClosedTest {
    /** An end of a channel, and the [cause] that it has. */
    enum class End(val cause: Throwable?, val drops: Boolean = false) {
        CLOSE(null),
        CLOSE_WITH_CAUSE(IOException("planned")),
        CLOSE_BECAUSE_SENDING_FAILED(ClosedSendChannelException("of another channel")),
        CLOSE_BECAUSE_RECEIVING_FAILED(ClosedReceiveChannelException("of another channel")),
        CLOSE_BECAUSE_INTERRUPTED(InterruptedException("of another thread")),
        CANCEL(CancellationException("planned"), drops = true),
        ;

        fun strike(channel: Channel<Int>) {
            if (this == CANCEL) channel.cancel(cause as CancellationException) else channel.close(cause)
        }

        fun assertCause(thrown: Throwable?) {
            assertInstanceOf(QueueShutdownException::class.java, thrown)
            if (cause == null) assertNull(thrown!!.cause) else assertIsOrCopies(cause, thrown!!.cause)
        }
    }

    enum class Put(val waits: Boolean, val call: (BlockingChannel<Int>) -> Any?) {
        PUT(true, { it.put(201) }),
        TIMED_OFFER(true, { it.offer(201, 1, HOURS) }),
        OFFER(false, { it.offer(201) }),
        OFFER_WITHOUT_TIME(false, { it.offer(201, 0, HOURS) }),
    }

    enum class Take(val waits: Boolean, val throws: Boolean, val call: (BlockingChannel<Int>) -> Int?) {
        TAKE(true, true, { it.take() }),
        TIMED_POLL(true, false, { it.poll(1, HOURS) }),
        POLL(false, false, { it.poll() }),
    }

    @ParameterizedTest
    @MethodSource("puts")
    fun put_closed_throwsWithTheCause(end: End, put: Put, capacity: Int) {
        val channel = Channel<Int>(capacity)
        end.strike(channel)

        assertRefused(put, end, runCatching { put.call(BlockingChannel.of(channel)) })

        assertTrue(channel.tryReceive().isClosed)
    }

    @ParameterizedTest
    @MethodSource("waitingPuts")
    fun put_closedWhileItWaitsAndNobodyReceives_throwsWithTheCause(end: End, put: Put, capacity: Int) {
        val channel = Channel<Int>(capacity)
        repeat(capacity) { channel.trySend(it) }
        val putting = waitingIn { put.call(BlockingChannel.of(channel)) }

        end.strike(channel)

        assertRefused(put, end, runCatching { putting.await().value })
        assertFalse(putting.thread.isInterrupted)
        val left = generateSequence { channel.tryReceive().getOrNull() }.toList()
        assertEquals(if (end.drops) listOf() else (0 until capacity).toList(), left)
    }

    /** A call that tries returns false, and `put` throws with the cause. */
    private fun assertRefused(put: Put, end: End, outcome: Result<Any?>) =
        if (put == Put.PUT) end.assertCause(outcome.exceptionOrNull()) else assertEquals(false, outcome.getOrThrow())

    @ParameterizedTest
    @MethodSource("takes")
    fun take_closed_drainsThenThrowsWithTheCause(end: End, take: Take, capacity: Int) {
        val channel = Channel<Int>(capacity)
        repeat(capacity) { channel.trySend(it) }
        val blocking = BlockingChannel.of(channel)
        end.strike(channel)

        if (!end.drops) repeat(capacity) { assertEquals(it, take.call(blocking)) }

        assertEnd(end, take, runCatching { take.call(blocking) })
    }

    @ParameterizedTest
    @MethodSource("waitingTakes")
    fun take_closedWhileItWaits_throwsWithTheCause(end: End, take: Take, capacity: Int) {
        val channel = Channel<Int>(capacity)
        val taking = waitingIn { runCatching { take.call(BlockingChannel.of(channel)) } }

        end.strike(channel)

        assertEnd(end, take, taking.await().value)
    }

    private fun assertEnd(end: End, take: Take, outcome: Result<Int?>) {
        if (take.throws) end.assertCause(outcome.exceptionOrNull()) else assertNull(outcome.getOrThrow())
    }

    @ParameterizedTest
    @EnumSource
    fun iteration_closed_endsOrThrowsTheCause(end: End) {
        val channel = Channel<Int>(2)
        channel.trySend(1)
        val elements = BlockingChannel.of(channel).iterator()
        assertEquals(1, elements.next())
        end.strike(channel)

        if (end.cause == null) {
            assertFalse(elements.hasNext())
            assertThrows(NoSuchElementException::class.java) { elements.next() }
        } else {
            end.assertCause(runCatching { elements.hasNext() }.exceptionOrNull())
        }
    }

    @ParameterizedTest
    @ValueSource(ints = [0, 1])
    fun put_closedWhileItWaits_kotlinxItselfWaitsOn(capacity: Int) {
        val channel = Channel<Int>(capacity)
        repeat(capacity) { channel.trySend(it) }
        val kotlinx = inThread { channel.trySendBlocking(301) }
        awaitUntil("kotlinx waits") { kotlinx.thread.state.name.endsWith("WAITING") }
        val ours = waitingIn { BlockingChannel.of(channel).put(302) }

        channel.close(IOException("planned"))

        ours.await().assertThrew<QueueShutdownException>()
        kotlinx.assertGoesOn()
        repeat(capacity) { assertEquals(it, channel.tryReceive().getOrNull()) }
        assertEquals(301, channel.tryReceive().getOrNull(), "still in the channel's line")
        assertTrue(channel.tryReceive().isClosed)
        assertTrue(kotlinx.await().value.isSuccess)
    }

    @Test
    fun put_closedAndReceivedWhileItWaits_isInOrRefused() {
        repeat(2_000) { turn ->
            val channel = Channel<Int>()
            val blocking = BlockingChannel.of(channel)
            val putting = inThread { blocking.put(turn) }
            val closing = inThread { channel.close() }
            val taken = generateSequence { channel.tryReceive() }.takeWhile { !it.isClosed }
            val received = taken.mapNotNull { it.getOrNull() }.toList()
            closing.await()

            putting.await()
            val late = generateSequence { channel.tryReceive().getOrNull() }.toList()
            assertEquals(if (putting.failure() == null) listOf(turn) else listOf(), received + late)
        }
    }

    companion object {
        private fun table(rows: List<Any>): List<Arguments> =
            End.entries.flatMap { end -> rows.flatMap { row -> listOf(0, 1, 2).map { Arguments.of(end, row, it) } } }

        @JvmStatic
        fun puts() = table(Put.entries).filter(::canBeToldByPuts)

        @JvmStatic
        fun waitingPuts() = table(Put.entries.filter { it.waits }).filter(::canBeToldByPuts)

        /** To a sender this cause looks like none. */
        private fun canBeToldByPuts(row: Arguments) = row.get()[0] != End.CLOSE_BECAUSE_SENDING_FAILED

        @JvmStatic
        fun takes() = table(Take.entries)

        @JvmStatic
        fun waitingTakes() = table(Take.entries.filter { it.waits })
    }
}
