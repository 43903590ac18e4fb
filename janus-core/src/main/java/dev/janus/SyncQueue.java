package dev.janus;

import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The face of a {@link JanusQueue} for threads: a complete {@link BlockingQueue}, with calls for batches, leases,
 * acknowledged work and an orderly end.
 *
 * <p>Every method of {@link BlockingQueue} does what its documentation says; none is unsupported. This page adds what
 * the queue's shutdown and its other face bring in.
 *
 * <p><b>Threads.</b> Every method may be called from any thread, platform or virtual. A method that waits blocks only
 * its own thread. Threads and coroutines that wait for the same thing wait in one line.
 *
 * <p><b>Order.</b> Elements come out in the order that the queue was built with. In a FIFO queue the elements of one
 * producer come out in the order in which it put them. Waiting puts add their elements in the order in which they began
 * to wait, before any newcomer. Waiting threads get their elements in the order in which they began to wait.
 *
 * <p><b>Interruption.</b> A method that may wait throws {@link InterruptedException} if the thread is interrupted
 * before the call or while it waits. It has then neither added nor taken an element. If its operation was completed
 * before the thread noticed the interruption, it returns normally, with the interrupt status set.
 *
 * <p><b>Shutdown.</b> A call that must succeed ({@code put}, {@code add}, {@code take}) throws
 * {@link QueueShutdownException}. A call that tries returns false, or null once nothing is left.
 *
 * <p><b>Null.</b> No element may be null: a null element is refused with a {@link NullPointerException}. From
 * {@code poll}, null means that nothing was taken.
 *
 * <p><b>The loop.</b> If the queue is {@linkplain JanusQueue.Builder#boundTo bound} to a dispatcher, a call that would
 * have to wait on a thread of that loop is refused with {@link IllegalStateException}, unless the queue's
 * {@link BlockingGuard} says otherwise. A call that need not wait never is.
 *
 * <p><b>Memory.</b> What a thread or coroutine did before it put an element in happens-before whatever follows the
 * taking of that element, on either face.
 *
 * <p>A worker thread, and a thread that gives it work:
 *
 * <pre>{@code
 * for (Order order : orders.sync().untilShutdown()) { // waits for each; ends with the queue
 *     ship(order);
 *     orders.sync().taskDone();
 * }
 * }</pre>
 *
 * <pre>{@code
 * orders.sync().putAll(morningMail());
 * orders.sync().join(); // until all that was put in is marked as done
 * orders.shutdown();
 * }</pre>
 *
 * <p>A face that was handed to you alone knows its queue:
 *
 * <pre>{@code
 * if (!face.isShutdown() && face.stats().size() < face.capacity()) {
 *     log("there is room in " + face.queue());
 * }
 * face.shutdown(); // on both faces
 * }</pre>
 *
 * @param <E> the type of the elements
 */
public interface SyncQueue<E> extends BlockingQueue<E> {

    /**
     * Puts the element in, waiting for room as long as it takes.
     *
     * @throws InterruptedException if interrupted before or while waiting; the element was not added
     * @throws QueueShutdownException if the queue is shut down before there is room; the element was not added
     * @throws NullPointerException if the element is null
     * @throws IllegalStateException if it would have to wait on a thread of the bound loop and the
     *     {@link BlockingGuard} refuses; the element was not added
     */
    @Override
    void put(E element) throws InterruptedException;

    /**
     * Takes the next element, waiting for one as long as it takes.
     *
     * @throws InterruptedException if interrupted before or while waiting; no element was taken
     * @throws QueueShutdownException if the queue is shut down and nothing is left in it
     * @throws IllegalStateException if it would have to wait on a thread of the bound loop and the
     *     {@link BlockingGuard} refuses; no element was taken
     */
    @Override
    E take() throws InterruptedException;

    /**
     * Puts the element in if there is room at once. Never waits.
     *
     * @return false if there is no room, or the queue is shut down; the element was not added
     * @throws NullPointerException if the element is null
     */
    @Override
    boolean offer(E element);

    /**
     * Puts the element in, waiting for room for at most the given time. A time of zero or less does not wait.
     *
     * @return false if the time passed without room, and at once if the queue is shut down before there is room; the
     *     element was not added
     * @throws InterruptedException if interrupted before or while waiting; the element was not added
     * @throws NullPointerException if the element is null
     * @throws IllegalStateException if it would have to wait on a thread of the bound loop and the
     *     {@link BlockingGuard} refuses; the element was not added
     */
    @Override
    boolean offer(E element, long timeout, TimeUnit unit) throws InterruptedException;

    /**
     * Takes the next element if one is available. Never waits.
     *
     * <p>With capacity 0 it takes the element of a waiting put. It does not see a {@code select} that waits to send
     * with {@link AsyncQueue#getOnSend()}: it cannot wait for the answer of that select. Elements reserved for
     * coroutines that were woken are not available.
     *
     * @return the next element, or null if none is available, shut down or not
     */
    @Override
    @Nullable
    E poll();

    /**
     * Takes the next element, waiting for one for at most the given time. A time of zero or less does not wait. Null
     * means that nothing was taken.
     *
     * @return null if the time passed without an element, and at once if the queue is shut down and nothing is left in
     *     it
     * @throws InterruptedException if interrupted before or while waiting; no element was taken
     * @throws IllegalStateException if it would have to wait on a thread of the bound loop and the
     *     {@link BlockingGuard} refuses; no element was taken
     */
    @Override
    @Nullable
    E poll(long timeout, TimeUnit unit) throws InterruptedException;

    /**
     * Puts the element in if there is room at once. Never waits.
     *
     * @return true, always
     * @throws IllegalStateException if there is no room; the element was not added
     * @throws QueueShutdownException if the queue is shut down; the element was not added
     * @throws NullPointerException if the element is null
     */
    @Override
    boolean add(E element);

    /**
     * Moves every available element into the collection. Never waits.
     *
     * <p>If the collection throws, the elements that it did not accept return to the head of this queue (in a priority
     * queue, to where they belong). While the elements are being moved they are in neither collection, keep their slots
     * (but not in a queue that {@linkplain JanusQueue.Builder#overflow drops}), and the queue does not terminate. With
     * capacity 0 it takes the elements of waiting puts, but does not see a {@code select} that waits to send with
     * {@link AsyncQueue#getOnSend()}.
     *
     * @return the number of elements moved
     * @throws NullPointerException if the collection is null
     * @throws IllegalArgumentException if the collection is this queue
     */
    @Override
    int drainTo(Collection<? super E> target);

    /**
     * Moves at most {@code max} available elements into the collection. Never waits. See {@link #drainTo(Collection)}
     * for what happens if the collection throws, and for capacity 0.
     *
     * @return the number of elements moved, 0 if {@code max} is 0 or less
     * @throws NullPointerException if the collection is null
     * @throws IllegalArgumentException if the collection is this queue
     */
    @Override
    int drainTo(Collection<? super E> target, int max);

    /**
     * Removes one element that equals the given one, wherever it stands in the queue. Never waits. An element that was
     * removed counts as done (see {@link #taskDone()}). Reserved elements are not removed.
     *
     * @return false if there is none, or the given object is null
     */
    @Override
    boolean remove(@Nullable Object element);

    /**
     * Removes all elements that are not reserved, and forgets them. Never waits. Elements that were removed count as
     * done (see {@link #taskDone()}).
     */
    @Override
    void clear();

    /**
     * Returns how many elements are in the queue. Never waits. Elements that are
     * {@linkplain QueueStats#reservedElements() reserved} for coroutines that were woken and have not run yet do not
     * count, and are not visible to {@link #peek()}, {@link #contains}, {@link #toArray()} and the iterators.
     */
    @Override
    int size();

    /** Returns true if {@link #size()} is 0. Never waits. */
    @Override
    boolean isEmpty();

    /**
     * Returns how many elements can be added at once without waiting: {@link Integer#MAX_VALUE} for an unbounded queue,
     * and 0 while the queue holds more elements than a reduced capacity allows. Receivers that wait make room for one
     * more each, which is not counted; slots that are reserved, for a {@code select} that was chosen to send or for
     * elements that are being drained, are not counted either. Never waits.
     */
    @Override
    int remainingCapacity();

    /**
     * Returns an iterator over a snapshot of the queue, in the order in which the elements come out (in a priority
     * queue, in no particular order). The snapshot is made by this call, in time proportional to the size of the queue,
     * and does not show later changes. {@link Iterator#remove()} removes the very occurrence that {@code next}
     * returned, or nothing if it is gone. Never waits.
     */
    @Override
    Iterator<E> iterator();

    /**
     * Returns a spliterator over a snapshot of the queue. The snapshot is made when the spliterator is first used, in
     * time proportional to the size of the queue. It is {@link Spliterator#SIZED} and {@link Spliterator#NONNULL}, and
     * {@link Spliterator#ORDERED} unless this is a priority queue. Never waits.
     */
    @Override
    Spliterator<E> spliterator();

    /**
     * Takes the next element and up to {@code max - 1} more that no other caller waits for, in order, waiting for the
     * first as long as it takes.
     *
     * <pre>{@code
     * shipAll(orders.sync().takeBatch(100)); // waits for one, and takes up to 99 more
     * }</pre>
     *
     * @return at least one and at most {@code max} elements, in a list that the caller owns
     * @throws IllegalArgumentException if {@code max} is less than 1
     * @throws InterruptedException if interrupted before or while waiting; no element was taken
     * @throws QueueShutdownException if the queue is shut down and nothing is left in it
     * @throws IllegalStateException if it would have to wait on a thread of the bound loop and the
     *     {@link BlockingGuard} refuses; no element was taken
     */
    List<E> takeBatch(int max) throws InterruptedException;

    /**
     * Leases the next element, waiting for one as long as it takes: the work on it gets done, or it returns to the head
     * of the queue.
     *
     * <pre>{@code
     * try (Lease<Order> lease = orders.sync().takeLease()) {
     *     ship(lease.element()); // if this throws, the order goes back to the head of the queue
     *     lease.done();
     * }
     * }</pre>
     *
     * @throws InterruptedException if interrupted before or while waiting; no element was taken
     * @throws QueueShutdownException if the queue is shut down, nothing is left in it, and no outstanding lease can
     *     return an element
     * @throws IllegalStateException if it would have to wait on a thread of the bound loop and the
     *     {@link BlockingGuard} refuses; no element was taken
     */
    Lease<E> takeLease() throws InterruptedException;

    /**
     * Puts all elements in, in the collection's own order, waiting for room as often as needed. The collection is read
     * once, before the first element is put in. Other callers may put elements in between; but while this call waits,
     * callers that came later wait behind it until all are in.
     *
     * <p>If this method throws, the elements that had been added stay in the queue, and the others stay with the
     * caller. They are added in order. If the call had waited, the exception's message says how many were added.
     *
     * @throws NullPointerException if the collection or one of its elements is null; nothing was added
     * @throws InterruptedException if interrupted before or while waiting
     * @throws QueueShutdownException if the queue is shut down before all have been added
     * @throws IllegalStateException if it would have to wait on a thread of the bound loop and the
     *     {@link BlockingGuard} refuses
     */
    void putAll(Collection<? extends E> elements) throws InterruptedException;

    /**
     * Marks the work on one element that was taken, on either face, as done. Never waits. When as many have been marked
     * as were put in, callers that wait in {@link #join()} go on.
     *
     * <p>If you never call {@code join}, you can ignore this. Elements that left the queue without a taker
     * ({@link #remove(Object)}, {@link #clear()}, an iterator's {@code remove}, {@link JanusQueue#shutdownNow()}) count
     * as done.
     *
     * @throws IllegalStateException if it is called more often than elements were taken
     */
    void taskDone();

    /**
     * Waits until every element that was put in has been marked as done. Returns at once if that is already so. It
     * knows only what was put in so far: if producers may still be running, wait for them first. Shutting the queue
     * down does not end this wait, as the work on elements that were taken must still be marked as done.
     *
     * @throws InterruptedException if interrupted before or while waiting
     * @throws IllegalStateException if it would have to wait on a thread of the bound loop and the
     *     {@link BlockingGuard} refuses
     */
    void join() throws InterruptedException;

    /**
     * Waits until every element that was put in has been marked as done, for at most the given time. A time of zero or
     * less does not wait.
     *
     * <pre>{@code
     * if (!orders.sync().join(10, SECONDS)) {
     *     log(orders.unfinishedTasks() + " orders are not done");
     * }
     * }</pre>
     *
     * @return false if the time passed first
     * @throws InterruptedException if interrupted before or while waiting
     * @throws IllegalStateException if it would have to wait on a thread of the bound loop and the
     *     {@link BlockingGuard} refuses
     */
    boolean join(long timeout, TimeUnit unit) throws InterruptedException;

    /**
     * Waits until the queue is shut down and everything that was left in it has been taken, for at most the given time.
     * A time of zero or less does not wait.
     *
     * <pre>{@code
     * orders.shutdown();
     * if (!orders.sync().awaitTermination(10, SECONDS)) {
     *     log(orders.size() + " orders are not taken");
     * }
     * }</pre>
     *
     * @return false if the time passed before that
     * @throws InterruptedException if interrupted before or while waiting
     * @throws IllegalStateException if it would have to wait on a thread of the bound loop and the
     *     {@link BlockingGuard} refuses
     */
    boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException;

    /**
     * Returns the elements still to come, each taken from the queue as the iteration reaches it. The iteration ends
     * when the queue is shut down and nothing is left. It may be started more than once and by several threads, which
     * then share the elements. A stream of it takes each element when it needs it and none ahead, so a parallel stream
     * does not split.
     *
     * <p>{@link java.util.Iterator#hasNext()} waits for an element and takes it, and {@link java.util.Iterator#next()}
     * returns it, as in a {@code for} loop. Calling {@code hasNext()} without {@code next()} loses an element. If the
     * thread is interrupted before or while {@code hasNext} waits, nothing is taken, the thread's interrupt status
     * stays set, and it throws {@link java.util.concurrent.CancellationException}. If the queue was shut down with a
     * cause, the iteration does not end quietly: it throws {@link QueueShutdownException} with that cause.
     */
    Iterable<E> untilShutdown();

    /** Returns the queue that this is a face of. Never waits. */
    JanusQueue<E> queue();

    /** Returns how many elements the queue may hold; see {@link JanusQueue#capacity()}. */
    default int capacity() {
        return queue().capacity();
    }

    /** Returns one consistent snapshot of all counts; see {@link JanusQueue#stats()}. */
    default QueueStats stats() {
        return queue().stats();
    }

    /** Refuses elements from now on, on both faces; see {@link JanusQueue#shutdown()}. Never waits. */
    default void shutdown() {
        queue().shutdown();
    }

    /** Returns true once the queue was shut down; see {@link JanusQueue#isShutdown()}. */
    default boolean isShutdown() {
        return queue().isShutdown();
    }
}
