package dev.janus.android

import dev.janus.fixtures.assertNothingPending
import dev.janus.kotlin.iterator
import dev.janus.kotlin.janusQueue
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.BufferOverflow
import org.junit.After
import org.junit.Test
import org.junit.jupiter.api.Assertions.assertEquals
import java.util.concurrent.CountDownLatch

/** A queue of capacity 1 that drops the oldest element keeps the latest value for the main thread. */
internal class LatestValueTest : OnAndroid() {
    private val latest =
        janusQueue<Int>(capacity = 1, onBufferOverflow = BufferOverflow.DROP_OLDEST, boundTo = Dispatchers.Main)

    @After
    fun nothingIsPending() = assertNothingPending(latest)

    @Test
    fun put_mainIsBusy_neverWaitsAndMainReceivesOnlyTheLatest() {
        val free = CountDownLatch(1)
        val busy = main.post { free.await() }
        val received = main.begin { latest.async().receive() }
        (1..1_000).forEach(latest.sync()::put)
        free.countDown()

        busy.await().value
        assertEquals(1_000, received.await().value)
    }

    @Test
    fun put_mainReceivesMeanwhile_valuesAscendAndEndWithTheLatest() {
        val received = main.begin { ArrayList<Int>().also { for (value in latest.async()) it += value } }
        (1..10_000).forEach(latest.sync()::put)
        latest.shutdown()

        val values = received.await().value
        assertEquals(values.distinct().sorted(), values)
        assertEquals(10_000, values.last())
    }

    @Test
    fun trySend_onMain_neverWaitsAndAWorkerTakesOnlyTheLatest() {
        main.run { (1..1_000).forEach(latest.async()::trySend) }
        assertEquals(1_000, latest.sync().take())
    }
}
