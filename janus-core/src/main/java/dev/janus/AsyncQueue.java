package dev.janus;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import kotlin.Unit;
import kotlin.coroutines.Continuation;
import org.jspecify.annotations.Nullable;

/**
 * The face of a {@link JanusQueue} for Kotlin coroutines. A method whose last parameter is a
 * {@link Continuation} is a {@code suspend} function to Kotlin 2.0 and newer: {@code receive(c)} is
 * {@code suspend fun receive(): E}.
 *
 * <p><b>Coroutines.</b> Every method may be called from any thread and on any dispatcher. A method that
 * waits suspends and is resumed on the caller's own dispatcher. Coroutines and threads that wait for
 * the same thing stand in one line, in the order in which they began to wait.
 *
 * <p><b>Cancellation.</b> A coroutine that is cancelled while it waits is resumed promptly with
 * {@link java.util.concurrent.CancellationException}, even if an element or room had just been promised
 * to it: the promise goes to the next in line, and the coroutine has neither added nor taken an
 * element. As in kotlinx.coroutines, a call that need not wait does not look for cancellation. There is
 * one exception: a send into a queue of capacity 0 whose element has already been handed to a receiver
 * returns normally.
 *
 * <p>A time-out <em>around</em> a call ({@code withTimeoutOrNull(100) { queue.receive() }}) can strike
 * after the call has its element and before the block ends, and then that element is lost with the
 * block. Use the timed calls of this interface: they are exact.
 *
 * <p><b>Memory, order, null.</b> As on the {@linkplain SyncQueue other face}.
 *
 * @param <E> the type of the elements
 */
public interface AsyncQueue<E> {

    /**
     * Puts the element in, suspending for room as long as it takes. If it is cancelled while suspended,
     * the element was not added.
     *
     * @throws NullPointerException if the element is null
     * @throws QueueShutDownException if the queue is shut down before there is room; the element was
     *     not added
     */
    @Nullable
    Object send(E element, Continuation<? super Unit> continuation);

    /**
     * Puts the element in, suspending for room for at most the given time, counted in whole
     * milliseconds, rounded up, by the caller's dispatcher (virtual time counts). A time of zero or less
     * does not suspend. If it is cancelled while suspended, the element was not added.
     *
     * <p>Kotlin sees a {@code Boolean}: false if the time passed without room; the element was then not
     * added.
     *
     * @throws NullPointerException if the element is null
     * @throws QueueShutDownException if the queue is shut down before there is room; the element was
     *     not added
     */
    @Nullable
    Object send(E element, long timeout, TimeUnit unit, Continuation<? super Boolean> continuation);

    /**
     * Takes the next element, suspending for one as long as it takes. If it is cancelled while
     * suspended, no element was taken.
     *
     * @throws QueueShutDownException if the queue is shut down and nothing is left in it
     */
    @Nullable
    Object receive(Continuation<? super E> continuation);

    /**
     * Takes the next element, suspending for one for at most the given time, counted in whole
     * milliseconds, rounded up, by the caller's dispatcher (virtual time counts). A time of zero or less
     * does not suspend. If it is cancelled while suspended, no element was taken.
     *
     * <p>Kotlin sees an {@code E?}: null means exactly that nothing was taken, because the time passed
     * or because the queue is shut down and nothing is left in it.
     */
    @Nullable
    Object receive(long timeout, TimeUnit unit, Continuation<? super @Nullable E> continuation);

    /**
     * Suspends for one element, then takes it and what else is there, in order, up to {@code max}
     * elements that nobody else waits for. If it is cancelled while suspended, no element was taken.
     *
     * <p>Kotlin sees a {@code List<E>} of at least one and at most {@code max} elements, the caller's
     * own.
     *
     * @throws IllegalArgumentException if {@code max} is less than 1
     * @throws QueueShutDownException if the queue is shut down and nothing is left in it
     */
    @Nullable
    Object receiveBatch(int max, Continuation<? super List<E>> continuation);

    /**
     * Puts all elements in, in the collection's own order, suspending for room as often as needed. The
     * collection is read once, before the first element is put in. Others may put their elements in
     * between; but while it waits, those who came later wait behind it until all are in.
     *
     * <p>When it is cancelled while suspended, or throws, the elements that had been added stay in the
     * queue and the others stay with the caller. They are added in order; the message of
     * {@link QueueShutDownException} says how many were.
     *
     * @throws NullPointerException if the collection or one of its elements is null; nothing was added
     * @throws QueueShutDownException if the queue is shut down before all have been added
     */
    @Nullable
    Object sendAll(Collection<? extends E> elements, Continuation<? super Unit> continuation);

    /**
     * Puts the element in if there is room at once. Never waits.
     *
     * @return false if there is no room; the element was not added
     * @throws NullPointerException if the element is null
     * @throws QueueShutDownException if the queue is shut down; the element was not added
     */
    boolean trySend(E element);

    /**
     * Takes the next element if there is one. Never waits.
     *
     * @return null if there is none that is not promised to somebody who already waits, shut down or
     *     not
     */
    @Nullable
    E tryReceive();

    /**
     * Says that the work on one element that was taken, on either face, is done. Never waits. See
     * {@link SyncQueue#taskDone()}.
     *
     * @throws IllegalStateException if it is called more often than elements were taken
     */
    void taskDone();

    /**
     * Suspends until every element that was put in has been marked as done. Returns at once if that is
     * so already. Cancellation ends the wait and changes nothing. Shutting the queue down does not end
     * this wait: the work on elements that were taken must still be marked as done.
     */
    @Nullable
    Object join(Continuation<? super Unit> continuation);

    /**
     * Suspends until the queue is shut down and everything that was left in it has been taken. Returns
     * at once if that is so already. Cancellation ends the wait and changes nothing.
     */
    @Nullable
    Object awaitTermination(Continuation<? super Unit> continuation);
}
