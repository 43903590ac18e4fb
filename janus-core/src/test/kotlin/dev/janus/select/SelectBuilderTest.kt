package dev.janus.select

import dev.janus.JanusQueue
import dev.janus.fixtures.Running
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.begin
import dev.janus.fixtures.inThread
import dev.janus.fixtures.inVirtualTime
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.selects.select
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runCurrent
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** What happens to a clause while the select's builder still runs: it becomes ready, or it never gets to wait. */
@OptIn(ExperimentalCoroutinesApi::class)
class SelectBuilderTest {
    private val queue = JanusQueue.fifo<Int>(1)
    private val other = JanusQueue.fifo<Int>(1)

    private var claimsAreStuck = false

    @AfterEach
    fun nothingIsPending() = listOf(queue, other).filterNot { claimsAreStuck }.forEach(::assertNothingPending)

    @Test
    fun onReceive_builderPutsAnElement_isChosen() = inVirtualTime {
        val received =
            select<Int> {
                other.async().onReceive { -it }
                queue.async().onReceive { it }
                queue.sync().put(7)
            }

        assertEquals(7, received)
    }

    @Test
    fun onSend_builderMakesRoom_isChosen() = inVirtualTime {
        queue.sync().put(1)
        select<Unit> {
            other.async().onReceive { }
            queue.async().onSend(2) { }
            queue.sync().take()
        }

        assertEquals(2, queue.sync().poll())
    }

    @Test
    fun onReceive_builderFillsBothQueues_oneElementStays() = inVirtualTime {
        val received =
            select<Int> {
                queue.async().onReceive { it }
                other.async().onReceive { it }
                other.sync().put(1)
                queue.sync().put(2)
            }

        assertEquals(listOf(1, 2), (listOf(queue, other).mapNotNull { it.sync().poll() } + received).sorted())
    }

    @Test
    fun onReceive_builderShutsTheQueueDown_isReleased() = inVirtualTime {
        val catching =
            select {
                queue.async().onReceiveCatching { it }
                queue.shutdown()
            }

        assertTrue(catching.isClosed)
    }

    @Test
    fun onReceive_builderPutsAndTakesAnElement_waitsOn() = inVirtualTime {
        val selecting =
            begin {
                select {
                    queue.async().onReceive { it }
                    queue.sync().put(1)
                    check(queue.sync().poll() == 1)
                }
            }
        selecting.assertGoesOn()

        queue.sync().put(2)
        runCurrent()

        assertEquals(2, selecting.value)
    }

    @Test
    fun onReceive_builderPutsWithOneBehindInLine_theSelectDoesNotWaitYetAndIsPassedOver() = inVirtualTime {
        lateinit var receiver: Running<Int>
        val selecting =
            begin {
                select {
                    queue.async().onReceive { it }
                    receiver = inThread { queue.sync().take() }
                    awaitUntil("the thread waits") { queue.stats().waitingTakeThreads() == 1 }
                    queue.sync().put(1)
                }
            }

        assertEquals(1, receiver.await().value)
        selecting.assertGoesOn()
        queue.sync().put(2)
        runCurrent()
        assertEquals(2, selecting.value)
    }

    @Test
    fun onReceive_readyInTheBuilderAndTheJobIsCancelled_elementStays() = inVirtualTime {
        val selecting =
            begin {
                val job = checkNotNull(currentCoroutineContext()[Job])
                select {
                    queue.async().onReceive { it }
                    queue.sync().put(1)
                    job.cancel()
                }
            }

        selecting.assertThrew<CancellationException>()
        assertEquals(1, queue.sync().poll())
    }

    @Test
    fun onSend_readyInTheBuilderAndTheJobIsCancelled_roomStays() = inVirtualTime {
        queue.sync().put(1)
        val selecting =
            begin {
                val job = checkNotNull(currentCoroutineContext()[Job])
                select {
                    queue.async().onSend(2) { }
                    queue.sync().take()
                    job.cancel()
                }
            }

        selecting.assertThrew<CancellationException>()
        assertTrue(queue.async().trySend(3))
        assertEquals(3, queue.sync().poll())
    }

    @Test
    fun onReceive_readyBeforeAndTheJobIsCancelled_isChosenAsInEveryCallThatNeedNotWait() = inVirtualTime {
        queue.sync().put(1)
        val selecting =
            begin {
                checkNotNull(currentCoroutineContext()[Job]).cancel()
                select { queue.async().onReceive { it } }
            }

        assertEquals(1, selecting.value)
    }

    /** kotlinx tells the other clause nothing; it finds out when it is granted something. */
    @Test
    fun onReceive_readyInTheBuilderAndTheJobIsCancelled_otherQueuesElementGoesToTheNext() = inVirtualTime {
        cancelWithOtherClauseWaiting()
        val next = begin { other.async().receive() }

        other.sync().put(2)
        runCurrent()

        assertEquals(2, next.value)
    }

    @Test
    fun onReceive_builderThrowsWhileItWaits_elementGoesToTheNext() = inVirtualTime {
        val selecting =
            begin {
                select<Int> {
                    queue.async().onReceive { it }
                    throw IllegalArgumentException("the builder")
                }
            }
        selecting.assertThrew<IllegalArgumentException>()
        val next = begin { queue.async().receive() }

        queue.sync().put(1)
        runCurrent()

        assertEquals(1, next.value)
    }

    @Test
    fun onReceive_builderThrowsWhenItIsReady_elementStaysForShutdownNow() = inVirtualTime {
        queue.sync().put(1)
        val selecting =
            begin {
                select<Int> {
                    queue.async().onReceive { it }
                    throw IllegalArgumentException("the builder")
                }
            }
        selecting.assertThrew<IllegalArgumentException>()

        assertNull(queue.sync().poll())
        assertEquals(listOf(1), queue.shutdownNow())
        assertTrue(queue.isTerminated)
        claimsAreStuck = true
    }

    @Test
    fun clauseOfAQueueWithAnotherLoop_isRefused() = inVirtualTime {
        val bound = JanusQueue.builder<Int>().capacity(1).boundTo(Dispatchers.Default).build()

        assertThrows<IllegalStateException> { select { bound.async().onReceive { } } }
        assertThrows<IllegalStateException> { select { bound.async().onSend(1) { } } }

        assertNothingPending(bound)
    }

    /** The clause of the first queue becomes ready in the builder, and then the job is cancelled. */
    private fun TestScope.cancelWithOtherClauseWaiting() {
        val selecting =
            begin {
                val job = checkNotNull(currentCoroutineContext()[Job])
                select {
                    other.async().onReceive { it }
                    queue.async().onReceive { it }
                    queue.sync().put(1)
                    job.cancel()
                }
            }
        selecting.assertThrew<CancellationException>()
        assertEquals(1, queue.sync().poll())
    }
}
