package dev.janus.stress

import dev.janus.JanusQueue
import dev.janus.fixtures.Ledger
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.SplittableRandom
import java.util.concurrent.TimeUnit
import java.util.concurrent.locks.LockSupport

/** One rig, two queues: what the usual way of receiving with a timeout loses, and what ours does. */
class LossComparisonTest {
    @Test
    fun timedReceive_plainChannel_losesElements() {
        val channel = Channel<Int>(1)
        val ledger =
            handOver(
                send = channel::send,
                receive = { withTimeoutOrNull(1) { channel.receive() } },
                tryReceive = { channel.tryReceive().getOrNull() },
            )
        println("plain Channel, withTimeoutOrNull(1) { receive() }: lost ${ledger.lost()} of $COUNT")
        assertTrue(ledger.lost() > 0, "the rig shows nothing: a plain channel lost nothing in it")
    }

    @Test
    fun timedReceive_janusQueue_losesNothing() {
        val queue = JanusQueue.fifo<Int>(1).async()
        val ledger =
            handOver(
                send = { queue.send(it) },
                receive = { queue.receive(1, TimeUnit.MILLISECONDS) },
                tryReceive = { queue.tryReceive() },
            )
        println("JanusQueue, receive(1, MILLISECONDS): lost ${ledger.lost()} of $COUNT")
        assertEquals(0, ledger.lost())
        assertEquals(0, ledger.doubled.get())
    }

    /** Two producers, now and then late, and two consumers whose waits time out and which are restarted at random. */
    private fun handOver(send: suspend (Int) -> Unit, receive: suspend () -> Int?, tryReceive: () -> Int?): Ledger {
        val ledger = Ledger(COUNT)
        runBlocking(Dispatchers.Default) {
            val producers =
                List(2) { i ->
                    launch {
                        val random = SplittableRandom(i.toLong())
                        for (element in i until COUNT step 2) {
                            if (random.nextInt(8) == 0) {
                                LockSupport.parkNanos(random.nextLong(LATE_NANOS)) // late, so that timeouts happen
                            }
                            send(element)
                        }
                    }
                }
            val consumers =
                List(2) { launch { restartAtRandom(SplittableRandom(2L + it)) { receive()?.let(ledger::record) } } }
            producers.joinAll()
            consumers.forEach { it.cancelAndJoin() }
        }
        generateSequence(tryReceive).forEach(ledger::record)
        return ledger
    }

    private suspend fun restartAtRandom(random: SplittableRandom, step: suspend () -> Unit): Unit = coroutineScope {
        while (true) {
            val consumer =
                launch {
                    while (true) {
                        step()
                    }
                }
            repeat(random.nextInt(RESTART_AFTER)) { yield() }
            consumer.cancelAndJoin()
        }
    }

    companion object {
        private const val COUNT = 20_000
        private const val LATE_NANOS = 1_500_000L
        private const val RESTART_AFTER = 200
    }
}
