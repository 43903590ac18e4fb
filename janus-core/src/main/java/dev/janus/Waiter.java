package dev.janus;

import static java.util.Objects.requireNonNull;

import java.util.Objects;
import kotlin.Unit;
import kotlin.coroutines.Continuation;
import kotlin.coroutines.CoroutineContext;
import kotlinx.coroutines.CompletableJob;
import kotlinx.coroutines.Job;
import kotlinx.coroutines.JobKt;
import org.jspecify.annotations.Nullable;

/**
 * A caller that waits in a {@link WaitQueue} to do its {@link Operation}. To the wait queue's Channel it is a
 * continuation without a dispatcher and with a {@link Job} of its own; to the {@link Buffer} it is a state machine.
 *
 * @param <T> the type of the operation's result
 */
abstract class Waiter<T> implements Continuation<Unit> {
    /*
     * Every change of state happens under the monitor's lock, and so does every call on the Channel: a wait is
     * registered, dequeued and cancelled only there. So these calls never race with each other, and under the lock a
     * waiter is WAITING if and only if it is in the line.
     *
     * When its turn comes, a waiter is dequeued and served. Its operation is completed in place if nothing can get lost
     * that way: a put, whose element is then safe in the queue, or a take by a thread, which always returns to collect
     * its element. Otherwise, as with a coroutine that receives, the caller may be cancelled and never run again, so it
     * is only granted what it waits for.
     *
     *                            serve: completed in place
     *               ┌───────────────────────────────────────────────────────────┐
     *     enqueue   │    dequeue        serve: granted            tryGranted     ▼
     *   ─────▶ WAITING ─────────▶ IDLE ──────────────▶ GRANTED ──────────────▶ DONE
     *               │   ◀─────────                        │
     *               │  requeue: has more to do            │ leave: the grant is passed on
     *               └──────────── leave ──────────────────┴──────────────────▶ LEFT
     *
     * A batch that gathers (see Batch) is requeued with its grants, and collects more of them. So it may be WAITING and
     * hold grants at the same time. It is GRANTED when it has gathered enough.
     *
     * A grant reserves one element or one slot, until the GRANTED waiter runs and uses it, or leaves. If a shutdown or
     * the last taskDone() ends the wait, the waiter is RELEASED instead: it holds nothing, and finds out what happened
     * when it tries again. A waiter that has LEFT never returns, even if it was served before and runs afterwards. A
     * waiter that is DONE may start again, or leave.
     *
     * The job has no parent. It exists only so that leave() can take the wait out of the Channel. It must not be a
     * child of the caller's job: a cancellation could then strike while the Channel registers the wait, and a grant
     * would be lost. Instead, whatever cancels a caller calls leave(), and only after the wait was registered.
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

    /** The operation, if it is a batch that gathers. */
    final @Nullable Batch<?> batch;

    private final WaitQueue queue;
    final Monitor monitor;

    /** Guarded by the monitor's lock. */
    private State state = State.IDLE;

    /** The number of grants that this waiter holds. Guarded by the monitor's lock. */
    private int held;

    /**
     * The result of an operation that was completed in place, until the caller collects it. Written under the lock
     * before the waiter is woken; after that, only the caller accesses it.
     */
    private @Nullable T completed;

    /**
     * The waiter to wake after this one. Written under the lock; after unlock, only the thread that wakes the chain
     * accesses it.
     */
    @Nullable
    Waiter<?> nextWoken;

    Waiter(WaitQueue queue, Operation<T> operation) {
        this.queue = queue;
        this.monitor = queue.monitor;
        this.operation = operation;
        batch = operation instanceof Batch ? (Batch<?>) operation : null;
    }

    /** Returns true if the caller is a thread, for the counts in {@link QueueStats}. */
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

    /** Returns true if this waiter adds its element when it is served, and false if it only gets a slot. */
    final boolean addsInPlace() {
        return isCompletedInPlace() && operation.canCompleteForWaiter();
    }

    /** Lets the caller run. Called once each time this waiter was served or released, without the lock. */
    abstract void wake();

    /**
     * Called when {@link #wake} failed because a dispatcher refused to run this waiter. Its grant was already passed
     * on. Called without the lock.
     */
    void onRejected(Throwable failure) {
        Monitor.report(failure);
    }

    // Called by the caller

    /**
     * Does the operation if it is possible now. Otherwise enqueues this waiter and returns null. Does nothing and
     * returns null if it has left.
     */
    final @Nullable T tryOrEnqueue() {
        monitor.lock();
        try {
            return state == State.LEFT ? null : tryOrEnqueueLocked(false);
        } finally {
            monitor.settleAndUnlock();
        }
    }

    /**
     * Enqueues this waiter without trying first, so that the operation is always done after {@link #wake}. If the queue
     * accepts no newcomers any more, the waiter is woken at once to find out. Does nothing if it has left.
     */
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
     * Returns the result that was completed in place, or else uses the grant. Called once after each {@link #wake()}.
     *
     * @return the result, or null if this waiter waits again, has left, or is already done because a dispatcher ran its
     *     task twice
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
     * Uses the grant. A dispatcher may refuse to run a waiter, so that its grant is passed on, and run it nevertheless.
     * The waiter then has no grant, and tries like a newcomer.
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
        int gathered = batch == null ? 0 : batch.gatherLocked();
        if (gathered > 0) {
            queue.enqueueGatheringLocked(this);
            held = gathered;
            queue.grants += gathered;
        } else {
            queue.enqueueLocked(this);
            become(State.WAITING);
        }
    }

    /**
     * Grants this waiter an element or slot at once, or enqueues it. It must not be waiting yet.
     *
     * @param available true if there is an element or slot to grant
     * @param over true if there is nothing left to wait for: the waiter is neither granted nor enqueued, and fails when
     *     it tries
     * @return true if the waiter does not have to wait
     */
    final boolean grantOrEnqueueLocked(boolean available, boolean over) {
        if (available) {
            grantLocked();
        } else if (!over) {
            enqueueLocked();
        }
        return available || over;
    }

    /** Uses the grant, which cannot fail for lack of an element or slot: it stays reserved until it is used. */
    final T useGrant() {
        T result;
        try {
            result = tryGranted();
        } catch (Throwable e) {
            leave(); // taking the lock failed, so the grant is still held
            throw e;
        }
        if (result == null) {
            leave();
            throw new IllegalStateException(
                    "a select has lost its element or slot because its dispatcher refused to run it");
        }
        return result;
    }

    /**
     * Ends the wait, because the caller was cancelled or interrupted, or its time elapsed. If it holds a grant, the
     * next in line gets it. Has no effect if the wait has already ended.
     *
     * @return the result if the operation was completed in place meanwhile, otherwise null
     */
    final @Nullable T leave() {
        return monitor.leaving(() -> {
            leaveLocked();
            return takeCompleted();
        });
    }

    /**
     * Completes a batch with what is reserved for it, because its time has elapsed, and wakes its caller. If it does not
     * gather at this moment, it will take what it finds when it is woken.
     */
    final void endGathering() {
        monitor.leaving(() -> {
            requireNonNull(batch).stopGatheringLocked();
            if (state == State.WAITING && held > 0) {
                queue.cancelLocked(this);
                completeGatheringLocked();
            }
            return Unit.INSTANCE;
        });
    }

    /**
     * Ends the wait like {@link #leave}, unless the operation is done.
     *
     * @return false if the operation is done
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

    // Called by the buffer and the wait queue

    /** Called when this waiter was taken out of the line, to be served or requeued. */
    final void dequeuedLocked() {
        become(State.IDLE);
    }

    /** Called when this waiter was put back into the line. */
    final void requeuedLocked() {
        become(State.WAITING);
    }

    /**
     * Serves this waiter, whose turn has come, and schedules its wake-up after unlock. If its operation throws (a
     * comparator may), it is granted instead: the caller then retries and fails on its own, and the critical section
     * that served it is not affected.
     *
     * @return false if only a part of the operation is done, so that the waiter must be requeued
     */
    final boolean serveLocked() {
        if (batch != null) {
            return serveBatchLocked(batch);
        }
        if (isCompletedInPlace()) {
            try {
                completed = operation.tryLocked(true);
                if (completed == null) {
                    return state == State.LEFT; // a comparator has cancelled the caller: nothing to requeue
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

    /**
     * Reserves one more element. The caller is woken for the first one, when its time to gather begins, and for the last
     * one.
     */
    private boolean serveBatchLocked(Batch<?> batch) {
        boolean isFirst = held == 0;
        grantLocked();
        if (!isFirst && batch.mayGatherLocked(held)) {
            return false;
        }
        monitor.wakeAfterUnlockLocked(this);
        return true;
    }

    /** Lets this batch, which has left the line while it gathered, take what is reserved for it. */
    final void completeGatheringLocked() {
        requireNonNull(batch).stopGatheringLocked();
        become(State.GRANTED);
        monitor.wakeAfterUnlockLocked(this);
    }

    /**
     * Ends the wait of this waiter, which was dequeued, without granting anything. When it runs and tries, it finds out
     * that there is nothing left to wait for.
     */
    final void releaseLocked() {
        become(State.RELEASED);
        monitor.wakeAfterUnlockLocked(this);
    }

    private void grantLocked() {
        if (state != State.LEFT) {
            become(State.GRANTED);
            held++;
            queue.grants++;
        }
    }

    /**
     * Gives up the grants that this waiter holds. Unless the same critical section uses them,
     * {@link Monitor#settleAndUnlock} passes them on.
     */
    final void returnGrantLocked() {
        queue.grants -= held;
        held = 0;
        if (state == State.GRANTED) {
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

    // Called by the Channel

    /**
     * Called by the Channel: with Unit inside {@link WaitQueue#dequeueLocked()}, and with a failure inside
     * {@link #leave()}. If this waiter is not waiting, an Error once struck while it entered or left the Channel; it is
     * then ignored.
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
