package dev.janus.recipes.postgres

import dev.janus.QueueShutdownException
import dev.janus.Request
import dev.janus.fixtures.awaitUntil
import dev.janus.kotlin.ask
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.ExtendWith
import org.postgresql.util.PSQLException
import java.sql.Connection
import java.sql.SQLException
import java.util.concurrent.CompletableFuture.supplyAsync
import java.util.concurrent.CountDownLatch
import java.util.concurrent.ExecutionException
import java.util.concurrent.TimeUnit.SECONDS
import javax.sql.DataSource
import kotlin.time.Duration.Companion.milliseconds

/** Updates by one thread, whose askers give up: one while it is at work, and a hundred that wait behind it. */
@ExtendWith(PostgresServer.Extension::class)
internal class DatabaseTest(private val server: PostgresServer) {
    @BeforeEach
    fun createTable() = server.execute("DROP TABLE IF EXISTS parcels; CREATE TABLE parcels (id int)")

    private fun stored() = server.number("SELECT count(*) FROM parcels")

    /** Asks for updates that are given up, and returns how many got a reply. */
    private fun askAndGiveUp(update: suspend (String) -> Int?): Int = runBlocking(Dispatchers.Default) {
        val slow = async { update("INSERT INTO parcels SELECT 0 FROM pg_sleep(1)") }
        awaitUntil("the slow one has begun") { server.sessions("INSERT INTO parcels SELECT", state = "active") == 1 }
        val others = List(ASKERS) { async { update("INSERT INTO parcels VALUES ($it)") } }
        (others + slow).awaitAll().count { it != null }
    }

    /** Only the one that has begun is made: it cannot be withdrawn any more. */
    @Test
    fun updates_givenUp_areWithdrawn() {
        Database(server.dataSource).use { database ->
            val replies = askAndGiveUp { database.updates.ask(it, TIMEOUT) }
            assertEquals(1, runBlocking { database.updates.ask("INSERT INTO parcels VALUES (1)") })
            println("Janus: $replies of ${ASKERS + 1} updates in time, ${stored() - 1} made")
            assertEquals(1, stored() - 1)
        }
    }

    @Test
    fun usualUpdates_givenUp_areMadeAllTheSame() {
        UsualDatabase(server.dataSource).use { database ->
            val replies = askAndGiveUp { withTimeoutOrNull(TIMEOUT) { database.update(it) } }
            assertEquals(1, runBlocking { database.update("INSERT INTO parcels VALUES (1)") })
            println("CompletableDeferred: $replies of ${ASKERS + 1} updates in time, ${stored() - 1} made")
            assertEquals(ASKERS + 1, stored() - 1)
        }
    }

    @Test
    fun updates_ofAThreadAndOfCoroutines_areMadeOnceEach() {
        Database(server.dataSource).use { database ->
            runBlocking(Dispatchers.Default) {
                repeat(ASKERS) { launch { database.updates.ask("INSERT INTO parcels VALUES ($it)") } }
                repeat(ASKERS) { Request<String, Int>("INSERT INTO parcels VALUES ($it)").ask(database.updates) }
            }
        }
        assertEquals(2 * ASKERS, stored())
    }

    @Test
    fun update_fails_theAskerGetsTheFailureAndTheNextWorks() {
        Database(server.dataSource).use { database ->
            val failure = assertThrows(ExecutionException::class.java) {
                Request<String, Int>("INSERT INTO unknown VALUES (1)").ask(database.updates)
            }
            assertEquals(
                "ERROR: relation \"unknown\" does not exist",
                (failure.cause as PSQLException).message?.lines()?.first(),
            )
            assertEquals(1, runBlocking { database.updates.ask("INSERT INTO parcels VALUES (1)") })
        }
    }

    @Test
    fun connection_fails_askersGetTheFailure() {
        Database(server.dataSource).use { database ->
            assertEquals(1, runBlocking { database.updates.ask("INSERT INTO parcels VALUES (1)") })
            server.endSessions("INSERT INTO parcels")
            assertThrows(ExecutionException::class.java) { Request<String, Int>("SELECT 1").ask(database.updates) }
        }
    }

    @Test
    fun connection_isRefused_waitingAskersFail() {
        val mayFail = CountDownLatch(1)
        val refusing = object : DataSource by server.dataSource {
            override fun getConnection(): Connection {
                mayFail.await()
                throw SQLException("too many clients")
            }
        }
        Database(refusing).use { database ->
            val failure = supplyAsync {
                assertThrows(ExecutionException::class.java) {
                    Request<String, Int>("SELECT 1").ask(database.updates, 10, SECONDS)
                }
            }
            awaitUntil("it waits") { database.updates.size() == 1 }
            mayFail.countDown()
            assertInstanceOf(QueueShutdownException::class.java, failure.join().cause)
        }
    }

    private companion object {
        const val ASKERS = 100
        val TIMEOUT = 300.milliseconds
    }
}
