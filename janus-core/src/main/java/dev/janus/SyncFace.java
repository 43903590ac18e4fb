package dev.janus;

import static java.util.Objects.requireNonNull;

import java.util.AbstractQueue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The face for threads. Putting or taking one element is tried first, and only then a waiter is made.
 *
 * @param <E> the type of the elements
 */
final class SyncFace<E> extends AbstractQueue<E> implements SyncQueue<E> {
    private final Buffer<E> buffer;
    private final BoundDispatcher loop;

    SyncFace(Buffer<E> buffer, BoundDispatcher loop) {
        this.buffer = buffer;
        this.loop = loop;
    }

    @Override
    public void put(E element) throws InterruptedException {
        throwIfInterrupted();
        if (!buffer.offerSpinning(requireNonNull(element, "element"))) {
            await(buffer.notFull, new Put<>(buffer, element), "put", "send");
        }
    }

    @Override
    public boolean offer(E element) {
        return buffer.offer(requireNonNull(element, "element"));
    }

    @Override
    public boolean offer(E element, long timeout, TimeUnit unit) throws InterruptedException {
        long nanos = unit.toNanos(timeout);
        throwIfInterrupted();
        return offer(element)
                || (nanos > 0 && await(buffer.notFull, new Put<>(buffer, element), nanos, "offer", "send") != null);
    }

    @Override
    @SuppressWarnings("unchecked") // the array is of the elements and is only read
    public void putAll(Collection<? extends E> elements) throws InterruptedException {
        throwIfInterrupted();
        Put<E> put = new Put<>(buffer, Put.arrayOf(elements));
        try {
            await(buffer.notFull, put, "putAll", "sendAll");
        } catch (InterruptedException e) {
            throw (InterruptedException) new InterruptedException(put.progress()).initCause(e);
        }
    }

    @Override
    public E take() throws InterruptedException {
        throwIfInterrupted();
        E element = buffer.pollSpinning();
        return element != null ? element : await(buffer.notEmpty, buffer::takeLocked, "take", "receive");
    }

    @Override
    public @Nullable E poll() {
        return buffer.poll();
    }

    @Override
    public @Nullable E poll(long timeout, TimeUnit unit) throws InterruptedException {
        long nanos = unit.toNanos(timeout);
        throwIfInterrupted();
        E element = poll();
        if (element != null || nanos <= 0) {
            return element;
        }
        try {
            return await(buffer.notEmpty, buffer::takeLocked, nanos, "poll", "receive");
        } catch (QueueShutdownException e) {
            return null;
        }
    }

    @Override
    public List<E> takeBatch(int max) throws InterruptedException {
        Buffer.requireBatch(max);
        throwIfInterrupted();
        return await(buffer.notEmpty, granted -> buffer.takeBatchLocked(max, granted), "takeBatch", "receiveBatch");
    }

    @Override
    public Lease<E> takeLease() throws InterruptedException {
        throwIfInterrupted();
        return await(buffer.notEmpty, buffer::takeLeaseLocked, "takeLease", "receiveLease");
    }

    private <T> T await(WaitQueue line, Operation<T> operation, String call, String insteadOfIt)
            throws InterruptedException {
        return requireNonNull(await(line, operation, Parker.FOREVER, call, insteadOfIt));
    }

    /** Does the operation, waiting as long as allowed, unless this thread is the loop's and its guard refuses. */
    private <T> @Nullable T await(WaitQueue line, Operation<T> operation, long nanos, String call, String insteadOfIt)
            throws InterruptedException {
        if (nanos > 0 && loop.isCurrentThread()) {
            T result = buffer.attempt(operation);
            if (result != null) {
                return result;
            }
            loop.refuseToBlock(call + "()", insteadOfIt + "() of the async face");
        }
        return new ThreadWaiter<>(buffer, line, operation).await(nanos);
    }

    @Override
    public int drainTo(Collection<? super E> target) {
        return drainTo(target, Integer.MAX_VALUE);
    }

    @Override
    public int drainTo(Collection<? super E> target, int max) {
        if (requireNonNull(target, "target") == this) {
            throw new IllegalArgumentException("expected another collection than this queue to drain it to");
        }
        List<E> loan = buffer.lend(max);
        int moved = 0;
        try {
            for (E element : loan) {
                target.add(element);
                moved++;
            }
        } finally {
            buffer.endLoan(loan.size(), loan.subList(moved, loan.size()));
        }
        return moved;
    }

    @Override
    public Iterable<E> untilShutdown() {
        return () -> new BlockingIterator<>(this::take);
    }

    @Override
    public void taskDone() {
        buffer.taskDone();
    }

    @Override
    public void join() throws InterruptedException {
        throwIfInterrupted();
        await(buffer.allDone, buffer::joinLocked, "join", "join");
    }

    @Override
    public boolean join(long timeout, TimeUnit unit) throws InterruptedException {
        throwIfInterrupted();
        return await(buffer.allDone, buffer::joinLocked, unit.toNanos(timeout), "join", "join") != null;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        throwIfInterrupted();
        long nanos = unit.toNanos(timeout);
        String call = "awaitTermination";
        return await(buffer.terminated, buffer::awaitTerminationLocked, nanos, call, call) != null;
    }

    static void throwIfInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    // The queue as a collection: what can be seen of it at one moment

    @Override
    public @Nullable E peek() {
        return buffer.onStore(Queue::peek);
    }

    @Override
    public int size() {
        return buffer.stats().size();
    }

    @Override
    public boolean isEmpty() {
        QueueStats stats = buffer.stats();
        return stats.size() <= stats.reservedElements();
    }

    @Override
    public int remainingCapacity() {
        QueueStats stats = buffer.stats();
        int capacity = stats.capacity();
        return capacity == Integer.MAX_VALUE ? capacity : Math.max(0, capacity - stats.size() - stats.reservedSlots());
    }

    @Override
    public boolean contains(@Nullable Object element) {
        return element != null && buffer.onStore(store -> store.contains(element));
    }

    @Override
    public boolean remove(@Nullable Object element) {
        return element != null && buffer.remove(store -> store.remove(element));
    }

    @Override
    public void clear() {
        buffer.clear();
    }

    @Override
    public Iterator<E> iterator() {
        return new SnapshotIterator();
    }

    /** Walks over a snapshot; its {@code remove} takes out that very element if it is still there. */
    private final class SnapshotIterator implements Iterator<E> {
        private final Iterator<E> snapshot = snapshot().iterator();
        private final List<E> passed = new ArrayList<>();
        private boolean removable;

        @Override
        public boolean hasNext() {
            return snapshot.hasNext();
        }

        @Override
        public E next() {
            passed.add(snapshot.next());
            removable = true;
            return passed.get(passed.size() - 1);
        }

        @Override
        public void remove() {
            removeIfThere();
        }

        /** Whether it was still there, and is removed by this call. */
        boolean removeIfThere() {
            if (!removable) {
                throw new IllegalStateException("expected next() before each remove()");
            }
            removable = false;
            return removeSame(passed.remove(passed.size() - 1), passed);
        }
    }

    /** Removes this very object; where it is in the queue several times, the one that comes after those passed. */
    private boolean removeSame(E element, List<E> passed) {
        long before = passed.stream().filter(other -> other == element).count();
        return buffer.remove(store -> {
            long toPass = Math.min(
                    before, store.stream().filter(other -> other == element).count() - 1);
            Iterator<E> elements = store.iterator();
            while (elements.hasNext()) {
                if (elements.next() == element && toPass-- == 0) {
                    elements.remove();
                    return true;
                }
            }
            return false;
        });
    }

    // The inherited ones say true when somebody else was quicker to remove the element.

    @Override
    public boolean removeIf(Predicate<? super E> filter) {
        requireNonNull(filter, "filter");
        boolean removed = false;
        SnapshotIterator elements = new SnapshotIterator();
        while (elements.hasNext()) {
            removed |= filter.test(elements.next()) && elements.removeIfThere();
        }
        return removed;
    }

    @Override
    public boolean removeAll(Collection<?> unwanted) {
        return removeIf(requireNonNull(unwanted, "unwanted")::contains);
    }

    @Override
    public boolean retainAll(Collection<?> wanted) {
        requireNonNull(wanted, "wanted");
        return removeIf(element -> !wanted.contains(element));
    }

    /** Walks over a snapshot that is made at its first use, so that a stream shows what is there when it is run. */
    @Override
    public Spliterator<E> spliterator() {
        return Spliterators.spliterator(this, Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.CONCURRENT);
    }

    @Override
    public @Nullable Object[] toArray() {
        return snapshot().toArray();
    }

    @Override
    public <T> T[] toArray(T[] array) {
        return snapshot().toArray(array);
    }

    private List<E> snapshot() {
        return buffer.onStore(ArrayList::new);
    }
}
