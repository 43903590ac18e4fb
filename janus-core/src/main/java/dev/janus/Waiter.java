package dev.janus;

import java.util.Objects;
import kotlin.Unit;
import kotlin.coroutines.Continuation;
import kotlinx.coroutines.CompletableJob;
import kotlinx.coroutines.Job;
import kotlinx.coroutines.JobKt;
import org.jspecify.annotations.Nullable;

/**
 * One caller that waits in a {@link WaitQueue} to do its {@link Operation}: what the line's Channel knows
 * of it (a continuation without a dispatcher, with a {@link Job} of its own) and what the buffer knows
 * (its state).
 *
 * @param <T> the type of the operation's result
 */
abstract class Waiter<T> implements Continuation<Unit> {
    /*
     * Every change of state happens under the monitor's lock, the Channel's view included: a wait is
     * registered, granted and cancelled only there. So a grant and a cancellation never race inside the
     * Channel, and whoever holds the lock sees each waiter either in the Channel and WAITING, or in
     * neither.
     *
     *            enter              grant                 tryAgain succeeds
     *     IDLE ─────────▶ WAITING ─────────▶ GRANTED ──────────────────────────▶ DONE
     *                      │   ▲                │ │
     *            leave     │   └────────────────┘ │ leave: the grant goes to the next in line
     *     LEFT ◀───────────┘    tryAgain fails    └──────────────────────────────▶ LEFT
     *
     * A send by a future needs nobody who runs: it is done in the locked step that grants it (actLocked).
     * Who only knows later whether it will use its grant (a select) CLAIMs it in between; see SelectWaiter. Who has left
     * is out for good, even if it was granted and is run afterwards. Who is done may enter again.
     *
     * The job is never tied to another: it exists so that leave can take the wait out of the Channel. To
     * tie it to the caller's own job while the Channel registers the wait would lose grants; what cancels
     * a caller reaches leave instead, and never before the wait is registered.
     */
    private enum State {
        IDLE,
        WAITING,
        GRANTED,
        CLAIMED,
        DONE,
        LEFT
    }

    final CompletableJob job = JobKt.Job((Job) null);
    final Operation<T> operation;

    private final Monitor monitor;
    private final WaitQueue line;

    /** Guarded by the monitor's lock. */
    private State state = State.IDLE;

    /**
     * The waiter that is to be woken after this one, in the chain that one locked step wakes. Written under the
     * lock, then owned by the thread that wakes the chain.
     */
    @Nullable
    Waiter<?> nextWoken;

    Waiter(Monitor monitor, WaitQueue line, Operation<T> operation) {
        this.monitor = monitor;
        this.line = line;
        this.operation = operation;
    }

    /** Whether a thread waits here, and not a coroutine. */
    abstract boolean isThread();

    /** Lets the caller run, after its grant. Called without the lock, once for each grant. */
    abstract void wake();

    /** A dispatcher refused to run this waiter, and its grant was passed on. Called without the lock. */
    void refused(Throwable failure) {
        Monitor.report(failure);
    }

    /**
     * Uses the grant on the spot, for a caller that need not run for it.
     *
     * @return whether it did
     */
    boolean actLocked() {
        return false;
    }

    /** Does the operation, or enters the line and returns null. */
    final @Nullable T tryOrEnter() {
        monitor.lock();
        try {
            T result = tryLocked(false);
            if (result == null) {
                line.enterLocked(this);
                state = State.WAITING;
            }
            return result;
        } finally {
            monitor.unlock();
        }
    }

    /**
     * Enters the line without a try: a grant may follow at once.
     *
     * @return false if it must try now, because nobody waits in this line any more
     */
    final boolean enter() {
        monitor.lock();
        try {
            if (state == State.LEFT) {
                return true;
            }
            if (line.isClosedLocked()) {
                state = State.IDLE;
                return false;
            }
            line.enterLocked(this);
            state = State.WAITING;
            return true;
        } finally {
            monitor.unlock();
        }
    }

    /**
     * Uses the grant that this waiter was woken for: does the operation, or goes back to the head of the
     * line and returns null. The latter happens when it has more to put, or when what was reserved is gone, because the element was
     * removed by name or the capacity was reduced (or because a dispatcher refused to run this waiter,
     * which lost its grant, and ran it later all the same). Also null if it still waits, has left, or is done: a dispatcher
     * may run a task twice.
     */
    final @Nullable T tryAgain() {
        monitor.lock();
        try {
            if (state == State.WAITING || state == State.LEFT || state == State.DONE) {
                return null;
            }
            T result = tryLocked(returnGrantLocked());
            if (result == null) {
                line.reenterLocked(this);
                state = State.WAITING;
            }
            return result;
        } finally {
            monitor.unlock();
        }
    }

    final @Nullable T tryLocked(boolean granted) {
        T result = operation.tryLocked(granted);
        if (result != null) {
            state = State.DONE;
        }
        return result;
    }

    /**
     * Claims what is free, to be used by {@link #useClaim} for certain; or enters the line.
     *
     * @return false if it waits
     */
    final boolean claimOrEnter() {
        return claimOrWait(() -> line.enterLocked(this));
    }

    /**
     * Claims what this waiter was woken for; or goes back to the head of the line.
     *
     * @return false if it waits, or has left
     */
    final boolean claimAgain() {
        return claimOrWait(() -> line.reenterLocked(this));
    }

    private boolean claimOrWait(Runnable enterLine) {
        monitor.lock();
        try {
            if (state == State.WAITING || state == State.LEFT) {
                return false;
            }
            if (operation.isReadyLocked(returnGrantLocked())) {
                line.grants++;
                line.claims++;
                state = State.CLAIMED;
                return true;
            }
            enterLine.run();
            state = State.WAITING;
            return false;
        } finally {
            monitor.unlock();
        }
    }

    /** Does what was claimed. */
    final T useClaim() {
        monitor.lock();
        try {
            T result = tryLocked(returnGrantLocked());
            if (result == null) {
                throw new IllegalStateException("what was claimed is gone: the store has lost an element");
            }
            return result;
        } finally {
            monitor.unlock();
        }
    }

    /**
     * Ends the wait without doing the operation: the caller was cancelled or interrupted, or its time is
     * up. A grant it may hold goes to the next in line. Calling it when the wait has ended is harmless.
     *
     * @return the result if the operation was already finished by another, and null otherwise
     */
    final @Nullable T leave() {
        return monitor.inStep(() -> {
            leaveLocked();
            return operation.doneByAnotherLocked();
        });
    }

    /**
     * Ends the wait like {@link #leave}, unless the operation was already done.
     *
     * @return false if it was
     */
    final boolean leaveUnlessDone() {
        return monitor.inStep(() -> {
            if (state == State.DONE || operation.doneByAnotherLocked() != null) {
                return false;
            }
            leaveLocked();
            return true;
        });
    }

    private void leaveLocked() {
        boolean waited = state == State.WAITING;
        if (!waited) {
            returnGrantLocked();
        }
        state = State.LEFT;
        if (waited) {
            line.leftLocked(this);
            job.cancel(null); // last: should it fail, the Channel will find nobody who waits here
        }
    }

    /**
     * Gives the grant back, if this waiter holds one: the end of the locked step passes it on unless it is used before.
     *
     * @return whether it held one
     */
    final boolean returnGrantLocked() {
        if (state == State.CLAIMED) {
            line.claims--;
        } else if (state != State.GRANTED) {
            return false;
        }
        line.grants--;
        state = State.IDLE;
        return true;
    }

    /**
     * Called by the Channel: with Unit inside {@link WaitQueue#grantLocked()}, with a failure inside {@link #leave()}. A waiter
     * that does not wait is still in the Channel only if an Error struck when it entered or left, and takes no grant.
     */
    @Override
    public final void resumeWith(Object outcome) {
        if (state == State.WAITING && Objects.equals(outcome, Unit.INSTANCE)) {
            state = State.GRANTED;
            line.grantedLocked(this);
        }
    }
}
