package dev.janus.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.JanusQueue;
import dev.janus.QueueShutdownException;
import dev.janus.fixtures.Await;
import dev.janus.fixtures.QueueKind;
import dev.janus.fixtures.QueueSuite;
import dev.janus.fixtures.Running;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** The blocking iteration of the sync face. */
class UntilShutdownTest extends QueueSuite {

    @QueueKind.Every
    void untilShutdown_shutDownQueue_showsWhatIsLeftAndEnds(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        queue.shutdown();
        assertEquals(kind.arranged(kind.someElements()), everything(queue));
        assertTrue(queue.isTerminated());
        assertEquals(List.of(), everything(queue));
    }

    @QueueKind.Every
    void untilShutdown_empty_waitsForEachElementAndForTheEnd(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        Running<List<Integer>> reader = Running.startTake(queue, () -> everything(queue));
        for (int i = 1; i <= 3; i++) {
            queue.sync().put(i);
            Await.awaitUntil("a reader that waits again", () -> queue.stats().waitingTakeThreads() == 1);
        }
        queue.shutdown();
        assertEquals(List.of(1, 2, 3), reader.result());
    }

    @QueueKind.Roomy
    void untilShutdown_severalThreads_shareTheElements(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        List<Running<List<Integer>>> readers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            readers.add(Running.startTake(queue, () -> everything(queue)));
        }
        queue.sync().putAll(QueueKind.elements(101));
        queue.shutdown();
        List<Integer> all = new ArrayList<>();
        for (Running<List<Integer>> reader : readers) {
            all.addAll(reader.result());
        }
        assertEquals(
                QueueKind.elements(101).stream().sorted().toList(),
                all.stream().sorted().toList());
    }

    @QueueKind.Storing
    void hasNext_calledAgain_takesOneElementOnly(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        Iterator<Integer> iterator = queue.sync().untilShutdown().iterator();
        assertEquals(0, queue.stats().taken(), "nothing is taken before the first hasNext");
        assertTrue(iterator.hasNext());
        assertTrue(iterator.hasNext());
        assertEquals(1, queue.stats().taken());
        assertEquals(kind.arranged(kind.someElements()).get(0), iterator.next());
        assertEquals(1, queue.stats().taken());
    }

    @QueueKind.Every
    void next_afterTheEnd_throws(QueueKind kind) {
        JanusQueue<Integer> queue = queue(kind);
        queue.shutdown();
        Iterator<Integer> iterator = queue.sync().untilShutdown().iterator();
        assertFalse(iterator.hasNext());
        assertThrows(NoSuchElementException.class, iterator::next);
    }

    @QueueKind.Every
    void untilShutdown_shutDownWithCause_throwsItAfterTheLast(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        Exception cause = new Exception("no more");
        queue.shutdown(cause);
        Iterator<Integer> iterator = queue.sync().untilShutdown().iterator();
        for (Integer expected : kind.arranged(kind.someElements())) {
            assertTrue(iterator.hasNext());
            assertEquals(expected, iterator.next());
        }
        assertSame(
                cause,
                assertThrows(QueueShutdownException.class, iterator::hasNext).getCause());
        assertSame(
                cause,
                assertThrows(QueueShutdownException.class, iterator::next).getCause());
    }

    @QueueKind.Every
    void hasNext_shutDownWithCauseWhileWaiting_throwsIt(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        Exception cause = new Exception("no more");
        Running<List<Integer>> reader = Running.startTake(queue, () -> everything(queue));
        queue.shutdown(cause);
        assertSame(cause, reader.failure(QueueShutdownException.class).getCause());
    }

    @QueueKind.Every
    void hasNext_interruptedWhileWaiting_throwsAndKeepsTheStatus(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        Running<List<Integer>> reader = Running.startTake(queue, () -> everything(queue));
        reader.interrupt();
        reader.failure(CancellationException.class);
        assertTrue(reader.interruptedAtEnd());
        assertEquals(0, queue.stats().taken());
    }

    @QueueKind.Every
    void hasNext_interruptedBefore_throwsAndKeepsTheStatus(QueueKind kind) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        Iterator<Integer> iterator = queue.sync().untilShutdown().iterator();
        Thread.currentThread().interrupt();
        try {
            assertThrows(CancellationException.class, iterator::hasNext);
            assertThrows(CancellationException.class, iterator::next);
            assertTrue(Thread.currentThread().isInterrupted());
        } finally {
            Thread.interrupted();
        }
        assertEquals(0, queue.stats().taken());
    }

    @Test
    void hasNext_interruptedAfterItTookOne_stillHandsItOver() {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(2));
        queue.sync().add(1);
        Iterator<Integer> iterator = queue.sync().untilShutdown().iterator();
        assertTrue(iterator.hasNext());
        Thread.currentThread().interrupt();
        try {
            assertTrue(iterator.hasNext());
            assertEquals(1, iterator.next());
        } finally {
            Thread.interrupted();
        }
    }

    private static List<Integer> everything(JanusQueue<Integer> queue) {
        List<Integer> all = new ArrayList<>();
        for (Integer element : queue.sync().untilShutdown()) {
            all.add(element);
        }
        return all;
    }
}
