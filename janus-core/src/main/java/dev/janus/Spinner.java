package dev.janus;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A moment's spinner before waiting: what one waits for is often about to come, and to wait and be woken costs far more
 * than to look again for a few microseconds. Where looking again is mostly in vain, it stops by itself.
 */
final class Spinner {
    /*
     * Nothing here is exact and nothing needs to be: who has been patient then tries under the lock, and waits if that
     * fails. What is free is written under the lock, late at worst, and read without it; the other fields are read and
     * written by whoever comes, and a lost update only makes one wait a little longer or shorter.
     *
     * A few looks without a pause catch a partner that runs on another processor. The yield between them lets the
     * partner run that shares this one. It may take longer than the time that is left, where many want to run: then it
     * is the last.
     */
    static final boolean USEFUL = Runtime.getRuntime().availableProcessors() > 1;

    private static final int MAX_NANOS = 5_000;
    private static final int SPINS_PER_YIELD = 20;
    private static final int FULL_PATIENCE_EVERY = 32;

    /** Above 0 if something is free, below 0 if to look again is in vain: others wait in line already. */
    private final AtomicInteger free = new AtomicInteger(-1);

    private int nanos = MAX_NANOS;
    private int times;

    /** Says, at the end of a locked step, what those who are patient may hope for. */
    void publishAvailableLocked(int free) {
        if (this.free.get() != free) {
            this.free.lazySet(free);
        }
    }

    /** Returns whether something is free, after a few microseconds at the most. */
    @SuppressWarnings("ThreadPriorityCheck") // the yield is a courtesy: nothing relies on what it does
    boolean spin() {
        if (!USEFUL) {
            return false;
        }
        int usual = nanos;
        long limit = ++times % FULL_PATIENCE_EVERY == 0 ? MAX_NANOS : usual;
        long start = System.nanoTime();
        while (true) {
            for (int i = 0; i < SPINS_PER_YIELD; i++) {
                int now = free.get();
                if (now > 0) {
                    nanos = Math.min(MAX_NANOS, 2 * usual + SPINS_PER_YIELD);
                }
                if (now != 0) {
                    return now > 0;
                }
            }
            if (System.nanoTime() - start >= limit) {
                nanos = usual - usual / 8;
                return false;
            }
            Thread.yield();
        }
    }
}
