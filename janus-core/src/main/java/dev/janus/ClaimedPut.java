package dev.janus;

/**
 * Puts an element into the slot that a select has claimed.
 *
 * @param <E> the type of the elements
 * @param <T> the type of what the select's block then gets
 */
final class ClaimedPut<E, T> implements Operation<T> {
    private final Buffer<E> buffer;
    private final E element;
    private final T result;

    ClaimedPut(Buffer<E> buffer, E element, T result) {
        this.buffer = buffer;
        this.element = element;
        this.result = result;
    }

    @Override
    public boolean isReadyLocked(boolean granted) {
        return buffer.hasRoomLocked(granted) || buffer.shutDown;
    }

    @Override
    public T tryLocked(boolean granted) {
        buffer.addLocked(element);
        return result;
    }
}
