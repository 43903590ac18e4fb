package dev.janus.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.JanusQueue;
import dev.janus.fixtures.QueueAssertions;
import dev.janus.fixtures.QueueKind;
import dev.janus.fixtures.QueueSuite;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What {@link Iterator} and {@link Iterable} say, method by method, of a queue that changes only through its iterator. */
class IteratorDocumentationTest extends QueueSuite {

    @QueueKind.Every
    @DisplayName("hasNext: true exactly when next returns an element, however often it is asked")
    void hasNext_askedOften_saysWhetherNextReturns(QueueKind kind) {
        Iterator<Integer> iterator = queueOfSome(kind).sync().iterator();
        List<Integer> seen = new ArrayList<>();
        for (int i = 0; i < kind.someElements().size(); i++) {
            assertTrue(iterator.hasNext() && iterator.hasNext() && iterator.hasNext());
            seen.add(iterator.next());
        }
        assertFalse(iterator.hasNext() || iterator.hasNext());
        assertEquals(sorted(kind.someElements()), sorted(seen));
    }

    @QueueKind.Every
    @DisplayName("next: returns each element, asked before or not; past the end it throws, each time")
    void next_pastTheEnd_throwsEachTime(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        Iterator<Integer> iterator = queue.sync().iterator();
        List<Integer> seen = new ArrayList<>();
        kind.someElements().forEach(element -> seen.add(iterator.next()));
        assertEquals(sorted(kind.someElements()), sorted(seen));
        assertThrows(NoSuchElementException.class, iterator::next);
        assertThrows(NoSuchElementException.class, iterator::next);
        assertFalse(iterator.hasNext());
        assertEquals(kind.arranged(kind.someElements()), QueueAssertions.takeAll(queue));
    }

    @QueueKind.Storing
    @DisplayName("next: when it threw, the last element that it returned can still be removed")
    void remove_afterNextThrew_removesTheLast(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        Iterator<Integer> iterator = queue.sync().iterator();
        Integer last = null;
        while (iterator.hasNext()) {
            last = iterator.next();
        }
        assertThrows(NoSuchElementException.class, iterator::next);
        iterator.remove();
        assertFalse(queue.sync().contains(last));
        assertEquals(kind.someElements().size() - 1, queue.size());
    }

    @QueueKind.Every
    @DisplayName("remove: IllegalStateException before next, also when hasNext was asked")
    void remove_beforeNext_throws(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        Iterator<Integer> iterator = queue.sync().iterator();
        assertThrows(IllegalStateException.class, iterator::remove);
        assertEquals(kind.capacity() > 0, iterator.hasNext());
        assertThrows(IllegalStateException.class, iterator::remove);
        assertEquals(kind.arranged(kind.someElements()), QueueAssertions.takeAll(queue));
    }

    @QueueKind.Storing
    @DisplayName("remove: takes out what next returned, once for each; the second time it throws")
    void remove_eachTwice_removesOnceAndThrows(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        List<Integer> left = new ArrayList<>(kind.someElements());
        for (Iterator<Integer> iterator = queue.sync().iterator(); iterator.hasNext(); ) {
            Integer element = iterator.next();
            iterator.remove();
            left.remove(element);
            assertThrows(IllegalStateException.class, iterator::remove);
            assertEquals(sorted(left), sorted(List.copyOf(queue.sync())));
        }
        assertTrue(queue.isEmpty());
    }

    @QueueKind.Storing
    @DisplayName("remove: takes out what next returned, though hasNext was asked after it")
    void remove_afterHasNext_removesWhatNextReturned(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        List<Integer> kept = new ArrayList<>();
        for (Iterator<Integer> iterator = queue.sync().iterator(); iterator.hasNext(); ) {
            Integer element = iterator.next();
            boolean more = iterator.hasNext();
            if (more) {
                kept.add(element);
            } else {
                iterator.remove();
                assertFalse(queue.sync().contains(element));
            }
        }
        assertEquals(sorted(kept), sorted(QueueAssertions.takeAll(queue)));
    }

    @QueueKind.Roomy
    @DisplayName("remove: of elements that are equal, the very one that next returned")
    void remove_equalElements_removesTheOneReturned(QueueKind kind) {
        List<Integer> equal = List.of(aNew(4), aNew(4), aNew(4));
        for (int index = 0; index < equal.size(); index++) {
            JanusQueue<Integer> queue = queueOf(kind, equal);
            Iterator<Integer> iterator = queue.sync().iterator();
            Integer returned = iterator.next();
            for (int i = 0; i < index; i++) {
                returned = iterator.next();
            }
            iterator.remove();
            for (Integer left : QueueAssertions.takeAll(queue)) {
                assertNotSame(returned, left);
            }
            assertEquals(2, queue.stats().taken());
        }
    }

    @Test
    @DisplayName("remove: of one object that is in the queue twice, the place at which next returned it")
    void remove_sameObjectTwice_removesItFromItsPlace() {
        QueueKind kind = new QueueKind(QueueKind.Order.FIFO, 64);
        JanusQueue<Integer> queue = queueOf(kind, List.of(4, 5, 4, 6));
        Iterator<Integer> iterator = queue.sync().iterator();
        for (int i = 0; i < 3; i++) {
            iterator.next();
        }
        iterator.remove();
        assertEquals(6, iterator.next());
        assertEquals(List.of(4, 5, 6), QueueAssertions.takeAll(queue));
    }

    @SuppressWarnings({"deprecation", "removal"})
    private static Integer aNew(int value) {
        return new Integer(value);
    }

    @QueueKind.Roomy
    @DisplayName("remove: the iteration goes on with the others, and the order of what is left is kept")
    void remove_everySecond_goesOnAndKeepsTheOrder(QueueKind kind) {
        List<Integer> elements = QueueKind.elements(20);
        JanusQueue<Integer> queue = queueOf(kind, elements);
        List<Integer> removed = new ArrayList<>();
        List<Integer> seen = new ArrayList<>();
        for (Iterator<Integer> iterator = queue.sync().iterator(); iterator.hasNext(); ) {
            seen.add(iterator.next());
            if (seen.size() % 2 == 0) {
                iterator.remove();
                removed.add(seen.get(seen.size() - 1));
            }
        }
        assertEquals(sorted(elements), sorted(seen));
        List<Integer> left = new ArrayList<>(kind.arranged(elements));
        left.removeAll(removed);
        assertEquals(left, QueueAssertions.takeAll(queue));
    }

    @QueueKind.Every
    @DisplayName("forEachRemaining and forEach: each element in the order of the iteration; then there is none")
    void forEachRemaining_fromAnyPlace_acceptsTheRest(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        List<Integer> expected = List.copyOf(queue.sync());
        for (int passed = 0; passed <= expected.size(); passed++) {
            Iterator<Integer> iterator = queue.sync().iterator();
            List<Integer> seen = new ArrayList<>();
            for (int i = 0; i < passed; i++) {
                seen.add(iterator.next());
            }
            iterator.forEachRemaining(seen::add);
            assertEquals(expected, seen);
            assertFalse(iterator.hasNext());
            assertThrows(NoSuchElementException.class, iterator::next);
        }
        List<Integer> each = new ArrayList<>();
        queue.sync().forEach(each::add);
        assertEquals(expected, each);
    }

    @QueueKind.Every
    @DisplayName("forEachRemaining and forEach: NullPointerException for null, at the end of the iteration too")
    void forEachRemaining_null_throws(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        Iterator<Integer> iterator = queue.sync().iterator();
        assertThrows(NullPointerException.class, () -> iterator.forEachRemaining(null));
        iterator.forEachRemaining(element -> {});
        assertThrows(NullPointerException.class, () -> iterator.forEachRemaining(null));
        assertThrows(NullPointerException.class, () -> queue.sync().forEach(null));
    }

    @QueueKind.Storing
    @DisplayName("forEachRemaining and forEach: end when the action throws, and let it out")
    void forEachRemaining_actionThrows_relaysIt(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        RuntimeException thrown = new RuntimeException("a test");
        List<Integer> seen = new ArrayList<>();
        Consumer<Integer> throwing = element -> {
            seen.add(element);
            throw thrown;
        };
        Iterator<Integer> iterator = queue.sync().iterator();
        assertSame(thrown, assertThrows(RuntimeException.class, () -> iterator.forEachRemaining(throwing)));
        assertSame(
                thrown, assertThrows(RuntimeException.class, () -> queue.sync().forEach(throwing)));
        assertEquals(2, seen.size());
        assertEquals(kind.arranged(kind.someElements()), QueueAssertions.takeAll(queue));
    }

    @QueueKind.Every
    @DisplayName("iterator: each call a new one, which knows nothing of the others")
    void iterator_severalAtOnce_areIndependent(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        Iterator<Integer> one = queue.sync().iterator();
        Iterator<Integer> other = queue.sync().iterator();
        assertNotSame(one, other);
        List<Integer> seen = new ArrayList<>();
        while (one.hasNext()) {
            Integer element = one.next();
            assertEquals(element, other.next());
            seen.add(element);
        }
        assertFalse(other.hasNext());
        assertEquals(sorted(kind.someElements()), sorted(seen));
    }

    @Test
    @DisplayName("iterator: in first-in-first-out and last-in-first-out order, head first")
    void iterator_fifoAndLifo_startsAtTheHead() {
        for (QueueKind.Order order : List.of(QueueKind.Order.FIFO, QueueKind.Order.LIFO)) {
            QueueKind kind = new QueueKind(order, 64);
            assertEquals(
                    kind.arranged(kind.someElements()),
                    List.copyOf(queueOfSome(kind).sync()));
        }
    }

    private static List<Integer> sorted(List<Integer> elements) {
        return elements.stream().sorted().toList();
    }
}
