package dev.janus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.fixtures.Await;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Runs random calls on an {@link ElementStore} and on a plain list, which must always agree. */
final class ElementStoreModel {
    /** An element. Elements with the same key are equal, and an order by key does not distinguish them. */
    static final class Item {
        final int key;

        Item(int key) {
            this.key = key;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Item && ((Item) other).key == key;
        }

        @Override
        public int hashCode() {
            return key;
        }

        @Override
        public String toString() {
            return key + "@" + Integer.toHexString(System.identityHashCode(this));
        }
    }

    /** Orders items by key, and fails at one comparison, or from then on. */
    static final class FailingComparator implements Comparator<Item> {
        static final class Failure extends RuntimeException {
            private static final long serialVersionUID = 1;

            Failure() {
                super("no order today", null, false, false);
            }
        }

        /** How many comparisons until it fails. */
        int left = Integer.MAX_VALUE;

        boolean keepsFailing;
        int comparisons;
        int failures;

        void failAt(int comparison, boolean again) {
            left = comparison;
            keepsFailing = again;
            failures = 0;
        }

        void heal() {
            left = Integer.MAX_VALUE;
        }

        @Override
        public int compare(Item one, Item other) {
            comparisons++;
            if (left == 0 || (left < 0 && keepsFailing)) {
                left = -1;
                failures++;
                throw new Failure();
            }
            left--;
            return Integer.compare(one.key, other.key);
        }
    }

    /** One occurrence of an item, as an entry is. */
    private static final class Occurrence {
        final Item item;

        Occurrence(Item item) {
            this.item = item;
        }
    }

    private final ElementStore<Item> store;

    /** What is in the store, in the order in which it comes out. */
    private final List<Occurrence> model = new ArrayList<>();

    /** What was removed, and may be put back. */
    private final List<Item> out = new ArrayList<>();

    /** What snapshots have shown: most of it is still in the store, some is not. */
    private final Map<ElementStore.Entry<Item>, Occurrence> seen = new HashMap<>();

    private final FailingComparator comparator;
    private final Random random;

    /** The comparator is the one of the store, if that is a priority store. */
    ElementStoreModel(ElementStore<Item> store, FailingComparator comparator, long seed) {
        this.store = store;
        this.comparator = comparator;
        this.random = new Random(seed);
    }

    /** Makes the store grow and shrink, and empties it at the end. */
    void run(int steps, boolean comparatorFails) {
        for (int i = 0; i < steps; i++) {
            boolean grows = i / 500 % 2 == 0;
            if (comparatorFails && random.nextInt(3) == 0) {
                comparator.failAt(random.nextInt(12), random.nextBoolean());
            }
            step(grows ? 45 : 25);
            comparator.heal();
            assertAgrees();
        }
        while (!model.isEmpty()) {
            assertSame(model.remove(0).item, store.remove());
        }
        assertEquals(0, store.size());
    }

    private void step(int percentAdded) {
        int choice = random.nextInt(100);
        if (choice < percentAdded) {
            add();
        } else if (choice < percentAdded + 8) {
            putBack();
        } else {
            List<Runnable> calls = List.of(
                    this::remove,
                    this::remove,
                    this::remove,
                    this::remove,
                    this::peek,
                    this::removeAfter,
                    this::removeObject,
                    this::contains,
                    this::removeEntry,
                    this::removeEntry,
                    this::removeSeen,
                    this::entries,
                    this::removeAll);
            calls.get(random.nextInt(calls.size())).run();
        }
    }

    private boolean isPriority() {
        return store.order.equals("priority");
    }

    private int someSkip() {
        return random.nextInt(3) > 0 ? 0 : random.nextInt(random.nextInt(8) > 0 ? 4 : model.size() + 2);
    }

    private Item someItem() {
        return new Item(random.nextInt(20));
    }

    private void add() {
        Item item = someItem();
        if (succeeds(() -> store.add(item))) {
            model.add(indexToAdd(item), new Occurrence(item));
        }
    }

    private int indexToAdd(Item item) {
        if (isPriority()) {
            return (int)
                    model.stream().filter(other -> other.item.key <= item.key).count();
        }
        return store.order.equals("fifo") ? model.size() : 0;
    }

    private void putBack() {
        Item item = out.isEmpty() ? someItem() : out.remove(random.nextInt(out.size()));
        store.putBack(item); // never fails
        int index = isPriority()
                ? (int) model.stream()
                        .filter(other -> other.item.key < item.key)
                        .count()
                : 0;
        model.add(index, new Occurrence(item));
    }

    private void remove() {
        if (!model.isEmpty()) {
            Item removed = resultOf(store::remove);
            if (removed != null) {
                assertSame(takeFromModel(0), removed);
            }
        }
    }

    private Item takeFromModel(int index) {
        Item item = model.remove(index).item;
        out.add(item);
        return item;
    }

    private void peek() {
        boolean empty = model.isEmpty();
        Item next = resultOf(store::peek);
        if (next != null) {
            assertSame(model.get(0).item, next);
        } else {
            assertTrue(empty || comparator.failures > 0);
        }
    }

    private void removeAfter() {
        int skip = store.areEntriesOrdered() ? someSkip() : 0;
        if (skip < model.size()) {
            Item removed = resultOf(() -> store.removeAfter(skip));
            if (removed != null) {
                assertSame(takeFromModel(skip), removed);
            }
        }
    }

    private List<Occurrence> shown(int hidden) {
        return new ArrayList<>(model.subList(0, Math.max(0, model.size() - hidden)));
    }

    private void contains() {
        Item item = someItem();
        int skip = someSkip();
        Boolean contains = resultOf(() -> store.contains(item, skip));
        if (contains != null) {
            assertEquals(shown(skip).stream().anyMatch(other -> other.item.equals(item)), contains);
        }
    }

    private void removeObject() {
        Item item = someItem();
        int skip = someSkip();
        List<Occurrence> shown = shown(skip);
        shown.removeIf(other -> !other.item.equals(item));
        Boolean removed = resultOf(() -> store.remove(item, skip));
        if (removed == null) {
            return;
        }
        assertEquals(!shown.isEmpty(), removed);
        if (removed) {
            Occurrence gone = isPriority() ? goneOf(shown) : shown.get(0);
            takeFromModel(model.indexOf(gone));
        }
    }

    private Occurrence goneOf(List<Occurrence> candidates) {
        Set<Item> left = identities(itemsOf(store.entries(0)));
        candidates.removeIf(candidate -> left.contains(candidate.item));
        assertEquals(1, candidates.size());
        return candidates.get(0);
    }

    private void entries() {
        int skip = someSkip();
        List<ElementStore.Entry<Item>> entries = resultOf(() -> store.entries(skip));
        if (entries == null) {
            return;
        }
        List<Occurrence> shown = shown(skip);
        assertSameItems(shown, itemsOf(entries));
        for (ElementStore.Entry<Item> entry : entries) {
            for (Occurrence occurrence : shown) {
                if (occurrence.item == entry.element) {
                    seen.put(entry, occurrence);
                }
            }
        }
    }

    private void removeEntry() {
        List<ElementStore.Entry<Item>> entries = new ArrayList<>(seen.keySet());
        if (!entries.isEmpty()) {
            entries.sort(Comparator.comparingLong(entry -> entry.number)); // the same in each run
            removeEntries(List.of(entries.get(random.nextInt(entries.size()))));
        }
    }

    private void removeSeen() {
        List<ElementStore.Entry<Item>> entries = new ArrayList<>(seen.keySet());
        entries.sort(Comparator.comparingLong(entry -> entry.number));
        Collections.shuffle(entries, random);
        removeEntries(entries.subList(0, entries.size() / 4));
    }

    private void removeEntries(List<ElementStore.Entry<Item>> entries) {
        int skip = someSkip();
        List<Occurrence> expected = shown(skip);
        List<Occurrence> occurrences = new ArrayList<>();
        entries.forEach(entry -> occurrences.add(seen.get(entry)));
        expected.retainAll(occurrences);
        Integer removed = resultOf(() -> store.remove(entries, skip));
        if (removed != null) {
            assertEquals(expected.size(), removed);
            expected.forEach(occurrence -> takeFromModel(model.indexOf(occurrence)));
            seen.keySet().removeIf(entry -> random.nextInt(8) == 0);
        }
    }

    static <E> List<E> removeAll(ElementStore<E> store) {
        List<E> all = new ArrayList<>();
        store.removeAllInto(all);
        return all;
    }

    private void removeAll() {
        if (random.nextInt(20) > 0) {
            return;
        }
        comparator.failures = 0;
        List<Item> all = removeAll(store);
        if (comparator.failures > 0) {
            assertEquals(model.size(), all.size());
            assertEquals(identities(itemsOfModel(model)), identities(all));
        } else {
            assertIdentical(itemsOfModel(model), all);
        }
        out.addAll(all);
        model.clear();
        assertEquals(0, store.size());
    }

    /** Runs a call that changes something, or fails because of the comparator. */
    private boolean succeeds(Runnable call) {
        return resultOf(() -> {
                    call.run();
                    return true;
                })
                != null;
    }

    /** Returns what the call returns, or null if it fails because of the comparator. */
    private <T> T resultOf(Supplier<T> call) {
        comparator.failures = 0;
        try {
            return call.get();
        } catch (FailingComparator.Failure e) {
            return null;
        }
    }

    private void assertAgrees() {
        assertEquals(model.size(), store.size());
        assertSameItems(model, itemsOf(store.entries(0)));
        if (random.nextInt(4) == 0) {
            assertSame(model.isEmpty() ? null : model.get(0).item, store.peek());
        }
        out.removeIf(item -> random.nextInt(4) == 0);
        if (seen.size() > 300) {
            seen.clear();
        }
    }

    private void assertSameItems(List<Occurrence> expected, List<Item> items) {
        if (isPriority()) {
            assertEquals(expected.size(), items.size());
            assertEquals(identities(itemsOfModel(expected)), identities(items));
        } else {
            assertIdentical(itemsOfModel(expected), items);
        }
    }

    /** Asserts that both have the same objects, in the same order. */
    static void assertIdentical(List<Item> expected, List<Item> items) {
        assertEquals(expected.size(), items.size(), () -> "expected " + expected + " but was " + items);
        for (int i = 0; i < items.size(); i++) {
            assertSame(expected.get(i), items.get(i), "at index " + i);
        }
    }

    private static List<Item> itemsOfModel(List<Occurrence> occurrences) {
        List<Item> items = new ArrayList<>();
        occurrences.forEach(occurrence -> items.add(occurrence.item));
        return items;
    }

    /** Returns the elements of the entries. */
    static <E> List<E> itemsOf(List<ElementStore.Entry<E>> entries) {
        List<E> items = new ArrayList<>();
        entries.forEach(entry -> items.add(entry.element));
        return items;
    }

    /** Returns the set of these objects: equal ones are different. */
    static Set<Item> identities(List<Item> items) {
        Set<Item> identities = Collections.newSetFromMap(new IdentityHashMap<>());
        identities.addAll(items);
        return identities;
    }

    /**
     * Asserts that this takes less than two seconds of processor time. It takes a small part of that, unless each call
     * takes longer the more elements there are.
     */
    static void assertFast(Runnable calls) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        calls.run();
        long millis = TimeUnit.NANOSECONDS.toMillis(threads.getCurrentThreadCpuTime() - start);
        assertTrue(millis < 2000, () -> "it took " + millis + " ms");
    }

    /** Asserts that the garbage collector clears all references but this many. */
    static <E> void assertCollected(List<WeakReference<E>> references, int live) {
        Await.awaitUntil("no more than " + live + " references are left", () -> {
            System.gc();
            return count(references) <= live;
        });
        assertEquals(live, count(references));
    }

    private static <E> long count(List<WeakReference<E>> references) {
        return references.stream()
                .filter(reference -> !reference.refersTo(null))
                .count();
    }
}
