package dev.janus;

import java.util.concurrent.atomic.AtomicReference;
import kotlin.Unit;
import kotlinx.coroutines.CancellableContinuation;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine that waits. It is suspended in a continuation of its own, on its own dispatcher and tied to its own job; the
 * continuation that waits in the line only tells that one to go on.
 *
 * @param <T> the type of the operation's result
 */
final class CoroutineWaiter<T> extends Waiter<T> {
    /*
     * The wake-up may come before the coroutine has suspended, so one of the two finds what the other left here: null at
     * first, then the suspended continuation or WOKEN, then null again.
     */
    private static final Object WOKEN = new Object();

    private final AtomicReference<@Nullable Object> suspension = new AtomicReference<>();

    CoroutineWaiter(WaitQueue queue, Operation<T> operation) {
        super(queue, operation);
    }

    /**
     * Resumes the continuation when this waiter is woken, at once if it was. Cancellation leaves the line, unless the operation
     * is done: then the coroutine takes its result when it runs.
     */
    void resumeWhenWoken(CancellableContinuation<? super Unit> continuation) {
        continuation.invokeOnCancellation(cause -> {
            leaveUnlessDone();
            return Unit.INSTANCE;
        });
        if (!suspension.compareAndSet(null, continuation)) {
            suspension.set(null);
            continuation.resumeWith(Unit.INSTANCE);
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    void wake() {
        Object suspended = suspension.getAndSet(WOKEN);
        if (suspended != null) {
            suspension.set(null);
            ((CancellableContinuation<Unit>) suspended).resumeWith(Unit.INSTANCE);
        }
    }
}
