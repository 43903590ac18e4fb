package dev.janus.select;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.JanusQueue;
import dev.janus.Lease;
import dev.janus.QueueSelect;
import dev.janus.QueueShutdownException;
import dev.janus.fixtures.Await;
import dev.janus.fixtures.PutCall;
import dev.janus.fixtures.QueueKind;
import dev.janus.fixtures.QueueSuite;
import dev.janus.fixtures.Running;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A select of a thread that waits in the lines of two queues at once. */
class QueueSelectWaitingTest extends QueueSuite {
    private final JanusQueue<Integer> first = checked(JanusQueue.fifo(2));
    private final JanusQueue<Integer> second = checked(JanusQueue.fifo(2));

    @QueueKind.Every
    void take_empty_waitsForTheFirstElementOfAnyQueue(QueueKind kind) throws Exception {
        JanusQueue<Integer> one = queue(kind);
        JanusQueue<Integer> other = queue(kind);
        for (JanusQueue<Integer> ready : List.of(one, other)) {
            Running<String> waiting = startSelect(one, other, select(one, other)::select);
            assertEquals(1, one.stats().waitingTakeThreads());
            assertEquals(1, other.stats().waitingTakeThreads());
            assertTrue(ready.sync().offer(7));
            assertEquals((ready == one ? "first" : "second") + " 7", waiting.result());
        }
    }

    @QueueKind.Rendezvous
    void take_rendezvous_meetsEveryKindOfPutter(QueueKind kind) throws Exception {
        JanusQueue<Integer> one = queue(kind);
        JanusQueue<Integer> other = queue(kind);
        for (PutCall put : PutCall.values()) {
            Running<String> waiting = startSelect(one, other, select(one, other)::select);
            put.put(other, 7);
            assertEquals("second 7", waiting.result());
        }
        Running<String> waiting = startSelect(one, other, select(one, other)::select);
        CompletableFuture<Void> sent = one.async().sendAsync(8);
        assertEquals("first 8", waiting.result());
        sent.get(20, TimeUnit.SECONDS);
    }

    @QueueKind.Rendezvous
    void take_rendezvousWithPuttersInLine_letsThemIn(QueueKind kind) throws Exception {
        JanusQueue<Integer> one = queue(kind);
        JanusQueue<Integer> other = queue(kind);
        Running<Void> put = Running.startPut(other, () -> other.sync().put(1));
        CompletableFuture<Void> sent = other.async().sendAsync(2);
        assertEquals("second 1", select(one, other).select());
        assertEquals("second 2", select(one, other).select(1, TimeUnit.HOURS));
        assertNull(select(one, other).trySelect());
        put.result();
        sent.get(20, TimeUnit.SECONDS);
    }

    @Test
    void take_othersAheadAndBehind_isServedInOrderOfArrival() throws Exception {
        CompletableFuture<Integer> ahead = first.async().receiveAsync();
        Running<String> waiting = startSelect(first, second, select(first, second)::select);
        Running<Integer> behind = Running.startTake(first, first.sync()::take);
        Running<String> last = startSelect(first, second, select(first, second)::select);

        first.sync().put(1);
        assertEquals(1, ahead.get(20, TimeUnit.SECONDS));
        first.sync().put(2);
        assertEquals("first 2", waiting.result());
        first.sync().put(3);
        assertEquals(3, behind.result());
        second.sync().put(4);
        assertEquals("second 4", last.result());
    }

    @Test
    void poll_timePasses_isNullAndOutOfBothLines() throws Exception {
        CompletableFuture<Integer> other = first.async().receiveAsync();
        assertNull(select(first, second).select(20, TimeUnit.MILLISECONDS));
        assertEquals(0, first.stats().waitingTakeThreads() + second.stats().waitingTakeThreads());
        first.sync().put(1);
        assertEquals(1, other.get(20, TimeUnit.SECONDS));
    }

    @Test
    void poll_longestTime_neverPasses() throws Exception {
        Running<String> waiting =
                startSelect(first, second, () -> select(first, second).select(Long.MAX_VALUE, TimeUnit.DAYS));
        second.sync().put(1);
        assertEquals("second 1", waiting.result());
    }

    @Test
    void take_interruptedWhileItWaits_isOutOfBothLines() throws Exception {
        Running<String> waiting = startSelect(first, second, select(first, second)::select);
        Running<Integer> next = Running.startTake(second, second.sync()::take);
        waiting.interrupt();
        waiting.failure(InterruptedException.class);
        assertEquals(0, first.stats().waitingTakeThreads());
        second.sync().put(1);
        assertEquals(1, next.result());
    }

    @Test
    void take_oneQueueEndsWhileItWaits_waitsForTheOther() throws Exception {
        Running<String> waiting = startSelect(first, second, select(first, second)::select);
        first.shutdown();
        Await.awaitUntil("the end of one wait", () -> first.stats().reservedElements() == 0);
        assertEquals(1, second.stats().waitingTakeThreads());
        second.sync().put(1);
        assertEquals("second 1", waiting.result());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void take_allEndWhileItWaits_isRefusedWithTheFirstCause(boolean timed) throws Exception {
        IOException cause = new IOException("the disk is full");
        QueueSelect<String> select = select(first, second);
        Running<String> waiting =
                startSelect(first, second, timed ? () -> select.select(1, TimeUnit.HOURS) : select::select);
        first.shutdown();
        second.shutdown(cause);
        if (timed) {
            assertNull(waiting.result());
        } else {
            assertSame(cause, waiting.failure(QueueShutdownException.class).getCause());
        }
    }

    @Test
    void take_leaseOutOfAShutDownQueue_waitsForItsEnd() throws Exception {
        first.sync().put(1);
        Lease<Integer> lease = first.sync().takeLease();
        first.shutdown();
        second.shutdown();
        QueueSelect<String> select = select(first, second);
        Running<String> waiting = Running.startTake(first, select::select);
        lease.close();
        assertEquals("first 1", waiting.result());
        assertNull(select.select(1, TimeUnit.HOURS));
    }

    @Test
    void take_sameQueueTwice_oneElementIsTakenAndBothPlacesAreLeft() throws Exception {
        QueueSelect<String> twice = QueueSelect.first(first, n -> "one " + n).or(first, n -> "two " + n);
        Running<String> waiting = Running.start(twice::select);
        Await.awaitUntil("both places", () -> first.stats().waitingTakeThreads() == 2);
        Running<Integer> next = Running.startTake(first, first.sync()::take);
        first.sync().put(1);
        assertEquals("one 1", waiting.result());
        first.sync().put(2);
        assertEquals(2, next.result());
    }

    private static QueueSelect<String> select(JanusQueue<Integer> one, JanusQueue<Integer> other) {
        return QueueSelect.first(one, number -> "first " + number).or(other, number -> "second " + number);
    }

    /** Starts it and waits until it stands in both lines. */
    private static <T> Running<T> startSelect(JanusQueue<?> one, JanusQueue<?> other, Callable<T> take) {
        int before = one.stats().waitingTakeThreads();
        Running<T> call = Running.startTake(other, take);
        assertEquals(before + 1, one.stats().waitingTakeThreads());
        return call;
    }
}
