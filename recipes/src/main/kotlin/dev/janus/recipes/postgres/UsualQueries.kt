package dev.janus.recipes.postgres

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOn
import org.postgresql.PGConnection
import java.sql.ResultSet
import javax.sql.DataSource
import kotlin.concurrent.thread

// What people write without Janus.

// sample: begin
fun <E : Any> DataSource.usualRows(query: String, read: (ResultSet) -> E): Flow<E> = flow {
    connection.use { connection ->
        val rows = connection.prepareStatement(query).executeQuery()
        while (rows.next()) emit(read(rows))
    }
}.flowOn(Dispatchers.IO)
// sample: end

// sample: begin
fun DataSource.usualNotifications(channel: String): Flow<String> = callbackFlow {
    val connection = connection
    connection.createStatement().use { it.execute("LISTEN $channel") }
    val session = connection.unwrap(PGConnection::class.java)
    thread {
        while (true) session.getNotifications(0).forEach { trySend(it.parameter) }
    }
    awaitClose { connection.close() }
}
// sample: end
