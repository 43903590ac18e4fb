package dev.janus.kotlin

import dev.janus.JanusQueue
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancel
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.channels.ReceiveChannel
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import java.util.ArrayDeque
import java.util.concurrent.CyclicBarrier
import java.util.concurrent.TimeUnit.SECONDS

/** The hand-over of an element meets a cancellation: the element is received, or back in the queue, and never both. */
@Timeout(value = 60, unit = SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProduceInRaceTest {
    private val steps = ManualDispatcher()
    private val scope = CoroutineScope(steps + Job())

    @Test
    fun received_thenScopeCancelledBeforeThePumpRuns_elementIsTheReceivers() {
        val queue = holding(1, 2)
        val channel = offering(queue)

        assertEquals(1, channel.tryReceive().getOrNull())
        scope.cancel()
        steps.runAll()

        assertEquals(listOf(2), queue.takeAll())
        assertNothingPending(queue)
    }

    @Test
    fun scopeCancelled_thenReceivedBeforeThePumpRuns_elementIsInTheQueue() {
        val queue = holding(1, 2)
        val channel = offering(queue)

        scope.cancel()
        assertNull(channel.tryReceive().getOrNull())
        assertEquals(listOf(1, 2), queue.sync().toList())
        steps.runAll()

        assertNull(channel.tryReceive().getOrNull())
        assertEquals(listOf(1, 2), queue.takeAll())
        assertNothingPending(queue)
    }

    @Test
    fun channelCancelled_thenScope_elementIsBackOnce() {
        val queue = holding(1, 2)
        val channel = offering(queue)

        channel.cancel()
        scope.cancel()
        channel.cancel()
        steps.runAll()

        assertEquals(listOf(1, 2), queue.takeAll())
        assertNothingPending(queue)
    }

    @Test
    fun received_thenChannelCancelledBeforeThePumpRuns_elementIsTheReceivers() {
        val queue = holding(1, 2)
        val channel = offering(queue)

        assertEquals(1, channel.tryReceive().getOrNull())
        channel.cancel()
        steps.runAll()

        assertEquals(listOf(2), queue.takeAll())
        assertNothingPending(queue)
    }

    @Test
    fun scopeCancelledBetweenTakeAndOffer_nobodyReceives_elementIsBack() {
        val queue = cancellingWhenItGivesOut()
        queue.sync().putAll(listOf(1, 2))

        queue.async().produceIn(scope)
        steps.runAll()

        assertTrue(scope.coroutineContext.job.isCancelled)
        assertEquals(listOf(1, 2), queue.takeAll())
        assertNothingPending(queue)
    }

    @Test
    fun scopeCancelledBetweenTakeAndOffer_receiverWaits_elementIsReceivedOrBack() {
        val queue = cancellingWhenItGivesOut()
        queue.sync().putAll(listOf(1, 2))
        val channel = queue.async().produceIn(scope)
        val receiver = CoroutineScope(steps).running { channel.receive() }

        steps.runAll()

        val received = listOfNotNull(if (receiver.failure() == null) receiver.value else null)
        assertEquals(listOf(1, 2), received + queue.takeAll())
        assertNothingPending(queue)
    }

    @Test
    fun tryReceive_whileTheScopeIsCancelled_elementIsInOnePlace() = race { _, scope -> scope.cancel() }

    @Test
    fun tryReceive_whileTheChannelIsCancelled_elementIsInOnePlace() = race { channel, _ -> channel.cancel() }

    /** One thread receives from the channel while another ends it. */
    private fun race(end: (ReceiveChannel<Int>, CoroutineScope) -> Unit) {
        val rounds = 20_000
        val start = CyclicBarrier(2)
        val channels = arrayOfNulls<ReceiveChannel<Int>>(rounds)
        val received = IntArray(rounds)
        val receiver = inThread {
            repeat(rounds) { round ->
                start.await(20, SECONDS)
                repeat(round % 7) { Thread.onSpinWait() }
                received[round] = channels[round]!!.tryReceive().getOrNull() ?: 0
                start.await(20, SECONDS)
            }
        }
        repeat(rounds) { round ->
            val queue = holding(1, 2)
            val steps = ManualDispatcher()
            val scope = CoroutineScope(steps + Job())
            val channel = queue.async().produceIn(scope)
            steps.runAll()
            channels[round] = channel
            start.await(20, SECONDS)
            repeat(round % 11) { Thread.onSpinWait() }
            end(channel, scope)
            start.await(20, SECONDS)
            steps.runAll()
            val expected = if (received[round] == 0) listOf(1, 2) else listOf(2)
            assertEquals(expected, queue.takeAll()) { "round $round, received: ${received[round]}" }
            assertNothingPending(queue)
        }
        receiver.await().value
    }

    /** One receiver after the other has a channel of its own, for a while. */
    @Test
    fun produceIn_startedAgainAtRandom_losesNothingAndKeepsTheOrder() = runBlocking(Dispatchers.Default) {
        val count = 20_000
        val queue = janusQueue<Int>(16)
        val producer = launch {
            (1..count).forEach { queue.async().send(it) }
            queue.shutdown()
        }
        val seen = ArrayList<Int>()
        var starts = 0
        while (!queue.isTerminated) {
            val job = Job()
            val channel = queue.async().produceIn(CoroutineScope(Dispatchers.Default + job))
            repeat(1 + starts++ % 50) { channel.receiveCatching().getOrNull()?.let { seen += it } }
            if (starts % 2 == 0) job.cancelAndJoin() else cancelAndAwait(channel, job)
        }
        producer.join()

        assertEquals((1..count).toList(), seen)
        assertTrue(starts > 100) { "started again only $starts times" }
        assertNothingPending(queue)
    }

    private suspend fun cancelAndAwait(channel: ReceiveChannel<Int>, job: Job) {
        channel.cancel()
        job.children.forEach { it.join() }
    }

    private fun holding(vararg elements: Int): JanusQueue<Int> =
        janusQueue<Int>(8).also { it.sync().putAll(elements.toList()) }

    private fun offering(queue: JanusQueue<Int>): ReceiveChannel<Int> =
        queue.async().produceIn(scope).also { steps.runAll() }

    /** A queue that cancels the scope while it gives out an element. */
    private fun cancellingWhenItGivesOut(): JanusQueue<Int> {
        val store =
            object : ArrayDeque<Int>() {
                override fun poll(): Int? = super.poll().also { scope.cancel() }
            }
        return janusQueue(8, QueueOrder.of(store))
    }
}
