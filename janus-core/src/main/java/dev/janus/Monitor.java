package dev.janus;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The lock of a {@link Buffer}, and how a critical section ends: it serves the waiters whose turn has come, and wakes them
 * after unlock.
 */
final class Monitor {
    /*
     * A waiter that is woken may run foreign code at once, on this very thread (an unconfined coroutine does), and use the
     * queue again. So a critical section only collects the waiters it served, in a chain through Waiter.nextWoken, and
     * wakes the chain when the lock is free. A waiter is in one chain at a time: it cannot be served again before it was
     * woken and has waited again.
     */
    private final ReentrantLock lock;
    private final Runnable settle;

    /** The chain of waiters that this critical section serves. Guarded by the lock. */
    private @Nullable Waiter<?> firstServed;

    private @Nullable Waiter<?> lastServed;

    /** What runs after this critical section, without the lock. Guarded by the lock. */
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
        refuseReentry();
        lock.lock();
    }

    private void refuseReentry() {
        if (isLocked()) {
            throw new IllegalStateException(
                    "a comparator, compareTo or equals called back into the queue that was using it");
        }
    }

    /** Takes the lock for a caller that leaves, whose place or grant others depend on. */
    void lockToLeave() {
        refuseReentry();
        lockDespiteErrors(lock);
    }

    /**
     * Takes a lock that others depend on. If it fails with an Error (an agent that forbids blocking, no memory to queue up),
     * tries until it is free: critical sections are short.
     */
    static void lockDespiteErrors(ReentrantLock lock) {
        try {
            lock.lock();
        } catch (Error e) {
            while (!lock.tryLock()) {
                // soon free
            }
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
            wakeAll(served); // also if an Error ended the section: nobody else would wake them
            after.forEach(Runnable::run);
        }
    }

    /**
     * Makes a change for a caller that leaves, in a critical section of its own, or in the one that this thread is in: a
     * comparator may cancel a coroutine.
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

    /** Adds a waiter to those that are woken after unlock. */
    void wakeAfterUnlockLocked(Waiter<?> waiter) {
        assert isLocked();
        if (lastServed == null) {
            firstServed = waiter;
        } else {
            lastServed.nextWoken = waiter;
        }
        lastServed = waiter;
    }

    /** Runs the task after unlock. It throws nothing. */
    void runAfterUnlockLocked(Runnable task) {
        assert isLocked();
        if (afterUnlock == null) {
            afterUnlock = new ArrayList<>();
        }
        afterUnlock.add(task);
    }

    private @Nullable Waiter<?> takeServedLocked() {
        Waiter<?> first = firstServed;
        firstServed = null;
        lastServed = null;
        return first;
    }

    private List<Runnable> takeAfterUnlockLocked() {
        List<Runnable> after = afterUnlock;
        afterUnlock = null;
        return after == null ? Collections.emptyList() : after;
    }

    /**
     * Wakes the whole chain. A waiter whose dispatcher refuses to run it may never run: its grant is passed on. The critical
     * section of the caller has succeeded in any case.
     */
    private void wakeAll(@Nullable Waiter<?> first) {
        for (Waiter<?> waiter = first; waiter != null; ) {
            Waiter<?> next = waiter.nextWoken;
            waiter.nextWoken = null; // before it runs, waits again and is served again
            try {
                waiter.wake();
            } catch (Throwable e) {
                next = passOnGrant(waiter, next);
                waiter.onRejected(e);
            }
            waiter = next;
        }
    }

    /** Returns the chain to wake instead: the waiters that are served with the grant, then the others. */
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
        after.forEach(Runnable::run);
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
