package dev.janus;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * A heap whose comparator may throw: then the call throws that, and the heap has lost nothing and doubled nothing.
 *
 * @param <E> the type of the elements
 */
final class CarefulHeap<E> extends PriorityQueue<E> {
    /*
     * A heap of the JDK that is left in the middle of a step has one element twice and another no more. So the failure is
     * kept, the step ends without further comparisons, and the failure is thrown afterwards. All elements are there, in
     * any order, and are put in order again before the next step that needs it.
     */
    private static final long serialVersionUID = 1;

    private final Careful<E> careful;

    CarefulHeap(Comparator<? super E> comparator) {
        this(new Careful<E>(comparator));
    }

    private CarefulHeap(Careful<E> careful) {
        super(11, careful);
        this.careful = careful;
    }

    @Override
    public boolean offer(E element) {
        restoreOrder();
        if (isEmpty()) {
            careful.compare(element, element); // whether it can be compared at all
        }
        super.offer(element);
        if (careful.failure != null) {
            removeSame(element);
            throw CoroutineBridge.rethrown(careful.failure);
        }
        return true;
    }

    private void removeSame(E element) {
        Iterator<E> elements = iterator();
        while (elements.hasNext()) {
            if (elements.next() == element) {
                elements.remove();
                return;
            }
        }
    }

    @Override
    public @Nullable E poll() {
        restoreOrder();
        E first = super.poll();
        if (careful.failure != null && first != null) {
            super.offer(first);
            throw CoroutineBridge.rethrown(careful.failure);
        }
        return first;
    }

    @Override
    public @Nullable E peek() {
        restoreOrder();
        return super.peek();
    }

    private void restoreOrder() {
        if (careful.failure == null) {
            return;
        }
        List<E> elements = new ArrayList<>(this);
        careful.failure = null;
        clear();
        for (E element : elements) {
            super.offer(element);
        }
        if (careful.failure != null) {
            throw CoroutineBridge.rethrown(careful.failure);
        }
    }

    /** Once the comparator has thrown, all are equal until that has been thrown to the caller. */
    private static final class Careful<E> implements Comparator<E> {
        private final Comparator<? super E> comparator;

        @Nullable
        Throwable failure;

        Careful(Comparator<? super E> comparator) {
            this.comparator = comparator;
        }

        @Override
        public int compare(E one, E other) {
            if (failure == null) {
                try {
                    return comparator.compare(one, other);
                } catch (Throwable e) {
                    failure = e;
                }
            }
            return 0;
        }
    }
}
