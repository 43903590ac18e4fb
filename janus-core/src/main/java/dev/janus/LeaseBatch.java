package dev.janus;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import kotlinx.coroutines.Job;
import org.jspecify.annotations.Nullable;

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
 * <p>End the leases one by one or all at once, and close the batch in any case. All methods may be called from any thread.
 *
 * @param <E> the type of the elements
 */
public final class LeaseBatch<E> implements AutoCloseable {
    private final Buffer<E> buffer;

    /** Filled when the batch is taken, and not changed afterwards. */
    final ArrayList<Lease<E>> leases = new ArrayList<>();

    /** Ends the leases when their time limit has elapsed. */
    private volatile @Nullable Job expiry;

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
     * @return false if the time limit of a lease has elapsed: the queue has taken its element back. The other leases end
     *     nevertheless
     * @throws IllegalStateException if {@code taskDone} was already called for every element that was taken; all leases
     *     end nevertheless
     */
    public boolean done() {
        boolean allDone = true;
        RuntimeException failure = null;
        for (Lease<E> lease : leases) {
            try {
                allDone &= lease.doneUnlessEnded();
            } catch (IllegalStateException e) {
                failure = e;
            }
        }
        stopTimer();
        if (failure != null) {
            throw failure;
        }
        return allDone;
    }

    /**
     * Ends all leases that have not ended, and returns their elements to the head of the queue, in their old order; see
     * {@link Lease#close()}. Waits at most for a {@linkplain JanusQueue.Builder#deadLetters listener}.
     *
     * @throws QueueShutdownException if {@link JanusQueue#shutdownNow()} was called meanwhile: the leases end, and the
     *     elements that the message names stay with the caller and count as done
     */
    @Override
    public void close() {
        List<E> refused = new ArrayList<>(); // nearly always empty: elements must return even if there is little memory
        try {
            closeAll(lease -> {
                if (!lease.closeLocked()) {
                    refused.add(lease.element());
                }
            });
        } finally {
            stopTimer();
        }
        if (!refused.isEmpty()) {
            Collections.reverse(refused);
            throw buffer.leases.refusal(refused);
        }
    }

    /** Closes the leases in one step, the last one first, so that their elements are in their old order again. */
    private void closeAll(Consumer<Lease<E>> close) {
        buffer.monitor.lockToLeave();
        try {
            leases.stream().filter(buffer.leases::isDeadLetter).forEach(close); // these do not return
            for (int i = leases.size() - 1; i >= 0; i--) {
                close.accept(leases.get(i));
            }
        } finally {
            buffer.settleAndUnlock();
        }
    }

    /** Starts the time after which the leases expire that have not ended. */
    void expireAfter(long millis) {
        if (isOpen()) {
            Job timer = CoroutineBridge.newTimer(millis, this::expire);
            expiry = timer;
            timer.start();
            if (!isOpen()) {
                stopTimer();
            }
        }
    }

    private boolean isOpen() {
        return leases.stream().anyMatch(Lease::isOpen);
    }

    /** Returns false if there is no memory for that. */
    private boolean expire() {
        try {
            closeAll(Lease::expireLocked);
            return true;
        } catch (Throwable e) {
            return false;
        }
    }

    private void stopTimer() {
        Lease.stop(expiry);
    }

    /** Describes the batch for logging, by its leases. */
    @Override
    public String toString() {
        return "LeaseBatch" + leases;
    }
}
