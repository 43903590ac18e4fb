package dev.janus;

import java.util.Collections;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One element that was taken on trial: either the work on it gets {@linkplain #done() done}, or it goes back to the
 * queue.
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
 * <p>A lease ends once, by the first of {@link #done()}, {@link #keep()} and {@link #close()}. Until then its element
 * is not in the queue, counts as {@linkplain QueueStats#taken() taken} and {@linkplain QueueStats#leased() leased}, and
 * the queue does not terminate, not even by {@link JanusQueue#shutdownNow()}. A lease that is forgotten never ends.
 *
 * <p>Every method may be called from any thread; none waits.
 *
 * @param <E> the type of the element
 */
public final class Lease<E> implements AutoCloseable {
    private final Buffer<E> buffer;
    private final E element;
    private final AtomicBoolean ended = new AtomicBoolean();

    Lease(Buffer<E> buffer, E element) {
        this.buffer = buffer;
        this.element = element;
    }

    /** The element, also after the lease has ended. */
    public E element() {
        return element;
    }

    /**
     * The work is done: ends the lease and marks the task as done (see {@link SyncQueue#taskDone()}, which must not be
     * called for this element).
     *
     * @throws IllegalStateException if the lease has ended before, or if as many tasks are marked as done already as
     *     elements were taken; in the latter case the lease ends all the same
     */
    public void done() {
        end("done");
        buffer.endLoanDone();
    }

    /**
     * The element was taken for good: ends the lease, as if there had been none. Who uses {@link SyncQueue#join()} calls
     * {@link SyncQueue#taskDone()} for it later.
     *
     * @throws IllegalStateException if the lease has ended before
     */
    public void keep() {
        end("keep");
        buffer.endLoan(1, Collections.emptyList());
    }

    /**
     * Gives the element back, if the lease has not ended before: it goes to the head of the queue and is the next to come
     * out (in a priority queue, when its turn comes), even if the queue is full or shut down.
     */
    @Override
    public void close() {
        if (ended.compareAndSet(false, true)) {
            buffer.endLoan(1, Collections.singletonList(element));
        }
    }

    private void end(String call) {
        if (!ended.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    call + "() was called for a lease that had ended; its element is " + element);
        }
    }

    /** The element, and whether the lease goes on, for a person who reads a log. */
    @Override
    public String toString() {
        return "Lease[" + element + (ended.get() ? ", ended]" : "]");
    }
}
