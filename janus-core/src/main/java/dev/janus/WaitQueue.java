package dev.janus;

import kotlin.Unit;
import kotlin.coroutines.intrinsics.IntrinsicsKt;
import kotlinx.coroutines.channels.Channel;
import org.jspecify.annotations.Nullable;

/**
 * A condition of the {@link Buffer} (not empty, not full, all done, terminated): the line in which threads
 * and coroutines wait for it together, in the order in which they came.
 *
 * <p>It wraps a rendezvous {@link Channel}. To wait is to receive from it; to wake the longest waiting is
 * to pass it one grant by a send that never suspends.
 */
final class WaitQueue {
    /*
     * All fields are guarded by the monitor's lock, and so is everything that touches the Channels: a wait
     * is registered, granted and cancelled under the lock only. Hence a send finds a live receiver
     * whenever the counts say that one waits: no cancellation can come between, and of the cells in the
     * Channel that it passes, only those of waiters that have left hold no receiver.
     *
     * The Channels are private and are closed by the queue's shutdown alone.
     */
    private final Monitor monitor;

    private final Channel<Unit> channel = CoroutineBridge.newChannel();

    /** Those who were woken and have to wait again wait here, ahead of the others. Made when it is first needed. */
    private @Nullable Channel<Unit> headOfLine;

    private boolean closed;

    private @Nullable Waiter<?> granted;

    /** For those who are about to wait here. */
    final Spinner spinner = new Spinner();

    /** Grants that were given and neither used nor passed on: each reserves one element or one free slot. */
    int grants;

    /** Those of the grants that will be used for certain unless they are passed on: what they reserve may not be removed. */
    int claims;

    int waitingThreads;
    int waitingCoroutines;

    WaitQueue(Monitor monitor) {
        this.monitor = monitor;
    }

    /** How many wait here without a grant. */
    int waitingLocked() {
        return waitingThreads + waitingCoroutines;
    }

    void enterLocked(Waiter<?> waiter) {
        waitLocked(waiter, channel);
    }

    /** Puts a waiter whose grant was void, or who has more to do, ahead of those not granted yet. */
    void reenterLocked(Waiter<?> waiter) {
        if (headOfLine == null) {
            headOfLine = CoroutineBridge.newChannel();
        }
        waitLocked(waiter, headOfLine);
    }

    private void waitLocked(Waiter<?> waiter, Channel<Unit> line) {
        assert monitor.isLocked();
        Object suspended = line.receive(waiter);
        if (suspended != IntrinsicsKt.getCOROUTINE_SUSPENDED()) {
            throw new IllegalStateException("expected to wait, but the channel answered " + suspended);
        }
        count(waiter, 1);
    }

    /** Says, at the end of a locked step, how much is free of what is waited for here. */
    void publishAvailableLocked(int free) {
        spinner.publishAvailableLocked(waitingLocked() > 0 ? -1 : free);
    }

    boolean isClosedLocked() {
        return closed;
    }

    /** The waiter has cancelled its wait in the Channel. */
    void leftLocked(Waiter<?> waiter) {
        assert monitor.isLocked();
        count(waiter, -1);
    }

    /** Gives a grant to the longest waiting, if anybody waits. The caller wakes it after unlocking. */
    @Nullable
    Waiter<?> grantLocked() {
        assert monitor.isLocked();
        if (waitingLocked() == 0) {
            return null;
        }
        Waiter<?> waiter;
        do {
            boolean sent = (headOfLine != null && CoroutineBridge.trySend(headOfLine)) || CoroutineBridge.trySend(channel);
            if (!sent) {
                throw nobodyFoundLocked();
            }
            waiter = granted;
        } while (waiter == null); // the channel has passed one whose call had failed, and who is not counted
        granted = null;
        grants++;
        count(waiter, -1);
        return waiter;
    }

    /** An Error has struck inside the Channel, and lost those who waited. They are counted no more, so the others can go on. */
    private IllegalStateException nobodyFoundLocked() {
        int lost = waitingLocked();
        waitingThreads = 0;
        waitingCoroutines = 0;
        return new IllegalStateException(lost + " wait, but the channel found nobody");
    }

    /** Called by the waiter that the Channel has just resumed, inside {@link #grantLocked()}. */
    void grantedLocked(Waiter<?> waiter) {
        assert monitor.isLocked();
        granted = waiter;
    }

    /** Nobody waits and nobody will any more. */
    void closeLocked() {
        assert monitor.isLocked();
        if (!closed) {
            closed = true;
            channel.close(null);
            if (headOfLine != null) {
                headOfLine.close(null);
            }
        }
    }

    private void count(Waiter<?> waiter, int change) {
        if (waiter.isThread()) {
            waitingThreads += change;
        } else {
            waitingCoroutines += change;
        }
    }
}
