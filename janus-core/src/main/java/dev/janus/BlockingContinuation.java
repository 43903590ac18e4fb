package dev.janus;

import static java.util.Objects.requireNonNull;

import java.util.function.BooleanSupplier;
import java.util.function.Function;
import kotlin.Result;
import kotlin.ResultKt;
import kotlin.coroutines.Continuation;
import kotlin.coroutines.CoroutineContext;
import kotlin.coroutines.intrinsics.IntrinsicsKt;
import kotlinx.coroutines.CompletableJob;
import kotlinx.coroutines.Job;
import kotlinx.coroutines.JobKt;
import org.jspecify.annotations.Nullable;

/**
 * Blocks a thread in the {@code send} or {@code receive} of a channel that was not made here.
 *
 * @param <T> the type of the call's result
 */
final class BlockingContinuation<T> implements Continuation<T> {
    /*
     * The continuation has no dispatcher and a Job of its own, which is cancelled only after the call has returned
     * suspended. Then the channel settles atomically whether the wait is cancelled or served, and calls resumeWith exactly
     * once to say which. So a caller that gives up cancels, and waits for the answer, which is there or about to come. If
     * the call was served after all, that result counts.
     */
    private static final long POLL_INTERVAL_NANOS = 10_000_000;

    private final CompletableJob job = JobKt.Job((Job) null);
    private final Parker gate = new Parker();

    /** Written before the gate is opened, read after. */
    private @Nullable Object outcome;

    private boolean interrupted;

    /**
     * Makes the call and waits for its result.
     *
     * @param released asked every few milliseconds whether to give up because the channel would never answer; null if it
     *     always does
     * @return null if the time passed first, or it was released
     * @throws InterruptedException if interrupted while waiting, and not served
     */
    @Nullable
    T await(Function<Continuation<T>, @Nullable Object> call, long nanos, @Nullable BooleanSupplier released)
            throws InterruptedException {
        Object result = call.apply(this);
        if (result == IntrinsicsKt.getCOROUTINE_SUSPENDED()) {
            try {
                if (!awaitServed(nanos, released)) {
                    return giveUp();
                }
            } catch (InterruptedException e) {
                T served = giveUp();
                if (served == null) {
                    interrupted = true;
                    throw e;
                }
                Thread.currentThread().interrupt();
                return served;
            }
            result = outcome;
        }
        ResultKt.throwOnFailure(result);
        return valueOf(result);
    }

    /** Whether it was this wait that threw the InterruptedException, and not the channel. */
    boolean wasInterrupted() {
        return interrupted;
    }

    private boolean awaitServed(long nanos, @Nullable BooleanSupplier released) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        long longest = released == null ? Parker.FOREVER : POLL_INTERVAL_NANOS;
        while (released == null || !released.getAsBoolean()) {
            long left = nanos == Parker.FOREVER ? nanos : deadline - System.nanoTime();
            if (gate.await(Math.min(left, longest))) {
                return true;
            }
            if (left <= longest) {
                return false;
            }
        }
        return false;
    }

    /** Ends the wait; returns what it was served meanwhile, or null. */
    private @Nullable T giveUp() {
        job.cancel(null);
        gate.awaitUninterruptibly();
        return outcome instanceof Result.Failure ? null : valueOf(outcome);
    }

    @SuppressWarnings("unchecked") // the channel answers with what was asked for
    private T valueOf(@Nullable Object result) {
        return (T) requireNonNull(result, "the channel delivered null: expected one without null elements");
    }

    @Override
    public void resumeWith(Object result) {
        outcome = result;
        gate.wake();
    }

    @Override
    public CoroutineContext getContext() {
        return job;
    }
}
