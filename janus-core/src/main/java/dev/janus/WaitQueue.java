package dev.janus;

import java.util.IdentityHashMap;
import java.util.LinkedList;
import java.util.List;
import kotlin.Unit;
import kotlin.coroutines.intrinsics.IntrinsicsKt;
import kotlinx.coroutines.channels.Channel;
import org.jspecify.annotations.Nullable;

/**
 * A condition of the {@link Buffer}: not empty, not full, all done or terminated. Threads and coroutines wait for it in
 * one line, in the order in which they began to wait.
 *
 * <p>It wraps a rendezvous {@link Channel}, and uses it as a queue of continuations. A waiter enqueues by receiving
 * from the Channel. The longest-waiting one is dequeued by a send that never suspends, because a receiver is waiting.
 */
final class WaitQueue {
    /*
     * Everything here is guarded by the monitor's lock, including every call on the Channel: a wait is registered,
     * dequeued and cancelled only under the lock. So whenever the counts say that a waiter is in the Channel, a send
     * finds it: no cancellation can come in between, and the send skips only the cells of waiters that have left. The
     * Channel is private and never closed.
     *
     * A waiter may be dequeued and then have to continue waiting, ahead of all others: a putAll that has more to add, a
     * select that would be its own partner, or a batch that gathers. Such waiters are kept in `first`, which is served
     * before the Channel.
     */
    final Monitor monitor;

    private final Channel<Unit> channel = CoroutineBridge.newChannel();

    /** Unlike an array, a linked list stays as it was if memory runs out. It is nearly always empty. */
    @SuppressWarnings("JdkObsolete")
    private final LinkedList<Waiter<?>> first = new LinkedList<>();

    /** The waiter that the Channel resumed during {@link #dequeueLocked()}; otherwise null. */
    private @Nullable Waiter<?> resumed;

    /** For each {@code select}, the number of its clauses that wait here or hold a grant. */
    private final IdentityHashMap<Object, Integer> clauses = new IdentityHashMap<>(0);

    /** Used by threads that wait here. */
    final Spinner spinner;

    /** The number of grants that are neither used nor returned. Each reserves one element or one slot. */
    int grants;

    int waitingThreads;
    int waitingCoroutines;

    /** The number of those that are granted a slot when they are served, and do not {@link Waiter#addsInPlace add} at once. */
    int waitingForGrant;

    private boolean refusesNewcomers;

    WaitQueue(Monitor monitor, Spinner spinner) {
        this.monitor = monitor;
        this.spinner = spinner;
    }

    /** Makes {@link Waiter#start} enqueue no further waiters. Waiters that were dequeued may still be requeued. */
    void refuseNewcomersLocked() {
        refusesNewcomers = true;
    }

    boolean refusesNewcomersLocked() {
        assert monitor.isLocked();
        return refusesNewcomers;
    }

    /** Returns the number of waiters in this line. Those that were granted have left it. */
    int waitingLocked() {
        return waitingThreads + waitingCoroutines;
    }

    void enqueueLocked(Waiter<?> waiter) {
        assert monitor.isLocked();
        Object suspended = channel.receive(waiter);
        if (suspended != IntrinsicsKt.getCOROUTINE_SUSPENDED()) {
            throw new IllegalStateException("expected the channel to suspend the waiter, but it returned " + suspended);
        }
        countWaiting(waiter, 1);
    }

    /** Puts dequeued waiters back, ahead of all others, in the order of the list. */
    void requeueFirstLocked(List<Waiter<?>> waiters) {
        assert monitor.isLocked();
        for (int i = waiters.size() - 1; i >= 0; i--) {
            requeueFirstLocked(waiters.get(i));
        }
    }

    /** Puts a dequeued waiter back, ahead of all others. */
    void requeueFirstLocked(Waiter<?> waiter) {
        assert monitor.isLocked();
        first.addFirst(waiter);
        requeuedLocked(waiter);
    }

    /** Puts a batch back that goes on gathering. If there is no memory for that, it is complete. */
    void requeueGatheringLocked(Waiter<?> batch) {
        try {
            requeueFirstLocked(batch);
        } catch (OutOfMemoryError e) {
            batch.completeGatheringLocked();
        }
    }

    /** Lets a batch wait that begins to gather: behind those that gather already, and ahead of all others. */
    void enqueueGatheringLocked(Waiter<?> waiter) {
        assert monitor.isLocked();
        first.addLast(waiter);
        requeuedLocked(waiter);
    }

    private void requeuedLocked(Waiter<?> waiter) {
        waiter.requeuedLocked();
        countWaiting(waiter, 1);
    }

    /** Takes a waiter that leaves out of the line. */
    void cancelLocked(Waiter<?> waiter) {
        assert monitor.isLocked();
        countWaiting(waiter, -1);
        if (!first.remove(waiter)) {
            waiter.job.cancel(null); // last, as it may fail: a waiter that was not removed is ignored when resumed
        }
    }

    /** Takes the longest-waiting waiter out of the line, which must not be empty. */
    Waiter<?> dequeueLocked() {
        assert monitor.isLocked() && waitingLocked() > 0;
        Waiter<?> waiter = first.poll();
        while (waiter == null) { // none if the Channel resumed a waiter that no longer waits
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

    /** Releases all waiters, as what they wait for has come or never will. They hold nothing. */
    void releaseAllLocked() {
        while (waitingLocked() > 0) {
            dequeueLocked().releaseLocked();
        }
    }

    /** Completes all batches that gather with what is reserved for them. They are all in {@code first}. */
    void completeGatheringLocked() {
        while (!first.isEmpty()) {
            dequeueLocked().completeGatheringLocked();
        }
    }

    /** Called by the waiter that the Channel resumes inside {@link #dequeueLocked()}. */
    void resumedLocked(Waiter<?> waiter) {
        assert monitor.isLocked();
        resumed = waiter;
    }

    /**
     * The counts say that waiters are in the Channel, but it has none: an Error inside of it has lost them. Resets the
     * counts, so that other callers can continue.
     */
    private IllegalStateException nobodyFoundLocked() {
        int lost = waitingLocked();
        waitingThreads = 0;
        waitingCoroutines = 0;
        waitingForGrant = 0;
        return new IllegalStateException(lost + " waiting, but the channel has no receiver");
    }

    private void countWaiting(Waiter<?> waiter, int change) {
        if (waiter.isThread()) {
            waitingThreads += change;
        } else {
            waitingCoroutines += change;
        }
        if (!waiter.addsInPlace()) {
            waitingForGrant += change;
        }
    }

    /** Counts a clause of the select that begins (1) or stops (-1) waiting here or holding a grant. */
    void countClauseLocked(Object select, int change) {
        clauses.merge(select, change, (before, more) -> before + more == 0 ? null : before + more);
    }

    /** Returns the number of clauses of the select that wait here or hold a grant; 0 for null. */
    int clausesLocked(@Nullable Object select) {
        return select == null ? 0 : clauses.getOrDefault(select, 0);
    }
}
