package dev.janus;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Takes a batch whose caller gathers: once the first element is reserved for it, it waits for a time for more. It takes
 * nothing before the batch is complete, so a caller that gives up has taken nothing.
 *
 * @param <E> the type of the elements
 */
final class Batch<E> implements Operation<List<E>> {
    /*
     * A caller that gathers waits at the head of the line, and each element that becomes available is reserved for it
     * with one more grant. So its batch grows in its turn, and nobody is served between its elements once it gathers.
     * The slots of reserved elements are free for further puts, as those of all waiting takers are: so a batch may
     * be larger than the capacity.
     *
     * A caller that waits is woken when its first element is reserved, as its time begins then, and when the batch is
     * complete: when it is full, when the time has elapsed, or at a shutdown.
     */
    private final Buffer<E> buffer;
    private final int max;
    private final long nanos;

    /** When the time elapses. Accessed only by the caller. */
    private long deadline;

    /** Accessed only by the caller. */
    private boolean isGathering;

    /** True if the batch is complete, though not full. Guarded by the buffer's lock. */
    private boolean hasStopped;

    Batch(Buffer<E> buffer, int max, long nanos) {
        this.buffer = buffer;
        this.max = max;
        this.nanos = nanos;
    }

    @Override
    public @Nullable List<E> tryLocked(boolean inTurn) {
        if (mayGatherLocked(buffer.availableElementsLocked())) {
            return null;
        }
        return inTurn ? buffer.takeReservedLocked(max) : buffer.takeBatchLocked(max, false);
    }

    /** Returns true if a caller for which so many elements are reserved would wait for more. */
    boolean mayGatherLocked(int reserved) {
        return reserved < max && !hasStopped && !buffer.shutdown.hasBegunLocked();
    }

    /**
     * Begins to gather if an element is available.
     *
     * @return how many elements to reserve; 0 if the caller waits for the first one
     */
    int gatherLocked() {
        int available = Math.max(0, buffer.availableElementsLocked());
        if (available > 0) {
            isGathering = true;
            deadline = System.nanoTime() + nanos;
        }
        return available;
    }

    /** The batch is complete with what is reserved for it. */
    void stopGatheringLocked() {
        hasStopped = true;
    }

    /** Returns true if the caller waits for more elements. */
    boolean isGathering() {
        return isGathering;
    }

    /** Called by the caller when its time has elapsed. It is woken soon. */
    void elapsed() {
        isGathering = false;
    }

    /** Returns how long the caller goes on gathering. */
    long nanosLeft() {
        return deadline - System.nanoTime();
    }

    /** Returns how long the caller goes on gathering, rounded up. */
    long millisLeft() {
        return AsyncFace.millis(nanosLeft(), TimeUnit.NANOSECONDS);
    }
}
