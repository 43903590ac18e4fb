package dev.janus.recipes.postgres

import dev.janus.kotlin.threadFlow
import kotlinx.coroutines.flow.Flow
import org.postgresql.PGConnection
import javax.sql.DataSource

// sample: begin

/** Returns what is sent to the channel with NOTIFY. The data source must not be a pool. */
fun DataSource.notifications(channel: String): Flow<String> = threadFlow {
    connection.use { connection ->
        connection.createStatement().use { it.execute("LISTEN $channel") }
        val session = connection.unwrap(PGConnection::class.java)
        while (!isShutdown) { // until the collector has ended
            session.getNotifications(250).forEach { put(it.parameter) } // waits for 250 ms at most
        }
    }
}
// sample: end
