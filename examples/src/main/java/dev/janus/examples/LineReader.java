package dev.janus.examples;

import dev.janus.JanusQueue;
import dev.janus.QueueShutdownException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

/**
 * A blocking thread that takes files from one queue and puts their lines into another, until the first one is shut
 * down. A line is the bytes up to and with its newline; the last one of a file may have none. A line longer than the
 * buffer comes in several pieces, so that no file needs more memory than that; they are cut between words, where a word
 * is not as long as the buffer itself.
 */
final class LineReader implements Runnable {
    static final int LONGEST_PIECE = 64 * 1024;

    private final JanusQueue<Path> files;
    private final JanusQueue<byte[]> lines;
    private final LongAdder bytesRead;
    private final BiConsumer<Path, IOException> onUnreadable;
    private final byte[] buffer = new byte[LONGEST_PIECE];

    LineReader(
            JanusQueue<Path> files,
            JanusQueue<byte[]> lines,
            LongAdder bytesRead,
            BiConsumer<Path, IOException> onUnreadable) {
        this.files = files;
        this.lines = lines;
        this.bytesRead = bytesRead;
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
            // The counting has ended early, and with it the need for lines.
        } catch (InterruptedException | RuntimeException | Error e) {
            lines.shutdown(e); // so that the counters do not wait forever
            files.shutdown(e);
        }
    }

    private void readOrReport(Path file) throws InterruptedException {
        try (InputStream in = Files.newInputStream(file)) {
            putLines(in);
        } catch (IOException e) {
            onUnreadable.accept(file, e);
        }
    }

    private void putLines(InputStream in) throws IOException, InterruptedException {
        int filled = 0;
        for (int read; (read = in.read(buffer, filled, buffer.length - filled)) >= 0; ) {
            bytesRead.add(read);
            int end = putWholeLines(filled, filled + read);
            filled = keep(end, filled + read);
            if (filled == buffer.length) {
                int cut = afterLastWord();
                put(0, cut);
                filled = keep(cut, filled);
            }
        }
        if (filled > 0) {
            put(0, filled);
        }
    }

    /** Puts the lines that end between the two places, and returns the end of the last one. */
    private int putWholeLines(int from, int to) throws InterruptedException {
        int start = 0;
        for (int i = from; i < to; i++) {
            if (buffer[i] == '\n') {
                put(start, i + 1);
                start = i + 1;
            }
        }
        return start;
    }

    private void put(int from, int to) throws InterruptedException {
        lines.sync().put(Arrays.copyOfRange(buffer, from, to)); // waits while the counters are behind
    }

    /** Moves what is not yet put to the beginning of the buffer, and returns how much that is. */
    private int keep(int from, int to) {
        System.arraycopy(buffer, from, buffer, 0, to - from);
        return to - from;
    }

    /** Where to cut a full buffer: behind the last ASCII character that is no part of a word, else at the end. */
    private int afterLastWord() {
        for (int i = buffer.length; i > 0; i--) {
            byte b = buffer[i - 1];
            if (b >= 0 && !Character.isLetterOrDigit(b)) {
                return i;
            }
        }
        return buffer.length;
    }
}
