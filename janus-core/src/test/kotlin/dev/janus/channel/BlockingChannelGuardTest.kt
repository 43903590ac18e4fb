package dev.janus.channel

import dev.janus.BlockingChannel
import dev.janus.BlockingGuard
import dev.janus.fixtures.LoopKind
import dev.janus.fixtures.OpenLoop
import dev.janus.fixtures.assertRefusal
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.begin
import dev.janus.fixtures.failure
import dev.janus.fixtures.isWaitingForAChannel
import dev.janus.fixtures.lastingName
import dev.janus.fixtures.waitingIn
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.ReceiveChannel
import kotlinx.coroutines.channels.SendChannel
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedClass
import org.junit.jupiter.params.provider.MethodSource
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.TimeUnit.HOURS

/** A blocking call on a channel, and the suspending call to use in its place. */
internal enum class ChannelCall(
    val named: String,
    val instead: String,
    val call: (BlockingChannel<Int>) -> Any?,
    val withoutTime: ((BlockingChannel<Int>) -> Any?)? = null,
) {
    PUT("put", "send", { it.put(3) }),
    OFFER("offer", "send", { assertTrue(it.offer(3, 1, HOURS)) }, { it.offer(3, 0, HOURS) }),
    TAKE("take", "receive", { it.take() }),
    POLL("poll", "receive", { assertTrue(it.poll(1, HOURS) != null) }, { it.poll(-1, HOURS) }),
    ITERATOR("take", "receive", { it.iterator().next() }),
    ;

    private val puts get() = instead == "send"

    /** Of capacity 1, such that the call need not wait. */
    fun providing(): Channel<Int> = Channel<Int>(1).also { if (!puts) it.trySend(1) }

    /** Of capacity 1, such that the call must wait. */
    fun withholding(): Channel<Int> = Channel<Int>(1).also { if (puts) it.trySend(1) }

    /** Lets the call go that waits. */
    fun release(channel: Channel<Int>) {
        if (puts) channel.tryReceive() else channel.trySend(1)
    }

    /** What is left in a channel that withheld, when the call has done nothing. */
    val untouched get() = if (puts) listOf(1) else listOf()
}

/** Each blocking call on a channel, on each loop of one thread that it is bound to. */
@ParameterizedClass(name = "{0}, {1}")
@MethodSource("table")
internal class BlockingChannelGuardTest(kind: LoopKind, private val call: ChannelCall) {
    private val loop = OpenLoop(kind)

    @AfterEach
    fun close() = loop.close()

    private fun Channel<Int>.bound() = BlockingChannel.of(this).boundTo(loop.dispatcher)

    private fun Channel<Int>.bound(guard: BlockingGuard) = BlockingChannel.of(this).boundTo(loop.dispatcher, guard)

    private fun Channel<Int>.assertUntouched() =
        assertEquals(call.untouched, generateSequence { tryReceive().getOrNull() }.toList())

    @Test
    fun call_wouldWaitOnTheLoop_isRefusedAndChangesNothing() {
        val channel = call.withholding()
        val bound = channel.bound()

        val refused = loop.post { call.call(bound) }.failure()

        assertRefusal(refused, call.named, loop.dispatcher, call.instead, "channel")
        channel.assertUntouched()
    }

    @Test
    fun call_wouldWaitOnTheLoopInACoroutine_isRefused() {
        val channel = call.withholding()
        val bound = channel.bound()

        val refused = loop.begin { call.call(bound) }.await().failure()

        assertRefusal(refused, call.named, loop.dispatcher, call.instead)
        channel.assertUntouched()
    }

    @Test
    fun call_needNotWait_isNotAskedAbout() {
        val bound = call.providing().bound(NEVER_ASKED)
        loop.callFrom { call.call(bound) }
    }

    @Test
    fun call_hasNoTime_isNotAskedAbout() {
        val withoutTime = call.withoutTime ?: return
        val channel = call.withholding()
        val bound = channel.bound(NEVER_ASKED)
        assertTrue(loop.callFrom { withoutTime(bound) } in listOf(false, null))
        channel.assertUntouched()
    }

    @Test
    fun call_channelIsClosed_isNotAskedAbout() {
        val channel = call.withholding()
        val bound = channel.bound(NEVER_ASKED)
        channel.close()

        val ended = loop.post { call.call(bound) }.failure()

        assertFalse(generateSequence(ended) { it.cause }.any { "asked" == it.message }, "$ended")
        channel.assertUntouched()
    }

    @Test
    fun call_threadWasInterrupted_isInterruptedRatherThanRefused() {
        val channel = call.withholding()
        val bound = channel.bound(NEVER_ASKED)

        val interrupted =
            loop.post {
                Thread.currentThread().interrupt()
                call.call(bound)
            }.failure()

        assertInstanceOf(InterruptedException::class.java, generateSequence(interrupted) { it.cause }.last())
        loop.callFrom { Thread.interrupted() } // an iteration leaves the status set
        channel.assertUntouched()
    }

    @Test
    fun call_onAnotherThread_waitsAndWorks() {
        val channel = call.withholding()
        val bound = channel.bound(NEVER_ASKED)
        loop.callFrom {}

        val waiting = waitingIn { call.call(bound) }
        call.release(channel)

        waiting.await().value
    }

    @Test
    fun guard_warns_isCalledOnceAndTheCallWaitsAndWorks() {
        val warnings = ConcurrentLinkedQueue<IllegalStateException>()
        val channel = call.withholding()
        val bound =
            channel.bound {
                assertTrue(loop.isHere())
                warnings += it
            }

        assertWaitsAndWorks(channel, bound)

        assertRefusal(warnings.single(), call.named, loop.dispatcher, call.instead)
        assertTrue(warnings.single().stackTrace.any { javaClass.name in it.className }, "the call's stack trace")
    }

    @Test
    fun guard_throwsSomethingElse_callThrowsItAndChangesNothing() {
        listOf(UnsupportedOperationException("no"), NoSuchFieldError("none")).forEach { failure ->
            val channel = call.withholding()
            val bound = channel.bound { throw failure }
            assertSame(failure, loop.post { call.call(bound) }.failure())
            channel.assertUntouched()
        }
    }

    @Test
    fun guard_providesWhatIsNeeded_callWorks() {
        val channel = call.withholding()
        val bound = channel.bound { call.release(channel) }
        loop.callFrom { call.call(bound) }
    }

    @Test
    fun guard_closesTheChannel_callEndsAsThatOfAClosedOne() {
        val channel = call.withholding()
        val bound = channel.bound { channel.close() }
        val ended = loop.post { call.call(bound) }
        awaitUntil("the end of the call") { ended.isDone }
        assertFalse(ended.failure()?.message.orEmpty().contains("would have to wait"), "${ended.failure()}")
        channel.assertUntouched()
    }

    @Test
    fun unbound_callOnTheLoop_waitsAndWorks() {
        val channel = call.withholding()
        val unbound = BlockingChannel.of(channel)
        unbound.boundTo(loop.dispatcher) // makes another one
        assertWaitsAndWorks(channel, unbound)
    }

    @Test
    fun boundTwice_lastLoopCounts() {
        OpenLoop(LoopKind.EXECUTOR).use { other ->
            val channel = call.withholding()
            val bound = channel.bound(NEVER_ASKED).boundTo(other.dispatcher)
            assertRefusal(other.post { call.call(bound) }.failure(), call.named, other.dispatcher)
            assertWaitsAndWorks(channel, bound)
        }
    }

    private fun assertWaitsAndWorks(channel: Channel<Int>, blocking: BlockingChannel<Int>) {
        val thread = loop.callFrom { Thread.currentThread() }
        val outcome: CompletableFuture<Any?> = loop.post { call.call(blocking) }
        awaitUntil("the loop waits for the channel") { outcome.isDone || isWaitingForAChannel(thread) }
        assertFalse(outcome.isDone)
        call.release(channel)
        OpenLoop.resultOf(outcome)
    }

    companion object {
        private val NEVER_ASKED = BlockingGuard { throw AssertionError("asked", it) }

        @JvmStatic
        fun table(): List<Array<Any>> = LoopKind.entries.flatMap { kind ->
            ChannelCall.entries.map { arrayOf(kind, it) }
        }
    }
}

/** What a channel can be bound to, and channels of which one side is known or which pass on what is not delivered. */
internal class BoundBlockingChannelTest {
    private val loop = OpenLoop(LoopKind.EXECUTOR)
    private val dispatcher = loop.dispatcher

    @AfterEach
    fun close() = loop.close()

    @Test
    fun boundTo_unconfined_isIllegalArgument() {
        val unbound = BlockingChannel.of(Channel<Int>())
        val thrown = assertThrows(IllegalArgumentException::class.java) { unbound.boundTo(Dispatchers.Unconfined) }
        assertTrue("Unconfined" in thrown.message!!, thrown.message)
    }

    @Test
    fun boundTo_null_isRefused() {
        val unbound = BlockingChannel.of(Channel<Int>())
        assertThrows(NullPointerException::class.java) { unbound.boundTo(nullOf()) }
        assertThrows(NullPointerException::class.java) { unbound.boundTo(nullOf(), BlockingGuard.allow()) }
        assertThrows(NullPointerException::class.java) { unbound.boundTo(dispatcher, nullOf()) }
    }

    @Suppress("UNCHECKED_CAST")
    private fun <T> nullOf(): T = null as T

    @Test
    fun boundTo_sharedThreads_callsThereBlock() {
        listOf(Dispatchers.Default, Dispatchers.IO).forEach { shared ->
            val channel = Channel<Int>()
            val bound = BlockingChannel.of(channel).boundTo(shared)
            val taking = waitingIn { bound.take() }
            assertTrue(channel.trySend(1).isSuccess)
            assertEquals(1, taking.await().value)
        }
    }

    @Test
    fun toString_bound_namesTheChannelAndTheLoop() {
        val channel = Channel<Int>()
        val unbound = BlockingChannel.of(channel)
        assertEquals("BlockingChannel[$channel]", "$unbound")
        val text = "${unbound.boundTo(dispatcher)}"
        assertTrue(text.startsWith("BlockingChannel[$channel, bound to ${lastingName(dispatcher)}"), text)
    }

    @Test
    fun oneSide_bound_isRefusedOnTheLoopAndKeepsItsSide() {
        val channel = Channel<Int>(1)
        val sends = BlockingChannel.of(channel as SendChannel<Int>).boundTo(dispatcher)
        val receives = BlockingChannel.of(channel as ReceiveChannel<Int>).boundTo(dispatcher)

        assertRefusal(loop.post { receives.take() }.failure(), "take")
        loop.callFrom { sends.put(1) }
        assertRefusal(loop.post { sends.put(2) }.failure(), "put")

        listOf({ loop.callFrom { sends.take() } }, { loop.callFrom { receives.put(3) } }).forEach {
            assertThrows(UnsupportedOperationException::class.java) { it() }
        }
        assertEquals(1, channel.tryReceive().getOrNull())
    }

    @Test
    fun put_refused_isNotPassedToOnUndeliveredElement() {
        val undelivered = ConcurrentLinkedQueue<Int>()
        val channel = Channel<Int>(onUndeliveredElement = undelivered::add)
        val bound = BlockingChannel.of(channel).boundTo(dispatcher)

        assertRefusal(loop.post { bound.put(1) }.failure(), "put")

        assertTrue(undelivered.isEmpty(), "$undelivered")
        assertTrue(channel.tryReceive().isFailure)
    }

    @Test
    fun iterator_someAreThere_givesThemAndIsThenRefused() {
        val channel = Channel<Int>(2)
        val elements = BlockingChannel.of(channel).boundTo(dispatcher).iterator()
        val seen = ArrayList<Int>()
        channel.trySend(1)
        channel.trySend(2)

        assertRefusal(loop.post { elements.forEach(seen::add) }.failure(), "take")
        assertEquals(listOf(1, 2), seen)

        channel.trySend(3)
        assertEquals(3, loop.callFrom { elements.next() })
    }

    @Test
    fun close_bound_closesTheChannel() {
        val channel = Channel<Int>()
        BlockingChannel.of(channel).boundTo(dispatcher).close()
        assertTrue(channel.tryReceive().isClosed)
    }
}
