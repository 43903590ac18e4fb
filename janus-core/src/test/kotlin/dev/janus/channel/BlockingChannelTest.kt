package dev.janus.channel

import dev.janus.BlockingChannel
import dev.janus.QueueShutdownException
import dev.janus.fixtures.BusyDefault
import dev.janus.fixtures.assertIsOrCopies
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.inThread
import dev.janus.fixtures.running
import dev.janus.fixtures.waitingIn
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.ObsoleteCoroutinesApi
import kotlinx.coroutines.cancel
import kotlinx.coroutines.channels.BufferOverflow
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.ReceiveChannel
import kotlinx.coroutines.channels.SendChannel
import kotlinx.coroutines.channels.actor
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.channels.produce
import kotlinx.coroutines.channels.trySendBlocking
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.channelFlow
import kotlinx.coroutines.flow.produceIn
import kotlinx.coroutines.job
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import org.junit.jupiter.params.provider.ValueSource
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.TimeUnit.HOURS
import java.util.concurrent.TimeUnit.MILLISECONDS

/** Blocking calls on channels of every kind, and from every source. */
@OptIn(ExperimentalCoroutinesApi::class)
class BlockingChannelTest {
    /** What is received after 1, 2, 3 and 4 were put; null if a put waits when the [capacity] is reached. */
    enum class Kind(val capacity: Int, val kept: List<Int>?, val new: () -> Channel<Int>) {
        RENDEZVOUS(0, null, { Channel() }),
        ONE(1, null, { Channel(1) }),
        BUFFERED(2, null, { Channel(2) }),
        UNLIMITED(4, listOf(1, 2, 3, 4), { Channel(Channel.UNLIMITED) }),
        CONFLATED(1, listOf(4), { Channel(Channel.CONFLATED) }),
        DROP_OLDEST(2, listOf(3, 4), { Channel(2, BufferOverflow.DROP_OLDEST) }),
        DROP_LATEST(2, listOf(1, 2), { Channel(2, BufferOverflow.DROP_LATEST) }),
    }

    private val scope = CoroutineScope(Job() + Dispatchers.IO)

    @AfterEach
    fun everyCoroutineEnds() {
        scope.cancel()
        awaitUntil("the end of all coroutines") { scope.coroutineContext.job.children.none() }
    }

    @ParameterizedTest
    @EnumSource
    fun put_fourElements_channelDecidesWhatIsKept(kind: Kind) {
        val blocking = BlockingChannel.of(kind.new())
        val kept = kind.kept ?: (1..kind.capacity).toList()

        if (kind.kept != null) {
            (1..4).forEach { blocking.put(it) }
        } else {
            (1..4).forEach { assertEquals(it <= kind.capacity, blocking.offer(it), "offer $it") }
            assertFalse(blocking.offer(5, 1, MILLISECONDS))
        }

        assertEquals(kept, generateSequence { blocking.poll() }.toList())
        assertNull(blocking.poll(1, MILLISECONDS))
    }

    @ParameterizedTest
    @EnumSource(names = ["RENDEZVOUS", "ONE", "BUFFERED"])
    fun put_full_waitsForAReceiver(kind: Kind) {
        val channel = kind.new()
        val blocking = BlockingChannel.of(channel)
        (1..kind.capacity).forEach { blocking.put(it) }
        val putting = waitingIn { blocking.put(201) }
        val offering = waitingIn { blocking.offer(202, 1, HOURS) }

        val received = scope.running { List(kind.capacity + 2) { channel.receive() } }.await().value

        putting.await().value
        assertTrue(offering.await().value)
        assertEquals((1..kind.capacity) + listOf(201, 202), received)
    }

    @ParameterizedTest
    @EnumSource
    fun take_empty_waitsForASender(kind: Kind) {
        val channel = kind.new()
        val blocking = BlockingChannel.of(channel)
        val taking = waitingIn { blocking.take() }
        val polling = waitingIn { blocking.poll(1, HOURS) }

        scope.running { channel.send(1) }.await().value
        assertEquals(1, taking.await().value)
        polling.assertGoesOn()
        scope.running { channel.send(2) }.await().value
        assertEquals(2, polling.await().value)
        assertNull(blocking.poll())
    }

    @ParameterizedTest
    @EnumSource
    fun timedCalls_noTime_doNotWait(kind: Kind) {
        val blocking = BlockingChannel.of(kind.new())
        assertNull(blocking.poll(0, HOURS))
        assertNull(blocking.poll(-1, HOURS))
        val room = kind != Kind.RENDEZVOUS
        assertEquals(room, blocking.offer(1, 0, HOURS))
        if (room) assertEquals(1, blocking.poll(Long.MIN_VALUE, HOURS))
        assertEquals(room, blocking.offer(2, -1, HOURS))
    }

    @Test
    fun timedCalls_inVain_endNotBeforeTheirTime() {
        val blocking = BlockingChannel.of(Channel<Int>())
        listOf<() -> Any?>({ blocking.poll(30, MILLISECONDS) }, { blocking.offer(1, 30, MILLISECONDS) }).forEach {
            val start = System.nanoTime()
            assertTrue(it() in listOf(null, false))
            assertTrue(System.nanoTime() - start >= MILLISECONDS.toNanos(30))
        }
        assertNull(blocking.poll())
    }

    @ParameterizedTest
    @EnumSource
    fun takes_threadsOnBothEnds_defaultIsBusy(kind: Kind) {
        val blocking = BlockingChannel.of(kind.new())
        BusyDefault.during {
            val taking = inThread { blocking.take() }
            val putting = inThread { blocking.put(1) }
            putting.await().value
            assertEquals(1, taking.await().value)
        }
    }

    @Test
    fun iteration_produce_endsWithIt() {
        val produced: ReceiveChannel<Int> = scope.produce { repeat(1000) { send(it) } }
        assertEquals((0 until 1000).toList(), BlockingChannel.of(produced).toList())
    }

    @Test
    fun iteration_flows_endsWithThem() {
        val channelFlow = channelFlow { repeat(100) { send(it) } }
        val callbackFlow =
            callbackFlow {
                val source = inThread { repeat(100) { trySendBlocking(it) } }
                source.await()
                close()
                awaitClose()
            }
        listOf(channelFlow, callbackFlow).forEach {
            assertEquals((0 until 100).toList(), BlockingChannel.of(it.produceIn(scope)).toList())
        }
    }

    @Test
    fun iteration_producerFails_throwsItsFailure() {
        val failure = IllegalArgumentException("planned")
        val failing = CoroutineScope(Job() + Dispatchers.IO)
        val produced = failing.produce<Int>(capacity = 1) { throw failure.also { send(1) } }
        awaitUntil("its end") { failing.coroutineContext.job.isCancelled }
        val elements = BlockingChannel.of(produced).iterator()

        assertEquals(1, elements.next())
        val thrown = assertThrows(QueueShutdownException::class.java) { elements.hasNext() }
        assertIsOrCopies(failure, thrown.cause)
    }

    @Test
    @OptIn(ObsoleteCoroutinesApi::class)
    fun put_actor_getsEachInOrder() {
        val got = ConcurrentLinkedQueue<Int>()
        val actor: SendChannel<Int> = scope.actor { for (element in channel) got.add(element) }
        val blocking = BlockingChannel.of(actor)

        repeat(1000) { blocking.put(it) }
        blocking.close()

        awaitUntil("all elements") { got.size == 1000 }
        assertEquals((0 until 1000).toList(), got.toList())
        assertThrows(QueueShutdownException::class.java) { blocking.put(1) }
    }

    @Test
    fun close_onlyReceives_cancelsTheProducer() {
        val produced = scope.produce { while (true) send(1) }
        val blocking = BlockingChannel.of(produced)
        assertEquals(1, blocking.take())

        blocking.close()
        blocking.close()

        assertThrows(QueueShutdownException::class.java) { blocking.take() }
        assertNull(blocking.poll())
    }

    @Test
    fun close_sends_whatIsThereCanBeTaken() {
        val blocking = BlockingChannel.of(Channel<Int>(2))
        blocking.put(1)

        blocking.close()
        blocking.close()

        assertFalse(blocking.offer(2))
        assertThrows(QueueShutdownException::class.java) { blocking.put(2) }
        assertEquals(listOf(1), blocking.toList())
    }

    @Test
    fun missingSide_everyCall_isUnsupported() {
        val channel = Channel<Int>(1)
        val sends = BlockingChannel.of(channel as SendChannel<Int>)
        val receives = BlockingChannel.of(channel as ReceiveChannel<Int>)
        val unsupported: List<() -> Any?> =
            listOf(
                { sends.take() },
                { sends.poll() },
                { sends.poll(1, HOURS) },
                { sends.iterator() },
                { receives.put(1) },
                { receives.offer(1) },
                { receives.offer(1, 1, HOURS) },
            )
        unsupported.forEach { assertThrows(UnsupportedOperationException::class.java) { it() } }
        sends.put(1)
        assertEquals(1, receives.take())
    }

    @ParameterizedTest
    @ValueSource(booleans = [true, false])
    fun calls_null_areRefused(there: Boolean) {
        val channel = Channel<Int?>(1)

        @Suppress("UNCHECKED_CAST")
        val blocking = BlockingChannel.of(channel as Channel<Int>)
        val refused: List<() -> Any?> =
            listOf(
                { blocking.put(nullOf()) },
                { blocking.offer(nullOf()) },
                { blocking.offer(nullOf(), 1, HOURS) },
            )
        refused.forEach { assertThrows(NullPointerException::class.java) { it() } }
        assertTrue(channel.isEmpty)

        listOf({ blocking.take() }, { blocking.poll(1, HOURS) }).forEach { take ->
            if (there) channel.trySend(null)
            val taking = if (there) inThread(take) else waitingIn(take)
            if (!there) channel.trySend(null)
            taking.await().assertThrew<NullPointerException>()
        }
    }

    @Test
    fun of_null_isRefused() {
        assertThrows(NullPointerException::class.java) { BlockingChannel.of<Int>(nullOf<Channel<Int>>()) }
        assertThrows(NullPointerException::class.java) { BlockingChannel.of<Int>(nullOf<SendChannel<Int>>()) }
        assertThrows(NullPointerException::class.java) { BlockingChannel.of<Int>(nullOf<ReceiveChannel<Int>>()) }
    }

    @Suppress("UNCHECKED_CAST")
    private fun <T> nullOf(): T = null as T
}
