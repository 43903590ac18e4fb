package dev.janus.recipes.postgres

import dev.janus.Request
import dev.janus.kotlin.janusQueue
import javax.sql.DataSource
import kotlin.concurrent.thread

// sample: begin

/** A connection that one thread owns. Threads and coroutines ask it for updates. */
class Database(source: DataSource) : AutoCloseable {
    val updates = janusQueue<Request<String, Int>>(capacity = 128)

    private val owner = thread(name = "database") {
        try {
            source.connection.use { connection ->
                val statement = connection.createStatement()
                for (update in updates.sync().untilShutdown()) update.handle { statement.executeUpdate(it) }
            }
        } finally {
            updates.shutdownNow() // fails what is left
        }
    }

    override fun close() {
        updates.shutdown()
        owner.join()
    }
}
// sample: end
