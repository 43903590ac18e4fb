package dev.janus;

/**
 * The counts of a {@link JanusQueue} at one moment, consistent with each other. At every moment
 * {@code accepted() == taken() + removed() + dropped() + size() + reservedElements()}.
 *
 * <p>Immutable.
 *
 * <pre>{@code
 * QueueStats now = orders.stats();
 * log(now.accepted() + " accepted, " + now.taken() + " taken, " + now.dropped() + " dropped, "
 *         + now.size() + " there, " + now.highWaterMark() + " at most, "
 *         + now.waitingPutThreads() + " threads and " + now.waitingPutCoroutines()
 *         + " coroutines wait for room");
 * }</pre>
 */
public final class QueueStats {
    private final int size;
    private final int capacity;
    private final int highWaterMark;
    private final long accepted;
    private final long taken;
    private final long removed;
    private final long dropped;
    private final int leased;
    private final long unfinishedTasks;
    private final int waitingTakeThreads;
    private final int waitingTakeCoroutines;
    private final int waitingPutThreads;
    private final int waitingPutCoroutines;
    private final int waitingJoins;
    private final int reservedElements;
    private final int reservedSlots;
    private final boolean shutdown;
    private final boolean terminated;

    /** Reads the buffer's counts while its lock is held. */
    QueueStats(Buffer<?> buffer) {
        size = buffer.sizeLocked();
        capacity = buffer.capacity;
        highWaterMark = buffer.highWaterMark;
        accepted = buffer.accepted;
        taken = buffer.taken;
        removed = buffer.removed;
        dropped = buffer.dropped;
        leased = buffer.leased;
        unfinishedTasks = buffer.unfinishedLocked();
        waitingTakeThreads = buffer.notEmpty.waitingThreads;
        waitingTakeCoroutines = buffer.notEmpty.waitingCoroutines;
        waitingPutThreads = buffer.notFull.waitingThreads;
        waitingPutCoroutines = buffer.notFull.waitingCoroutines;
        waitingJoins = buffer.allDone.waitingLocked() + buffer.terminated.waitingLocked();
        reservedElements = buffer.reservedElementsLocked();
        reservedSlots = buffer.reservedSlotsLocked();
        shutdown = buffer.shutdown.hasBegunLocked();
        terminated = buffer.isTerminatedLocked();
    }

    /** Returns how many elements are in the queue that are not {@linkplain #reservedElements() reserved}. */
    public int size() {
        return size;
    }

    /** Returns how many elements the queue may hold; {@link Integer#MAX_VALUE} if it is unbounded. */
    public int capacity() {
        return capacity;
    }

    /** Returns the greatest size that the queue ever had. */
    public int highWaterMark() {
        return highWaterMark;
    }

    /** Returns how many elements were ever put in. */
    public long accepted() {
        return accepted;
    }

    /**
     * Returns how many elements were taken, on either face; those that {@link SyncQueue#drainTo} is moving included. An
     * element that came back does not count.
     */
    public long taken() {
        return taken;
    }

    /**
     * Returns how many elements left without a taker: by {@link SyncQueue#remove(Object)}, {@link SyncQueue#clear()},
     * an iterator's {@code remove} or {@link JanusQueue#shutdownNow()}. A {@link Lease} that was returned too late
     * counts as well.
     */
    public long removed() {
        return removed;
    }

    /** Returns how many elements the queue's overflow dropped; each was passed to {@code onDropped}. */
    public long dropped() {
        return dropped;
    }

    /** Returns how many of the taken elements are on {@link Lease lease}. */
    public int leased() {
        return leased;
    }

    /** Returns how many elements were put in and not yet marked as done (see {@link SyncQueue#taskDone()}). */
    public long unfinishedTasks() {
        return unfinishedTasks;
    }

    /** Returns how many threads wait for an element. */
    public int waitingTakeThreads() {
        return waitingTakeThreads;
    }

    /** Returns how many coroutines, futures, subscriptions and clauses of a {@code select} wait for an element. */
    public int waitingTakeCoroutines() {
        return waitingTakeCoroutines;
    }

    /** Returns how many threads wait for room. */
    public int waitingPutThreads() {
        return waitingPutThreads;
    }

    /** Returns how many coroutines, futures and clauses of a {@code select} wait for room. */
    public int waitingPutCoroutines() {
        return waitingPutCoroutines;
    }

    /** Returns how many callers wait for all work to be done or for the queue to terminate. */
    public int waitingJoins() {
        return waitingJoins;
    }

    /**
     * Returns how many elements are reserved for receivers that were woken and have not run yet: coroutines, futures,
     * subscriptions and selects. Only they can take these.
     */
    public int reservedElements() {
        return reservedElements;
    }

    /**
     * Returns how many slots are reserved: for {@code select}s that were chosen to send and have not run yet, and for
     * elements that {@link SyncQueue#drainTo} is moving (but not in a queue that drops).
     */
    public int reservedSlots() {
        return reservedSlots;
    }

    /** Returns true if the queue was shut down. */
    public boolean isShutdown() {
        return shutdown;
    }

    /** Returns true if the queue has terminated; see {@link JanusQueue#isTerminated()}. */
    public boolean isTerminated() {
        return terminated;
    }

    @Override
    public String toString() {
        return "QueueStats[size=" + size
                + ", capacity=" + capacity
                + ", highWaterMark=" + highWaterMark
                + ", accepted=" + accepted
                + ", taken=" + taken
                + ", removed=" + removed
                + ", dropped=" + dropped
                + ", leased=" + leased
                + ", unfinishedTasks=" + unfinishedTasks
                + ", waitingTakeThreads=" + waitingTakeThreads
                + ", waitingTakeCoroutines=" + waitingTakeCoroutines
                + ", waitingPutThreads=" + waitingPutThreads
                + ", waitingPutCoroutines=" + waitingPutCoroutines
                + ", waitingJoins=" + waitingJoins
                + ", reservedElements=" + reservedElements
                + ", reservedSlots=" + reservedSlots
                + ", shutdown=" + shutdown
                + ", terminated=" + terminated
                + "]";
    }
}
