package dev.janus.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.janus.JanusQueue;
import dev.janus.fixtures.Await;
import dev.janus.fixtures.PutCall;
import dev.janus.fixtures.QueueAssertions;
import dev.janus.fixtures.QueueKind;
import dev.janus.fixtures.QueueSuite;
import dev.janus.fixtures.Running;
import dev.janus.fixtures.TakeCall;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What {@link BlockingQueue} (9th paragraph of the class description) and the package ("Memory Consistency Properties") say:
 * what was written to plain memory before an element was put in is read by every thread that sees the element or takes it out.
 */
class MemoryConsistencyTest extends QueueSuite {
    private static final QueueKind FIFO = new QueueKind(QueueKind.Order.FIFO, 64);

    /** The ways to see that an element is in the queue, and the one to take out just this. */
    enum Access {
        PEEK((queue, token) -> token.equals(queue.peek())),
        CONTAINS(BlockingQueue::contains),
        ITERATOR((queue, token) -> {
            var iterator = queue.iterator();
            return iterator.hasNext() && token.equals(iterator.next());
        }),
        TO_ARRAY((queue, token) -> Arrays.asList(queue.toArray()).contains(token)),
        STREAM((queue, token) -> queue.stream().anyMatch(token::equals)),
        REMOVE_ELEMENT(BlockingQueue::remove);

        private final BiPredicate<BlockingQueue<Integer>, Integer> call;

        Access(BiPredicate<BlockingQueue<Integer>, Integer> call) {
            this.call = call;
        }
    }

    /**
     * Producers write to a slot of plain memory and put a token in that names it; consumers read the slot, write an answer
     * to it, and send the slot back through another queue.
     */
    private static final class Slots {
        private static final int COUNT = 32;

        private final JanusQueue<Integer> forth;
        private final JanusQueue<Integer> back;
        // Plain on purpose: only the queues order the reads and writes of each slot.
        private final int[] written = new int[COUNT];
        private final int[] answered = new int[COUNT];

        Slots(JanusQueue<Integer> forth, JanusQueue<Integer> back) {
            this.forth = forth;
            this.back = back;
            for (int slot = 0; slot < COUNT; slot++) {
                back.sync().add(slot);
            }
        }

        Void produce(PutCall put, int first, int count) throws InterruptedException {
            for (int number = first; number < first + count; number++) {
                int slot = back.sync().take();
                assertEquals(written[slot], answered[slot], "the answer of the thread that gave the slot back");
                written[slot] = number;
                put.put(forth, number * COUNT + slot);
            }
            return null;
        }

        void consume(int token) throws InterruptedException {
            int slot = token % COUNT;
            assertEquals(token / COUNT, written[slot], "what was written before the token was put in");
            answered[slot] = token / COUNT;
            back.sync().put(slot);
        }

        void clear() {
            QueueAssertions.takeAll(back);
        }
    }

    static Stream<Arguments> putCallByTakeCall() {
        return Stream.of(PutCall.values())
                .flatMap(put -> Stream.of(TakeCall.values()).map(take -> Arguments.of(put, take)));
    }

    private Slots slotsOver(QueueKind kind) {
        return new Slots(queue(kind), queue(FIFO));
    }

    @Test
    @DisplayName("100,000 elements, two threads at each end")
    void putAndTake_severalThreads_orderPlainMemory() throws Exception {
        passBetweenThreads(slotsOver(FIFO), 100_000);
    }

    @QueueKind.Every
    @DisplayName("Every order and capacity, two threads at each end")
    void putAndTake_everyKind_orderPlainMemory(QueueKind kind) throws Exception {
        passBetweenThreads(slotsOver(kind), 4_000);
    }

    private static void passBetweenThreads(Slots slots, int count) throws Exception {
        List<Running<Void>> calls = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            int first = 1 + i * count / 2;
            calls.add(Running.start(() -> slots.produce(PutCall.PUT, first, count / 2)));
            calls.add(Running.start(() -> {
                for (int taken = 0; taken < count / 2; taken++) {
                    slots.consume(slots.forth.sync().take());
                }
                return null;
            }));
        }
        for (Running<Void> call : calls) {
            call.result();
        }
        slots.clear();
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("putCallByTakeCall")
    @DisplayName("Every way in and every way out")
    void everyPutAndTake_twoThreads_orderPlainMemory(PutCall put, TakeCall take) throws Exception {
        Slots slots = slotsOver(FIFO);
        Running<Void> producer = Running.start(() -> slots.produce(put, 1, 2_000));
        for (int i = 0; i < 2_000; i++) {
            Await.awaitUntil("an element", () -> !slots.forth.sync().isEmpty());
            slots.consume(take.take(slots.forth));
        }
        producer.result();
        slots.clear();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("Every way to see an element that stays in the queue")
    void everyAccess_twoThreads_ordersPlainMemory(Access access) throws Exception {
        Slots slots = slotsOver(FIFO);
        Running<Void> producer = Running.start(() -> slots.produce(PutCall.PUT, 1, 2_000));
        for (int number = 1; number <= 2_000; number++) {
            // One producer and one consumer: the slots come in turn.
            Integer token = number * Slots.COUNT + (number - 1) % Slots.COUNT;
            Await.awaitUntil("token " + token, () -> access.call.test(slots.forth.sync(), token));
            assertEquals(number, slots.written[token % Slots.COUNT]);
            assertEquals(access != Access.REMOVE_ELEMENT, slots.forth.sync().remove(token));
            slots.consume(token);
        }
        producer.result();
        slots.clear();
    }
}
