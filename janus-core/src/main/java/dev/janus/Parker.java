package dev.janus;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Blocks one thread until it is woken, on a lock and condition of its own: a virtual thread unmounts meanwhile, and a
 * fork-join pool compensates. Not final: a test opens it by hand.
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

    /** For tests that give it a lock of their own. */
    Parker(ReentrantLock lock) {
        this.lock = lock;
        wokenUp = lock.newCondition();
    }

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
        Monitor.lockDespiteErrors(lock);
        try {
            woken = true;
            wokenUp.signal();
        } finally {
            lock.unlock();
        }
    }
}
