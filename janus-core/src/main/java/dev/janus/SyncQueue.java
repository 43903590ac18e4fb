package dev.janus;

import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The face of a {@link JanusQueue} for threads: a whole {@link BlockingQueue}, and with it the waits
 * that acknowledged work and an orderly end need.
 *
 * <p>Nothing is optional here: every method of {@link BlockingQueue} does what its documentation says.
 * This page adds what the queue's shutdown and its other face bring in.
 *
 * <p><b>Threads.</b> Every method may be called from any thread, platform or virtual. A method that
 * waits blocks only its own thread, and threads and coroutines that wait for the same thing stand in
 * one line, in the order in which they began to wait.
 *
 * <p><b>Memory.</b> What a thread or coroutine did before it put an element in happens-before whatever
 * follows the taking of that element, on either face.
 *
 * <p><b>Order.</b> Elements come out in the order that the queue was built with. In a FIFO queue the
 * elements of one producer come out in the order in which it put them.
 *
 * <p><b>Null.</b> No element may be null: a null element is refused with a
 * {@link NullPointerException}.
 *
 * <p><b>The loop.</b> If the queue is {@linkplain JanusQueue.Builder#boundTo bound} to a dispatcher, a call that would have to
 * wait on a thread of that loop is refused with {@link IllegalStateException}, unless the queue's {@link BlockingGuard} says
 * otherwise. A call that need not wait never is.
 *
 * <p><b>Interruption.</b> A method that may wait throws {@link InterruptedException} when the thread is
 * interrupted before the call or while it waits. It has then neither added nor taken an element. If its operation
 * was completed before the thread noticed the interruption, it returns normally, with the interrupt status set.
 *
 * <p>A thread that works, and another one that gives it the work:
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
     * @throws QueueShutdownException if the queue is shut down before there is room; the element was
     *     not added
     */
    @Override
    void put(E element) throws InterruptedException;

    /**
     * Takes the next element, waiting for one as long as it takes.
     *
     * @throws InterruptedException if interrupted before or while waiting; no element was taken
     * @throws QueueShutdownException if the queue is shut down and nothing is left in it
     */
    @Override
    E take() throws InterruptedException;

    /**
     * Puts the element in if there is room at once. Never waits.
     *
     * @return false if there is no room, or the queue is shut down; the element was not added
     */
    @Override
    boolean offer(E element);

    /**
     * Puts the element in, waiting for room for at most the given time. A time of zero or less does not
     * wait.
     *
     * @return false if the time passed without room, and at once if the queue is shut down before there is room; the element
     *     was not added
     * @throws InterruptedException if interrupted before or while waiting; the element was not added
     */
    @Override
    boolean offer(E element, long timeout, TimeUnit unit) throws InterruptedException;

    /**
     * Takes the next element if one is available. Never waits. With capacity 0 it takes the element of a put that waits, but
     * not that of a {@code select} with {@link AsyncQueue#getOnSend()}, whose answer it cannot await.
     *
     * @return the next element, or null if none is available, shut down or not; elements reserved for coroutines that were
     *     woken are not
     */
    @Override
    @Nullable
    E poll();

    /**
     * Takes the next element, waiting for one for at most the given time. A time of zero or less does
     * not wait. Null means exactly that nothing was taken.
     *
     * @return null if the time passed without an element, and at once if the queue is shut down and
     *     nothing is left in it
     * @throws InterruptedException if interrupted before or while waiting; no element was taken
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
     */
    @Override
    boolean add(E element);

    /**
     * Moves every available element into the collection. Never waits. If the collection throws, the elements that it did not
     * accept go back to the head of this queue (in a priority queue, to where they belong). Until it is over, the elements
     * that are moved are in neither, keep their room, and the queue does not terminate.
     *
     * @return the number of elements moved
     * @throws IllegalArgumentException if the collection is this queue
     */
    @Override
    int drainTo(Collection<? super E> target);

    /**
     * Moves at most {@code max} available elements into the collection. Never waits. If the collection throws, the elements
     * that it did not accept go back to the head of this queue (in a priority queue, to where they belong). Until it is over,
     * the elements that are moved are in neither, keep their room, and the queue does not terminate.
     *
     * @return the number of elements moved, 0 where {@code max} is 0 or less
     * @throws IllegalArgumentException if the collection is this queue
     */
    @Override
    int drainTo(Collection<? super E> target, int max);

    /**
     * Takes one element out that equals the given one, wherever it stands. Never waits. What is removed
     * so counts as done (see {@link #taskDone()}).
     *
     * @return false if there is none
     */
    @Override
    boolean remove(@Nullable Object element);

    /**
     * Takes every element out and forgets it. Never waits. What is removed so counts as done (see
     * {@link #taskDone()}).
     */
    @Override
    void clear();

    /**
     * Returns how many elements are in the queue. An element that is {@linkplain QueueStats#reservedElements() reserved} for a
     * coroutine that was woken and has not run yet does not count, and is not seen by {@link #peek()}, {@link #contains},
     * {@link #toArray()} and the iterators. Never waits.
     */
    @Override
    int size();

    /** Returns true if {@link #size()} is 0. Never waits. */
    @Override
    boolean isEmpty();

    /**
     * Returns how many elements can be put in at once: {@link Integer#MAX_VALUE} for an unbounded queue, and 0 while there are
     * more elements than a reduced capacity allows. A slot that is reserved, for a {@code select} that was chosen to put
     * or for elements that are being drained, does not count. Never waits.
     */
    @Override
    int remainingCapacity();

    /**
     * Returns an iterator over a snapshot of the queue, in the order in which the elements come out (in a priority queue, in
     * no particular order). It is made by this call, in a time that grows with the size of the queue; what happens to the
     * queue afterwards does not show. {@link Iterator#remove()} takes out the very occurrence that {@code next} returned, or
     * nothing if it has gone. Never waits.
     */
    @Override
    Iterator<E> iterator();

    /**
     * Returns a spliterator over a snapshot of the queue that is made when it is first used, in a time that grows with the size
     * of the queue. It is {@link Spliterator#SIZED} and {@link Spliterator#NONNULL}, and {@link Spliterator#ORDERED}
     * unless this is a priority queue. Never waits.
     */
    @Override
    Spliterator<E> spliterator();

    /**
     * Waits for one element, then takes it and what else is there, in order, up to {@code max} elements
     * that nobody else waits for.
     *
     * <pre>{@code
     * shipAll(orders.sync().takeBatch(100)); // waits for one, and takes up to 99 more
     * }</pre>
     *
     * @return at least one and at most {@code max} elements, a list of the caller's own
     * @throws IllegalArgumentException if {@code max} is less than 1
     * @throws InterruptedException if interrupted before or while waiting; no element was taken
     * @throws QueueShutdownException if the queue is shut down and nothing is left in it
     */
    List<E> takeBatch(int max) throws InterruptedException;

    /**
     * Takes the next element on trial, waiting for one as long as it takes: the work on it gets done, or it goes back.
     *
     * <pre>{@code
     * try (Lease<Order> lease = orders.sync().takeLease()) {
     *     ship(lease.element()); // if this throws, the order goes back to the head of the queue
     *     lease.done();
     * }
     * }</pre>
     *
     * @throws InterruptedException if interrupted before or while waiting; no element was taken
     * @throws QueueShutdownException if the queue is shut down, nothing is left in it, and no lease may yet be given back
     */
    Lease<E> takeLease() throws InterruptedException;

    /**
     * Puts all elements in, in the collection's own order, waiting for room as often as needed. The
     * collection is read once, before the first element is put in. Others may put their elements in
     * between; but while it waits, those who came later wait behind it until all are in.
     *
     * <p>When this method throws, the elements that had been added stay in the queue and the others stay
     * with the caller. They are added in order; where it had waited, the exception's message says how many
     * were.
     *
     * @throws NullPointerException if the collection or one of its elements is null; nothing was added
     * @throws InterruptedException if interrupted before or while waiting
     * @throws QueueShutdownException if the queue is shut down before all have been added
     */
    void putAll(Collection<? extends E> elements) throws InterruptedException;

    /**
     * Says that the work on one element that was taken, on either face, is done. Never waits. When as
     * many have been done as were ever put in, those that wait in {@link #join()} go on.
     *
     * <p>Who never calls {@code join} need not call this method. Elements that left the queue without a
     * taker ({@link #remove(Object)}, {@link #clear()}, an iterator's {@code remove},
     * {@link JanusQueue#shutdownNow()}) count as done.
     *
     * @throws IllegalStateException if it is called more often than elements were taken
     */
    void taskDone();

    /**
     * Waits until every element that was put in has been marked as done. Returns at once if that is so
     * already. It knows what was put in so far: where producers may still be at work, wait for them first.
     * Shutting the queue down does not end this wait: the work on elements that were taken must still be
     * marked as done.
     *
     * @throws InterruptedException if interrupted before or while waiting
     */
    void join() throws InterruptedException;

    /**
     * Waits until every element that was put in has been marked as done, for at most the given time. A
     * time of zero or less does not wait.
     *
     * <pre>{@code
     * if (!orders.sync().join(10, SECONDS)) {
     *     log(orders.unfinishedTasks() + " orders are not done");
     * }
     * }</pre>
     *
     * @return false if the time passed first
     * @throws InterruptedException if interrupted before or while waiting
     */
    boolean join(long timeout, TimeUnit unit) throws InterruptedException;

    /**
     * Waits until the queue is shut down and everything that was left in it has been taken, for at most
     * the given time. A time of zero or less does not wait.
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
     */
    boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException;

    /**
     * Returns the elements still to come, each taken from the queue as the iteration reaches it. The iteration
     * ends when the queue is shut down and nothing is left; it may be started more than once and by
     * several threads, which then share the elements. A stream of it takes each element when it needs it and
     * none ahead, so a parallel stream of it does not split.
     *
     * <p>{@link java.util.Iterator#hasNext()} waits for an element and takes it, and
     * {@link java.util.Iterator#next()} hands it over, as a {@code for} loop does. If the thread is
     * interrupted before or while {@code hasNext} waits, it takes nothing, leaves the thread's
     * interrupt status set and throws {@link java.util.concurrent.CancellationException}. If the queue
     * was shut down with a cause, the iteration does not end quietly: it throws
     * {@link QueueShutdownException} with that cause.
     */
    Iterable<E> untilShutdown();

    /** Returns the queue that this is a face of. */
    JanusQueue<E> queue();

    /** Returns how many elements the queue may hold; see {@link JanusQueue#capacity()}. */
    int capacity();

    /** Returns one consistent snapshot of all counts; see {@link JanusQueue#stats()}. */
    QueueStats stats();

    /** Refuses elements from now on, on both faces; see {@link JanusQueue#shutdown()}. Never waits. */
    void shutdown();

    /** Returns true once the queue was shut down; see {@link JanusQueue#isShutdown()}. */
    boolean isShutdown();
}
