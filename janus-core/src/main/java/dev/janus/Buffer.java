package dev.janus;

import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
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

    Buffer(String order, Queue<E> store, int capacity) {
        this.order = order;
        this.store = store;
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
        Waiter<?> woken;
        try {
            settleLocked();
            notEmpty.tellLocked(freeElementsLocked());
            notFull.tellLocked(freeSlotsLocked());
        } finally {
            woken = firstWoken;
            firstWoken = null;
            lastWoken = null;
            lock.unlock();
        }
        if (woken != null) {
            wake(woken);
        }
    }

    boolean isLocked() {
        return lock.isHeldByCurrentThread();
    }

    /** Wakes the whole chain, whatever one of them throws: a foreign dispatcher may refuse. */
    private static void wake(Waiter<?> first) {
        Throwable failure = null;
        for (Waiter<?> waiter = first; waiter != null; ) {
            Waiter<?> next = waiter.nextWoken;
            waiter.nextWoken = null; // before it runs, waits and is granted again
            try {
                waiter.wake();
            } catch (Throwable e) {
                failure = e;
            }
            waiter = next;
        }
        if (failure instanceof RuntimeException) {
            throw (RuntimeException) failure;
        }
        if (failure instanceof Error) {
            throw (Error) failure;
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

    /** Adds the element if there is a free slot. */
    boolean offerLocked(E element) {
        assert isLocked();
        if (shutDown) {
            throw shutDownException("the queue is shut down and accepts no more elements");
        }
        if (freeSlotsLocked() <= 0) {
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
        size++;
        accepted++;
        if (size > highWaterMark) {
            highWaterMark = size;
        }
    }

    boolean offer(E element) {
        lock();
        try {
            return offerLocked(element);
        } finally {
            unlock();
        }
    }

    // Taking

    /** Takes the next element that is not reserved, or null. */
    @Nullable
    E pollLocked() {
        assert isLocked();
        if (freeElementsLocked() <= 0 && !(capacity == 0 && handOverLocked())) {
            return null;
        }
        E element = store.poll();
        if (element == null) {
            throw new IllegalStateException("the store is empty, but " + size + " elements were expected in it");
        }
        size--;
        taken++;
        return element;
    }

    /** Lets the longest waiting putter of a rendezvous hand its element to the taker that is here. */
    private boolean handOverLocked() {
        Waiter<?> putter = grantLocked(notFull);
        if (putter == null) {
            return false;
        }
        ((Put<?>) putter.operation).handOverLocked();
        return true;
    }

    /** Like {@link #pollLocked()}, for one who will wait: there must be something to wait for. */
    @Nullable
    E takeLocked() {
        E element = pollLocked();
        if (element == null && isTerminatedLocked()) {
            throw shutDownException("the queue is shut down and nothing is left in it");
        }
        return element;
    }

    /** Takes at least one and at most {@code max} elements, or null. */
    @Nullable
    List<E> takeBatchLocked(int max) {
        E first = takeLocked();
        if (first == null) {
            return null;
        }
        List<E> batch = new ArrayList<>();
        for (E next = first; next != null; next = pollUpTo(max, batch)) {
            batch.add(next);
        }
        return batch;
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
            unlock();
        }
    }

    /**
     * Takes at most {@code max} elements without waiting, for one who may yet give some of them back: the
     * queue does not terminate before {@link #endLoan}.
     */
    List<E> lend(int max) {
        List<E> loan = new ArrayList<>();
        lock();
        try {
            for (E next = pollUpTo(max, loan); next != null; next = pollUpTo(max, loan)) {
                loan.add(next);
            }
            lent += loan.size();
            return loan;
        } finally {
            unlock();
        }
    }

    private @Nullable E pollUpTo(int max, List<E> batch) {
        return batch.size() < max ? pollLocked() : null;
    }

    /** Ends a loan: these elements of it were not taken after all, and go back to where they would come out first. */
    void endLoan(int lentElements, List<E> givenBack) {
        lock();
        try {
            lent -= lentElements;
            for (int i = givenBack.size() - 1; i >= 0; i--) {
                if (store instanceof Deque) {
                    ((Deque<E>) store).addFirst(givenBack.get(i));
                } else {
                    store.add(givenBack.get(i)); // a stack or a heap puts it where it belongs
                }
                size++;
                taken--;
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
        List<E> left = new ArrayList<>();
        shutdown(null);
        onStore(elements -> {
            for (E next = elements.poll(); next != null; next = elements.poll()) {
                left.add(next);
            }
            return left;
        });
        return left;
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
            int gone = size - store.size();
            size -= gone;
            removed += gone;
            unlock();
        }
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
