package dev.janus;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The elements of a {@link Buffer}, and the order in which they come out.
 *
 * <p>The buffer may reserve elements for callers that take the head of the store when they run. Until then, other
 * callers must see as many elements fewer. So methods with a parameter {@code hidden} ignore that number of elements,
 * those that come out last; if there are not as many, they ignore all.
 *
 * @param <E> the type of the elements
 */
abstract class ElementStore<E> {
    /*
     * Guarded by the buffer's lock. Comparators and equals run under that lock, and it refuses their calls to the
     * queue.
     *
     * A method that throws leaves the store unchanged, whether a comparator, equals or the allocation of a larger array
     * has thrown. To achieve this, each method first allocates, then compares, and moves elements last, when nothing
     * can throw any more.
     *
     * Elements are numbered in the order of arrival. An element that is put back gets a number below all others. No
     * number is used twice, so a number identifies one occurrence of an element for good.
     */
    private static final int INITIAL_LENGTH = 16;

    /** The name of the order: fifo, lifo or priority. */
    final String order;

    int size;
    long leastNumber;
    long greatestNumber;

    private ElementStore(String order) {
        this.order = order;
    }

    static <E> ElementStore<E> fifo() {
        return new Ring<>("fifo", false);
    }

    static <E> ElementStore<E> lifo() {
        return new Ring<>("lifo", true);
    }

    /** Returns a store whose least element comes out first. Equal elements come out in the order of arrival. */
    static <E> ElementStore<E> priority(Comparator<? super E> comparator) {
        return new Heap<>(comparator);
    }

    final int size() {
        return size;
    }

    /** Returns true if the oldest element comes out first. */
    final boolean isFifo() {
        return order.equals("fifo");
    }

    /** Returns true if {@link #entries} returns the elements in the order in which they come out. */
    final boolean areEntriesOrdered() {
        return !order.equals("priority");
    }

    /** Adds an element. In a priority store, throws what the comparator throws, even if it is the only element. */
    abstract void add(E element);

    /**
     * Puts an element back as the next to come out; in a priority store, as the first of its equals. If the comparator
     * throws, the store keeps the element nevertheless, and compares it in the next call that needs the order.
     *
     * @param attempts how often the element was leased before
     */
    abstract void putBack(E element, int attempts);

    final void putBack(E element) {
        putBack(element, 0);
    }

    /** Returns how often the next element was leased before. */
    abstract int nextAttempts();

    /** Returns the next element, or null if the store is empty. */
    abstract @Nullable E peek();

    /** Returns the next element of a store that is not empty. */
    final E next() {
        return requireNonNull(peek());
    }

    /** Removes the next element. Throws IllegalStateException if there is none. */
    final E remove() {
        return removeAfter(0);
    }

    /**
     * Removes the next element after skipping some. A priority store cannot skip any. Throws like {@link #remove()}.
     */
    final E removeAfter(int skip) {
        if (skip >= size) {
            throw new IllegalStateException(size == 0 ? "the store is empty" : "all elements are skipped: " + size);
        }
        return removeNextAfter(skip);
    }

    abstract E removeNextAfter(int skip);

    /** Moves all elements to the list, which has room for them, in order; in any order if the comparator throws. */
    abstract void removeAllInto(List<E> all);

    /** Returns a snapshot in the order in which the elements come out; in any order for a priority store. */
    final List<Entry<E>> entries(int hidden) {
        return entries(hidden, element -> true, Integer.MAX_VALUE);
    }

    /** Returns true if {@code o} equals an element. */
    final boolean contains(Object o, int hidden) {
        return !entries(hidden, o::equals, 1).isEmpty();
    }

    /**
     * Removes the first element that {@code o} equals; in a priority store, any such element. Returns false if there is
     * none. May throw what the comparator throws, but only if elements are hidden, as removing an element needs no
     * order.
     */
    final boolean remove(Object o, int hidden) {
        return remove(entries(hidden, o::equals, 1), hidden) > 0;
    }

    /** Returns the entries that match, but only the first {@code limit} of them. */
    abstract List<Entry<E>> entries(int hidden, Predicate<? super E> filter, int limit);

    /**
     * Removes the entries that are still in the store. Returns the number of entries removed. Throws like
     * {@link #remove(Object, int)}.
     */
    abstract int remove(Collection<Entry<E>> entries, int hidden);

    /**
     * One occurrence of an element in a store, from when it was added or put back until it is removed.
     *
     * @param <E> the type of the element
     */
    static final class Entry<E> {
        final E element;
        final long number;

        /** The index in a heap, or -1. */
        int index = -1;

        /** How often the element was leased before. Used only in a heap. */
        int attempts;

        Entry(E element, long number) {
            this.element = element;
            this.number = number;
        }
    }

    /** A circular array. Elements leave at the head. They are added at the tail or, if this is a stack, at the head. */
    private static final class Ring<E> extends ElementStore<E> {
        /*
         * The elements are in a span of cells that begins at the head. Removing an element in the middle leaves a hole:
         *
         *     elements    .   A   B   .   .   C   D   .        head = 1, span = 6, size = 4
         *     numbers         3   4   5   7   8   9
         *
         * The numbers in the span ascend, including those of holes, so a binary search finds an entry. A stack numbers
         * its elements downwards. All cells outside the span are null.
         *
         * The span never begins with a hole, and never has more holes than elements. All holes are closed only when
         * they make up at least a quarter of the span: when the array is full, or when they outnumber the elements. So
         * at most three elements are moved for each removal that left a hole, and a removal takes constant time on
         * average.
         */
        private final boolean isStack;

        private @Nullable Object[] elements = new Object[INITIAL_LENGTH]; // the length is a power of two
        private long[] numbers = new long[INITIAL_LENGTH];

        /** How often each element was leased before; null until an element returns from a lease. */
        private int @Nullable [] attempts;

        private int head;
        private int span;

        Ring(String order, boolean isStack) {
            super(order);
            this.isStack = isStack;
        }

        @Override
        void add(E element) {
            if (isStack) {
                putBack(element);
                return;
            }
            makeRoom();
            insert(element, ++greatestNumber, cell(span), 0);
        }

        @Override
        void putBack(E element, int leases) {
            makeRoom();
            if (leases > 0 && attempts == null) {
                allocateAttempts();
            }
            head = cell(-1);
            insert(element, --leastNumber, head, leases);
        }

        /** If there is no memory, the attempts are not counted: the element matters more. */
        private void allocateAttempts() {
            try {
                attempts = new int[elements.length];
            } catch (OutOfMemoryError e) {
                // the next element that is put back tries again
            }
        }

        private void insert(E element, long number, int cell, int leases) {
            elements[cell] = element;
            numbers[cell] = number;
            if (attempts != null) {
                attempts[cell] = leases;
            }
            span++;
            size++;
        }

        @Override
        int nextAttempts() {
            return attempts == null ? 0 : attempts[head];
        }

        private void makeRoom() {
            if (span < elements.length) {
                return;
            }
            if (size > elements.length / 4 * 3) {
                grow();
            } else {
                closeHoles(size);
            }
        }

        private void grow() {
            int length = Math.multiplyExact(elements.length, 2);
            @Nullable Object[] newElements = new Object[length];
            long[] newNumbers = new long[length];
            int[] newAttempts = attempts == null ? null : new int[length];
            for (int i = 0; i < span; i++) {
                newElements[i] = elements[cell(i)];
                newNumbers[i] = numbers[cell(i)];
                if (newAttempts != null && attempts != null) {
                    newAttempts[i] = attempts[cell(i)];
                }
            }
            elements = newElements;
            numbers = newNumbers;
            attempts = newAttempts;
            head = 0;
        }

        @Override
        @Nullable
        E peek() {
            return at(0);
        }

        @Override
        E removeNextAfter(int skip) {
            closeHoles(skip);
            E removed = requireNonNull(at(skip));
            removeAt(skip);
            return removed;
        }

        private void removeAt(int offset) {
            elements[cell(offset)] = null;
            size--;
            if (offset == 0) {
                head = cell(1);
                span--;
            }
            closeHoles(span - size > size ? size : 0);
        }

        /** Closes the holes between the next {@code count} elements and the one after them, or the tail. */
        private void closeHoles(int count) {
            if (span == size) {
                return;
            }
            int to = endOf(count);
            for (int from = to - 1; from >= 0; from--) {
                if (at(from) != null) {
                    to--;
                    move(from, to);
                }
            }
            head = cell(to);
            span -= to;
        }

        /** Returns the offset of the element after the next {@code count}, or of the tail if there is none. */
        private int endOf(int count) {
            int end = 0;
            for (int left = count; end < span && (left > 0 || at(end) == null); end++) {
                if (at(end) != null) {
                    left--;
                }
            }
            return end;
        }

        private void move(int fromOffset, int toOffset) {
            int from = cell(fromOffset);
            int to = cell(toOffset);
            if (from != to) {
                elements[to] = elements[from];
                numbers[to] = numbers[from];
                if (attempts != null) {
                    attempts[to] = attempts[from];
                }
                elements[from] = null;
            }
        }

        @Override
        void removeAllInto(List<E> all) {
            while (size > 0) {
                all.add(remove());
            }
        }

        @Override
        List<Entry<E>> entries(int hidden, Predicate<? super E> filter, int limit) {
            List<Entry<E>> found = new ArrayList<>();
            int shown = size - hidden;
            for (int i = 0; shown > 0 && found.size() < limit; i++) {
                E element = at(i);
                if (element != null) {
                    shown--;
                    if (filter.test(element)) {
                        found.add(new Entry<>(element, numbers[cell(i)]));
                    }
                }
            }
            return found;
        }

        @Override
        int remove(Collection<Entry<E>> entries, int hidden) {
            long firstHidden = firstHiddenNumber(hidden);
            int sizeBefore = size;
            for (Entry<E> entry : entries) {
                int cell = entry.number < firstHidden ? findCell(entry.number) : -1;
                if (cell >= 0 && elements[cell] != null) {
                    removeAt((cell - head) & (elements.length - 1));
                }
            }
            return sizeBefore - size;
        }

        private long firstHiddenNumber(int hidden) {
            if (hidden >= size) {
                return Long.MIN_VALUE;
            }
            int offset = span;
            for (int left = hidden; left > 0; ) {
                offset--;
                if (at(offset) != null) {
                    left--;
                }
            }
            return hidden == 0 ? Long.MAX_VALUE : numbers[cell(offset)];
        }

        /** Returns the cell that has this number, or a negative number. */
        private int findCell(long number) {
            int wrapped = head + span - elements.length;
            return wrapped > 0 && number >= numbers[0]
                    ? Arrays.binarySearch(numbers, 0, wrapped, number)
                    : Arrays.binarySearch(numbers, head, Math.min(head + span, elements.length), number);
        }

        private int cell(int offset) {
            return (head + offset) & (elements.length - 1);
        }

        @SuppressWarnings("unchecked") // nothing but elements is stored
        private @Nullable E at(int offset) {
            return (E) elements[cell(offset)];
        }
    }

    /** A binary heap. Of equal elements, the one with the least number comes out first. */
    private static final class Heap<E> extends ElementStore<E> {
        /*
         * An entry knows its index, so it is removed without a search. To add or remove an entry, the heap first
         * compares until it knows the index at which an entry settles, without moving anything. Only then does it move
         * the entries on the path to that index. It need not remember the path: the parent of an index does not depend
         * on the entries, so the lower end determines the path.
         *
         * Putting back an element and removing a given one must not fail because of the comparator. If the comparator
         * throws then, the heap is split: its first entries are in heap order, and the others follow in any order. The
         * next call that needs the order settles the others one at a time, so no progress is lost if the comparator
         * throws again.
         */
        private final Comparator<? super E> comparator;

        @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no arrays of a generic type
        private Entry<E>[] heap = new Entry[INITIAL_LENGTH];

        /** The number of entries, from the first, that are in heap order: all of them, unless the comparator threw. */
        private int ordered;

        Heap(Comparator<? super E> comparator) {
            super("priority");
            this.comparator = comparator;
        }

        @Override
        void add(E element) {
            restoreOrder();
            makeRoom();
            Entry<E> entry = new Entry<>(element, greatestNumber + 1);
            if (size == 0) {
                compare(entry, entry);
            }
            settle(entry, size, findIndex(entry, size, size));
            ordered = ++size;
            greatestNumber++;
        }

        @Override
        void putBack(E element, int attempts) {
            makeRoom();
            Entry<E> entry = new Entry<>(element, leastNumber - 1);
            entry.attempts = attempts;
            put(entry, size);
            size++;
            leastNumber--;
            try {
                restoreOrder();
            } catch (Throwable e) {
                // the next call that needs the order tries again
            }
        }

        private void makeRoom() {
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, Math.multiplyExact(size, 2));
            }
        }

        private void restoreOrder() {
            for (; ordered < size; ordered++) {
                Entry<E> entry = heap[ordered];
                settle(entry, ordered, findIndex(entry, ordered, ordered));
            }
        }

        /** Returns the index at which an entry settles that is inserted at {@code start}: there, above or below. */
        private int findIndex(Entry<E> entry, int start, int length) {
            int index = start;
            while (index > 0 && compare(entry, heap[parent(index)]) < 0) {
                index = parent(index);
            }
            while (index >= start && index < length / 2) {
                int child = 2 * index + 1;
                if (child + 1 < length && compare(heap[child + 1], heap[child]) < 0) {
                    child++;
                }
                if (compare(entry, heap[child]) < 0) {
                    break;
                }
                index = child;
            }
            return index;
        }

        private int compare(Entry<E> one, Entry<E> other) {
            int compared = comparator.compare(one.element, other.element);
            return compared == 0 ? Long.compare(one.number, other.number) : compared;
        }

        private static int parent(int index) {
            return (index - 1) >> 1; // -1 for the root
        }

        /**
         * Puts an entry at {@code to}. Moves the entries on the path from there to {@code from} by one, which
         * overwrites the entry at {@code from}.
         */
        private void settle(Entry<E> entry, int from, int to) {
            for (int i = from; i > to; i = parent(i)) {
                put(heap[parent(i)], i);
            }
            Entry<E> settling = entry;
            for (int i = to; i >= Math.min(from, to); i = parent(i)) {
                Entry<E> raised = heap[i];
                put(settling, i);
                settling = raised;
            }
        }

        private void put(Entry<E> entry, int index) {
            heap[index] = entry;
            entry.index = index;
        }

        @Override
        @Nullable
        E peek() {
            restoreOrder();
            return size == 0 ? null : heap[0].element;
        }

        @Override
        int nextAttempts() {
            restoreOrder();
            return size == 0 ? 0 : heap[0].attempts;
        }

        @Override
        E removeNextAfter(int skip) {
            if (skip > 0) {
                throw new UnsupportedOperationException("a heap knows only its least element: cannot skip " + skip);
            }
            restoreOrder();
            Entry<E> next = heap[0];
            remove(next, findIndexForLast(0));
            return next.element;
        }

        private int findIndexForLast(int start) {
            return findIndex(heap[size - 1], start, size - 1);
        }

        /** Removes an entry. The last entry takes its place, and settles at the index that was found for it. */
        private void remove(Entry<E> entry, int indexForLast) {
            Entry<E> last = heap[--size];
            heap[size] = null;
            if (entry != last) {
                settle(last, entry.index, indexForLast);
            }
            entry.index = -1;
            ordered = Math.min(ordered, size);
        }

        private void removeGiven(Entry<E> entry) {
            if (ordered == size) {
                try {
                    remove(entry, findIndexForLast(entry.index));
                    return;
                } catch (Throwable e) {
                    // nothing has moved yet: continue without comparing
                }
            }
            ordered = Math.min(ordered, entry.index);
            remove(entry, entry.index);
        }

        @Override
        void removeAllInto(List<E> all) {
            try {
                restoreOrder();
            } catch (Throwable e) {
                // then the elements are returned in any order
            }
            while (size > 0) {
                all.add(heap[0].element);
                removeGiven(heap[0]);
            }
        }

        @Override
        List<Entry<E>> entries(int hidden, Predicate<? super E> filter, int limit) {
            Set<Entry<E>> last = last(hidden);
            List<Entry<E>> found = new ArrayList<>();
            for (int i = 0; i < size && found.size() < limit; i++) {
                if (!last.contains(heap[i]) && filter.test(heap[i].element)) {
                    found.add(heap[i]);
                }
            }
            return found;
        }

        private Set<Entry<E>> last(int count) {
            if (count == 0) {
                return Collections.emptySet();
            }
            Entry<E>[] ordered = Arrays.copyOf(heap, size);
            if (count < size) {
                Arrays.sort(ordered, this::compare);
            }
            return new HashSet<>(Arrays.asList(ordered).subList(Math.max(0, size - count), size));
        }

        @Override
        int remove(Collection<Entry<E>> entries, int hidden) {
            Set<Entry<E>> found = new HashSet<>();
            for (Entry<E> entry : entries) {
                if (entry.index >= 0 && !isAmongLast(hidden, entry)) {
                    found.add(entry); // removes none yet, as a comparator may throw
                }
            }
            found.forEach(this::removeGiven);
            return found.size();
        }

        /**
         * Returns true if the entry is among the {@code count} last. Searches from the end, where the greater entries
         * are.
         */
        private boolean isAmongLast(int count, Entry<E> entry) {
            int greater = 0;
            for (int i = size - 1; i >= 0 && greater < count; i--) {
                if (compare(heap[i], entry) > 0) {
                    greater++;
                }
            }
            return greater < count;
        }
    }
}
