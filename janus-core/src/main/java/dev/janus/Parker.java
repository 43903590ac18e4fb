package dev.janus;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Blocks one thread until it is woken. The thread spins first, then parks. It parks in a lock and condition of its own,
 * so a virtual thread unmounts while it waits, and a fork-join pool can compensate. Not final, because a test overrides
 * it.
 */
class Parker {
    /*
     * The thread parks only after it has changed the state to PARKED, under the lock. A thread that wakes it changes
     * the state to WOKEN first. If that finds PARKED, the parking thread is in the condition's await, or holds the lock
     * and is about to be: so the signal, which needs the lock, reaches it. If it finds anything else, the thread has
     * not parked, and sees WOKEN before it does. PARKED may be left over from a wait whose time has elapsed; then a
     * signal is sent that has no effect.
     */
    private enum State {
        IDLE,
        PARKED,
        WOKEN
    }

    static final long FOREVER = Long.MAX_VALUE;

    private final Spinner spinner;
    private final ReentrantLock lock;
    private final Condition wokenUp;
    private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);

    Parker() {
        this(Spinner.NONE);
    }

    Parker(Spinner spinner) {
        this(spinner, new ReentrantLock());
    }

    /** For tests that pass a lock of their own. */
    Parker(Spinner spinner, ReentrantLock lock) {
        this.spinner = spinner;
        this.lock = lock;
        wokenUp = lock.newCondition();
    }

    /**
     * Waits until {@link #wake} is called. Returns at once if it was called since the last wait.
     *
     * @return false if the time elapsed first; {@link #FOREVER} means no limit
     */
    boolean await(long nanos) throws InterruptedException {
        long start = System.nanoTime();
        spinner.spin(this, nanos);
        if (takeWakeUp()) {
            return true;
        }
        long left = nanos == FOREVER ? FOREVER : nanos - (System.nanoTime() - start);
        lock.lock();
        try {
            while (!takeWakeUp()) {
                if (left <= 0) {
                    return false;
                }
                if (!mayPark()) {
                    continue;
                }
                if (left == FOREVER) {
                    wokenUp.await();
                } else {
                    left = wokenUp.awaitNanos(left);
                }
            }
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
            while (!takeWakeUp()) {
                if (mayPark()) {
                    wokenUp.awaitUninterruptibly();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean takeWakeUp() {
        return state.compareAndSet(State.WOKEN, State.IDLE);
    }

    /** Announces that this thread parks. Returns false if it was woken meanwhile. */
    private boolean mayPark() {
        return state.get() == State.PARKED || state.compareAndSet(State.IDLE, State.PARKED);
    }

    boolean isWoken() {
        return state.get() == State.WOKEN;
    }

    void wake() {
        if (state.getAndSet(State.WOKEN) == State.PARKED) {
            signal();
        }
    }

    private void signal() {
        try {
            lock.lock();
        } catch (Error e) {
            Monitor.lockBySpinning(lock);
        }
        try {
            wokenUp.signal();
        } finally {
            lock.unlock();
        }
    }
}
