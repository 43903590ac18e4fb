package dev.janus.examples.snippets;

import static dev.janus.examples.snippets.Shop.log;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.janus.JanusQueue;
import dev.janus.Request;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Requests and replies, as the Javadoc and the guide show them. */
final class RequestSnippets {
    private RequestSnippets() {}

    static int ask(JanusQueue<Request<String, Integer>> statements) throws InterruptedException, ExecutionException {
        // sample: begin
        int rows = new Request<String, Integer>("delete from orders").ask(statements); // waits for the reply
        // sample: end
        return rows;
    }

    static void askInTime(JanusQueue<Request<String, Integer>> statements)
            throws InterruptedException, ExecutionException {
        // sample: begin
        Request<String, Integer> request = new Request<>("delete from orders");
        try {
            log(request.ask(statements, 10, SECONDS) + " rows");
        } catch (TimeoutException e) {
            log(request.isWithdrawn() ? "nothing was deleted" : "the reply comes too late");
        }
        // sample: end
    }

    static void askAsync(JanusQueue<Request<String, Integer>> statements) {
        // sample: begin
        CompletableFuture<Integer> rows = new Request<String, Integer>("delete from orders").askAsync(statements);
        rows.thenAccept(Shop::log);
        // sample: end
    }

    static void handle(JanusQueue<Request<String, Integer>> statements, Statement statement) {
        // sample: begin
        for (Request<String, Integer> request : statements.sync().untilShutdown()) {
            request.handle(statement::executeUpdate); // replies, or fails the request with what this throws
        }
        // sample: end
    }

    static int handler(Statement statement) throws Exception {
        // sample: begin
        Request.Handler<String, Integer> update = statement::executeUpdate;
        int rows = update.handle("delete from orders");
        // sample: end
        return rows;
    }

    static void begin(JanusQueue<Request<String, Integer>> statements, Connection connection, Statement statement)
            throws InterruptedException, SQLException {
        // sample: begin
        Request<String, Integer> request = statements.sync().take();
        if (request.begin()) {
            int rows = statement.executeUpdate(request.question());
            if (!request.reply(rows)) {
                connection.rollback(); // the asker has given up
            }
        }
        // sample: end
    }

    static void fail(Request<String, Integer> request, Statement statement) {
        // sample: begin
        try {
            request.reply(statement.executeUpdate(request.question()));
        } catch (SQLException e) {
            request.fail(e);
        }
        // sample: end
    }
}
