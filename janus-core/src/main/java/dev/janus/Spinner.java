package dev.janus;

import java.lang.reflect.Method;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Spins briefly before a thread blocks. An element or slot is often about to become available, and parking takes longer
 * than a few microseconds of spinning. The time adapts: where spinning rarely helps, it spins less. Only platform
 * threads spin; a coroutine suspends and a virtual thread unmounts instead, so that others can use the thread.
 */
final class Spinner {
    /*
     * Nothing here needs to be exact: after spinning, a thread tries under the lock, and waits if that fails.
     * `available` is written under the lock and read without it, so a reader may see an old value. `nanos` and `times`
     * are read and written by all threads that spin; a lost update only makes a spin a little longer or shorter.
     *
     * Rounds of spinning help if the partner runs on another processor. The yields in between help if it needs this
     * processor. On a busy machine, a yield may take longer than the time that is left; it is then the last one.
     */
    private static final boolean USEFUL = Runtime.getRuntime().availableProcessors() > 1;

    private static final int MAX_NANOS = 5_000;
    private static final int SPINS_PER_YIELD = 20;
    private static final int FULL_SPIN_EVERY = 32;

    /** {@code Thread.isVirtual}, where it exists. */
    private static final @Nullable Method IS_VIRTUAL = isVirtualMethod();

    /**
     * How many are available. Below 0 if spinning is useless, for example because other callers already wait in line.
     */
    private final AtomicInteger available = new AtomicInteger(-1);

    private int nanos = MAX_NANOS;
    private int times;

    /** Publishes how many elements or slots are available, or -1 if callers wait for them in line. */
    void publishAvailableLocked(int available) {
        if (this.available.get() != available) {
            this.available.lazySet(available);
        }
    }

    /** Spins for a few microseconds at most. Returns true if an element or slot seems to be available. */
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
