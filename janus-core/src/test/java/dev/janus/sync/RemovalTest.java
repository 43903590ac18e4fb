package dev.janus.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.JanusQueue;
import dev.janus.SyncQueue;
import dev.janus.fixtures.QueueAssertions;
import dev.janus.fixtures.QueueKind;
import dev.janus.fixtures.QueueSuite;
import dev.janus.fixtures.Running;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.Spliterator;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Removing many elements in one pass, and the iterator and the spliterators. */
class RemovalTest extends QueueSuite {

    /** An order, and so many elements that a pass for each of them would take far longer than the test allows. */
    enum Large {
        FIFO(100_000),
        LIFO(100_000),
        PRIORITY(40_000);

        final int size;

        Large(int size) {
            this.size = size;
        }

        JanusQueue<Integer> build() {
            return switch (this) {
                case FIFO -> JanusQueue.fifo(size);
                case LIFO -> JanusQueue.lifo(size);
                case PRIORITY -> JanusQueue.priority(size);
            };
        }
    }

    /** A way to remove the even ones. */
    enum Way {
        REMOVE_IF(queue -> queue.removeIf(RemovalTest::isEven)),
        REMOVE_ALL(queue -> queue.removeAll(some(queue, true))),
        RETAIN_ALL(queue -> queue.retainAll(some(queue, false))),
        ITERATOR(queue -> {
            for (Iterator<Integer> i = queue.iterator(); i.hasNext(); ) {
                if (isEven(i.next())) {
                    i.remove();
                }
            }
        });

        final Consumer<SyncQueue<Integer>> removal;

        Way(Consumer<SyncQueue<Integer>> removal) {
            this.removal = removal;
        }

        private static Set<Integer> some(SyncQueue<Integer> queue, boolean even) {
            Set<Integer> some = new HashSet<>(queue);
            some.removeIf(element -> isEven(element) != even);
            return some;
        }
    }

    private static boolean isEven(int element) {
        return element % 2 == 0;
    }

    @ParameterizedTest
    @EnumSource
    void removal_manyElements_isOnePass(Way way) {
        for (Large large : Large.values()) {
            JanusQueue<Integer> queue = checked(large.build());
            queue.sync().addAll(QueueKind.elements(large.size));
            List<Integer> expected = new ArrayList<>(queue.sync());
            expected.removeIf(RemovalTest::isEven);

            assertTimeout(Duration.ofSeconds(2), () -> way.removal.accept(queue.sync()), () -> way + " of " + large);

            assertEquals(sorted(expected), sorted(queue.sync()));
            assertEquals(large.size - expected.size(), queue.stats().removed());
            if (large == Large.PRIORITY) {
                expected.sort(null);
            }
            assertEquals(expected, QueueAssertions.takeAll(queue), "the order of what is left");
        }
    }

    @ParameterizedTest
    @EnumSource
    void removal_everyElement_isOnePass(Large large) {
        JanusQueue<Integer> queue = checked(large.build());
        queue.sync().addAll(QueueKind.elements(large.size));
        assertTimeout(Duration.ofSeconds(2), () -> {
            Iterator<Integer> all = queue.sync().iterator();
            while (all.hasNext()) {
                all.next();
                all.remove();
            }
        });
        assertTrue(queue.isEmpty());
        assertEquals(0, queue.unfinishedTasks());
    }

    @Test
    void removeIf_putsWait_roomGoesToThem() throws Exception {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(2));
        queue.sync().addAll(List.of(1, 2));
        Running<Void> put = Running.startPut(queue, () -> queue.sync().put(3));
        assertTrue(queue.sync().removeIf(RemovalTest::isEven));
        put.result();
        assertEquals(List.of(1, 3), new ArrayList<>(queue.sync()));
        assertFalse(queue.sync().removeIf(RemovalTest::isEven));
    }

    // iterator()

    @Test
    void iteratorRemove_itsOccurrenceIsGone_removesNothing() {
        for (JanusQueue<String> queue :
                List.of(JanusQueue.<String>fifo(2), JanusQueue.<String>lifo(2), JanusQueue.<String>priority(2))) {
            checked(queue);
            String x = "x";
            queue.sync().addAll(List.of(x, x));
            Iterator<String> iterator = queue.sync().iterator();
            iterator.next();
            assertSame(x, queue.sync().poll());
            iterator.remove();
            assertEquals(List.of(x), new ArrayList<>(queue.sync()), queue.toString());
            assertEquals(0, queue.stats().removed());
            iterator.next();
            iterator.remove();
            assertTrue(queue.isEmpty());
            assertThrows(IllegalStateException.class, iterator::remove);
        }
    }

    @Test
    void iteratorRemove_occurrenceWasPutInAnew_removesNothing() {
        JanusQueue<String> queue = checked(JanusQueue.fifo(2));
        queue.sync().add("x");
        Iterator<String> iterator = queue.sync().iterator();
        iterator.next();
        queue.sync().add(queue.sync().remove());
        iterator.remove();
        assertEquals(List.of("x"), new ArrayList<>(queue.sync()));
    }

    // spliterator()

    @ParameterizedTest
    @EnumSource
    void spliterator_characteristics_areThoseOfASnapshot(Large large) {
        JanusQueue<Integer> queue = checked(large.build());
        queue.sync().addAll(List.of(3, 1, 2));
        Spliterator<Integer> all = queue.sync().spliterator();
        for (int pass = 0; pass < 2; pass++) { // before and after it is bound
            assertFalse(all.hasCharacteristics(Spliterator.CONCURRENT));
            assertFalse(all.hasCharacteristics(Spliterator.SORTED));
            assertTrue(all.hasCharacteristics(Spliterator.SIZED | Spliterator.NONNULL));
            assertEquals(large != Large.PRIORITY, all.hasCharacteristics(Spliterator.ORDERED));
            assertEquals(3, all.estimateSize());
        }
    }

    @Test
    void trySplit_priority_thePartPromisesWhatTheWholeDoes() {
        JanusQueue<Integer> queue = checked(JanusQueue.priority(10));
        queue.sync().addAll(List.of(3, 1, 2, 4));
        Spliterator<Integer> all = queue.sync().spliterator();
        Spliterator<Integer> part = all.trySplit();
        assertEquals(2, part.estimateSize());
        assertFalse(part.hasCharacteristics(Spliterator.ORDERED));
        assertTrue(part.hasCharacteristics(Spliterator.NONNULL));
    }

    @ParameterizedTest
    @EnumSource
    void spliterator_queueChangesBetween_sizeAgreesWithTheTraversal(Large large) {
        JanusQueue<Integer> queue = checked(large.build());
        queue.sync().addAll(List.of(3, 1, 2));
        Spliterator<Integer> all = queue.sync().spliterator();
        assertEquals(3, all.getExactSizeIfKnown());
        queue.sync().clear();
        queue.sync().addAll(List.of(7, 8, 9, 10, 11));
        List<Integer> seen = new ArrayList<>();
        assertTrue(all.tryAdvance(seen::add));
        assertEquals(2, all.getExactSizeIfKnown());
        queue.sync().add(12);
        all.forEachRemaining(seen::add);
        assertEquals(List.of(1, 2, 3), sorted(seen));
        assertEquals(0, all.getExactSizeIfKnown());
        assertFalse(all.tryAdvance(seen::add));
    }

    @Test
    void stream_queueChangesBeforeTheTerminalOperation_showsWhatIsThereThen() {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(10));
        queue.sync().addAll(List.of(1, 2));
        Stream<Integer> elements = queue.sync().stream();
        Stream<Integer> counted = queue.sync().stream();
        Stream<Integer> parallel = queue.sync().parallelStream();
        queue.sync().add(3);
        assertEquals(List.of(1, 2, 3), elements.toList());
        assertEquals(3, counted.count());
        assertEquals(List.of(1, 2, 3), parallel.map(element -> element).toList());
    }

    @Test
    void parallelStream_whileTheQueueChanges_neverBreaksTheSize() throws Exception {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(1_000));
        Running<Void> changer = Running.start(() -> {
            while (!queue.isShutdown()) {
                if (!queue.sync().offer(1)) {
                    queue.sync().clear();
                }
            }
            return null;
        });
        for (int i = 0; i < 1_000; i++) {
            Object[] seen = queue.sync().parallelStream().toArray(); // throws if SIZED was untrue
            assertTrue(seen.length <= 1_000);
        }
        queue.shutdown();
        changer.result();
    }

    // untilShutdown()

    @Test
    void untilShutdown_stream_takesNoMoreThanItNeeds() {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(100));
        queue.sync().addAll(QueueKind.elements(100));
        Iterable<Integer> all = queue.sync().untilShutdown();
        List<Integer> expected = queue.sync().stream().limit(3).toList();
        assertEquals(
                expected,
                StreamSupport.stream(all.spliterator(), false).limit(3).toList());
        assertEquals(3, queue.stats().taken());
    }

    @Test
    void untilShutdown_parallelStream_takesAtMostAFew() {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(10_000));
        queue.sync().addAll(IntStream.range(0, 10_000).boxed().toList());
        Spliterator<Integer> all = queue.sync().untilShutdown().spliterator();
        assertNull(all.trySplit());
        assertFalse(all.hasCharacteristics(Spliterator.SIZED));
        assertEquals(List.of(0, 1, 2), StreamSupport.stream(all, true).limit(3).toList());
        assertTrue(queue.stats().taken() <= 4, () -> queue.stats().taken() + " were taken for 3");
        assertNull(all.trySplit());
    }

    @Test
    void untilShutdown_parallelStreamOfAWaitingQueue_getsEachWhenItComes() throws Exception {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(0));
        Running<List<Integer>> reader = Running.startTake(
                queue,
                () -> StreamSupport.stream(queue.sync().untilShutdown().spliterator(), true)
                        .limit(2)
                        .toList());
        queue.sync().put(1);
        queue.sync().put(2);
        assertEquals(List.of(1, 2), reader.result());
    }

    private static List<Integer> sorted(Iterable<Integer> elements) {
        return StreamSupport.stream(elements.spliterator(), false).sorted().toList();
    }
}
