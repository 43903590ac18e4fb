package dev.janus;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import kotlin.Unit;
import kotlinx.coroutines.channels.BufferOverflow;
import org.jspecify.annotations.Nullable;

/**
 * The bounded buffer under both faces: one lock, one store, and the conditions not empty, not full, all done and terminated,
 * each with its {@link WaitQueue}.
 *
 * @param <E> the type of the elements
 */
final class Buffer<E> {
    /*
     * Everything here is guarded by the monitor's lock. Nothing foreign runs under it but the elements' own compareTo,
     * comparator and equals.
     *
     * Every critical section ends in settleLocked(), which serves the waiters whose turn has come. What cannot vanish is
     * completed in place: the element of a waiting put goes into the store, a thread that waits to take gets its element.
     * What can vanish is granted: a coroutine that waits to receive may be cancelled and never run again, so its grant
     * reserves one element, and it takes the head of the queue when it runs. If it leaves instead, the grant goes to the
     * next in line. A select is granted what it waits for as well, on either side.
     *
     * A waiting taker is a slot, whatever the capacity. So
     *
     *     available elements = store.size() - notEmpty.grants
     *     free slots         = capacity + waiting takers + notEmpty.grants - store.size() - notFull.grants
     *
     * and after every critical section nobody waits for an element while one is available, and nobody waits for a slot
     * while one is free, except a select that would be its own partner. Free slots may be negative for a while, when the
     * capacity was reduced, or when elements came back: a grant that was given up, or a lease.
     *
     * What is granted is there until it is used: a caller that looks at the queue, or removes by name, sees as many elements
     * fewer as are reserved. Those that come out last are hidden, so that what it sees is what a poll would take. Nor does an
     * overflow drop what is reserved: it drops the oldest after the ones that come out next. Only shutdownNow() takes all.
     *
     * With capacity 0 a caller that takes and does not wait is a slot too, for this one step: it lets the longest waiting
     * put in, and takes its element.
     *
     * With an overflow that drops, a put never waits: where no slot is free, it makes one or drops its element. Without one,
     * elements that are drained keep their slots until the drain has succeeded, so that there is room if they come back.
     */
    final Monitor monitor;
    final WaitQueue notEmpty;
    final WaitQueue notFull;
    final WaitQueue allDone;
    final WaitQueue terminated;

    final ElementStore<E> store;
    private final BufferOverflow overflow;
    private final @Nullable Consumer<? super E> onDropped;

    int capacity;
    int highWaterMark;
    long accepted;
    long taken;
    long removed;
    long dropped;

    /** How many of the taken elements are leased. */
    int leased;

    /** How many elements are on their way out of the queue, and may yet come back. */
    private int draining;

    /** How many of the taken elements were marked as done. */
    private long done;

    final Shutdown shutdown;

    Buffer(ElementStore<E> store, int capacity, BufferOverflow overflow, @Nullable Consumer<? super E> onDropped) {
        this(store, capacity, overflow, onDropped, new ReentrantLock());
    }

    /** For tests that give it a lock of their own. */
    Buffer(
            ElementStore<E> store,
            int capacity,
            BufferOverflow overflow,
            @Nullable Consumer<? super E> onDropped,
            ReentrantLock lock) {
        this.store = store;
        this.capacity = capacity;
        this.overflow = overflow;
        this.onDropped = onDropped;
        monitor = new Monitor(lock, this::settleLocked);
        notEmpty = new WaitQueue(monitor);
        notFull = new WaitQueue(monitor);
        allDone = new WaitQueue(monitor);
        terminated = new WaitQueue(monitor);
        shutdown = new Shutdown(notFull);
    }

    void lock() {
        monitor.lock();
    }

    void settleAndUnlock() {
        monitor.settleAndUnlock();
    }

    // Settling: which waiters are served when

    private void settleLocked() {
        if (notEmpty.waitingLocked() > 0 || notFull.waitingLocked() > 0) {
            serveTakersLocked();
            while (servePuttersLocked()) {
                serveTakersLocked();
            }
        }
        if (unfinishedLocked() == 0) {
            releaseAllLocked(allDone);
        }
        if (shutdown.hasBegunLocked()) {
            settleShutdownLocked();
        }
        int size = sizeLocked();
        if (size > highWaterMark) {
            highWaterMark = size;
        }
        notEmpty.publishAvailableLocked(availableElementsLocked() + (capacity == 0 ? notFull.waitingLocked() : 0));
        notFull.publishAvailableLocked(freeSlotsLocked());
    }

    private void serveTakersLocked() {
        while (notEmpty.waitingLocked() > 0 && availableElementsLocked() > 0) {
            notEmpty.dequeueLocked().serveLocked();
        }
    }

    /** Returns whether any element went in. */
    private boolean servePuttersLocked() {
        if (notFull.waitingLocked() == 0 || !acceptsLocked()) {
            return false;
        }
        long before = accepted;
        servePuttersLocked(this::acceptsLocked, this::hasSlotForLocked);
        return accepted > before;
    }

    /** Serves those waiting putters that may be served, in turn, as long as it makes sense. The others keep their places. */
    private void servePuttersLocked(BooleanSupplier goOn, Predicate<Waiter<?>> mayServe) {
        List<Waiter<?>> waitOn = new ArrayList<>(1);
        while (notFull.waitingLocked() > 0 && goOn.getAsBoolean()) {
            Waiter<?> putter = notFull.dequeueLocked();
            if (!mayServe.test(putter) || !putter.serveLocked()) {
                waitOn.add(putter);
            }
        }
        notFull.requeueFirstLocked(waitOn);
    }

    private void settleShutdownLocked() {
        if (!shutdown.admitsWaitingPutsLocked()) {
            releaseAllLocked(notFull);
        }
        if (isTerminatedLocked()) {
            releaseAllLocked(notEmpty);
            releaseAllLocked(terminated);
        }
    }

    private static void releaseAllLocked(WaitQueue queue) {
        while (queue.waitingLocked() > 0) {
            queue.dequeueLocked().releaseLocked();
        }
    }

    /** Returns how many elements can be taken that are not reserved; never more than the store holds. */
    private int availableElementsLocked() {
        return store.size() - notEmpty.grants;
    }

    private int freeSlotsLocked() {
        long free = (long) capacity + notEmpty.waitingLocked() + notEmpty.grants - store.size() - reservedSlotsLocked();
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, free));
    }

    /** Returns whether a put need not wait: there is a slot, or something is dropped. */
    private boolean acceptsLocked() {
        return drops() || freeSlotsLocked() > 0;
    }

    /** Returns whether there is a slot for this waiter: one that is not just the other clause of its own select. */
    boolean hasSlotForLocked(Waiter<?> putter) {
        return drops() || freeSlotsLocked() > notEmpty.clausesLocked(putter.select());
    }

    /** Returns how many elements the queue holds that are not reserved. */
    int sizeLocked() {
        return Math.max(0, availableElementsLocked());
    }

    /** Returns how many elements are reserved. */
    int reservedElementsLocked() {
        return Math.min(store.size(), notEmpty.grants);
    }

    // Putting

    /**
     * Puts the element in, if there is a slot.
     *
     * @param inTurn whether the caller has waited, and its turn has come
     * @param hasSlot whether a slot was kept for it
     */
    boolean putLocked(E element, boolean inTurn, boolean hasSlot) {
        assert monitor.isLocked();
        if (shutdown.hasBegunLocked() && !(inTurn && shutdown.admitsWaitingPutsLocked())) {
            throw shutdown.exception("the queue is shut down and accepts no more elements");
        }
        if (freeSlotsLocked() > 0 || (hasSlot && !drops())) {
            addLocked(element);
        } else if (drops()) {
            dropLocked(element);
        } else {
            return false;
        }
        return true;
    }

    private boolean drops() {
        return overflow != BufferOverflow.SUSPEND;
    }

    private void addLocked(E element) {
        store.add(element);
        accepted++;
    }

    /** Makes room by dropping the oldest elements, or drops the new one. What is reserved is not dropped. */
    private void dropLocked(E element) {
        if (overflow == BufferOverflow.DROP_OLDEST && capacity > notFull.grants) {
            while (freeSlotsLocked() <= 0 && sizeLocked() > 0) {
                countDroppedLocked(store.removeAfter(notEmpty.grants));
            }
        }
        if (freeSlotsLocked() > 0) {
            addLocked(element);
        } else {
            accepted++;
            countDroppedLocked(element);
        }
    }

    private void countDroppedLocked(E element) {
        dropped++;
        Consumer<? super E> listener = onDropped;
        if (listener != null) {
            monitor.callAfterUnlockLocked(() -> listener.accept(element));
        }
    }

    /** Puts the element in if there is room; false after the shutdown. */
    boolean offer(E element) {
        lock();
        try {
            return !shutdown.hasBegunLocked() && putLocked(element, false, false);
        } finally {
            settleAndUnlock();
        }
    }

    /** Puts the element in if there is room, for a caller that waits otherwise, or fails. */
    boolean putNow(E element) {
        lock();
        try {
            return putLocked(element, false, false);
        } finally {
            settleAndUnlock();
        }
    }

    /** Like {@link #putNow}, but spins briefly. */
    boolean putSpinning(E element) {
        return putNow(element) || (notFull.spinner.spin() && putNow(element));
    }

    // Taking

    /** Takes the next element, or returns null if none is available and no put waits that could be let in. */
    private @Nullable E pollLocked() {
        return availableElementsLocked() > 0 || letPutterInLocked() ? removeNextLocked() : null;
    }

    /** Returns whether a caller that waits otherwise need not: unlike a poll, it leaves a select that waits to put its turn. */
    boolean canTakeInTurnLocked() {
        return availableElementsLocked() > 0 || (notFull.waitingClauses == 0 && letPutterInLocked());
    }

    private E removeNextLocked() {
        E element = store.remove();
        taken++;
        return element;
    }

    /**
     * With capacity 0, lets the longest waiting put in, for a caller that is here to take its element. Passes over selects: they
     * may yet choose another clause, and this caller cannot wait for the answer.
     */
    private boolean letPutterInLocked() {
        if (capacity > 0 || notFull.waitingLocked() == 0) {
            return false;
        }
        servePuttersLocked(() -> availableElementsLocked() <= 0, Waiter::isCompletedInPlace);
        return availableElementsLocked() > 0;
    }

    /** Takes the next element, or returns null if the caller must wait for one. */
    @Nullable
    E takeLocked(boolean inTurn) {
        if (inTurn ? store.size() > 0 : canTakeInTurnLocked()) {
            return removeNextLocked();
        }
        if (isTerminatedLocked() || (inTurn && shutdown.hasBegunLocked())) {
            throw shutdown.exception("the queue is shut down and nothing is left in it");
        }
        return null;
    }

    /** Takes an element that may be given back. */
    @Nullable
    Lease<E> takeLeaseLocked(boolean inTurn) {
        E element = takeLocked(inTurn);
        if (element == null) {
            return null;
        }
        leased++;
        return new Lease<>(this, element);
    }

    /** Takes at least one and at most {@code max} elements, or returns null if the caller must wait. */
    @Nullable
    List<E> takeBatchLocked(int max, boolean inTurn) {
        ArrayList<E> batch = new ArrayList<>();
        E first = takeLocked(inTurn);
        if (first == null) {
            return null;
        }
        batch.add(first); // a new list has room for it
        fillLocked(batch, max);
        return batch;
    }

    /**
     * Takes what nobody else waits for until the batch is full. If a comparator throws, the batch ends, and the next take
     * fails.
     */
    @SuppressWarnings("NonApiType") // only an ArrayList can make room beforehand
    private void fillLocked(ArrayList<E> batch, int max) {
        try {
            while (batch.size() < max && hasMoreLocked()) {
                batch.ensureCapacity(batch.size() + 1); // before an element is taken: there may be no memory for more
                batch.add(removeNextLocked());
            }
        } catch (Throwable e) {
            if (batch.isEmpty()) {
                throw e;
            }
        }
    }

    /** Returns whether there is an element that nobody waits for. */
    private boolean hasMoreLocked() {
        int othersWaiting = notEmpty.waitingLocked();
        return availableElementsLocked() > othersWaiting || (othersWaiting == 0 && letPutterInLocked());
    }

    static void requireBatch(int max) {
        if (max < 1) {
            throw new IllegalArgumentException("batch of at most " + max + " elements: expected at least 1");
        }
    }

    @Nullable
    E poll() {
        lock();
        try {
            return pollLocked();
        } finally {
            settleAndUnlock();
        }
    }

    /** Takes the next element if one is available, or returns null, for a caller that waits otherwise. */
    @Nullable
    E takeNow() {
        lock();
        try {
            return canTakeInTurnLocked() ? removeNextLocked() : null;
        } finally {
            settleAndUnlock();
        }
    }

    /** Like {@link #takeNow}, but spins briefly. */
    @Nullable
    E takeSpinning() {
        E element = takeNow();
        return element == null && notEmpty.spinner.spin() ? takeNow() : element;
    }

    /** Tries the operation once, for a caller that has not waited. */
    <T> @Nullable T tryNow(Operation<T> operation) {
        return monitor.locked(() -> operation.tryLocked(false));
    }

    // Elements that may come back

    /**
     * Takes at most {@code max} elements out, for a caller that may yet put some of them back. Until {@link #endDrain} they
     * keep their slots, and the queue does not terminate.
     */
    List<E> startDrain(int max) {
        ArrayList<E> drained = new ArrayList<>();
        return monitor.locked(() -> {
            fillLocked(drained, max);
            draining += drained.size();
            return drained;
        });
    }

    /** Ends a drain of so many elements. Those that found no taker go back to the head of the queue. */
    void endDrain(int drained, List<E> undelivered) {
        monitor.lockToLeave();
        try {
            draining -= drained;
            for (int i = undelivered.size() - 1; i >= 0; i--) {
                putBackLocked(undelivered.get(i));
            }
        } finally {
            settleAndUnlock();
        }
    }

    /** Returns an undelivered element to the head. */
    void putBack(E element) {
        monitor.lockToLeave();
        try {
            putBackLocked(element);
        } finally {
            settleAndUnlock();
        }
    }

    private void putBackLocked(E element) {
        store.putBack(element);
        taken--;
    }

    /**
     * Ends a lease; its element goes back to the head of the queue.
     *
     * @return false if the queue has handed back what was left: so it has this element, which stays with the caller
     */
    boolean returnLeaseLocked(E element) {
        if (!shutdown.hasHandedBackLocked()) {
            putBackLocked(element);
            leased--;
            return true;
        }
        leased--;
        taken--;
        removed++;
        return false;
    }

    /** Ends a lease; its element is done. */
    void completeLeaseLocked() {
        leased--;
        markDoneLocked();
    }

    // Finishing

    void taskDone() {
        monitor.runLocked(this::markDoneLocked);
    }

    private void markDoneLocked() {
        if (done >= taken) {
            throw new IllegalStateException(
                    "taskDone was called more often than elements were taken, which is " + taken + " times");
        }
        done++;
    }

    @Nullable
    Unit joinLocked(boolean inTurn) {
        return inTurn || unfinishedLocked() == 0 ? Unit.INSTANCE : null;
    }

    @Nullable
    Unit awaitTerminationLocked(boolean inTurn) {
        return inTurn || isTerminatedLocked() ? Unit.INSTANCE : null;
    }

    /** Shuts down; waiting puts are refused. */
    void shutdown(@Nullable Throwable reason) {
        monitor.runLocked(() -> shutdown.refusePutsLocked(reason));
    }

    /** Shuts down; waiting puts still get in. Returns false if it was shut down before. */
    boolean shutdownAfterPuts(@Nullable Throwable reason) {
        return monitor.locked(() -> shutdown.admitWaitingPutsLocked(reason));
    }

    /** Shuts down and takes out what is left. */
    List<E> shutdownNow(@Nullable Throwable reason) {
        return monitor.locked(() -> {
            shutdown.refusePutsLocked(reason);
            List<E> left = store.removeAll();
            shutdown.handBackLocked();
            removed += left.size();
            return left;
        });
    }

    /** Has the listener called once when the queue is shut down, or at once if it is. */
    void onShutdown(Consumer<? super @Nullable Throwable> listener) {
        monitor.runLocked(() -> shutdown.addListenerLocked(listener));
    }

    @Nullable
    Throwable shutdownCause() {
        return monitor.locked(shutdown::causeLocked);
    }

    boolean isTerminatedLocked() {
        assert monitor.isLocked();
        boolean putsMayCome = shutdown.admitsWaitingPutsLocked() && notFull.waitingLocked() + notFull.grants > 0;
        return shutdown.hasBegunLocked()
                && store.size() == 0
                && draining == 0
                && (leased == 0 || shutdown.hasHandedBackLocked())
                && !putsMayCome;
    }

    // Looking, and removing by name

    @Nullable
    E peek() {
        return monitor.locked(() -> availableElementsLocked() > 0 ? store.peek() : null);
    }

    boolean contains(Object element) {
        return monitor.locked(() -> store.contains(element, reservedElementsLocked()));
    }

    /** Returns a snapshot of the elements that are not reserved. */
    List<ElementStore.Entry<E>> entries() {
        return monitor.locked(() -> store.entries(reservedElementsLocked()));
    }

    /** Removes one element that equals the given one. */
    boolean remove(Object element) {
        return monitor.locked(() -> {
            boolean found = store.remove(element, reservedElementsLocked());
            removed += found ? 1 : 0;
            return found;
        });
    }

    /** Removes those of the entries that are still there and not reserved, and returns how many were. */
    int remove(Collection<ElementStore.Entry<E>> entries) {
        return monitor.locked(() -> {
            int found = store.remove(entries, reservedElementsLocked());
            removed += found;
            return found;
        });
    }

    /** Removes all elements that are not reserved. */
    void clear() {
        monitor.runLocked(() -> {
            int reserved = reservedElementsLocked();
            removed += store.remove(store.entries(reserved), reserved);
        });
    }

    void capacity(int newCapacity) {
        monitor.runLocked(() -> capacity = newCapacity);
    }

    int reservedSlotsLocked() {
        return notFull.grants + (drops() ? 0 : draining);
    }

    QueueStats stats() {
        return monitor.locked(() -> new QueueStats(this));
    }

    long unfinishedLocked() {
        assert monitor.isLocked();
        return accepted - removed - dropped - done;
    }
}
