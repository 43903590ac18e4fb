package dev.janus.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.JanusQueue;
import dev.janus.fixtures.QueueAssertions;
import dev.janus.fixtures.QueueKind;
import dev.janus.fixtures.QueueSuite;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What {@link Queue} says: the two forms of each method (1st paragraph of the class description), the order and its head (2nd),
 * offer (3rd), remove and poll (4th), element and peek (5th), null (7th), equality (8th), and each method on its own.
 */
class QueueDocumentationTest extends QueueSuite {
    private static final Integer ONE_MORE = 1000;

    /** The ways to take the head out. */
    enum HeadRemoval {
        REMOVE(Queue::remove),
        POLL(Queue::poll);

        private final Function<Queue<Integer>, Integer> call;

        HeadRemoval(Function<Queue<Integer>, Integer> call) {
            this.call = call;
        }
    }

    @QueueKind.Bounded
    @DisplayName("1st paragraph: insert has a form that throws and one that returns false")
    void insert_noRoom_throwsOrReturnsFalse(QueueKind kind) {
        JanusQueue<Integer> queue = fullQueue(kind);
        assertFalse(queue.sync().offer(ONE_MORE));
        assertThrows(IllegalStateException.class, () -> queue.sync().add(ONE_MORE));
        assertFalse(queue.sync().contains(ONE_MORE));
        assertEquals(kind.capacity(), queue.size());
    }

    @QueueKind.Every
    @DisplayName("1st paragraph: remove and examine have a form that throws and one that returns null")
    void removeAndExamine_empty_throwOrReturnNull(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        QueueAssertions.takeAll(queue);
        assertThrows(NoSuchElementException.class, queue.sync()::remove);
        assertNull(queue.sync().poll());
        assertThrows(NoSuchElementException.class, queue.sync()::element);
        assertNull(queue.sync().peek());
    }

    @QueueKind.Storing
    @DisplayName("2nd paragraph: first in first out, last in first out, or by the comparator")
    void poll_interleavedWithOffer_followsTheOrder(QueueKind kind) {
        Queue<Integer> queue = queue(kind).sync();
        List<Integer> inside = new ArrayList<>();
        for (Integer element : QueueKind.elements(40)) {
            if (queue.offer(element)) {
                inside.add(element);
            }
            if (element % 3 == 0 || inside.size() == kind.capacity()) {
                assertEquals(head(kind, inside), queue.poll());
                inside.remove(head(kind, inside));
            }
        }
        while (!inside.isEmpty()) {
            assertEquals(head(kind, inside), queue.poll());
            inside.remove(head(kind, inside));
        }
        assertNull(queue.poll());
    }

    /** The head of a queue, found from the words alone: elements stand in the order in which they came. */
    private static Integer head(QueueKind kind, List<Integer> inside) {
        return switch (kind.order()) {
            case FIFO -> inside.get(0);
            case LIFO -> inside.get(inside.size() - 1);
            case PRIORITY -> inside.stream().min(Comparator.naturalOrder()).orElseThrow();
            case PRIORITY_REVERSED ->
                inside.stream().max(Comparator.naturalOrder()).orElseThrow();
        };
    }

    @QueueKind.Storing
    @DisplayName("2nd paragraph: the head is what remove and poll would take out, and what element and peek show")
    void head_everyFill_isTheSameForAllMethods(QueueKind kind) throws InterruptedException {
        for (HeadRemoval removal : HeadRemoval.values()) {
            JanusQueue<Integer> queue = queueOfSome(kind);
            while (!queue.isEmpty()) {
                Integer head = queue.sync().peek();
                assertEquals(head, queue.sync().element());
                assertEquals(head, removal.call.apply(queue.sync()));
            }
        }
        JanusQueue<Integer> queue = queueOfSome(kind);
        while (!queue.isEmpty()) {
            assertEquals(queue.sync().peek(), queue.sync().take());
        }
    }

    @QueueKind.Storing
    @DisplayName("2nd and 4th paragraph: remove and poll take the same elements in the same order")
    void removeAndPoll_sameFill_takeTheSame(QueueKind kind) {
        List<List<Integer>> taken = new ArrayList<>();
        for (HeadRemoval removal : HeadRemoval.values()) {
            JanusQueue<Integer> queue = queueOfSome(kind);
            List<Integer> mine = new ArrayList<>();
            while (!queue.isEmpty()) {
                mine.add(removal.call.apply(queue.sync()));
                assertEquals(kind.someElements().size() - mine.size(), queue.size());
            }
            taken.add(mine);
        }
        assertEquals(taken.get(0), taken.get(1));
        assertEquals(kind.arranged(kind.someElements()), taken.get(0));
    }

    @QueueKind.Storing
    @DisplayName("3rd paragraph, add and offer: true and in the queue where there is room")
    void addAndOffer_room_returnTrue(QueueKind kind) {
        JanusQueue<Integer> queue = queue(kind);
        assertTrue(queue.sync().offer(7));
        assertTrue(queue.sync().contains(7));
        queue.sync().clear();
        assertTrue(queue.sync().add(7));
        assertTrue(queue.sync().contains(7));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("reachable")
    @DisplayName("3rd paragraph: an offer that fails is nothing out of the ordinary, the next may succeed")
    void offer_fullAndThenRoom_succeedsAgain(QueueKind kind) {
        JanusQueue<Integer> queue = fullQueue(kind);
        for (int i = 0; i < 10; i++) {
            assertFalse(queue.sync().offer(ONE_MORE + i));
            queue.sync().remove();
            assertTrue(queue.sync().offer(ONE_MORE + i));
        }
    }

    static Stream<QueueKind> reachable() {
        return QueueKind.bounded().filter(kind -> kind.capacity() > 0);
    }

    @QueueKind.Storing
    @DisplayName("5th paragraph, element and peek: they do not remove, however often they are asked")
    void elementAndPeek_askedOften_doNotRemove(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        for (int i = 0; i < 10; i++) {
            assertEquals(kind.arranged(kind.someElements()).get(0), queue.sync().element());
            assertEquals(kind.arranged(kind.someElements()).get(0), queue.sync().peek());
        }
        assertEquals(0, queue.stats().taken());
        assertEquals(kind.arranged(kind.someElements()), QueueAssertions.takeAll(queue));
    }

    @ParameterizedTest
    @EnumSource(QueueKind.Order.class)
    @DisplayName("7th paragraph: null is not inserted")
    void addAndOffer_null_throw(QueueKind.Order order) {
        Queue<Integer> queue = queue(new QueueKind(order, 2)).sync();
        assertThrows(NullPointerException.class, () -> queue.add(null));
        assertThrows(NullPointerException.class, () -> queue.offer(null));
        assertNull(queue.poll());
    }

    @QueueKind.Every
    @DisplayName("8th paragraph: equality and hash code are by identity, and stay while the elements change")
    void equalsAndHashCode_sameElements_areByIdentity(QueueKind kind) {
        BlockingQueue<Integer> one = queueOfSome(kind).sync();
        BlockingQueue<Integer> other = queueOfSome(kind).sync();
        assertNotEquals(one, other);
        int hash = one.hashCode();
        Set<Object> set = new HashSet<>(List.of(one, other));
        one.clear();
        other.clear();
        assertNotEquals(one, other);
        assertEquals(one, one);
        assertEquals(hash, one.hashCode());
        assertTrue(set.contains(one) && set.contains(other));
    }

    @Test
    @DisplayName("2nd paragraph: elements that the comparator calls equal are all kept")
    void priority_equalByComparator_keepsAll() {
        JanusQueue<String> queue = checked(JanusQueue.priority(8, Comparator.comparing(String::length)));
        queue.sync().addAll(List.of("bb", "aa", "c", "aa", "ddd"));
        List<String> taken = QueueAssertions.takeAll(queue);
        assertEquals("c", taken.get(0));
        assertEquals(
                List.of("aa", "aa", "bb"), taken.subList(1, 4).stream().sorted().toList());
        assertEquals("ddd", taken.get(4));
    }
}
