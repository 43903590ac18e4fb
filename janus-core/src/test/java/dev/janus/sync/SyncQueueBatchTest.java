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
import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many elements by one call of the sync face: drainTo, takeBatch and putAll. */
class SyncQueueBatchTest extends QueueSuite {

    /** A collection that accepts some elements and then throws. */
    private static final class Limited extends ArrayList<Integer> {
        private static final long serialVersionUID = 1L;
        private final int limit;

        Limited(int limit) {
            this.limit = limit;
        }

        @Override
        public boolean add(Integer element) {
            if (size() == limit) {
                throw new UnsupportedOperationException("holds " + limit);
            }
            return super.add(element);
        }

        @Override
        public boolean addAll(Collection<? extends Integer> elements) {
            elements.forEach(this::add);
            return true;
        }
    }

    @QueueKind.Every
    void drainTo_elements_movesAllInOrder(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        List<Integer> target = new ArrayList<>(List.of(-1));
        assertEquals(kind.someElements().size(), queue.sync().drainTo(target));
        assertEquals(kind.arranged(kind.someElements()), target.subList(1, target.size()));
        assertTrue(queue.isEmpty());
        assertEquals(kind.someElements().size(), queue.stats().taken());
        assertEquals(0, queue.sync().drainTo(target));
    }

    @QueueKind.Roomy
    void drainToMax_lessAndMoreThanThereIs_movesTheFirst(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        List<Integer> target = new ArrayList<>();
        assertEquals(2, queue.sync().drainTo(target, 2));
        assertEquals(3, queue.sync().drainTo(target, Integer.MAX_VALUE));
        assertEquals(kind.arranged(kind.someElements()), target);
    }

    @QueueKind.Storing
    void drainToMax_zeroOrLess_movesNothing(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        List<Integer> target = new ArrayList<>();
        assertEquals(0, queue.sync().drainTo(target, 0));
        assertEquals(0, queue.sync().drainTo(target, -1));
        assertEquals(0, queue.sync().drainTo(target, Integer.MIN_VALUE));
        assertEquals(List.of(), target);
        assertEquals(kind.arranged(kind.someElements()), QueueAssertions.takeAll(queue));
    }

    @QueueKind.Every
    void drainTo_itself_throwsAndChangesNothing(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        assertThrows(IllegalArgumentException.class, () -> queue.sync().drainTo(queue.sync()));
        assertThrows(IllegalArgumentException.class, () -> queue.sync().drainTo(queue.sync(), 1));
        assertThrows(IllegalArgumentException.class, () -> queue.sync().drainTo(queue.sync(), 0));
        assertEquals(kind.arranged(kind.someElements()), QueueAssertions.takeAll(queue));
    }

    @QueueKind.Roomy
    void drainTo_anotherQueueWithLessRoom_leavesTheRest(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        JanusQueue<Integer> other = checked(JanusQueue.fifo(2));
        assertThrows(IllegalStateException.class, () -> queue.sync().drainTo(other.sync()));
        List<Integer> all = kind.arranged(kind.someElements());
        assertEquals(all.subList(0, 2), QueueAssertions.takeAll(other));
        assertEquals(all.subList(2, 5), QueueAssertions.takeAll(queue));
    }

    @QueueKind.Storing
    void drainTo_targetThrows_restGoesBackToTheHead(QueueKind kind) {
        List<Integer> all = kind.arranged(kind.someElements());
        for (int accepted = 0; accepted < all.size(); accepted++) {
            JanusQueue<Integer> queue = queueOfSome(kind);
            Limited target = new Limited(accepted);
            assertThrows(UnsupportedOperationException.class, () -> queue.sync().drainTo(target));
            assertEquals(all.subList(0, accepted), target);
            assertEquals(accepted, queue.stats().taken());
            assertEquals(all.size(), queue.stats().accepted());
            assertEquals(all.subList(accepted, all.size()), QueueAssertions.takeAll(queue));
        }
    }

    @Test
    void drainTo_targetPutsAndThrows_roomIsKeptForWhatGoesBack() {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(2));
        queue.sync().add(1);
        Collection<Integer> target = new AbstractCollection<>() {
            @Override
            public boolean add(Integer element) {
                assertEquals(1, queue.sync().remainingCapacity());
                queue.sync().add(2);
                assertFalse(queue.sync().offer(3));
                throw new UnsupportedOperationException("changed its mind");
            }

            @Override
            public Iterator<Integer> iterator() {
                return List.<Integer>of().iterator();
            }

            @Override
            public int size() {
                return 0;
            }
        };
        assertThrows(UnsupportedOperationException.class, () -> queue.sync().drainTo(target));
        assertEquals(2, queue.size());
        assertEquals(2, queue.stats().highWaterMark());
        assertFalse(queue.sync().offer(3));
        assertEquals(List.of(1, 2), QueueAssertions.takeAll(queue));
    }

    @QueueKind.Roomy
    void drainToMax_targetThrows_restStandsBeforeTheOthers(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        List<Integer> all = kind.arranged(kind.someElements());
        Limited target = new Limited(1);
        assertThrows(UnsupportedOperationException.class, () -> queue.sync().drainTo(target, 3));
        assertEquals(all.subList(0, 1), target);
        assertEquals(all.subList(1, 5), QueueAssertions.takeAll(queue));
    }

    @QueueKind.Bounded
    void drainTo_targetThrowsWhilePutWaits_losesNothing(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = fullQueue(kind);
        Running<Void> putter = Running.startPut(queue, () -> queue.sync().put(1000));
        assertThrows(UnsupportedOperationException.class, () -> queue.sync().drainTo(new Limited(0)));
        List<Integer> taken = new ArrayList<>();
        for (int i = 0; i <= kind.capacity(); i++) {
            taken.add(queue.sync().take());
        }
        putter.result();
        List<Integer> expected = new ArrayList<>(kind.fillingElements());
        expected.add(1000);
        assertEquals(
                expected.stream().sorted().toList(), taken.stream().sorted().toList());
    }

    @QueueKind.Storing
    void takeBatch_elements_takesTheFirstInOrder(QueueKind kind) throws InterruptedException {
        JanusQueue<Integer> queue = queueOfSome(kind);
        List<Integer> all = kind.arranged(kind.someElements());
        int max = Math.min(3, all.size());
        List<Integer> batch = queue.sync().takeBatch(max);
        assertEquals(all.subList(0, max), batch);
        assertEquals(max, queue.stats().taken());
        batch.add(1000);
        assertEquals(all.subList(max, all.size()), QueueAssertions.takeAll(queue));
    }

    @QueueKind.Storing
    void takeBatch_fewerThanMax_takesAllWithoutWaiting(QueueKind kind) throws InterruptedException {
        JanusQueue<Integer> queue = queueOfSome(kind);
        assertEquals(kind.arranged(kind.someElements()), queue.sync().takeBatch(Integer.MAX_VALUE));
        assertTrue(queue.isEmpty());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -3, Integer.MIN_VALUE})
    void takeBatch_maxBelowOne_throwsAndNamesIt(int max) {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(2));
        queue.sync().add(1);
        IllegalArgumentException thrown =
                assertThrows(IllegalArgumentException.class, () -> queue.sync().takeBatch(max));
        assertTrue(thrown.getMessage().contains(String.valueOf(max)), thrown.getMessage());
        assertEquals(1, queue.size());
    }

    @QueueKind.Every
    void takeBatch_othersWaitToo_everyoneGetsOne(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        Running<List<Integer>> first =
                Running.startTake(queue, () -> queue.sync().takeBatch(10));
        Running<Integer> second = Running.startTake(queue, queue.sync()::take);
        queue.sync().put(1);
        queue.sync().put(2);
        // Either of the two may run first.
        List<Integer> taken = new ArrayList<>(first.result());
        taken.add(second.result());
        assertEquals(List.of(1, 2), taken.stream().sorted().toList());
    }

    @QueueKind.Storing
    void putAll_room_addsAllInTheCollectionsOrder(QueueKind kind) throws InterruptedException {
        JanusQueue<Integer> queue = queue(kind);
        queue.sync().putAll(kind.someElements());
        assertEquals(kind.arranged(kind.someElements()), QueueAssertions.takeAll(queue));
    }

    @QueueKind.Every
    void putAll_nothing_returnsAtOnce(QueueKind kind) throws InterruptedException {
        JanusQueue<Integer> queue = queueOfSome(kind);
        queue.sync().putAll(List.of());
        assertEquals(kind.someElements().size(), queue.size());
    }

    @QueueKind.Every
    void putAll_nullAmongThem_addsNothing(QueueKind kind) {
        JanusQueue<Integer> queue = queue(kind);
        assertThrows(NullPointerException.class, () -> queue.sync().putAll(Arrays.asList(1, null)));
        assertThrows(NullPointerException.class, () -> queue.sync().putAll(null));
        assertEquals(0, queue.stats().accepted());
    }

    @QueueKind.Bounded
    void putAll_moreThanFits_waitsAsOftenAsNeeded(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        List<Integer> elements = QueueKind.elements(kind.capacity() + 20);
        Running<Void> putter = Running.startPut(queue, () -> queue.sync().putAll(elements));
        List<Integer> taken = new ArrayList<>();
        for (int i = 0; i < elements.size(); i++) {
            taken.add(queue.sync().take());
        }
        putter.result();
        assertEquals(
                elements.stream().sorted().toList(), taken.stream().sorted().toList());
        assertFalse(kind.order() == QueueKind.Order.FIFO && !elements.equals(taken), "fifo: " + taken);
    }

    @Test
    void putAll_anyCollection_readsItOnce() throws InterruptedException {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(8));
        List<Iterator<Integer>> iterators = new ArrayList<>();
        queue.sync().putAll(new AbstractCollection<Integer>() {
            @Override
            public Iterator<Integer> iterator() {
                iterators.add(List.of(1, 2, 3).iterator());
                assertEquals(0, queue.size(), "nothing is put in before the collection has been read");
                return iterators.get(0);
            }

            @Override
            public int size() {
                return 3;
            }
        });
        assertEquals(1, iterators.size());
        assertEquals(List.of(1, 2, 3), QueueAssertions.takeAll(queue));
    }

    @Test
    void putAll_itself_addsWhatWasThere() throws InterruptedException {
        JanusQueue<Integer> queue = checked(JanusQueue.unbounded());
        queue.sync().putAll(List.of(1, 2));
        queue.sync().putAll(queue.sync());
        assertEquals(List.of(1, 2, 1, 2), QueueAssertions.takeAll(queue));
    }
}
