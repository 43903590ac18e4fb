package dev.janus;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The lock of a {@link Buffer}, and how a locked step ends: who waits for what has become free is granted it under the
 * lock, and is woken after it.
 */
abstract class Monitor {
    /*
     * Whoever is woken may run foreign code at once, on this very thread (an unconfined coroutine does), and use the queue
     * again. So a locked step only collects those whom it granted something, in a chain through Waiter.nextWoken, and the
     * chain is worked off when the lock is free. A waiter is in one chain at a time: it cannot be granted again before it
     * was woken and has waited anew.
     */
    private static final int LOCK_ATTEMPTS = Spinner.USEFUL ? 64 : 1;

    private final ReentrantLock lock = new ReentrantLock();

    /** The chain of waiters that were granted in this locked step. Guarded by the lock. */
    private @Nullable Waiter<?> firstWoken;

    private @Nullable Waiter<?> lastWoken;

    /** What is to be done after this locked step, without the lock. Guarded by the lock. */
    private @Nullable List<Runnable> afterwards;

    /** Grants what is free to those who wait for it. Ends every locked step. */
    abstract void settleLocked();

    final void lock() {
        if (lock.isHeldByCurrentThread()) {
            throw new IllegalStateException(
                    "a comparator, compareTo or equals called back into the queue that was using it");
        }
        for (int i = 0; i < LOCK_ATTEMPTS; i++) {
            if (lock.tryLock()) {
                return; // a locked step is short: to be woken later would take far longer than to try again
            }
        }
        lock.lock();
    }

    /** Ends a locked step: grants what is free, and wakes whom it granted when the lock is free. */
    final void unlock() {
        try {
            settleLocked();
        } finally {
            Waiter<?> first = takeWokenLocked();
            List<Runnable> after = takeAfterwardsLocked();
            lock.unlock();
            wake(first); // also if an Error ended the step: nobody else would wake them
            after.forEach(Runnable::run);
        }
    }

    /** The chain of those whom this step has granted something, who are to be woken without the lock. */
    private @Nullable Waiter<?> takeWokenLocked() {
        Waiter<?> first = firstWoken;
        firstWoken = null;
        lastWoken = null;
        return first;
    }

    private List<Runnable> takeAfterwardsLocked() {
        List<Runnable> after = afterwards;
        afterwards = null;
        return after == null ? Collections.emptyList() : after;
    }

    /** Has this done after the locked step, without the lock; it throws nothing. */
    final void doAfterwardsLocked(Runnable task) {
        if (afterwards == null) {
            afterwards = new ArrayList<>();
        }
        afterwards.add(task);
    }

    /** Does this in a locked step, or as part of the one that this thread is in: a comparator that cancels a coroutine. */
    final <T extends @Nullable Object> T inStep(Supplier<T> change) {
        if (isLocked()) {
            return change.get();
        }
        lock();
        try {
            return change.get();
        } finally {
            unlock();
        }
    }

    final boolean isLocked() {
        return lock.isHeldByCurrentThread();
    }

    /**
     * Wakes the whole chain. If a dispatcher refuses one of them, that one may never run: its grant is passed on, and it is told
     * so; the step of whoever wakes has succeeded.
     */
    private void wake(@Nullable Waiter<?> first) {
        for (Waiter<?> waiter = first; waiter != null; ) {
            Waiter<?> next = waiter.nextWoken;
            waiter.nextWoken = null; // before it runs, waits and is granted again
            try {
                waiter.wake();
            } catch (Throwable e) {
                next = passOnGrant(waiter, next);
                waiter.refused(e);
            }
            waiter = next;
        }
    }

    /** Returns the chain that is woken instead: whoever gets the grant, then the others. */
    private @Nullable Waiter<?> passOnGrant(Waiter<?> refused, @Nullable Waiter<?> others) {
        Waiter<?> heir = null;
        List<Runnable> after = null;
        lock();
        try {
            refused.returnGrantLocked();
            settleLocked();
        } finally {
            heir = takeWokenLocked();
            after = takeAfterwardsLocked();
            lock.unlock();
        }
        after.forEach(Runnable::run);
        if (heir == null) {
            return others;
        }
        Waiter<?> last = heir;
        while (last.nextWoken != null) {
            last = last.nextWoken;
        }
        last.nextWoken = others;
        return heir;
    }

    /** Hands a failure that is nobody's who calls to the thread's handler. */
    static void report(Throwable failure) {
        Thread thread = Thread.currentThread();
        try {
            thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
        } catch (Throwable e) {
            // a handler that fails is ignored, as the JVM does
        }
    }

    /** Grants a try to all who wait there. */
    final void grantAllLocked(WaitQueue line) {
        while (line.waitingLocked() > 0) {
            grantLocked(line);
        }
    }

    /** Grants a last try to all who wait; nobody waits here again. */
    final void closeLocked(WaitQueue line) {
        grantAllLocked(line);
        line.closeLocked();
    }

    /** Grants a try to the longest waiting there, if anybody waits. */
    final @Nullable Waiter<?> grantLocked(WaitQueue line) {
        Waiter<?> waiter = line.grantLocked();
        if (waiter != null) {
            if (lastWoken == null) {
                firstWoken = waiter;
            } else {
                lastWoken.nextWoken = waiter;
            }
            lastWoken = waiter;
        }
        return waiter;
    }
}
