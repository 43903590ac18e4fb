package dev.janus;

import java.util.function.BooleanSupplier;

/**
 * One element that was taken to be worked on. It returns to the head of the queue if the work is not {@linkplain #done()
 * done}.
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
 * <p>A lease ends once, by the first of {@link #done()}, {@link #keep()} and {@link #close()}. Until then its element is not
 * in the queue, counts as {@linkplain QueueStats#taken() taken} and {@linkplain QueueStats#leased() leased}, and the queue
 * does not terminate, unless {@link JanusQueue#shutdownNow()} ends it: then the holder of a lease keeps its element. A lease
 * that is forgotten never ends.
 *
 * <p>Every method may be called from any thread; none waits.
 *
 * @param <E> the type of the element
 */
public final class Lease<E> implements AutoCloseable {
    private final Buffer<E> buffer;
    private final E element;

    /** Written under the buffer's lock. */
    private volatile boolean ended;

    Lease(Buffer<E> buffer, E element) {
        this.buffer = buffer;
        this.element = element;
    }

    /** Returns the element, also after the lease has ended. */
    public E element() {
        return element;
    }

    /**
     * Ends the lease; the work is done. Marks the task as done (see {@link SyncQueue#taskDone()}, which must not be called for
     * this element).
     *
     * @throws IllegalStateException if the lease has ended before, or if as many tasks are marked as done already as
     *     elements were taken; in the latter case the lease ends all the same
     */
    public void done() {
        if (!end(this::doneLocked)) {
            throw ended("done");
        }
    }

    private boolean doneLocked() {
        ended = true;
        buffer.completeLeaseLocked();
        return true;
    }

    /**
     * Ends the lease; the element was taken for good, as if there had been no lease. If you use {@link SyncQueue#join()}, call
     * {@link SyncQueue#taskDone()} for it later.
     *
     * @throws IllegalStateException if the lease has ended before
     */
    public void keep() {
        if (!end(this::keepLocked)) {
            throw ended("keep");
        }
    }

    private boolean keepLocked() {
        ended = true;
        buffer.leased--;
        return true;
    }

    /**
     * Gives the element back, if the lease has not ended before: it returns to the head of the queue and is the next to come
     * out (in a priority queue, when its turn comes), even if the queue is full or shut down. Of several given back, the one
     * given back last comes out first. Does nothing if the lease has
     * ended.
     *
     * @throws QueueShutdownException if {@link JanusQueue#shutdownNow()} has ended the queue meanwhile: the lease ends, and the
     *     element stays with the caller, as if it had been handed back (its task counts as done)
     */
    @Override
    public void close() {
        if (end(this::refusedLocked)) {
            throw buffer.shutdownException(
                    "the queue has handed back what was left, and does not take back " + element);
        }
    }

    /** Returns true if the queue does not take the element back. If it has no memory for it, the lease goes on. */
    private boolean refusedLocked() {
        boolean accepted = buffer.returnLeaseLocked(element);
        ended = true;
        return !accepted;
    }

    /** Ends the lease, unless it has ended. The message of an exception is made without the lock: it shows the element. */
    private boolean end(BooleanSupplier change) {
        buffer.monitor.lockToLeave();
        try {
            return !ended && change.getAsBoolean();
        } finally {
            buffer.settleAndUnlock();
        }
    }

    private IllegalStateException ended(String call) {
        return new IllegalStateException(call + "() was called for a lease that had ended; its element is " + element);
    }

    /** Describes the element, and whether the lease has ended, for the log. */
    @Override
    public String toString() {
        return "Lease[" + element + (ended ? ", ended]" : "]");
    }
}
