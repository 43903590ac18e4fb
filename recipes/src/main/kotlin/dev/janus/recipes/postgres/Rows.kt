package dev.janus.recipes.postgres

import dev.janus.kotlin.threadFlow
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.emitAll
import kotlinx.coroutines.flow.flow
import org.postgresql.PGConnection
import java.sql.ResultSet
import javax.sql.DataSource

// sample: begin

/** Returns the rows of a query, which are fetched by the hundred as they are collected. */
fun <E : Any> DataSource.rows(query: String, read: (ResultSet) -> E): Flow<E> = flow {
    val busy = BusyConnection()
    val rows = threadFlow<E>(onCancel = busy::cancel) {
        connection.use { connection ->
            connection.autoCommit = false // otherwise the driver fetches all rows at once
            val statement = connection.prepareStatement(query).apply { fetchSize = 100 }
            busy.during(connection.unwrap(PGConnection::class.java)) {
                val rows = if (isShutdown) return@threadFlow else statement.executeQuery()
                while (rows.next()) put(read(rows))
            }
        }
    }
    emitAll(rows)
}
// sample: end

// sample: begin

/** A connection that one thread uses, and another may cancel. */
private class BusyConnection {
    private var connection: PGConnection? = null

    inline fun during(connection: PGConnection, work: () -> Unit) {
        synchronized(this) { this.connection = connection }
        try {
            work()
        } finally {
            synchronized(this) { this.connection = null } // what runs next must not be cancelled
        }
    }

    /** Cancels again and again, because the server ignores a request that comes before the query. */
    fun cancel() {
        while (synchronized(this) { connection?.cancelQuery() } != null) Thread.sleep(10)
    }
}
// sample: end
