package dev.janus;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** A call that runs on a thread of its own, so that the test can see it wait, release it and look at how it ended. */
final class ThreadCall<T> {
    private static final long PATIENCE_SECONDS = 20;

    private final FutureTask<T> outcome;
    private final Thread thread;
    private volatile boolean interruptedAtEnd;

    private ThreadCall(Callable<T> body) {
        outcome = new FutureTask<>(() -> {
            try {
                return body.call();
            } finally {
                interruptedAtEnd = Thread.currentThread().isInterrupted();
            }
        });
        thread = new Thread(outcome, "call of a test");
        thread.setDaemon(true);
    }

    static <T> ThreadCall<T> start(Callable<T> body) {
        ThreadCall<T> call = new ThreadCall<>(body);
        call.thread.start();
        return call;
    }

    static <T> ThreadCall<T> startAndAwaitBlocked(Callable<T> body) {
        ThreadCall<T> call = start(body);
        call.awaitBlocked();
        return call;
    }

    /** Starts a take and waits until it is in the queue's line and its thread really waits. */
    static <T> ThreadCall<T> startTake(JanusQueue<?> queue, Callable<T> take) {
        int before = queue.stats().waitingTakeThreads();
        ThreadCall<T> call = start(take);
        call.awaitOrEnd("a take that waits", () -> queue.stats().waitingTakeThreads() == before + 1);
        call.awaitBlocked();
        return call;
    }

    /** Starts a put and waits until it is in the queue's line and its thread really waits. */
    static ThreadCall<Void> startPut(JanusQueue<?> queue, Body put) {
        int before = queue.stats().waitingPutThreads();
        ThreadCall<Void> call = start(put.asCallable());
        call.awaitOrEnd("a put that waits", () -> queue.stats().waitingPutThreads() == before + 1);
        call.awaitBlocked();
        return call;
    }

    /** Starts a join or an awaitTermination and waits until it is in the queue's line and its thread really waits. */
    static <T> ThreadCall<T> startJoin(JanusQueue<?> queue, Callable<T> join) {
        int before = queue.stats().waitingJoins();
        ThreadCall<T> call = start(join);
        call.awaitOrEnd("a join that waits", () -> queue.stats().waitingJoins() == before + 1);
        call.awaitBlocked();
        return call;
    }

    /** Waits for a state that another thread brings about. */
    static void await(String what, BooleanSupplier state) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!state.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                fail("no sign of " + what + " after " + PATIENCE_SECONDS + " s");
            }
            Thread.yield();
        }
    }

    void interrupt() {
        thread.interrupt();
    }

    /** Whether the thread's interrupt status was set when the call ended; ask only after the end. */
    boolean interruptedAtEnd() {
        return interruptedAtEnd;
    }

    /** What the call returned. */
    T result() throws Exception {
        try {
            return outcome.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("the call did not return, it threw " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            return fail("the call does not end; its thread is " + thread.getState());
        }
    }

    /** What the call threw. */
    <X extends Throwable> X failure(Class<X> type) throws Exception {
        return assertThrows(type, () -> {
            try {
                outcome.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                throw e.getCause();
            } catch (TimeoutException e) {
                fail("the call does not end; its thread is " + thread.getState());
            }
        });
    }

    private void awaitBlocked() {
        awaitOrEnd("a thread that waits", () -> {
            Thread.State state = thread.getState();
            return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
        });
    }

    private void awaitOrEnd(String what, BooleanSupplier state) {
        await(what, () -> outcome.isDone() || state.getAsBoolean());
        if (outcome.isDone()) {
            fail("the call ended instead of waiting: " + describeEnd());
        }
    }

    private String describeEnd() {
        try {
            return "it returned " + outcome.get();
        } catch (ExecutionException e) {
            return "it threw " + e.getCause();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** What a call without a result does. */
    interface Body {
        void run() throws Exception;

        default Callable<Void> asCallable() {
            return () -> {
                run();
                return null;
            };
        }
    }
}
