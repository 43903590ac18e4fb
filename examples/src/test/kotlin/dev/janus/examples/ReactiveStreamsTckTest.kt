package dev.janus.examples

import dev.janus.JanusQueue
import dev.janus.kotlin.asFlow
import kotlinx.coroutines.reactive.asPublisher
import org.reactivestreams.Publisher
import org.reactivestreams.tck.PublisherVerification
import org.reactivestreams.tck.TestEnvironment
import org.testng.SkipException
import java.io.IOException

private const val TIMEOUT_MILLIS = 100L
private const val MOST = 1_000L

/** The TCK of Reactive Streams, on the publisher of a queue. It is written for TestNG, so Surefire runs it with that. */
@Suppress("ktlint:standard:max-line-length", "ktlint:standard:function-naming", "FunctionName") // the names of the TCK
class ReactiveStreamsTckTest : PublisherVerification<Int>(TestEnvironment(TIMEOUT_MILLIS)) {
    override fun maxElementsFromPublisher() = MOST

    override fun createPublisher(elements: Long): Publisher<Int> {
        val queue = JanusQueue.unbounded<Int>()
        repeat(elements.toInt()) { queue.sync().put(it) }
        queue.shutdown()
        return queue.async().asFlow().asPublisher()
    }

    override fun createFailedPublisher(): Publisher<Int> {
        val queue = JanusQueue.unbounded<Int>()
        queue.shutdown(IOException("planned"))
        return queue.async().asFlow().asPublisher()
    }

    override fun required_spec309_requestZeroMustSignalIllegalArgumentException() = skip(NO_DEMAND)

    override fun required_spec309_requestNegativeNumberMustSignalIllegalArgumentException() = skip(NO_DEMAND)

    override fun required_spec109_mayRejectCallsToSubscribeIfPublisherIsUnableOrUnwillingToServeThemRejectionMustTriggerOnErrorAfterOnSubscribe() =
        skip(LATE_FAILURE)

    override fun optional_spec104_mustSignalOnErrorWhenFails() = skip(LATE_FAILURE)

    private fun skip(why: String): Unit = throw SkipException(why)

    private companion object {
        const val NO_DEMAND = "kotlinx ignores a request for 0 or fewer elements"
        const val LATE_FAILURE = "kotlinx collects the flow, and learns of its failure, after the first request"
    }
}
