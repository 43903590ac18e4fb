package dev.janus.dispatcher

import dev.janus.JanusQueue
import dev.janus.fixtures.Running
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.queueOfOne
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.UnconfinedTestDispatcher
import kotlinx.coroutines.test.resetMain
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.test.setMain
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

/** A queue bound to a main dispatcher that kotlinx-coroutines-test has replaced, as in unit tests of Android code. */
@OptIn(ExperimentalCoroutinesApi::class)
internal class MainOfTestsTest {
    private lateinit var queue: JanusQueue<Int>

    @AfterEach
    fun resetMain() {
        assertNothingPending(queue)
        Dispatchers.resetMain()
    }

    private fun boundToMain(main: CoroutineDispatcher): JanusQueue<Int> {
        Dispatchers.setMain(main)
        return queueOfOne { boundTo(Dispatchers.Main) }.also { queue = it }
    }

    @Test
    fun take_mainIsUnconfined_waits() {
        val queue = boundToMain(UnconfinedTestDispatcher())
        val take = Running.startTake(queue) { queue.sync().take() }
        queue.sync().put(1)
        assertEquals(1, take.result())
    }

    @Test
    fun put_mainIsUnconfined_waits() {
        val queue = boundToMain(UnconfinedTestDispatcher())
        queue.sync().put(1)
        val put = Running.startPut(queue) { queue.sync().put(2) }
        assertEquals(1, queue.sync().take())
        put.result()
        assertEquals(2, queue.sync().take())
    }

    @Test
    fun receive_bodyOfRunTest_isOnTheSameLoop() {
        val queue = boundToMain(StandardTestDispatcher())
        runTest {
            launch(Dispatchers.Main) { queue.async().send(1) }
            assertEquals(1, queue.async().receive())
        }
    }

    @Test
    fun send_bodyOfRunTest_isOnTheSameLoop() {
        val queue = boundToMain(UnconfinedTestDispatcher())
        runTest {
            val received = async(Dispatchers.Main) { queue.async().receive() }
            queue.async().send(1)
            assertEquals(1, received.await())
        }
    }
}
