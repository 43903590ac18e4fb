package dev.janus.android

import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.inThread
import dev.janus.kotlin.iterator
import dev.janus.kotlin.janusQueue
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import org.junit.Test
import org.junit.jupiter.api.Assertions.assertEquals
import java.util.Collections
import java.util.concurrent.atomic.AtomicBoolean

/** A consumer on the main thread whose screen goes away and comes back. */
internal class LifecycleTest : OnAndroid() {
    private val queue = janusQueue<Int>(capacity = 4, boundTo = Dispatchers.Main)
    private val shown = Collections.synchronizedList(ArrayList<Int>())

    /** Shows elements while it exists. Its scope is like that of a lifecycle. */
    private inner class Screen {
        private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Main.immediate)
        val consumer: Job = scope.launch {
            for (element in queue.async()) shown += element
        }

        fun destroy() = scope.cancel()
    }

    @Test
    fun consumer_restartedAThousandTimes_missesNothingAndKeepsTheOrder() {
        val isRestarting = AtomicBoolean(true)
        val worker = inThread {
            var count = 0
            while (isRestarting.get()) queue.sync().put(count++)
            queue.shutdown()
            count
        }

        var screen = main.run(::Screen)
        repeat(1_000) { round ->
            val before = shown.size
            if (round % 2 == 0) {
                main.run { screen.destroy() }
                screen = main.run(::Screen)
            } else {
                screen = main.run {
                    screen.destroy()
                    Screen()
                }
            }
            awaitUntil("an element is shown") { shown.size > before || worker.isOver }
        }
        isRestarting.set(false)

        val count = worker.await().value
        awaitUntil("the last screen is done") { screen.consumer.isCompleted }
        assertEquals((0 until count).toList(), shown)
        assertNothingPending(queue)
    }
}
