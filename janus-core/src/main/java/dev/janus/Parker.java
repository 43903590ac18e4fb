package dev.janus;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where one thread waits to be woken, blocked on a lock and condition of its own: a virtual thread gives its carrier
 * back meanwhile, and a fork-join pool compensates. Not final: a test puts a gate here that it opens by hand.
 */
class Parker {
    static final long FOREVER = Long.MAX_VALUE;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wokenUp = lock.newCondition();

    /** Guarded by {@link #lock}. Set by whoever wakes the thread, unset by the thread. */
    private boolean woken;

    /**
     * Waits until the thread is woken, or returns at once if it was meanwhile.
     *
     * @return false if the time passed first; {@link #FOREVER}, 292 years, never passes
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

    /** Waits as long as it takes, through any interruption. */
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
        lock.lock();
        try {
            woken = true;
            wokenUp.signal();
        } finally {
            lock.unlock();
        }
    }
}
