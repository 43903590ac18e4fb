package dev.janus.examples.snippets

import dev.janus.JanusQueue
import dev.janus.Request
import dev.janus.examples.snippets.Shop.log
import dev.janus.kotlin.ask
import dev.janus.kotlin.handleSuspending
import dev.janus.kotlin.iterator
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.sql.Statement
import kotlin.time.Duration.Companion.seconds

/*
 * Requests and replies, as the documentation shows them.
 */

private suspend fun ask(statements: JanusQueue<Request<String, Int>>): Int {
    // sample: begin
    val rows = statements.ask("delete from orders")
    // sample: end
    return rows
}

private suspend fun askInTime(statements: JanusQueue<Request<String, Int>>) {
    // sample: begin
    val rows = statements.ask("delete from orders", 10.seconds) ?: log("no reply came in time")
    // sample: end
    log(rows)
}

private suspend fun handle(statements: JanusQueue<Request<String, Int>>, connection: Statement) {
    suspend fun execute(statement: String) = withContext(Dispatchers.IO) { connection.executeUpdate(statement) }
    // sample: begin
    for (request in statements.async()) {
        request.handleSuspending { statement -> execute(statement) }
    }
    // sample: end
}
