package dev.janus.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.JanusQueue;
import dev.janus.SyncQueue;
import dev.janus.fixtures.QueueAssertions;
import dev.janus.fixtures.QueueKind;
import dev.janus.fixtures.QueueSuite;
import dev.janus.fixtures.Running;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the description of the package {@code java.util.concurrent} ("Concurrent Collections", last paragraph) says of
 * iterators while the queue changes: they go on, never throw ConcurrentModificationException, show what was there when
 * they were made exactly once, and perhaps what came later.
 */
class WeaklyConsistentDocumentationTest extends QueueSuite {
    private static final int STAYING = 20;
    private static final int FIRST_PASSING = 1_000;

    /** Changes in the midst of an iteration. */
    enum Change {
        POLL(SyncQueue::poll),
        REMOVE_ELEMENT(queue -> queue.remove(QueueKind.elements(5).get(2))),
        ITERATOR_REMOVE(Change::removeFirst),
        CLEAR(SyncQueue::clear),
        DRAIN_TO(queue -> queue.drainTo(new ArrayList<>())),
        REMOVE_IF(queue -> queue.removeIf(element -> element % 2 == 0)),
        RETAIN_ALL(queue -> queue.retainAll(QueueKind.elements(2))),
        ADD(queue -> queue.offer(FIRST_PASSING)),
        ADD_LEAST(queue -> queue.offer(-FIRST_PASSING)),
        EXCHANGE_ALL(queue -> {
            queue.clear();
            queue.offer(FIRST_PASSING);
        });

        private final Consumer<SyncQueue<Integer>> call;

        Change(Consumer<SyncQueue<Integer>> call) {
            this.call = call;
        }

        private static void removeFirst(SyncQueue<Integer> queue) {
            Iterator<Integer> other = queue.iterator();
            if (other.hasNext()) {
                other.next();
                other.remove();
            }
        }
    }

    /** The ways to see all elements. */
    enum Sight {
        ITERATOR((queue, action) -> queue.iterator().forEachRemaining(action)),
        FOR_EACH(SyncQueue::forEach),
        SPLITERATOR((queue, action) -> queue.spliterator().forEachRemaining(action)),
        SPLITERATOR_ADVANCE((queue, action) -> {
            var spliterator = queue.spliterator();
            while (spliterator.tryAdvance(action)) {
                Thread.onSpinWait();
            }
        }),
        STREAM((queue, action) -> queue.stream().forEach(action)),
        PARALLEL_STREAM((queue, action) -> queue.parallelStream().toList().forEach(action)),
        TO_ARRAY((queue, action) -> Arrays.asList(queue.toArray(new Integer[0])).forEach(action));

        private final BiConsumer<SyncQueue<Integer>, Consumer<Integer>> call;

        Sight(BiConsumer<SyncQueue<Integer>, Consumer<Integer>> call) {
            this.call = call;
        }
    }

    static Stream<Arguments> storingByChange() {
        return QueueKind.storing()
                .flatMap(kind -> Stream.of(Change.values()).map(change -> Arguments.of(kind, change)));
    }

    static Stream<Arguments> roomyBySight() {
        return QueueKind.roomy().flatMap(kind -> Stream.of(Sight.values()).map(sight -> Arguments.of(kind, sight)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("storingByChange")
    @DisplayName("What stays is shown exactly once, and nothing that never was there")
    void iterator_changeAnywhereInIt_showsWhatStaysOnce(QueueKind kind, Change change) {
        for (int seenBefore = 0; seenBefore <= kind.someElements().size(); seenBefore++) {
            JanusQueue<Integer> queue = queueOfSome(kind);
            Iterator<Integer> iterator = queue.sync().iterator();
            List<Integer> seen = new ArrayList<>();
            for (int i = 0; i < seenBefore; i++) {
                seen.add(iterator.next());
            }
            change.call.accept(queue.sync());
            iterator.forEachRemaining(seen::add);
            assertWeaklyConsistent(kind.someElements(), List.copyOf(queue.sync()), seen);
        }
    }

    private static void assertWeaklyConsistent(List<Integer> before, List<Integer> after, List<Integer> seen) {
        assertEquals(Set.copyOf(seen).size(), seen.size(), () -> "twice: " + seen);
        Set<Integer> stayed = new HashSet<>(before);
        stayed.retainAll(after);
        assertTrue(seen.containsAll(stayed), () -> stayed + " stayed, but these were shown: " + seen);
        Set<Integer> ever = new HashSet<>(before);
        ever.addAll(after);
        assertTrue(ever.containsAll(seen), () -> ever + " were there, but these were shown: " + seen);
    }

    @QueueKind.Storing
    @DisplayName("The element that hasNext announced, next returns, even if it has left the queue since")
    void next_removedAfterHasNext_returnsIt(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        Iterator<Integer> iterator = queue.sync().iterator();
        for (int left = kind.someElements().size(); left > 0; left--) {
            if (iterator.hasNext()) {
                queue.sync().clear();
                assertTrue(kind.someElements().contains(iterator.next()));
                iterator.remove();
            }
        }
        assertEquals(kind.someElements().size(), queue.stats().removed(), "each once, by clear");
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("roomyBySight")
    @DisplayName("All views, while other threads put in and take out: no exception, what stays exactly once")
    void everyView_queueChangesAllTheTime_showsWhatStaysOnce(QueueKind kind, Sight sight) throws Exception {
        List<Integer> staying = IntStream.range(0, STAYING).boxed().toList();
        JanusQueue<Integer> queue = queueOf(kind, staying);
        AtomicBoolean stop = new AtomicBoolean();
        Running<Void> one = Running.start(() -> pass(queue, FIRST_PASSING, stop));
        Running<Void> other = Running.start(() -> pass(queue, 2 * FIRST_PASSING, stop));
        try {
            for (int i = 0; i < 300; i++) {
                List<Integer> seen = new ArrayList<>();
                sight.call.accept(queue.sync(), seen::add);
                List<Integer> shown = seen.stream()
                        .filter(element -> element < FIRST_PASSING)
                        .sorted()
                        .toList();
                assertEquals(staying, shown);
            }
        } finally {
            stop.set(true);
        }
        one.result();
        other.result();
        assertEquals(kind.arranged(staying), QueueAssertions.takeAll(queue));
    }

    /** Lets elements pass through, some of which stand before and some behind those that stay. */
    private static Void pass(JanusQueue<Integer> queue, int first, AtomicBoolean stop) {
        for (int i = 0; !stop.get(); i++) {
            Integer passing = first + i % 100;
            assertTrue(queue.sync().offer(passing));
            assertTrue(queue.sync().remove(passing));
        }
        return null;
    }

    @QueueKind.Roomy
    @DisplayName("remove of an iterator, while other threads put in and take out: each element goes once")
    void iteratorRemove_byTwoThreads_removesEachOnce(QueueKind kind) throws Exception {
        List<Integer> elements = QueueKind.elements(60);
        for (int round = 0; round < 20; round++) {
            JanusQueue<Integer> queue = queueOf(kind, elements);
            Running<Void> one = Running.start(() -> removeEach(queue));
            Running<Void> other = Running.start(() -> removeEach(queue));
            one.result();
            other.result();
            assertEquals(elements.size(), queue.stats().removed());
            assertEquals(0, queue.size());
            assertNull(queue.sync().peek());
            assertFalse(queue.sync().iterator().hasNext());
        }
    }

    private static Void removeEach(JanusQueue<Integer> queue) {
        for (Iterator<Integer> iterator = queue.sync().iterator(); iterator.hasNext(); ) {
            iterator.next();
            iterator.remove();
        }
        return null;
    }
}
