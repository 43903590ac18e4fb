package dev.janus;

import java.util.ArrayDeque;

/**
 * A deque that can run out of memory. That of the JDK grows after it has added, and seems empty if that fails; the next
 * element would overwrite the first.
 *
 * @param <E> the type of the elements
 */
final class CarefulDeque<E> extends ArrayDeque<E> {
    private static final long serialVersionUID = 1;

    @Override
    public void addFirst(E element) {
        try {
            super.addFirst(element);
        } catch (Throwable e) {
            if (isEmpty()) {
                pollFirst(); // it polls what is there, empty or not
            }
            throw e;
        }
    }

    @Override
    public void addLast(E element) {
        try {
            super.addLast(element);
        } catch (Throwable e) {
            if (isEmpty()) {
                pollLast();
            }
            throw e;
        }
    }
}
