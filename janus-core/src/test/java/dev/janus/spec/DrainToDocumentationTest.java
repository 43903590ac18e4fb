package dev.janus.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.JanusQueue;
import dev.janus.fixtures.QueueAssertions;
import dev.janus.fixtures.QueueKind;
import dev.janus.fixtures.QueueSuite;
import dev.janus.fixtures.Running;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@link BlockingQueue} says of its two methods drainTo: results, refusals, and collections that throw. */
class DrainToDocumentationTest extends QueueSuite {

    /** Collections that take nothing, or not all, and what they throw. */
    enum Reluctant {
        UNSUPPORTED(UnsupportedOperationException.class, List::of),
        WRONG_CLASS(ClassCastException.class, Reluctant::ofStrings),
        ILLEGAL_THIRD(IllegalArgumentException.class, () -> new AtMost(2, new IllegalArgumentException("a test"))),
        ILLEGAL_FIRST(IllegalArgumentException.class, () -> new AtMost(0, new IllegalArgumentException("a test"))),
        FULL_AFTER_ONE(IllegalStateException.class, () -> new ArrayBlockingQueue<>(1));

        private final Class<? extends Throwable> thrown;
        private final Supplier<Collection<Integer>> collection;

        Reluctant(Class<? extends Throwable> thrown, Supplier<Collection<Integer>> collection) {
            this.thrown = thrown;
            this.collection = collection;
        }

        @SuppressWarnings({"unchecked", "rawtypes"})
        private static Collection<Integer> ofStrings() {
            return (Collection) Collections.checkedCollection(new ArrayList<>(), String.class);
        }
    }

    /** A list that throws when it is to take one element more than it has been told. */
    private static final class AtMost extends ArrayList<Integer> {
        private static final long serialVersionUID = 1;

        private final int most;
        private final RuntimeException refusal;

        AtMost(int most, RuntimeException refusal) {
            this.most = most;
            this.refusal = refusal;
        }

        @Override
        public boolean add(Integer element) {
            if (size() == most) {
                throw refusal;
            }
            return super.add(element);
        }
    }

    static Stream<Arguments> roomyByReluctant() {
        return QueueKind.storing()
                .filter(kind -> kind.capacity() >= 64)
                .flatMap(kind -> Stream.of(Reluctant.values()).map(reluctant -> Arguments.of(kind, reluctant)));
    }

    @QueueKind.Every
    @DisplayName("drainTo: moves all that is available, and returns how many")
    void drainTo_anyFill_movesAllInOrder(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        List<Integer> target = new ArrayList<>(List.of(-1));
        assertEquals(kind.someElements().size(), queue.sync().drainTo(target));
        List<Integer> expected = new ArrayList<>(List.of(-1));
        expected.addAll(kind.arranged(kind.someElements()));
        assertEquals(expected, target);
        assertEquals(0, queue.size());
        assertEquals(0, queue.sync().drainTo(target));
        assertEquals(expected, target);
    }

    @QueueKind.Roomy
    @DisplayName("drainTo: moves all, however many there are")
    void drainTo_full_movesAllInOrder(QueueKind kind) {
        List<Integer> target = new ArrayList<>();
        assertEquals(kind.capacity(), fullQueue(kind).sync().drainTo(target));
        assertEquals(kind.arranged(kind.fillingElements()), target);
    }

    @QueueKind.Every
    @DisplayName("drainTo with a number: moves at most so many, none where it is 0 or less")
    void drainTo_everyNumber_movesAtMostSoMany(QueueKind kind) {
        List<Integer> arranged = kind.arranged(kind.someElements());
        for (int max : new int[] {Integer.MIN_VALUE, -1, 0, 1, 2, 4, 5, 6, Integer.MAX_VALUE}) {
            JanusQueue<Integer> queue = queueOfSome(kind);
            int expected = Math.min(Math.max(max, 0), arranged.size());
            List<Integer> target = new ArrayList<>();
            assertEquals(expected, queue.sync().drainTo(target, max));
            assertEquals(arranged.subList(0, expected), target);
            assertEquals(arranged.subList(expected, arranged.size()), QueueAssertions.takeAll(queue));
        }
    }

    @QueueKind.Every
    @DisplayName("drainTo: NullPointerException for null, IllegalArgumentException for itself; nothing is moved")
    void drainTo_nullOrItself_isRefused(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        BlockingQueue<Integer> sync = queue.sync();
        assertThrows(NullPointerException.class, () -> sync.drainTo(null));
        assertThrows(IllegalArgumentException.class, () -> sync.drainTo(sync));
        for (int max : new int[] {1, 100, 0, -1}) {
            assertThrows(NullPointerException.class, () -> sync.drainTo(null, max));
            assertThrows(IllegalArgumentException.class, () -> sync.drainTo(sync, max));
        }
        assertEquals(kind.arranged(kind.someElements()), QueueAssertions.takeAll(queue));
    }

    @QueueKind.Every
    @DisplayName("drainTo: NullPointerException and IllegalArgumentException when there is nothing to move, too")
    void drainTo_nullOrItselfWhenEmpty_isRefused(QueueKind kind) {
        BlockingQueue<Integer> sync = queue(kind).sync();
        assertThrows(NullPointerException.class, () -> sync.drainTo(null));
        assertThrows(IllegalArgumentException.class, () -> sync.drainTo(sync));
        assertThrows(IllegalArgumentException.class, () -> sync.drainTo(sync, 0));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("roomyByReluctant")
    @DisplayName("drainTo: what the collection throws comes out; each element is in one of the two, not in both")
    void drainTo_collectionThrows_keepsWhatItDidNotTake(QueueKind kind, Reluctant reluctant) {
        for (int max : new int[] {4, Integer.MAX_VALUE}) {
            JanusQueue<Integer> queue = queueOfSome(kind);
            Collection<Integer> target = reluctant.collection.get();
            assertThrows(reluctant.thrown, () -> queue.sync().drainTo(target, max));
            List<Integer> all = new ArrayList<>(target);
            assertEquals(kind.someElements().size() - all.size(), queue.size());
            all.addAll(QueueAssertions.takeAll(queue));
            assertEquals(kind.arranged(kind.someElements()), all);
        }
    }

    @QueueKind.Storing
    @DisplayName("drainTo: a collection that takes an element and then throws loses none")
    void drainTo_collectionTakesAndThrows_losesNothing(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        List<Integer> target = new ArrayList<>();
        List<Integer> taker = new ArrayList<>() {
            private static final long serialVersionUID = 1;

            @Override
            public boolean add(Integer element) {
                target.add(element);
                throw new IllegalStateException("a test");
            }
        };
        assertThrows(IllegalStateException.class, () -> queue.sync().drainTo(taker));
        assertEquals(kind.arranged(kind.someElements()).subList(0, 1), target);
        target.addAll(QueueAssertions.takeAll(queue));
        assertTrue(target.containsAll(kind.someElements()));
    }

    @QueueKind.Storing
    @DisplayName("drainTo: the collection may be another such queue, and may be too small")
    void drainTo_anotherQueue_movesWhatFits(QueueKind kind) {
        JanusQueue<Integer> from = queueOfSome(kind);
        JanusQueue<Integer> wide = checked(JanusQueue.unbounded());
        assertEquals(kind.someElements().size(), from.sync().drainTo(wide.sync()));
        assertEquals(kind.arranged(kind.someElements()), QueueAssertions.takeAll(wide));
        from.sync().addAll(kind.someElements());
        JanusQueue<Integer> none = checked(JanusQueue.fifo(0));
        assertThrows(IllegalStateException.class, () -> from.sync().drainTo(none.sync()));
        assertEquals(kind.arranged(kind.someElements()), QueueAssertions.takeAll(from));
    }

    @Test
    @DisplayName("drainTo: two queues that are drained into each other at the same time do not block each other")
    void drainTo_eachIntoTheOther_keepsAllElements() throws Exception {
        JanusQueue<Integer> one = checked(JanusQueue.unbounded());
        JanusQueue<Integer> other = checked(JanusQueue.unbounded());
        one.sync().addAll(QueueKind.elements(100));
        Running<Void> there = Running.start(() -> drainOften(one, other));
        Running<Void> back = Running.start(() -> drainOften(other, one));
        there.result();
        back.result();
        List<Integer> all = new ArrayList<>(QueueAssertions.takeAll(one));
        all.addAll(QueueAssertions.takeAll(other));
        assertEquals(
                QueueKind.elements(100).stream().sorted().toList(),
                all.stream().sorted().toList());
    }

    private static Void drainOften(JanusQueue<Integer> from, JanusQueue<Integer> to) {
        for (int i = 0; i < 2_000; i++) {
            from.sync().drainTo(to.sync(), 7);
        }
        return null;
    }
}
