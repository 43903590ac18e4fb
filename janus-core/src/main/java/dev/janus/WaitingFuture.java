package dev.janus;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A future that waits in a line of the queue. Whoever cancels or completes it from outside ends the wait first, or is
 * refused because the operation is done: so it never says anything else than what happened in the queue.
 *
 * @param <T> the type of the future's result
 * @param <R> the type of the operation's result
 */
abstract class WaitingFuture<T, R> extends CompletableFuture<T> {
    private final Wait waiter;

    WaitingFuture(Monitor monitor, WaitQueue line, Operation<R> operation, BoundDispatcher loop) {
        waiter = new Wait(monitor, line, operation, loop);
    }

    /** Completes this future with what the operation has brought. */
    abstract void settle(R result);

    /** Does the operation at once if the queue is bound to no loop, or else waits for it. */
    final CompletableFuture<T> begin(boolean bound) {
        try {
            if (bound) {
                waiter.begin();
            } else {
                R result = waiter.tryOrEnter();
                if (result != null) {
                    settle(result);
                }
            }
        } catch (Throwable e) {
            fail(e);
        }
        return this;
    }

    /** Completes this future by the queue; false if somebody has found a way around this class to do it before. */
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
     * The wait of a future. A send needs nobody who runs: it is done when it is granted, so that sends are done in the order of
     * their line, and the future is completed afterwards. A receive is done on the loop, by somebody who runs.
     */
    private final class Wait extends DispatchedWaiter<R> {
        /** What was done when it was granted, or how that failed. Written under the lock, before this waiter is woken. */
        private @Nullable R result;

        private @Nullable Throwable failure;

        Wait(Monitor monitor, WaitQueue line, Operation<R> operation, BoundDispatcher loop) {
            super(monitor, line, operation, loop);
        }

        @Override
        boolean actLocked() {
            if (!operation.needsNobody()) {
                return false;
            }
            returnGrantLocked();
            try {
                result = tryLocked(true);
            } catch (Throwable e) {
                failure = e;
            }
            return true;
        }

        @Override
        void goOn() {
            try {
                R brought = result == null && failure == null ? tryAgain() : result;
                if (brought != null) {
                    settle(brought);
                }
            } catch (Throwable e) {
                failure = e;
            }
            if (failure != null) {
                fail(failure);
            }
        }

        @Override
        void refused(Throwable ofLoop) {
            if (leaveUnlessDone() && failure == null) {
                fail(ofLoop);
            } else {
                goOn(); // what is done needs no loop
            }
        }
    }
}
