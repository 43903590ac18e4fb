package dev.janus;

import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
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
        Deque<E> deque = new CarefulDeque<>();
        return new Order<>("fifo", deque, deque::addFirst);
    }

    static <E> Order<E> lifo() {
        Deque<E> deque = new CarefulDeque<>();
        return new Order<>("lifo", Collections.asLifoQueue(deque), deque::addFirst);
    }

    static <E> Order<E> priority(Comparator<? super E> comparator) {
        return patient("priority", new CarefulHeap<>(comparator));
    }

    static <E> Order<E> of(Queue<E> store) {
        return patient(store.getClass().getSimpleName(), store);
    }

    /** For a store that may refuse an element. */
    private static <E> Order<E> patient(String name, Queue<E> store) {
        PatientStore<E> patient = new PatientStore<>(store);
        return new Order<>(name, patient, patient::giveBack);
    }

    boolean isFifo() {
        return store instanceof CarefulDeque;
    }
}
