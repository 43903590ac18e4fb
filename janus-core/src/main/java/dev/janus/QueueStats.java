package dev.janus;

/**
 * A consistent snapshot of the counts of a {@link JanusQueue}. In every snapshot, {@code accepted() == taken() +
 * removed() + dropped() + size() + reservedElements()}.
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
    private final int delayed;
    private final long deadLetters;
    private final long unfinishedTasks;
    private final int waitingTakeThreads;
    private final int waitingTakeCoroutines;
    private final int waitingPutThreads;
    private final int waitingPutCoroutines;
    private final int waitingJoins;
    private final int watchers;
    private final int reservedElements;
    private final int reservedSlots;
    private final boolean shutdown;
    private final boolean terminated;

    /** Reads the buffer's counts. The caller holds its lock. */
    QueueStats(Buffer<?> buffer) {
        size = buffer.sizeLocked();
        capacity = buffer.capacity;
        highWaterMark = buffer.highWaterMark;
        accepted = buffer.accepted;
        taken = buffer.taken;
        removed = buffer.removed;
        dropped = buffer.dropped;
        leased = buffer.leases.leased;
        delayed = buffer.leases.delayedLocked();
        deadLetters = buffer.leases.deadLetters;
        unfinishedTasks = buffer.unfinishedLocked();
        waitingTakeThreads = buffer.notEmpty.waitingThreads;
        waitingTakeCoroutines = buffer.notEmpty.waitingCoroutines;
        waitingPutThreads = buffer.notFull.waitingThreads;
        waitingPutCoroutines = buffer.notFull.waitingCoroutines;
        waitingJoins = buffer.allDone.waitingLocked() + buffer.terminated.waitingLocked();
        watchers = buffer.hasElement.line.waitingLocked() + buffer.hasRoom.line.waitingLocked();
        reservedElements = buffer.reservedElementsLocked();
        reservedSlots = buffer.reservedSlotsLocked();
        shutdown = buffer.shutdown.hasBegunLocked();
        terminated = buffer.isTerminatedLocked();
    }

    /** Returns the number of elements in the queue that are not {@linkplain #reservedElements() reserved}. */
    public int size() {
        return size;
    }

    /** Returns the maximum number of elements that the queue may hold; {@link Integer#MAX_VALUE} if it is unbounded. */
    public int capacity() {
        return capacity;
    }

    /** Returns the largest {@link #size()} that the queue ever had. */
    public int highWaterMark() {
        return highWaterMark;
    }

    /** Returns the number of elements ever added, including those that were dropped. */
    public long accepted() {
        return accepted;
    }

    /**
     * Returns the number of elements taken from either face, including those that {@link SyncQueue#drainTo} is moving.
     * Elements that returned to the queue are not counted.
     */
    public long taken() {
        return taken;
    }

    /**
     * Returns the number of elements that left the queue without being taken: by {@link SyncQueue#remove(Object)},
     * {@link SyncQueue#clear()}, an iterator's {@code remove} or {@link JanusQueue#shutdownNow()}. This includes leased
     * elements that {@link Lease#close()} could not return after {@code shutdownNow}.
     */
    public long removed() {
        return removed;
    }

    /** Returns the number of elements dropped because the queue was full. Each is passed to {@code onDropped}. */
    public long dropped() {
        return dropped;
    }

    /** Returns the number of taken elements that are on {@link Lease lease}. */
    public int leased() {
        return leased;
    }

    /**
     * Returns the number of taken elements that return to the queue later; see {@link Lease#close(long,
     * java.util.concurrent.TimeUnit)}.
     */
    public int delayed() {
        return delayed;
    }

    /**
     * Returns the number of taken elements that were given up after the maximum number of leases; see
     * {@link JanusQueue.Builder#deadLetters}.
     */
    public long deadLetters() {
        return deadLetters;
    }

    /** Returns the number of elements that were added and not yet marked as done (see {@link SyncQueue#taskDone()}). */
    public long unfinishedTasks() {
        return unfinishedTasks;
    }

    /** Returns the number of threads waiting for an element. */
    public int waitingTakeThreads() {
        return waitingTakeThreads;
    }

    /** Returns the number of coroutines, futures, subscriptions and {@code select} clauses waiting for an element. */
    public int waitingTakeCoroutines() {
        return waitingTakeCoroutines;
    }

    /** Returns the number of threads waiting for room. */
    public int waitingPutThreads() {
        return waitingPutThreads;
    }

    /** Returns the number of coroutines, futures and {@code select} clauses waiting for room. */
    public int waitingPutCoroutines() {
        return waitingPutCoroutines;
    }

    /** Returns the number of callers waiting for all work to be done or for the queue to terminate. */
    public int waitingJoins() {
        return waitingJoins;
    }

    /**
     * Returns the number of callers and listeners that wait for an element or for room and will take or add nothing; see
     * {@link SyncQueue#awaitNotEmpty()} and {@link JanusQueue#onNotEmpty}.
     */
    public int watchers() {
        return watchers;
    }

    /**
     * Returns the number of elements reserved for receivers that were woken but have not run yet: coroutines, futures,
     * subscriptions and selects. No other caller can take them.
     */
    public int reservedElements() {
        return reservedElements;
    }

    /**
     * Returns the number of reserved slots: for {@code select}s and {@code reserve} calls whose turn has come but that have not run yet, and,
     * unless the queue {@linkplain JanusQueue.Builder#overflow drops} elements, for {@linkplain Permit permits} and for
     * elements that {@link SyncQueue#drainTo} is moving.
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
                + ", delayed=" + delayed
                + ", deadLetters=" + deadLetters
                + ", unfinishedTasks=" + unfinishedTasks
                + ", waitingTakeThreads=" + waitingTakeThreads
                + ", waitingTakeCoroutines=" + waitingTakeCoroutines
                + ", waitingPutThreads=" + waitingPutThreads
                + ", waitingPutCoroutines=" + waitingPutCoroutines
                + ", waitingJoins=" + waitingJoins
                + ", watchers=" + watchers
                + ", reservedElements=" + reservedElements
                + ", reservedSlots=" + reservedSlots
                + ", shutdown=" + shutdown
                + ", terminated=" + terminated
                + "]";
    }
}
