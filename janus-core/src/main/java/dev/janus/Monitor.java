package dev.janus;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The lock of a {@link Buffer}. At the end of each critical section it serves the waiters whose turn has come, and
 * wakes them after unlock.
 */
final class Monitor {
    /*
     * A waiter that is woken may run foreign code at once on this thread, as an unconfined coroutine does, and that
     * code may call the queue again. So waiters must not be woken while the lock is held. A critical section collects
     * the waiters that it served in a chain, linked through Waiter.nextWoken, and wakes the chain after unlock. A
     * waiter is in one chain at a time: it cannot be served again until it was woken and has waited again.
     */
    private static final int TRIES = 8;

    private static final int NANOS_BETWEEN_TRIES = 2_000;

    private final ReentrantLock lock;
    private final Runnable settle;

    /** The chain of waiters that this critical section has served. Guarded by the lock. */
    private @Nullable Waiter<?> firstServed;

    private @Nullable Waiter<?> lastServed;

    /** Tasks to run after this critical section, without the lock. Guarded by the lock. */
    private @Nullable List<Runnable> afterUnlock;

    /**
     * Makes a monitor.
     *
     * @param settle called under the lock at the end of every critical section: serves the waiters whose turn has come
     */
    Monitor(ReentrantLock lock, Runnable settle) {
        this.lock = lock;
        this.settle = settle;
    }

    void lock() {
        if (isLocked()) {
            throw new IllegalStateException(
                    "a comparator, compareTo or equals called back into the queue that was using it");
        }
        if (!lock.tryLock()) {
            lockContended();
        }
    }

    /**
     * Takes the lock after another thread was found to hold it. Critical sections take some 20 nanoseconds, and to park
     * a thread and wake it takes a thousand times as long. So this tries again a few times before it parks. In between
     * it does not look at the lock, but leaves its cache line to the other thread, which makes several calls meanwhile:
     * two threads that try as often as they can would pass the lock to and fro for every element.
     */
    private void lockContended() {
        int tries = Processors.areSeveral() ? TRIES : 0;
        for (int i = 0; i < tries; i++) {
            long start = System.nanoTime();
            while (System.nanoTime() - start < NANOS_BETWEEN_TRIES) {
                // only lets the time pass
            }
            if (lock.tryLock()) {
                return;
            }
        }
        lock.lock();
    }

    /** Takes the lock for a caller that leaves. This must succeed: others wait for its place or its grant. */
    void lockToLeave() {
        try {
            lock();
        } catch (Error e) {
            lockBySpinning(lock);
        }
    }

    /**
     * Takes a lock that others depend on, after locking threw an Error: an agent may forbid blocking, or there may be no
     * memory for a queue node. Tries until the lock is free, which is soon, as critical sections are short.
     */
    static void lockBySpinning(ReentrantLock lock) {
        while (!lock.tryLock()) {
            // soon free
        }
    }

    boolean isLocked() {
        return lock.isHeldByCurrentThread();
    }

    /** Ends a critical section: serves the waiters whose turn has come, and wakes them when the lock is free. */
    void settleAndUnlock() {
        try {
            settle.run();
        } finally {
            Waiter<?> served = takeServedLocked();
            List<Runnable> after = takeAfterUnlockLocked();
            lock.unlock();
            wakeAll(served); // even if an Error ended the section: nothing else would wake them
            after.forEach(Monitor::call);
        }
    }

    /** Runs the call in a critical section. */
    <T extends @Nullable Object> T locked(Supplier<T> call) {
        lock();
        try {
            return call.get();
        } finally {
            settleAndUnlock();
        }
    }

    /** Runs the change in a critical section. */
    void runLocked(Runnable change) {
        lock();
        try {
            change.run();
        } finally {
            settleAndUnlock();
        }
    }

    /**
     * Makes a change for a caller that leaves, in a critical section of its own. If this thread already holds the lock,
     * because a comparator has cancelled a coroutine, makes the change in the current critical section.
     */
    <T extends @Nullable Object> T leaving(Supplier<T> change) {
        if (isLocked()) {
            return change.get();
        }
        lockToLeave();
        try {
            return change.get();
        } finally {
            settleAndUnlock();
        }
    }

    /** Adds a waiter to the chain that is woken after unlock. */
    void wakeAfterUnlockLocked(Waiter<?> waiter) {
        assert isLocked();
        if (lastServed == null) {
            firstServed = waiter;
        } else {
            lastServed.nextWoken = waiter;
        }
        lastServed = waiter;
    }

    /** Makes a call of foreign code after unlock. Reports what it throws. */
    void callAfterUnlockLocked(Runnable call) {
        assert isLocked();
        if (afterUnlock == null) {
            afterUnlock = new ArrayList<>();
        }
        afterUnlock.add(call);
    }

    private @Nullable Waiter<?> takeServedLocked() {
        Waiter<?> first = firstServed;
        if (first != null) {
            firstServed = null;
            lastServed = null;
        }
        return first;
    }

    private List<Runnable> takeAfterUnlockLocked() {
        List<Runnable> after = afterUnlock;
        if (after == null) {
            return Collections.emptyList();
        }
        afterUnlock = null;
        return after;
    }

    /**
     * Wakes the whole chain, and throws nothing: the caller's critical section has succeeded in any case. If a
     * dispatcher refuses to run a waiter, the waiter may never run, so its grant is passed on.
     */
    private void wakeAll(@Nullable Waiter<?> first) {
        for (Waiter<?> waiter = first; waiter != null; ) {
            Waiter<?> next = waiter.nextWoken;
            waiter.nextWoken = null; // before wake: then it may be served again, in another chain
            try {
                waiter.wake();
            } catch (Throwable e) {
                next = passOnGrant(waiter, next);
                waiter.onRejected(e);
            }
            waiter = next;
        }
    }

    /**
     * Passes on the grant of a rejected waiter. Returns the chain to wake next: the waiters served now, then the
     * others.
     */
    private @Nullable Waiter<?> passOnGrant(Waiter<?> rejected, @Nullable Waiter<?> others) {
        Waiter<?> served = null;
        List<Runnable> after = Collections.emptyList();
        lockToLeave();
        try {
            rejected.returnGrantLocked();
            settle.run();
        } finally {
            served = takeServedLocked();
            after = takeAfterUnlockLocked();
            lock.unlock();
        }
        after.forEach(Monitor::call);
        if (served == null) {
            return others;
        }
        Waiter<?> last = served;
        while (last.nextWoken != null) {
            last = last.nextWoken;
        }
        last.nextWoken = others;
        return served;
    }

    private static void call(Runnable foreign) {
        try {
            foreign.run();
        } catch (Throwable e) {
            report(e);
        }
    }

    /** Reports a failure that no caller can receive to the thread's uncaught exception handler. */
    static void report(Throwable failure) {
        Thread thread = Thread.currentThread();
        try {
            thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
        } catch (Throwable e) {
            // a handler that fails is ignored, as the JVM does
        }
    }
}
