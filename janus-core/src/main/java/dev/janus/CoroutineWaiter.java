package dev.janus;

import java.util.concurrent.atomic.AtomicReference;
import kotlin.Unit;
import kotlinx.coroutines.CancellableContinuation;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine that waits. There are two continuations: the coroutine itself is suspended in a
 * {@link CancellableContinuation}, on its own dispatcher and with its own job; this waiter is the continuation in the
 * line, and resumes the other one.
 *
 * @param <T> the type of the operation's result
 */
final class CoroutineWaiter<T> extends Waiter<T> {
    /*
     * The wake-up may come before or after the coroutine has suspended. Whichever comes first leaves something in
     * `suspension` for the other:
     *
     *     null ──▶ the suspended continuation ──▶ null      suspended first, then woken
     *     null ──▶ WOKEN ───────────────────────▶ null      woken first, then suspended
     */
    private static final Object WOKEN = new Object();

    private final AtomicReference<@Nullable Object> suspension = new AtomicReference<>();

    private final BoundDispatcher dispatcher;

    CoroutineWaiter(WaitQueue queue, Operation<T> operation, BoundDispatcher dispatcher) {
        super(queue, operation);
        this.dispatcher = dispatcher;
    }

    /** Returns true if the coroutine should yield before it tries; see {@link BoundDispatcher#isKept}. */
    boolean isLoopKept() {
        return dispatcher.isKept();
    }

    /** Called after the coroutine has yielded. */
    void hasYielded() {
        dispatcher.hadChance();
    }

    /**
     * Resumes the continuation when this waiter is woken, or at once if it already was. If the coroutine is cancelled,
     * the waiter leaves the line, unless the operation is done.
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
