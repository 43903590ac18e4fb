package dev.janus.recipes.artemis

import dev.janus.Request
import dev.janus.kotlin.janusQueue
import jakarta.jms.ConnectionFactory
import jakarta.jms.JMSContext
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancel
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Assertions.assertTrue
import java.io.IOException
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit

internal const val WORKERS = 4

/** Coroutines that work on the messages of a broker's queue. Closing them is like the end of their process. */
internal enum class Way {
    JANUS {
        override fun consume(
            factory: ConnectionFactory,
            source: String,
            work: suspend (String) -> Unit,
        ): AutoCloseable {
            val messages = janusQueue<Request<String, Unit>>(capacity = WORKERS)
            val threads = Executors.newFixedThreadPool(WORKERS)
            repeat(WORKERS) { threads.submit(Receiver(factory, source, messages)) }
            val scope = CoroutineScope(Dispatchers.Default)
            scope.launch { workOn(messages.async(), WORKERS, work) }
            return AutoCloseable {
                scope.cancel()
                threads.shutdownNow()
                assertTrue(threads.awaitTermination(10, TimeUnit.SECONDS), "all receivers have ended")
            }
        }
    },
    BLOCKING_SEND {
        override fun consume(factory: ConnectionFactory, source: String, work: suspend (String) -> Unit) =
            workOnChannel(factory, work) { session, messages -> sendToChannel(session, source, messages) }
    },
    TRY_SEND {
        override fun consume(factory: ConnectionFactory, source: String, work: suspend (String) -> Unit) =
            workOnChannel(factory, work) { session, messages -> trySendToChannel(session, source, messages) }
    }, ;

    abstract fun consume(factory: ConnectionFactory, source: String, work: suspend (String) -> Unit): AutoCloseable
}

private fun workOnChannel(
    factory: ConnectionFactory,
    work: suspend (String) -> Unit,
    listen: (JMSContext, Channel<String>) -> Unit,
): AutoCloseable {
    val messages = Channel<String>(64)
    val session = factory.createContext()
    listen(session, messages)
    val scope = CoroutineScope(Dispatchers.Default)
    repeat(WORKERS) {
        scope.launch {
            for (message in messages) {
                try {
                    work(message)
                } catch (e: IOException) {
                    continue // programs log it
                }
            }
        }
    }
    return AutoCloseable {
        messages.cancel() // releases the listener
        scope.cancel()
        session.close()
    }
}
