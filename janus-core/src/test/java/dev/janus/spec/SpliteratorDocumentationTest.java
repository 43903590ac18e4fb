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
import java.util.Spliterator;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;

/**
 * What {@link Collection} says of spliterator, stream and parallelStream: bound late or to a queue that may change, so that
 * a stream shows what is there when its terminal operation begins; and that the characteristics are true.
 */
class SpliteratorDocumentationTest extends QueueSuite {

    @QueueKind.Storing
    @DisplayName("stream and parallelStream: what is there when the terminal operation begins")
    void stream_queueChangesBeforeTheEnd_showsTheChange(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        for (Supplier<Stream<Integer>> streams :
                List.<Supplier<Stream<Integer>>>of(queue.sync()::stream, queue.sync()::parallelStream)) {
            queue.sync().clear();
            queue.sync().addAll(kind.someElements());
            Stream<Integer> stream = streams.get().map(element -> element);
            queue.sync().clear();
            queue.sync().add(1000);
            assertEquals(List.of(1000), stream.toList());
        }
    }

    @QueueKind.Storing
    @DisplayName("spliterator: immutable, or concurrent, or bound to the queue as it is at the first use")
    void spliterator_queueChangesBeforeItsUse_keepsItsPolicy(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        Spliterator<Integer> spliterator = queue.sync().spliterator();
        queue.sync().clear();
        queue.sync().add(1000);
        List<Integer> seen = new ArrayList<>();
        spliterator.forEachRemaining(seen::add);
        if (spliterator.hasCharacteristics(Spliterator.IMMUTABLE)) {
            assertEquals(sorted(kind.someElements()), sorted(seen));
        } else if (spliterator.hasCharacteristics(Spliterator.CONCURRENT)) {
            List<Integer> ever = new ArrayList<>(kind.someElements());
            ever.add(1000);
            assertTrue(ever.containsAll(seen), seen::toString);
        } else {
            assertEquals(List.of(1000), seen);
        }
    }

    @QueueKind.Every
    @DisplayName("spliterator: each element once, one by one or all the rest; and then none")
    void spliterator_advancedAndForEach_showsEachOnce(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        for (int passed = 0; passed <= kind.someElements().size(); passed++) {
            Spliterator<Integer> spliterator = queue.sync().spliterator();
            List<Integer> seen = new ArrayList<>();
            for (int i = 0; i < passed; i++) {
                assertTrue(spliterator.tryAdvance(seen::add));
            }
            assertEquals(passed, seen.size());
            spliterator.forEachRemaining(seen::add);
            assertFalse(spliterator.tryAdvance(seen::add));
            assertEquals(List.copyOf(queue.sync()), seen);
        }
    }

    @QueueKind.Every
    @DisplayName("spliterator: split as far as it can be, the parts together show each element once")
    void spliterator_split_showsEachOnce(QueueKind kind) {
        List<Integer> elements = kind.capacity() < 64 ? kind.someElements() : QueueKind.elements(60);
        JanusQueue<Integer> queue = queueOf(kind, elements);
        List<Integer> seen = new ArrayList<>();
        showParts(queue.sync().spliterator(), seen);
        assertEquals(List.copyOf(queue.sync()), seen, "an ordered split puts the first part first");
    }

    private static void showParts(Spliterator<Integer> spliterator, List<Integer> seen) {
        Spliterator<Integer> prefix = spliterator.trySplit();
        if (prefix != null) {
            showParts(prefix, seen);
            showParts(spliterator, seen);
        } else {
            spliterator.forEachRemaining(seen::add);
        }
    }

    @QueueKind.Every
    @DisplayName("spliterator: it claims no characteristic that is not true")
    void characteristics_anyFill_areTrue(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        Spliterator<Integer> spliterator = queue.sync().spliterator();
        assertFalse(spliterator.hasCharacteristics(Spliterator.DISTINCT), "equal elements may be in it");
        assertFalse(spliterator.hasCharacteristics(Spliterator.SORTED), "it shows no sorted order");
        assertFalse(
                spliterator.hasCharacteristics(Spliterator.CONCURRENT)
                        && spliterator.hasCharacteristics(Spliterator.SIZED),
                "the size of what changes is not known");
        long exact = spliterator.getExactSizeIfKnown();
        assertTrue(exact == -1 || exact == kind.someElements().size(), "exact size " + exact);
        long estimate = spliterator.estimateSize();
        assertTrue(estimate == Long.MAX_VALUE || estimate == kind.someElements().size(), "estimate " + estimate);
    }

    @QueueKind.Every
    @DisplayName("spliterator: NullPointerException for null, whether there is an element or not")
    void spliterator_null_throws(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        assertThrows(
                NullPointerException.class, () -> queue.sync().spliterator().tryAdvance(null));
        assertThrows(
                NullPointerException.class, () -> queue.sync().spliterator().forEachRemaining(null));
    }

    @QueueKind.Every
    @DisplayName("stream and parallelStream: each element once, and the queue keeps them")
    void streams_anyFill_showEachOnceAndKeepAll(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        assertEquals(List.copyOf(queue.sync()), queue.sync().stream().toList());
        assertEquals(List.copyOf(queue.sync()), queue.sync().parallelStream().toList());
        assertEquals(kind.someElements().size(), queue.sync().stream().count());
        assertEquals(kind.arranged(kind.someElements()), QueueAssertions.takeAll(queue));
    }

    private static List<Integer> sorted(Collection<Integer> elements) {
        return elements.stream().sorted().toList();
    }
}
