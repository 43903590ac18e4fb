package dev.janus;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import kotlin.coroutines.CoroutineContext;
import org.jspecify.annotations.Nullable;

/**
 * A thread that waits, blocked on a lock and condition of its own: a virtual thread gives its carrier
 * back meanwhile, and a fork-join pool compensates.
 *
 * @param <T> the type of the operation's result
 */
final class ThreadWaiter<T> extends Waiter<T> {
    private static final long FOREVER = Long.MAX_VALUE;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wokenUp = lock.newCondition();

    /** Guarded by {@link #lock}. Set by the one that woke the thread, unset by the thread. */
    private boolean woken;

    ThreadWaiter(Monitor monitor, WaitLine line, Operation<T> operation) {
        super(monitor, line, operation);
    }

    /** Waits until the operation is done. */
    T await() throws InterruptedException {
        return requireNonNull(await(FOREVER));
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
                if (!awaitWakeUp(nanos == FOREVER ? FOREVER : deadline - System.nanoTime())) {
                    return leave();
                }
            } catch (InterruptedException e) {
                result = leave();
                if (result == null) {
                    throw e;
                }
                Thread.currentThread().interrupt();
                return result;
            }
            result = tryAgain();
        }
        return result;
    }

    /** False if the time passed first. */
    private boolean awaitWakeUp(long nanos) throws InterruptedException {
        lock.lock();
        try {
            while (!woken) {
                if (nanos <= 0) {
                    return false;
                }
                if (nanos == FOREVER) {
                    wokenUp.await();
                } else {
                    nanos = wokenUp.awaitNanos(nanos);
                }
            }
            woken = false;
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    void wake() {
        lock.lock();
        try {
            woken = true;
            wokenUp.signal();
        } finally {
            lock.unlock();
        }
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
