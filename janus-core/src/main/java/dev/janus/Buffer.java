package dev.janus;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import kotlin.Unit;
import kotlinx.coroutines.channels.BufferOverflow;
import org.jspecify.annotations.Nullable;

/**
 * The bounded buffer under both faces: one lock, one {@link ElementStore}, and a {@link WaitQueue} for each of the
 * conditions not empty, not full, all done and terminated.
 *
 * @param <E> the type of the elements
 */
final class Buffer<E> {
    /*
     * Everything here is guarded by the monitor's lock. No foreign code runs under it, except the elements' compareTo
     * and equals and the comparator.
     *
     * Every critical section ends in settleLocked(), which serves the waiters whose turn has come. Operations through
     * which nothing can get lost are completed in place: the element of a waiting put goes into the store, and a thread
     * that waits to take gets its element. A coroutine that waits to receive may be cancelled and never run again, so
     * it is only granted an element: the grant reserves one, and the coroutine takes the head of the queue when it
     * runs. If it leaves instead, the grant goes to the next in line. A select is granted what it waits for too,
     * whether it sends or receives.
     *
     * A waiting taker counts as a slot, whatever the capacity, so the rendezvous (capacity 0) is no special case:
     *
     *     available elements = store.size() - notEmpty.grants
     *     free slots         = capacity + waiting takers + notEmpty.grants - store.size() - reserved slots
     *
     * The invariant: after every critical section, no caller waits for an element while one is available, and no caller
     * waits for a slot while one is free. There is one exception: a select whose only partner would be its own other
     * clause. The number of free slots may be negative for a while: after the capacity was reduced, or when elements
     * returned because a grant was given up or a lease was closed.
     *
     * A grant reserves an element but not a particular one: its holder takes the head of the queue. Other callers must
     * leave enough elements for all grants. So peek, contains, remove and the iterators ignore as many elements as are
     * reserved. They ignore those that come out last, so that what they show is what a poll would take. An overflow
     * that drops the oldest spares as many elements at the head as are reserved. Only shutdownNow() takes all elements.
     *
     * With capacity 0 the store is usually empty. A poll then lets the longest-waiting put add its element, and takes
     * it.
     *
     * Slots are reserved by the grants of notFull, by permits, and by elements that are being drained: these keep their
     * slots until the drain has succeeded, so that there is room if they return. But if the overflow drops elements,
     * only grants reserve slots: a put never waits then, and would drop elements although there is room.
     */
    final Monitor monitor;
    final WaitQueue notEmpty;
    final WaitQueue notFull;
    final WaitQueue allDone;
    final WaitQueue terminated;

    /** Callers that wait until a poll would return an element. */
    final Readiness hasElement;

    /** Callers that wait until an offer would succeed. */
    final Readiness hasRoom;

    final ElementStore<E> store;
    final Leases<E> leases;
    private final BufferOverflow overflow;
    private final @Nullable Consumer<? super E> onDropped;

    int capacity;
    int highWaterMark;
    long accepted;
    long taken;
    long removed;
    long dropped;

    /** The number of elements between {@link #startDrain} and {@link #endDrain}, which may yet return. */
    private int draining;

    /** The number of open {@linkplain Permit permits}. */
    int permits;

    /** The number of taken elements that were marked as done. */
    private long done;

    final Shutdown shutdown;

    Buffer(
            ElementStore<E> store,
            int capacity,
            BufferOverflow overflow,
            @Nullable Consumer<? super E> onDropped,
            Leases.Settings<E> leaseSettings,
            boolean spinning) {
        this(store, capacity, overflow, onDropped, leaseSettings, spinning, new ReentrantLock());
    }

    /** For tests that pass a lock of their own. */
    Buffer(
            ElementStore<E> store,
            int capacity,
            BufferOverflow overflow,
            @Nullable Consumer<? super E> onDropped,
            Leases.Settings<E> leaseSettings,
            boolean spinning,
            ReentrantLock lock) {
        this.store = store;
        leases = new Leases<>(this, leaseSettings);
        this.capacity = capacity;
        this.overflow = overflow;
        this.onDropped = onDropped;
        monitor = new Monitor(lock, this::settleLocked);
        notEmpty = new WaitQueue(monitor, new Spinner(spinning));
        notFull = new WaitQueue(monitor, new Spinner(spinning));
        allDone = new WaitQueue(monitor, Spinner.NONE);
        terminated = new WaitQueue(monitor, Spinner.NONE);
        hasElement = new Readiness(monitor, this::hasElementLocked, this::isTerminatedLocked);
        shutdown = new Shutdown(notFull);
        hasRoom = new Readiness(monitor, this::acceptsLocked, shutdown::hasBegunLocked);
    }

    void lock() {
        monitor.lock();
    }

    void settleAndUnlock() {
        monitor.settleAndUnlock();
    }

    // Settling: which waiters are served, and when

    private void settleLocked() {
        if (notEmpty.waitingLocked() > 0 || notFull.waitingLocked() > 0) {
            serveTakersLocked();
            while (servePuttersLocked()) {
                serveTakersLocked();
            }
        }
        if (allDone.waitingLocked() > 0 && unfinishedLocked() == 0) {
            allDone.releaseAllLocked();
        }
        if (shutdown.hasBegunLocked()) {
            settleShutdownLocked();
        }
        hasElement.settleLocked();
        hasRoom.settleLocked();
        int size = sizeLocked();
        if (size > highWaterMark) {
            highWaterMark = size;
        }
    }

    private void serveTakersLocked() {
        while (notEmpty.waitingLocked() > 0 && availableElementsLocked() > 0) {
            Waiter<?> taker = notEmpty.dequeueLocked();
            if (!taker.serveLocked()) {
                notEmpty.requeueGatheringLocked(taker);
            }
        }
    }

    /** Lets as many waiting puts add their elements as there is room for. Returns true if an element was added. */
    private boolean servePuttersLocked() {
        if (notFull.waitingLocked() == 0 || !acceptsLocked()) {
            return false;
        }
        long before = accepted;
        servePuttersLocked(this::acceptsLocked, putter -> hasSlotForLocked(putter.select()));
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
            notFull.releaseAllLocked();
        }
        notEmpty.completeGatheringLocked();
        if (isTerminatedLocked()) {
            notEmpty.releaseAllLocked();
            terminated.releaseAllLocked();
        }
    }

    /** Returns the number of elements that are not reserved. Negative if {@code shutdownNow} took reserved elements. */
    int availableElementsLocked() {
        return store.size() - notEmpty.grants;
    }

    private int freeSlotsLocked() {
        long free = (long) capacity + notEmpty.waitingLocked() + notEmpty.grants - store.size() - reservedSlotsLocked();
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, free));
    }

    /** Returns true if a put does not have to wait: there is a slot, or an element is dropped. */
    private boolean acceptsLocked() {
        return drops() || freeSlotsLocked() > 0;
    }

    /** Returns true if there is a slot for a put of the select, not counting those that it makes itself as a taker. */
    boolean hasSlotForLocked(@Nullable Object select) {
        return drops() || freeSlotsLocked() > notEmpty.clausesLocked(select);
    }

    /** Returns the number of elements that are not reserved, as {@link JanusQueue#size()} reports it. */
    int sizeLocked() {
        return Math.max(0, availableElementsLocked());
    }

    /** Returns the number of elements that are reserved. */
    int reservedElementsLocked() {
        return Math.min(store.size(), notEmpty.grants);
    }

    // Putting

    /**
     * Adds the element if there is a slot, or drops an element if the overflow says so.
     *
     * @param inTurn true if the caller has waited and its turn has come
     * @param hasSlot true if a slot was reserved for it
     * @return false if the caller must wait
     */
    boolean putLocked(E element, boolean inTurn, boolean hasSlot) {
        assert monitor.isLocked();
        throwIfRefusedLocked(inTurn);
        if (freeSlotsLocked() > 0 || (hasSlot && !drops())) {
            addLocked(element);
        } else if (drops()) {
            dropLocked(element);
        } else {
            return false;
        }
        return true;
    }

    private void throwIfRefusedLocked(boolean inTurn) {
        if (shutdown.hasBegunLocked() && !(inTurn && shutdown.admitsWaitingPutsLocked())) {
            throw shutdown.exception("the queue is shut down and accepts no more elements");
        }
    }

    /** Reserves a slot for a {@link Permit}. Returns false if the caller must wait. */
    boolean reserveLocked(boolean inTurn) {
        throwIfRefusedLocked(inTurn);
        boolean reserves = inTurn || acceptsLocked();
        permits += reserves ? 1 : 0;
        return reserves;
    }

    private boolean drops() {
        return overflow != BufferOverflow.SUSPEND;
    }

    private void addLocked(E element) {
        store.add(element);
        accepted++;
    }

    /** Makes room by dropping the oldest elements, or else drops the new one. Reserved elements are not dropped. */
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
        if (element instanceof Request) {
            monitor.callAfterUnlockLocked(((Request<?, ?>) element)::dropped);
        }
    }

    /** Adds the element if there is room. Returns false if there is none, or after shutdown. */
    boolean offer(E element) {
        lock();
        try {
            return !shutdown.hasBegunLocked() && putLocked(element, false, false);
        } finally {
            settleAndUnlock();
        }
    }

    /** Tries the put once, unless the queue is shut down. Returns how many elements were added. */
    int offerAll(Put<E> put) {
        return monitor.locked(() -> {
            if (!shutdown.hasBegunLocked()) {
                put.tryLocked(false);
            }
            return put.added();
        });
    }

    /** Adds the element if there is room. Returns false if there is none, and throws after shutdown. */
    boolean putNow(E element) {
        lock();
        try {
            return putLocked(element, false, false);
        } finally {
            settleAndUnlock();
        }
    }

    /** Returns a permit if there is room. Returns null if there is none, or after shutdown. */
    @Nullable
    Permit<E> tryReserve() {
        Permit<E> permit = new Permit<>(this);
        try {
            return monitor.locked(() -> shutdown.hasBegunLocked() ? null : permit.tryLocked(false));
        } catch (Throwable e) {
            permit.close();
            throw e;
        }
    }

    // Taking

    /** Takes the next element. Returns null if none is available, and at capacity 0 if no put is waiting either. */
    private @Nullable E pollLocked() {
        return availableElementsLocked() > 0 || letPutterInLocked() ? removeNextLocked() : null;
    }

    /**
     * Returns true if a caller that is prepared to wait can take an element now. At capacity 0 it must not overtake a
     * caller that waits for a grant, as a select does: it waits, so that the two become partners. A poll cannot wait,
     * and passes over such a caller.
     */
    boolean canTakeInTurnLocked() {
        return availableElementsLocked() > 0 || (notFull.waitingForGrant == 0 && letPutterInLocked());
    }

    /** Waits until a poll would return an element, and takes none. */
    @Nullable
    Unit awaitElementLocked(boolean inTurn) {
        if (hasElement.lookLocked()) {
            return Unit.INSTANCE;
        }
        throwIfTerminatedLocked(hasElement.isOverLocked());
        return null;
    }

    /** Returns true if a poll would return an element. */
    private boolean hasElementLocked() {
        return availableElementsLocked() > 0
                || (mayLetPutterInLocked() && notFull.waitingLocked() > notFull.waitingForGrant);
    }

    E removeNextLocked() {
        E element = store.remove();
        taken++;
        return element;
    }

    /**
     * With capacity 0, lets the longest-waiting put add its element, which the caller then takes. Passes over those that
     * wait for a grant: a select may yet choose another clause, and a permit may not be used. The caller cannot wait for
     * that.
     *
     * @return true if an element is available now
     */
    private boolean letPutterInLocked() {
        if (!mayLetPutterInLocked() || notFull.waitingLocked() == 0) {
            return false;
        }
        servePuttersLocked(() -> availableElementsLocked() <= 0, Waiter::addsInPlace);
        return availableElementsLocked() > 0;
    }

    /** Takers may wait although puts do: the room that they made may be reserved. A newcomer does not overtake them. */
    private boolean mayLetPutterInLocked() {
        return capacity == 0 && notEmpty.waitingLocked() == 0;
    }

    /** Takes the next element. Returns null if the caller must wait, and throws if there is nothing to wait for. */
    @Nullable
    E takeLocked(boolean inTurn) {
        return canTakeLocked(inTurn) ? removeNextLocked() : null;
    }

    private boolean canTakeLocked(boolean inTurn) {
        if (inTurn ? store.size() > 0 : canTakeInTurnLocked()) {
            return true;
        }
        throwIfTerminatedLocked(isTerminatedLocked() || (inTurn && shutdown.hasBegunLocked()));
        return false;
    }

    private void throwIfTerminatedLocked(boolean terminated) {
        if (terminated) {
            throw shutdown.exception("the queue is shut down and nothing is left in it");
        }
    }

    /** Like {@link #takeLocked}, but leases the element. */
    @Nullable
    Lease<E> takeLeaseLocked(boolean inTurn) {
        return canTakeLocked(inTurn) ? leases.leaseNextLocked() : null;
    }

    /** Like {@link #takeLeaseLocked}, but the lease has no time limit. */
    @Nullable
    Lease<E> takeLeaseWithoutTimeoutLocked(boolean inTurn) {
        return canTakeLocked(inTurn) ? leases.leaseNextWithoutTimeoutLocked() : null;
    }

    /** Returns an operation that takes up to {@code max} elements, of those that no other caller waits for. */
    Operation<List<E>> batch(int max) {
        return inTurn -> takeBatchLocked(max, inTurn, this::hasMoreLocked);
    }

    /** Returns an operation that waits for more than one element, for up to the given time. */
    Batch<List<E>> gatheredBatch(int max, long nanos) {
        return new Batch<>(this, max, nanos, (inTurn, hasMore) -> takeBatchLocked(max, inTurn, hasMore));
    }

    /** Like {@link #batch}, but leases the elements. */
    Operation<LeaseBatch<E>> leaseBatch(int max) {
        return inTurn -> takeLeaseBatchLocked(max, inTurn, this::hasMoreLocked);
    }

    /** Like {@link #gatheredBatch}, but leases the elements. */
    Batch<LeaseBatch<E>> gatheredLeaseBatch(int max, long nanos) {
        return new Batch<>(this, max, nanos, (inTurn, hasMore) -> takeLeaseBatchLocked(max, inTurn, hasMore));
    }

    private @Nullable List<E> takeBatchLocked(int max, boolean inTurn, BooleanSupplier hasMore) {
        ArrayList<E> batch = new ArrayList<>();
        return fillLocked(batch, max, inTurn, hasMore, this::removeNextLocked) ? batch : null;
    }

    private @Nullable LeaseBatch<E> takeLeaseBatchLocked(int max, boolean inTurn, BooleanSupplier hasMore) {
        LeaseBatch<E> batch = new LeaseBatch<>(this);
        leases.startLaterLocked(batch::expireAfter); // expires nothing if there is no element
        return fillLocked(batch.leases, max, inTurn, hasMore, leases::leaseNextWithoutTimeoutLocked) ? batch : null;
    }

    /** Returns false if the caller must wait for a first element. */
    @SuppressWarnings("NonApiType") // only an ArrayList can allocate in advance
    private <T> boolean fillLocked(
            ArrayList<T> batch, int max, boolean inTurn, BooleanSupplier hasMore, Supplier<T> next) {
        batch.ensureCapacity(1); // before taking an element, as this may run out of memory
        if (!canTakeLocked(inTurn)) {
            return false;
        }
        batch.add(next.get());
        fillLocked(batch, max, hasMore, next);
        return true;
    }

    /**
     * Moves elements to the batch until it is full. If a comparator throws, the batch ends before that element, and the
     * next take throws again; only if the batch is empty, this call throws.
     */
    @SuppressWarnings("NonApiType") // only an ArrayList can allocate in advance
    private <T> void fillLocked(ArrayList<T> batch, int max, BooleanSupplier hasMore, Supplier<T> next) {
        try {
            while (batch.size() < max && hasMore.getAsBoolean()) {
                batch.ensureCapacity(batch.size() + 1); // before taking an element, as this may run out of memory
                batch.add(next.get());
            }
        } catch (Throwable e) {
            if (batch.isEmpty()) {
                throw e;
            }
        }
    }

    /** Returns true if there is an element that no other caller waits for. */
    boolean hasMoreLocked() {
        int othersWaiting = notEmpty.waitingLocked();
        return availableElementsLocked() > othersWaiting || (othersWaiting == 0 && letPutterInLocked());
    }

    static void requireBatch(int max) {
        if (max < 1) {
            throw new IllegalArgumentException("batch of at most " + max + " elements: expected 1 or more");
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

    /** Like {@link #poll}, but leases the element. */
    @Nullable
    Lease<E> pollLease() {
        return monitor.locked(
                () -> availableElementsLocked() > 0 || letPutterInLocked() ? leases.leaseNextLocked() : null);
    }

    /** Takes up to {@code max} elements that no other caller waits for. */
    List<E> pollBatch(int max) {
        ArrayList<E> batch = new ArrayList<>();
        return monitor.locked(() -> {
            fillLocked(batch, max, this::hasMoreLocked, this::removeNextLocked);
            return batch;
        });
    }

    /** Takes the next element for a caller that is prepared to wait. Returns null if it must wait. */
    @Nullable
    E takeNow() {
        lock();
        try {
            return canTakeInTurnLocked() ? removeNextLocked() : null;
        } finally {
            settleAndUnlock();
        }
    }

    /** Tries the operation once, for a caller that has not waited. */
    <T> @Nullable T tryNow(Operation<T> operation) {
        return monitor.locked(() -> operation.tryLocked(false));
    }

    // Elements that may return: drained, undelivered and leased ones (see Leases)

    /**
     * Takes up to {@code max} elements, of which the caller may put some back with {@link #endDrain}. Until then they
     * keep their slots, and the queue does not terminate.
     */
    List<E> startDrain(int max) {
        ArrayList<E> drained = new ArrayList<>();
        return monitor.locked(() -> {
            fillLocked(drained, max, this::hasMoreLocked, this::removeNextLocked);
            draining += drained.size();
            return drained;
        });
    }

    /** Ends a drain. The undelivered elements, which are the last of those drained, return to the head of the queue. */
    void endDrain(int drained, List<E> undelivered) {
        monitor.lockToLeave();
        try {
            draining -= drained;
            for (int i = undelivered.size() - 1; i >= 0; i--) {
                putBackLocked(undelivered.get(i), 0);
            }
        } finally {
            settleAndUnlock();
        }
    }

    /** Returns an undelivered element to the head. */
    void putBack(E element) {
        monitor.lockToLeave();
        try {
            putBackLocked(element, 0);
        } finally {
            settleAndUnlock();
        }
    }

    void putBackLocked(E element, int attempts) {
        store.putBack(element, attempts);
        taken--;
    }

    // Acknowledged work, and shutdown

    void taskDone() {
        monitor.runLocked(this::markDoneLocked);
    }

    void markDoneLocked() {
        if (done >= taken) {
            throw new IllegalStateException(
                    "taskDone() was called more often than elements were taken: " + taken + " were taken");
        }
        done++;
    }

    /** Marks a dead letter as done, unless {@code taskDone} was already called for every element. */
    void markDeadLetterDoneLocked() {
        if (done < taken) {
            done++;
        }
    }

    @Nullable
    Unit joinLocked(boolean inTurn) {
        return inTurn || unfinishedLocked() == 0 ? Unit.INSTANCE : null;
    }

    @Nullable
    Unit awaitTerminationLocked(boolean inTurn) {
        return inTurn || isTerminatedLocked() ? Unit.INSTANCE : null;
    }

    /** Shuts down, and refuses waiting puts. */
    void shutdown(@Nullable Throwable reason) {
        monitor.runLocked(() -> shutdown.refusePutsLocked(reason));
    }

    /** Shuts down, but lets waiting puts add their elements. Returns false if the queue was already shut down. */
    boolean shutdownAfterPuts(@Nullable Throwable reason) {
        return monitor.locked(() -> shutdown.admitWaitingPutsLocked(reason));
    }

    /** Shuts down, and removes and returns the elements that are left. */
    List<E> shutdownNow(@Nullable Throwable reason) {
        List<E> handedBack = monitor.locked(() -> {
            shutdown.refusePutsLocked(reason);
            List<E> left = new ArrayList<>(leases.delayedLocked() + store.size());
            leases.handBackDelayedLocked(left);
            store.removeAllInto(left);
            shutdown.handBackLocked();
            removed += left.size();
            return left;
        });
        for (E element : handedBack) {
            if (element instanceof Request) {
                ((Request<?, ?>) element).handedBack(shutdown);
            }
        }
        return handedBack;
    }

    /** Calls the listener once when the queue is shut down, or at once if it already is. */
    void onShutdown(Consumer<? super @Nullable Throwable> listener) {
        monitor.runLocked(() -> shutdown.addListenerLocked(listener));
    }

    @Nullable
    Throwable shutdownCause() {
        return monitor.locked(shutdown::causeLocked);
    }

    boolean isTerminatedLocked() {
        assert monitor.isLocked();
        boolean putsMayCome =
                shutdown.admitsWaitingPutsLocked() && notFull.waitingLocked() + notFull.grants + permits > 0;
        return shutdown.hasBegunLocked()
                && store.size() == 0
                && draining == 0
                && (leases.leased + leases.delayedLocked() == 0 || shutdown.hasHandedBackLocked())
                && !putsMayCome;
    }

    // Looking at elements, and removing given ones

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

    /** Removes the entries that are still in the queue and not reserved. Returns the number of entries removed. */
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
        return notFull.grants + (drops() ? 0 : draining + permits);
    }

    QueueStats stats() {
        return monitor.locked(() -> new QueueStats(this));
    }

    long unfinishedLocked() {
        assert monitor.isLocked();
        return accepted - removed - dropped - done;
    }
}
