package dev.janus.recipes.artemis

import dev.janus.AsyncQueue
import dev.janus.kotlin.processAll
import java.util.concurrent.CompletableFuture

/** The body of a message. The future completes when the work on it is done, or has failed. */
class Delivery(val body: String) : CompletableFuture<Unit>()

/** Works on the deliveries until their queue is shut down. */
suspend fun workOn(deliveries: AsyncQueue<Delivery>, workers: Int, work: suspend (String) -> Unit) {
    // sample: begin
    deliveries.processAll(workers, onFailure = { lease, failure ->
        lease.element().completeExceptionally(failure)
        lease.done() // the broker delivers the message again
    }) { delivery ->
        work(delivery.body)
        delivery.complete(Unit)
    }
    // sample: end
}
