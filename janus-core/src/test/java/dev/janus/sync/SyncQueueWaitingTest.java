package dev.janus.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.JanusQueue;
import dev.janus.SyncQueue;
import dev.janus.fixtures.PutCall;
import dev.janus.fixtures.QueueAssertions;
import dev.janus.fixtures.QueueKind;
import dev.janus.fixtures.QueueSuite;
import dev.janus.fixtures.Running;
import dev.janus.fixtures.TakeCall;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Threads that really wait on the sync face, and everything that ends their wait. */
class SyncQueueWaitingTest extends QueueSuite {
    private static final Integer LATE = 1000;

    static Stream<Arguments> everyByTakeAndPut() {
        return QueueKind.every()
                .flatMap(kind -> TakeCall.waiting().stream()
                        .flatMap(take -> Stream.of(PutCall.values()).map(put -> Arguments.of(kind, take, put))));
    }

    static Stream<Arguments> boundedByPutAndTake() {
        return QueueKind.bounded()
                .filter(kind -> kind.capacity() > 0)
                .flatMap(kind -> PutCall.waiting().stream()
                        .flatMap(put -> Stream.of(TakeCall.values()).map(take -> Arguments.of(kind, put, take))));
    }

    static Stream<Arguments> boundedByRemoval() {
        return QueueKind.bounded()
                .filter(kind -> kind.capacity() > 0)
                .flatMap(kind -> Stream.of(Removal.values()).map(removal -> Arguments.of(kind, removal)));
    }

    /** The ways to make room without taking. */
    enum Removal {
        REMOVE_OBJECT(sync -> sync.remove(sync.peek())),
        REMOVE_ALL(sync -> sync.removeAll(Set.of(sync.peek()))),
        RETAIN_ALL(sync -> sync.retainAll(Set.of())),
        REMOVE_IF(sync -> sync.removeIf(element -> true)),
        ITERATOR_REMOVE(Removal::removeFirst),
        CLEAR(SyncQueue::clear),
        DRAIN_TO(sync -> sync.drainTo(new ArrayList<>()));

        private final Call call;

        Removal(Call call) {
            this.call = call;
        }

        private static void removeFirst(SyncQueue<Integer> sync) {
            Iterator<Integer> iterator = sync.iterator();
            iterator.next();
            iterator.remove();
        }

        private interface Call {
            void makeRoom(SyncQueue<Integer> sync);
        }
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("everyByTakeAndPut")
    void everyTake_empty_waitsForPut(QueueKind kind, TakeCall take, PutCall put) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        Running<Integer> taker = Running.startTake(queue, () -> take.take(queue));
        put.put(queue, 7);
        assertEquals(7, taker.result());
        assertEquals(1, queue.stats().taken());
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("boundedByPutAndTake")
    void everyPut_full_waitsForTake(QueueKind kind, PutCall put, TakeCall take) throws Exception {
        JanusQueue<Integer> queue = fullQueue(kind);
        Running<Void> putter = Running.startPut(queue, () -> put.put(queue, LATE));
        List<Integer> before = kind.arranged(kind.fillingElements());
        assertEquals(before.get(0), take.take(queue));
        putter.result();
        assertEquals(kind.capacity() + 1, queue.stats().accepted());
        assertTrue(queue.sync().contains(LATE));
        List<Integer> left = new ArrayList<>(before.subList(1, before.size()));
        left.add(LATE);
        assertEquals(
                left.stream().sorted().toList(),
                QueueAssertions.takeAll(queue).stream().sorted().toList());
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("boundedByRemoval")
    void put_full_waitsForRoomByRemoval(QueueKind kind, Removal removal) throws Exception {
        JanusQueue<Integer> queue = fullQueue(kind);
        Running<Void> putter = Running.startPut(queue, () -> queue.sync().put(LATE));
        removal.call.makeRoom(queue.sync());
        putter.result();
        assertTrue(queue.sync().contains(LATE));
    }

    @QueueKind.Every
    void take_emptyAndAddAll_everyTakerGetsOne(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        List<Running<Integer>> takers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            takers.add(Running.startTake(queue, queue.sync()::take));
        }
        queue.sync().putAll(List.of(1, 2, 3, 4));
        assertEquals(List.of(1, 2, 3, 4), results(takers).stream().sorted().toList());
    }

    @QueueKind.Every
    void takes_severalWaiting_areServedInTheOrderTheyCame(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        List<Running<Integer>> takers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            takers.add(Running.startTake(queue, queue.sync()::take));
        }
        for (int i = 0; i < 5; i++) {
            queue.sync().put(i);
            assertEquals(i, takers.get(i).result());
            assertEquals(4 - i, queue.stats().waitingTakeThreads());
        }
    }

    @QueueKind.Bounded
    void puts_severalWaiting_areServedInTheOrderTheyCame(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = fullQueue(kind);
        List<Running<Void>> putters = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            int element = 1000 + i;
            putters.add(Running.startPut(queue, () -> queue.sync().put(element)));
        }
        for (int i = 0; i < 5; i++) {
            queue.sync().take();
            putters.get(i).result();
            assertEquals(4 - i, queue.stats().waitingPutThreads());
        }
        assertEquals(kind.capacity() + 5, queue.stats().accepted());
        assertEquals(kind.capacity(), QueueAssertions.takeAll(queue).size());
    }

    @QueueKind.Bounded
    void puts_severalWaitingAndDrained_allGetIn(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = fullQueue(kind);
        List<Running<Void>> putters = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int element = 1000 + i;
            putters.add(Running.startPut(queue, () -> queue.sync().put(element)));
        }
        List<Integer> taken = new ArrayList<>();
        while (taken.size() < kind.capacity() + 3) {
            taken.add(queue.sync().poll(1, TimeUnit.HOURS));
        }
        results(putters);
        List<Integer> expected = new ArrayList<>(kind.fillingElements());
        expected.addAll(List.of(1000, 1001, 1002));
        assertEquals(
                expected.stream().sorted().toList(), taken.stream().sorted().toList());
    }

    @QueueKind.Every
    void interruptedTaker_oneOfThree_othersAreServedInOrder(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        List<Running<Integer>> takers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            takers.add(Running.startTake(queue, queue.sync()::take));
        }
        takers.get(1).interrupt();
        takers.get(1).failure(InterruptedException.class);
        queue.sync().put(1);
        assertEquals(1, takers.get(0).result());
        queue.sync().put(2);
        assertEquals(2, takers.get(2).result());
    }

    private static <T> List<T> results(List<Running<T>> calls) throws Exception {
        List<T> results = new ArrayList<>();
        for (Running<T> call : calls) {
            results.add(call.result());
        }
        return results;
    }
}
