package dev.janus;

import kotlinx.coroutines.CopyableThrowable;
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
public final class QueueShutdownException extends IllegalStateException
        implements CopyableThrowable<QueueShutdownException> {
    private static final long serialVersionUID = 1L;

    QueueShutdownException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /**
     * Returns an exception with the same message and cause. For kotlinx.coroutines, which adds the functions that a
     * coroutine was suspended in to the stack trace of a copy, if assertions or its debug mode are on.
     *
     * <p>Returns null if the cause is the shutdown of another queue: kotlinx.coroutines takes a cause of the same class for
     * the original, and would throw that.
     */
    @Override
    public @Nullable QueueShutdownException createCopy() {
        Throwable cause = getCause();
        return cause instanceof QueueShutdownException
                ? null
                : new QueueShutdownException(String.valueOf(getMessage()), cause);
    }
}
