package dev.janus.waiting

import dev.janus.JanusQueue
import dev.janus.QueueShutdownException
import dev.janus.fixtures.ManualDispatcher
import dev.janus.fixtures.Running
import dev.janus.fixtures.SteppedDispatcher
import dev.janus.fixtures.assertNothingPending
import dev.janus.fixtures.awaitUntil
import dev.janus.fixtures.beginOn
import dev.janus.fixtures.inThread
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.CsvSource
import org.junit.jupiter.params.provider.EnumSource
import org.junit.jupiter.params.provider.ValueSource
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit.DAYS
import java.util.concurrent.TimeUnit.MICROSECONDS
import java.util.concurrent.TimeUnit.MILLISECONDS
import java.util.concurrent.TimeUnit.MINUTES
import java.util.concurrent.TimeUnit.NANOSECONDS

/** Batches that wait for a time for more, in threads and in coroutines. */
internal class GatherTest {
    private var queue = JanusQueue.fifo<Int>(100)

    @AfterEach
    fun nothingIsPending() = assertNothingPending(queue)

    enum class Face {
        SYNC {
            override fun begin(queue: JanusQueue<Int>, max: Int, millis: Long) =
                inThread { queue.sync().takeBatch(max, millis, MILLISECONDS) }

            override fun giveUp(call: Running<List<Int>>) = call.interrupt()
        },
        ASYNC {
            override fun begin(queue: JanusQueue<Int>, max: Int, millis: Long) =
                beginOn(Dispatchers.Default) { queue.async().receiveBatch(max, millis, MILLISECONDS) }

            override fun giveUp(call: Running<List<Int>>) = call.job.cancel()
        }, ;

        abstract fun begin(queue: JanusQueue<Int>, max: Int, millis: Long): Running<List<Int>>

        abstract fun giveUp(call: Running<List<Int>>)
    }

    private fun putAll(vararg elements: Int) = queue.sync().putAll(elements.asList())

    private fun awaitReserved(count: Int) =
        awaitUntil("$count reserved elements") { queue.stats().reservedElements() == count }

    /** Begins a batch that has reserved these elements and waits for more, up to [max]. */
    private fun gathering(face: Face, max: Int, vararg elements: Int): Running<List<Int>> {
        val batch = face.begin(queue, max, DAYS.toMillis(1))
        putAll(*elements)
        awaitReserved(elements.size)
        return batch
    }

    /** Begins threads that put 0, 1, 2, … and wait in this order. */
    private fun waitingPuts(count: Int) = List(count) { element ->
        inThread { queue.sync().put(element) }.also {
            awaitUntil("put $element waits") { queue.stats().waitingPutThreads() == element + 1 }
        }
    }

    private fun takeWaits() = with(queue.stats()) { waitingTakeThreads() + waitingTakeCoroutines() }

    @ParameterizedTest
    @EnumSource
    fun enoughIsThere_returnsAtOnce(face: Face) {
        putAll(1, 2, 3)
        assertEquals(listOf(1, 2), face.begin(queue, 2, DAYS.toMillis(1)).await().value)
        assertEquals(3, queue.sync().take())
    }

    @ParameterizedTest
    @EnumSource
    fun timeElapses_returnsWhatIsThere(face: Face) {
        putAll(1, 2)
        val start = System.nanoTime()
        assertEquals(listOf(1, 2), face.begin(queue, 3, 50).await().value)
        assertTrue(NANOSECONDS.toMillis(System.nanoTime() - start) >= 50)
    }

    @ParameterizedTest
    @EnumSource
    fun elementsComeOneByOne_returnsWhenThereAreEnough(face: Face) {
        val batch = face.begin(queue, 3, DAYS.toMillis(1))
        for (element in 1..3) {
            batch.assertGoesOn()
            queue.sync().put(element)
            if (element < 3) awaitReserved(element)
        }
        assertEquals(listOf(1, 2, 3), batch.await().value)
    }

    @ParameterizedTest
    @EnumSource
    fun nothingComes_waitsForTheFirst(face: Face) {
        val batch = face.begin(queue, 3, 1)
        awaitUntil("it waits") { takeWaits() == 1 }
        Thread.sleep(50) // the time in which it must not end: on a busy machine it is only longer
        batch.assertGoesOn()
        queue.sync().put(1)
        assertEquals(listOf(1), batch.await().value)
    }

    @ParameterizedTest
    @EnumSource
    fun givesUp_whileItGathers_hasTakenNothing(face: Face) {
        val batch = gathering(face, 3, 1, 2)
        assertEquals(0, queue.size())

        face.giveUp(batch)
        batch.await().failure()

        assertEquals(listOf(1, 2), queue.sync().pollBatch(3))
    }

    @ParameterizedTest
    @EnumSource
    fun givesUp_whileOthersWait_theyGetTheElementsInOrder(face: Face) {
        val batch = gathering(face, 3, 1)
        val next = inThread { queue.sync().take() }
        awaitUntil("the next") { takeWaits() == 2 }
        val last = face.begin(queue, 2, DAYS.toMillis(1))
        awaitUntil("the last") { takeWaits() == 3 }
        putAll(2)
        awaitReserved(2)
        next.assertGoesOn()

        face.giveUp(batch)

        assertEquals(1, next.await().value)
        putAll(3)
        assertEquals(listOf(2, 3), last.await().value)
    }

    @ParameterizedTest
    @EnumSource
    fun givesUp_atAnyTime_nothingIsLostOrDoubled(face: Face) {
        queue = JanusQueue.fifo(4)
        val count = 20_000
        val producer = inThread { for (element in 0 until count) queue.sync().put(element) }
        val seen = ArrayList<Int>()
        var gaveUp = 0
        while (seen.size < count) {
            val batch = face.begin(queue, minOf(16, count - seen.size), 1)
            if (seen.size % 3 != 0) {
                MICROSECONDS.sleep(seen.size % 300L)
                face.giveUp(batch)
            }
            batch.await()
            if (batch.failure() == null) seen += batch.value else gaveUp++
        }
        producer.await()
        assertEquals((0 until count).toList(), seen)
        assertTrue(gaveUp > 0)
    }

    @ParameterizedTest
    @CsvSource("SYNC, 0", "SYNC, 1", "SYNC, 4", "ASYNC, 0", "ASYNC, 1", "ASYNC, 4")
    fun batch_largerThanTheCapacity_isFilled(face: Face, capacity: Int) {
        queue = JanusQueue.fifo(capacity)
        val batch = face.begin(queue, 10, DAYS.toMillis(1))
        val producer = inThread { for (element in 0 until 10) queue.sync().put(element) }
        assertEquals((0 until 10).toList(), batch.await().value)
        producer.await().value
    }

    @ParameterizedTest
    @EnumSource
    fun shutdown_whileItGathers_returnsAtOnceWhatIsThere(face: Face) {
        val batch = gathering(face, 3, 1)
        queue.shutdown()
        assertEquals(listOf(1), batch.await().value)
        face.begin(queue, 3, 1).await().assertThrew<QueueShutdownException>()
    }

    @ParameterizedTest
    @EnumSource
    fun afterShutdown_doesNotWaitForMore(face: Face) {
        putAll(1, 2)
        queue.shutdown()
        assertEquals(listOf(1, 2), face.begin(queue, 3, DAYS.toMillis(1)).await().value)
    }

    @ParameterizedTest
    @EnumSource
    fun shutdownNow_whileItGathers_handsTheElementsBackAndRefuses(face: Face) {
        val batch = gathering(face, 3, 1)
        assertEquals(listOf(1), queue.shutdownNow())
        batch.await().assertThrew<QueueShutdownException>()
    }

    @ParameterizedTest
    @EnumSource
    fun several_shareTheElements_eachOnce(face: Face) {
        queue = JanusQueue.fifo(8)
        val count = 5_000
        val batches = List(3) {
            inThread {
                generateSequence {
                    face.begin(queue, 7, 1).await().takeUnless { it.failure() is QueueShutdownException }
                }.flatMap { it.value }.toList()
            }
        }
        for (element in 0 until count) queue.sync().put(element)
        queue.shutdown()
        assertEquals((0 until count).toList(), batches.flatMap { it.await().value }.sorted())
    }

    @ParameterizedTest
    @EnumSource
    fun priority_takesTheLeastWhenItIsComplete(face: Face) {
        queue = JanusQueue.priority(100)
        val batch = gathering(face, 3, 5)
        awaitUntil("it gathers") { takeWaits() == 1 }
        putAll(4)
        putAll(1)
        assertEquals(listOf(1, 4, 5), batch.await().value)
    }

    @Test
    fun twoThatGather_theFirstIsFilledFirst() {
        val loops = List(2) { SteppedDispatcher() }
        val batches = loops.map { loop -> beginOn(loop) { queue.async().receiveBatch(4, 1, DAYS) } }
        assertEquals(2, queue.sync().offerAll(listOf(1, 2))) // the first element of each
        loops.forEach { it.runAll() }

        putAll(3, 4, 5)
        loops.forEach { it.runAll() }

        assertEquals(listOf(1, 2, 3, 4), batches[0].value)
        batches[1].assertGoesOn()
        loops[1].passTime()
        loops[1].runAll()
        assertEquals(listOf(5), batches[1].value)
    }

    /** The end of the time needs no task of the loop, but the caller does. */
    @Test
    fun timeElapses_onALoopThatRunsNothingMeanwhile_returnsWhatIsThere() {
        val loop = ManualDispatcher()
        putAll(1)
        val batch = beginOn(loop) { queue.async().receiveBatch(2, 20, MILLISECONDS) }
        awaitUntil("the time is up, and it is woken") { loop.hasTask }
        loop.runAll()
        assertEquals(listOf(1), batch.value)
    }

    @Test
    fun coroutine_onAClosedLoop_givesUpAndNothingIsLost() {
        val loop = Executors.newSingleThreadExecutor().asCoroutineDispatcher()
        val batch = beginOn(loop) { queue.async().receiveBatch(3, 1, MINUTES) }
        putAll(1)
        awaitReserved(1)
        awaitUntil("it gathers") { takeWaits() == 1 }
        loop.close()
        batch.job.cancel()
        batch.await().failure()
        assertEquals(1, queue.sync().take())
    }

    @Test
    @OptIn(ExperimentalCoroutinesApi::class)
    fun virtualTime_isTheDispatchers() = runTest {
        launch {
            delay(30)
            queue.async().send(1)
            delay(30)
            queue.async().send(2)
            delay(30)
            queue.async().send(3)
        }
        assertEquals(listOf(1, 2), queue.async().receiveBatch(3, 59, MILLISECONDS))
        assertEquals(89, currentTime)
        assertEquals(listOf(3), queue.async().receiveBatch(3, 1, MILLISECONDS))
    }

    @ParameterizedTest
    @ValueSource(longs = [0, -1, Long.MIN_VALUE])
    fun noTime_takesWhatIsThere(time: Long) = runTest {
        putAll(1, 2, 3)
        assertEquals(listOf(1, 2), queue.sync().takeBatch(2, time, DAYS))
        assertEquals(listOf(3), queue.async().receiveBatch(2, time, DAYS))
    }

    @Test
    fun maximumBelowOne_throws() = runTest {
        val message = "batch of at most 0 elements: expected 1 or more"
        assertEquals(message, refused { queue.sync().takeBatch(0, 1, DAYS) })
        assertEquals(message, refused { queue.sync().pollBatch(0) })
        assertEquals(message, refused { queue.sync().pollBatch(0, 1, DAYS) })
        assertEquals(message, refused { queue.async().tryReceiveBatch(0) })
        assertEquals(message, runCatching { queue.async().receiveBatch(0, 1, DAYS) }.exceptionOrNull()?.message)
    }

    private fun refused(call: () -> Unit) = assertThrows(IllegalArgumentException::class.java, call).message

    @Test
    fun batchOfOne_withoutRoom_takesFromAPutThatWaits() {
        queue = JanusQueue.fifo(0)
        val put = waitingPuts(1).single()
        assertEquals(listOf(0), queue.sync().takeBatch(1, 1, DAYS))
        put.await().value
    }

    @Test
    fun shutdownAfterPuts_withoutRoom_takesWhatWaits() {
        queue = JanusQueue.fifo(0)
        val puts = waitingPuts(3)
        queue.shutdownAfterPuts()
        assertEquals(listOf(0, 1, 2), queue.sync().takeBatch(5, 1, DAYS))
        puts.forEach { it.await().value }
    }

    @Test
    fun nullUnit_throws() = runTest {
        assertThrows(NullPointerException::class.java) { queue.sync().takeBatch(1, 0, nullUnit()) }
        assertTrue(
            runCatching {
                queue.async().receiveBatch(1, 0, nullUnit())
            }.exceptionOrNull() is NullPointerException,
        )
    }

    @Suppress("UNCHECKED_CAST") // as Java code may do
    private fun <T> nullUnit(): T = null as T

    @Test
    fun pollBatch_takesWhatIsThere() {
        assertEquals(emptyList<Int>(), queue.sync().pollBatch(2))
        putAll(1, 2, 3)
        assertEquals(listOf(1, 2), queue.sync().pollBatch(2))
        assertEquals(listOf(3), queue.async().tryReceiveBatch(2))
    }

    @Test
    fun pollBatch_capacity0_takesFromThoseThatWait() {
        queue = JanusQueue.fifo(0)
        val puts = waitingPuts(3)
        assertEquals(listOf(0, 1), queue.sync().pollBatch(2))
        assertEquals(listOf(2), queue.sync().pollBatch(2))
        puts.forEach { it.await().value }
    }

    @Test
    fun timedPollBatch_waitsForTheFirstAndNoLonger() {
        assertEquals(emptyList<Int>(), queue.sync().pollBatch(2, 1, MILLISECONDS))
        val batch = inThread { queue.sync().pollBatch(2, 1, DAYS) }
        awaitUntil("it waits") { takeWaits() == 1 }
        queue.sync().put(1)
        assertEquals(listOf(1), batch.await().value)
        queue.shutdown()
        assertEquals(emptyList<Int>(), queue.sync().pollBatch(2, 1, DAYS))
    }

    @Test
    fun offerAll_addsWhatThereIsRoomFor() {
        queue = JanusQueue.fifo(3)
        assertEquals(2, queue.sync().offerAll(listOf(1, 2)))
        assertEquals(1, queue.async().trySendAll(listOf(3, 4)))
        assertEquals(0, queue.sync().offerAll(listOf(5)))
        assertEquals(listOf(1, 2, 3), queue.sync().pollBatch(9))
        queue.shutdown()
        assertEquals(0, queue.sync().offerAll(listOf(6)))
    }

    @Test
    fun offerAll_nullAmongThem_addsNothing() {
        @Suppress("UNCHECKED_CAST") // as Java code may do
        val elements = listOf(1, null) as List<Int>
        assertThrows(NullPointerException::class.java) { queue.sync().offerAll(elements) }
        assertThrows(NullPointerException::class.java) { queue.async().trySendAll(elements) }
        assertEquals(0, queue.size())
    }
}
