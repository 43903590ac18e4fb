package dev.janus.recipes.postgres

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.runBlocking
import javax.sql.DataSource
import kotlin.concurrent.thread

// What people write without Janus.

// sample: begin
class UsualDatabase(source: DataSource) : AutoCloseable {
    private class Update(val statement: String, val rows: CompletableDeferred<Int>)

    private val updates = Channel<Update>(capacity = 128)

    private val owner = thread(name = "database") {
        source.connection.use { connection ->
            val statement = connection.createStatement()
            runBlocking {
                for (update in updates) {
                    runCatching { statement.executeUpdate(update.statement) }
                        .onSuccess { update.rows.complete(it) }
                        .onFailure { update.rows.completeExceptionally(it) }
                }
            }
        }
    }

    suspend fun update(statement: String): Int {
        val rows = CompletableDeferred<Int>()
        updates.send(Update(statement, rows))
        return rows.await()
    }

    override fun close() {
        updates.close()
        owner.join()
    }
}
// sample: end
