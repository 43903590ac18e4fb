package dev.janus;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import kotlinx.coroutines.Job;
import org.jspecify.annotations.Nullable;

/**
 * An element taken for processing, which returns to the head of the queue unless the work is {@linkplain #done() done}.
 *
 * <pre>{@code
 * try (Lease<Order> lease = orders.sync().takeLease()) {
 *     ship(lease.element()); // if this throws, the order goes back to the head of the queue
 *     lease.done();
 * }
 * }</pre>
 *
 * <pre>{@code
 * try (Lease<Order> lease = orders.sync().takeLease()) {
 *     executor.execute(() -> {
 *         ship(lease.element());
 *         orders.sync().taskDone();
 *     });
 *     lease.keep(); // the executor has it; had that refused, the order would go back
 * }
 * }</pre>
 *
 * <p>A lease ends once, with the first call of {@link #done()}, {@link #keep()} or {@link #close()}. Until then its
 * element is not in the queue, and counts as {@linkplain QueueStats#taken() taken} and
 * {@linkplain QueueStats#leased() leased}. A lease that is never ended keeps the queue from terminating until
 * {@link JanusQueue#shutdownNow()}, and its element never returns, unless the queue was built with a
 * {@linkplain JanusQueue.Builder#leaseTimeout time limit}.
 *
 * <p><b>Elements that fail again and again.</b> {@link #attempts()} counts the leases of an element. Give it back with a
 * {@linkplain #close(long, TimeUnit) delay}, or build the queue with a
 * {@linkplain JanusQueue.Builder#deadLetters maximum of attempts}.
 *
 * <p><b>Shutdown.</b> After {@link JanusQueue#shutdown()}, the queue does not terminate while a lease may return its
 * element. {@link JanusQueue#shutdownNow()} terminates it at once; the holder of a lease then keeps the element.
 *
 * <p>All methods may be called from any thread. No method waits, except that {@link #close()} calls the listener for dead
 * letters.
 *
 * @param <E> the type of the element
 */
public final class Lease<E> implements AutoCloseable {
    /*
     * All changes of state happen under the monitor's lock:
     *
     *     NEW ──▶ OPEN ── done, keep, close ─────────────────────────────────▶ ENDED
     *              │ └─── close with a delay ──▶ DELAYED ── returns later ─────▲
     *              └───── the time limit has elapsed ──▶ EXPIRED
     *
     * A lease is NEW only until its element is taken, in the same critical section.
     */
    private enum State {
        NEW,
        OPEN,
        DELAYED,
        EXPIRED,
        ENDED
    }

    private final Leases<E> leases;
    private final E element;
    private final int attempts;

    /** Written under the lock. */
    private volatile State state = State.NEW;

    /** Ends the lease when its time limit has elapsed. */
    private volatile @Nullable Job expiry;

    /** Returns the element after a delay. */
    private volatile @Nullable Job returning;

    Lease(Leases<E> leases, E element, int attempts) {
        this.leases = leases;
        this.element = element;
        this.attempts = attempts;
    }

    void takenLocked() {
        state = State.OPEN;
    }

    /** Returns the element, even after the lease has ended. */
    public E element() {
        return element;
    }

    /**
     * Returns how often the element has been leased, including this lease: 1 for the first time. Leases of
     * {@code process} and {@link AsyncQueue#subscribe subscribe} count too. An element that is taken without a lease and
     * returns, as {@link SyncQueue#drainTo} may return it, begins again at 1.
     *
     * <pre>{@code
     * try (Lease<Order> lease = orders.sync().takeLease()) {
     *     if (lease.attempts() > 1) {
     *         log(lease.element() + ", attempt " + lease.attempts());
     *     }
     *     ship(lease.element());
     *     lease.done();
     * }
     * }</pre>
     */
    public int attempts() {
        return attempts;
    }

    /**
     * Ends the lease, as the work is done. This marks the element as done, so do not call {@link SyncQueue#taskDone()}
     * for it. Never waits.
     *
     * @return true if the element is done; false if the {@linkplain JanusQueue.Builder#leaseTimeout time limit} of the
     *     lease has elapsed, so that the queue has taken the element back
     * @throws IllegalStateException if the holder has already ended the lease, or if {@code taskDone} was already called
     *     for every element that was taken; in the latter case, the lease ends nevertheless
     */
    public boolean done() {
        boolean done = end(this::doneLocked);
        if (!done && state != State.EXPIRED) {
            throw ended("done");
        }
        return done;
    }

    /** Ends the lease unless it has ended. Returns false if it had. */
    private boolean doneLocked() {
        if (state != State.OPEN) {
            return false;
        }
        state = State.ENDED;
        leases.completeLocked();
        return true;
    }

    /** Like {@link #done()}, but does nothing if the holder has already ended the lease. */
    boolean doneUnlessEnded() {
        return end(this::doneLocked) || state != State.EXPIRED;
    }

    /**
     * Ends the lease and keeps the element, as if it had been taken without a lease. If you use
     * {@link SyncQueue#join()}, call {@link SyncQueue#taskDone()} for the element later. Never waits.
     *
     * @throws IllegalStateException if the lease has already ended, or its time limit has elapsed
     */
    public void keep() {
        if (!end(this::keepLocked)) {
            throw ended("keep");
        }
    }

    private boolean keepLocked() {
        if (state != State.OPEN) {
            return false;
        }
        state = State.ENDED;
        leases.keepLocked();
        return true;
    }

    /**
     * Ends the lease and returns the element to the queue. Does nothing if the lease has already ended. Never waits.
     *
     * <p>The element returns to the head of the queue and is the next to come out (in a priority queue, it returns to
     * its place in the order), even if the queue is full or shut down. If several elements are returned, the last one
     * returned comes out first. If the element was leased as often as the queue {@linkplain JanusQueue.Builder#deadLetters
     * allows}, it becomes a dead letter instead.
     *
     * @throws QueueShutdownException if {@link JanusQueue#shutdownNow()} was called meanwhile: the lease ends, and the
     *     element stays with the caller and counts as done, like those that {@code shutdownNow} returned
     */
    @Override
    public void close() {
        if (!end(this::closeLocked)) {
            throw refused();
        }
    }

    /**
     * Ends the lease unless it has ended. If the buffer throws because it is out of memory, the lease does not end, so
     * the caller can try again.
     *
     * @return false if the queue does not take the element back
     */
    boolean closeLocked() {
        if (state != State.OPEN) {
            return true;
        }
        boolean accepted = leases.returnLocked(this);
        state = State.ENDED;
        return accepted;
    }

    /**
     * Ends the lease and returns the element to the queue when the time has elapsed. Does nothing if the lease has
     * already ended. With a time of zero or less, this is {@link #close()}. Never waits.
     *
     * <p>Until then the element is not in the queue: it counts as {@linkplain QueueStats#taken() taken} and
     * {@linkplain QueueStats#delayed() delayed}, the queue does not terminate, and {@link JanusQueue#shutdownNow()}
     * returns it. The time is real time, in whole milliseconds, rounded up: it is not measured by the dispatcher of the
     * caller or the queue, so virtual time in tests does not count. If this was the last attempt, the element becomes a
     * dead letter at once.
     *
     * <pre>{@code
     * try (Lease<Order> lease = orders.sync().takeLease()) {
     *     try {
     *         ship(lease.element());
     *         lease.done();
     *     } catch (IllegalStateException e) {
     *         lease.close(10L * lease.attempts(), SECONDS); // is tried again later, and waits longer each time
     *     }
     * }
     * }</pre>
     *
     * @throws NullPointerException if the unit is null
     * @throws QueueShutdownException if {@link JanusQueue#shutdownNow()} was called meanwhile: the lease ends, and the
     *     element stays with the caller and counts as done, like those that {@code shutdownNow} returned
     */
    public void close(long delay, TimeUnit unit) {
        long millis = AsyncFace.millis(delay, requireNonNull(unit, "unit"));
        if (millis <= 0) {
            close();
            return;
        }
        Job timer = CoroutineBridge.newTimer(millis, this::returnDelayed);
        boolean accepted;
        try {
            accepted = end(() -> delayLocked(timer));
        } finally {
            if (timer == returning) {
                startOrReturn(timer);
            }
        }
        if (!accepted) {
            throw refused();
        }
    }

    private boolean delayLocked(Job timer) {
        if (state != State.OPEN || leases.endsAtOnceLocked(this)) {
            return closeLocked();
        }
        leases.delayLocked(this);
        returning = timer;
        state = State.DELAYED;
        return true;
    }

    /** If the timer cannot start, returns the element at once. If that fails too, the lease has not ended. */
    private void startOrReturn(Job timer) {
        try {
            timer.start();
        } catch (Throwable e) { // OutOfMemoryError
            if (!returnDelayed()) {
                reopen();
                throw e;
            }
        }
        stopTimers(); // shutdownNow() may have ended the delay before the timer had started
    }

    /** Returns the element after its delay. Returns false if there is no memory for that. */
    boolean returnDelayed() {
        return succeeds(() -> {
            if (state == State.DELAYED) {
                leases.returnDelayedLocked(this);
                state = State.ENDED;
            }
        });
    }

    private void reopen() {
        boolean unused = succeeds(() -> {
            if (state == State.DELAYED) {
                leases.resumeLocked(this);
                state = State.OPEN;
            }
        });
    }

    /** Called when {@code shutdownNow} hands back the element, which would have returned after a delay. */
    void handedBackLocked() {
        state = State.ENDED;
    }

    /** Starts the time after which this lease expires. */
    void expireAfter(long millis) {
        if (state == State.OPEN) {
            Job timer = CoroutineBridge.newTimer(millis, this::expire);
            expiry = timer;
            timer.start();
            stopTimers(); // if it has ended meanwhile
        }
    }

    private boolean expire() {
        return succeeds(this::expireLocked);
    }

    /** Returns the element, as the time limit has elapsed. */
    void expireLocked() {
        if (state == State.OPEN && !leases.haveHandedBackLocked()) {
            leases.returnLocked(this);
            state = State.EXPIRED;
        }
    }

    /** Makes the change. Returns false if that fails, so that it must be tried again. */
    private boolean succeeds(Runnable change) {
        Monitor monitor = leases.monitor();
        try {
            monitor.lockToLeave();
            try {
                change.run();
            } finally {
                monitor.settleAndUnlock();
            }
            return true;
        } catch (Throwable e) { // OutOfMemoryError
            return false;
        }
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    /** Stops the timers that are not needed any more. Runs without the lock, as it calls kotlinx. */
    void stopTimers() {
        if (state != State.OPEN) {
            stop(expiry);
        }
        if (state == State.ENDED) {
            stop(returning);
        }
    }

    static void stop(@Nullable Job timer) {
        if (timer != null) {
            timer.cancel(null);
        }
    }

    /**
     * Makes the change, and returns its result. Callers throw after unlock, because the message of an exception calls
     * the element's {@code toString}.
     */
    private boolean end(BooleanSupplier change) {
        Monitor monitor = leases.monitor();
        monitor.lockToLeave();
        try {
            return change.getAsBoolean();
        } finally {
            monitor.settleAndUnlock();
            stopTimers();
        }
    }

    private QueueShutdownException refused() {
        return leases.refusal(element);
    }

    private IllegalStateException ended(String call) {
        String end = state == State.EXPIRED ? "whose time limit had elapsed" : "that had ended";
        return new IllegalStateException(call + "() was called for a lease " + end + "; its element is " + element);
    }

    /** Describes the lease for logging, by its element and whether it has ended. */
    @Override
    public String toString() {
        return "Lease[" + element + (state == State.OPEN ? "]" : ", ended]");
    }
}
