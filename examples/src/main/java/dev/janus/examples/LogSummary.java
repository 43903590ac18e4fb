package dev.janus.examples;

import dev.janus.JanusQueue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kotlinx.coroutines.CoroutineDispatcher;
import kotlinx.coroutines.ExecutorsKt;
import kotlinx.coroutines.channels.BufferOverflow;

/**
 * Counts the lines of log files by their level, and prints the errors. Each file is read by a thread, which never waits:
 * the queue drops its oldest line when it is full. All else happens on an event loop of one thread, which never waits
 * either.
 */
public final class LogSummary {
    private static final String HELP = String.join(
            System.lineSeparator(),
            "Usage: LogSummary [--keep N] FILE...",
            "",
            "Prints the lines of the log files that contain the word ERROR, and how many lines",
            "there are with ERROR, WARN, INFO and DEBUG. Where the files are read faster than the",
            "lines are counted, the oldest lines are dropped.",
            "",
            "  --keep N  how many lines may wait to be counted, 1 or more; 10000 if not given",
            "  --help    print this");
    private static final Pattern LEVEL = Pattern.compile("\\b(ERROR|WARN|INFO|DEBUG)\\b");

    private final PrintStream out;
    private final LongAdder dropped = new LongAdder();
    private final Map<String, Long> counts = new TreeMap<>(); // touched on the loop only
    private final JanusQueue<String> lines;
    private final JanusQueue<String> errors;

    LogSummary(CoroutineDispatcher loop, int keep, PrintStream out) {
        this.out = out;
        lines = JanusQueue.<String>builder()
                .capacity(keep)
                .overflow(BufferOverflow.DROP_OLDEST)
                .onDropped(line -> dropped.increment())
                .boundTo(loop)
                .build();
        errors = JanusQueue.<String>builder().capacity(1).boundTo(loop).build();
    }

    /** Prints the summary of the files that the arguments name. */
    public static void main(String[] args) {
        int status = run(args, System.out, System.err);
        if (status != 0) {
            System.exit(status);
        }
    }

    /** Runs the program and returns its exit status. */
    static int run(String[] args, PrintStream out, PrintStream err) {
        int keep = 10_000;
        int firstFile = 0;
        if (args.length > 0 && args[0].equals("--help")) {
            out.println(HELP);
            return 0;
        }
        if (args.length > 0 && args[0].equals("--keep")) {
            firstFile = 2;
            String value = args.length > 1 ? args[1] : "";
            if (!value.matches("[1-9][0-9]{0,8}")) {
                err.println("--keep '" + value + "': expected a whole number from 1 to 999999999");
                return 2;
            }
            keep = Integer.parseInt(value);
        }
        if (firstFile >= args.length || args[firstFile].startsWith("-")) {
            err.println((firstFile < args.length ? args[firstFile] + ": " : "")
                    + "expected [--keep N] and the names of log files, or --help");
            return 2;
        }
        return summarize(args, firstFile, keep, out, err);
    }

    private static int summarize(String[] args, int firstFile, int keep, PrintStream out, PrintStream err) {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            LogSummary summary = new LogSummary(ExecutorsKt.from(executor), keep, out);
            CompletableFuture<?>[] readers = new CompletableFuture<?>[args.length - firstFile];
            for (int i = 0; i < readers.length; i++) {
                String file = args[firstFile + i];
                readers[i] = CompletableFuture.runAsync(() -> summary.read(file));
            }
            summary.start();
            summary.finish(CompletableFuture.allOf(readers)).join();
            return 0;
        } catch (CompletionException e) {
            err.println(e.getCause().getMessage());
            return 1;
        } finally {
            executor.shutdown();
        }
    }

    /** Puts the lines of a file in. Called on a thread that may block. */
    private void read(String file) {
        try (BufferedReader in = Files.newBufferedReader(Paths.get(file), StandardCharsets.ISO_8859_1)) {
            for (String line; (line = in.readLine()) != null; ) {
                add(line);
            }
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException("Cannot read " + file + ": " + e, e);
        }
    }

    /** Puts a line in, and never waits. */
    void add(String line) {
        lines.async().trySend(line);
    }

    /** Begins to count. */
    void start() {
        lines.async().subscribe(this::count, this::end);
        printNextError();
    }

    /** Ends when the readers have, and all lines were counted and all errors printed; then prints the summary. */
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
            // The loop must not wait for room: the line is done when the error is on its way.
            errors.async().sendAsync(line).thenRun(lines.async()::taskDone);
        } else {
            lines.async().taskDone();
        }
    }

    private void printNextError() {
        errors.async().receiveAsync().thenAccept(line -> {
            out.println(line);
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
        counts.forEach((level, count) -> out.println(level + "  " + count));
        out.println("dropped  " + dropped.sum());
    }
}
