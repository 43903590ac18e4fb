package dev.janus;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes a batch whose caller gathers: once the first element is reserved for it, it waits for a time for more. It takes
 * nothing before the batch is complete, so a caller that gives up has taken nothing.
 *
 * @param <T> the type of the batch
 */
final class Batch<T> implements Operation<T> {
    /*
     * A caller that gathers waits at the head of the line, and each element that becomes available is reserved for it
     * with one more grant. So its batch grows in its turn, and nobody is served between its elements once it gathers.
     * The slots of reserved elements are free for further puts, as those of all waiting takers are: so a batch may
     * be larger than the capacity.
     *
     * A caller that waits is woken when its first element is reserved, as its time begins then, and when the batch is
     * complete: when it is full, when the time has elapsed, or at a shutdown.
     */
    private final Buffer<?> buffer;
    private final int max;
    private final long nanos;
    private final Take<T> take;

    /** When the time elapses. Accessed only by the caller. */
    private long deadline;

    /** Accessed only by the caller. */
    private boolean isGathering;

    /** True if the batch is complete, though not full. Guarded by the buffer's lock. */
    private boolean hasStopped;

    Batch(Buffer<?> buffer, int max, long nanos, Take<T> take) {
        this.buffer = buffer;
        this.max = max;
        this.nanos = nanos;
        this.take = take;
    }

    @Override
    public @Nullable T tryLocked(boolean inTurn) {
        if (mayGatherLocked(buffer.availableElementsLocked())) {
            return null;
        }
        return take.tryLocked(inTurn, inTurn ? this::isReservedLocked : buffer::hasMoreLocked);
    }

    /**
     * Returns true if there is an element that was reserved for the caller until now. These are all that are available:
     * while others wait, every other element is reserved for one of them.
     */
    private boolean isReservedLocked() {
        return buffer.availableElementsLocked() > 0;
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

    /** Returns how long a thread goes on gathering. */
    long nanosLeft() {
        return deadline - System.nanoTime();
    }

    /** Returns how long a coroutine gathers from when it begins, rounded up. Its dispatcher measures that, in its own time. */
    long millis() {
        return AsyncFace.millis(nanos, TimeUnit.NANOSECONDS);
    }

    /** Takes the batch, of at least one element, as long as there are more. Returns null if there is none. */
    interface Take<T> {
        @Nullable
        T tryLocked(boolean inTurn, BooleanSupplier hasMore);
    }
}
