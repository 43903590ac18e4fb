package dev.janus;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Blocks one thread until it is woken. It uses a lock and condition of its own, so a virtual thread unmounts while it
 * waits, and a fork-join pool can compensate. Not final, because a test overrides it.
 */
class Parker {
    static final long FOREVER = Long.MAX_VALUE;

    private final ReentrantLock lock;
    private final Condition wokenUp;

    /** Guarded by {@link #lock}. */
    private boolean woken;

    Parker() {
        this(new ReentrantLock());
    }

    /** For tests that pass a lock of their own. */
    Parker(ReentrantLock lock) {
        this.lock = lock;
        wokenUp = lock.newCondition();
    }

    /**
     * Waits until {@link #wake} is called. Returns at once if it was called since the last wait.
     *
     * @return false if the time elapsed first; {@link #FOREVER} means no limit
     */
    boolean await(long nanos) throws InterruptedException {
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

    /**
     * Waits until {@link #wake} is called, without a time limit. Ignores interrupts; the interrupt status stays set.
     */
    void awaitUninterruptibly() {
        lock.lock();
        try {
            while (!woken) {
                wokenUp.awaitUninterruptibly();
            }
            woken = false;
        } finally {
            lock.unlock();
        }
    }

    void wake() {
        try {
            lock.lock();
        } catch (Error e) {
            Monitor.lockBySpinning(lock);
        }
        try {
            woken = true;
            wokenUp.signal();
        } finally {
            lock.unlock();
        }
    }
}
