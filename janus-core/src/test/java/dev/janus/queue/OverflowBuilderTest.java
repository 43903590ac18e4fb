package dev.janus.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.BlockingGuard;
import dev.janus.JanusQueue;
import dev.janus.fixtures.QueueAssertions;
import dev.janus.fixtures.QueueKind;
import dev.janus.fixtures.QueueSuite;
import dev.janus.fixtures.Running;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kotlinx.coroutines.Dispatchers;
import kotlinx.coroutines.channels.BufferOverflow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a queue is built with for the case that it is full, and what fits together. */
class OverflowBuilderTest extends QueueSuite {

    static Stream<QueueKind.Order> otherThanFifo() {
        return Stream.of(QueueKind.Order.values()).filter(order -> order != QueueKind.Order.FIFO);
    }

    @ParameterizedTest
    @MethodSource("otherThanFifo")
    void build_dropOldestWithAnotherOrder_throwsAndNamesBoth(QueueKind.Order order) {
        JanusQueue.Builder<Integer> builder = order.builder().capacity(1).overflow(BufferOverflow.DROP_OLDEST);
        String named = Map.of(QueueKind.Order.LIFO, "lifo").getOrDefault(order, "");

        IllegalStateException thrown = assertThrows(IllegalStateException.class, builder::build);

        assertTrue(thrown.getMessage().contains("DROP_OLDEST"), thrown.getMessage());
        assertTrue(thrown.getMessage().contains(named), thrown.getMessage());
        assertTrue(thrown.getMessage().contains("fifo"), thrown.getMessage());
        checked(builder.overflow(BufferOverflow.DROP_LATEST).build());
    }

    @ParameterizedTest
    @EnumSource
    void put_fullAndDropLatest_keepsTheOrderAndDropsTheNewOne(QueueKind.Order order) {
        List<Integer> dropped = new ArrayList<>();
        JanusQueue<Integer> queue = checked(order.builder()
                .capacity(3)
                .overflow(BufferOverflow.DROP_LATEST)
                .onDropped(dropped::add)
                .build());
        List<Integer> first = List.of(5, 4, 7);
        queue.sync().addAll(first);
        queue.sync().addAll(List.of(2, 9)); // the best and the worst in the orders there are

        assertEquals(List.of(2, 9), dropped);
        assertEquals(new QueueKind(order, 3).arranged(first), QueueAssertions.takeAll(queue));
    }

    @Test
    void build_onDroppedButNothingIsEverDropped_throwsAndSaysWhatIsExpected() {
        JanusQueue.Builder<Integer> builder =
                JanusQueue.<Integer>builder().capacity(1).onDropped(element -> {});

        IllegalStateException thrown = assertThrows(IllegalStateException.class, builder::build);

        for (String word : List.of("onDropped", "SUSPEND", "DROP_OLDEST", "DROP_LATEST")) {
            assertTrue(thrown.getMessage().contains(word), thrown.getMessage());
        }
        checked(builder.overflow(BufferOverflow.DROP_OLDEST).build());
    }

    @Test
    void overflow_suspend_waitsAsIfNothingWereSaid() throws Exception {
        JanusQueue<Integer> queue = checked(JanusQueue.<Integer>builder()
                .capacity(1)
                .overflow(BufferOverflow.DROP_LATEST)
                .overflow(BufferOverflow.SUSPEND)
                .build());
        queue.sync().put(1);
        assertFalse(queue.sync().offer(2));
        Running<Void> put = Running.startPut(queue, () -> queue.sync().put(2));

        assertEquals(1, queue.sync().take());
        put.result();

        assertEquals(2, queue.sync().take());
        assertEquals(0, queue.stats().dropped());
    }

    @Test
    void unbounded_drops_neverDrops() {
        JanusQueue<Integer> queue = checked(JanusQueue.<Integer>builder()
                .unbounded()
                .overflow(BufferOverflow.DROP_OLDEST)
                .build());
        queue.sync().addAll(QueueKind.elements(100));
        assertEquals(100, queue.size());
        assertEquals(0, queue.stats().dropped());
    }

    @Test
    void builder_null_throws() {
        JanusQueue.Builder<Integer> builder = JanusQueue.builder();
        assertThrows(NullPointerException.class, () -> builder.overflow(null));
        assertThrows(NullPointerException.class, () -> builder.onDropped(null));
        assertThrows(NullPointerException.class, () -> builder.boundTo(null));
        assertThrows(NullPointerException.class, () -> builder.blockingGuard(null));
    }

    @Test
    void builder_everyMethod_returnsItself() {
        JanusQueue.Builder<Integer> builder = JanusQueue.builder();
        assertSame(builder, builder.overflow(BufferOverflow.DROP_LATEST));
        assertSame(builder, builder.onDropped(element -> {}));
        assertSame(builder, builder.boundTo(Dispatchers.getDefault()));
        assertSame(builder, builder.boundToFirstCaller());
        assertSame(builder, builder.blockingGuard(BlockingGuard.allow()));
    }
}
