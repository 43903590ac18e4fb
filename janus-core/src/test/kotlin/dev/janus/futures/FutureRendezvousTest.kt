package dev.janus.futures

import dev.janus.JanusQueue
import dev.janus.fixtures.ManualDispatcher
import dev.janus.fixtures.Running
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.failure
import dev.janus.fixtures.inThread
import dev.janus.fixtures.running
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.MethodSource
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit.HOURS

/** With capacity 0: a sendAsync and every kind of receiver meet, in either order. */
class FutureRendezvousTest {
    /** A queue that is bound to the loop, if there is one. */
    class Meeting(loop: ManualDispatcher?) {
        val queue: JanusQueue<Int> =
            JanusQueue.builder<Int>().capacity(0).run { if (loop == null) this else boundTo(loop) }.build()
        val home: CoroutineDispatcher = loop ?: Dispatchers.Default
        val pump: () -> Unit = { loop?.runAll() ?: Thread.yield() }
    }

    /** A way to take an element. */
    enum class Receiver(val waits: Boolean, val begin: Meeting.() -> Running<Int?>) {
        TAKE(true, { inThread { queue.sync().take() } }),
        TIMED_POLL(true, { inThread { queue.sync().poll(1, HOURS) } }),
        TAKE_BATCH(true, { inThread { queue.sync().takeBatch(3).single() } }),
        POLL(false, { inThread { queue.sync().poll() } }),
        RECEIVE(true, { coroutine { queue.async().receive() } }),
        TIMED_RECEIVE(true, { coroutine { queue.async().receive(1, HOURS) } }),
        RECEIVE_LEASE(true, { coroutine { queue.async().receiveLease().run { element().also { keep() } } } }),
        TRY_RECEIVE(false, { inThread { queue.async().tryReceive() } }),
        RECEIVE_ASYNC(true, { queue.async().receiveAsync().asRunning() }),
        SUBSCRIBE(true, { subscribed(queue) }),
    }

    @ParameterizedTest
    @MethodSource("all")
    fun sendAsync_first_meetsTheReceiver(receiver: Receiver, loop: ManualDispatcher?) {
        val meeting = Meeting(loop)
        val sent = meeting.queue.async().sendAsync(7)
        meeting.pump()
        assertEquals(1, meeting.queue.stats().waitingPutCoroutines())

        val received = receiver.begin(meeting)

        meeting.assertMet(received, sent)
    }

    @ParameterizedTest
    @MethodSource("waiting")
    fun sendAsync_second_meetsTheReceiver(receiver: Receiver, loop: ManualDispatcher?) {
        val meeting = Meeting(loop)
        val received = receiver.begin(meeting)
        awaitUntil("a receiver that waits", meeting.pump) {
            meeting.queue.stats().run { waitingTakeThreads() + waitingTakeCoroutines() } == 1
        }

        val sent = meeting.queue.async().sendAsync(7)

        meeting.assertMet(received, sent)
    }

    private fun Meeting.assertMet(received: Running<Int?>, sent: CompletableFuture<Void?>) {
        awaitUntil("the meeting", pump) { received.isOver && sent.isDone }
        assertNull(sent.get())
        assertEquals(7, received.value)
        awaitUntil("the end of the lease", pump) { queue.stats().leased() == 0 }
        queue.shutdown()
        pump()
        assertNothingPending(queue)
    }

    companion object {
        private fun <T> Meeting.coroutine(block: suspend () -> T): Running<T> = CoroutineScope(home).running(block)

        private fun CompletableFuture<Int>.asRunning() = Running<Int?>().also { running ->
            whenComplete { value, failure ->
                running.end(if (failure == null) Result.success(value) else Result.failure(failure))
            }
        }

        private fun subscribed(queue: JanusQueue<Int>) = Running<Int?>().also { running ->
            val self = CompletableFuture<AutoCloseable>()
            val subscription =
                queue.async().subscribe({
                    self.join().close()
                    running.end(Result.success(it))
                }, {})
            self.complete(subscription)
        }

        @JvmStatic
        fun all() = Receiver.entries.flatMap { listOf(arrayOf(it, null), arrayOf(it, ManualDispatcher())) }

        @JvmStatic
        fun waiting() = all().filter { (it[0] as Receiver).waits }
    }
}
