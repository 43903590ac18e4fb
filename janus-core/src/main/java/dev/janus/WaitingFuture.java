package dev.janus;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A future that waits in the line of a queue. The future always reflects what happened in the queue: to cancel it, or to
 * complete it from outside, withdraws the operation first, and fails if the operation is done.
 *
 * @param <T> the type of the future's result
 * @param <R> the type of the operation's result
 */
abstract class WaitingFuture<T, R> extends CompletableFuture<T> {
    private final Wait waiter;

    WaitingFuture(WaitQueue queue, Operation<R> operation, BoundDispatcher dispatcher) {
        waiter = new Wait(queue, operation, dispatcher);
    }

    /** Completes this future with the result of the operation. */
    abstract void completeWith(R result);

    /** Does the operation at once if the queue is not bound, or else waits for it. */
    final CompletableFuture<T> start(boolean bound) {
        try {
            if (bound) {
                waiter.startOrReject();
            } else {
                R result = waiter.tryOrEnqueue();
                if (result != null) {
                    completeWith(result);
                }
            }
        } catch (Throwable e) {
            fail(e);
        }
        return this;
    }

    /** Completes this future; false if somebody has found a way around this class to complete it before. */
    final boolean succeed(@Nullable T value) {
        return super.complete(value);
    }

    private void fail(Throwable failure) {
        super.completeExceptionally(failure);
    }

    @Override
    public boolean complete(@Nullable T value) {
        return waiter.leaveUnlessDone() && super.complete(value);
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        return waiter.leaveUnlessDone() && super.completeExceptionally(failure);
    }

    /** Overrides the method of Java 9, which would go around {@link #complete}. */
    @SuppressWarnings("MissingOverride")
    public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
        executor.execute(() -> {
            try {
                complete(supplier.get());
            } catch (Throwable e) {
                completeExceptionally(e);
            }
        });
        return this;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return waiter.leaveUnlessDone() && super.cancel(mayInterruptIfRunning);
    }

    /**
     * The wait of a future. A send is completed in place, and the future is completed afterwards, on the dispatcher or, if that
     * refuses, elsewhere. A receive is granted: it is done on the dispatcher, so if that was closed, no element is taken.
     */
    private final class Wait extends DispatchedWaiter<R> {
        Wait(WaitQueue queue, Operation<R> operation, BoundDispatcher dispatcher) {
            super(queue, operation, dispatcher);
        }

        @Override
        void afterWake() {
            try {
                R result = onWoken();
                if (result != null) {
                    completeWith(result);
                }
            } catch (Throwable e) {
                leave();
                fail(e);
            }
        }

        @Override
        void onRejected(Throwable failure) {
            if (leaveUnlessDone()) {
                fail(failure);
            } else {
                afterWake(); // what is done needs no dispatcher
            }
        }
    }
}
