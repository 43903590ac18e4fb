package dev.janus.recipes.postgres

import com.zaxxer.hikari.HikariConfig
import com.zaxxer.hikari.HikariDataSource
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres
import org.junit.jupiter.api.Assumptions.abort
import org.junit.jupiter.api.extension.BeforeAllCallback
import org.junit.jupiter.api.extension.ExtensionContext
import org.junit.jupiter.api.extension.ExtensionContext.Namespace.GLOBAL
import org.junit.jupiter.api.extension.ParameterContext
import org.junit.jupiter.api.extension.ParameterResolver
import java.io.IOException
import java.sql.Connection
import javax.sql.DataSource

/** A server in a temporary folder, and what its own tables say about it. */
internal class PostgresServer private constructor(private val server: EmbeddedPostgres) : AutoCloseable by server {
    val dataSource: DataSource = server.postgresDatabase
    private val connection: Connection = dataSource.connection

    /** A pool of [size] connections, which waits for one at most for 250 milliseconds, the least that it allows. */
    fun pool(size: Int) = HikariDataSource(
        HikariConfig().also {
            it.dataSource = dataSource
            it.maximumPoolSize = size
            it.connectionTimeout = 250
        },
    )

    fun execute(statement: String) {
        connection.createStatement().use { it.execute(statement) }
    }

    fun number(query: String): Int = connection.createStatement().use { statement ->
        val rows = statement.executeQuery(query)
        rows.next()
        rows.getInt(1)
    }

    /** Counts the sessions other than this one whose latest statement contains the [text]. */
    fun sessions(text: String, state: String) = number(
        "SELECT count(*) FROM pg_stat_activity " +
            "WHERE query LIKE '%$text%' AND state LIKE '$state' AND pid <> pg_backend_pid()",
    )

    fun endSessions(text: String) = execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%$text%' AND pid <> pg_backend_pid()",
    )

    /** Starts the server for the first test class that has it as a parameter. It is stopped after the last. */
    class Extension :
        BeforeAllCallback,
        ParameterResolver {
        override fun beforeAll(context: ExtensionContext) {
            context.root.getStore(GLOBAL).getOrComputeIfAbsent(PostgresServer::class.java) { start() }
        }

        override fun supportsParameter(parameter: ParameterContext, context: ExtensionContext) =
            parameter.parameter.type == PostgresServer::class.java

        override fun resolveParameter(parameter: ParameterContext, context: ExtensionContext): PostgresServer =
            context.root.getStore(GLOBAL).get(PostgresServer::class.java, PostgresServer::class.java)

        private fun start() = try {
            PostgresServer(EmbeddedPostgres.start())
        } catch (e: IOException) {
            abort("PostgreSQL does not start here: $e")
        }
    }
}
