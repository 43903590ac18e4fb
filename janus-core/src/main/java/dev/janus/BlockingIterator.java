package dev.janus;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Takes one element after the other until the queue is shut down and nothing is left. For one thread.
 *
 * @param <E> the type of the elements
 */
final class BlockingIterator<E> implements Iterator<E> {
    /** A blocking take. */
    interface Take<E> {
        E take() throws InterruptedException;
    }

    private final Take<E> take;

    /** Taken by {@link #hasNext()} and not yet handed over by {@link #next()}. */
    private @Nullable E next;

    BlockingIterator(Take<E> take) {
        this.take = take;
    }

    @Override
    public boolean hasNext() {
        if (next == null) {
            next = takeOrEnd();
        }
        return next != null;
    }

    @Override
    public E next() {
        E element = hasNext() ? next : null;
        if (element == null) {
            throw new NoSuchElementException("the queue is shut down and nothing is left in it");
        }
        next = null;
        return element;
    }

    private @Nullable E takeOrEnd() {
        try {
            return take.take();
        } catch (QueueShutdownException e) {
            if (e.getCause() != null) {
                throw e;
            }
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            CancellationException cancelled =
                    new CancellationException("the thread was interrupted while it waited for the next element");
            cancelled.initCause(e);
            throw cancelled;
        }
    }
}
