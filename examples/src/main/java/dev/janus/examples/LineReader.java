package dev.janus.examples;

import dev.janus.JanusQueue;
import dev.janus.QueueShutdownException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;

/**
 * Takes files from one queue and puts their lines into another, on a blocking thread, until the first queue is shut
 * down. A line includes its newline, which the last line of a file may lack. A very long line is put in parts, which
 * limits the memory used. It is cut between words, unless a single word is very long.
 */
final class LineReader implements Runnable {
    /** In bytes. */
    static final int LONGEST_PART = 64 * 1024;

    private final JanusQueue<Path> files;
    private final JanusQueue<byte[]> lines;
    private final LongConsumer onBytesRead;
    private final BiConsumer<Path, IOException> onUnreadable;
    private final byte[] part = new byte[LONGEST_PART];

    LineReader(
            JanusQueue<Path> files,
            JanusQueue<byte[]> lines,
            LongConsumer onBytesRead,
            BiConsumer<Path, IOException> onUnreadable) {
        this.files = files;
        this.lines = lines;
        this.onBytesRead = onBytesRead;
        this.onUnreadable = onUnreadable;
    }

    @Override
    public void run() {
        try {
            for (Path file : files.sync().untilShutdown()) {
                readOrReport(file);
                files.sync().taskDone();
            }
        } catch (QueueShutdownException e) {
            // Counting ended early, and needs no more lines.
        } catch (InterruptedException | RuntimeException | Error e) {
            lines.shutdown(e); // ends the counters, which would wait forever
            files.shutdown(e);
        }
    }

    private void readOrReport(Path file) throws InterruptedException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            putLines(in);
        } catch (IOException e) {
            onUnreadable.accept(file, e);
        }
    }

    private void putLines(InputStream in) throws IOException, InterruptedException {
        int length = 0;
        for (int b; (b = in.read()) >= 0; ) {
            part[length++] = (byte) b;
            if (b == '\n' || length == LONGEST_PART || (length > LONGEST_PART / 2 && isBetweenWords(b))) {
                put(length);
                length = 0;
            }
        }
        if (length > 0) {
            put(length);
        }
    }

    private void put(int length) throws InterruptedException {
        lines.sync().put(Arrays.copyOf(part, length)); // blocks this thread while the counters are behind
        onBytesRead.accept(length);
    }

    /** Returns true for ASCII characters that are neither letters nor digits. */
    private static boolean isBetweenWords(int b) {
        return b < 0x80 && !Character.isLetterOrDigit(b);
    }
}
