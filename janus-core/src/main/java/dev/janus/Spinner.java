package dev.janus;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * Lets threads spin while they wait in a {@link WaitQueue}, before they park. To park a thread and wake it takes 20 to
 * 100 microseconds, and what it waits for often comes sooner. Only platform threads spin: a virtual thread unmounts
 * instead, and a coroutine suspends, so that others can use the thread.
 */
final class Spinner {
    /*
     * A thread spins in line, when its operation can be completed by others: so it keeps its turn, and waking it is one
     * write as long as it spins.
     *
     * The time adapts. It doubles when spinning helped, and shrinks by an eighth when it did not, down to a few reads.
     * Every 32nd wait tries the full time again. So a queue that is mostly idle costs next to nothing. `nanos` and
     * `times` are read and written by all threads that spin; a lost update only makes a spin a little longer or
     * shorter.
     *
     * Rounds of spinning help if the partner runs on another processor. The yields in between help if it needs this
     * processor. On a busy machine, a yield may take longer than the time that is left; it is then the last one.
     */
    private static final int MAX_NANOS = 50_000;

    private static final int SPINS_PER_YIELD = 20;
    private static final int FULL_SPIN_EVERY = 32;

    /** Spins for nobody. */
    static final Spinner NONE = new Spinner(false);

    /** {@code Thread.isVirtual}, where it exists. */
    private static final @Nullable Method IS_VIRTUAL = isVirtualMethod();

    private final boolean enabled;

    private int nanos = MAX_NANOS;
    private int times;

    Spinner(boolean enabled) {
        this.enabled = enabled;
    }

    /** Spins until the parker was woken, but at most the given time. Returns at once if this thread should not spin. */
    @SuppressWarnings("ThreadPriorityCheck") // the yield is a courtesy: nothing relies on what it does
    void spin(Parker parker, long most) {
        if (!enabled || most <= 0 || !Processors.areSeveral() || isVirtual(Thread.currentThread())) {
            return;
        }
        int usual = nanos;
        long limit = Math.min(most, ++times % FULL_SPIN_EVERY == 0 ? MAX_NANOS : usual);
        long start = System.nanoTime();
        while (true) {
            for (int i = 0; i < SPINS_PER_YIELD; i++) {
                if (parker.isWoken()) {
                    nanos = Math.min(MAX_NANOS, 2 * usual + SPINS_PER_YIELD);
                    return;
                }
            }
            if (System.nanoTime() - start >= limit) {
                nanos = usual - usual / 8;
                return;
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
