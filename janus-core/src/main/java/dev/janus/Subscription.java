package dev.janus;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands one element after the other to a callback on the loop. Each is on lease while the callback has it.
 *
 * @param <E> the type of the elements
 */
final class Subscription<E> extends DispatchedWaiter<Lease<E>> implements AutoCloseable {
    private final Consumer<? super E> onElement;
    private final Consumer<? super @Nullable Throwable> onEnd;
    private volatile boolean closed;

    Subscription(
            Buffer<E> buffer, BoundDispatcher loop, Consumer<? super E> onElement, Consumer<? super @Nullable Throwable> onEnd) {
        super(buffer, buffer.notEmpty, buffer::takeLeaseLocked, loop);
        this.onElement = onElement;
        this.onEnd = onEnd;
    }

    @Override
    void goOn() {
        Lease<E> lease;
        try {
            lease = tryAgain();
        } catch (QueueShutdownException e) {
            end(e.getCause());
            return;
        } catch (Throwable e) {
            end(e);
            return;
        }
        if (lease != null) {
            handle(lease);
        }
    }

    private void handle(Lease<E> lease) {
        if (closed) {
            lease.close();
            return;
        }
        try {
            onElement.accept(lease.element());
        } catch (Throwable e) {
            lease.close();
            if (closed) {
                Monitor.report(e); // onEnd is called no more
            }
            end(e);
            return;
        }
        lease.keep();
        begin();
    }

    @Override
    void refused(Throwable failure) {
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
