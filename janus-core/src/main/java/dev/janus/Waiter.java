package dev.janus;

import java.util.Objects;
import kotlin.Unit;
import kotlin.coroutines.Continuation;
import kotlin.coroutines.CoroutineContext;
import kotlinx.coroutines.CompletableJob;
import kotlinx.coroutines.Job;
import kotlinx.coroutines.JobKt;
import org.jspecify.annotations.Nullable;

/**
 * One caller that waits in a {@link WaitQueue} to do its {@link Operation}: what the queue's Channel knows of it (a
 * continuation without a dispatcher, with a {@link Job} of its own) and what the buffer knows (its state).
 *
 * @param <T> the type of the operation's result
 */
abstract class Waiter<T> implements Continuation<Unit> {
    /*
     * Every change of state happens under the monitor's lock, the Channel's view included: a wait is registered, dequeued and
     * cancelled only there. So these never race inside the Channel, and the holder of the lock sees each waiter either in
     * the line and WAITING, or in neither.
     *
     * When a waiter's turn has come it is dequeued and served: what cannot vanish is completed in place, what can is granted.
     *
     *                            serve: completed in place
     *               ┌───────────────────────────────────────────────────────────┐
     *     enqueue   │    dequeue        serve: granted            tryGranted     ▼
     *   ─────▶ WAITING ─────────▶ IDLE ──────────────▶ GRANTED ──────────────▶ DONE
     *               │   ◀─────────                        │
     *               │  requeue: has more to do            │ leave: the grant is passed on
     *               └──────────── leave ──────────────────┴──────────────────▶ LEFT
     *
     * A GRANTED waiter holds one element or one slot, which is reserved until it runs and uses it, or leaves. A waiter that a
     * shutdown, or the end of all tasks, lets go is RELEASED instead: it runs and finds out by itself, and holds nothing.
     * A waiter that has LEFT is out for good, even if it was served and runs afterwards. One that is DONE may start again, or
     * leave.
     *
     * The job is never tied to another: it exists so that leaving can take the wait out of the Channel. To tie it to the
     * caller's own job while the Channel registers the wait would lose grants; what cancels a caller reaches leave instead,
     * and never before the wait is registered.
     */
    private enum State {
        IDLE,
        WAITING,
        GRANTED,
        RELEASED,
        DONE,
        LEFT
    }

    final CompletableJob job = JobKt.Job((Job) null);
    final Operation<T> operation;

    private final WaitQueue queue;
    final Monitor monitor;

    /** Guarded by the monitor's lock. */
    private State state = State.IDLE;

    /**
     * What was completed in place, until the caller takes it. Written under the lock before the waiter is woken; then the
     * caller's own.
     */
    private @Nullable T completed;

    /**
     * The waiter that is woken after this one. Written under the lock, then owned by the thread that wakes the chain.
     */
    @Nullable
    Waiter<?> nextWoken;

    Waiter(WaitQueue queue, Operation<T> operation) {
        this.queue = queue;
        this.monitor = queue.monitor;
        this.operation = operation;
    }

    /** Returns true if a thread waits here, and not a coroutine. */
    boolean isThread() {
        return false;
    }

    /** Returns the select that this waiter is a clause of, or null. */
    @Nullable
    Object select() {
        return null;
    }

    /** Returns true if this waiter is completed in place, and false if it is granted what it waits for. */
    boolean isCompletedInPlace() {
        return operation.canCompleteForWaiter();
    }

    /** Lets the caller run, after it was served. Called without the lock, once each time it is served. */
    abstract void wake();

    /** A dispatcher refused to run this waiter, and its grant was passed on. Called without the lock. */
    void onRejected(Throwable failure) {
        Monitor.report(failure);
    }

    // What the caller does

    /** Does the operation, or enqueues and returns null. */
    final @Nullable T tryOrEnqueue() {
        monitor.lock();
        try {
            return tryOrEnqueueLocked(false);
        } finally {
            monitor.settleAndUnlock();
        }
    }

    /** Enqueues without a try, or is woken to try where nobody enqueues any more. Does nothing if it has left. */
    final void start() {
        monitor.lock();
        try {
            if (queue.refusesNewcomersLocked()) {
                monitor.wakeAfterUnlockLocked(this);
            } else if (state != State.LEFT) {
                enqueueLocked();
            }
        } finally {
            monitor.settleAndUnlock();
        }
    }

    /**
     * Returns what was completed for this waiter, or uses its grant. Called once after each {@link #wake()}.
     *
     * @return null if it still waits, has left or is done: a dispatcher may run a task twice
     */
    final @Nullable T onWoken() {
        T result = takeCompleted();
        return result == null ? tryGranted() : result;
    }

    private @Nullable T takeCompleted() {
        T result = completed;
        completed = null;
        return result;
    }

    /**
     * Uses the grant. A waiter without one, because a dispatcher refused to run it and runs it all the same, tries like a
     * newcomer.
     */
    private @Nullable T tryGranted() {
        monitor.lock();
        try {
            if (state == State.WAITING || state == State.LEFT || state == State.DONE) {
                return null;
            }
            boolean inTurn = state != State.IDLE;
            returnGrantLocked();
            return tryOrEnqueueLocked(inTurn);
        } finally {
            monitor.settleAndUnlock();
        }
    }

    private @Nullable T tryOrEnqueueLocked(boolean inTurn) {
        T result = operation.tryLocked(inTurn);
        if (result == null) {
            enqueueLocked();
        } else {
            become(State.DONE);
        }
        return result;
    }

    private void enqueueLocked() {
        queue.enqueueLocked(this);
        become(State.WAITING);
    }

    /**
     * Grants this waiter, which does not wait yet, what it would wait for, or enqueues it.
     *
     * @param available whether there is something to grant
     * @param over whether there is nothing to wait for: it is granted nothing, and finds out when it tries
     * @return true if it need not wait
     */
    final boolean grantOrEnqueueLocked(boolean available, boolean over) {
        if (available) {
            grantLocked();
        } else if (!over) {
            enqueueLocked();
        }
        return available || over;
    }

    /** Does what was granted, for certain: it stays reserved until it is used. */
    final T useGrant() {
        T result;
        try {
            result = tryGranted();
        } catch (Throwable e) {
            leave(); // the lock was not to be had: the grant is still there
            throw e;
        }
        if (result == null) {
            leave();
            throw new IllegalStateException("expected a grant, but a dispatcher had refused to run its holder");
        }
        return result;
    }

    /**
     * Ends the wait without doing the operation: the caller was cancelled or interrupted, or its time is up. A grant it may
     * hold goes to the next in line. Harmless if the wait has ended.
     *
     * @return the result if the operation was completed in place meanwhile, or null
     */
    final @Nullable T leave() {
        return monitor.leaving(() -> {
            leaveLocked();
            return takeCompleted();
        });
    }

    /**
     * Ends the wait like {@link #leave}, unless the operation is done.
     *
     * @return false if it is
     */
    final boolean leaveUnlessDone() {
        return monitor.leaving(() -> {
            if (state == State.DONE) {
                return false;
            }
            leaveLocked();
            return true;
        });
    }

    private void leaveLocked() {
        boolean waited = state == State.WAITING;
        returnGrantLocked();
        become(State.LEFT);
        if (waited) {
            queue.cancelLocked(this);
        }
    }

    // What the buffer does with it

    /** It is out of the line, to be served or requeued. */
    final void dequeuedLocked() {
        become(State.IDLE);
    }

    /** It is in the line again. */
    final void requeuedLocked() {
        become(State.WAITING);
    }

    /**
     * Serves this waiter, whose turn has come, and has it woken after unlock. If its operation fails, it is granted what it
     * waits for: it tries again and fails on its own.
     *
     * @return false if it has more to do, and must be requeued
     */
    final boolean serveLocked() {
        if (isCompletedInPlace()) {
            try {
                completed = operation.tryLocked(true);
                if (completed == null) {
                    return state == State.LEFT; // cancelled by a comparator
                }
                become(State.DONE);
            } catch (Throwable e) {
                grantLocked();
            }
        } else {
            grantLocked();
        }
        monitor.wakeAfterUnlockLocked(this);
        return true;
    }

    /** Lets this waiter go, which is out of the line: it finds out by itself that there is nothing to wait for. */
    final void releaseLocked() {
        become(State.RELEASED);
        monitor.wakeAfterUnlockLocked(this);
    }

    private void grantLocked() {
        if (state != State.LEFT) {
            become(State.GRANTED);
            queue.grants++;
        }
    }

    /** Returns the grant, if this waiter holds one: the end of the critical section passes it on unless it is used before. */
    final void returnGrantLocked() {
        if (state == State.GRANTED) {
            queue.grants--;
            become(State.IDLE);
        }
    }

    private void become(State next) {
        Object select = select();
        if (select != null && holdsPlace(state) != holdsPlace(next)) {
            queue.countClauseLocked(select, holdsPlace(next) ? 1 : -1);
        }
        state = next;
    }

    private static boolean holdsPlace(State state) {
        return state == State.WAITING || state == State.GRANTED;
    }

    // What the Channel sees

    /**
     * Called by the Channel: with Unit inside {@link WaitQueue#dequeueLocked()}, with a failure inside {@link #leave()}. A
     * waiter that does not wait is still in the Channel only if an Error struck when it entered or left.
     */
    @Override
    public final void resumeWith(Object outcome) {
        if (state == State.WAITING && Objects.equals(outcome, Unit.INSTANCE)) {
            queue.resumedLocked(this);
        }
    }

    @Override
    public CoroutineContext getContext() {
        return job;
    }
}
