package dev.janus;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The elements of a {@link Buffer}, and the order in which they come out.
 *
 * <p>The next elements may be reserved. A method with a parameter {@code skip} ignores that many of the next elements, or
 * all if there are fewer: it neither returns nor removes them.
 *
 * @param <E> the type of the elements
 */
abstract class ElementStore<E> {
    /*
     * Guarded by the buffer's lock. Comparators and equals run under that lock, which refuses their calls to the queue.
     *
     * A call that throws leaves the store as it was, whatever throws: a comparator, equals, or the allocation of a larger
     * array. Each call first allocates, then compares, and moves elements last, when nothing can throw any more.
     *
     * Each element has a number, which identifies it for good: no number is used twice. Numbers ascend in the order of
     * arrival; an element that is put back gets one below all others.
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

    /** Returns a store whose least element comes out first. Equal elements come out in the order in which they came. */
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

    /** Returns true if {@link #entries} are in the order in which they come out. */
    final boolean areEntriesOrdered() {
        return !order.equals("priority");
    }

    /** Adds an element. A priority store compares it, if only with itself, and throws what the comparator throws. */
    abstract void add(E element);

    /**
     * Puts an element back, to come out first; in a priority store, first among its equals. A comparator that throws does
     * not matter here: the store keeps the element, and compares again in the next call that needs the order.
     */
    abstract void putBack(E element);

    /** Returns the next element, or null if the store is empty. */
    abstract @Nullable E peek();

    /** Removes the next element. Throws IllegalStateException if there is none. */
    final E remove() {
        return removeAfter(0);
    }

    /** Removes the next element but those skipped. Throws IllegalStateException if there is none. */
    final E removeAfter(int skip) {
        if (skip >= size) {
            throw new IllegalStateException(size == 0 ? "the store is empty" : "all elements are skipped: " + size);
        }
        return removeNextAfter(skip);
    }

    /** Removes the next element but those skipped, which exists. */
    abstract E removeNextAfter(int skip);

    /** Removes and returns all elements, in order, or in any order if the comparator throws. */
    abstract List<E> removeAll();

    /** Returns a snapshot, in the order in which the elements come out; of a priority store, in any order. */
    abstract List<Entry<E>> entries(int skip);

    /** Returns true if {@code o} equals an element. */
    final boolean contains(Object o, int skip) {
        return find(o, skip) != null;
    }

    /**
     * Removes the first element that {@code o} equals; in a priority store, any of them. Returns false if there is none. A
     * comparator that throws only matters if it is needed to tell which elements to skip.
     */
    final boolean remove(Object o, int skip) {
        Entry<E> found = find(o, skip);
        return found != null && remove(Collections.singleton(found), skip) > 0;
    }

    abstract @Nullable Entry<E> find(Object o, int skip);

    /** Removes those entries that are still there, and returns how many. For comparators, see {@link #remove(Object, int)}. */
    abstract int remove(Collection<Entry<E>> entries, int skip);

    private static int doubled(int length) {
        if (length > Integer.MAX_VALUE / 2) {
            throw new OutOfMemoryError("the store is full: it has " + length + " elements");
        }
        return 2 * length;
    }

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

        Entry(E element, long number) {
            this.element = element;
            this.number = number;
        }
    }

    /** A circular array. Elements come out at the head; they come in at the tail, or at the head too if this is a stack. */
    private static final class Ring<E> extends ElementStore<E> {
        /*
         * The elements are in a span of cells, which begins at the head. Removing one in the middle leaves a hole:
         *
         *     elements    .   A   B   .   .   C   D   .        head = 1, span = 6, size = 4
         *     numbers         3   4   5   7   8   9
         *
         * The numbers of a span ascend, those of holes included, so a binary search finds an entry. (In a stack each new
         * number is below all others.) All cells outside of the span are null.
         *
         * A span neither begins nor ends with a hole, and has at most as many holes as elements. When the holes are closed,
         * fewer elements are moved than were removed since the last time, so a removal is cheap on average.
         */
        private final boolean isStack;

        private @Nullable Object[] elements = new Object[INITIAL_LENGTH]; // the length is a power of two
        private long[] numbers = new long[INITIAL_LENGTH];
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
            int tail = cell(span);
            elements[tail] = element;
            numbers[tail] = ++greatestNumber;
            span++;
            size++;
        }

        @Override
        void putBack(E element) {
            makeRoom();
            head = cell(-1);
            elements[head] = element;
            numbers[head] = --leastNumber;
            span++;
            size++;
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
            int length = doubled(elements.length);
            @Nullable Object[] newElements = new Object[length];
            long[] newNumbers = new long[length];
            for (int i = 0; i < span; i++) {
                newElements[i] = elements[cell(i)];
                newNumbers[i] = numbers[cell(i)];
            }
            elements = newElements;
            numbers = newNumbers;
            head = 0;
        }

        @Override
        @Nullable
        E peek() {
            return at(0);
        }

        @Override
        E removeNextAfter(int skip) {
            closeHoles(skip + 1);
            E removed = requireNonNull(at(skip));
            for (int i = skip; i > 0; i--) {
                move(i - 1, i); // so that no hole is left, which each further call would pass over
            }
            removeAt(0);
            return removed;
        }

        private void removeAt(int offset) {
            elements[cell(offset)] = null;
            size--;
            while (span > size && at(0) == null) {
                head = cell(1);
                span--;
            }
            while (span > size && at(span - 1) == null) {
                span--;
            }
            if (span - size > size) {
                closeHoles(size);
            }
        }

        /** Closes the holes before and between the next {@code count} elements, by moving these towards the tail. */
        private void closeHoles(int count) {
            if (span == size) {
                return;
            }
            int to = 0;
            for (int found = 0; found < count && to < span; to++) {
                if (at(to) != null) {
                    found++;
                }
            }
            for (int from = to - 1; from >= 0; from--) {
                if (at(from) != null) {
                    move(from, --to);
                }
            }
            head = cell(to);
            span -= to;
        }

        private void move(int fromOffset, int toOffset) {
            int from = cell(fromOffset);
            int to = cell(toOffset);
            if (from != to) {
                elements[to] = elements[from];
                numbers[to] = numbers[from];
                elements[from] = null;
            }
        }

        @Override
        List<E> removeAll() {
            List<E> all = new ArrayList<>(size);
            while (size > 0) {
                all.add(remove());
            }
            return all;
        }

        @Override
        List<Entry<E>> entries(int skip) {
            closeHoles(skip);
            List<Entry<E>> entries = new ArrayList<>(Math.max(size - skip, 0));
            for (int i = skip; i < span; i++) {
                E element = at(i);
                if (element != null) {
                    entries.add(new Entry<>(element, numbers[cell(i)]));
                }
            }
            return entries;
        }

        @Override
        @Nullable
        Entry<E> find(Object o, int skip) {
            closeHoles(skip);
            for (int i = skip; i < span; i++) {
                E element = at(i);
                if (element != null && o.equals(element)) {
                    return new Entry<>(element, numbers[cell(i)]);
                }
            }
            return null;
        }

        @Override
        int remove(Collection<Entry<E>> entries, int skip) {
            if (skip >= size) {
                return 0;
            }
            closeHoles(skip);
            long firstNumber = numbers[cell(skip)]; // of an element or a hole: those skipped have lower numbers
            int sizeBefore = size;
            for (Entry<E> entry : entries) {
                int cell = entry.number < firstNumber ? -1 : findCell(entry.number);
                if (cell >= 0 && elements[cell] != null) {
                    removeAt((cell - head) & (elements.length - 1));
                }
            }
            return sizeBefore - size;
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
         * An entry knows its index, so it is removed without a search. To add or remove an entry, the heap first compares,
         * until it knows at which index an entry will settle. Then it moves the entries on the way there. The way is known
         * from its lower end: the parent of an index is the same whatever the entries are.
         *
         * Putting back and removing by name must not fail because of a comparator. If it throws there, the heap is out of
         * order: entries are added at the end, and removed by moving the last one into the gap, without comparisons. The
         * next call that needs the order first restores it.
         */
        private final Comparator<? super E> comparator;

        private Entry<E>[] heap = newHeap();
        private boolean outOfOrder;

        Heap(Comparator<? super E> comparator) {
            super("priority");
            this.comparator = comparator;
        }

        @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no arrays of a generic type
        private static <E> Entry<E>[] newHeap() {
            return new Entry[INITIAL_LENGTH];
        }

        @Override
        void add(E element) {
            restoreOrder();
            makeRoom();
            Entry<E> entry = new Entry<>(element, greatestNumber + 1);
            if (size == 0) {
                compare(entry, entry);
            }
            settle(heap, size, findIndex(heap, size, entry, size), entry);
            size++;
            greatestNumber++;
        }

        @Override
        void putBack(E element) {
            makeRoom();
            Entry<E> entry = new Entry<>(element, leastNumber - 1);
            int index = size;
            try {
                index = outOfOrder ? size : findIndex(heap, size, entry, size);
            } catch (Throwable e) {
                outOfOrder = true; // the next call that needs the order compares again
            }
            settle(heap, size, index, entry);
            size++;
            leastNumber--;
        }

        private void makeRoom() {
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, doubled(size));
            }
        }

        @Override
        @Nullable
        E peek() {
            restoreOrder();
            return size == 0 ? null : heap[0].element;
        }

        @Override
        E removeNextAfter(int skip) {
            restoreOrder();
            Entry<E> next = skip == 0 ? heap[0] : next(skip + 1).get(skip);
            removeOrdered(next);
            return next.element;
        }

        private void removeOrdered(Entry<E> entry) {
            Entry<E> last = heap[size - 1];
            if (entry != last) {
                settle(heap, entry.index, findIndex(heap, entry.index, last, size - 1), last);
            }
            dropLast(entry);
        }

        private void removeUnordered(Entry<E> entry) {
            put(heap, entry.index, heap[size - 1]);
            dropLast(entry);
            outOfOrder = size > 1;
        }

        private void dropLast(Entry<E> removed) {
            heap[--size] = null;
            removed.index = -1;
        }

        /** Finds the index at which an entry settles that comes in at {@code start}, into a heap of this length. */
        private int findIndex(Entry<E>[] tree, int start, Entry<E> entry, int length) {
            int index = start;
            while (index > 0 && compare(entry, tree[parent(index)]) < 0) {
                index = parent(index);
            }
            while (index >= start && index < length / 2) {
                int child = 2 * index + 1;
                if (child + 1 < length && compare(tree[child + 1], tree[child]) < 0) {
                    child++;
                }
                if (compare(entry, tree[child]) < 0) {
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

        /** Moves the entries on the way from one index to the other by one, over what was at {@code from}. */
        private static <E> void settle(Entry<E>[] tree, int from, int to, Entry<E> entry) {
            for (int i = from; i > to; i = parent(i)) {
                put(tree, i, tree[parent(i)]);
            }
            Entry<E> settling = entry;
            for (int i = to; i >= Math.min(from, to); i = parent(i)) {
                Entry<E> raised = tree[i];
                put(tree, i, settling);
                settling = raised;
            }
        }

        private static <E> void put(Entry<E>[] tree, int index, Entry<E> entry) {
            tree[index] = entry;
            entry.index = index;
        }

        /** Builds the heap again, in a copy: the comparator may throw. */
        private void restoreOrder() {
            if (!outOfOrder) {
                return;
            }
            Entry<E>[] tree = heap.clone();
            try {
                for (int i = 1; i < size; i++) {
                    settle(tree, i, findIndex(tree, i, tree[i], i), tree[i]);
                }
                heap = tree;
                outOfOrder = false;
            } finally {
                for (int i = 0; i < size; i++) {
                    heap[i].index = i;
                }
            }
        }

        @Override
        List<E> removeAll() {
            List<E> all = new ArrayList<>(size);
            for (Entry<E> entry : sorted()) {
                removeUnordered(entry);
                all.add(entry.element);
            }
            return all;
        }

        private Entry<E>[] sorted() {
            try {
                Entry<E>[] sorted = Arrays.copyOf(heap, size);
                Arrays.sort(sorted, this::compare);
                return sorted;
            } catch (Throwable e) {
                return Arrays.copyOf(heap, size); // the array of a sort that failed lacks some and has others twice
            }
        }

        /** Finds the next entries, in order. Looks only at these and their children. */
        private List<Entry<E>> next(int count) {
            List<Entry<E>> next = new ArrayList<>();
            if (count == 0 || size == 0) {
                return next;
            }
            restoreOrder();
            PriorityQueue<Entry<E>> candidates = new PriorityQueue<>(this::compare);
            candidates.add(heap[0]);
            while (next.size() < Math.min(count, size)) {
                Entry<E> least = candidates.remove();
                next.add(least);
                for (int i = 2 * least.index + 1; i <= 2 * least.index + 2 && i < size; i++) {
                    candidates.add(heap[i]);
                }
            }
            return next;
        }

        @Override
        List<Entry<E>> entries(int skip) {
            Set<Entry<E>> skipped = new HashSet<>(next(skip));
            List<Entry<E>> entries = new ArrayList<>(Arrays.asList(heap).subList(0, size));
            entries.removeAll(skipped);
            return entries;
        }

        @Override
        @Nullable
        Entry<E> find(Object o, int skip) {
            for (Entry<E> entry : entries(skip)) {
                if (o.equals(entry.element)) {
                    return entry;
                }
            }
            return null;
        }

        @Override
        int remove(Collection<Entry<E>> entries, int skip) {
            Set<Entry<E>> skipped = new HashSet<>(next(skip));
            int sizeBefore = size;
            for (Entry<E> entry : entries) {
                if (entry.index >= 0 && !skipped.contains(entry)) {
                    if (entries.size() == 1) {
                        removeByName(entry);
                    } else {
                        removeUnordered(entry); // restoring the order once is faster
                    }
                }
            }
            return sizeBefore - size;
        }

        private void removeByName(Entry<E> entry) {
            if (!outOfOrder) {
                try {
                    removeOrdered(entry);
                    return;
                } catch (Throwable e) {
                    // nothing has moved: the entry is removed without comparisons
                }
            }
            removeUnordered(entry);
        }
    }
}
