package dev.janus;

import java.util.function.BooleanSupplier;

/**
 * A condition of the {@link Buffer} that callers wait for without taking or adding anything: that there is an element, or
 * room for one. It is no condition of the bounded buffer, because its waiters get nothing: a waiting taker is a slot, so
 * at capacity 0 a put would return although no one takes its element.
 */
final class Readiness {
    /*
     * Guarded by the monitor's lock. All waiters are released when the condition becomes true, and each then finds out
     * for itself what is left. A caller waits only while the condition is false. A listener may begin to wait while it is
     * true, and must not be told of that again. So all are released at the end of the critical section in which the
     * condition changes from false to true.
     *
     * `wasReady` is its state at the end of the last critical section. It is kept up to date only while a waiter is in
     * the line: the first one sets it. The others must not, because a critical section may have failed before it settled,
     * and then the change is yet to be seen.
     */
    final WaitQueue line;
    private final BooleanSupplier isReady;
    private final BooleanSupplier isOver;
    private boolean wasReady;

    /**
     * Makes a condition.
     *
     * @param isReady tells, under the lock, whether the condition is true
     * @param isOver tells, under the lock, whether it will never be true again
     */
    Readiness(Monitor monitor, BooleanSupplier isReady, BooleanSupplier isOver) {
        line = new WaitQueue(monitor, Spinner.NONE);
        this.isReady = isReady;
        this.isOver = isOver;
    }

    void settleLocked() {
        if (line.waitingLocked() > 0) {
            boolean ready = isReady.getAsBoolean();
            if ((ready && !wasReady) || isOver.getAsBoolean()) {
                line.releaseAllLocked();
            }
            wasReady = ready;
        }
    }

    /** Returns true if the condition is true now, and remembers that for a wait that begins in this critical section. */
    boolean lookLocked() {
        boolean ready = isReady.getAsBoolean();
        if (line.waitingLocked() == 0) {
            wasReady = ready;
        }
        return ready;
    }

    boolean isOverLocked() {
        return isOver.getAsBoolean();
    }
}
