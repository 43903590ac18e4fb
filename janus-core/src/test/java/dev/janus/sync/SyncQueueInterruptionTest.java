package dev.janus.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.JanusQueue;
import dev.janus.fixtures.PutCall;
import dev.janus.fixtures.QueueAssertions;
import dev.janus.fixtures.QueueKind;
import dev.janus.fixtures.QueueSuite;
import dev.janus.fixtures.Running;
import dev.janus.fixtures.TakeCall;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Interruption before and during each call of the sync face that may wait: nothing added, nothing taken. */
class SyncQueueInterruptionTest extends QueueSuite {
    private static final QueueKind FIFO = new QueueKind(QueueKind.Order.FIFO, 2);

    static Stream<Arguments> everyByTakeCall() {
        return QueueKind.every().flatMap(kind -> TakeCall.waiting().stream().map(call -> Arguments.of(kind, call)));
    }

    static Stream<Arguments> everyByPutCall() {
        return QueueKind.every().flatMap(kind -> PutCall.waiting().stream().map(call -> Arguments.of(kind, call)));
    }

    static Stream<Arguments> boundedByPutCall() {
        return QueueKind.bounded().flatMap(kind -> PutCall.waiting().stream().map(call -> Arguments.of(kind, call)));
    }

    /** The calls that wait for an end. */
    enum JoinCall {
        JOIN(queue -> {
            queue.sync().join();
            return true;
        }),
        TIMED_JOIN(queue -> queue.sync().join(1, TimeUnit.HOURS)),
        AWAIT_TERMINATION(queue -> queue.sync().awaitTermination(1, TimeUnit.HOURS));

        private final Call call;

        JoinCall(Call call) {
            this.call = call;
        }

        private interface Call {
            boolean await(JanusQueue<Integer> queue) throws InterruptedException;
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everyByTakeCall")
    void everyTake_interruptedBefore_throwsAndTakesNothing(QueueKind kind, TakeCall call) {
        JanusQueue<Integer> queue = queueOfSome(kind);
        assertThrowsWhenInterrupted(() -> call.take(queue));
        assertEquals(kind.arranged(kind.someElements()), QueueAssertions.takeAll(queue));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everyByPutCall")
    void everyPut_interruptedBefore_throwsAndAddsNothing(QueueKind kind, PutCall call) {
        JanusQueue<Integer> queue = queue(kind);
        assertThrowsWhenInterrupted(() -> {
            call.put(queue, 1);
            return null;
        });
        assertEquals(0, queue.stats().accepted());
    }

    @ParameterizedTest
    @EnumSource
    void everyJoin_interruptedBefore_throws(JoinCall join) {
        JanusQueue<Integer> queue = queueOfSome(FIFO);
        assertThrowsWhenInterrupted(() -> join.call.await(queue));
        QueueAssertions.takeAll(queue);
        queue.shutdown();
        // Also where nothing is left to wait for.
        assertThrowsWhenInterrupted(() -> join.call.await(queue));
    }

    @Test
    void timedCalls_interruptedBeforeAndNoTime_throw() {
        JanusQueue<Integer> queue = queueOfSome(FIFO);
        assertThrowsWhenInterrupted(() -> queue.sync().poll(0, TimeUnit.SECONDS));
        assertThrowsWhenInterrupted(() -> queue.sync().offer(1, 0, TimeUnit.SECONDS));
        assertThrowsWhenInterrupted(() -> queue.sync().join(0, TimeUnit.SECONDS));
        assertThrowsWhenInterrupted(() -> queue.sync().awaitTermination(0, TimeUnit.SECONDS));
    }

    private static void assertThrowsWhenInterrupted(Callable<?> call) {
        Thread.currentThread().interrupt();
        try {
            assertThrows(InterruptedException.class, call::call);
            assertFalse(Thread.currentThread().isInterrupted(), "the status is cleared, as in java.util.concurrent");
        } finally {
            Thread.interrupted();
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everyByTakeCall")
    void everyTake_interruptedWhileWaiting_throwsAndTakesNothing(QueueKind kind, TakeCall call) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        Running<Integer> taker = Running.startTake(queue, () -> call.take(queue));
        assertEndsInterrupted(taker);
        assertEquals(0, queue.stats().waitingTakeThreads());
        assertEquals(0, queue.stats().taken());
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("boundedByPutCall")
    void everyPut_interruptedWhileWaiting_throwsAndAddsNothing(QueueKind kind, PutCall call) throws Exception {
        JanusQueue<Integer> queue = fullQueue(kind);
        Running<Void> putter = Running.startPut(queue, () -> call.put(queue, 1000));
        assertEndsInterrupted(putter);
        assertEquals(0, queue.stats().waitingPutThreads());
        assertEquals(kind.arranged(kind.fillingElements()), QueueAssertions.takeAll(queue));
    }

    @ParameterizedTest
    @EnumSource
    void everyJoin_interruptedWhileWaiting_throws(JoinCall join) throws Exception {
        JanusQueue<Integer> queue = queueOfSome(FIFO);
        Running<Boolean> joiner = Running.startJoin(queue, () -> join.call.await(queue));
        assertEndsInterrupted(joiner);
        assertEquals(0, queue.stats().waitingJoins());
    }

    private static void assertEndsInterrupted(Running<?> call) throws Exception {
        call.interrupt();
        call.failure(InterruptedException.class);
        assertFalse(call.interruptedAtEnd(), "the status is cleared, as in java.util.concurrent");
    }

    @QueueKind.Bounded
    void callsThatNeverWait_interrupted_workAndKeepTheStatus(QueueKind kind) {
        JanusQueue<Integer> queue = queue(kind);
        Thread.currentThread().interrupt();
        try {
            assertEquals(kind.capacity() > 0, queue.sync().offer(1));
            assertEquals(kind.capacity() > 0, queue.sync().poll() != null);
            queue.sync().drainTo(new ArrayList<>());
            queue.sync().clear();
            assertTrue(Thread.currentThread().isInterrupted());
        } finally {
            Thread.interrupted();
        }
    }

    @QueueKind.Bounded
    void putAll_interruptedWhileWaiting_keepsWhatWasAddedAndSaysHowMany(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        List<Integer> elements = QueueKind.elements(kind.capacity() + 3);
        Running<Void> putter = Running.startPut(queue, () -> queue.sync().putAll(elements));
        putter.interrupt();
        String message = putter.failure(InterruptedException.class).getMessage();
        assertTrue(message.matches(".*\\b" + kind.capacity() + "\\b.*"), message);
        assertEquals(kind.arranged(kind.fillingElements()), QueueAssertions.takeAll(queue));
    }
}
