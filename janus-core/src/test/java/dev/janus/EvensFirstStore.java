package dev.janus;

import java.util.AbstractQueue;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** A store of a user's own: even numbers come out before odd ones, and both oldest first. */
final class EvensFirstStore extends AbstractQueue<Integer> {
    private final List<Integer> elements = new ArrayList<>();
    private int evens;

    @Override
    public boolean offer(Integer element) {
        if (element % 2 == 0) {
            elements.add(evens++, element);
        } else {
            elements.add(element);
        }
        return true;
    }

    @Override
    public Integer poll() {
        return elements.isEmpty() ? null : removeAt(0);
    }

    @Override
    public Integer peek() {
        return elements.isEmpty() ? null : elements.get(0);
    }

    @Override
    public int size() {
        return elements.size();
    }

    @Override
    public Iterator<Integer> iterator() {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < elements.size();
            }

            @Override
            public Integer next() {
                return elements.get(next++);
            }

            @Override
            public void remove() {
                removeAt(--next);
            }
        };
    }

    private Integer removeAt(int index) {
        Integer element = elements.remove(index);
        if (element % 2 == 0) {
            evens--;
        }
        return element;
    }
}
