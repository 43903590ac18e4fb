package dev.janus.kotlin

import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.begin
import dev.janus.fixtures.inVirtualTime
import dev.janus.fixtures.takeAll
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.cancel
import kotlinx.coroutines.channels.onClosed
import kotlinx.coroutines.channels.onFailure
import kotlinx.coroutines.channels.onSuccess
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.runCurrent
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.IOException
import java.util.concurrent.CancellationException

/** `receiveOrNull` and `receiveCatching`. */
@OptIn(ExperimentalCoroutinesApi::class)
class ReceiveTest {
    private val queue = janusQueue<Int>(2)
    private val async = queue.async()

    @AfterEach
    fun nothingIsPending() = assertNothingPending(queue)

    @Test
    fun receiveOrNull_elements_areTakenInOrder() = inVirtualTime {
        async.sendAll(listOf(1, 2))

        assertEquals(1, async.receiveOrNull())
        assertEquals(2, async.receiveOrNull())
        assertEquals(2, queue.unfinishedTasks())
    }

    @Test
    fun receiveOrNull_empty_waitsForTheElement() = inVirtualTime {
        val receiver = begin { async.receiveOrNull() }
        receiver.assertGoesOn()

        async.send(1)
        runCurrent()

        assertEquals(1, receiver.value)
    }

    @Test
    fun receiveOrNull_shutdown_takesWhatIsLeftAndIsNullThen() = inVirtualTime {
        async.send(1)
        queue.shutdown()

        assertEquals(1, async.receiveOrNull())
        assertNull(async.receiveOrNull())
        assertNull(async.receiveOrNull())
    }

    @Test
    fun receiveOrNull_shutdownWhileItWaits_isNull() = inVirtualTime {
        val receiver = begin { async.receiveOrNull() }

        queue.shutdown()
        runCurrent()

        assertNull(receiver.value)
    }

    @Test
    fun receiveOrNull_shutdownWithCause_throwsTheCause() = inVirtualTime {
        for (cause in listOf(
            IOException("checked"),
            IllegalStateException("unchecked"),
            OutOfMemoryError("an error"),
        )) {
            val queue = janusQueue<Int>(1)
            val waiting = begin { queue.async().receiveOrNull() }
            queue.shutdown(cause)
            runCurrent()

            assertSame(cause, waiting.failure())
            assertSame(cause, begin { queue.async().receiveOrNull() }.failure())
        }
    }

    @Test
    fun receiveOrNull_shutdownBecauseAnotherQueueWas_throwsThatQueuesException() = inVirtualTime {
        val other = janusQueue<Int>(1).apply { shutdown() }
        val cause = begin { other.async().receive() }.failure()!!

        queue.shutdown(cause)

        assertSame(cause, begin { async.receiveOrNull() }.failure())
    }

    @Test
    fun receiveOrNull_cancelledWhileItWaits_takesNothing() = inVirtualTime {
        val receiver = begin { async.receiveOrNull() }

        async.send(1)
        receiver.job.cancel()
        runCurrent()

        receiver.assertThrew<CancellationException>()
        assertEquals(listOf(1), queue.takeAll())
    }

    @Test
    fun receiveCatching_element_isASuccess() = inVirtualTime {
        async.send(1)
        var seen = 0

        val result = async.receiveCatching().onSuccess { seen = it }.onFailure { seen = -1 }.onClosed { seen = -2 }

        assertEquals(1, seen)
        assertTrue(result.isSuccess && !result.isClosed && !result.isFailure)
        assertEquals(1, result.getOrThrow())
    }

    @Test
    fun receiveCatching_empty_waitsForTheElement() = inVirtualTime {
        val receiver = begin { async.receiveCatching() }
        receiver.assertGoesOn()

        async.send(1)
        runCurrent()

        assertEquals(1, receiver.value.getOrNull())
    }

    @Test
    fun receiveCatching_shutdown_isClosedWithoutCauseOnceNothingIsLeft() = inVirtualTime {
        async.send(1)
        queue.shutdown()
        assertEquals(1, async.receiveCatching().getOrNull())

        var causes = listOf<Throwable?>()
        val result = async.receiveCatching().onClosed { causes = causes + it }

        assertTrue(result.isClosed && result.isFailure && !result.isSuccess)
        assertEquals(listOf(null), causes)
        assertNull(result.getOrNull())
    }

    @Test
    fun receiveCatching_shutdownWithCauseWhileItWaits_isClosedWithIt() = inVirtualTime {
        val cause = IOException("the reason")
        val receiver = begin { async.receiveCatching() }

        queue.shutdown(cause)
        runCurrent()

        assertTrue(receiver.value.isClosed)
        assertSame(cause, receiver.value.exceptionOrNull())
        assertSame(cause, runCatching { receiver.value.getOrThrow() }.exceptionOrNull())
    }

    @Test
    fun receiveCatching_cancelledWhileItWaits_throwsAndTakesNothing() = inVirtualTime {
        val receiver = begin { async.receiveCatching() }

        async.send(1)
        receiver.job.cancel()
        runCurrent()

        receiver.assertThrew<CancellationException>()
        assertEquals(listOf(1), queue.takeAll())
    }

    @Test
    fun bothCalls_cancelledAndNeedNotWait_takeNothing() = inVirtualTime {
        async.sendAll(listOf(1, 2))
        val failures = ArrayList<Throwable?>()
        coroutineScope {
            launch(start = CoroutineStart.UNDISPATCHED) {
                coroutineContext.cancel()
                failures += runCatching { async.receiveOrNull() }.exceptionOrNull()
                failures += runCatching { async.receiveCatching() }.exceptionOrNull()
            }
        }
        assertTrue(failures.size == 2 && failures.all { it is CancellationException }) { "$failures" }
        assertEquals(listOf(1, 2), queue.shutdownNow())
    }
}
