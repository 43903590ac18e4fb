package dev.janus.queue

import dev.janus.BlockingChannel
import dev.janus.JanusQueue
import dev.janus.QueueShutdownException
import dev.janus.fixtures.Dropping
import dev.janus.fixtures.QueueKind
import dev.janus.fixtures.WaitingLine
import dev.janus.fixtures.assertChangesNothing
import dev.janus.fixtures.atOnce
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.begin
import dev.janus.fixtures.fullQueue
import dev.janus.fixtures.inThread
import dev.janus.fixtures.nullElement
import dev.janus.fixtures.waitingIn
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.channels.BufferOverflow
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.SendChannel
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.Arguments
import org.junit.jupiter.params.provider.EnumSource
import org.junit.jupiter.params.provider.MethodSource
import java.io.IOException
import java.util.concurrent.ExecutionException
import java.util.concurrent.TimeUnit.HOURS

/** After shutdown a call that tries to put returns false, whatever the queue; a put that must succeed throws. */
internal class RefusedTryTest {
    /** Calls that try to put 7. */
    enum class Try(val call: (JanusQueue<Int>) -> Boolean) {
        OFFER({ it.sync().offer(7) }),
        TIMED_OFFER({ it.sync().offer(7, 1, HOURS) }),
        OFFER_WITHOUT_TIME({ it.sync().offer(7, 0, HOURS) }),
        OFFER_WITH_NEGATIVE_TIME({ it.sync().offer(7, -1, HOURS) }),
        TRY_SEND({ it.async().trySend(7) }),
        TIMED_SEND({ atOnce { it.async().send(7, 1, HOURS) } }),
        SEND_WITHOUT_TIME({ atOnce { it.async().send(7, 0, HOURS) } }),
        SEND_WITH_NEGATIVE_TIME({ atOnce { it.async().send(7, -1, HOURS) } }),
    }

    /** Calls that must put 7, or throw. */
    enum class Must(val call: (JanusQueue<Int>) -> Unit) {
        PUT({ it.sync().put(7) }),
        ADD({ it.sync().add(7) }),
        PUT_ALL({ it.sync().putAll(listOf(7, 8)) }),
        ADD_ALL({ it.sync().addAll(listOf(7, 8)) }),
        SEND({ atOnce { it.async().send(7) } }),
        SEND_ALL({ atOnce { it.async().sendAll(listOf(7, 8)) } }),
        SEND_ASYNC({ it.async().sendAsync(7).get() }),
    }

    enum class End(val strike: (JanusQueue<Int>) -> Unit) {
        SHUTDOWN({ it.shutdown() }),
        SHUTDOWN_WITH_CAUSE({ it.shutdown(CAUSE) }),
        CLOSE({ it.close() }),
        SHUTDOWN_NOW({ it.shutdownNow() }),
    }

    /** Every kind of queue, those that drop included, and what was dropped. */
    class Kind(private val name: String, private val build: (MutableList<Int>) -> JanusQueue<Int>) {
        val dropped = ArrayList<Int>()

        fun queue(): JanusQueue<Int> = build(dropped)

        override fun toString() = name
    }

    @ParameterizedTest
    @MethodSource("kindsAndTries")
    fun try_shutDown_returnsFalseAndChangesNothing(kind: Kind, call: Try) {
        for (end in End.entries) {
            val queue = kind.queue()
            end.strike(queue)

            assertChangesNothing(queue) { assertFalse(call.call(queue), "$end") }

            assertEquals(listOf<Int>(), kind.dropped)
        }
    }

    @ParameterizedTest
    @MethodSource("kindsAndTries")
    fun try_shutDownWithElementsLeft_returnsFalseAndTheyStay(kind: Kind, call: Try) {
        val queue = kind.queue()
        repeat(minOf(queue.capacity(), 3)) { queue.sync().offer(it) }
        val left = queue.sync().toList()
        queue.shutdown()

        assertFalse(call.call(queue))

        assertEquals(left, queue.sync().toList())
        assertEquals(listOf<Int>(), kind.dropped)
    }

    @ParameterizedTest
    @MethodSource("kindsAndMusts")
    fun put_shutDown_throws(kind: Kind, call: Must) {
        for (end in End.entries) {
            val queue = kind.queue()
            end.strike(queue)

            val thrown = assertChangesNothing(queue) { runCatching { call.call(queue) } }.exceptionOrNull()

            assertInstanceOf(
                QueueShutdownException::class.java,
                if (thrown is ExecutionException) thrown.cause else thrown,
            )
            assertEquals(listOf<Int>(), kind.dropped)
        }
    }

    @ParameterizedTest
    @EnumSource
    fun try_shutDownAndNull_throws(end: End) {
        val queue = JanusQueue.fifo<Int>(1)
        end.strike(queue)

        assertThrows(NullPointerException::class.java) { queue.sync().offer(nullElement()) }
        assertThrows(NullPointerException::class.java) { queue.sync().offer(nullElement(), 0, HOURS) }
        assertThrows(NullPointerException::class.java) { queue.async().trySend(nullElement()) }
    }

    @ParameterizedTest
    @EnumSource(names = ["TIMED_OFFER", "TIMED_SEND"])
    fun timedTry_shutDownWhileItWaits_returnsFalse(call: Try) {
        for (end in End.entries) {
            for (capacity in listOf(0, 1, 3)) {
                val queue = fullQueue(capacity)
                val line = WaitingLine(queue)
                val waiting =
                    line.inLine(line::putters) {
                        if (call == Try.TIMED_OFFER) {
                            inThread { queue.sync().offer(7, 1, HOURS) }
                        } else {
                            line.loop.begin { queue.async().send(7, 1, HOURS) }
                        }
                    }

                end.strike(queue)

                assertFalse(line.await(waiting).value)
                assertFalse(queue.sync().contains(7))
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    fun try_openQueue_stillPuts(call: Try) {
        val queue = JanusQueue.fifo<Int>(1)

        assertTrue(call.call(queue))

        assertEquals(7, queue.sync().poll())
        queue.shutdown()
        assertFalse(call.call(queue))
    }

    @Test
    fun lateCallbacks_shutDownFromAnotherThread_neverThrow() {
        repeat(30) {
            val queue = JanusQueue.fifo<Int>(4)
            val callbacks =
                inThread {
                    var puts = 0
                    while (!queue.isShutdown || puts < 100) {
                        if (queue.sync().offer(puts) && queue.async().trySend(puts)) queue.sync().poll()
                        puts++
                    }
                }
            awaitUntil("callbacks come") { queue.stats().accepted() > 0 }

            queue.shutdown()

            callbacks.await().value
        }
    }

    /** Calls that try to put 7 into a channel. */
    enum class ChannelTry(val call: (BlockingChannel<Int>) -> Boolean) {
        OFFER({ it.offer(7) }),
        TIMED_OFFER({ it.offer(7, 1, HOURS) }),
        OFFER_WITHOUT_TIME({ it.offer(7, 0, HOURS) }),
        OFFER_WITH_NEGATIVE_TIME({ it.offer(7, -1, HOURS) }),
    }

    enum class ChannelEnd(val strike: (Channel<Int>) -> Unit) {
        CLOSE({ it.close() }),
        CLOSE_WITH_CAUSE({ it.close(CAUSE) }),
        CLOSED_BY_THE_FACADE({ BlockingChannel.of(it).close() }),
        CANCEL({ it.cancel(CancellationException("planned")) }),
    }

    @ParameterizedTest
    @EnumSource
    fun channelTry_closed_returnsFalse(call: ChannelTry) {
        for (capacity in listOf(Channel.RENDEZVOUS, 1, 3, Channel.UNLIMITED, Channel.CONFLATED)) {
            for (end in ChannelEnd.entries) {
                val channel = Channel<Int>(capacity)
                end.strike(channel)

                assertFalse(call.call(BlockingChannel.of(channel)), "$end")
                assertFalse(call.call(BlockingChannel.of(channel as SendChannel<Int>)), "$end")

                assertTrue(channel.tryReceive().isClosed)
                assertThrows(QueueShutdownException::class.java) { BlockingChannel.of(channel).put(7) }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    fun channelTry_closedWithElementsLeft_returnsFalseAndTheyStay(call: ChannelTry) {
        val channel = Channel<Int>(2)
        repeat(2) { channel.trySend(it) }
        channel.close()

        assertFalse(call.call(BlockingChannel.of(channel)))

        assertEquals(listOf(0, 1, null), List(3) { channel.tryReceive().getOrNull() })
    }

    @ParameterizedTest
    @EnumSource
    fun channelTry_closedWhileItWaits_returnsFalse(end: ChannelEnd) {
        for (capacity in listOf(0, 1)) {
            val channel = Channel<Int>(capacity)
            repeat(capacity) { channel.trySend(it) }
            val offer = waitingIn { BlockingChannel.of(channel).offer(7, 1, HOURS) }

            end.strike(channel)

            assertFalse(offer.await().value, "$end")
        }
    }

    @Test
    fun channelPut_closedWithCause_stillThrowsWithIt() {
        val channel = Channel<Int>(1)
        channel.close(CAUSE)

        assertSame(CAUSE, assertThrows(QueueShutdownException::class.java) { BlockingChannel.of(channel).put(7) }.cause)
    }

    private companion object {
        val CAUSE = IOException("planned")

        fun kinds(): List<Kind> = QueueKind.every().toList().map { kind -> Kind("$kind") { kind.build() } } +
            Dropping.POLICIES.flatMap { policy -> listOf(0, 1, 3).map { dropping(policy, it) } }

        fun dropping(policy: BufferOverflow, capacity: Int) = Kind("$policy, capacity $capacity") { dropped ->
            JanusQueue.builder<Int>().capacity(capacity).overflow(policy).onDropped(dropped::add).build()
        }

        @JvmStatic
        fun kindsAndTries() = kinds().flatMap { kind -> Try.entries.map { Arguments.of(kind, it) } }

        @JvmStatic
        fun kindsAndMusts() = kinds().flatMap { kind -> Must.entries.map { Arguments.of(kind, it) } }
    }
}
