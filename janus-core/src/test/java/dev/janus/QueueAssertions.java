package dev.janus;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

/** What holds for every queue, and how a test empties one. */
final class QueueAssertions {
    private QueueAssertions() {}

    /** After a test: nobody waits, nothing is promised to anybody, and every element is accounted for. */
    static void assertNothingPending(JanusQueue<?> queue) {
        QueueStats stats = queue.stats();
        assertAll(
                stats.toString(),
                () -> assertEquals(0, stats.waitingTakeThreads(), "waiting take threads"),
                () -> assertEquals(0, stats.waitingTakeCoroutines(), "waiting take coroutines"),
                () -> assertEquals(0, stats.waitingPutThreads(), "waiting put threads"),
                () -> assertEquals(0, stats.waitingPutCoroutines(), "waiting put coroutines"),
                () -> assertEquals(0, stats.waitingJoins(), "waiting joins"),
                () -> assertEquals(0, stats.reservedElements(), "reserved elements"),
                () -> assertEquals(0, stats.reservedSlots(), "reserved slots"),
                () -> assertEquals(queue.sync().toArray().length, stats.size(), "size"),
                () -> assertConserved(stats));
    }

    /** The law of conservation, which holds at every moment. */
    static void assertConserved(QueueStats stats) {
        assertEquals(
                stats.accepted(),
                stats.taken() + stats.removed() + stats.dropped() + stats.size() + stats.reservedElements(),
                stats::toString);
        assertTrue(stats.unfinishedTasks() >= stats.size() + stats.reservedElements(), stats::toString);
        assertTrue(stats.unfinishedTasks() <= stats.accepted() - stats.removed() - stats.dropped(), stats::toString);
        assertTrue(stats.highWaterMark() >= stats.size(), stats::toString);
    }

    /** Takes out everything that is in the queue, one by one, and marks it as done. */
    static <E> List<E> takeAll(JanusQueue<E> queue) {
        List<E> taken = new ArrayList<>();
        for (E element = queue.sync().poll();
                element != null;
                element = queue.sync().poll()) {
            taken.add(element);
            queue.sync().taskDone();
        }
        return taken;
    }
}
