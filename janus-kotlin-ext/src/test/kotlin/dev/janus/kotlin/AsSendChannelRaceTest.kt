package dev.janus.kotlin

import dev.janus.JanusQueue
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancel
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.channels.SendChannel
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import java.util.SplittableRandom
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.TimeUnit.SECONDS

/** Elements meet the end of the scope or of the queue: each is received or undelivered, exactly once. */
@Timeout(value = 60, unit = SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AsSendChannelRaceTest {
    private val undelivered = ConcurrentLinkedQueue<Int>()
    private val received = ConcurrentLinkedQueue<Int>()
    private val random = SplittableRandom(4711)

    @Test
    fun scopeCancelledAtRandom_eachElementIsReceivedOrUndelivered() {
        var wereUndelivered = 0
        repeat(ROUNDS) { wereUndelivered += round { scope, _ -> scope.cancel() } }
        assertTrue(wereUndelivered > 0) { "no cancellation met an element" }
    }

    @Test
    fun queueShutDownAtRandom_eachElementIsReceivedOrUndelivered() {
        var wereUndelivered = 0
        repeat(ROUNDS) { wereUndelivered += round { _, queue -> queue.shutdown() } }
        assertTrue(wereUndelivered > 0) { "no shutdown met an element" }
    }

    /** Two coroutines send and one receives, until after some elements the [end] strikes. Returns how many were undelivered. */
    private fun round(end: (CoroutineScope, JanusQueue<Int>) -> Unit): Int = runBlocking(Dispatchers.Default) {
        undelivered.clear()
        received.clear()
        val queue = janusQueue<Int>(random.nextInt(3))
        val scope = CoroutineScope(Dispatchers.Default + Job())
        val channel = queue.async().asSendChannel(scope) { undelivered += it }
        var left = 1 + random.nextInt(40)
        val receiver = launch {
            for (element in queue.async()) {
                received += element
                if (--left == 0) end(scope, queue)
            }
        }
        val senders = listOf(0, 1_000_000).map { first -> async { sendUntilRefused(channel, first) } }
        val sent = senders.awaitAll()
        scope.coroutineContext.job.children.forEach { it.join() }
        receiver.cancelAndJoin()
        assertEachOnce(queue, sent)
        undelivered.size
    }

    /** Sends the numbers from [first]. The last one was refused, and so belongs to those that are undelivered. */
    private suspend fun sendUntilRefused(channel: SendChannel<Int>, first: Int): IntRange {
        var element = first
        try {
            while (true) {
                channel.send(element)
                element++
            }
        } catch (_: CancellationException) {
            return first..element
        }
    }

    private fun assertEachOnce(queue: JanusQueue<Int>, sent: List<IntRange>) {
        val everywhere = received + undelivered + queue.takeAll()
        assertEquals(sent.flatMap { it }, everywhere.sorted()) { "undelivered: $undelivered" }
        sent.forEach { numbers -> assertInOrder(received.filter { it in numbers }) }
        assertNothingPending(queue)
    }

    private fun assertInOrder(elements: List<Int>) = assertEquals(elements.sorted(), elements)

    private companion object {
        const val ROUNDS = 1_000
    }
}
