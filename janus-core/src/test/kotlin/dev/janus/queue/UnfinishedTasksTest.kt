package dev.janus.queue

import dev.janus.JanusQueue
import dev.janus.fixtures.ManualDispatcher
import dev.janus.fixtures.Running
import dev.janus.fixtures.assertNothingPending
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Test

/** `taskDone` and `join` of both faces count the same tasks. */
class UnfinishedTasksTest {
    private val queue = JanusQueue.fifo<Int>(2)
    private val sync = queue.sync()
    private val async = queue.async()
    private val loop = ManualDispatcher()

    @AfterEach
    fun nothingIsPending() = assertNothingPending(queue)

    @Test
    fun taskDone_moreOftenThanTaken_throws() {
        sync.putAll(listOf(1, 2))
        sync.take()
        async.taskDone()

        assertThrows(IllegalStateException::class.java) { async.taskDone() }
        assertThrows(IllegalStateException::class.java) { sync.taskDone() }
        assertEquals(1, queue.unfinishedTasks())
    }

    @Test
    fun join_everyAcceptedElementMarkedDoneOrRemoved_returns() {
        sync.putAll(listOf(1, 2))
        val thread = Running.startJoin(queue) { sync.join() }
        val coroutine = loop.begin { async.join() }
        sync.take()
        sync.taskDone()
        sync.remove(2) // counts as done
        loop.runAll()

        assertEquals(Unit, thread.await().value)
        assertEquals(Unit, coroutine.value)
    }
}
