package dev.janus.select;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.JanusQueue;
import dev.janus.QueueSelect;
import dev.janus.QueueShutdownException;
import dev.janus.fixtures.QueueAssertions;
import dev.janus.fixtures.QueueKind;
import dev.janus.fixtures.QueueSuite;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A select of threads that need not wait: which queue is chosen, what ends it, and how its handlers fail. */
class QueueSelectTest extends QueueSuite {

    /** The ways to take by a select. */
    enum Take {
        TAKE,
        POLL,
        TIMED_POLL,
        POLL_WITHOUT_TIME,
        POLL_WITH_NEGATIVE_TIME;

        <R> R from(QueueSelect<R> select) throws InterruptedException {
            return switch (this) {
                case TAKE -> select.select();
                case POLL -> select.trySelect();
                case TIMED_POLL -> select.select(1, TimeUnit.HOURS);
                case POLL_WITHOUT_TIME -> select.select(0, TimeUnit.SECONDS);
                case POLL_WITH_NEGATIVE_TIME -> select.select(Long.MIN_VALUE, TimeUnit.DAYS);
            };
        }
    }

    private final JanusQueue<Integer> first = checked(JanusQueue.fifo(2));
    private final JanusQueue<String> second = checked(JanusQueue.fifo(2));
    private final QueueSelect<String> select =
            QueueSelect.first(first, number -> "first " + number).or(second, word -> "second " + word);

    @QueueKind.Storing
    void take_elementsAreThere_comeInTheQueuesOrder(QueueKind kind) throws InterruptedException {
        List<Integer> elements = kind.someElements();
        QueueSelect<Integer> only = QueueSelect.first(queueOf(kind, elements), element -> element);
        List<Integer> taken = new ArrayList<>();
        for (Take take : Take.values()) {
            if (taken.size() < elements.size()) {
                taken.add(take.from(only));
            }
        }
        assertEquals(kind.arranged(elements).subList(0, taken.size()), taken);
    }

    @ParameterizedTest
    @EnumSource
    void take_allHaveAnElement_theFirstNamedIsChosen(Take take) throws InterruptedException {
        second.sync().put("a");
        first.sync().put(1);
        first.sync().put(2);
        assertEquals("first 1", take.from(select));
        assertEquals("first 2", take.from(select));
        assertEquals("second a", take.from(select));
        assertEquals(2, first.stats().taken());
        assertEquals(1, second.unfinishedTasks());
    }

    @ParameterizedTest
    @EnumSource
    void take_oneQueueHasEnded_itIsPassedOver(Take take) throws InterruptedException {
        first.shutdown(new IOException());
        second.sync().put("a");
        assertEquals("second a", take.from(select));
    }

    @ParameterizedTest
    @EnumSource
    void take_shutDownWithElementsLeft_drainsThem(Take take) throws InterruptedException {
        first.sync().put(1);
        second.sync().put("a");
        first.shutdown();
        second.shutdown();
        assertEquals("first 1", take.from(select));
        assertEquals("second a", take.from(select));
        assertEnded(take, null);
    }

    @ParameterizedTest
    @EnumSource
    void take_allHaveEnded_isRefusedWithTheFirstCause(Take take) throws InterruptedException {
        IOException cause = new IOException("the disk is full");
        first.shutdown();
        second.shutdown(cause);
        assertEnded(take, cause);
    }

    @ParameterizedTest
    @EnumSource
    void take_allHaveEndedWithCauses_theFirstNamedQueuesIsCarried(Take take) throws InterruptedException {
        IOException cause = new IOException("the disk is full");
        second.shutdown(new IOException("another"));
        first.shutdown(cause);
        assertEnded(take, cause);
    }

    @Test
    void poll_allEmpty_isNull() throws InterruptedException {
        assertNull(select.trySelect());
        assertNull(select.select(0, TimeUnit.SECONDS));
        long start = System.nanoTime();
        assertNull(select.select(20, TimeUnit.MILLISECONDS));
        assertTrue(System.nanoTime() - start >= TimeUnit.MILLISECONDS.toNanos(20), "not before the time has passed");
    }

    @Test
    void take_interruptedBefore_throwsAndTakesNothing() throws InterruptedException {
        first.sync().put(1);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, select::select);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> select.select(1, TimeUnit.HOURS));
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> select.select(0, TimeUnit.HOURS));
        assertEquals(1, first.size());
    }

    @Test
    void poll_interruptedBefore_takesAndStaysInterrupted() throws InterruptedException {
        first.sync().put(1);
        Thread.currentThread().interrupt();
        assertEquals("first 1", select.trySelect());
        assertTrue(Thread.interrupted());
    }

    @ParameterizedTest
    @EnumSource
    void take_handlerThrows_isThrownAndTheElementIsTaken(Take take) throws InterruptedException {
        RuntimeException failure = new UnsupportedOperationException("no");
        QueueSelect<String> failing = QueueSelect.first(first, number -> {
            throw failure;
        });
        first.sync().put(1);
        assertSame(failure, assertThrows(RuntimeException.class, () -> take.from(failing)));
        assertEquals(1, first.stats().taken());
    }

    @ParameterizedTest
    @EnumSource
    void take_handlerThrowsThatAQueueHasEnded_isThrown(Take take) throws InterruptedException {
        JanusQueue<Integer> ended = checked(JanusQueue.fifo(1));
        ended.shutdown();
        QueueSelect<String> failing =
                QueueSelect.first(first, number -> String.valueOf(ended.sync().add(number)));
        first.sync().put(1);
        assertThrows(QueueShutdownException.class, () -> take.from(failing));
        assertEquals(1, first.stats().taken());
    }

    @ParameterizedTest
    @EnumSource
    void take_handlerReturnsNull_isRefused(Take take) throws InterruptedException {
        QueueSelect<String> failing = QueueSelect.first(first, number -> null);
        first.sync().put(1);
        NullPointerException refused = assertThrows(NullPointerException.class, () -> take.from(failing));
        assertTrue(refused.getMessage().contains("handler"), refused.getMessage());
        assertEquals(1, first.stats().taken());
    }

    @ParameterizedTest
    @EnumSource
    void take_handlerUsesTheQueues_theyAreFree(Take take) throws InterruptedException {
        QueueSelect<Integer> using = QueueSelect.first(first, number -> {
            assertTrue(first.sync().offer(number + 1));
            return CompletableFuture.supplyAsync(first::size).join();
        });
        first.sync().put(1);
        assertEquals(1, take.from(using));
        assertEquals(2, first.sync().poll());
    }

    @ParameterizedTest
    @EnumSource
    void take_sameQueueTwice_theFirstHandlerGetsEachElement(Take take) throws InterruptedException {
        QueueSelect<String> twice = QueueSelect.first(first, n -> "one " + n).or(first, n -> "two " + n);
        first.sync().put(1);
        first.sync().put(2);
        assertEquals("one 1", take.from(twice));
        assertEquals("one 2", take.from(twice));
    }

    @Test
    void or_givenAnother_theOldOneIsAsBefore() throws InterruptedException {
        QueueSelect<String> one = QueueSelect.first(first, number -> "first " + number);
        assertNotEquals(one, one.or(second, word -> "second " + word));
        second.sync().put("a");
        assertNull(one.trySelect());
        assertEquals("second a", select.trySelect());
    }

    @Test
    void first_null_isRefused() {
        assertThrows(NullPointerException.class, () -> QueueSelect.<Integer, String>first(null, String::valueOf));
        assertThrows(NullPointerException.class, () -> QueueSelect.first(first, null));
        assertThrows(NullPointerException.class, () -> select.or(second, null));
        assertThrows(NullPointerException.class, () -> select.<Integer>or(null, String::valueOf));
    }

    @Test
    void take_comparatorThrows_isThrownAndOthersAreStillServed() throws InterruptedException {
        boolean[] broken = {false};
        JanusQueue<Integer> moody = JanusQueue.priority(4, (one, other) -> {
            if (broken[0]) {
                throw new ArithmeticException("no order today");
            }
            return one - other;
        });
        QueueSelect<Integer> both = QueueSelect.first(first, number -> number).or(moody, number -> number);
        moody.sync().addAll(List.of(3, 1, 2));
        broken[0] = true;
        assertThrows(ArithmeticException.class, both::select);
        broken[0] = false;
        assertEquals(0, first.stats().waitingTakeThreads());
        first.sync().put(7);
        assertEquals(7, both.select());
        assertEquals(moody.size(), QueueAssertions.takeAll(moody).size());
    }

    private void assertEnded(Take take, Throwable cause) throws InterruptedException {
        if (take == Take.TAKE) {
            assertSame(
                    cause,
                    assertThrows(QueueShutdownException.class, () -> take.from(select))
                            .getCause());
        } else {
            assertNull(take.from(select));
        }
    }
}
