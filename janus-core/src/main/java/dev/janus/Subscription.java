package dev.janus;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Passes the elements of the queue to a callback on the dispatcher, one at a time. An element is on {@link Lease lease}
 * while its callback runs. A task handles as many elements as it can in {@link BoundDispatcher#TURN_NANOS}; then the
 * next task is dispatched, so that others can run in between.
 *
 * @param <E> the type of the elements
 */
final class Subscription<E> extends DispatchedWaiter<Lease<E>> implements AutoCloseable {
    private final Consumer<? super Lease<E>> onLease;
    private final Consumer<? super @Nullable Throwable> onEnd;
    private volatile boolean closed;

    /**
     * Creates a subscription.
     *
     * @param onLease handles an element and ends its lease; if it throws, the subscription returns the element and ends
     */
    Subscription(
            Buffer<E> buffer,
            Operation<Lease<E>> takeLease,
            BoundDispatcher dispatcher,
            Consumer<? super Lease<E>> onLease,
            Consumer<? super @Nullable Throwable> onEnd) {
        super(buffer.notEmpty, takeLease, dispatcher);
        this.onLease = onLease;
        this.onEnd = onEnd;
    }

    @Override
    void afterWake() {
        long start = System.nanoTime();
        try {
            Lease<E> lease = onWoken();
            while (lease != null && handle(lease)) { // null if the subscription waits, or was closed
                if (System.nanoTime() - start > BoundDispatcher.TURN_NANOS) {
                    start();
                    return;
                }
                lease = tryOrEnqueue();
            }
        } catch (QueueShutdownException e) {
            end(e.getCause());
        } catch (Throwable e) {
            leave();
            end(e);
        }
    }

    /** Returns false if the callback failed. */
    private boolean handle(Lease<E> lease) {
        try {
            onLease.accept(lease);
        } catch (Throwable e) {
            giveBack(lease, e);
            if (closed) {
                Monitor.report(e); // a closed subscription does not call onEnd
            }
            end(e);
            return false;
        }
        return true;
    }

    private static void giveBack(Lease<?> lease, Throwable failure) {
        try {
            lease.close();
        } catch (Throwable e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    void onRejected(Throwable failure) {
        leave();
        end(failure);
    }

    private void end(@Nullable Throwable failure) {
        if (closed) {
            return;
        }
        closed = true;
        try {
            onEnd.accept(failure);
        } catch (Throwable e) {
            Monitor.report(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        leave();
    }
}
