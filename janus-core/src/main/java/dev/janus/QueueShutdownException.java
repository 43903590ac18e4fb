package dev.janus;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by a put if the queue is shut down, and by a take if the queue is shut down and empty. An element that was
 * refused stays with the caller.
 *
 * <p>{@link #getCause()} returns the cause that was given to {@link JanusQueue#shutdown(Throwable)}, or null.
 *
 * <pre>{@code
 * try {
 *     orders.sync().put(order);
 * } catch (QueueShutdownException e) {
 *     log(order + " was not added; the queue was shut down because of " + e.getCause());
 * }
 * }</pre>
 */
public final class QueueShutdownException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    // Not public: kotlinx.coroutines copies exceptions that it can construct, to recover stack traces, and makes the
    // original the cause of the copy. But the cause of this exception must stay the one given to the shutdown.
    QueueShutdownException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
