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
 * Blocks a thread in the {@code send} or {@code receive} of any kotlinx channel.
 *
 * @param <T> the type of the call's result
 */
final class BlockingContinuation<T> implements Continuation<T> {
    /*
     * The continuation has no dispatcher, and a Job of its own that is cancelled only after the call has suspended. In
     * this state the channel decides atomically whether the wait is cancelled or served, and calls resumeWith exactly
     * once with the outcome. So a caller that gives up cancels the job, and then waits for the outcome, which follows
     * at once. If the call was served after all, its result counts.
     */
    private static final long POLL_INTERVAL_NANOS = 10_000_000;

    private final CompletableJob job = JobKt.Job((Job) null);
    private final Parker parker = new Parker();

    /** The result or failure of the call. Written before the thread is woken, and read afterwards. */
    private @Nullable Object outcome;

    private boolean interrupted;

    /**
     * Makes the call and waits for its result.
     *
     * @param released returns true if the wait must be given up, because the channel may never resume it; polled every
     *     {@link #POLL_INTERVAL_NANOS}. Null if the channel always resumes it
     * @return the result, or null if the time elapsed first or the wait was released
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

    /** Returns true if the {@link InterruptedException} came from this wait, and not from the channel. */
    boolean wasInterrupted() {
        return interrupted;
    }

    private boolean awaitServed(long nanos, @Nullable BooleanSupplier released) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        long longest = released == null ? Parker.FOREVER : POLL_INTERVAL_NANOS;
        while (released == null || !released.getAsBoolean()) {
            long left = nanos == Parker.FOREVER ? nanos : deadline - System.nanoTime();
            if (parker.await(Math.min(left, longest))) {
                return true;
            }
            if (left <= longest) {
                return false;
            }
        }
        return false;
    }

    /** Ends the wait. Returns the result if the call was served meanwhile, otherwise null. */
    private @Nullable T giveUp() {
        job.cancel(null);
        parker.awaitUninterruptibly();
        return outcome instanceof Result.Failure ? null : valueOf(outcome);
    }

    @SuppressWarnings("unchecked") // the result of the call
    private T valueOf(@Nullable Object result) {
        return (T) requireNonNull(result, "the channel delivered null: expected one without null elements");
    }

    @Override
    public void resumeWith(Object result) {
        outcome = result;
        parker.wake();
    }

    @Override
    public CoroutineContext getContext() {
        return job;
    }
}
