package dev.janus;

import java.lang.reflect.Method;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Spins briefly before a thread blocks: what it waits for is often about to come, and parking costs far more than a few
 * microseconds of spinning. Where that rarely helps, it spins less. For platform threads only: a coroutine suspends and a
 * virtual thread unmounts, so others run at once.
 */
final class Spinner {
    /*
     * Nothing here is exact and nothing needs to be: a thread that has spun then tries under the lock, and waits if that
     * fails. What is available is written under the lock, late at worst, and read without it; the other fields are read and
     * written by any thread that spins, and a lost update only makes one spin a little longer or shorter.
     *
     * Spinning without a pause catches a partner that runs on another processor; the yield in between lets a partner run that
     * shares this one. On a busy machine a yield may take longer than the time that is left, and then it is the last.
     */
    private static final boolean USEFUL = Runtime.getRuntime().availableProcessors() > 1;

    private static final int MAX_NANOS = 5_000;
    private static final int SPINS_PER_YIELD = 20;
    private static final int FULL_SPIN_EVERY = 32;

    /** {@code Thread.isVirtual}, where it exists. */
    private static final @Nullable Method IS_VIRTUAL = isVirtualMethod();

    /** Above 0 if something is available, below 0 if spinning is useless: others wait in line already. */
    private final AtomicInteger available = new AtomicInteger(-1);

    private int nanos = MAX_NANOS;
    private int times;

    /** Publishes, at the end of a critical section, how much a thread that spins may hope for. */
    void publishAvailableLocked(int available) {
        if (this.available.get() != available) {
            this.available.lazySet(available);
        }
    }

    /** Returns whether something is available, after a few microseconds at most. */
    @SuppressWarnings("ThreadPriorityCheck") // the yield is a courtesy: nothing relies on what it does
    boolean spin() {
        if (!USEFUL || isVirtual(Thread.currentThread())) {
            return false;
        }
        int usual = nanos;
        long limit = ++times % FULL_SPIN_EVERY == 0 ? MAX_NANOS : usual;
        long start = System.nanoTime();
        while (true) {
            for (int i = 0; i < SPINS_PER_YIELD; i++) {
                int now = available.get();
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

    private static @Nullable Method isVirtualMethod() {
        try {
            return Thread.class.getMethod("isVirtual");
        } catch (NoSuchMethodException e) {
            return null; // before Java 21, and on Android, every thread is a platform thread
        }
    }

    private static boolean isVirtual(Thread thread) {
        try {
            return IS_VIRTUAL != null && (boolean) IS_VIRTUAL.invoke(thread);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Thread.isVirtual cannot be called", e);
        }
    }
}
