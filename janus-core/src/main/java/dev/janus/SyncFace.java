package dev.janus;

import static java.util.Objects.requireNonNull;

import java.util.AbstractQueue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The face for threads. Methods that put or take one element try to do so at once, and create a waiter only if that
 * fails.
 *
 * @param <E> the type of the elements
 */
final class SyncFace<E> extends AbstractQueue<E> implements SyncQueue<E> {
    private final JanusQueue<E> queue;
    private final Buffer<E> buffer;
    private final BoundDispatcher dispatcher;

    SyncFace(JanusQueue<E> queue) {
        this.queue = queue;
        buffer = queue.buffer;
        dispatcher = queue.dispatcher;
    }

    @Override
    public void put(E element) throws InterruptedException {
        throwIfInterrupted();
        if (!buffer.putNow(requireNonNull(element, "element"))) {
            await(buffer.notFull, new Put<>(buffer, element), "put", "send");
        }
    }

    @Override
    public boolean add(E element) {
        if (!buffer.putNow(requireNonNull(element, "element"))) {
            throw new IllegalStateException("the queue is full: its capacity is " + queue.capacity());
        }
        return true;
    }

    @Override
    public boolean offer(E element) {
        return buffer.offer(requireNonNull(element, "element"));
    }

    @Override
    public boolean offer(E element, long timeout, TimeUnit unit) throws InterruptedException {
        long nanos = unit.toNanos(timeout);
        throwIfInterrupted();
        if (offer(element)) {
            return true;
        }
        return nanos > 0 && awaitOrNull(buffer.notFull, new Put<>(buffer, element), nanos, "offer", "send") != null;
    }

    @Override
    @SuppressWarnings("unchecked") // the array holds only elements, and is only read
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
        E element = buffer.takeNow();
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
        if (nanos <= 0) {
            return poll();
        }
        E element = buffer.takeNow();
        if (element != null) {
            return element;
        }
        return awaitOrNull(buffer.notEmpty, buffer::takeLocked, nanos, "poll", "receive");
    }

    @Override
    public List<E> takeBatch(int max) throws InterruptedException {
        Buffer.requireBatch(max);
        throwIfInterrupted();
        return await(buffer.notEmpty, buffer.batch(max), "takeBatch", "receiveBatch");
    }

    @Override
    public List<E> takeBatch(int max, long linger, TimeUnit unit) throws InterruptedException {
        Buffer.requireBatch(max);
        long nanos = requireNonNull(unit, "unit").toNanos(linger);
        if (nanos <= 0 || max == 1) {
            return takeBatch(max);
        }
        throwIfInterrupted();
        return await(buffer.notEmpty, buffer.gatheredBatch(max, nanos), "takeBatch", "receiveBatch");
    }

    @Override
    public List<E> pollBatch(int max) {
        Buffer.requireBatch(max);
        return buffer.pollBatch(max);
    }

    @Override
    public List<E> pollBatch(int max, long timeout, TimeUnit unit) throws InterruptedException {
        Buffer.requireBatch(max);
        long nanos = unit.toNanos(timeout);
        throwIfInterrupted();
        List<E> batch = pollBatch(max);
        if (!batch.isEmpty() || nanos <= 0) {
            return batch;
        }
        List<E> taken = awaitOrNull(buffer.notEmpty, buffer.batch(max), nanos, "pollBatch", "receiveBatch");
        return taken == null ? batch : taken;
    }

    @Override
    public int offerAll(Collection<? extends E> elements) {
        return buffer.offerAll(new Put<>(buffer, Put.arrayOf(elements)));
    }

    @Override
    public Lease<E> takeLease() throws InterruptedException {
        throwIfInterrupted();
        return await(buffer.notEmpty, buffer::takeLeaseLocked, "takeLease", "receiveLease");
    }

    @Override
    public @Nullable Lease<E> pollLease() {
        return buffer.pollLease();
    }

    @Override
    public @Nullable Lease<E> pollLease(long timeout, TimeUnit unit) throws InterruptedException {
        long nanos = unit.toNanos(timeout);
        throwIfInterrupted();
        if (nanos <= 0) {
            return pollLease();
        }
        return awaitOrNull(buffer.notEmpty, buffer::takeLeaseLocked, nanos, "pollLease", "receiveLease");
    }

    @Override
    public LeaseBatch<E> takeLeaseBatch(int max) throws InterruptedException {
        Buffer.requireBatch(max);
        throwIfInterrupted();
        return await(buffer.notEmpty, buffer.leaseBatch(max), "takeLeaseBatch", "receiveLeaseBatch");
    }

    @Override
    public LeaseBatch<E> takeLeaseBatch(int max, long linger, TimeUnit unit) throws InterruptedException {
        Buffer.requireBatch(max);
        long nanos = requireNonNull(unit, "unit").toNanos(linger);
        if (nanos <= 0 || max == 1) {
            return takeLeaseBatch(max);
        }
        throwIfInterrupted();
        return await(buffer.notEmpty, buffer.gatheredLeaseBatch(max, nanos), "takeLeaseBatch", "receiveLeaseBatch");
    }

    @Override
    public CompletableFuture<@Nullable Void> processAll(
            Executor executor,
            int workers,
            Consumer<? super E> work,
            BiConsumer<? super Lease<E>, ? super Throwable> onFailure) {
        requireNonNull(executor, "executor");
        requireNonNull(work, "work");
        requireNonNull(onFailure, "onFailure");
        if (workers < 1) {
            throw new IllegalArgumentException(workers + " workers: expected 1 or more");
        }
        return new Processing<>(buffer, executor, workers, work, onFailure).start();
    }

    @Override
    public Permit<E> reserve() throws InterruptedException {
        throwIfInterrupted();
        return requireNonNull(awaitPermit(Parker.FOREVER));
    }

    @Override
    public @Nullable Permit<E> reserve(long timeout, TimeUnit unit) throws InterruptedException {
        long nanos = unit.toNanos(timeout);
        throwIfInterrupted();
        if (nanos <= 0) {
            return tryReserve();
        }
        try {
            return awaitPermit(nanos);
        } catch (QueueShutdownException e) {
            return null;
        }
    }

    private @Nullable Permit<E> awaitPermit(long nanos) throws InterruptedException {
        Permit<E> permit = new Permit<>(buffer);
        try {
            return await(buffer.notFull, permit::tryLocked, nanos, "reserve", "reserve");
        } catch (Throwable e) {
            permit.close();
            throw e;
        }
    }

    @Override
    public @Nullable Permit<E> tryReserve() {
        return buffer.tryReserve();
    }

    @Override
    public void awaitNotEmpty() throws InterruptedException {
        throwIfInterrupted();
        await(buffer.hasElement.line, buffer::awaitElementLocked, "awaitNotEmpty", "awaitNotEmpty");
    }

    @Override
    public boolean awaitNotEmpty(long timeout, TimeUnit unit) throws InterruptedException {
        long nanos = unit.toNanos(timeout);
        throwIfInterrupted();
        String call = "awaitNotEmpty";
        return awaitOrNull(buffer.hasElement.line, buffer::awaitElementLocked, nanos, call, call) != null;
    }

    private <T> T await(WaitQueue line, Operation<T> operation, String call, String suspendingCall)
            throws InterruptedException {
        return requireNonNull(await(line, operation, Parker.FOREVER, call, suspendingCall));
    }

    /** Does the operation, waiting up to the given time. Returns null if that elapses, or the queue is shut down. */
    private <T> @Nullable T awaitOrNull(
            WaitQueue line, Operation<T> operation, long nanos, String call, String suspendingCall)
            throws InterruptedException {
        try {
            return await(line, operation, nanos, call, suspendingCall);
        } catch (QueueShutdownException e) {
            return null;
        }
    }

    /**
     * Does the operation, waiting up to the given time. On a thread of the bound dispatcher, tries it first, and asks
     * the guard before it waits.
     */
    private <T> @Nullable T await(
            WaitQueue line, Operation<T> operation, long nanos, String call, String suspendingCall)
            throws InterruptedException {
        if (nanos > 0 && dispatcher.isCurrentThread()) {
            T result = buffer.tryNow(operation);
            if (result != null) {
                return result;
            }
            dispatcher.refuseToBlock(call + "()", suspendingCall + "() of the async face");
        }
        return new ThreadWaiter<>(line, operation, new Parker(line.spinner)).await(nanos);
    }

    @Override
    public int drainTo(Collection<? super E> target) {
        return drainTo(target, Integer.MAX_VALUE);
    }

    @Override
    public int drainTo(Collection<? super E> target, int max) {
        if (requireNonNull(target, "target") == this) {
            throw new IllegalArgumentException("cannot drain the queue to itself: expected another collection");
        }
        List<E> drained = buffer.startDrain(max);
        int moved = 0;
        try {
            for (E element : drained) {
                target.add(element);
                moved++;
            }
        } finally {
            buffer.endDrain(drained.size(), drained.subList(moved, drained.size()));
        }
        return moved;
    }

    @Override
    public Iterable<E> untilShutdown() {
        return BlockingIterator.iterable(this::take);
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

    // The queue behind this face

    @Override
    public JanusQueue<E> queue() {
        return queue;
    }

    // The queue as a collection

    @Override
    public @Nullable E peek() {
        return buffer.peek();
    }

    @Override
    public int size() {
        return queue.size();
    }

    @Override
    public boolean isEmpty() {
        return queue.isEmpty();
    }

    @Override
    public int remainingCapacity() {
        QueueStats stats = buffer.stats();
        int capacity = stats.capacity();
        return capacity == Integer.MAX_VALUE ? capacity : Math.max(0, capacity - stats.size() - stats.reservedSlots());
    }

    @Override
    public boolean contains(@Nullable Object element) {
        return element != null && buffer.contains(element);
    }

    @Override
    public boolean remove(@Nullable Object element) {
        return element != null && buffer.remove(element);
    }

    @Override
    public void clear() {
        buffer.clear();
    }

    @Override
    public Iterator<E> iterator() {
        return new SnapshotIterator();
    }

    /**
     * Iterates over a snapshot. {@link #remove} removes the occurrence that was returned, if it is still in the queue.
     */
    private final class SnapshotIterator implements Iterator<E> {
        private final Iterator<ElementStore.Entry<E>> snapshot =
                buffer.entries().iterator();
        private ElementStore.@Nullable Entry<E> last;

        @Override
        public boolean hasNext() {
            return snapshot.hasNext();
        }

        @Override
        public E next() {
            ElementStore.Entry<E> next = snapshot.next();
            last = next;
            return next.element;
        }

        @Override
        public void remove() {
            if (last == null) {
                throw new IllegalStateException("expected next() before each remove()");
            }
            buffer.remove(Collections.singletonList(last));
            last = null;
        }
    }

    /** Calls the filter without the lock held. Then removes the chosen elements that are still in the queue. */
    @Override
    public boolean removeIf(Predicate<? super E> filter) {
        requireNonNull(filter, "filter");
        List<ElementStore.Entry<E>> chosen = new ArrayList<>();
        for (ElementStore.Entry<E> entry : buffer.entries()) {
            if (filter.test(entry.element)) {
                chosen.add(entry);
            }
        }
        return !chosen.isEmpty() && buffer.remove(chosen) > 0;
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

    @Override
    public Spliterator<E> spliterator() {
        return new SnapshotSpliterator(null);
    }

    /**
     * Iterates over a snapshot that is made when first used, so that a stream shows the elements at the time it runs.
     */
    private final class SnapshotSpliterator implements Spliterator<E> {
        private @Nullable Spliterator<E> snapshot;

        SnapshotSpliterator(@Nullable Spliterator<E> snapshot) {
            this.snapshot = snapshot;
        }

        private Spliterator<E> snapshot() {
            if (snapshot == null) {
                snapshot = elements().spliterator();
            }
            return snapshot;
        }

        @Override
        public boolean tryAdvance(Consumer<? super E> action) {
            return snapshot().tryAdvance(action);
        }

        @Override
        public void forEachRemaining(Consumer<? super E> action) {
            snapshot().forEachRemaining(action);
        }

        @Override
        public @Nullable Spliterator<E> trySplit() {
            Spliterator<E> part = snapshot().trySplit();
            return part == null ? null : new SnapshotSpliterator(part);
        }

        @Override
        public long estimateSize() {
            return snapshot().estimateSize();
        }

        @Override
        public int characteristics() {
            int characteristics = Spliterator.NONNULL | Spliterator.SIZED | Spliterator.SUBSIZED;
            return buffer.store.areEntriesOrdered() ? characteristics | Spliterator.ORDERED : characteristics;
        }
    }

    @Override
    public @Nullable Object[] toArray() {
        return elements().toArray();
    }

    @Override
    public <T> T[] toArray(T[] array) {
        return elements().toArray(array);
    }

    private List<E> elements() {
        return buffer.entries().stream().map(entry -> entry.element).collect(Collectors.toList());
    }
}
