package dev.janus;

import org.jspecify.annotations.Nullable;

/**
 * Takes the element that a select has claimed.
 *
 * @param <E> the type of the elements
 */
final class ClaimedTake<E> implements Operation<E> {
    private final Buffer<E> buffer;

    ClaimedTake(Buffer<E> buffer) {
        this.buffer = buffer;
    }

    @Override
    public boolean isReadyLocked(boolean granted) {
        return buffer.hasElementOrPutterLocked(granted) || buffer.isTerminatedLocked();
    }

    @Override
    public @Nullable E tryLocked(boolean granted) {
        E element = buffer.takeLocked(granted);
        if (element == null && buffer.shutDown) {
            throw buffer.shutDownException("the queue is shut down, and what was left has been handed back");
        }
        return element;
    }
}
