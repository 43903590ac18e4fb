package dev.janus;

import java.util.function.BooleanSupplier;

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
 * {@link JanusQueue#shutdownNow()}, and its element never returns.
 *
 * <p><b>Shutdown.</b> After {@link JanusQueue#shutdown()}, the queue does not terminate while a lease may return its
 * element. {@link JanusQueue#shutdownNow()} terminates it at once; the holder of a lease then keeps the element.
 *
 * <p>All methods may be called from any thread. No method waits.
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

    /** Returns the element, even after the lease has ended. */
    public E element() {
        return element;
    }

    /**
     * Ends the lease, as the work is done. This marks the element as done, so do not call {@link SyncQueue#taskDone()}
     * for it. Never waits.
     *
     * @throws IllegalStateException if the lease has already ended, or if {@code taskDone} was already called for every
     *     element that was taken; in the latter case, the lease ends nevertheless
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
     * Ends the lease and keeps the element, as if it had been taken without a lease. If you use
     * {@link SyncQueue#join()}, call {@link SyncQueue#taskDone()} for the element later. Never waits.
     *
     * @throws IllegalStateException if the lease has already ended
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
     * Ends the lease and returns the element to the queue. Does nothing if the lease has already ended. Never waits.
     *
     * <p>The element returns to the head of the queue and is the next to come out (in a priority queue, it returns to
     * its place in the order), even if the queue is full or shut down. If several elements are returned, the last one
     * returned comes out first.
     *
     * @throws QueueShutdownException if {@link JanusQueue#shutdownNow()} was called meanwhile: the lease ends, and the
     *     element stays with the caller and counts as done, like those that {@code shutdownNow} returned
     */
    @Override
    public void close() {
        if (end(this::refusedLocked)) {
            throw buffer.shutdownException("shutdownNow() has emptied the queue, which does not take back " + element);
        }
    }

    /**
     * Returns true if the queue does not take the element back. If the buffer throws because it is out of memory, the
     * lease does not end, so the caller can try again.
     */
    private boolean refusedLocked() {
        boolean accepted = buffer.returnLeaseLocked(element);
        ended = true;
        return !accepted;
    }

    /**
     * Makes the change unless the lease has ended, and returns its result. Callers throw after unlock, because the
     * message of an exception calls the element's {@code toString}.
     */
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

    /** Describes the lease for logging, by its element and whether it has ended. */
    @Override
    public String toString() {
        return "Lease[" + element + (ended ? ", ended]" : "]");
    }
}
