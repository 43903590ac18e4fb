package dev.janus;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import kotlin.Unit;
import org.jspecify.annotations.Nullable;

/**
 * The bounded buffer under both faces: one lock, one store, and the conditions not empty, not full, all
 * done and terminated, each with its line of waiters.
 *
 * @param <E> the type of the elements
 */
final class Buffer<E> {
    /*
     * Everything here is guarded by the lock. Nothing foreign runs under it but the store, with the
     * elements' own compareTo, comparator and equals.
     *
     * A waiter that is woken gets a grant, not an element: the grant reserves one element of the store (or
     * one free slot) until the waiter runs, takes the lock and uses it, or leaves and thereby passes it on.
     * Who comes without having waited may only take what is not reserved. So
     *
     *     free elements = size - notEmpty.grants        free slots = capacity - size - notFull.grants
     *
     * and every locked step ends in settleLocked(), which gives a grant for each free element and slot
     * while anybody waits for one. Whatever a step did, nobody waits then for what is free. Both numbers
     * may be negative for a while, when elements are removed by name or the capacity is reduced: then
     * the next elements and slots make up for it, and a waiter whose grant is void goes back to the head
     * of its line.
     *
     * With capacity 0 the free slots are the takers that wait: a put grants one of them the element that
     * it adds. A taker that runs and finds nothing takes from the longest waiting putter, whose grant is
     * so used on the spot.
     */
    private static final int LOCK_ATTEMPTS = 64;

    final WaitLine notEmpty = new WaitLine(this);
    final WaitLine notFull = new WaitLine(this);
    final WaitLine allDone = new WaitLine(this);
    final WaitLine terminated = new WaitLine(this);

    private final ReentrantLock lock = new ReentrantLock();
    private final String order;
    private final Queue<E> store;

    /** Puts an element back into the store, so that it comes out first, or where the order wants it. */
    private final Consumer<E> toHead;

    int size;
    int capacity;
    int highWaterMark;
    long accepted;
    long taken;
    long removed;

    /** How many of the taken elements may still be given back. */
    private int lent;

    /** How many of the taken elements were marked as done. */
    private long done;

    boolean shutDown;
    private @Nullable Throwable cause;

    /** The chain of waiters that were granted in this locked step and are woken after it. */
    private @Nullable Waiter<?> firstWoken;

    private @Nullable Waiter<?> lastWoken;

    Buffer(String order, Queue<E> store, Consumer<E> toHead, int capacity) {
        this.order = order;
        this.store = store;
        this.toHead = toHead;
        this.capacity = capacity;
    }

    // The lock

    void lock() {
        if (lock.isHeldByCurrentThread()) {
            throw new IllegalStateException(
                    "a comparator, compareTo or equals called back into the queue that was using it");
        }
        for (int i = 0; i < LOCK_ATTEMPTS; i++) {
            if (lock.tryLock()) {
                return; // a locked step is short: to be woken later would take far longer than to try again
            }
        }
        lock.lock();
    }

    /** Ends a locked step: grants what is free, and wakes whom it granted when the lock is free. */
    void unlock() {
        wake(settleAndUnlock());
    }

    /** Ends a locked step, and returns the chain of those who are to be woken. */
    private @Nullable Waiter<?> settleAndUnlock() {
        try {
            settleLocked();
            notEmpty.tellLocked(freeElementsLocked());
            notFull.tellLocked(freeSlotsLocked());
            return firstWoken;
        } finally {
            firstWoken = null;
            lastWoken = null;
            lock.unlock();
        }
    }

    boolean isLocked() {
        return lock.isHeldByCurrentThread();
    }

    /**
     * Wakes the whole chain. If a dispatcher refuses one of them, that one may never run: its grant is passed on, and the
     * failure goes to the thread's handler, for the step of whoever wakes has succeeded.
     */
    private void wake(@Nullable Waiter<?> first) {
        for (Waiter<?> waiter = first; waiter != null; ) {
            Waiter<?> next = waiter.nextWoken;
            waiter.nextWoken = null; // before it runs, waits and is granted again
            try {
                waiter.wake();
            } catch (Throwable e) {
                next = passOnGrant(waiter, next);
                report(e);
            }
            waiter = next;
        }
    }

    /** Returns the chain that is woken instead: whoever gets the grant, then the others. */
    private @Nullable Waiter<?> passOnGrant(Waiter<?> refused, @Nullable Waiter<?> others) {
        lock();
        refused.returnGrantLocked();
        Waiter<?> heir = settleAndUnlock();
        if (heir == null) {
            return others;
        }
        Waiter<?> last = heir;
        while (last.nextWoken != null) {
            last = last.nextWoken;
        }
        last.nextWoken = others;
        return heir;
    }

    private static void report(Throwable failure) {
        Thread thread = Thread.currentThread();
        try {
            thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
        } catch (Throwable e) {
            // a handler that fails is ignored, as the JVM does
        }
    }

    // Who is woken when

    private void settleLocked() {
        while (notEmpty.waitingLocked() > 0 && freeElementsLocked() > 0) {
            grantLocked(notEmpty); // an element was added, or a grant came back: the longest waiting taker
        }
        while (notFull.waitingLocked() > 0 && freeSlotsLocked() > 0) {
            grantLocked(notFull); // a slot became free, or a grant came back: the longest waiting putter
        }
        if (unfinishedLocked() == 0) {
            grantAllLocked(allDone); // the last task is done: all that join
        }
        if (shutDown) {
            closeLocked(notFull); // puts are refused: all putters, to be told so
            if (isTerminatedLocked()) {
                closeLocked(notEmpty); // nothing is left: all takers, to be told so
                closeLocked(terminated); // and all who wait for just that
            }
        }
    }

    private void grantAllLocked(WaitLine line) {
        while (line.waitingLocked() > 0) {
            grantLocked(line);
        }
    }

    /** Grants a last try to all who wait; nobody waits here again. */
    private void closeLocked(WaitLine line) {
        grantAllLocked(line);
        line.closeLocked();
    }

    private @Nullable Waiter<?> grantLocked(WaitLine line) {
        Waiter<?> waiter = line.grantLocked();
        if (waiter != null) {
            if (lastWoken == null) {
                firstWoken = waiter;
            } else {
                lastWoken.nextWoken = waiter;
            }
            lastWoken = waiter;
        }
        return waiter;
    }

    private int freeElementsLocked() {
        return size - notEmpty.grants;
    }

    private int freeSlotsLocked() {
        return (capacity == 0 ? notEmpty.waitingLocked() : capacity - size) - notFull.grants;
    }

    // Putting

    /** Adds the element if there is a free slot; who was granted one does not look at what others are promised. */
    boolean offerLocked(E element, boolean granted) {
        assert isLocked();
        if (shutDown) {
            throw shutDownException("the queue is shut down and accepts no more elements");
        }
        if (freeSlotsLocked() + (granted ? notFull.grants : 0) <= 0) {
            return false;
        }
        if (capacity == 0) {
            grantLocked(notEmpty);
        }
        insertLocked(element);
        return true;
    }

    void insertLocked(E element) {
        assert isLocked();
        if (!store.offer(element)) {
            throw new IllegalStateException(
                    "the store refused an element: it holds " + size + ", capacity " + capacity);
        }
        accepted++;
        countAddedLocked();
    }

    private void countAddedLocked() {
        size++;
        highWaterMark = Math.max(highWaterMark, size);
    }

    boolean offer(E element) {
        lock();
        try {
            return offerLocked(element, false);
        } finally {
            unlock();
        }
    }

    /** Like {@link #offer}, for one who will wait: looks again for a moment. */
    boolean offerPatiently(E element) {
        return offer(element) || (notFull.patience.bePatient() && offer(element));
    }

    // Taking

    /** Takes the next element if one is free, or null; who was granted one does not look at what others are promised. */
    @Nullable
    E pollLocked(boolean granted) {
        assert isLocked();
        if (freeElementsLocked() + (granted ? notEmpty.grants : 0) <= 0) {
            return capacity == 0 ? takeFromPutterLocked() : null;
        }
        E element;
        try {
            element = store.poll();
        } catch (Throwable e) {
            countRemovedLocked(); // a heap whose comparator throws here has dropped an element
            throw e;
        }
        if (element == null) {
            throw new IllegalStateException("the store is empty, but " + size + " elements were expected in it");
        }
        size--;
        taken++;
        return element;
    }

    /** In a rendezvous, the taker that is here takes the element of the longest waiting putter and uses its grant. */
    @SuppressWarnings("unchecked") // whoever waits for a slot of this buffer waits with an element for it
    private @Nullable E takeFromPutterLocked() {
        Waiter<?> putter = grantLocked(notFull);
        if (putter == null) {
            return null;
        }
        putter.returnGrantLocked();
        accepted++;
        taken++;
        return ((Put<E>) putter.operation).handOverLocked();
    }

    /** Like {@link #pollLocked}, for one who will wait: there must be something to wait for. */
    @Nullable
    E takeLocked(boolean granted) {
        E element = pollLocked(granted);
        if (element == null && isTerminatedLocked()) {
            throw shutDownException("the queue is shut down and nothing is left in it");
        }
        return element;
    }

    /** Takes at least one and at most {@code max} elements, or null. */
    @Nullable
    List<E> takeBatchLocked(int max, boolean granted) {
        E first = takeLocked(granted);
        if (first == null) {
            return null;
        }
        List<E> batch = new ArrayList<>();
        batch.add(first);
        fillLocked(batch, max);
        return batch;
    }

    /** Takes what is free until the batch is full. A store that fails ends the batch, and fails again at the next take. */
    private void fillLocked(List<E> batch, int max) {
        try {
            while (batch.size() < max) {
                E next = pollLocked(false);
                if (next == null) {
                    return;
                }
                batch.add(next);
            }
        } catch (RuntimeException | Error e) {
            if (batch.isEmpty()) {
                throw e;
            }
        }
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
            return pollLocked(false);
        } finally {
            unlock();
        }
    }

    /** Like {@link #poll}, for one who will wait: looks again for a moment. */
    @Nullable
    E pollPatiently() {
        E element = poll();
        return element == null && notEmpty.patience.bePatient() ? poll() : element;
    }

    /**
     * Takes at most {@code max} elements without waiting, for one who may yet give some of them back: the
     * queue does not terminate before {@link #endLoan}.
     */
    List<E> lend(int max) {
        List<E> loan = new ArrayList<>();
        lock();
        try {
            fillLocked(loan, max);
            lent += loan.size();
            return loan;
        } finally {
            unlock();
        }
    }

    /** Ends a loan: these elements of it were not taken after all, and go back to where they would come out first. */
    void endLoan(int lentElements, List<E> givenBack) {
        lock();
        try {
            lent -= lentElements;
            for (int i = givenBack.size() - 1; i >= 0; i--) {
                toHead.accept(givenBack.get(i));
                taken--;
                countAddedLocked();
            }
        } finally {
            unlock();
        }
    }

    // Finishing

    void taskDone() {
        lock();
        try {
            if (done == taken) {
                throw new IllegalStateException(
                        "taskDone was called more often than elements were taken, which is " + taken + " times");
            }
            done++;
        } finally {
            unlock();
        }
    }

    @Nullable
    Unit joinLocked(boolean granted) {
        return granted || unfinishedLocked() == 0 ? Unit.INSTANCE : null;
    }

    @Nullable
    Unit awaitTerminationLocked(boolean granted) {
        return granted || isTerminatedLocked() ? Unit.INSTANCE : null;
    }

    void shutdown(@Nullable Throwable reason) {
        lock();
        try {
            if (!shutDown) {
                shutDown = true;
                cause = reason;
            }
        } finally {
            unlock();
        }
    }

    List<E> shutdownNow() {
        shutdown(null);
        return onStore(elements -> {
            List<E> unordered = new ArrayList<>(elements);
            try {
                List<E> ordered = new ArrayList<>();
                for (E next = elements.poll(); next != null; next = elements.poll()) {
                    ordered.add(next);
                }
                return ordered;
            } catch (RuntimeException | Error e) {
                elements.clear();
                return unordered; // a comparator throws: all are handed back all the same
            }
        });
    }

    private QueueShutDownException shutDownException(String message) {
        return new QueueShutDownException(message, cause);
    }

    boolean isTerminatedLocked() {
        assert isLocked();
        return shutDown && size == 0 && lent == 0;
    }

    // Looking

    /** Looks at the store, or removes from it, under the lock. What is gone afterwards counts as removed. */
    <T extends @Nullable Object> T onStore(Function<? super Queue<E>, T> look) {
        lock();
        try {
            return look.apply(store);
        } finally {
            countRemovedLocked();
            unlock();
        }
    }

    private void countRemovedLocked() {
        int gone = size - store.size();
        size -= gone;
        removed += gone;
    }

    void capacity(int newCapacity) {
        lock();
        try {
            capacity = newCapacity;
        } finally {
            unlock();
        }
    }

    QueueStats stats() {
        lock();
        try {
            return new QueueStats(this);
        } finally {
            unlock();
        }
    }

    String order() {
        return order;
    }

    long unfinishedLocked() {
        assert isLocked();
        return accepted - removed - done;
    }
}
