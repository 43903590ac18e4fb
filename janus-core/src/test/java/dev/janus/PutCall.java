package dev.janus;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The ways to put one element in on the sync face. All of them put it in, or throw: where the call returns false because the
 * queue is shut down, as a refusal.
 */
enum PutCall {
    PUT(true, SyncQueue::put),
    TIMED_OFFER(true, (queue, element) -> accepted(queue, queue.offer(element, 1, TimeUnit.HOURS))),
    PUT_ALL(true, (queue, element) -> queue.putAll(Collections.singletonList(element))),
    OFFER(false, (queue, element) -> accepted(queue, queue.offer(element))),
    ADD(false, (queue, element) -> assertTrue(queue.add(element))),
    ADD_ALL(false, (queue, element) -> assertTrue(queue.addAll(Collections.singletonList(element))));

    private final boolean waits;
    private final Call call;

    PutCall(boolean waits, Call call) {
        this.waits = waits;
        this.call = call;
    }

    static List<PutCall> waiting() {
        return Stream.of(values()).filter(call -> call.waits).toList();
    }

    void put(JanusQueue<Integer> queue, Integer element) throws InterruptedException {
        call.put(queue.sync(), element);
    }

    static void accepted(SyncQueue<?> queue, boolean isIn) {
        if (!isIn && queue.isShutdown()) {
            throw new QueueShutdownException(
                    "the call returned false", queue.queue().shutdownCause());
        }
        assertTrue(isIn);
    }

    private interface Call {
        void put(SyncQueue<Integer> queue, Integer element) throws InterruptedException;
    }
}
