package dev.janus.examples;

import dev.janus.JanusQueue;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kotlinx.coroutines.CoroutineDispatcher;
import kotlinx.coroutines.channels.BufferOverflow;

/**
 * Counts log lines by level and prints the errors, on an event loop of one thread. Nothing blocks: the queue of lines
 * drops its oldest line when it is full, and the loop uses futures and a subscription.
 */
final class LevelCounter {
    private static final Pattern LEVEL = Pattern.compile("\\b(ERROR|WARN|INFO|DEBUG)\\b");

    private final LongAdder dropped = new LongAdder();
    private final Map<String, Long> counts = new TreeMap<>(); // used on the loop only
    private final JanusQueue<String> lines;
    private final JanusQueue<String> errors;

    LevelCounter(CoroutineDispatcher loop, int keep) {
        lines = JanusQueue.<String>builder()
                .capacity(keep)
                .overflow(BufferOverflow.DROP_OLDEST)
                .onDropped(line -> dropped.increment())
                .boundTo(loop)
                .build();
        errors = JanusQueue.<String>builder().capacity(1).boundTo(loop).build();
    }

    /** Adds a line without waiting. Any thread may call it. */
    void add(String line) {
        lines.async().trySend(line);
    }

    /** Begins to count. */
    void start() {
        lines.async().subscribe(this::count, this::end);
        printNextError();
    }

    /** Prints the summary after the readers have ended, all lines are counted and all errors are printed. */
    CompletableFuture<Void> finish(CompletableFuture<Void> readers) {
        return readers.thenCompose(done -> lines.async().joinAsync())
                .thenCompose(done -> errors.async().joinAsync())
                .thenRun(this::print)
                .whenComplete((done, failure) -> {
                    lines.shutdown();
                    errors.shutdown();
                });
    }

    private void count(String line) {
        Matcher level = LEVEL.matcher(line);
        String name = level.find() ? level.group() : "other";
        counts.merge(name, 1L, Long::sum);
        if (name.equals("ERROR")) {
            // The loop must not wait for room. The line is done once the error is in its queue.
            errors.async().sendAsync(line).thenRun(lines.async()::taskDone);
        } else {
            lines.async().taskDone();
        }
    }

    private void printNextError() {
        errors.async().receiveAsync().thenAccept(line -> {
            System.out.println(line);
            errors.async().taskDone();
            printNextError();
        });
    }

    private void end(Throwable failure) {
        if (failure != null) {
            lines.shutdown(failure);
        }
    }

    private void print() {
        counts.forEach((level, count) -> System.out.println(level + "  " + count));
        System.out.println("dropped  " + dropped.sum());
    }
}
