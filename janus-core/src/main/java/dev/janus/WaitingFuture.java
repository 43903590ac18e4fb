package dev.janus;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A future that waits in the line of a queue. The future always reflects what happened in the queue: cancelling it, or
 * completing it from outside, withdraws the operation first, and has no effect if the operation is done.
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

    /** Starts the operation. If the queue is not bound, tries it at once on this thread. */
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

    /**
     * Completes this future. Returns false if it was already completed by a method that this class does not override.
     */
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

    /** Overrides a method of Java 9 that would bypass {@link #complete}. */
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
     * The wait of a future. A send is completed in place; the future is completed afterwards, on the dispatcher or, if
     * that was closed, elsewhere. A receive is granted, and takes its element on the dispatcher. If that was closed, no
     * element is taken.
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
                afterWake(); // the operation is done: completing the future needs no dispatcher
            }
        }
    }
}
