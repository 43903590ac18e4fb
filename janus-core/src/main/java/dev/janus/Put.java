package dev.janus;

import java.util.Collection;
import kotlin.Unit;
import org.jspecify.annotations.Nullable;

/**
 * Puts one element or several, one after the other, into the buffer. It is done when the last one is in,
 * whoever let it in: the putter itself, or in a rendezvous the receiver that takes it from the putter.
 *
 * @param <E> the type of the elements
 */
final class Put<E> implements Operation<Unit> {
    private final Buffer<E> buffer;
    private final E[] elements;

    /** How many are in. Guarded by the buffer's lock while the operation waits. */
    private int added;

    @SafeVarargs
    @SuppressWarnings("varargs") // the array is the caller's gift and is only read
    Put(Buffer<E> buffer, E... elements) {
        this.buffer = buffer;
        this.elements = elements;
    }

    /** The elements in their order, none of them null. */
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
    public @Nullable Unit tryLocked(boolean granted) {
        try {
            boolean slotGranted = granted;
            while (added < elements.length && buffer.offerLocked(elements[added], slotGranted)) {
                added++;
                slotGranted = false;
            }
        } catch (QueueShutdownException e) {
            if (elements.length > 1) {
                throw new QueueShutdownException(e.getMessage() + "; " + progress(), e.getCause());
            }
            throw e;
        }
        return doneByAnotherLocked();
    }

    @Override
    public boolean needsNobody() {
        return true;
    }

    /** The element that is to be added next. */
    E nextLocked() {
        return elements[added];
    }

    /** A receiver has let the next element in, for the putter that waits. */
    void addedLocked() {
        added++;
    }

    @Override
    public @Nullable Unit doneByAnotherLocked() {
        return added == elements.length ? Unit.INSTANCE : null;
    }

    /** How far it came, for the message of an exception. */
    String progress() {
        return added + " of " + elements.length + " elements were added";
    }
}
