package dev.janus;

import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.List;
import kotlin.Unit;
import kotlin.coroutines.intrinsics.IntrinsicsKt;
import kotlinx.coroutines.channels.Channel;
import org.jspecify.annotations.Nullable;

/**
 * A condition of the {@link Buffer} (not empty, not full, all done, terminated): threads and coroutines wait for it together,
 * in one line, in the order in which they began to wait.
 *
 * <p>It wraps a rendezvous {@link Channel}. To wait is to receive from it; to dequeue the longest waiting is a send that never
 * suspends.
 */
final class WaitQueue {
    /*
     * Everything here is guarded by the monitor's lock, and so is all that touches the Channel: a wait is registered, dequeued
     * and cancelled under the lock only. Hence a send finds a live receiver whenever the counts say that one waits: no
     * cancellation can come between, and of the cells in the Channel that it passes, only those of waiters that have left
     * hold no receiver. The Channel is private and never closed.
     *
     * A waiter that was dequeued and has to stay first (a putAll that has more to put, a select whose turn it is not) is kept in
     * `first`, ahead of the Channel.
     */
    final Monitor monitor;

    private final Channel<Unit> channel = CoroutineBridge.newChannel();
    private final ArrayDeque<Waiter<?>> first = new ArrayDeque<>(0);

    /** The waiter that the Channel has just resumed. */
    private @Nullable Waiter<?> resumed;

    /** How many clauses of each {@code select} wait here or hold a grant. */
    private final IdentityHashMap<Object, Integer> clauses = new IdentityHashMap<>(0);

    /** For callers that are about to wait here. */
    final Spinner spinner = new Spinner();

    /** Grants that were neither used nor returned: each reserves one element or one free slot. */
    int grants;

    int waitingThreads;
    int waitingCoroutines;

    /** How many of the {@link #waitingCoroutines} are clauses of a {@code select}. */
    int waitingClauses;

    private boolean refusesNewcomers;

    WaitQueue(Monitor monitor) {
        this.monitor = monitor;
    }

    /** From now on only waiters that are requeued are in this line. */
    void refuseNewcomersLocked() {
        refusesNewcomers = true;
    }

    boolean refusesNewcomersLocked() {
        assert monitor.isLocked();
        return refusesNewcomers;
    }

    /** Returns how many wait here without a grant. */
    int waitingLocked() {
        return waitingThreads + waitingCoroutines;
    }

    void enqueueLocked(Waiter<?> waiter) {
        assert monitor.isLocked();
        Object suspended = channel.receive(waiter);
        if (suspended != IntrinsicsKt.getCOROUTINE_SUSPENDED()) {
            throw new IllegalStateException("expected to wait, but the channel answered " + suspended);
        }
        countWaiting(waiter, 1);
    }

    /** Puts waiters that were dequeued back ahead of all others, in the order of the list. */
    void requeueFirstLocked(List<Waiter<?>> waiters) {
        assert monitor.isLocked();
        for (int i = waiters.size() - 1; i >= 0; i--) {
            Waiter<?> waiter = waiters.get(i);
            waiter.requeuedLocked();
            first.addFirst(waiter);
            countWaiting(waiter, 1);
        }
    }

    /** Takes a waiter out of the line, which has left. */
    void cancelLocked(Waiter<?> waiter) {
        assert monitor.isLocked();
        countWaiting(waiter, -1);
        if (!first.remove(waiter)) {
            waiter.job.cancel(null); // last: should it fail, the Channel will skip this waiter
        }
    }

    /** Takes the longest waiting out of the line; somebody must wait. */
    Waiter<?> dequeueLocked() {
        assert monitor.isLocked() && waitingLocked() > 0;
        Waiter<?> waiter = first.poll();
        while (waiter == null) { // the Channel may resume one whose call had failed, and which is not counted
            if (!CoroutineBridge.trySend(channel)) {
                throw nobodyFoundLocked();
            }
            waiter = resumed;
            resumed = null;
        }
        countWaiting(waiter, -1);
        waiter.dequeuedLocked();
        return waiter;
    }

    /** Called by the waiter that the Channel has just resumed, inside {@link #dequeueLocked()}. */
    void resumedLocked(Waiter<?> waiter) {
        assert monitor.isLocked();
        resumed = waiter;
    }

    /** An Error has struck inside the Channel and lost those that wait. They are no longer counted, so others can go on. */
    private IllegalStateException nobodyFoundLocked() {
        int lost = waitingLocked();
        waitingThreads = 0;
        waitingCoroutines = 0;
        waitingClauses = 0;
        return new IllegalStateException(lost + " wait, but the channel found nobody");
    }

    private void countWaiting(Waiter<?> waiter, int change) {
        if (waiter.isThread()) {
            waitingThreads += change;
        } else {
            waitingCoroutines += change;
        }
        if (waiter.select() != null) {
            waitingClauses += change;
        }
    }

    /** Counts a clause of the select that begins (1) or ceases (-1) to wait here or hold a grant. */
    void countClauseLocked(Object select, int change) {
        clauses.merge(select, change, (before, more) -> before + more == 0 ? null : before + more);
    }

    /** Returns how many clauses of this select wait here or hold a grant. */
    int clausesLocked(@Nullable Object select) {
        return select == null ? 0 : clauses.getOrDefault(select, 0);
    }

    /** Publishes, at the end of a critical section, how much is available of what is waited for here. */
    void publishAvailableLocked(int available) {
        spinner.publishAvailableLocked(waitingLocked() > 0 ? -1 : available);
    }
}
