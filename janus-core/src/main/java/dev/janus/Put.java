package dev.janus;

import java.util.Collection;
import kotlin.Unit;
import org.jspecify.annotations.Nullable;

/**
 * Puts one or more elements into the buffer, in order. It is complete when the last one was added; until then it may be
 * tried repeatedly, and continues where it stopped.
 *
 * @param <E> the type of the elements
 */
final class Put<E> implements Operation<Unit> {
    private final Buffer<E> buffer;
    private final E[] elements;

    /** The number of elements added so far. Guarded by the buffer's lock while the operation waits. */
    private int added;

    @SafeVarargs
    @SuppressWarnings("varargs") // the caller gives the array away, and it is only read
    Put(Buffer<E> buffer, E... elements) {
        this.buffer = buffer;
        this.elements = elements;
    }

    /** Returns the elements of the collection in its order. Throws if one is null. */
    @SuppressWarnings("unchecked") // the array holds what the collection holds
    static <E> E[] arrayOf(Collection<? extends E> elements) {
        Object[] array = elements.toArray();
        for (int i = 0; i < array.length; i++) {
            if (array[i] == null) {
                throw new NullPointerException("element " + i + " of the collection is null");
            }
        }
        return (E[]) array;
    }

    @Override
    public @Nullable Unit tryLocked(boolean inTurn) {
        try {
            boolean hasSlot = inTurn;
            while (added < elements.length && buffer.putLocked(elements[added], inTurn, hasSlot)) {
                added++;
                hasSlot = false;
            }
        } catch (QueueShutdownException e) {
            if (elements.length > 1) {
                throw new QueueShutdownException(e.getMessage() + "; " + progress(), e.getCause());
            }
            throw e;
        }
        return added == elements.length ? Unit.INSTANCE : null;
    }

    @Override
    public boolean canCompleteForWaiter() {
        return true;
    }

    int added() {
        return added;
    }

    /** Returns how many elements were added, as text for the message of an exception. */
    String progress() {
        return added + " of " + elements.length + " elements were added";
    }
}
