package dev.janus.proof

import dev.janus.JanusQueue
import dev.janus.fixtures.awaitUntil
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.future.asCompletableFuture
import kotlinx.coroutines.selects.select
import reactor.blockhound.BlockHound
import reactor.blockhound.BlockingOperationError
import reactor.blockhound.integration.BlockHoundIntegration
import java.util.ServiceLoader
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit.SECONDS
import kotlin.concurrent.thread

/** BlockHound in this JVM, for good: it throws where a coroutine blocks, and what it has reported is kept. */
internal object Hound {
    val reports = ConcurrentLinkedQueue<BlockingOperationError>()

    /** Installs it with those of the integrations on the class path that are [wanted]. */
    fun install(wanted: (BlockHoundIntegration) -> Boolean) {
        val builder = BlockHound.builder()
        ServiceLoader.load(BlockHoundIntegration::class.java).sorted().filter(wanted).forEach(builder::with)
        builder.blockingMethodCallback { method -> throw BlockingOperationError(method).also { reports += it } }
        builder.install()
    }
}

/** What a coroutine does while a thread holds the queue's lock. */
internal enum class CallBesideAThread(val call: suspend (JanusQueue<Int>) -> Unit) {
    SEND({ it.async().send(3) }),
    TIMED_SEND({ it.async().send(3, 20, SECONDS) }),
    SEND_ALL({ it.async().sendAll(listOf(3, 4)) }),
    TRY_SEND({ it.async().trySend(3) }),
    RECEIVE({ it.async().receive() }),
    TIMED_RECEIVE({ it.async().receive(20, SECONDS) }),
    RECEIVE_BATCH({ it.async().receiveBatch(2) }),
    RECEIVE_LEASE({ it.async().receiveLease().close() }),
    SELECT_RECEIVE({ queue -> select { queue.async().onReceive {} } }),
    SELECT_SEND({ queue -> select { queue.async().onSend(3) {} } }),
    RECEIVE_ASYNC({ it.async().receiveAsync() }),
    STATS({ it.stats() }),
    ;

    /**
     * Calls from a coroutine on [Dispatchers.Default] while a thread is in a put, and returns how the call ended. The thread's
     * put goes on when the coroutine waits for the lock, or was reported.
     */
    fun runBesideAThread(): Result<Unit> {
        val locked = CountDownLatch(1)
        val goOn = CountDownLatch(1)
        val queue = JanusQueue.priority<Int>(8) { one, other ->
            if (Thread.currentThread().name == PUTTER) {
                locked.countDown()
                goOn.await()
            }
            one.compareTo(other)
        }
        queue.sync().put(1)
        val putting = thread(name = PUTTER) { queue.sync().put(2) }
        locked.await()
        val reported = Hound.reports.size
        lateinit var worker: Thread
        val running = CountDownLatch(1)
        val called = CoroutineScope(Dispatchers.Default).async {
            worker = Thread.currentThread()
            running.countDown()
            runCatching { call(queue) }
        }.asCompletableFuture()
        running.await()
        awaitUntil("the call waits for the lock, or was reported") {
            worker.state == Thread.State.WAITING || Hound.reports.size > reported
        }
        check(!called.isDone || Hound.reports.size > reported) { "the call did not want the lock: ${called.get()}" }
        goOn.countDown()
        putting.join()
        return called.get(20, SECONDS)
    }

    private companion object {
        const val PUTTER = "putter"
    }
}
