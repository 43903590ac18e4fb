package dev.janus;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The ways to take one element on the sync face. Only {@link #TIMED_POLL} and {@link #POLL} return null. */
enum TakeCall {
    TAKE(true, SyncQueue::take),
    TIMED_POLL(true, queue -> queue.poll(1, TimeUnit.HOURS)),
    TAKE_BATCH(true, queue -> queue.takeBatch(1).get(0)),
    POLL(false, SyncQueue::poll),
    REMOVE(false, SyncQueue::remove),
    DRAIN_TO(false, TakeCall::drainOne),
    UNTIL_SHUTDOWN(false, queue -> queue.untilShutdown().iterator().next());

    private final boolean waits;
    private final Call call;

    TakeCall(boolean waits, Call call) {
        this.waits = waits;
        this.call = call;
    }

    static List<TakeCall> waiting() {
        return Stream.of(values()).filter(call -> call.waits).toList();
    }

    Integer take(JanusQueue<Integer> queue) throws InterruptedException {
        return call.take(queue.sync());
    }

    private static Integer drainOne(SyncQueue<Integer> queue) {
        List<Integer> target = new ArrayList<>();
        queue.drainTo(target, 1);
        return target.get(0);
    }

    private interface Call {
        Integer take(SyncQueue<Integer> queue) throws InterruptedException;
    }
}
