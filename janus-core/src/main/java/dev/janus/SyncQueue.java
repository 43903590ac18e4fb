package dev.janus;

import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The face of a {@link JanusQueue} for threads: a complete {@link BlockingQueue}, with additional methods for batches,
 * leases, acknowledged work and an orderly shutdown.
 *
 * <p>Every method behaves as {@link BlockingQueue} specifies; no operation is unsupported. The documentation here adds
 * what follows from shutdown and from the queue's other face.
 *
 * <p><b>Threads.</b> All methods may be called from any thread, platform or virtual. A method that waits blocks only
 * the calling thread. Threads and coroutines waiting for the same condition wait in one line.
 *
 * <p><b>Order.</b> Elements come out in the order that the queue was built with. In a FIFO queue, the elements of one
 * producer come out in the order in which it added them. Waiting puts add their elements in the order in which they
 * began to wait, before any newcomer. Waiting threads get their elements in the order in which they began to wait.
 *
 * <p><b>Interruption.</b> A method that may wait throws {@link InterruptedException} if the thread is interrupted
 * before the call or while waiting. No element was then added or taken. If the operation was completed before the
 * thread noticed the interrupt, the method returns normally, with the interrupt status set.
 *
 * <p><b>Shutdown.</b> Methods that must succeed ({@code put}, {@code add}, {@code take}) throw
 * {@link QueueShutdownException}. Methods that only try return false, or null once the queue is empty.
 *
 * <p><b>Null.</b> Elements may not be null: a null element is rejected with {@link NullPointerException}. A null result
 * of {@code poll} means that nothing was taken.
 *
 * <p><b>Bound queues.</b> If the queue is {@linkplain JanusQueue.Builder#boundTo bound} to a dispatcher, a call that
 * would block one of the dispatcher's threads throws {@link IllegalStateException}, unless the queue's
 * {@link BlockingGuard} allows it. A call that does not need to wait is never refused.
 *
 * <p><b>Memory.</b> Actions in a thread or coroutine before it adds an element happen-before actions after that element
 * is taken, on either face.
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
 * <p>Code that was given only this face can still reach the queue:
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
     * Adds the element, waiting until there is room.
     *
     * <p><b>Waiting.</b> Waits without a time limit, and blocks only the calling thread. With capacity 0 it waits for a
     * receiver. A queue that {@linkplain JanusQueue.Builder#overflow drops} elements when full never makes a put wait.
     *
     * <p><b>Interruption.</b> If the thread is interrupted before the call or while waiting, throws
     * {@link InterruptedException}; the element was not added. If the element was added before the thread noticed the
     * interrupt, returns normally, with the interrupt status set.
     *
     * <p><b>Shutdown.</b> Throws {@link QueueShutdownException} if the queue is shut down before there is room; the
     * element was not added. A put that is already waiting when {@link JanusQueue#shutdownAfterPuts()} is called still
     * adds its element.
     *
     * @throws NullPointerException if the element is null
     * @throws InterruptedException if interrupted before or while waiting; the element was not added
     * @throws QueueShutdownException if the queue is shut down before there is room; the element was not added
     * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the
     *     {@link BlockingGuard} refuses it; the element was not added
     */
    @Override
    void put(E element) throws InterruptedException;

    /**
     * Takes the next element, waiting until one is available.
     *
     * <p><b>Waiting.</b> Waits without a time limit, and blocks only the calling thread. Waiting threads get their
     * elements in the order in which they began to wait.
     *
     * <p><b>Interruption.</b> If the thread is interrupted before the call or while waiting, throws
     * {@link InterruptedException}; no element was taken. If an element was taken before the thread noticed the
     * interrupt, returns it normally, with the interrupt status set.
     *
     * <p><b>Shutdown.</b> After {@link JanusQueue#shutdown()} it returns the elements that are left. Once the queue is
     * empty, throws {@link QueueShutdownException}; while a {@link Lease} may still return its element, waits for that.
     * {@link JanusQueue#shutdownNow()} releases waiting takes at once.
     *
     * @throws InterruptedException if interrupted before or while waiting; no element was taken
     * @throws QueueShutdownException if the queue is shut down and empty
     * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the
     *     {@link BlockingGuard} refuses it; no element was taken
     */
    @Override
    E take() throws InterruptedException;

    /**
     * Adds the element if there is room. Never waits.
     *
     * @return false if there is no room or the queue is shut down; the element was not added
     * @throws NullPointerException if the element is null
     */
    @Override
    boolean offer(E element);

    /**
     * Adds the element, waiting up to the given time until there is room. Does not wait if the time is zero or less.
     *
     * <p>If the thread is interrupted, the element was not added. If the queue is shut down before there is room,
     * returns false at once.
     *
     * @return false if the time elapsed or the queue was shut down before there was room; the element was not added
     * @throws NullPointerException if the element or the unit is null
     * @throws InterruptedException if interrupted before or while waiting; the element was not added
     * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the
     *     {@link BlockingGuard} refuses it; the element was not added
     */
    @Override
    boolean offer(E element, long timeout, TimeUnit unit) throws InterruptedException;

    /**
     * Takes the next element if one is available. Never waits. Elements reserved for woken coroutines are not
     * available.
     *
     * <p>With capacity 0 it takes the element of a waiting put. It ignores a {@code select} that waits to send with
     * {@link AsyncQueue#getOnSend()}, as it cannot wait for that select's choice, and a caller that waits in
     * {@code reserve}.
     *
     * @return the next element, or null if none is available, whether or not the queue is shut down
     */
    @Override
    @Nullable
    E poll();

    /**
     * Takes the next element, waiting up to the given time until one is available. Does not wait if the time is zero or
     * less.
     *
     * <p>If the thread is interrupted, no element was taken. If the queue is shut down and empty, returns null at once.
     *
     * @return the next element, or null if the time elapsed or the queue is shut down and empty; no element was then
     *     taken
     * @throws NullPointerException if the unit is null
     * @throws InterruptedException if interrupted before or while waiting; no element was taken
     * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the
     *     {@link BlockingGuard} refuses it; no element was taken
     */
    @Override
    @Nullable
    E poll(long timeout, TimeUnit unit) throws InterruptedException;

    /**
     * Adds the element if there is room, or throws. Never waits.
     *
     * @return true, always
     * @throws NullPointerException if the element is null
     * @throws QueueShutdownException if the queue is shut down; the element was not added
     * @throws IllegalStateException if there is no room; the element was not added
     */
    @Override
    boolean add(E element);

    /**
     * Moves all available elements to the collection. Never waits.
     *
     * <p>If the collection throws, the elements that it did not accept return to the head of this queue; in a priority
     * queue, to their place in the order.
     *
     * <p>While elements are being moved they are in neither collection, and the queue does not terminate. They keep
     * their slots, so there is room if they return, unless the queue {@linkplain JanusQueue.Builder#overflow drops}
     * elements when full.
     *
     * <p>With capacity 0 it takes the elements of waiting puts. It ignores a {@code select} that waits to send with
     * {@link AsyncQueue#getOnSend()}, and a caller that waits in {@code reserve}.
     *
     * @return the number of elements moved
     * @throws NullPointerException if the collection is null
     * @throws IllegalArgumentException if the collection is this queue
     */
    @Override
    int drainTo(Collection<? super E> target);

    /**
     * Moves up to {@code max} available elements to the collection. Never waits. See {@link #drainTo(Collection)} for
     * what happens if the collection throws, and for capacity 0.
     *
     * @return the number of elements moved; 0 if {@code max} is 0 or less
     * @throws NullPointerException if the collection is null
     * @throws IllegalArgumentException if the collection is this queue
     */
    @Override
    int drainTo(Collection<? super E> target, int max);

    /**
     * Removes one element that equals the given object, anywhere in the queue. Never waits. The removed element counts
     * as done (see {@link #taskDone()}). Reserved elements cannot be removed.
     *
     * @return false if no element equals the object, or the object is null
     */
    @Override
    boolean remove(@Nullable Object element);

    /**
     * Removes and discards all elements that are not reserved. Never waits. The removed elements count as done (see
     * {@link #taskDone()}).
     */
    @Override
    void clear();

    /**
     * Returns the number of elements in the queue. Never waits. Elements that are
     * {@linkplain QueueStats#reservedElements() reserved} for coroutines that were woken but have not run yet are not
     * counted, and are not visible to {@link #peek()}, {@link #contains}, {@link #toArray()} and the iterators.
     */
    @Override
    int size();

    /** Returns true if {@link #size()} is 0. Never waits. */
    @Override
    boolean isEmpty();

    /**
     * Returns the number of elements that can be added without waiting. Never waits. Returns {@link Integer#MAX_VALUE}
     * for an unbounded queue, and 0 while the queue holds more elements than a reduced capacity allows.
     *
     * <p>The result does not include the room that each waiting receiver makes for one more element, nor slots that are
     * reserved for a {@code select} that was chosen to send or for elements that are being drained.
     */
    @Override
    int remainingCapacity();

    /**
     * Returns an iterator over a snapshot of the queue, in the order in which the elements come out (in a priority
     * queue, in no particular order). Never waits.
     *
     * <p>This call makes the snapshot, in time proportional to the size of the queue; later changes are not visible.
     * {@link Iterator#remove()} removes the exact occurrence that {@code next} returned, or nothing if it has already
     * left the queue.
     */
    @Override
    Iterator<E> iterator();

    /**
     * Returns a spliterator over a snapshot of the queue. Never waits.
     *
     * <p>The snapshot is made when the spliterator is first used, in time proportional to the size of the queue. The
     * spliterator is {@link Spliterator#SIZED} and {@link Spliterator#NONNULL}, and {@link Spliterator#ORDERED} unless
     * this is a priority queue.
     */
    @Override
    Spliterator<E> spliterator();

    /**
     * Takes the next element, waiting until one is available, and up to {@code max - 1} more that no other caller is
     * waiting for.
     *
     * <p>The elements are in the queue's order. If the thread is interrupted while waiting for the first, no element
     * was taken. After shutdown it returns the elements that are left, and then throws.
     *
     * <pre>{@code
     * shipAll(orders.sync().takeBatch(100)); // waits for one, and takes up to 99 more
     * }</pre>
     *
     * @return 1 to {@code max} elements, in a list that the caller owns
     * @throws IllegalArgumentException if {@code max} is less than 1
     * @throws InterruptedException if interrupted before or while waiting; no element was taken
     * @throws QueueShutdownException if the queue is shut down and empty
     * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the
     *     {@link BlockingGuard} refuses it; no element was taken
     */
    List<E> takeBatch(int max) throws InterruptedException;

    /**
     * Takes the next elements, waiting until one is available, and then for up to the given time until there are
     * {@code max}. Returns as soon as there are; after that time, returns what there is.
     *
     * <p>Until it returns, the elements stay in the queue, where they are reserved for this call. If the thread is
     * interrupted, no element was taken: they go to the next in line, or stay at the head of the queue. While the call
     * waits for more, it is first in line; other takers wait behind it. Reserved elements take up no room, so a batch may
     * be larger than the capacity. If the caller gives up, the queue may hold more than its capacity for a while; with
     * {@code DROP_OLDEST}, the next put then drops what is too much.
     *
     * <p>The time begins when the thread runs after the first element was reserved. With a time of zero or less, this is
     * {@link #takeBatch(int)}. After shutdown it does not wait for more, but returns the elements that are left, and then
     * throws.
     *
     * <pre>{@code
     * shipAll(orders.sync().takeBatch(100, 50, MILLISECONDS)); // waits 50 ms for more than one
     * }</pre>
     *
     * @return 1 to {@code max} elements in the queue's order, in a list that the caller owns
     * @throws IllegalArgumentException if {@code max} is less than 1
     * @throws InterruptedException if interrupted before or while waiting; no element was taken
     * @throws QueueShutdownException if the queue is shut down and empty
     * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the
     *     {@link BlockingGuard} refuses it; no element was taken
     */
    List<E> takeBatch(int max, long linger, TimeUnit unit) throws InterruptedException;

    /**
     * Takes up to {@code max} elements that are available now, and that no other caller is waiting for. Never waits.
     *
     * <pre>{@code
     * shipAll(orders.sync().pollBatch(100)); // perhaps none
     * }</pre>
     *
     * @return 0 to {@code max} elements in the queue's order, in a list that the caller owns
     * @throws IllegalArgumentException if {@code max} is less than 1
     */
    List<E> pollBatch(int max);

    /**
     * Takes the next element, waiting up to the timeout until one is available, and up to {@code max - 1} more that no
     * other caller is waiting for. Does not wait if the timeout is zero or less.
     *
     * <pre>{@code
     * List<Order> batch = orders.sync().pollBatch(100, 1, SECONDS);
     * if (batch.isEmpty()) {
     *     log("no order came");
     * }
     * }</pre>
     *
     * @return up to {@code max} elements in the queue's order, in a list that the caller owns; none if the time elapsed
     *     or the queue is shut down and empty
     * @throws IllegalArgumentException if {@code max} is less than 1
     * @throws InterruptedException if interrupted before or while waiting; no element was taken
     * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the
     *     {@link BlockingGuard} refuses it; no element was taken
     */
    List<E> pollBatch(int max, long timeout, TimeUnit unit) throws InterruptedException;

    /**
     * Leases the next element, waiting until one is available. The element returns to the head of the queue if the
     * lease is closed before the work on it is {@linkplain Lease#done() done}.
     *
     * <p>If the thread is interrupted while waiting, no element was taken. After shutdown it leases the elements that
     * are left, and then throws.
     *
     * <pre>{@code
     * try (Lease<Order> lease = orders.sync().takeLease()) {
     *     ship(lease.element()); // if this throws, the order goes back to the head of the queue
     *     lease.done();
     * }
     * }</pre>
     *
     * @throws InterruptedException if interrupted before or while waiting; no element was taken
     * @throws QueueShutdownException if the queue is shut down and empty, and no outstanding lease can return an
     *     element
     * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the
     *     {@link BlockingGuard} refuses it; no element was taken
     */
    Lease<E> takeLease() throws InterruptedException;

    /**
     * Leases the next element if one is available. Never waits.
     *
     * <pre>{@code
     * try (Lease<Order> lease = orders.sync().pollLease()) {
     *     if (lease != null) {
     *         ship(lease.element());
     *         lease.done();
     *     }
     * }
     * }</pre>
     *
     * @return the lease, or null if no element is available, whether or not the queue is shut down
     */
    @Nullable
    Lease<E> pollLease();

    /**
     * Leases the next element, waiting up to the given time until one is available. Does not wait if the time is zero or
     * less.
     *
     * <p>If the thread is interrupted, no element was taken. If the queue is shut down and empty, and no leased or
     * delayed element can return, returns null at once.
     *
     * <pre>{@code
     * try (Lease<Order> lease = orders.sync().pollLease(1, SECONDS)) {
     *     if (lease != null) {
     *         ship(lease.element());
     *         lease.done();
     *     }
     * }
     * }</pre>
     *
     * @return the lease, or null if the time elapsed or the queue is shut down and empty; no element was then taken
     * @throws NullPointerException if the unit is null
     * @throws InterruptedException if interrupted before or while waiting; no element was taken
     * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the
     *     {@link BlockingGuard} refuses it; no element was taken
     */
    @Nullable
    Lease<E> pollLease(long timeout, TimeUnit unit) throws InterruptedException;

    /**
     * Leases the next element, waiting until one is available, and up to {@code max - 1} more that no other caller is
     * waiting for. Each element has a lease of its own. Those that are not done return to the head of the queue when the
     * batch is closed.
     *
     * <p>If the thread is interrupted while waiting for the first, no element was taken. After shutdown it leases the
     * elements that are left, and then throws.
     *
     * <pre>{@code
     * try (LeaseBatch<Order> batch = orders.sync().takeLeaseBatch(100)) {
     *     for (Lease<Order> lease : batch.leases()) {
     *         ship(lease.element()); // if this throws, this order and those after it go back
     *         lease.done();
     *     }
     * }
     * }</pre>
     *
     * @return 1 to {@code max} leases, in the queue's order
     * @throws IllegalArgumentException if {@code max} is less than 1
     * @throws InterruptedException if interrupted before or while waiting; no element was taken
     * @throws QueueShutdownException if the queue is shut down and empty, and no outstanding lease can return an
     *     element
     * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the
     *     {@link BlockingGuard} refuses it; no element was taken
     */
    LeaseBatch<E> takeLeaseBatch(int max) throws InterruptedException;

    /**
     * Leases the next elements, waiting until one is available, and then for up to the given time until there are
     * {@code max}; see {@link #takeBatch(int, long, TimeUnit)}. If the thread is interrupted, no element was taken.
     *
     * <pre>{@code
     * try (LeaseBatch<Order> batch = orders.sync().takeLeaseBatch(100, 50, MILLISECONDS)) {
     *     shipAll(batch.elements()); // if this throws, all orders go back to the head of the queue
     *     batch.done();
     * }
     * }</pre>
     *
     * @return 1 to {@code max} leases, in the queue's order
     * @throws IllegalArgumentException if {@code max} is less than 1
     * @throws InterruptedException if interrupted before or while waiting; no element was taken
     * @throws QueueShutdownException if the queue is shut down and empty, and no outstanding lease can return an
     *     element
     * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the
     *     {@link BlockingGuard} refuses it; no element was taken
     */
    LeaseBatch<E> takeLeaseBatch(int max, long linger, TimeUnit unit) throws InterruptedException;

    /**
     * Processes the elements on the executor, several at a time, until the queue is shut down and empty. Never waits
     * itself, and blocks no thread while there are no elements.
     *
     * <p>Each worker leases one element after the other. When {@code work} returns, the element is marked as done, so it
     * must not call {@link #taskDone()}. A task on the executor handles elements for up to 4 ms; then other tasks have
     * their turn.
     *
     * <p><b>Failure.</b> If {@code work} throws, {@code onFailure} decides, and the worker continues: it may return the
     * element {@linkplain Lease#close(long, TimeUnit) later}, or end the lease with {@link Lease#done()}. Unless it ends
     * the lease, the element returns to the head of the queue at once. If {@code onFailure} throws, the element returns,
     * the other workers end after their current elements, and the future fails with that exception. If the work takes
     * longer than the {@linkplain JanusQueue.Builder#leaseTimeout time limit} of leases, the element returns meanwhile, and
     * is processed again.
     *
     * <p><b>End.</b> The future completes when the queue is shut down and empty; it fails with the cause of the shutdown
     * if there is one, or with {@link java.util.concurrent.CancellationException} if the executor refuses a task, as one
     * without a queue may. Cancelling it ends the workers after their current elements. After
     * {@link JanusQueue#shutdownNow()}, an element that fails stays with {@code onFailure}; unless that ends the lease, the
     * future fails with {@link QueueShutdownException}.
     *
     * <pre>{@code
     * CompletableFuture<?> shipping = orders.sync().processAll(executor, 4, Shop::ship, (lease, failure) -> {
     *     log(lease.element() + " failed: " + failure);
     *     lease.close(10, SECONDS);
     * });
     * orders.shutdown();
     * shipping.get(); // all are shipped
     * }</pre>
     *
     * @param workers how many elements are processed at a time, if the executor has as many threads
     * @param work processes an element
     * @param onFailure gets an element that failed, and the exception
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if {@code workers} is less than 1
     */
    CompletableFuture<@Nullable Void> processAll(
            Executor executor,
            int workers,
            Consumer<? super E> work,
            BiConsumer<? super Lease<E>, ? super Throwable> onFailure);

    /**
     * Adds all elements in the collection's order, waiting for room as often as needed.
     *
     * <p>The collection is read once, before the first element is added. Other callers' elements may come in between;
     * but once this call waits, callers that arrive later wait behind it until all its elements are added.
     *
     * <p>If this method throws because of an interrupt, a shutdown or the guard, the elements added so far stay in the
     * queue and the rest stay with the caller. They are added in order; if the call waited, the exception's message
     * says how many were added.
     *
     * @throws NullPointerException if the collection or one of its elements is null; nothing was added
     * @throws InterruptedException if interrupted before or while waiting
     * @throws QueueShutdownException if the queue is shut down before all elements are added
     * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the
     *     {@link BlockingGuard} refuses it
     */
    void putAll(Collection<? extends E> elements) throws InterruptedException;

    /**
     * Adds the collection's elements, in its order, as long as there is room. Never waits. After shutdown, adds nothing. If
     * a comparator throws, the elements before that one stay in the queue.
     *
     * <pre>{@code
     * List<Order> mail = morningMail();
     * int added = orders.sync().offerAll(mail);
     * keepForLater(mail.subList(added, mail.size()));
     * }</pre>
     *
     * @return the number of elements that were added; the others stay with the caller
     * @throws NullPointerException if the collection or one of its elements is null; nothing was added
     */
    int offerAll(Collection<? extends E> elements);

    /**
     * Marks the work on one element taken from either face as done. Never waits. When every added element has been
     * marked, callers waiting in {@link #join()} return.
     *
     * <p>If you never call {@code join}, you can ignore this. Elements that leave the queue without being taken count
     * as done: by {@link #remove(Object)}, {@link #clear()}, an iterator's {@code remove} or
     * {@link JanusQueue#shutdownNow()}.
     *
     * @throws IllegalStateException if called more often than elements were taken
     */
    void taskDone();

    /**
     * Waits until every element that was added has been marked as done. Returns at once if that is already so.
     *
     * <p>Elements added while it waits must be done too. But it returns as soon as nothing is unfinished, so if
     * producers may still add elements, wait for the producers first. Shutdown does not end this wait: elements that
     * were taken must still be marked as done.
     *
     * @throws InterruptedException if interrupted before or while waiting
     * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the
     *     {@link BlockingGuard} refuses it
     */
    void join() throws InterruptedException;

    /**
     * Waits up to the given time until every element that was added has been marked as done. Does not wait if the time
     * is zero or less. Shutdown does not end this wait. See {@link #join()}.
     *
     * <pre>{@code
     * if (!orders.sync().join(10, SECONDS)) {
     *     log(orders.unfinishedTasks() + " orders are not done");
     * }
     * }</pre>
     *
     * @return false if the time elapsed first
     * @throws NullPointerException if the unit is null
     * @throws InterruptedException if interrupted before or while waiting
     * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the
     *     {@link BlockingGuard} refuses it
     */
    boolean join(long timeout, TimeUnit unit) throws InterruptedException;

    /**
     * Waits up to the given time until the queue is {@linkplain JanusQueue#isTerminated() terminated}: shut down, with
     * nothing left to take. Does not wait if the time is zero or less.
     *
     * <pre>{@code
     * orders.shutdown();
     * if (!orders.sync().awaitTermination(10, SECONDS)) {
     *     log(orders.size() + " orders are not taken");
     * }
     * }</pre>
     *
     * @return false if the time elapsed first
     * @throws NullPointerException if the unit is null
     * @throws InterruptedException if interrupted before or while waiting
     * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the
     *     {@link BlockingGuard} refuses it
     */
    boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException;

    /**
     * Reserves room for one element, waiting until there is some. Waits in one line with the puts, so room is granted in
     * the order in which callers began to wait. After {@link JanusQueue#shutdownAfterPuts()}, a call that is already
     * waiting still gets its room.
     *
     * <p>Use it where an element should be fetched only when there is room for it, and other producers may fill the queue
     * meanwhile.
     *
     * <pre>{@code
     * try (Permit<Order> permit = orders.sync().reserve()) { // waits for room
     *     permit.put(nextOrder()); // does not wait; if nextOrder() throws, the next in line gets the room
     * }
     * }</pre>
     *
     * @return a permit for one element, which must be used or closed
     * @throws InterruptedException if interrupted before or while waiting; nothing was reserved
     * @throws QueueShutdownException if the queue is shut down before there is room
     * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the
     *     {@link BlockingGuard} refuses it; nothing was reserved
     */
    Permit<E> reserve() throws InterruptedException;

    /**
     * Reserves room for one element, waiting up to the given time until there is some. Does not wait if the time is zero
     * or less.
     *
     * <p>If the thread is interrupted, nothing was reserved. If the queue is shut down before there is room, returns null
     * at once.
     *
     * <pre>{@code
     * try (Permit<Order> permit = orders.sync().reserve(1, SECONDS)) {
     *     if (permit != null) {
     *         permit.put(nextOrder());
     *     }
     * }
     * }</pre>
     *
     * @return a permit for one element, or null if the time elapsed or the queue was shut down before there was room
     * @throws NullPointerException if the unit is null
     * @throws InterruptedException if interrupted before or while waiting; nothing was reserved
     * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the
     *     {@link BlockingGuard} refuses it; nothing was reserved
     */
    @Nullable
    Permit<E> reserve(long timeout, TimeUnit unit) throws InterruptedException;

    /**
     * Reserves room for one element if there is some. Never waits.
     *
     * <pre>{@code
     * try (Permit<Order> permit = orders.sync().tryReserve()) {
     *     if (permit != null) {
     *         permit.put(nextOrder());
     *     }
     * }
     * }</pre>
     *
     * @return a permit for one element, or null if there is no room or the queue is shut down
     */
    @Nullable
    Permit<E> tryReserve();

    /**
     * Waits until {@link #poll()} would return an element, and takes none. If several threads or coroutines take elements,
     * another may take it first. While a lease, a permit or a waiting put may still bring an element after a shutdown, waits
     * for that.
     *
     * <pre>{@code
     * orders.sync().awaitNotEmpty();
     * openWarehouse(); // not before there is an order
     * shipAll(orders.sync().pollBatch(100));
     * }</pre>
     *
     * @throws InterruptedException if interrupted before or while waiting
     * @throws QueueShutdownException if the queue has {@linkplain JanusQueue#isTerminated() terminated}
     * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the
     *     {@link BlockingGuard} refuses it
     */
    void awaitNotEmpty() throws InterruptedException;

    /**
     * Waits up to the given time until {@link #poll()} would return an element, and takes none. Does not wait if the time
     * is zero or less.
     *
     * <pre>{@code
     * if (orders.sync().awaitNotEmpty(1, SECONDS)) {
     *     openWarehouse();
     * }
     * }</pre>
     *
     * @return false if the time elapsed, or the queue has {@linkplain JanusQueue#isTerminated() terminated}
     * @throws NullPointerException if the unit is null
     * @throws InterruptedException if interrupted before or while waiting
     * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the
     *     {@link BlockingGuard} refuses it
     */
    boolean awaitNotEmpty(long timeout, TimeUnit unit) throws InterruptedException;

    /**
     * Returns an iterable that takes each element from the queue as the iteration reaches it, waiting if necessary,
     * until the queue is shut down and empty.
     *
     * <p>{@link java.util.Iterator#hasNext()} waits for an element and takes it; {@link java.util.Iterator#next()}
     * returns it. Calling {@code hasNext()} without {@code next()} loses an element. Several iterations, also by
     * several threads, share the elements. A stream of the iterable takes each element when it needs it and none ahead,
     * so a parallel stream does not split.
     *
     * <p><b>Interruption.</b> If the thread is interrupted before or while {@code hasNext} waits, it throws
     * {@link java.util.concurrent.CancellationException}. No element was taken, and the interrupt status stays set.
     *
     * <p><b>Shutdown.</b> The iteration ends when the queue is shut down and empty. If the queue was shut down with a
     * cause, {@code hasNext} throws {@link QueueShutdownException} with that cause instead.
     */
    Iterable<E> untilShutdown();

    /** Returns the queue that this face belongs to. Never waits. */
    JanusQueue<E> queue();

    /** Returns the maximum number of elements that the queue may hold; see {@link JanusQueue#capacity()}. */
    default int capacity() {
        return queue().capacity();
    }

    /** Returns one consistent snapshot of all counts; see {@link JanusQueue#stats()}. */
    default QueueStats stats() {
        return queue().stats();
    }

    /** Shuts down the queue, for both faces; see {@link JanusQueue#shutdown()}. Never waits. */
    default void shutdown() {
        queue().shutdown();
    }

    /** Returns true if the queue was shut down; see {@link JanusQueue#isShutdown()}. */
    default boolean isShutdown() {
        return queue().isShutdown();
    }
}
