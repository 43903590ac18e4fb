package dev.janus.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.JanusQueue;
import dev.janus.fixtures.QueueAssertions;
import dev.janus.fixtures.QueueKind;
import dev.janus.fixtures.QueueSuite;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.function.Predicate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * What {@link Collection} says of its bulk methods, each with what it returns and throws, with nothing, with null, with
 * elements of another class, and with the queue itself as the argument ({@link java.util.AbstractQueue} says what addAll does
 * with that). None of the optional operations is left out (4th paragraph of the class description).
 */
class CollectionBulkDocumentationTest extends QueueSuite {
    private static final Integer ABSENT = 1000;

    @QueueKind.Every
    @DisplayName("containsAll: whether all of them are in it; of none, they are")
    void containsAll_allSomeAndNone_tellsThemApart(QueueKind kind) {
        Collection<Integer> collection = queueOfSome(kind).sync();
        assertTrue(collection.containsAll(kind.someElements()));
        assertTrue(collection.containsAll(List.of()));
        assertTrue(collection.containsAll(collection));
        assertFalse(collection.containsAll(with(kind.someElements(), ABSENT)));
        assertFalse(collection.containsAll(with(kind.someElements(), null)));
        assertFalse(collection.containsAll(Set.of("text")));
    }

    @QueueKind.Storing
    @DisplayName("addAll: true, and all are in it, in the order of the collection")
    void addAll_some_addsAllInTheirOrder(QueueKind kind) {
        JanusQueue<Integer> queue = queue(kind);
        assertTrue(queue.sync().addAll(kind.someElements()));
        assertEquals(kind.arranged(kind.someElements()), QueueAssertions.takeAll(queue));
    }

    @QueueKind.Every
    @DisplayName("addAll: false for nothing, because nothing changed")
    void addAll_nothing_returnsFalse(QueueKind kind) {
        assertFalse(queueOfSome(kind).sync().addAll(List.of()));
    }

    @QueueKind.Bounded
    @DisplayName("addAll: IllegalStateException if not all of them can be added")
    void addAll_moreThanFits_throws(QueueKind kind) {
        JanusQueue<Integer> queue = fullQueue(kind);
        assertThrows(IllegalStateException.class, () -> queue.sync().addAll(List.of(ABSENT)));
        assertEquals(kind.arranged(kind.fillingElements()), QueueAssertions.takeAll(queue));
    }

    @QueueKind.Roomy
    @DisplayName("addAll: NullPointerException for a null among them; none behind it was added")
    void addAll_nullAmongThem_throws(QueueKind kind) {
        JanusQueue<Integer> queue = queue(kind);
        List<Integer> elements = with(with(List.of(4), null), 6);
        assertThrows(NullPointerException.class, () -> queue.sync().addAll(elements));
        assertFalse(queue.sync().contains(6));
        assertTrue(List.of(4).containsAll(QueueAssertions.takeAll(queue)));
    }

    @Test
    @DisplayName("addAll: ClassCastException for one that has no order; none behind it was added")
    void addAll_elementThatHasNoOrder_throws() {
        JanusQueue<Object> queue = checked(JanusQueue.priority(8));
        assertThrows(ClassCastException.class, () -> queue.sync().addAll(List.of(1, "one", 3)));
        assertTrue(List.of(1).containsAll(QueueAssertions.takeAll(queue)));
    }

    @QueueKind.Every
    @DisplayName("addAll, AbstractQueue: IllegalArgumentException for itself, and nothing changes")
    void addAll_itself_isRefused(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        assertThrows(IllegalArgumentException.class, () -> queue.sync().addAll(queue.sync()));
        assertEquals(kind.arranged(kind.someElements()), QueueAssertions.takeAll(queue));
        assertThrows(IllegalArgumentException.class, () -> queue.sync().addAll(queue.sync()));
    }

    @QueueKind.Roomy
    @DisplayName("removeAll: takes out every one that is in the other, each time it is there")
    void removeAll_some_leavesNoneInCommon(QueueKind kind) {
        List<Integer> elements =
                with(with(kind.someElements(), kind.someElements().get(0)), 7);
        JanusQueue<Integer> queue = queueOf(kind, elements);
        Set<Integer> unwanted = Set.of(elements.get(0), elements.get(2), ABSENT);
        assertTrue(queue.sync().removeAll(unwanted));
        assertFalse(queue.sync().removeAll(unwanted), "nothing in common is left");
        assertLeft(kind, elements, element -> !unwanted.contains(element), queue);
    }

    @QueueKind.Roomy
    @DisplayName("retainAll: takes out every one that is not in the other")
    void retainAll_some_leavesOnlyTheCommon(QueueKind kind) {
        List<Integer> elements =
                with(with(kind.someElements(), kind.someElements().get(0)), 7);
        JanusQueue<Integer> queue = queueOf(kind, elements);
        Set<Integer> wanted = Set.of(elements.get(0), elements.get(2), ABSENT);
        assertTrue(queue.sync().retainAll(wanted));
        assertFalse(queue.sync().retainAll(wanted), "only the common are left");
        assertLeft(kind, elements, wanted::contains, queue);
    }

    @QueueKind.Every
    @DisplayName("retainAll and removeAll with the queue itself: all stay, and then all go")
    void retainAllAndRemoveAll_itself_keepAllAndRemoveAll(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        assertFalse(queue.sync().retainAll(queue.sync()));
        assertEquals(kind.someElements().size(), queue.size());
        assertEquals(kind.capacity() > 0, queue.sync().removeAll(queue.sync()));
        assertEquals(0, queue.size());
    }

    @QueueKind.Every
    @DisplayName("removeAll and retainAll: with nothing, nothing goes and everything goes")
    void removeAllAndRetainAll_nothing_changeNothingAndAll(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        assertFalse(queue.sync().removeAll(List.of()));
        assertEquals(kind.someElements().size(), queue.size());
        assertEquals(kind.capacity() > 0, queue.sync().retainAll(List.of()));
        assertEquals(0, queue.size());
    }

    @QueueKind.Roomy
    @DisplayName("removeAll and retainAll: what the other throws at elements of another class comes out")
    void removeAllAndRetainAll_otherOfAnotherClass_throwAndKeepAll(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        Collection<String> texts = new TreeSet<>(List.of("a", "b"));
        assertThrows(ClassCastException.class, () -> queue.sync().removeAll(texts));
        assertThrows(ClassCastException.class, () -> queue.sync().retainAll(texts));
        assertEquals(kind.arranged(kind.someElements()), QueueAssertions.takeAll(queue));
    }

    @QueueKind.Roomy
    @DisplayName("removeIf: takes out those that satisfy the predicate, and says whether there was one")
    void removeIf_some_leavesTheOthers(QueueKind kind) {
        List<Integer> elements = QueueKind.elements(20);
        JanusQueue<Integer> queue = queueOf(kind, elements);
        assertTrue(queue.sync().removeIf(element -> element % 3 == 0));
        assertFalse(queue.sync().removeIf(element -> element % 3 == 0));
        assertLeft(kind, elements, element -> element % 3 != 0, queue);
    }

    @QueueKind.Every
    @DisplayName("removeIf: asks of each element, and of nothing else")
    void removeIf_neverSatisfied_asksOfEachElement(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        List<Integer> asked = new ArrayList<>();
        assertFalse(queue.sync().removeIf(element -> !asked.add(element)));
        assertEquals(sorted(kind.someElements()), sorted(asked));
    }

    @QueueKind.Roomy
    @DisplayName("removeIf: what the predicate throws comes out; what it did not ask of stays")
    void removeIf_predicateThrows_relaysIt(QueueKind kind) {
        for (Runnable thrower : List.<Runnable>of(
                () -> {
                    throw new IllegalStateException("a test");
                },
                () -> {
                    throw new AssertionError("a test");
                })) {
            JanusQueue<Integer> queue = queueOfSome(kind);
            List<Integer> asked = new ArrayList<>();
            Predicate<Integer> thirdThrows = element -> {
                if (asked.size() == 2) {
                    thrower.run();
                }
                return asked.add(element);
            };
            Throwable thrown = assertThrows(Throwable.class, () -> queue.sync().removeIf(thirdThrows));
            assertEquals("a test", thrown.getMessage());
            List<Integer> left = QueueAssertions.takeAll(queue);
            assertTrue(left.size() >= 3, left::toString);
            left.addAll(asked);
            assertTrue(left.containsAll(kind.someElements()));
        }
    }

    @QueueKind.Every
    @DisplayName("clear: the queue is empty, and takes elements as before")
    void clear_anyFill_leavesItEmptyAndAtWork(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        for (int i = 0; i < 2; i++) {
            queue.sync().clear();
            assertTrue(queue.sync().isEmpty());
            assertFalse(queue.sync().iterator().hasNext());
        }
        queue.sync().addAll(kind.someElements());
        assertEquals(kind.arranged(kind.someElements()), QueueAssertions.takeAll(queue));
    }

    @QueueKind.Every
    @DisplayName("All bulk methods: NullPointerException for null, with elements and without")
    void bulkMethods_null_throw(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        BlockingQueue<Integer> sync = queue.sync();
        for (int i = 0; i < 2; i++) {
            for (Executable call : List.<Executable>of(
                    () -> sync.containsAll(null),
                    () -> sync.addAll(null),
                    () -> sync.removeAll(null),
                    () -> sync.retainAll(null),
                    () -> sync.removeIf(null),
                    () -> sync.forEach(null))) {
                assertThrows(NullPointerException.class, call);
            }
            assertEquals(i == 0 ? kind.arranged(kind.someElements()) : List.of(), QueueAssertions.takeAll(queue));
        }
    }

    private static void assertLeft(
            QueueKind kind, List<Integer> elements, Predicate<Integer> left, JanusQueue<Integer> queue) {
        assertEquals(kind.arranged(elements).stream().filter(left).toList(), QueueAssertions.takeAll(queue));
    }

    private static List<Integer> with(List<Integer> elements, Integer more) {
        List<Integer> list = new ArrayList<>(elements);
        list.add(more);
        return list;
    }

    private static List<Integer> sorted(List<Integer> elements) {
        return elements.stream().sorted().toList();
    }
}
