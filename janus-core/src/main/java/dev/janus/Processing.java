package dev.janus;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The workers of {@link SyncQueue#processAll}, each a {@link Subscription}. The future completes when all have ended, or
 * the first has failed.
 *
 * @param <E> the type of the elements
 */
final class Processing<E> extends CompletableFuture<@Nullable Void> {
    private final Consumer<? super E> work;
    private final BiConsumer<? super Lease<E>, ? super Throwable> onFailure;
    private final List<Subscription<E>> workers = new ArrayList<>();
    private final AtomicInteger running;

    Processing(
            Buffer<E> buffer,
            Executor executor,
            int workers,
            Consumer<? super E> work,
            BiConsumer<? super Lease<E>, ? super Throwable> onFailure) {
        this.work = work;
        this.onFailure = onFailure;
        running = new AtomicInteger(workers);
        BoundDispatcher dispatcher = new BoundDispatcher(executor);
        for (int i = 0; i < workers; i++) {
            this.workers.add(
                    new Subscription<>(buffer, buffer::takeLeaseLocked, dispatcher, this::process, this::workerEnded));
        }
    }

    CompletableFuture<@Nullable Void> start() {
        workers.forEach(Subscription::startOrReject);
        // for the ways to complete a future that this class does not override
        CompletableFuture<?> unused = whenComplete((done, failure) -> closeWorkers());
        return this;
    }

    /** What {@code onFailure} throws ends the worker, which then returns the element. */
    private void process(Lease<E> lease) {
        try {
            work.accept(lease.element());
        } catch (Throwable e) {
            onFailure.accept(lease, e);
            lease.close();
            return;
        }
        lease.done();
    }

    private void workerEnded(@Nullable Throwable failure) {
        if (failure == null) {
            if (running.decrementAndGet() == 0) {
                complete(null);
            }
        } else if (!completeExceptionally(failure)) {
            Monitor.report(failure);
        }
    }

    // Whatever ends the future ends the workers first: the functions that depend on it may run for long.

    @Override
    public boolean complete(@Nullable Void nothing) {
        closeWorkers();
        return super.complete(null);
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        closeWorkers();
        return super.completeExceptionally(failure);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        closeWorkers();
        return super.cancel(mayInterruptIfRunning);
    }

    private void closeWorkers() {
        workers.forEach(Subscription::close);
    }
}
