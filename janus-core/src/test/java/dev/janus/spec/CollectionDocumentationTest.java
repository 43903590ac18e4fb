package dev.janus.spec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.JanusQueue;
import dev.janus.fixtures.QueueAssertions;
import dev.janus.fixtures.QueueKind;
import dev.janus.fixtures.QueueSuite;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What {@link Collection} says of the methods for one element, and of size, arrays and equality. The bulk methods are in
 * {@link CollectionBulkDocumentationTest}, iterators and streams in {@link IteratorDocumentationTest} and
 * {@link WeaklyConsistentDocumentationTest}.
 */
class CollectionDocumentationTest extends QueueSuite {
    private static final Integer ABSENT = 1000;

    /** An object that says of every text that it is equal; no text says so of it. */
    private static final class LikeEveryText {
        @Override
        public boolean equals(Object other) {
            return other instanceof String;
        }

        @Override
        public int hashCode() {
            return 0;
        }
    }

    @QueueKind.Every
    @DisplayName("size and isEmpty: the number of elements, and whether it is 0")
    void sizeAndIsEmpty_everyFill_areExact(QueueKind kind) {
        Collection<Integer> collection = queue(kind).sync();
        int size = 0;
        for (Integer element : kind.someElements()) {
            assertEquals(size == 0, collection.isEmpty());
            assertEquals(size++, collection.size());
            collection.add(element);
        }
        assertEquals(kind.someElements().size(), collection.size());
        for (Integer element : kind.someElements()) {
            collection.remove(element);
            assertEquals(--size, collection.size());
        }
        assertTrue(collection.isEmpty());
    }

    @QueueKind.Every
    @DisplayName("contains: true if and only if an element is equal; what can be no element is not in it")
    void contains_presentAbsentAndIneligible_tellsThemApart(QueueKind kind) {
        Collection<?> collection = queueOfSome(kind).sync();
        kind.someElements().forEach(element -> assertTrue(collection.contains(element)));
        assertFalse(collection.contains(ABSENT));
        assertFalse(collection.contains(null));
        assertFalse(collection.contains("text"));
        assertFalse(collection.contains((long) 11));
    }

    @Test
    @DisplayName("contains and remove: equal by equals, not by identity, and the argument is asked")
    void containsAndRemove_equalObjects_askTheArgument() {
        for (QueueKind.Order order : List.of(QueueKind.Order.FIFO, QueueKind.Order.LIFO, QueueKind.Order.PRIORITY)) {
            JanusQueue<String> queue = checked(ofTexts(order));
            queue.sync().add("text");
            assertTrue(((Collection<?>) queue.sync()).contains(new LikeEveryText()));
            assertTrue(queue.sync().contains(new String("text")));
            assertTrue(((Collection<?>) queue.sync()).remove(new LikeEveryText()));
            queue.sync().add("text");
            assertTrue(queue.sync().remove(new String("text")));
            assertEquals(0, queue.size());
        }
    }

    private static JanusQueue<String> ofTexts(QueueKind.Order order) {
        return switch (order) {
            case FIFO -> JanusQueue.fifo(4);
            case LIFO -> JanusQueue.lifo(4);
            default -> JanusQueue.priority(4);
        };
    }

    @Test
    @DisplayName("contains and remove: equal by equals, not by the comparator")
    void containsAndRemove_equalByComparatorOnly_findNothing() {
        JanusQueue<String> queue = checked(JanusQueue.priority(4, String.CASE_INSENSITIVE_ORDER));
        queue.sync().add("text");
        assertFalse(queue.sync().contains("TEXT"));
        assertFalse(queue.sync().remove("TEXT"));
        assertEquals(List.of("text"), QueueAssertions.takeAll(queue));
    }

    @QueueKind.Every
    @DisplayName("remove: a single one, and true if there was one")
    void removeElement_onceTwiceAndNever_returnsWhetherItWasThere(QueueKind kind) {
        Collection<?> collection = queueOfSome(kind).sync();
        for (Integer element : kind.someElements()) {
            assertTrue(collection.remove(element));
            assertFalse(collection.remove(element));
        }
        assertFalse(collection.remove(ABSENT));
        assertFalse(collection.remove(null));
        assertFalse(collection.remove("text"));
        assertTrue(collection.isEmpty());
    }

    @QueueKind.Roomy
    @DisplayName("add and remove: equal elements are kept one beside the other, and go one at a time")
    void addAndRemove_equalElements_countEach(QueueKind kind) {
        JanusQueue<Integer> queue = queue(kind);
        for (int i = 0; i < 3; i++) {
            assertTrue(queue.sync().add(4), "changed, though an equal one was there");
        }
        assertEquals(3, queue.size());
        assertTrue(queue.sync().remove((Integer) 4));
        assertEquals(List.of(4, 4), QueueAssertions.takeAll(queue));
    }

    @QueueKind.Every
    @DisplayName("add: what is not added is refused by an exception, never by false")
    void add_untilFull_isTrueOrThrows(QueueKind kind) {
        Collection<Integer> collection = queueOfSome(kind).sync();
        assertThrows(NullPointerException.class, () -> collection.add(null));
        if (kind.capacity() < QueueKind.UNBOUNDED) {
            while (collection.size() < kind.capacity()) {
                assertTrue(collection.add(ABSENT));
            }
            assertThrows(IllegalStateException.class, () -> collection.add(ABSENT));
        }
    }

    @QueueKind.Every
    @DisplayName("toArray: a new array of class Object[] in the iterator's order, the caller's own")
    void toArray_anyFill_isACopyInTheIteratorsOrder(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        Object[] array = queue.sync().toArray();
        assertSame(Object[].class, array.getClass());
        assertEquals(iterated(queue.sync()), Arrays.asList(array));
        assertNotSame(array, queue.sync().toArray());
        Arrays.fill(array, null);
        assertEquals(kind.arranged(kind.someElements()), QueueAssertions.takeAll(queue));
        assertArrayEquals(new Object[0], queue.sync().toArray());
    }

    @QueueKind.Every
    @DisplayName("toArray into an array: into it if it fits, with null behind the last, or into a new one of its class")
    void toArrayInto_everyLength_fillsOrGrows(QueueKind kind) {
        Collection<Integer> collection = queueOfSome(kind).sync();
        List<Integer> expected = iterated(collection);
        int size = expected.size();
        for (int length = 0; length <= size + 3; length++) {
            Number[] given = new Number[length];
            Arrays.fill(given, ABSENT);
            Number[] array = collection.toArray(given);
            assertEquals(length >= size, array == given);
            assertSame(Number[].class, array.getClass());
            assertEquals(Math.max(size, length), array.length);
            assertEquals(expected, Arrays.asList(array).subList(0, size));
            for (int i = size; i < length; i++) {
                assertEquals(i == size ? null : ABSENT, array[i]);
            }
            for (int i = 0; length < size && i < length; i++) {
                assertEquals(ABSENT, given[i], "too small, and not touched");
            }
        }
    }

    @QueueKind.Every
    @DisplayName("toArray with a function: an array of the function's class, in the iterator's order")
    void toArrayOf_function_makesItsArray(QueueKind kind) {
        Collection<Integer> collection = queueOfSome(kind).sync();
        Number[] array = collection.toArray(Number[]::new);
        assertSame(Number[].class, array.getClass());
        assertEquals(iterated(collection), Arrays.asList(array));
    }

    @QueueKind.Storing
    @DisplayName("toArray: ArrayStoreException for the wrong class, NullPointerException for null; nothing is removed")
    void toArray_wrongClassOrNull_isRefused(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        Collection<Integer> collection = queue.sync();
        assertThrows(ArrayStoreException.class, () -> collection.toArray(new String[0]));
        assertThrows(ArrayStoreException.class, () -> collection.toArray(new String[100]));
        assertThrows(ArrayStoreException.class, () -> collection.toArray(String[]::new));
        assertThrows(NullPointerException.class, () -> collection.toArray((Object[]) null));
        assertThrows(NullPointerException.class, () -> collection.toArray((IntFunction<Object[]>) null));
        assertEquals(kind.arranged(kind.someElements()), QueueAssertions.takeAll(queue));
        assertThrows(NullPointerException.class, () -> collection.toArray((Object[]) null));
        assertNull(collection.toArray(new Integer[] {1})[0]);
    }

    @QueueKind.Every
    @DisplayName("equals: symmetric, so it is equal to no list and no set, whatever is in them")
    void equals_listsAndSetsOfTheSame_isFalseBothWays(QueueKind kind) {
        Collection<Integer> collection = queueOfSome(kind).sync();
        for (Object other : List.of(new ArrayList<>(collection), new HashSet<>(collection), "text")) {
            assertNotEquals(collection, other);
            assertNotEquals(other, collection);
        }
        assertNotEquals(collection, null);
    }

    private static List<Integer> iterated(Collection<Integer> collection) {
        List<Integer> elements = new ArrayList<>();
        for (Integer element : collection) {
            elements.add(element);
        }
        return elements;
    }
}
