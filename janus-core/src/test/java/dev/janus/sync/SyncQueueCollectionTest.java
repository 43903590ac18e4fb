package dev.janus.sync;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.JanusQueue;
import dev.janus.SyncQueue;
import dev.janus.fixtures.QueueAssertions;
import dev.janus.fixtures.QueueKind;
import dev.janus.fixtures.QueueSuite;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The sync face as a collection: looking for elements, taking them out unseen, copying them. */
class SyncQueueCollectionTest extends QueueSuite {
    private static final Integer ABSENT = 1000;

    @QueueKind.Every
    void contains_presentAbsentNullAndForeign_tellsThemApart(QueueKind kind) {
        SyncQueue<Integer> sync = queueOfSome(kind).sync();
        kind.someElements().forEach(element -> assertTrue(sync.contains(element)));
        assertFalse(sync.contains(ABSENT));
        assertFalse(sync.contains(null));
        assertFalse(((Collection<?>) sync).contains("a string"));
    }

    @QueueKind.Every
    void containsAll_someAllAndNone_tellsThemApart(QueueKind kind) {
        SyncQueue<Integer> sync = queueOfSome(kind).sync();
        assertTrue(sync.containsAll(Set.of()));
        assertTrue(sync.containsAll(kind.someElements()));
        assertFalse(sync.containsAll(with(kind.someElements(), ABSENT)));
    }

    @QueueKind.Storing
    void remove_present_takesItOutAndKeepsTheOrder(QueueKind kind) {
        for (Integer element : kind.someElements()) {
            JanusQueue<Integer> queue = queueOfSome(kind);
            assertTrue(queue.sync().remove(element));
            assertEquals(1, queue.stats().removed());
            assertEquals(0, queue.stats().taken());
            assertEquals(without(kind.arranged(kind.someElements()), element), QueueAssertions.takeAll(queue));
        }
    }

    @QueueKind.Every
    void remove_absentNullAndForeign_returnsFalse(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        assertFalse(queue.sync().remove(ABSENT));
        assertFalse(queue.sync().remove(null));
        assertFalse(((Collection<?>) queue.sync()).remove("a string"));
        assertHoldsAll(kind, queue);
    }

    @QueueKind.Roomy
    void remove_equalElements_takesOneOut(QueueKind kind) {
        JanusQueue<Integer> queue = queueOf(kind, List.of(4, 4, 4));
        assertTrue(queue.sync().remove(Integer.valueOf(4)));
        assertEquals(List.of(4, 4), QueueAssertions.takeAll(queue));
    }

    @QueueKind.Roomy
    void removeAll_some_takesThemOutAndKeepsTheOrder(QueueKind kind) {
        List<Integer> elements = with(kind.someElements(), kind.someElements().get(0));
        JanusQueue<Integer> queue = queueOf(kind, elements);
        Set<Integer> unwanted = Set.of(elements.get(0), elements.get(3), ABSENT);
        assertTrue(queue.sync().removeAll(unwanted));
        assertEquals(3, queue.stats().removed());
        assertEquals(
                kind.arranged(elements).stream()
                        .filter(element -> !unwanted.contains(element))
                        .toList(),
                QueueAssertions.takeAll(queue));
    }

    @QueueKind.Roomy
    void retainAll_some_keepsOnlyThemInOrder(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        Set<Integer> wanted =
                Set.of(kind.someElements().get(1), kind.someElements().get(4), ABSENT);
        assertTrue(queue.sync().retainAll(wanted));
        assertEquals(3, queue.stats().removed());
        assertEquals(
                kind.arranged(kind.someElements()).stream()
                        .filter(wanted::contains)
                        .toList(),
                QueueAssertions.takeAll(queue));
    }

    @QueueKind.Roomy
    void removeIf_some_takesThemOutAndKeepsTheOrder(QueueKind kind) {
        List<Integer> elements = QueueKind.elements(20);
        JanusQueue<Integer> queue = queueOf(kind, elements);
        assertTrue(queue.sync().removeIf(element -> element % 3 == 0));
        assertEquals(
                kind.arranged(elements).stream()
                        .filter(element -> element % 3 != 0)
                        .toList(),
                QueueAssertions.takeAll(queue));
    }

    @QueueKind.Every
    void bulkRemovals_nothingToRemove_returnFalse(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        assertFalse(queue.sync().removeAll(Set.of(ABSENT)));
        assertFalse(queue.sync().removeIf(ABSENT::equals));
        assertFalse(queue.sync().retainAll(kind.someElements()));
        assertEquals(0, queue.stats().removed());
        assertHoldsAll(kind, queue);
    }

    @QueueKind.Storing
    void bulkRemovals_everything_emptyTheQueue(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        assertTrue(queue.sync().removeAll(kind.someElements()));
        assertTrue(queue.isEmpty());
        queue.sync().addAll(kind.someElements());
        assertTrue(queue.sync().retainAll(Set.of()));
        assertTrue(queue.isEmpty());
        queue.sync().addAll(kind.someElements());
        assertTrue(queue.sync().removeIf(element -> true));
        assertTrue(queue.isEmpty());
        assertEquals(3L * kind.someElements().size(), queue.stats().removed());
    }

    @QueueKind.Roomy
    void removeIf_predicateThrows_losesNothing(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        assertThrows(ArithmeticException.class, () -> queue.sync().removeIf(element -> 1 / (element - element) > 0));
        assertHoldsAll(kind, queue);
    }

    @QueueKind.Every
    void clear_anyFill_emptiesAndCountsAsRemoved(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        queue.sync().clear();
        assertTrue(queue.isEmpty());
        assertNull(queue.sync().poll());
        assertEquals(kind.someElements().size(), queue.stats().removed());
        assertEquals(0, queue.unfinishedTasks());
        queue.sync().clear();
        assertEquals(kind.someElements().size(), queue.stats().removed());
    }

    @QueueKind.Bounded
    void addAll_moreThanFits_throwsAndKeepsWhatFits(QueueKind kind) {
        JanusQueue<Integer> queue = queue(kind);
        List<Integer> tooMany = with(kind.fillingElements(), ABSENT);
        assertThrows(IllegalStateException.class, () -> queue.sync().addAll(tooMany));
        assertEquals(kind.arranged(kind.fillingElements()), QueueAssertions.takeAll(queue));
    }

    @QueueKind.Every
    void addAll_nothing_returnsFalse(QueueKind kind) {
        assertFalse(queueOfSome(kind).sync().addAll(List.of()));
    }

    @QueueKind.Storing
    void toArray_elements_isACopyOfAll(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        Object[] array = queue.sync().toArray();
        assertSame(Object[].class, array.getClass());
        assertSameElements(kind.someElements(), Arrays.asList(array));
        array[0] = null;
        assertHoldsAll(kind, queue);
    }

    @QueueKind.Storing
    void toArrayInto_smallerEqualAndLarger_followsTheCollectionContract(QueueKind kind) {
        SyncQueue<Integer> sync = queueOfSome(kind).sync();
        int size = kind.someElements().size();
        Integer[] equal = new Integer[size];
        assertSame(equal, sync.toArray(equal));
        assertSameElements(kind.someElements(), Arrays.asList(equal));
        Integer[] smaller = new Integer[size - 1];
        Integer[] grown = sync.toArray(smaller);
        assertNotSame(smaller, grown);
        assertArrayEquals(equal, grown);
        Integer[] larger = new Integer[size + 2];
        Arrays.fill(larger, ABSENT);
        assertSame(larger, sync.toArray(larger));
        assertSameElements(kind.someElements(), Arrays.asList(larger).subList(0, size));
        assertNull(larger[size]);
        assertEquals(ABSENT, larger[size + 1]);
        assertSameElements(kind.someElements(), Arrays.asList(sync.toArray(Integer[]::new)));
        assertThrows(ArrayStoreException.class, () -> sync.toArray(new String[0]));
    }

    @QueueKind.Every
    void toString_elements_namesAll(QueueKind kind) {
        String text = queueOfSome(kind).sync().toString();
        assertTrue(text.startsWith("[") && text.endsWith("]"), text);
        String inside = text.substring(1, text.length() - 1);
        List<String> parts = inside.isEmpty() ? List.of() : List.of(inside.split(", "));
        assertSameElements(
                kind.someElements(), parts.stream().map(Integer::valueOf).toList());
    }

    @Test
    void bulkCalls_null_throwNullPointerException() {
        SyncQueue<Integer> sync = checked(JanusQueue.<Integer>fifo(4)).sync();
        sync.add(1);
        assertAll(
                () -> assertThrows(NullPointerException.class, () -> sync.addAll(null)),
                () -> assertThrows(NullPointerException.class, () -> sync.putAll(null)),
                () -> assertThrows(NullPointerException.class, () -> sync.containsAll(null)),
                () -> assertThrows(NullPointerException.class, () -> sync.removeAll(null)),
                () -> assertThrows(NullPointerException.class, () -> sync.retainAll(null)),
                () -> assertThrows(NullPointerException.class, () -> sync.removeIf(null)),
                () -> assertThrows(NullPointerException.class, () -> sync.forEach(null)),
                () -> assertThrows(NullPointerException.class, () -> sync.drainTo(null)),
                () -> assertThrows(NullPointerException.class, () -> sync.drainTo(null, 1)),
                () -> assertThrows(NullPointerException.class, () -> sync.toArray((Integer[]) null)));
        assertEquals(1, sync.size());
    }

    private void assertHoldsAll(QueueKind kind, JanusQueue<Integer> queue) {
        assertEquals(kind.arranged(kind.someElements()), QueueAssertions.takeAll(queue));
    }

    private static void assertSameElements(List<Integer> expected, Collection<?> actual) {
        assertEquals(
                expected.stream().sorted().toList(), actual.stream().sorted().toList());
    }

    private static List<Integer> with(List<Integer> elements, Integer more) {
        List<Integer> list = new ArrayList<>(elements);
        list.add(more);
        return list;
    }

    private static List<Integer> without(List<Integer> elements, Integer one) {
        List<Integer> list = new ArrayList<>(elements);
        list.remove(one);
        return list;
    }
}
