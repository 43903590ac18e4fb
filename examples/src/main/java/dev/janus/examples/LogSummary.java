package dev.janus.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import kotlinx.coroutines.ExecutorsKt;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Counts the lines of log files by level. Threads read the files, and an event loop counts. */
@Command(
        name = "LogSummary",
        description =
                "Prints the lines of log files that contain the word ERROR, and counts the lines with ERROR, WARN, "
                        + "INFO and DEBUG. Drops the oldest lines if they are read faster than they are counted.",
        showDefaultValues = true)
public final class LogSummary implements Callable<Integer> {
    @Option(
            names = "--keep",
            paramLabel = "N",
            description = "How many lines may wait to be counted.",
            converter = WholeNumber.Positive.class)
    private int keep = 10_000;

    @Option(names = "--help", usageHelp = true, description = "Print this help.")
    private boolean help;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "The log files.")
    private List<Path> files;

    /** Prints the summary of the log files named by the arguments. */
    public static void main(String[] args) {
        int status = new CommandLine(new LogSummary()).execute(args);
        if (status != 0) {
            System.exit(status);
        }
    }

    @Override
    public Integer call() {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            LevelCounter counter = new LevelCounter(ExecutorsKt.from(executor), keep);
            CompletableFuture<?>[] readers = files.stream()
                    .map(file -> CompletableFuture.runAsync(() -> read(file, counter)))
                    .toArray(CompletableFuture<?>[]::new);
            counter.start();
            counter.finish(CompletableFuture.allOf(readers)).join();
            return 0;
        } catch (CompletionException e) {
            System.err.println(e.getCause().getMessage());
            return 1;
        } finally {
            executor.shutdown();
        }
    }

    private static void read(Path file, LevelCounter counter) {
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            lines.forEach(counter::add);
        } catch (IOException | UncheckedIOException e) {
            throw new IllegalArgumentException("Cannot read " + file + ": " + e, e);
        }
    }
}
