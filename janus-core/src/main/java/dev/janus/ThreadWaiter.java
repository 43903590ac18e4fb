package dev.janus;

import kotlin.coroutines.CoroutineContext;
import org.jspecify.annotations.Nullable;

/**
 * A thread that waits, blocked at a {@link Parker}.
 *
 * @param <T> the type of the operation's result
 */
final class ThreadWaiter<T> extends Waiter<T> {
    private final Parker gate;

    /** Whether this waiter was woken and has not tried since, for a thread that is woken for several. */
    private volatile boolean woken;

    ThreadWaiter(Monitor monitor, WaitQueue line, Operation<T> operation) {
        this(monitor, line, operation, new Parker());
    }

    /** For a thread that waits in several lines at once. */
    ThreadWaiter(Monitor monitor, WaitQueue line, Operation<T> operation, Parker gate) {
        super(monitor, line, operation);
        this.gate = gate;
    }

    /**
     * Waits until the operation is done.
     *
     * @return null if the time passed first; {@link Long#MAX_VALUE} nanoseconds, 292 years, never pass
     */
    @Nullable
    T await(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + Math.max(0, nanos);
        T result = tryOrEnter();
        while (result == null) {
            try {
                if (!gate.await(nanos == Parker.FOREVER ? nanos : deadline - System.nanoTime())) {
                    return leave();
                }
            } catch (Throwable e) { // also what the wait itself throws: OutOfMemoryError, a pool that has no thread to
                // spare
                result = leave();
                if (result == null) {
                    throw e;
                }
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                return result;
            }
            result = tryAgain();
        }
        return result;
    }

    /**
     * Like {@link #tryAgain()}, or null if this waiter was not woken yet: before that it may be granted, but is still in the
     * chain of whoever wakes it, and may not wait again.
     */
    @Nullable
    T tryAgainIfWoken() {
        if (!woken) {
            return null;
        }
        woken = false;
        return tryAgain();
    }

    @Override
    void wake() {
        woken = true;
        gate.wake();
    }

    @Override
    boolean isThread() {
        return true;
    }

    @Override
    public CoroutineContext getContext() {
        return job;
    }
}
