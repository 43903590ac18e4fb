package dev.janus.recipes.postgres

import dev.janus.fixtures.awaitUntil
import kotlinx.coroutines.CoroutineExceptionHandler
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancel
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.ExtendWith
import java.util.Collections
import kotlin.time.Duration.Companion.seconds

/** Collectors of notifications that lag behind, and are then cancelled. */
@ExtendWith(PostgresServer.Extension::class)
internal class NotificationsTest(private val server: PostgresServer) {
    private val scope = CoroutineScope(Dispatchers.Default + CoroutineExceptionHandler { _, _ -> })
    private val received = Collections.synchronizedList(ArrayList<String>())
    private val sent = (1..SENT).map { "$it" }

    @AfterEach
    fun endAll() {
        server.endSessions(LISTEN)
        scope.cancel()
        awaitUntil("nothing is left") { threads() + sessions() == 0 }
    }

    private fun sessions() = server.sessions(LISTEN, state = "%")

    /** Counts the threads that wait for notifications. */
    private fun threads() = Thread.getAllStackTraces().values.count { stack ->
        stack.any { it.methodName == "processNotifies" }
    }

    /** Begins a collector that takes the first notification, and the next when the reader waits for more. */
    private fun collectorOf(notifications: Flow<String>): Job {
        val collector = scope.launch {
            notifications.collect {
                if (received.isEmpty()) awaitUntil("the reader waits") { readerWaits() }
                received += it
            }
        }
        awaitUntil("the reader listens") { sessions() == 1 && threads() == 1 }
        return collector
    }

    private fun readerWaits() = threads() == 1 || Thread.getAllStackTraces().keys.any {
        it.name == "janus-thread-flow" && it.state == Thread.State.WAITING
    }

    private fun send() = server.execute("SELECT pg_notify('$CHANNEL', n::text) FROM generate_series(1, $SENT) n")

    @Test
    fun notifications_laggingCollector_receivesAllAndLeavesNothing() = runBlocking {
        val collector = collectorOf(server.dataSource.notifications(CHANNEL))
        send()
        awaitUntil("all have come") { received.size == SENT }
        collector.cancelAndJoin()

        val threads = threads()
        awaitUntil("the server has seen the end of the session") { sessions() == 0 }
        println("Janus: ${received.size} of $SENT received, $threads threads and ${sessions()} sessions left")
        assertTrue(sent == received)
        assertEquals(0, threads)
    }

    @Test
    fun usualNotifications_laggingCollector_losesSome() = runBlocking {
        val collector = collectorOf(server.dataSource.usualNotifications(CHANNEL))
        send()
        awaitUntil("what was not lost") { received.size > BUFFER }
        collector.cancel()
        withTimeoutOrNull(1.seconds) { collector.join() } // many times what an end without obstacles takes

        println(
            "callbackFlow: ${received.size} of $SENT received, collector ended: ${collector.isCompleted}, " +
                "${threads()} threads and ${sessions()} sessions left",
        )
        assertTrue(received.size < SENT)
    }

    private companion object {
        const val SENT = 10_000
        const val CHANNEL = "parcels"
        const val LISTEN = "LISTEN $CHANNEL"

        /** What the channel of a callbackFlow holds. */
        const val BUFFER = 64
    }
}
