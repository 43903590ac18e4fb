package dev.janus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.ElementStoreModel.FailingComparator;
import dev.janus.ElementStoreModel.FailingComparator.Failure;
import dev.janus.ElementStoreModel.Item;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The priority store.
 *
 * <p>Running out of memory is not tested here: a heap allocates its new array and the entry before it changes anything,
 * and moves entries without allocating. {@code OutOfMemoryTest} does it to a queue.
 */
class ElementStoreHeapTest {
    private static final int MANY = 100_000;

    /** How many comparisons a step may take in a heap of {@link #MANY}: two for each of its 17 levels. */
    private static final int FEW = 34;

    private static final int[] KEYS = {5, 3, 8, 1, 9, 2, 7, 4, 6, 0, 3, 5, 1, 8, 2, 2};

    private final FailingComparator comparator = new FailingComparator();
    private final ElementStore<Item> store = ElementStore.priority(comparator);

    private static List<Item> items(int... keys) {
        return IntStream.of(keys).mapToObj(Item::new).toList();
    }

    private List<Item> addItems(int... keys) {
        List<Item> items = items(keys);
        items.forEach(store::add);
        return items;
    }

    /** Adds many items with keys from 0 on, in random order. */
    private List<ElementStore.Entry<Item>> addMany() {
        List<Integer> keys = new ArrayList<>(IntStream.range(0, MANY).boxed().toList());
        Collections.shuffle(keys, new Random(1));
        keys.forEach(key -> store.add(new Item(key)));
        return store.entries(0);
    }

    private static <E> List<E> drain(ElementStore<E> store) {
        List<E> elements = new ArrayList<>();
        while (store.size() > 0) {
            elements.add(store.remove());
        }
        return elements;
    }

    private static List<Item> sorted(List<Item> items) {
        return items.stream().sorted(Comparator.comparingInt(item -> item.key)).toList(); // stable
    }

    private List<Integer> drainKeys() {
        return drain(store).stream().map(item -> item.key).toList();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void everyCall_heapAndListAtRandom_agree(long seed) {
        new ElementStoreModel(store, comparator, seed).run(4000, false);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void everyCall_comparatorFailsAtRandom_isDoneOrChangesNothing(long seed) {
        new ElementStoreModel(store, comparator, seed).run(4000, true);
    }

    @Test
    void order_priority_isItsName() {
        assertEquals("priority", store.order);
    }

    @Test
    void remove_someElements_leastComesFirst() {
        addItems(2, 3, 1);
        assertEquals(List.of(1, 2, 3), drainKeys());
    }

    @Test
    void remove_equalElements_comeInTheOrderOfArrival() {
        List<Item> items = addItems(IntStream.range(0, 1000).map(i -> i * 7 % 5).toArray());
        ElementStoreModel.assertIdentical(sorted(items), drain(store));
    }

    @Test
    void remove_equalElementsComeAndGo_comeInTheOrderOfArrival() {
        List<Item> items = items(new int[100]);
        List<Item> removed = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            store.add(items.get(i));
            if (i % 3 == 2) {
                removed.add(store.remove());
            }
        }
        removed.addAll(drain(store));
        ElementStoreModel.assertIdentical(items, removed);
    }

    @Test
    void remove_empty_throwsAndStaysEmpty() {
        assertEquals(
                "the store is empty",
                assertThrows(IllegalStateException.class, store::remove).getMessage());
        assertEquals(0, store.size());
        assertNull(store.peek());
    }

    @Test
    void peek_someElements_isTheNextAndStays() {
        List<Item> items = addItems(2, 1);
        assertEquals(items.get(1), store.peek());
        assertEquals(2, store.size());
    }

    @Test
    void add_incomparableElementAlone_throwsAndStaysEmpty() {
        ElementStore<Object> objects = ElementStore.priority(naturalOrder());
        assertThrows(ClassCastException.class, () -> objects.add(new Object()));
        assertEquals(0, objects.size());
        objects.add(1);
        assertThrows(ClassCastException.class, () -> objects.add("text"));
        assertEquals(List.of(1), drain(objects));
    }

    @SuppressWarnings("unchecked")
    private static Comparator<Object> naturalOrder() {
        return (one, other) -> ((Comparable<Object>) one).compareTo(other);
    }

    @Test
    void putBack_equalElements_comesFirstAmongThem() {
        List<Item> items = addItems(1, 2, 2, 3);
        List<Item> back = items(2, 2);
        back.forEach(store::putBack);
        ElementStoreModel.assertIdentical(
                List.of(items.get(0), back.get(1), back.get(0), items.get(1), items.get(2), items.get(3)),
                drain(store));
    }

    @Test
    void putBack_elementsTaken_comeAgainInTheSameOrder() {
        List<Item> items = addItems(KEYS);
        List<Item> taken = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            taken.add(store.remove());
        }
        Collections.reverse(taken);
        taken.forEach(store::putBack);
        ElementStoreModel.assertIdentical(sorted(items), drain(store));
    }

    @Test
    void removeAfter_skipSome_throwsAndRemovesNothing() {
        addItems(1, 0);
        assertThrows(UnsupportedOperationException.class, () -> store.removeAfter(1));
        assertThrows(IllegalStateException.class, () -> store.removeAfter(2));
        assertEquals(List.of(0, 1), drainKeys());
    }

    @Test
    void entries_anyNumberHidden_hidesExactlyTheLast() {
        List<Item> inOrder = sorted(addItems(KEYS));
        for (int skip = 0; skip <= KEYS.length + 1; skip++) {
            List<Item> shown = inOrder.subList(0, Math.max(0, inOrder.size() - skip));
            List<Item> entries = ElementStoreModel.itemsOf(store.entries(skip));
            assertEquals(shown.size(), entries.size());
            assertEquals(ElementStoreModel.identities(shown), ElementStoreModel.identities(entries), "skip " + skip);
        }
    }

    @Test
    void contains_hidden_doesNotSeeTheLast() {
        addItems(2, 1);
        assertTrue(store.contains(new Item(1), 0));
        assertTrue(store.contains(new Item(1), 1));
        assertFalse(store.contains(new Item(2), 1));
        assertFalse(store.contains(new Item(1), 3));
        assertFalse(store.contains(new Item(3), 0));
    }

    @Test
    void remove_objectHidden_leavesIt() {
        List<Item> items = addItems(2, 1, 1);
        assertFalse(store.remove(new Item(2), 1));
        assertTrue(store.remove(new Item(1), 2));
        assertFalse(store.remove(new Item(1), 2));
        ElementStoreModel.assertIdentical(List.of(items.get(2), items.get(0)), drain(store));
    }

    @Test
    void remove_equalsThrows_removesNothing() {
        Object unequal = new Object() {
            @Override
            public boolean equals(Object other) {
                throw new ArithmeticException();
            }

            @Override
            public int hashCode() {
                return 0;
            }
        };
        addItems(2, 1);
        assertThrows(ArithmeticException.class, () -> store.remove(unequal, 0));
        assertThrows(ArithmeticException.class, () -> store.contains(unequal, 1));
        assertFalse(store.contains(unequal, 2));
        assertEquals(List.of(1, 2), drainKeys());
    }

    @Test
    void remove_sameObjectTwice_removesThatOccurrence() {
        Item item = new Item(1);
        store.add(item);
        store.add(new Item(2));
        store.add(item);
        ElementStore.Entry<Item> later = Collections.max(
                store.entries(0).stream().filter(entry -> entry.element == item).toList(),
                Comparator.comparingLong(entry -> entry.number));
        assertEquals(1, store.remove(List.of(later), 0));
        assertEquals(0, store.remove(List.of(later), 0));
        assertEquals(List.of(1, 2), drainKeys());
    }

    @Test
    void remove_elementWasTakenAndPutBack_isAnotherOccurrence() {
        addItems(0, 1);
        List<ElementStore.Entry<Item>> entries = store.entries(0);
        store.putBack(store.remove());
        assertEquals(1, store.remove(entries, 0));
        assertEquals(List.of(0), drainKeys());
    }

    @Test
    void remove_entriesOfAllThatLeft_findsNone() {
        addItems(KEYS);
        List<ElementStore.Entry<Item>> entries = store.entries(0);
        store.remove();
        store.remove();
        store.remove(new Item(9), 0);
        assertEquals(KEYS.length - 3, ElementStoreModel.removeAll(store).size());
        addItems(KEYS);
        assertEquals(0, store.remove(entries, 0));
        assertEquals(KEYS.length, store.size());
    }

    @Test
    void remove_entriesAmongTheHidden_leavesThem() {
        addItems(3, 1, 0, 2);
        List<ElementStore.Entry<Item>> entries = store.entries(0);
        assertEquals(0, store.remove(entries, 4));
        assertEquals(0, store.remove(entries, 9));
        assertEquals(2, store.remove(entries, 2));
        assertEquals(List.of(2, 3), drainKeys());
    }

    @Test
    void removeAll_someElements_returnsAllInOrder() {
        List<Item> items = addItems(KEYS);
        ElementStoreModel.assertIdentical(sorted(items), ElementStoreModel.removeAll(store));
        assertEquals(0, store.size());
        assertEquals(List.of(), ElementStoreModel.removeAll(store));
    }

    // A comparator that throws

    /** A call on a store of {@link #KEYS}, and what it does to a list that is in the store's order. */
    enum Call {
        ADD(store -> store.add(PUT), ElementStoreHeapTest::addToList),
        PUT_BACK(store -> store.putBack(PUT), list -> {
            int index = (int) list.stream().filter(item -> item.key < PUT.key).count();
            list.add(index, PUT);
        }),
        PEEK(ElementStore::peek, list -> {}),
        REMOVE(ElementStore::remove, list -> list.remove(0)),
        ENTRIES(store -> store.entries(3), list -> {}),
        CONTAINS(store -> store.contains(new Item(9), 3), list -> {}),
        REMOVE_OBJECT(store -> store.remove(new Item(4), 0), list -> list.remove(new Item(4))),
        REMOVE_OBJECT_WITH_HIDDEN(store -> store.remove(new Item(4), 3), list -> list.remove(new Item(4))),
        REMOVE_ENTRY(store -> store.remove(entries(store, 4), 0), list -> list.remove(new Item(4))),
        REMOVE_ENTRIES(store -> store.remove(entries(store, 4, 6, 7), 0), list -> list.removeAll(items(4, 6, 7))),
        REMOVE_ENTRIES_WITH_HIDDEN(
                store -> store.remove(entries(store, 4, 6, 7, 9), 2), list -> list.removeAll(items(4, 6, 7)));

        private final Consumer<ElementStore<Item>> onStore;
        private final Consumer<List<Item>> onList;

        Call(Consumer<ElementStore<Item>> onStore, Consumer<List<Item>> onList) {
            this.onStore = onStore;
            this.onList = onList;
        }
    }

    private static final Item PUT = new Item(2);

    private static void addToList(List<Item> list) {
        list.add((int) list.stream().filter(item -> item.key <= PUT.key).count(), PUT);
    }

    /** Returns the entries that have one of these keys. */
    private static List<ElementStore.Entry<Item>> entries(ElementStore<Item> store, int... keys) {
        return store.entries(0).stream()
                .filter(entry -> IntStream.of(keys).anyMatch(key -> key == entry.element.key))
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void everyCall_anyComparisonThrows_isDoneOrChangesNothing(Call call) {
        assertTrue(failAtEachComparison(call, false, false) >= 0);
        failAtEachComparison(call, true, false);
    }

    /** The heap is out of order before: a comparison has thrown when an element was put back. */
    @ParameterizedTest
    @EnumSource
    void everyCall_outOfOrderAndAnyComparisonThrows_isDoneOrChangesNothing(Call call) {
        failAtEachComparison(call, false, true);
        failAtEachComparison(call, true, true);
    }

    /** Lets the call fail at its first comparison, then at its second, and so on, until it has no more comparisons. */
    private static int failAtEachComparison(Call call, boolean again, boolean outOfOrder) {
        int comparison = 0;
        while (failsOrIsDone(call, comparison, again, outOfOrder)) {
            comparison++;
        }
        return comparison;
    }

    private static boolean failsOrIsDone(Call call, int comparison, boolean again, boolean outOfOrder) {
        FailingComparator comparator = new FailingComparator();
        ElementStore<Item> store = ElementStore.priority(comparator);
        List<Item> items = new ArrayList<>(items(KEYS));
        items.forEach(store::add);
        List<Item> model = new ArrayList<>(sorted(items));
        if (outOfOrder) {
            comparator.failAt(0, false);
            Item least = new Item(-1);
            store.putBack(least);
            assertEquals(1, comparator.failures);
            model.add(0, least);
        }
        comparator.failAt(comparison, again);
        boolean done = true;
        try {
            call.onStore.accept(store);
        } catch (Failure e) {
            done = false;
        }
        boolean failed = comparator.failures > 0;
        comparator.heal();
        if (done) {
            call.onList.accept(model);
        }
        ElementStoreModel.assertIdentical(model, drain(store));
        return failed;
    }

    @Test
    void removeAll_anyComparisonThrows_returnsAll() {
        int failures = 0;
        for (int comparison = 0; comparison < 60; comparison++) {
            for (boolean again : new boolean[] {false, true}) {
                List<Item> items = addItems(KEYS);
                if (comparison % 2 == 0) {
                    comparator.failAt(0, false);
                    store.putBack(PUT);
                } else {
                    store.add(PUT);
                }
                comparator.failAt(comparison, again);
                List<Item> all = ElementStoreModel.removeAll(store);
                failures += comparator.failures;
                comparator.heal();
                assertEquals(items.size() + 1, all.size());
                assertTrue(ElementStoreModel.identities(all).containsAll(items));
                assertEquals(0, store.size());
            }
        }
        assertTrue(failures > 60);
    }

    @Test
    void putBack_comparatorKeepsThrowing_elementIsKeptAndComesInOrderLater() {
        List<Item> items = addItems(3, 1, 2);
        comparator.failAt(0, true);
        List<Item> back = items(2, 0, 2);
        back.forEach(store::putBack);
        assertEquals(6, store.size());
        assertThrows(Failure.class, store::remove);
        assertThrows(Failure.class, store::peek);
        assertThrows(Failure.class, () -> store.add(new Item(1)));
        assertThrows(Failure.class, () -> store.entries(1));
        assertThrows(Failure.class, () -> store.contains(new Item(1), 1));
        assertEquals(6, store.size());
        comparator.heal();
        ElementStoreModel.assertIdentical(
                List.of(back.get(1), items.get(1), back.get(2), back.get(0), items.get(2), items.get(0)), drain(store));
    }

    /** The way out for a queue with an element that cannot be compared. */
    @Test
    void remove_byNameWhileComparatorKeepsThrowing_needsNoOrder() {
        addItems(3, 1, 4, 2, 5);
        comparator.failAt(0, true);
        store.putBack(new Item(0));
        assertTrue(store.contains(new Item(0), 0));
        assertEquals(6, store.entries(0).size());
        assertTrue(store.remove(new Item(0), 0));
        assertTrue(store.remove(new Item(1), 0));
        assertEquals(1, store.remove(entries(store, 4), 0));
        comparator.heal();
        assertEquals(List.of(2, 3, 5), drainKeys());
    }

    /** An element that is out of order must not take the place of one that is in order, above it. */
    @Test
    void remove_byNameWhileOutOfOrder_othersComeInOrder() {
        addItems(0, 1, 2);
        comparator.failAt(0, true);
        store.putBack(new Item(-1));
        store.putBack(new Item(5));
        comparator.heal();
        assertTrue(store.remove(new Item(1), 0));
        assertEquals(List.of(-1, 0, 2, 5), drainKeys());
    }

    @Test
    void putBack_aloneWhileComparatorThrows_isKept() {
        comparator.failAt(0, true);
        store.putBack(new Item(1));
        assertEquals(1, store.remove().key);
    }

    /** An order that is none: it makes no sense of the order, but neither loses nor doubles an element. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everyCall_comparatorAnswersAtRandom_nothingIsLostOrDoubled(long seed) {
        Random random = new Random(seed);
        ElementStore<Integer> integers = ElementStore.priority((one, other) -> random.nextInt(3) - 1);
        List<Integer> model = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            int choice = random.nextInt(10);
            if (choice < 4) {
                integers.add(i);
                model.add(i);
            } else if (choice < 5) {
                integers.putBack(i);
                model.add(i);
            } else if (!model.isEmpty() && choice < 8) {
                assertTrue(model.remove(integers.remove()));
            } else if (!model.isEmpty()) {
                Integer element = model.remove(random.nextInt(model.size()));
                assertTrue(integers.remove(element, 0));
            }
            List<Integer> left = new ArrayList<>(ElementStoreModel.itemsOf(integers.entries(0)));
            Collections.sort(left);
            assertEquals(model.stream().sorted().toList(), left);
        }
        assertEquals(model.size(), ElementStoreModel.removeAll(integers).size());
    }

    // How much is compared

    @Test
    void everyStep_manyElements_comparesFew() {
        List<ElementStore.Entry<Item>> entries = addMany();
        for (int i = 0; i < 1000; i++) {
            int number = i;
            assertCompares(FEW, store::remove);
            assertCompares(FEW, () -> store.add(new Item(number)));
            assertCompares(0, store::peek);
            assertCompares(FEW, () -> store.putBack(new Item(number)));
            assertCompares(FEW, () -> store.remove(List.of(entries.get(MANY / 2 + number)), 0));
        }
    }

    private void assertCompares(int most, Runnable step) {
        comparator.comparisons = 0;
        step.run();
        assertTrue(comparator.comparisons <= most, comparator.comparisons + " comparisons");
    }

    @Test
    void entries_nothingHidden_comparesNothing() {
        addMany();
        assertCompares(0, () -> store.entries(0));
        assertCompares(0, () -> store.contains(new Item(-1), 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5})
    void remove_manyEntriesOneByOne_isFast(int skip) {
        addMany();
        List<ElementStore.Entry<Item>> entries = store.entries(skip);
        ElementStoreModel.assertFast(() -> entries.forEach(entry -> store.remove(List.of(entry), skip)));
        assertEquals(IntStream.range(MANY - skip, MANY).boxed().toList(), drainKeys());
    }

    @Test
    void remove_manyEntriesAtOnce_isFast() {
        addMany();
        List<ElementStore.Entry<Item>> entries = store.entries(1);
        ElementStoreModel.assertFast(() -> assertEquals(MANY - 1, store.remove(entries, 1)));
        assertEquals(List.of(MANY - 1), drainKeys());
    }

    @Test
    void everyExit_elementRemoved_canBeCollected() throws InterruptedException {
        List<WeakReference<Item>> references = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Item item = new Item(i * 7 % 40);
            references.add(new WeakReference<>(item));
            store.add(item);
        }
        store.remove();
        store.remove();
        store.remove(new Item(10), 0);
        store.remove(entries(store, 20, 21, 39), 0);
        ElementStoreModel.assertCollected(references, 34);
        assertEquals(34, ElementStoreModel.removeAll(store).size());
        ElementStoreModel.assertCollected(references, 0);
    }
}
