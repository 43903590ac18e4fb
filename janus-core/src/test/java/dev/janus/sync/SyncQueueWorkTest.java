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
import dev.janus.fixtures.TakeCall;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Acknowledged work on the sync face: taskDone, join and awaitTermination. */
class SyncQueueWorkTest extends QueueSuite {
    private static final QueueKind FIFO = new QueueKind(QueueKind.Order.FIFO, 64);

    /** The ways by which the last element leaves the queue without a taker. */
    enum LastRemoval {
        REMOVE_OBJECT(queue -> queue.sync().remove(queue.sync().peek())),
        REMOVE_ALL(queue -> queue.sync().removeAll(Set.of(queue.sync().peek()))),
        RETAIN_ALL(queue -> queue.sync().retainAll(Set.of())),
        REMOVE_IF(queue -> queue.sync().removeIf(element -> true)),
        CLEAR(queue -> queue.sync().clear()),
        ITERATOR_REMOVE(queue -> {
            Iterator<Integer> iterator = queue.sync().iterator();
            iterator.next();
            iterator.remove();
        }),
        SHUTDOWN_NOW(JanusQueue::shutdownNow);

        private final Consumer<JanusQueue<Integer>> call;

        LastRemoval(Consumer<JanusQueue<Integer>> call) {
            this.call = call;
        }
    }

    @QueueKind.Every
    void taskDone_nothingTaken_throws(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        assertThrows(IllegalStateException.class, queue.sync()::taskDone);
        assertEquals(kind.someElements().size(), queue.unfinishedTasks());
    }

    @QueueKind.Roomy
    void taskDone_moreOftenThanTaken_throws(QueueKind kind) throws InterruptedException {
        JanusQueue<Integer> queue = queueOfSome(kind);
        queue.sync().take();
        queue.sync().takeBatch(2);
        for (int left = 4; left >= 2; left--) {
            queue.sync().taskDone();
            assertEquals(left, queue.unfinishedTasks());
        }
        assertThrows(IllegalStateException.class, queue.sync()::taskDone);
        assertEquals(2, queue.unfinishedTasks());
        queue.sync().clear();
        assertThrows(IllegalStateException.class, queue.sync()::taskDone, "what was removed counts as done already");
    }

    @ParameterizedTest
    @EnumSource
    void taskDone_everyTake_countsOnce(TakeCall take) throws InterruptedException {
        JanusQueue<Integer> queue = queueOf(FIFO, List.of(1, 2));
        take.take(queue);
        queue.sync().taskDone();
        assertEquals(1, queue.unfinishedTasks());
        assertThrows(IllegalStateException.class, queue.sync()::taskDone);
    }

    @QueueKind.Every
    void join_nothingUnfinished_returnsAtOnce(QueueKind kind) throws InterruptedException {
        JanusQueue<Integer> queue = queueOfSome(kind);
        QueueAssertions.takeAll(queue);
        queue.sync().join();
        assertTrue(queue.sync().join(0, TimeUnit.SECONDS));
        assertTrue(queue.sync().join(-1, TimeUnit.SECONDS));
    }

    @QueueKind.Storing
    void join_unfinished_waitsForTheLastTaskDone(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queueOfSome(kind);
        Running<?> join = Running.startJoin(queue, joining(queue));
        Running<Boolean> timed = Running.startJoin(queue, () -> queue.sync().join(1, TimeUnit.HOURS));
        for (int i = 0; i < kind.someElements().size(); i++) {
            queue.sync().take();
        }
        for (int i = 0; i < kind.someElements().size(); i++) {
            assertEquals(2, queue.stats().waitingJoins());
            assertFalse(queue.sync().join(0, TimeUnit.SECONDS));
            queue.sync().taskDone();
        }
        join.result();
        assertTrue(timed.result());
    }

    @ParameterizedTest
    @EnumSource
    void join_unfinished_waitsForTheLastRemoval(LastRemoval removal) throws Exception {
        JanusQueue<Integer> queue = queueOf(FIFO, List.of(1));
        Running<?> join = Running.startJoin(queue, joining(queue));
        removal.call.accept(queue);
        join.result();
        assertEquals(0, queue.unfinishedTasks());
    }

    @ParameterizedTest
    @EnumSource
    void join_takenWorkUnfinished_isNotEndedByRemoval(LastRemoval removal) throws Exception {
        JanusQueue<Integer> queue = queueOf(FIFO, List.of(1, 2));
        queue.sync().take();
        Running<?> join = Running.startJoin(queue, joining(queue));
        removal.call.accept(queue);
        assertEquals(1, queue.stats().waitingJoins());
        queue.sync().taskDone();
        join.result();
    }

    @QueueKind.Storing
    void join_shutdown_waitsOnForTheWork(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queueOf(kind, List.of(1));
        Running<?> join = Running.startJoin(queue, joining(queue));
        queue.shutdown();
        queue.sync().take();
        assertEquals(1, queue.stats().waitingJoins());
        assertFalse(queue.sync().join(0, TimeUnit.SECONDS));
        queue.sync().taskDone();
        join.result();
    }

    @QueueKind.Storing
    void join_newWorkAfterTheEnd_waitsAgain(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queueOf(kind, List.of(1));
        QueueAssertions.takeAll(queue);
        queue.sync().join();
        queue.sync().put(2);
        Running<?> join = Running.startJoin(queue, joining(queue));
        QueueAssertions.takeAll(queue);
        join.result();
    }

    @QueueKind.Every
    void awaitTermination_openOrNotEmpty_returnsFalse(QueueKind kind) throws InterruptedException {
        JanusQueue<Integer> queue = queueOfSome(kind);
        assertFalse(queue.sync().awaitTermination(0, TimeUnit.SECONDS));
        queue.shutdown();
        boolean empty = kind.someElements().isEmpty();
        assertEquals(empty, queue.sync().awaitTermination(-1, TimeUnit.SECONDS));
        QueueAssertions.takeAll(queue);
        assertTrue(queue.sync().awaitTermination(0, TimeUnit.SECONDS));
        assertTrue(queue.sync().awaitTermination(1, TimeUnit.HOURS));
    }

    @QueueKind.Every
    void awaitTermination_empty_waitsForShutdown(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        Running<Boolean> wait = startAwaitTermination(queue);
        queue.shutdown();
        assertTrue(wait.result());
    }

    @QueueKind.Storing
    void awaitTermination_elements_waitsForTheLastTake(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queueOfSome(kind);
        Running<Boolean> wait = startAwaitTermination(queue);
        queue.shutdown();
        for (int i = 0; i < kind.someElements().size(); i++) {
            assertEquals(1, queue.stats().waitingJoins());
            queue.sync().take();
        }
        assertTrue(wait.result());
        assertEquals(kind.someElements().size(), queue.unfinishedTasks(), "termination does not ask for taskDone");
    }

    @ParameterizedTest
    @EnumSource
    void awaitTermination_shutDown_waitsForTheLastRemoval(LastRemoval removal) throws Exception {
        JanusQueue<Integer> queue = queueOf(FIFO, List.of(1));
        queue.shutdown();
        Running<Boolean> wait = startAwaitTermination(queue);
        removal.call.accept(queue);
        assertTrue(wait.result());
    }

    private static Running<Boolean> startAwaitTermination(JanusQueue<?> queue) {
        return Running.startJoin(queue, () -> queue.sync().awaitTermination(1, TimeUnit.HOURS));
    }

    private static Callable<Void> joining(JanusQueue<?> queue) {
        return () -> {
            queue.sync().join();
            return null;
        };
    }
}
