package dev.janus.android

import android.os.Handler
import android.os.Looper
import dev.janus.JanusQueue
import dev.janus.fixtures.assertNothingPending
import dev.janus.kotlin.asFlow
import dev.janus.kotlin.iterator
import dev.janus.kotlin.janusQueue
import dev.janus.kotlin.process
import dev.janus.kotlin.receiveOrNull
import kotlinx.coroutines.Dispatchers
import org.junit.Test
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit.NANOSECONDS

/** A queue full of elements must not keep the main thread from drawing and from handling touches. */
internal class FloodTest : OnAndroid() {
    private val queue: JanusQueue<Int> = janusQueue<Int>(capacity = FLOOD, boundTo = Dispatchers.Main).apply {
        repeat(FLOOD) { sync().put(it) }
        shutdown()
    }

    /** Stands for the frames and touches of an app: posts itself again and again, and measures the time in between. */
    private class Frames : Runnable {
        private val handler = Handler(Looper.getMainLooper())
        private val start = System.nanoTime()
        private var last = start
        var count = 0
        private var longest = 0L

        override fun run() {
            val now = System.nanoTime()
            longest = maxOf(longest, now - last)
            last = now
            count++
            handler.post(this)
        }

        /** Prints the figures of the guide's table. */
        fun stop(name: String) {
            handler.removeCallbacks(this)
            val now = System.nanoTime()
            longest = maxOf(longest, now - last)
            println(
                "$name: ${NANOSECONDS.toMicros(longest)} us at most, ${NANOSECONDS.toMillis(now - start)} ms for all",
            )
        }
    }

    private var received = 0

    private fun work() {
        received++
        val start = System.nanoTime()
        while (System.nanoTime() - start < WORK_NANOS) {
            // works
        }
    }

    private fun assertDraws(name: String, consume: suspend () -> Unit) {
        val frames = main.begin {
            Frames().also {
                it.run()
                consume()
                it.stop(name)
            }
        }.await().value

        assertDrew(frames)
        assertNothingPending(queue)
    }

    private fun assertDrew(frames: Frames) {
        assertEquals(FLOOD, received)
        assertTrue(frames.count >= FRAMES) { "${frames.count} frames" }
    }

    @Test
    fun forLoop() = assertDraws("for") {
        for (element in queue.async()) work()
    }

    @Test
    fun flow() = assertDraws("asFlow") {
        queue.async().asFlow().collect { work() }
    }

    @Test
    fun process() = assertDraws("process") {
        while (!queue.isTerminated) queue.async().process { work() }
    }

    @Test
    fun batches() = assertDraws("receiveBatch") {
        while (!queue.isTerminated) queue.async().receiveBatch(100).forEach { _ -> work() }
    }

    @Test
    fun orNull() = assertDraws("receiveOrNull") {
        while (true) {
            queue.async().receiveOrNull() ?: break
            work()
        }
    }

    @Test
    fun subscription() {
        val ended = CompletableFuture<Frames>()
        val frames = main.run { Frames().apply(Runnable::run) }
        queue.async().subscribe({ work() }, {
            frames.stop("subscribe")
            ended.complete(frames)
        })

        assertDrew(ended.get())
    }

    private companion object {
        const val FLOOD = 100_000
        const val WORK_NANOS = 5_000L

        /** A third of what is promised for the half second that the work takes. */
        const val FRAMES = 40
    }
}
