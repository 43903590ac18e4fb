package dev.janus;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Several elements taken for processing, each on a {@link Lease} of its own. Those whose work is not
 * {@linkplain #done() done} return to the head of the queue, in their old order.
 *
 * <pre>{@code
 * try (LeaseBatch<Order> batch = orders.sync().takeLeaseBatch(100, 50, MILLISECONDS)) {
 *     shipAll(batch.elements()); // if this throws, all orders go back to the head of the queue
 *     batch.done();
 * }
 * }</pre>
 *
 * <pre>{@code
 * try (LeaseBatch<Order> batch = orders.sync().takeLeaseBatch(100)) {
 *     for (Lease<Order> lease : batch.leases()) {
 *         ship(lease.element()); // if this throws, this order and those after it go back
 *         lease.done();
 *     }
 * }
 * }</pre>
 *
 * <p>All methods may be called from any thread. No method waits.
 *
 * @param <E> the type of the elements
 */
public final class LeaseBatch<E> implements AutoCloseable {
    private final Buffer<E> buffer;

    /** Filled when the batch is taken, and not changed afterwards. */
    final ArrayList<Lease<E>> leases = new ArrayList<>();

    LeaseBatch(Buffer<E> buffer) {
        this.buffer = buffer;
    }

    /** Returns the leases, of which there is at least one, in the queue's order. The list cannot be changed. */
    public List<Lease<E>> leases() {
        return Collections.unmodifiableList(leases);
    }

    /** Returns the elements in the queue's order, including those whose lease has ended. */
    public List<E> elements() {
        return leases.stream().map(Lease::element).collect(Collectors.toList());
    }

    /**
     * Ends all leases that have not ended, as their work is done; see {@link Lease#done()}. Never waits.
     *
     * @throws IllegalStateException if the time limit of a lease had elapsed, so that its element has returned to the
     *     queue, or if {@code taskDone} was already called for every element that was taken; the other leases end
     *     nevertheless
     */
    public void done() {
        RuntimeException failure = null;
        for (Lease<E> lease : leases) {
            try {
                lease.doneUnlessEnded();
            } catch (IllegalStateException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /**
     * Ends all leases that have not ended, and returns their elements to the head of the queue, in their old order; see
     * {@link Lease#close()}. Never waits.
     *
     * @throws QueueShutdownException if {@link JanusQueue#shutdownNow()} was called meanwhile: the leases end, and the
     *     elements stay with the caller and count as done
     */
    @Override
    public void close() {
        boolean accepted = true;
        buffer.monitor.lockToLeave();
        try {
            for (int i = leases.size() - 1; i >= 0; i--) {
                accepted &= leases.get(i).closeLocked();
            }
        } finally {
            buffer.settleAndUnlock();
        }
        leases.forEach(Lease::stopTimers);
        if (!accepted) {
            throw buffer.leases.refusal(elements());
        }
    }

    /** Describes the batch for logging, by its leases. */
    @Override
    public String toString() {
        return "LeaseBatch" + leases;
    }
}
