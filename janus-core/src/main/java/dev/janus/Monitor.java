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

    /** Calls of foreign code to make after this critical section. Guarded by the lock. */
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
        lock.lock();
    }

    /** Takes the lock for a caller that leaves, whose place or grant others depend on. */
    void lockToLeave() {
        try {
            lock();
        } catch (Error e) {
            lockBySpinning(lock);
        }
    }

    /**
     * Takes a lock that others depend on, after {@code lock()} failed with an Error (an agent that forbids blocking, no memory to
     * queue up). Critical sections are short.
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
            wakeAll(served); // also if an Error ended the section: nobody else would wake them
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
