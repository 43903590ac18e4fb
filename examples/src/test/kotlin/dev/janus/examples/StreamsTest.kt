package dev.janus.examples

import dev.janus.examples.snippets.fanOut
import dev.janus.kotlin.asFlow
import dev.janus.kotlin.iterator
import dev.janus.kotlin.janusQueue
import io.reactivex.rxjava3.core.Flowable
import kotlinx.coroutines.launch
import kotlinx.coroutines.reactive.asPublisher
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.reactivestreams.Publisher
import reactor.core.publisher.Flux

/** What the guide says about Reactor, RxJava and several readers. */
class StreamsTest {
    private val queue = janusQueue<Int>(capacity = 100)

    @Test
    fun flux_cancelledAfterSome_leavesTheRestInTheQueue() =
        assertRestStays { Flux.from(it).take(10).collectList().block() }

    @Test
    fun flowable_cancelledAfterSome_leavesTheRestInTheQueue() =
        assertRestStays { Flowable.fromPublisher(it).take(10).toList().blockingGet() }

    private fun assertRestStays(takeTen: (Publisher<Int>) -> List<Int>?) {
        queue.sync().putAll((1..100).toList())
        assertEquals((1..10).toList(), takeTen(queue.async().asFlow().asPublisher()))
        assertEquals((11..100).toList(), queue.shutdownNow())
    }

    @Test
    fun flux_queueShutDown_ends() {
        queue.sync().put(1)
        queue.shutdown()
        assertEquals(listOf(1), Flux.from(queue.async().asFlow().asPublisher()).collectList().block())
    }

    @Test
    fun fanOut_twoReaders_bothGetEverything() = runTest {
        val elements = janusQueue<Int>(capacity = 10)
        val readers = List(2) { janusQueue<Int>(capacity = 1) }
        val read = List(2) { ArrayList<Int>() }
        launch { fanOut(elements.async(), readers) }
        readers.forEachIndexed { i, reader -> launch { for (order in reader.async()) read[i] += order } }
        val sent = List(5) { it }
        sent.forEach { elements.async().send(it) }
        elements.shutdown()
        testScheduler.advanceUntilIdle()
        assertEquals(listOf(sent, sent), read)
    }
}
