package dev.janus;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;
import java.util.function.Predicate;
import kotlin.Unit;
import org.jspecify.annotations.Nullable;

/**
 * The bounded buffer under both faces: one lock, one store, and the conditions not empty, not full, all
 * done and terminated, each with its line of waiters.
 *
 * @param <E> the type of the elements
 */
final class Buffer<E> extends Monitor {
    /*
     * Everything here is guarded by the monitor's lock. Nothing foreign runs under it but the store, with the
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
     * of its line. Claims are the exception: a claimed grant will be used for certain, so what it reserves is neither
     * removed by name nor given to another grant, and a claimed slot is used even if the capacity was reduced meanwhile.
     *
     * With capacity 0 the free slots are the takers that wait: a put grants one of them the element that
     * it adds. A taker that runs and finds nothing free lets the longest waiting putter in, whose grant is
     * so used on the spot.
     *
     * With an overflow that drops, there always is a free slot: a put finds none only in a queue that suspends.
     */
    final WaitQueue notEmpty = new WaitQueue(this);
    final WaitQueue notFull = new WaitQueue(this);
    final WaitQueue allDone = new WaitQueue(this);
    final WaitQueue terminated = new WaitQueue(this);

    private final Order<E> order;
    private final Queue<E> store;
    private final Overflow<E> overflow;

    int size;
    int capacity;
    int highWaterMark;
    long accepted;
    long taken;
    long removed;
    long dropped;

    /** How many of the taken elements may still be given back. */
    int lent;

    /** How many of the taken elements were marked as done. */
    private long done;

    boolean shutDown;
    private @Nullable Throwable cause;

    Buffer(Order<E> order, int capacity, Overflow<E> overflow) {
        this.order = order;
        this.store = order.store;
        this.capacity = capacity;
        this.overflow = overflow;
    }

    // Who is woken when

    @Override
    void settleLocked() {
        boolean acted;
        do {
            acted = false;
            while (notEmpty.waitingLocked() > 0 && freeElementsLocked() > 0) {
                acted |= requireNonNull(grantLocked(notEmpty))
                        .actLocked(); // an element is free: the longest waiting taker
            }
            while (notFull.waitingLocked() > 0 && freeSlotsLocked() > 0) {
                acted |= requireNonNull(grantLocked(notFull)).actLocked(); // a slot is free: the longest waiting putter
            }
        } while (acted);
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
        notEmpty.publishAvailableLocked(freeElementsLocked() + (capacity == 0 ? notFull.waitingLocked() : 0));
        notFull.publishAvailableLocked(freeSlotsLocked());
    }

    private int freeElementsLocked() {
        return size - notEmpty.grants;
    }

    private int freeSlotsLocked() {
        if (overflow.drops()) {
            return Integer.MAX_VALUE;
        }
        return (capacity == 0 ? notEmpty.waitingLocked() : capacity - size) - notFull.grants;
    }

    /** Whether there is an element to be had; who was granted one only looks at what others have claimed. */
    private boolean hasElementLocked(boolean granted) {
        assert isLocked();
        return freeElementsLocked() + (granted ? notEmpty.grants - notEmpty.claims : 0) > 0;
    }

    /** Like {@link #hasElementLocked}, for one who will wait otherwise: in a rendezvous it lets a putter in. */
    boolean hasElementOrPutterLocked(boolean granted) {
        return hasElementLocked(granted) || (capacity == 0 && letPutterInLocked(true));
    }

    /** Whether there is room for an element; who was granted it only looks at what others have claimed. */
    boolean hasRoomLocked(boolean granted) {
        assert isLocked();
        int free = freeSlotsLocked();
        return free > 0 || (granted && free + notFull.grants - notFull.claims > 0);
    }

    // Putting

    /** Adds the element if there is room; who was granted it does not look at what others are promised. */
    boolean offerLocked(E element, boolean granted) {
        refuseIfShutDownLocked();
        if (!hasRoomLocked(granted)) {
            return false;
        }
        addLocked(element);
        return true;
    }

    private void refuseIfShutDownLocked() {
        if (shutDown) {
            throw shutDownException("the queue is shut down and accepts no more elements");
        }
    }

    /** Adds the element where there is room, or was when it was claimed. */
    void addLocked(E element) {
        assert isLocked();
        refuseIfShutDownLocked();
        boolean handedOver = capacity == 0 && notEmpty.waitingLocked() > 0;
        if (overflow.drops() && !handedOver && size >= capacity) {
            addToFullLocked(element);
            return;
        }
        insertLocked(element);
        if (handedOver) {
            requireNonNull(grantLocked(notEmpty)).actLocked();
        }
    }

    /** Drops as many of the oldest as it takes, or else the new element. What is claimed is not dropped. */
    private void addToFullLocked(E element) {
        if (overflow.dropsOldest() && capacity > 0) {
            while (size >= capacity && size > notEmpty.claims) {
                E oldest = pollStoreLocked();
                dropLocked(oldest);
            }
            insertLocked(element);
        } else {
            accepted++;
            dropLocked(element);
        }
    }

    private void dropLocked(E element) {
        dropped++;
        if (overflow.isAnybodyTold()) {
            doAfterwardsLocked(() -> overflow.tellDropped(element));
        }
    }

    private void insertLocked(E element) {
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
    boolean offerSpinning(E element) {
        return offer(element) || (notFull.spinner.spin() && offer(element));
    }

    // Taking

    /** Takes the next element if one is free, or null; who was granted one does not look at what others are promised. */
    @Nullable
    E pollLocked(boolean granted) {
        boolean free = hasElementLocked(granted) || (capacity == 0 && letPutterInLocked(false));
        return free ? removeNextLocked() : null;
    }

    private E removeNextLocked() {
        E element = pollStoreLocked();
        taken++;
        return element;
    }

    private E pollStoreLocked() {
        E element;
        try {
            element = store.poll();
        } catch (Throwable e) {
            countRemovedLocked(); // a heap of the JDK whose comparator throws here has dropped an element
            throw e;
        }
        if (element == null) {
            int expected = size;
            countRemovedLocked();
            throw new IllegalStateException("the store is empty, but " + expected + " elements were expected in it");
        }
        size--;
        return element;
    }

    /**
     * In a rendezvous, lets the longest waiting putter in, for a taker that is here to take one element: uses the putter's
     * grant. If the store fails, that is the putter's affair: it is woken and tries by itself.
     *
     * <p>A select that would put may yet choose another clause, and cannot be let in. If it is its turn, a taker that will
     * wait leaves it the grant, and waits for it. One that will not wait passes over it, and it loses its grant and goes
     * back to the head of its line.
     */
    private boolean letPutterInLocked(boolean willWait) {
        for (int waiting = notFull.waitingLocked(); waiting > 0; waiting--) {
            Waiter<?> putter = requireNonNull(grantLocked(notFull));
            boolean isPut = putter.operation.needsNobody();
            if (!isPut && willWait) {
                return false;
            }
            putter.returnGrantLocked();
            if (isPut) {
                return addForLocked(putter);
            }
        }
        return false;
    }

    @SuppressWarnings("unchecked") // whoever waits for a slot of this buffer waits with an element for it
    private boolean addForLocked(Waiter<?> putter) {
        Put<E> put = (Put<E>) putter.operation;
        try {
            insertLocked(put.nextLocked());
        } catch (Throwable e) {
            return false;
        }
        put.addedLocked();
        return true;
    }

    /** Like {@link #pollLocked}, for one who will wait: there must be something to wait for. */
    @Nullable
    E takeLocked(boolean granted) {
        if (hasElementOrPutterLocked(granted)) {
            return removeNextLocked();
        }
        if (isTerminatedLocked()) {
            throw shutDownException("the queue is shut down and nothing is left in it");
        }
        return null;
    }

    /** Takes an element that may be given back. */
    @Nullable
    Lease<E> takeLeaseLocked(boolean granted) {
        E element = takeLocked(granted);
        if (element == null) {
            return null;
        }
        lent++;
        return new Lease<>(this, element);
    }

    /** Takes at least one and at most {@code max} elements, or null. */
    @Nullable
    List<E> takeBatchLocked(int max, boolean granted) {
        E first = takeLocked(granted);
        if (first == null) {
            return null;
        }
        ArrayList<E> batch = new ArrayList<>();
        batch.add(first);
        fillLocked(batch, max);
        return batch;
    }

    /** Takes what is free until the batch is full. A store that fails ends the batch, and fails again at the next take. */
    @SuppressWarnings("NonApiType") // only an ArrayList can make room beforehand
    private void fillLocked(ArrayList<E> batch, int max) {
        try {
            while (batch.size() < max) {
                batch.ensureCapacity(batch.size() + 1); // before an element is taken: there may be no memory for more
                E next = pollLocked(false);
                if (next == null) {
                    return;
                }
                batch.add(next);
            }
        } catch (Throwable e) {
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

    /** Takes the next element if one is free, or null, for one who will wait: looks again for a moment. */
    @Nullable
    E pollSpinning() {
        E element = pollBeforeWaiting();
        return element == null && notEmpty.spinner.spin() ? pollBeforeWaiting() : element;
    }

    private @Nullable E pollBeforeWaiting() {
        lock();
        try {
            return hasElementOrPutterLocked(false) ? removeNextLocked() : null;
        } finally {
            unlock();
        }
    }

    /**
     * Takes at most {@code max} elements without waiting, for one who may yet give some of them back: the
     * queue does not terminate before {@link #endLoan}.
     */
    List<E> lend(int max) {
        ArrayList<E> loan = new ArrayList<>();
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
                giveBackLocked(givenBack.get(i));
            }
        } finally {
            unlock();
        }
    }

    /** Takes back an element that was taken and then found no taker. */
    void giveBack(E element) {
        lock();
        try {
            giveBackLocked(element);
        } finally {
            unlock();
        }
    }

    private void giveBackLocked(E element) {
        order.toHead.accept(element);
        taken--;
        countAddedLocked();
    }

    /** Ends the loan of one element, the work on which is done. */
    void endLoanDone() {
        lock();
        try {
            lent--;
            markDoneLocked();
        } finally {
            unlock();
        }
    }

    /** Tries the operation once, for one who has not waited. */
    <T> @Nullable T attempt(Operation<T> operation) {
        lock();
        try {
            return operation.tryLocked(false);
        } finally {
            unlock();
        }
    }

    // Finishing

    void taskDone() {
        lock();
        try {
            markDoneLocked();
        } finally {
            unlock();
        }
    }

    private void markDoneLocked() {
        if (done >= taken) {
            throw new IllegalStateException(
                    "taskDone was called more often than elements were taken, which is " + taken + " times");
        }
        done++;
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
        return onStore(Buffer::removeAll);
    }

    /** Empties the store, in its order. */
    private static <E> List<E> removeAll(Queue<E> elements) {
        List<E> unordered = new ArrayList<>(elements);
        try {
            List<E> ordered = new ArrayList<>();
            for (E next = elements.poll(); next != null; next = elements.poll()) {
                ordered.add(next);
            }
            return ordered;
        } catch (Throwable e) {
            elements.clear();
            return unordered; // a comparator throws: all are handed back all the same
        }
    }

    QueueShutdownException shutDownException(String message) {
        return new QueueShutdownException(message, cause);
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
            try {
                countRemovedLocked();
            } finally {
                unlock();
            }
        }
    }

    /** Like {@link #onStore}, for one who removes an element by name; false if all that is left is claimed. */
    boolean remove(Predicate<? super Queue<E>> removal) {
        return onStore(elements -> size > notEmpty.claims && removal.test(elements));
    }

    /** Removes all but what is claimed. */
    void clear() {
        onStore(elements -> {
            if (notEmpty.claims == 0) {
                elements.clear();
                return elements;
            }
            List<E> ordered = removeAll(elements);
            for (int i = Math.min(notEmpty.claims, ordered.size()) - 1; i >= 0; i--) {
                order.toHead.accept(ordered.get(i));
            }
            return elements;
        });
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
        return order.name;
    }

    long unfinishedLocked() {
        assert isLocked();
        return accepted - removed - dropped - done;
    }
}
