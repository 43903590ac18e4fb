package dev.janus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The fifo and the lifo store.
 *
 * <p>Running out of memory is not tested here: a ring allocates both of its new arrays before it changes anything, and
 * nothing else in {@code add} and {@code putBack} can throw. {@code OutOfMemoryTest} does it to a queue.
 */
class ElementStoreRingTest {
    private static final int MANY = 100_000;

    private static ElementStore<Integer> fifoOf(int... elements) {
        ElementStore<Integer> store = ElementStore.fifo();
        for (int element : elements) {
            store.add(element);
        }
        return store;
    }

    private static ElementStore<Integer> fifoOfMany() {
        return fifoOf(IntStream.range(0, MANY).toArray());
    }

    private static List<Integer> drain(ElementStore<Integer> store) {
        List<Integer> elements = new ArrayList<>();
        while (store.size() > 0) {
            elements.add(store.remove());
        }
        return elements;
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    private static ElementStore.Entry<Integer> entryOf(ElementStore<Integer> store, int element) {
        return store.entries(0).stream()
                .filter(entry -> entry.element == element)
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void everyCall_fifoAndListAtRandom_agree(long seed) {
        new ElementStoreModel(ElementStore.fifo(), new ElementStoreModel.FailingComparator(), seed).run(4000, false);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void everyCall_lifoAndListAtRandom_agree(long seed) {
        new ElementStoreModel(ElementStore.lifo(), new ElementStoreModel.FailingComparator(), seed).run(4000, false);
    }

    @Test
    void order_eachStore_isItsName() {
        assertEquals("fifo", ElementStore.fifo().order);
        assertEquals("lifo", ElementStore.lifo().order);
    }

    @Test
    void remove_fifo_firstComesFirst() {
        assertEquals(List.of(1, 2, 3), drain(fifoOf(1, 2, 3)));
    }

    @Test
    void remove_lifo_lastComesFirst() {
        ElementStore<Integer> store = ElementStore.lifo();
        range(0, 40).forEach(store::add);
        List<Integer> expected = new ArrayList<>(range(0, 40));
        Collections.reverse(expected);
        assertEquals(expected, drain(store));
    }

    @Test
    void remove_empty_throwsAndStaysEmpty() {
        ElementStore<Integer> store = fifoOf(1);
        store.remove();
        assertEquals(
                "the store is empty",
                assertThrows(IllegalStateException.class, store::remove).getMessage());
        assertEquals(0, store.size());
        store.add(2);
        assertEquals(List.of(2), drain(store));
    }

    @Test
    void peek_someElements_isTheNextAndStays() {
        ElementStore<Integer> store = fifoOf(1, 2);
        assertEquals(1, store.peek());
        assertEquals(2, store.size());
        ElementStoreModel.removeAll(store);
        assertNull(store.peek());
    }

    @Test
    void putBack_fifo_comesFirst() {
        ElementStore<Integer> store = fifoOf(1, 2);
        store.putBack(0);
        store.putBack(-1);
        assertEquals(List.of(-1, 0, 1, 2), drain(store));
    }

    @Test
    void putBack_lifo_comesFirst() {
        ElementStore<Integer> store = ElementStore.lifo();
        store.add(1);
        store.add(2);
        store.putBack(9);
        assertEquals(List.of(9, 2, 1), drain(store));
    }

    /** The head is in every cell once: the elements wrap around the end of the array in every way. */
    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void grow_headAnywhere_keepsTheOrder(boolean withHole, boolean byPutBack) {
        for (int head = 0; head < 16; head++) {
            ElementStore<Integer> store = ElementStore.fifo();
            for (int i = 0; i < head; i++) {
                store.add(i);
                store.remove();
            }
            List<Integer> expected = new ArrayList<>(range(0, 16));
            expected.forEach(store::add);
            if (withHole) {
                assertTrue(store.remove(7, 0));
                expected.remove(7);
            }
            for (int i = 16; i < 40; i++) {
                if (byPutBack) {
                    store.putBack(i);
                    expected.add(0, i);
                } else {
                    store.add(i);
                    expected.add(i);
                }
            }
            assertEquals(expected, drain(store), "head " + head);
        }
    }

    @Test
    void add_manyHolesInAFullRing_usesTheirCells() {
        ElementStore<Integer> store =
                fifoOf(range(0, 16).stream().mapToInt(i -> i).toArray());
        List.of(3, 4, 8, 9, 12, 13).forEach(element -> assertTrue(store.remove(element, 0)));
        List.of(20, 21, 22, 23, 24, 25, 26).forEach(store::add);
        assertEquals(List.of(0, 1, 2, 5, 6, 7, 10, 11, 14, 15, 20, 21, 22, 23, 24, 25, 26), drain(store));
    }

    @Test
    void add_entriesOfRemovedElementsInReusedCells_areNotThereAnyMore() {
        ElementStore<Integer> store = fifoOf(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        List<ElementStore.Entry<Integer>> entries = store.entries(0);
        store.remove(entries.subList(2, 8), 0);
        range(10, 40).forEach(store::add);
        assertEquals(0, store.remove(entries.subList(2, 8), 0));
        assertEquals(4, store.remove(entries, 0));
        assertEquals(range(10, 40), drain(store));
    }

    @Test
    void removeAfter_skipSome_removesTheOneAfterThem() {
        ElementStore<Integer> store = fifoOf(0, 1, 2, 3, 4);
        assertEquals(2, store.removeAfter(2));
        assertEquals(3, store.removeAfter(2));
        assertEquals(0, store.removeAfter(0));
        assertEquals(4, store.removeAfter(1));
        assertEquals(List.of(1), drain(store));
    }

    @Test
    void removeAfter_lifo_skipsTheNewest() {
        ElementStore<Integer> store = ElementStore.lifo();
        range(0, 5).forEach(store::add);
        assertEquals(2, store.removeAfter(2));
        assertEquals(List.of(4, 3, 1, 0), drain(store));
    }

    @Test
    void removeAfter_skipAll_throwsAndRemovesNothing() {
        ElementStore<Integer> store = fifoOf(0, 1);
        assertThrows(IllegalStateException.class, () -> store.removeAfter(2));
        assertThrows(IllegalStateException.class, () -> store.removeAfter(3));
        assertEquals(List.of(0, 1), drain(store));
    }

    @Test
    void removeAfter_holesAmongTheSkipped_skipsElementsOnly() {
        ElementStore<Integer> store = fifoOf(0, 1, 2, 3, 4, 5, 6, 7, 8);
        store.remove(1, 0);
        store.remove(2, 0);
        store.remove(5, 0);
        assertEquals(4, store.removeAfter(2));
        assertEquals(6, store.removeAfter(2));
        assertEquals(List.of(0, 3, 7, 8), drain(store));
    }

    @Test
    void removeAll_holesAndWrapped_returnsAllInOrder() {
        ElementStore<Integer> store =
                fifoOf(range(0, 16).stream().mapToInt(i -> i).toArray());
        range(0, 10).forEach(i -> store.remove());
        range(16, 24).forEach(store::add);
        store.remove(15, 0);
        store.remove(20, 0);
        assertEquals(List.of(10, 11, 12, 13, 14, 16, 17, 18, 19, 21, 22, 23), ElementStoreModel.removeAll(store));
        assertEquals(0, store.size());
        store.add(1);
        assertEquals(List.of(1), drain(store));
    }

    @Test
    void entries_hidden_hidesTheLast() {
        ElementStore<Integer> store = fifoOf(0, 1, 2, 3);
        store.remove(1, 0);
        assertEquals(List.of(0, 2, 3), ElementStoreModel.itemsOf(store.entries(0)));
        assertEquals(List.of(0), ElementStoreModel.itemsOf(store.entries(2)));
        assertEquals(List.of(), store.entries(3));
        assertEquals(List.of(), store.entries(9));
        assertEquals(List.of(0, 2, 3), drain(store));
    }

    @Test
    void contains_hidden_doesNotSeeTheLast() {
        ElementStore<Integer> store = fifoOf(1, 2);
        assertTrue(store.contains(1, 0));
        assertTrue(store.contains(1, 1));
        assertFalse(store.contains(2, 1));
        assertFalse(store.contains(1, 5));
        assertFalse(store.contains(3, 0));
    }

    @Test
    void remove_equalElements_removesTheFirst() {
        List<ElementStoreModel.Item> items = IntStream.range(0, 4)
                .mapToObj(i -> new ElementStoreModel.Item(7))
                .toList();
        ElementStore<ElementStoreModel.Item> store = ElementStore.fifo();
        items.forEach(store::add);
        assertTrue(store.remove(items.get(3), 1));
        assertTrue(store.remove(items.get(3), 0));
        assertFalse(store.remove(items.get(3), 2));
        ElementStoreModel.assertIdentical(List.of(items.get(2), items.get(3)), ElementStoreModel.removeAll(store));
    }

    /** The object that is asked for decides what it equals, as with the collections of the JDK. */
    @Test
    void contains_objectOfAnotherType_isAskedForItsEquals() {
        Object equalsAll = new Object() {
            @Override
            public boolean equals(Object other) {
                return true;
            }

            @Override
            public int hashCode() {
                return 0;
            }
        };
        ElementStore<Integer> store = fifoOf(1);
        assertTrue(store.contains(equalsAll, 0));
        assertFalse(store.contains(equalsAll, 1));
    }

    @Test
    void remove_equalsThrows_removesNothing() {
        Object unequal = new Object() {
            @Override
            public boolean equals(Object other) {
                if (other.equals(2)) {
                    throw new ArithmeticException();
                }
                return false;
            }

            @Override
            public int hashCode() {
                return 0;
            }
        };
        ElementStore<Integer> store = fifoOf(0, 1, 2, 3);
        assertThrows(ArithmeticException.class, () -> store.remove(unequal, 1));
        assertThrows(ArithmeticException.class, () -> store.contains(unequal, 1));
        assertEquals(List.of(0, 1, 2, 3), drain(store));
    }

    @Test
    void remove_entriesAmongTheHidden_leavesThem() {
        ElementStore<Integer> store = fifoOf(0, 1, 2, 3);
        List<ElementStore.Entry<Integer>> entries = store.entries(0);
        assertEquals(0, store.remove(entries, 4));
        assertEquals(0, store.remove(entries, 9));
        assertEquals(1, store.remove(entries, 3));
        assertEquals(2, store.remove(entries, 1));
        assertEquals(List.of(3), drain(store));
    }

    @Test
    void remove_sameObjectTwice_removesThatOccurrence() {
        ElementStore<Integer> store = fifoOf(7, 1, 7);
        ElementStore.Entry<Integer> last = store.entries(0).get(2);
        assertEquals(1, store.remove(List.of(last), 0));
        assertEquals(0, store.remove(List.of(last), 0));
        assertEquals(List.of(7, 1), drain(store));
    }

    @Test
    void remove_elementWasTakenAndPutBack_isAnotherOccurrence() {
        ElementStore<Integer> store = fifoOf(0, 1, 2);
        ElementStore.Entry<Integer> entry = entryOf(store, 0);
        store.putBack(store.remove());
        assertEquals(0, store.remove(List.of(entry), 0));
        store.remove();
        store.putBack(9);
        assertEquals(0, store.remove(List.of(entry), 0));
        assertEquals(1, store.remove(List.of(entryOf(store, 9)), 0));
        assertEquals(List.of(1, 2), drain(store));
    }

    @Test
    void remove_sameEntryTwiceInOneCall_countsOnce() {
        ElementStore<Integer> store = fifoOf(0, 1, 2);
        ElementStore.Entry<Integer> entry = entryOf(store, 1);
        assertEquals(1, store.remove(List.of(entry, entry, entryOf(store, 1)), 0));
        assertEquals(List.of(0, 2), drain(store));
    }

    // Times: none of these grows with the number of elements per step

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 50})
    void remove_manyEntriesOneByOneInOrder_isFast(int skip) {
        ElementStore<Integer> store = fifoOfMany();
        List<ElementStore.Entry<Integer>> entries = store.entries(skip);
        ElementStoreModel.assertFast(() -> entries.forEach(entry -> store.remove(List.of(entry), skip)));
        assertEquals(range(MANY - skip, MANY), drain(store));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 50})
    void remove_manyEntriesOneByOneShuffled_isFast(int skip) {
        ElementStore<Integer> store = fifoOfMany();
        List<ElementStore.Entry<Integer>> entries = store.entries(skip);
        Collections.shuffle(entries, new Random(1));
        ElementStoreModel.assertFast(() -> entries.forEach(entry -> store.remove(List.of(entry), skip)));
        assertEquals(range(MANY - skip, MANY), drain(store));
    }

    @Test
    void remove_manyEntriesAtOnce_isFast() {
        ElementStore<Integer> store = fifoOfMany();
        List<ElementStore.Entry<Integer>> entries = store.entries(1);
        ElementStoreModel.assertFast(() -> assertEquals(MANY - 1, store.remove(entries, 1)));
        assertEquals(List.of(MANY - 1), drain(store));
    }

    @Test
    void contains_allButTheEndsRemoved_isFast() {
        ElementStore<Integer> store = fifoOfMany();
        List<ElementStore.Entry<Integer>> entries = store.entries(0);
        store.remove(entries.subList(1, MANY - 1), 0);
        ElementStoreModel.assertFast(() -> range(0, MANY).forEach(i -> assertFalse(store.contains(-1, 0))));
        assertEquals(List.of(0, MANY - 1), drain(store));
    }

    /** Holes that are too few to be closed are in front of the last elements, which the head then reaches. */
    @Test
    void remove_headReachesHoles_fewAreLeft() {
        ElementStore<Integer> store = fifoOfMany();
        List<ElementStore.Entry<Integer>> entries = store.entries(0);
        store.remove(entries.subList(MANY / 2 + 1, MANY - 1), 0);
        for (int i = 0; i < MANY / 2; i++) {
            store.remove();
        }
        ElementStoreModel.assertFast(() -> range(0, MANY).forEach(i -> assertFalse(store.contains(-1, 0))));
        assertEquals(List.of(MANY / 2, MANY - 1), drain(store));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 50})
    void removeAfter_many_isFast(int skip) {
        ElementStore<Integer> store = fifoOfMany();
        ElementStoreModel.assertFast(() -> {
            for (int i = skip; i < MANY; i++) {
                assertEquals(i, store.removeAfter(skip));
            }
        });
        assertEquals(range(0, skip), drain(store));
    }

    @Test
    void removeAfter_manyHolesBehindTheFirst_isFast() {
        ElementStore<Integer> store = fifoOfMany();
        List<ElementStore.Entry<Integer>> entries = store.entries(0);
        store.remove(entries.subList(1, MANY / 2 - 1), 0);
        ElementStoreModel.assertFast(() -> {
            for (int i = 0; i < MANY; i++) {
                store.add(store.removeAfter(1));
            }
        });
        assertEquals(0, store.peek());
    }

    @Test
    void add_fullWithOneHoleAgainAndAgain_isFast() {
        int full = 1 << 17;
        ElementStore<Integer> store = fifoOf(IntStream.range(0, full).toArray());
        List<ElementStore.Entry<Integer>> entries = store.entries(0);
        ElementStoreModel.assertFast(() -> {
            for (int i = 0; i < full / 2; i++) {
                store.remove(List.of(entries.get(2 * i + 1)), 0);
                store.add(full + i);
            }
        });
        assertEquals(full, store.size());
    }

    /** The head moves back and forth over the same border. */
    @Test
    void putBack_manyRemovedAndPutBack_isFast() {
        ElementStore<Integer> store = fifoOfMany();
        store.remove(store.entries(0).subList(1, MANY / 2 - 1), 0);
        ElementStoreModel.assertFast(() -> range(0, MANY).forEach(i -> store.putBack(store.remove())));
        assertEquals(0, store.peek());
    }

    // Memory

    /** A way in which an element leaves. */
    enum Exit {
        REMOVE(ElementStore::remove),
        REMOVE_AFTER(store -> store.removeAfter(2)),
        REMOVE_OBJECT(store -> store.remove(store.entries(3).get(0).element, 0)),
        REMOVE_ENTRY(store -> store.remove(store.entries(4).subList(0, 1), 0)),
        REMOVE_MANY(store -> store.remove(store.entries(1).subList(3, 9), 1)),
        REMOVE_LAST(store -> store.remove(store.entries(store.size() - 1), 0)),
        GROW(store -> {
            store.remove(store.entries(4).subList(0, 1), 0);
            IntStream.range(0, 40).forEach(i -> store.add(new Object()));
        }),
        REMOVE_ALL(ElementStoreModel::removeAll);

        private final Consumer<ElementStore<Object>> body;

        Exit(Consumer<ElementStore<Object>> body) {
            this.body = body;
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyExit_elementRemoved_canBeCollected(Exit exit) throws InterruptedException {
        for (ElementStore<Object> store : List.of(ElementStore.fifo(), ElementStore.lifo())) {
            List<WeakReference<Object>> references = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                Object element = new Object();
                references.add(new WeakReference<>(element));
                store.add(element);
            }
            exit.body.accept(store);
            int live = (int) ElementStoreModel.itemsOf(store.entries(0)).stream()
                    .filter(element -> references.stream().anyMatch(reference -> reference.refersTo(element)))
                    .count();
            ElementStoreModel.assertCollected(references, live);
            assertTrue(store.size() >= live);
        }
    }

    @Test
    void everyStep_noGrowth_allocatesNothing() {
        ElementStore<Integer> store = fifoOf(1, 2, 3);
        Integer element = 5;
        long allocated = bytesAllocatedBy(() -> {
            for (int i = 0; i < MANY; i++) {
                store.add(element);
                store.putBack(element);
                store.remove();
                store.removeAfter(1);
            }
        });
        assertTrue(allocated < MANY, allocated + " bytes");
        assertEquals(3, store.size());
    }

    @Test
    void add_manyHolesInAFullRing_doesNotGrow() {
        int full = 1 << 17;
        ElementStore<Integer> store = fifoOf(IntStream.range(0, full).toArray());
        assertEquals(full / 3, store.remove(store.entries(0).subList(1, 1 + full / 3), 0));
        Integer element = 5;
        long allocated = bytesAllocatedBy(() -> {
            for (int i = 0; i < full / 3; i++) {
                store.add(element);
            }
        });
        assertTrue(allocated < full, allocated + " bytes");
        assertEquals(full, store.size());
    }

    private static long bytesAllocatedBy(Runnable steps) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(thread);
        steps.run();
        return threads.getThreadAllocatedBytes(thread) - before;
    }
}
