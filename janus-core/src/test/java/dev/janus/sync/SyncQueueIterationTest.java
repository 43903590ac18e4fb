package dev.janus.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.JanusQueue;
import dev.janus.fixtures.QueueAssertions;
import dev.janus.fixtures.QueueKind;
import dev.janus.fixtures.QueueSuite;
import dev.janus.fixtures.Running;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.Spliterator;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Iterators, spliterators and streams of the sync face: weakly consistent, and never an element twice. */
class SyncQueueIterationTest extends QueueSuite {

    @QueueKind.Every
    void iterator_elements_showsEachOnceAndLeavesThem(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        List<Integer> seen = new ArrayList<>();
        queue.sync().iterator().forEachRemaining(seen::add);
        assertEquals(sorted(kind.someElements()), sorted(seen));
        assertEquals(kind.arranged(kind.someElements()), QueueAssertions.takeAll(queue));
    }

    @Test
    void iterator_fifoAndLifo_showsTheQueuesOrder() {
        for (QueueKind.Order order : List.of(QueueKind.Order.FIFO, QueueKind.Order.LIFO)) {
            QueueKind kind = new QueueKind(order, 64);
            JanusQueue<Integer> queue = queueOfSome(kind);
            List<Integer> expected = kind.arranged(kind.someElements());
            assertEquals(expected, List.copyOf(queue.sync()));
            assertEquals(expected, queue.sync().stream().toList());
            assertEquals(expected.toString(), queue.sync().toString());
        }
    }

    @QueueKind.Every
    void next_afterTheLast_throws(QueueKind kind) {
        Iterator<Integer> iterator = queueOfSome(kind).sync().iterator();
        kind.someElements().forEach(element -> iterator.next());
        assertFalse(iterator.hasNext());
        assertThrows(NoSuchElementException.class, iterator::next);
    }

    @QueueKind.Storing
    void iteratorRemove_eachInTurn_takesOutWhatNextReturned(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        Set<Integer> left = new HashSet<>(kind.someElements());
        for (Iterator<Integer> iterator = queue.sync().iterator(); iterator.hasNext(); ) {
            left.remove(iterator.next());
            iterator.remove();
            assertEquals(left, new HashSet<>(queue.sync()));
            assertThrows(IllegalStateException.class, iterator::remove);
        }
        assertTrue(queue.isEmpty());
        assertEquals(kind.someElements().size(), queue.stats().removed());
        assertEquals(0, queue.unfinishedTasks());
    }

    @QueueKind.Roomy
    void iteratorRemove_some_keepsTheOrderOfTheOthers(QueueKind kind) {
        List<Integer> elements = QueueKind.elements(20);
        JanusQueue<Integer> queue = queueOf(kind, elements);
        for (Iterator<Integer> iterator = queue.sync().iterator(); iterator.hasNext(); ) {
            if (iterator.next() % 3 == 0) {
                iterator.remove();
            }
        }
        assertEquals(
                kind.arranged(elements).stream()
                        .filter(element -> element % 3 != 0)
                        .toList(),
                QueueAssertions.takeAll(queue));
    }

    @QueueKind.Every
    void iteratorRemove_beforeNext_throws(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        assertThrows(IllegalStateException.class, queue.sync().iterator()::remove);
        assertEquals(kind.someElements().size(), queue.size());
    }

    @QueueKind.Storing
    void iteratorRemove_takenMeanwhile_removesNoEqualElement(QueueKind kind) {
        JanusQueue<Integer> queue = queue(kind);
        // Equal and not the same: what came later is none of the iterator's business.
        queue.sync().add(aNew(1234));
        Iterator<Integer> iterator = queue.sync().iterator();
        iterator.next();
        queue.sync().poll();
        queue.sync().add(aNew(1234));
        iterator.remove();
        assertEquals(1, queue.size());
        assertEquals(0, queue.stats().removed());
    }

    @Test
    void iteratorRemove_sameElementTwice_removesTheOneItShowed() {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(4));
        queue.sync().addAll(List.of(4, 5, 4));
        Iterator<Integer> iterator = queue.sync().iterator();
        iterator.next();
        iterator.next();
        iterator.next();
        iterator.remove();
        assertEquals(List.of(4, 5), QueueAssertions.takeAll(queue));
    }

    @Test
    void removeIf_sameElementTwice_removesTheOneItWasAskedFor() {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(4));
        queue.sync().addAll(List.of(4, 5, 4));
        Set<Integer> seen = new HashSet<>();
        assertTrue(queue.sync().removeIf(element -> !seen.add(element)));
        assertEquals(List.of(4, 5), QueueAssertions.takeAll(queue));
    }

    @SuppressWarnings({"deprecation", "removal"})
    private static Integer aNew(int value) {
        return new Integer(value);
    }

    @QueueKind.Storing
    void iterator_queueChangesMeanwhile_keepsItsWord(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        Iterator<Integer> iterator = queue.sync().iterator();
        assertTrue(iterator.hasNext());
        queue.sync().clear();
        queue.sync().add(999);
        assertTrue(kind.someElements().contains(iterator.next()), "announced by hasNext before the change");
        Set<Integer> seen = new HashSet<>();
        iterator.forEachRemaining(element -> assertTrue(seen.add(element), "twice: " + element));
    }

    @QueueKind.Every
    void spliteratorAndStream_elements_showEachOnce(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        List<Integer> expected = sorted(kind.someElements());
        List<Integer> split = new ArrayList<>();
        queue.sync().spliterator().forEachRemaining(split::add);
        assertEquals(expected, sorted(split));
        assertEquals(expected, queue.sync().stream().sorted().toList());
        assertEquals(expected, queue.sync().parallelStream().sorted().toList());
        List<Integer> each = new ArrayList<>();
        queue.sync().forEach(each::add);
        assertEquals(expected, sorted(each));
    }

    @QueueKind.Storing
    void spliterator_queueChangesMeanwhile_showsWhatItSaysItWill(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        Spliterator<Integer> spliterator = queue.sync().spliterator();
        assertTrue(spliterator.hasCharacteristics(Spliterator.CONCURRENT)
                || spliterator.hasCharacteristics(Spliterator.IMMUTABLE)
                || spliterator.getExactSizeIfKnown() <= kind.someElements().size());
        long promised = spliterator.getExactSizeIfKnown();
        queue.sync().clear();
        List<Integer> seen = new ArrayList<>();
        spliterator.forEachRemaining(seen::add);
        assertTrue(promised == -1 || promised == seen.size(), "promised " + promised + ", shown " + seen);
        assertTrue(kind.someElements().containsAll(seen));
    }

    @Test
    void streamToArray_queueChangesAllTheTime_neverThrows() throws Exception {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(8));
        AtomicBoolean stop = new AtomicBoolean();
        Running<Void> changes = Running.start(() -> {
            while (!stop.get()) {
                queue.sync().offer(1);
                queue.sync().offer(2);
                queue.sync().drainTo(new ArrayList<>());
            }
            return null;
        });
        try {
            for (int i = 0; i < 20_000; i++) {
                assertTrue(queue.sync().stream().toArray().length <= 8);
                assertFalse(List.of(queue.sync().toArray(new Integer[0])).contains(3));
            }
        } finally {
            stop.set(true);
        }
        changes.result();
    }

    private static List<Integer> sorted(List<Integer> elements) {
        return elements.stream().sorted().toList();
    }
}
