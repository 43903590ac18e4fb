package dev.janus;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by a put if the queue is shut down, and by a take if nothing is left in it either. A refused element stays with the
 * caller.
 *
 * <p>{@link #getCause()} is what was given to {@link JanusQueue#shutdown(Throwable)}, or null.
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

    // Not public: kotlinx.coroutines copies an exception that it can construct and makes the original its
    // cause, and the cause of this one must stay the one that was given.
    QueueShutdownException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
