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

    /** Reads the buffer's counts; its lock is held. */
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
        shutdown = buffer.isShutdownLocked();
        terminated = buffer.isTerminatedLocked();
    }

    /** How many elements are in the queue, those included that a woken receiver is about to take. */
    public int size() {
        return size;
    }

    /** How many elements the queue may hold; {@link Integer#MAX_VALUE} if it is unbounded. */
    public int capacity() {
        return capacity;
    }

    /** The greatest size that the queue ever had. */
    public int highWaterMark() {
        return highWaterMark;
    }

    /** How many elements were ever put in. */
    public long accepted() {
        return accepted;
    }

    /** How many elements were taken, on either face. */
    public long taken() {
        return taken;
    }

    /**
     * How many elements left without a taker: by {@link SyncQueue#remove(Object)}, {@link SyncQueue#clear()}, an
     * iterator's {@code remove} or {@link JanusQueue#shutdownNow()}, or because a store whose comparator throws
     * dropped them.
     */
    public long removed() {
        return removed;
    }

    /** How many elements were dropped by the queue's overflow; each was passed to {@code onDropped}. */
    public long dropped() {
        return dropped;
    }

    /** How many of the taken elements may still be given back: those in a {@link Lease}, and those being drained. */
    public int leased() {
        return leased;
    }

    /** How many elements were put in and not yet marked as done (see {@link SyncQueue#taskDone()}). */
    public long unfinishedTasks() {
        return unfinishedTasks;
    }

    /** How many threads wait for an element. */
    public int waitingTakeThreads() {
        return waitingTakeThreads;
    }

    /** How many coroutines, futures, subscriptions and clauses of a {@code select} wait for an element. */
    public int waitingTakeCoroutines() {
        return waitingTakeCoroutines;
    }

    /** How many threads wait for room. */
    public int waitingPutThreads() {
        return waitingPutThreads;
    }

    /** How many coroutines, futures and clauses of a {@code select} wait for room. */
    public int waitingPutCoroutines() {
        return waitingPutCoroutines;
    }

    /** How many threads, coroutines and futures wait for all work to be done or for the queue to terminate. */
    public int waitingJoins() {
        return waitingJoins;
    }

    /** How many elements are promised to receivers that were woken and have not run yet. */
    public int reservedElements() {
        return reservedElements;
    }

    /** How many free places are promised to putters that were woken and have not run yet. */
    public int reservedSlots() {
        return reservedSlots;
    }

    /** Whether the queue was shut down. */
    public boolean isShutdown() {
        return shutdown;
    }

    /** Whether the queue was shut down, nothing is left in it, and no lease may be given back. */
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
