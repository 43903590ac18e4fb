package dev.janus;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes one element after the other, blocking for each, until the queue is shut down and empty. Not thread-safe.
 *
 * @param <E> the type of the elements
 */
final class BlockingIterator<E> implements Iterator<E> {
    /** A blocking take. */
    interface Take<E> {
        E take() throws InterruptedException;
    }

    private final Take<E> take;

    /** The element that {@link #hasNext()} has taken and {@link #next()} has not returned yet. */
    private @Nullable E next;

    private BlockingIterator(Take<E> take) {
        this.take = take;
    }

    /** Returns an iterable of the elements. A stream of it takes each element when it needs it, and none ahead. */
    static <E> Iterable<E> iterable(Take<E> take) {
        return new Iterable<E>() {
            @Override
            public Iterator<E> iterator() {
                return new BlockingIterator<>(take);
            }

            @Override
            public Spliterator<E> spliterator() {
                return new OneByOne<>(iterator());
            }
        };
    }

    /** A spliterator that does not split, because the default one would take a batch ahead. */
    private static final class OneByOne<E> extends Spliterators.AbstractSpliterator<E> {
        private final Iterator<E> elements;

        OneByOne(Iterator<E> elements) {
            super(Long.MAX_VALUE, Spliterator.NONNULL | Spliterator.ORDERED);
            this.elements = elements;
        }

        @Override
        public boolean tryAdvance(Consumer<? super E> action) {
            boolean more = elements.hasNext();
            if (more) {
                action.accept(elements.next());
            }
            return more;
        }

        @Override
        public @Nullable Spliterator<E> trySplit() {
            return null;
        }
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
