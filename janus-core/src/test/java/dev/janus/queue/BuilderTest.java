package dev.janus.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.JanusQueue;
import dev.janus.fixtures.QueueAssertions;
import dev.janus.fixtures.QueueKind;
import dev.janus.fixtures.QueueSuite;
import dev.janus.fixtures.Running;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How queues are made. */
class BuilderTest extends QueueSuite {
    private static final List<Integer> ELEMENTS = List.of(2, 3, 1);

    static Stream<IntFunction<JanusQueue<Integer>>> factories() {
        return Stream.of(
                JanusQueue::fifo,
                JanusQueue::lifo,
                JanusQueue::priority,
                capacity -> JanusQueue.priority(capacity, Comparator.reverseOrder()),
                capacity -> JanusQueue.<Integer>builder().capacity(capacity).build());
    }

    @Test
    void factories_elements_comeOutInTheirOrder() {
        assertOrder(List.of(2, 3, 1), JanusQueue.fifo(3));
        assertOrder(List.of(1, 3, 2), JanusQueue.lifo(3));
        assertOrder(List.of(1, 2, 3), JanusQueue.priority(3));
        assertOrder(List.of(3, 2, 1), JanusQueue.priority(3, Comparator.reverseOrder()));
        assertOrder(List.of(2, 3, 1), JanusQueue.unbounded());
    }

    private void assertOrder(List<Integer> expected, JanusQueue<Integer> queue) {
        checked(queue).sync().addAll(ELEMENTS);
        assertEquals(expected, QueueAssertions.takeAll(queue));
    }

    @ParameterizedTest
    @MethodSource("factories")
    void factories_capacity_isTheBound(IntFunction<JanusQueue<Integer>> factory) {
        for (int capacity : new int[] {0, 1, 7, Integer.MAX_VALUE}) {
            assertEquals(capacity, checked(factory.apply(capacity)).capacity());
        }
    }

    @ParameterizedTest
    @MethodSource("factories")
    void factories_negativeCapacity_throwAndNameIt(IntFunction<JanusQueue<Integer>> factory) {
        for (int capacity : new int[] {-1, -77, Integer.MIN_VALUE}) {
            IllegalArgumentException thrown =
                    assertThrows(IllegalArgumentException.class, () -> factory.apply(capacity));
            assertTrue(thrown.getMessage().contains(String.valueOf(capacity)), thrown.getMessage());
        }
    }

    @Test
    void factories_null_throw() {
        JanusQueue.Builder<Integer> builder = JanusQueue.builder();
        assertThrows(NullPointerException.class, () -> JanusQueue.priority(1, null));
        assertThrows(NullPointerException.class, () -> builder.priority(null));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void spinning_threadWaits_getsItsElement(boolean spinning) throws Exception {
        JanusQueue<Integer> queue = checked(
                JanusQueue.<Integer>builder().capacity(1).spinning(spinning).build());
        Running<Integer> take = Running.startTake(queue, queue.sync()::take);
        queue.sync().add(1);
        assertEquals(1, take.result());
    }

    @Test
    void unbounded_capacity_isTheGreatestInt() {
        JanusQueue<Integer> queue = checked(JanusQueue.unbounded());
        assertEquals(Integer.MAX_VALUE, queue.capacity());
        queue.sync().addAll(QueueKind.elements(100));
        assertFalse(queue.isFull());
    }

    @Test
    void faces_askedAgain_areTheSame() {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(1));
        assertSame(queue.sync(), queue.sync());
        assertSame(queue.async(), queue.async());
        queue.sync().add(1);
        assertEquals(1, queue.async().tryReceive());
    }

    @Test
    void build_noCapacity_throws() {
        JanusQueue.Builder<Integer> builder = JanusQueue.<Integer>builder().lifo();
        assertThrows(IllegalStateException.class, builder::build);
        assertEquals(2, checked(builder.capacity(2).build()).capacity());
    }

    @Test
    void build_second_throws() {
        JanusQueue.Builder<Integer> builder = JanusQueue.<Integer>builder().unbounded();
        checked(builder.build());
        assertThrows(IllegalStateException.class, builder::build);
    }

    @Test
    void build_secondAfterAnotherChoice_neverSharesAStore() {
        JanusQueue.Builder<Integer> builder = JanusQueue.<Integer>builder().unbounded();
        JanusQueue<Integer> first = checked(builder.build());
        builder.capacity(3);
        assertThrows(IllegalStateException.class, builder::build);
        first.sync().add(1);
        assertEquals(1, first.size());
    }

    @Test
    void builder_severalChoices_lastOneCounts() {
        assertOrder(
                List.of(1, 3, 2),
                JanusQueue.<Integer>builder()
                        .priority()
                        .unbounded()
                        .lifo()
                        .capacity(3)
                        .build());
        JanusQueue<Integer> last = JanusQueue.<Integer>builder()
                .capacity(1)
                .priority(Comparator.reverseOrder())
                .priority()
                .unbounded()
                .build();
        assertEquals(Integer.MAX_VALUE, last.capacity());
        assertOrder(List.of(1, 2, 3), last);
    }

    @Test
    void builder_everyMethod_returnsItself() {
        JanusQueue.Builder<Integer> builder = JanusQueue.builder();
        assertSame(builder, builder.capacity(1));
        assertSame(builder, builder.unbounded());
        assertSame(builder, builder.lifo());
        assertSame(builder, builder.priority());
        assertSame(builder, builder.priority(Comparator.reverseOrder()));
    }
}
