package dev.janus;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Whether a {@link Buffer} is shut down, and why. Calls the listeners. Guarded by the monitor's lock. */
final class Shutdown {
    private final Monitor monitor;
    private final WaitQueue notFull;

    private boolean begun;
    private boolean admitsWaitingPuts;
    private boolean handedBack;
    private @Nullable Throwable cause;
    private List<Consumer<? super @Nullable Throwable>> listeners = new ArrayList<>(0);

    Shutdown(WaitQueue notFull) {
        this.notFull = notFull;
        monitor = notFull.monitor;
    }

    boolean hasBegunLocked() {
        assert monitor.isLocked();
        return begun;
    }

    /** Returns true if the puts that wait still get in. */
    boolean admitsWaitingPutsLocked() {
        assert monitor.isLocked();
        return admitsWaitingPuts;
    }

    /** Returns true if what was left was handed back. */
    boolean hasHandedBackLocked() {
        assert monitor.isLocked();
        return handedBack;
    }

    @Nullable
    Throwable causeLocked() {
        assert monitor.isLocked();
        return cause;
    }

    /** Begins, unless it has begun before: the first cause stays. Waiting puts are refused in any case. */
    void refusePutsLocked(@Nullable Throwable reason) {
        beginLocked(reason);
        admitsWaitingPuts = false;
    }

    /** Begins, and lets waiting puts in. Returns false, and does nothing, if it has begun before. */
    boolean admitWaitingPutsLocked(@Nullable Throwable reason) {
        if (begun) {
            return false;
        }
        beginLocked(reason);
        admitsWaitingPuts = true;
        return true;
    }

    void handBackLocked() {
        assert begun;
        handedBack = true;
    }

    private void beginLocked(@Nullable Throwable reason) {
        assert monitor.isLocked();
        if (!begun) {
            begun = true;
            cause = reason;
            notFull.refuseNewcomersLocked();
            listeners.forEach(this::callLaterLocked);
            listeners = new ArrayList<>(0);
        }
    }

    /** Has the listener called once when the queue is shut down, or at once if it is. */
    void addListenerLocked(Consumer<? super @Nullable Throwable> listener) {
        assert monitor.isLocked();
        if (begun) {
            callLaterLocked(listener);
        } else {
            listeners.add(listener);
        }
    }

    private void callLaterLocked(Consumer<? super @Nullable Throwable> listener) {
        Throwable reason = cause;
        monitor.callAfterUnlockLocked(() -> listener.accept(reason));
    }

    /** Returns what a call throws that is refused. The cause is written once, before any call is refused. */
    QueueShutdownException exception(String message) {
        return new QueueShutdownException(message, cause);
    }
}
