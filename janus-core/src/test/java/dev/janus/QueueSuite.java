package dev.janus;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** A suite that checks, after each test, that none of the queues that the test used has anything pending. */
abstract class QueueSuite {
    private final List<JanusQueue<?>> queues = new ArrayList<>();

    @AfterEach
    void nothingIsPending() {
        queues.forEach(QueueAssertions::assertNothingPending);
    }

    /** Has the queue checked after the test. */
    final <E> JanusQueue<E> checked(JanusQueue<E> queue) {
        queues.add(queue);
        return queue;
    }

    final JanusQueue<Integer> queue(QueueKind kind) {
        return checked(kind.build());
    }

    final JanusQueue<Integer> queueOf(QueueKind kind, List<Integer> elements) {
        JanusQueue<Integer> queue = queue(kind);
        queue.sync().addAll(elements);
        return queue;
    }

    /** A queue with a few elements, as many as fit in. */
    final JanusQueue<Integer> queueOfSome(QueueKind kind) {
        return queueOf(kind, kind.someElements());
    }

    /** A bounded queue with no room left. */
    final JanusQueue<Integer> fullQueue(QueueKind kind) {
        return queueOf(kind, kind.fillingElements());
    }
}
