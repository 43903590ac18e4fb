package dev.janus;

import java.util.AbstractQueue;
import java.util.Deque;
import java.util.Iterator;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.PriorityBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A store that may refuse an element, because it is bounded or its comparator throws. An element that is given back must
 * not be lost then: it is kept aside, and comes out first. So it is in a store that has no way to put it first.
 *
 * @param <E> the type of the elements
 */
final class PatientStore<E> extends AbstractQueue<E> {
    private final Queue<E> store;
    private final Deque<E> aside = new CarefulDeque<>();

    PatientStore(Queue<E> store) {
        this.store = store;
    }

    /** Takes an element back, so that it comes out first, or where a heap wants it. */
    void giveBack(E element) {
        try {
            if (isHeap() ? offer(element) : aside.isEmpty() && addFirst(element)) {
                return;
            }
        } catch (Throwable e) {
            // the store refuses it, and is as before
        }
        aside.addFirst(element);
    }

    private boolean isHeap() {
        return store instanceof PriorityQueue || store instanceof PriorityBlockingQueue;
    }

    private boolean addFirst(E element) {
        return store instanceof Deque && ((Deque<E>) store).offerFirst(element);
    }

    @Override
    public boolean offer(E element) {
        try {
            return store.offer(element);
        } catch (Throwable e) {
            closeHole(e);
            throw e;
        }
    }

    /** The heap of Java 8 grows before it compares. */
    private void closeHole(Throwable failure) {
        try {
            store.removeIf(Objects::isNull);
        } catch (Throwable e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public @Nullable E poll() {
        return aside.isEmpty() ? store.poll() : aside.poll();
    }

    @Override
    public @Nullable E peek() {
        return aside.isEmpty() ? store.peek() : aside.peek();
    }

    @Override
    public int size() {
        return aside.size() + store.size();
    }

    @Override
    public boolean contains(@Nullable Object element) {
        return aside.contains(element) || store.contains(element);
    }

    @Override
    public boolean remove(@Nullable Object element) {
        return aside.remove(element) || store.remove(element);
    }

    @Override
    public void clear() {
        aside.clear();
        store.clear();
    }

    @Override
    public Iterator<E> iterator() {
        Iterator<E> first = aside.iterator();
        Iterator<E> then = store.iterator();
        return new Iterator<E>() {
            private Iterator<E> current = first;

            @Override
            public boolean hasNext() {
                return first.hasNext() || then.hasNext();
            }

            @Override
            public E next() {
                current = first.hasNext() ? first : then;
                return current.next();
            }

            @Override
            public void remove() {
                current.remove();
            }
        };
    }
}
