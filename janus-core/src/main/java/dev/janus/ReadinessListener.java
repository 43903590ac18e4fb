package dev.janus;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import kotlin.Unit;
import org.jspecify.annotations.Nullable;

/** Runs a listener in an executor whenever a {@link Readiness} becomes true, and once more when it is over. */
final class ReadinessListener extends DispatchedWaiter<Unit> implements AutoCloseable {
    private final Readiness readiness;
    private final Runnable listener;

    /** The wake-ups not yet passed to the listener: the one that runs now, and one on another thread. */
    private final AtomicInteger untold = new AtomicInteger();

    private volatile boolean closed;

    ReadinessListener(Readiness readiness, Executor executor, Runnable listener) {
        super(readiness.line, inTurn -> waitUntilOverLocked(readiness), new BoundDispatcher(executor));
        this.readiness = readiness;
        this.listener = listener;
    }

    private static @Nullable Unit waitUntilOverLocked(Readiness readiness) {
        boolean unused = readiness.lookLocked();
        return readiness.isOverLocked() ? Unit.INSTANCE : null;
    }

    /** Tells the listener at once if the condition is already true or over, and from then on of each change. */
    ReadinessListener listen() {
        try {
            boolean tellsNow = monitor.locked(
                    () -> grantOrEnqueueLocked(false, readiness.lookLocked() || readiness.isOverLocked()));
            if (tellsNow) {
                wake();
            }
        } catch (Throwable e) {
            leave();
            throw e;
        }
        return this;
    }

    /** Runs the listener. If it is running on another thread, that thread runs it once more instead. */
    @Override
    void afterWake() {
        if (untold.getAndIncrement() > 0) {
            return;
        }
        int told = 1;
        while (told > 0) {
            waitForNextChange();
            runListener();
            told = untold.addAndGet(-told);
        }
    }

    /** Waits again before the listener runs: it looks at the queue afterwards, so it misses nothing. */
    private void waitForNextChange() {
        try {
            Unit unused = onWoken();
        } catch (Throwable e) { // OutOfMemoryError
            onRejected(e);
        }
    }

    private void runListener() {
        if (closed) {
            return;
        }
        try {
            listener.run();
        } catch (Throwable e) {
            Monitor.report(e);
        }
    }

    @Override
    void onRejected(Throwable failure) {
        try {
            leave();
        } finally {
            Monitor.report(failure);
        }
    }

    @Override
    public void close() {
        closed = true;
        leave();
    }
}
