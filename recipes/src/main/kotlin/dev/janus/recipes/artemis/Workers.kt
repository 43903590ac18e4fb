package dev.janus.recipes.artemis

import dev.janus.AsyncQueue
import dev.janus.Request
import dev.janus.kotlin.handleSuspending
import dev.janus.kotlin.iterator
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch

/** Works on the messages of the [Receiver]s until the queue is shut down. */
suspend fun workOn(messages: AsyncQueue<Request<String, Unit>>, workers: Int, work: suspend (String) -> Unit) {
    // sample: begin
    coroutineScope {
        repeat(workers) {
            launch {
                for (request in messages) request.handleSuspending { message -> work(message) }
            }
        }
    }
    // sample: end
}
