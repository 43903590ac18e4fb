package dev.janus.recipes.postgres

import com.zaxxer.hikari.HikariDataSource
import dev.janus.fixtures.awaitUntil
import kotlinx.coroutines.CoroutineExceptionHandler
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancel
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.ExtendWith
import java.sql.ResultSet
import java.sql.SQLException
import kotlin.random.Random
import kotlin.time.Duration.Companion.seconds

/** Queries whose collectors end before their rows do. */
@ExtendWith(PostgresServer.Extension::class)
internal class RowsTest(private val server: PostgresServer) {
    private val pool: HikariDataSource = server.pool(POOL)
    private val scope = CoroutineScope(Dispatchers.Default + CoroutineExceptionHandler { _, _ -> })

    /** The server counts the rows that it has made for this query. */
    private val counted = "SELECT nextval('made') FROM generate_series(1, $ROWS)"
    private val number = { row: ResultSet -> row.getInt(1) }

    @BeforeEach
    fun countFromZero() = server.execute("DROP SEQUENCE IF EXISTS made; CREATE SEQUENCE made")

    @AfterEach
    fun endAll() {
        scope.cancel()
        server.endSessions("$SECONDS")
        awaitUntil("all connections are in the pool") { inUse() == 0 }
        pool.close()
    }

    private fun inUse() = pool.hikariPoolMXBean.activeConnections

    private fun made() = server.number("SELECT last_value FROM made")

    /** Begins collectors of queries that do not answer, and cancels them when the server is at work for each. */
    private fun cancelled(rows: (String) -> Flow<Any>): List<Job> {
        val collectors = listOf(ENDLESS_QUERY, ENDLESS_FETCH).map { scope.launch { rows(it).collect { } } }
        awaitUntil("the server is at work") { sleeping() == POOL }
        collectors.forEach { it.cancel() }
        return collectors
    }

    private fun sleeping() = server.sessions("$SECONDS", state = "active")

    @Test
    fun rows_collectorWantsNoMore_serverStopsAndTheConnectionIsBackInThePool() = runBlocking {
        assertEquals((1..WANTED).toList(), pool.rows(counted, number).take(WANTED).toList())
        assertEquals(0, inUse())
        println("Janus: $WANTED of $ROWS rows wanted, ${made()} made, ${inUse()} connections in use")
        assertTrue(made() <= WANTED + 3 * 100)
    }

    @Test
    fun usualRows_collectorWantsNoMore_allRowsAreMade() = runBlocking {
        assertEquals((1..WANTED).toList(), pool.usualRows(counted, number).take(WANTED).toList())
        println("flowOn(IO): $WANTED of $ROWS rows wanted, ${made()} made, ${inUse()} connections in use")
        assertEquals(ROWS, made())
    }

    @Test
    fun rows_cancelledWhileTheServerIsAtWork_cancelTheStatements() = runBlocking {
        cancelled { pool.rows(it, number) }.joinAll()

        assertEquals(0, inUse())
        assertEquals(0, sleeping())
        assertEquals(listOf(1), pool.rows("SELECT 1", number).toList())
        println(
            "Janus: $POOL of $POOL collectors ended, ${sleeping()} statements running, ${inUse()} connections in use",
        )
    }

    /** Waits for the collectors for a second, many times what an end without obstacles takes. */
    @Test
    fun usualRows_cancelledWhileTheServerIsAtWork_hangAndKeepTheirConnections() = runBlocking {
        val collectors = cancelled { pool.usualRows(it, number) }
        withTimeoutOrNull(1.seconds) { collectors.joinAll() }

        val ended = collectors.count { it.isCompleted }
        val next = assertThrows(SQLException::class.java) { pool.connection }
        println(
            "flowOn(IO): $ended of $POOL collectors ended, ${sleeping()} statements running, " +
                "${inUse()} connections in use; next query: ${next.message}",
        )
        assertEquals(POOL, sleeping())
    }

    @Test
    fun rows_cancelledAtAnyMoment_theConnectionIsBackAndTheNextQueryIsNotCancelled() = runBlocking {
        repeat(150) {
            val collector = scope.launch { pool.rows(ENDLESS_QUERY, number).collect { } }
            if (it % 4 != 0) while (inUse() == 0) Thread.onSpinWait()
            val end = System.nanoTime() + Random.nextLong(500_000) // hits every step of the query
            while (System.nanoTime() < end) Thread.onSpinWait()
            collector.cancelAndJoin()
            assertEquals(0, inUse())
            assertEquals(listOf(1), pool.rows("SELECT 1", number).toList())
        }
    }

    @Test
    fun rows_toTheEnd_allCome() = runBlocking {
        val rows = pool.rows(counted, number).toList()
        assertTrue((1..ROWS).toList() == rows) { "${rows.size} rows" }
    }

    @Test
    fun rows_queryFails_theFlowFails() {
        val failure = assertThrows(SQLException::class.java) {
            runBlocking { pool.rows("SELECT 1 / 0", number).toList() }
        }
        assertEquals("ERROR: division by zero", failure.message)
    }

    private companion object {
        const val POOL = 2
        const val ROWS = 50_000
        const val WANTED = 250

        const val SECONDS = 4_711
        const val ENDLESS_QUERY = "SELECT 1 FROM pg_sleep($SECONDS)"

        /** The first hundred rows come at once. */
        const val ENDLESS_FETCH =
            "SELECT n, CASE WHEN n > 150 THEN pg_sleep($SECONDS) END FROM generate_series(1, 151) n"
    }
}
