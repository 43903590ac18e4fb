package dev.janus;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * The order in which elements come out: the store that keeps it, and how an element is put back so that it comes out
 * first, or where the order wants it.
 *
 * @param <E> the type of the elements
 */
final class Order<E> {
    final String name;
    final Queue<E> store;
    final Consumer<E> toHead;

    private Order(String name, Queue<E> store, Consumer<E> toHead) {
        this.name = name;
        this.store = store;
        this.toHead = toHead;
    }

    static <E> Order<E> fifo() {
        Deque<E> deque = new ArrayDeque<>();
        return new Order<>("fifo", deque, deque::addFirst);
    }

    static <E> Order<E> lifo() {
        Deque<E> deque = new ArrayDeque<>();
        return new Order<>("lifo", Collections.asLifoQueue(deque), deque::addFirst);
    }

    static <E> Order<E> priority(PriorityQueue<E> heap) {
        return patient("priority", heap, heap::add);
    }

    static <E> Order<E> of(Queue<E> store) {
        return patient(
                store.getClass().getSimpleName(),
                store,
                store instanceof Deque ? ((Deque<E>) store)::addFirst : element -> addBefore(store, element));
    }

    /** For a store that may refuse an element. */
    private static <E> Order<E> patient(String name, Queue<E> store, Consumer<E> toHead) {
        PatientStore<E> patient = new PatientStore<>(store, toHead);
        return new Order<>(name, patient, patient::giveBack);
    }

    boolean isFifo() {
        return name.equals("fifo");
    }

    /**
     * Adds the element, and where it then stands behind others, adds those again after it. Where it comes out is left
     * to the store's own order, if that says more than first in, first out.
     */
    private static <E> void addBefore(Queue<E> store, E element) {
        store.add(element); // throws where there is no room, with nothing else touched
        if (store.peek() == element) {
            return;
        }
        List<E> others = new ArrayList<>();
        for (E next = store.poll(); next != null; next = store.poll()) {
            others.add(next);
        }
        store.add(element);
        boolean skipped = false;
        for (E next : others) {
            if (next == element && !skipped) {
                skipped = true;
            } else {
                store.add(next);
            }
        }
    }
}
