package dev.janus;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Passes the elements of the queue to a callback on the dispatcher, one at a time. An element is on {@link Lease lease}
 * while its callback runs.
 *
 * @param <E> the type of the elements
 */
final class Subscription<E> extends DispatchedWaiter<Lease<E>> implements AutoCloseable {
    private final Consumer<? super E> onElement;
    private final Consumer<? super @Nullable Throwable> onEnd;
    private volatile boolean closed;

    Subscription(
            Buffer<E> buffer,
            BoundDispatcher dispatcher,
            Consumer<? super E> onElement,
            Consumer<? super @Nullable Throwable> onEnd) {
        super(buffer.notEmpty, buffer::takeLeaseLocked, dispatcher);
        this.onElement = onElement;
        this.onEnd = onEnd;
    }

    @Override
    void afterWake() {
        Lease<E> lease;
        try {
            lease = onWoken();
        } catch (QueueShutdownException e) {
            end(e.getCause());
            return;
        } catch (Throwable e) {
            leave();
            end(e);
            return;
        }
        if (lease != null) { // null if the subscription was closed meanwhile
            handle(lease);
        }
    }

    private void handle(Lease<E> lease) {
        try {
            onElement.accept(lease.element());
        } catch (Throwable e) {
            giveBack(lease, e);
            if (closed) {
                Monitor.report(e); // a closed subscription does not call onEnd
            }
            end(e);
            return;
        }
        lease.keep();
        startOrReject();
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
