package dev.janus.async

import dev.janus.JanusQueue
import dev.janus.fixtures.awaitUntil
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asContextElement
import kotlinx.coroutines.async
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.selects.select
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import java.util.concurrent.CompletableFuture

/** A thread-local value that a coroutine carries, such as the MDC of a logger, after a wait in the queue. */
class ContextElementsTest {
    enum class Wait(val takes: Boolean, val wait: suspend (JanusQueue<Int>) -> Any?) {
        RECEIVE(true, { it.async().receive() }),
        RECEIVE_BATCH(true, { it.async().receiveBatch(2) }),
        SELECT(true, { select { it.async().onReceive { it } } }),
        SEND(false, { it.async().send(1) }),
    }

    private val local = ThreadLocal<String>()
    private val queue = JanusQueue.fifo<Int>(1)

    @ParameterizedTest
    @EnumSource
    fun wait_endedByAThread_keepsTheElement(wait: Wait) = runBlocking {
        if (!wait.takes) queue.sync().put(0)
        val after = async(Dispatchers.Default + local.asContextElement("mine")) {
            wait.wait(queue)
            local.get()
        }
        awaitUntil("a waiting coroutine") {
            queue.stats().run { waitingTakeCoroutines() + waitingPutCoroutines() == 1 }
        }
        if (wait.takes) queue.sync().put(0) else queue.sync().take()
        assertEquals("mine", after.await())
    }

    @Test
    fun thenAccept_completedByAThread_doesNotCarryTheElement() {
        local.set("mine")
        val seen = CompletableFuture<String?>()
        queue.async().receiveAsync().thenAccept { seen.complete(local.get()) }
        queue.sync().put(1)
        assertNull(seen.get())
    }
}
