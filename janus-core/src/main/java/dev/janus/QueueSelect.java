package dev.janus;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import kotlin.Unit;
import org.jspecify.annotations.Nullable;

/**
 * Does one of several operations, whichever is possible first, for threads: takes an element from a queue, or adds one.
 *
 * <pre>{@code
 * QueueSelect<String> next = QueueSelect.first(cancellations, order -> {
 *             cancel(order);
 *             return "cancelled";
 *         })
 *         .or(orders, order -> {
 *             ship(order);
 *             return "shipped";
 *         });
 * String done = next.select(); // waits for an order of either queue
 * String doneInTime = next.select(10, SECONDS); // null if none came
 * String doneAtOnce = next.trySelect(); // null if none was there
 * }</pre>
 *
 * <pre>{@code
 * String sent = QueueSelect.firstPut(here, order, () -> "sent here")
 *         .orPut(there, order, () -> "sent there")
 *         .or(cancellations, cancelled -> "cancelled " + cancelled)
 *         .select(); // waits for room in either queue, or for a cancellation
 * }</pre>
 *
 * <pre>{@code
 * String next = QueueSelect.first(orders, order -> "order " + order, cause -> "no more orders: " + cause)
 *         .or(cancellations, order -> "cancelled " + order)
 *         .trySelect(() -> "nothing to do"); // does not wait
 * }</pre>
 *
 * <pre>{@code
 * String moved = QueueSelect.first(orders, next -> "order " + next)
 *         .or(cancellations, next -> "cancelled " + next, cause -> "no more cancellations")
 *         .orPut(here, order, () -> "sent", cause -> "closed: " + cause)
 *         .select();
 * }</pre>
 *
 * <p><b>Waiting.</b> If several operations are possible, the one that was named first is chosen. If none is, the thread
 * waits in the lines of all queues, in its turn in each. It does one operation; an element or slot that another queue has
 * reserved for it goes to the next caller in that line.
 *
 * <p><b>Handlers.</b> The handler of the chosen operation runs on the calling thread, without any lock held. If it throws,
 * the caller gets the same exception; the element was taken or added. A handler may not return null.
 *
 * <p><b>Shutdown.</b> A queue to take from has ended when it is shut down and empty; a queue to put into, when it is shut
 * down. If the operation has a handler for that, it is chosen, and the handler gets the cause of the shutdown, or null; it
 * is chosen each time that the select is used. Otherwise the operation is skipped. If all are, {@link #select()} throws
 * and the methods that try return null.
 *
 * <p><b>Capacity 0.</b> A thread that waits to take at several queues of capacity 0 is a receiver at each of them, so
 * <em>each</em> may let one put return. The thread takes one of these elements; the others stay in their queues for the
 * next receiver. A put of a select that waits is like {@link AsyncQueue#getOnSend()}: callers that poll do not see it, and
 * it is never the partner of a take of its own select.
 *
 * <p>Instances are immutable, and may be used repeatedly and by several threads at once; one with a put then adds the same
 * element each time. Coroutines use {@code select} with {@link AsyncQueue#getOnReceive()} instead.
 *
 * @param <R> the type of the handlers' results
 */
public final class QueueSelect<R> {
    private final List<Clause<?, R>> clauses;

    private QueueSelect(List<Clause<?, R>> clauses) {
        this.clauses = clauses;
    }

    private static <R> QueueSelect<R> none() {
        return new QueueSelect<>(Collections.emptyList());
    }

    /**
     * Returns a select that takes from the given queue.
     *
     * @param handler returns the result for an element of this queue; may not return null
     * @throws NullPointerException if an argument is null
     */
    public static <E, R> QueueSelect<R> first(JanusQueue<E> queue, Function<? super E, ? extends R> handler) {
        return QueueSelect.<R>none().or(queue, handler);
    }

    /**
     * Returns a select that takes from the given queue, or reports that it has ended.
     *
     * @param handler returns the result for an element of this queue; may not return null
     * @param onEnd returns the result if the queue is shut down and empty; gets the cause of the shutdown, or null; may
     *     not return null
     * @throws NullPointerException if an argument is null
     */
    public static <E, R> QueueSelect<R> first(
            JanusQueue<E> queue,
            Function<? super E, ? extends R> handler,
            Function<? super @Nullable Throwable, ? extends R> onEnd) {
        return QueueSelect.<R>none().or(queue, handler, onEnd);
    }

    /**
     * Returns a select that adds the element to the given queue.
     *
     * @param handler returns the result after the element was added; may not return null
     * @throws NullPointerException if an argument is null
     */
    public static <E, R> QueueSelect<R> firstPut(JanusQueue<E> queue, E element, Supplier<? extends R> handler) {
        return QueueSelect.<R>none().orPut(queue, element, handler);
    }

    /**
     * Returns a select that adds the element to the given queue, or reports that it was shut down.
     *
     * <pre>{@code
     * String sent = QueueSelect.firstPut(here, order, () -> "sent", cause -> "closed: " + cause)
     *         .select();
     * }</pre>
     *
     * @param handler returns the result after the element was added; may not return null
     * @param onEnd returns the result if the queue is shut down; gets the cause of the shutdown, or null; may not return
     *     null. The element was not added
     * @throws NullPointerException if an argument is null
     */
    public static <E, R> QueueSelect<R> firstPut(
            JanusQueue<E> queue,
            E element,
            Supplier<? extends R> handler,
            Function<? super @Nullable Throwable, ? extends R> onEnd) {
        return QueueSelect.<R>none().orPut(queue, element, handler, onEnd);
    }

    /**
     * Returns a new select that also takes from the given queue, if the operations named before are not possible. This
     * select does not change.
     *
     * @param handler returns the result for an element of this queue; may not return null
     * @throws NullPointerException if an argument is null
     */
    public <E> QueueSelect<R> or(JanusQueue<E> queue, Function<? super E, ? extends R> handler) {
        return with(new Take<>(queue, requireNonNull(handler, "handler"), null));
    }

    /**
     * Like {@link #or(JanusQueue, Function)}, but also reports that the queue has ended.
     *
     * @param onEnd returns the result if the queue is shut down and empty; gets the cause of the shutdown, or null; may
     *     not return null
     * @throws NullPointerException if an argument is null
     */
    public <E> QueueSelect<R> or(
            JanusQueue<E> queue,
            Function<? super E, ? extends R> handler,
            Function<? super @Nullable Throwable, ? extends R> onEnd) {
        return with(new Take<>(queue, requireNonNull(handler, "handler"), requireNonNull(onEnd, "onEnd")));
    }

    /**
     * Returns a new select that also adds the element to the given queue, if the operations named before are not
     * possible. This select does not change.
     *
     * @param handler returns the result after the element was added; may not return null
     * @throws NullPointerException if an argument is null
     */
    public <E> QueueSelect<R> orPut(JanusQueue<E> queue, E element, Supplier<? extends R> handler) {
        return with(new Add<>(queue, element, requireNonNull(handler, "handler"), null));
    }

    /**
     * Like {@link #orPut(JanusQueue, Object, Supplier)}, but also reports that the queue was shut down.
     *
     * @param onEnd returns the result if the queue is shut down; gets the cause of the shutdown, or null; may not return
     *     null. The element was not added
     * @throws NullPointerException if an argument is null
     */
    public <E> QueueSelect<R> orPut(
            JanusQueue<E> queue,
            E element,
            Supplier<? extends R> handler,
            Function<? super @Nullable Throwable, ? extends R> onEnd) {
        return with(new Add<>(queue, element, requireNonNull(handler, "handler"), requireNonNull(onEnd, "onEnd")));
    }

    private QueueSelect<R> with(Clause<?, R> clause) {
        List<Clause<?, R>> more = new ArrayList<>(clauses);
        more.add(clause);
        return new QueueSelect<>(more);
    }

    /**
     * Does one of the operations, waiting until one is possible. If the thread is interrupted, nothing was taken or
     * added.
     *
     * @return the result of the operation's handler
     * @throws NullPointerException if the handler returns null; the element was taken or added
     * @throws InterruptedException if interrupted before or while waiting; nothing was taken or added
     * @throws QueueShutdownException if all operations are skipped because their queues have ended, with the cause of the
     *     first queue that has one
     * @throws IllegalStateException if the call would block a thread of a bound dispatcher and the
     *     {@link BlockingGuard} refuses it; nothing was taken or added
     */
    public R select() throws InterruptedException {
        return resultOf(requireNonNull(await(Parker.FOREVER)));
    }

    /**
     * Does one of the operations, waiting up to the given time until one is possible. Does not wait if the time is zero
     * or less. If the thread is interrupted, nothing was taken or added. If all operations are skipped because their
     * queues have ended, returns null at once.
     *
     * @return the result of the operation's handler, or null if the time elapsed or all operations are skipped; nothing
     *     was then taken or added
     * @throws NullPointerException if the unit is null, or if the handler returns null; in the latter case the element
     *     was taken or added
     * @throws InterruptedException if interrupted before or while waiting; nothing was taken or added
     * @throws IllegalStateException if the call would block a thread of a bound dispatcher and the
     *     {@link BlockingGuard} refuses it; nothing was taken or added
     */
    public @Nullable R select(long timeout, TimeUnit unit) throws InterruptedException {
        Supplier<? extends R> chosen;
        try {
            chosen = await(unit.toNanos(timeout));
        } catch (QueueShutdownException e) {
            return null;
        }
        return chosen == null ? null : resultOf(chosen);
    }

    /**
     * Does one of the operations if one is possible. Never waits. Like {@link SyncQueue#poll()}, it ignores a
     * {@code select} that waits to send, or a caller that waits in {@code reserve}, at capacity 0.
     *
     * @return the result of the operation's handler, or null if none is possible
     * @throws NullPointerException if the handler returns null; the element was taken or added
     */
    public @Nullable R trySelect() {
        Supplier<? extends R> chosen = firstPossible(Clause::tryNow);
        return chosen == null ? null : resultOf(chosen);
    }

    /**
     * Does one of the operations if one is possible, and otherwise returns what the given supplier returns. Never waits.
     *
     * @param otherwise returns the result if no operation is possible; may not return null
     * @throws NullPointerException if the supplier is null, or if it or the handler returns null; in the latter case the
     *     element was taken or added
     */
    public R trySelect(Supplier<? extends R> otherwise) {
        requireNonNull(otherwise, "otherwise");
        Supplier<? extends R> chosen = firstPossible(Clause::tryNow);
        return resultOf(chosen == null ? otherwise : chosen);
    }

    private static <R> R resultOf(Supplier<? extends R> chosen) {
        return requireNonNull(chosen.get(), "the handler returned null");
    }

    private @Nullable Supplier<? extends R> firstPossible(
            Function<Clause<?, R>, @Nullable Supplier<? extends R>> attempt) {
        for (Clause<?, R> clause : clauses) {
            Supplier<? extends R> possible = attempt.apply(clause);
            if (possible != null) {
                return possible;
            }
        }
        return null;
    }

    private @Nullable Supplier<? extends R> await(long nanos) throws InterruptedException {
        SyncFace.throwIfInterrupted();
        if (nanos <= 0) {
            return firstPossible(Clause::tryNow);
        }
        Supplier<? extends R> chosen = firstPossible(Clause::tryInTurn);
        if (chosen != null) {
            return chosen;
        }
        for (Clause<?, R> clause : clauses) {
            if (clause.queue.dispatcher.isCurrentThread() && !clauses.stream().allMatch(Clause::hasEnded)) {
                clause.queue.dispatcher.refuseToBlock("a QueueSelect", "select { queue.onReceive { … } }");
            }
        }
        return awaitFirst(nanos, new Parker());
    }

    /**
     * Waits in all lines at once. All waits wake the same {@link Parker}; after each wake-up, the thread tries those
     * that were woken.
     */
    @Nullable
    Supplier<? extends R> awaitFirst(long nanos, Parker parker) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        List<Wait<?, R>> waits = new ArrayList<>();
        for (Clause<?, R> clause : clauses) {
            waits.add(clause.newWait(parker));
        }
        try {
            Supplier<? extends R> chosen = firstOf(waits);
            while (chosen == null) {
                if (!parker.await(nanos == Parker.FOREVER ? nanos : deadline - System.nanoTime())) {
                    return null;
                }
                chosen = firstOf(waits);
            }
            return chosen;
        } finally {
            waits.forEach(Wait::leaveOrReport); // passes on the grants of the other waits
        }
    }

    private static <R> @Nullable Supplier<? extends R> firstOf(List<Wait<?, R>> waits) {
        for (Wait<?, R> wait : waits) {
            Supplier<? extends R> chosen = wait.tryOrWait();
            if (chosen != null) {
                return chosen;
            }
        }
        if (waits.stream().allMatch(wait -> wait.end != null)) {
            throw endOf(waits);
        }
        return null;
    }

    private static QueueShutdownException endOf(List<? extends Wait<?, ?>> waits) {
        return waits.stream()
                .map(wait -> requireNonNull(wait.end))
                .filter(end -> end.getCause() != null)
                .findFirst()
                .orElseGet(() -> requireNonNull(waits.get(0).end));
    }

    /**
     * One of the operations. What is chosen is a supplier of the result: it calls the handler, after the thread has left
     * all lines.
     *
     * @param <T> the type of the operation's result
     */
    private abstract static class Clause<T, R> {
        final JanusQueue<?> queue;
        private final @Nullable Function<? super @Nullable Throwable, ? extends R> onEnd;

        Clause(JanusQueue<?> queue, @Nullable Function<? super @Nullable Throwable, ? extends R> onEnd) {
            this.queue = requireNonNull(queue, "queue");
            this.onEnd = onEnd;
        }

        /** Does the operation for a caller that does not wait. Returns null if it is not possible. */
        abstract @Nullable T poll();

        /** Does the operation for a caller that is prepared to wait. Returns null if it must. */
        abstract @Nullable T doNow();

        /** Returns true if the operation will never be possible again. */
        abstract boolean hasEnded();

        /** Returns what is chosen after the operation. */
        abstract Supplier<? extends R> chosen(T result);

        abstract Wait<T, R> newWait(Parker parker);

        final @Nullable Supplier<? extends R> tryNow() {
            return chosenOrEnd(poll());
        }

        final @Nullable Supplier<? extends R> tryInTurn() {
            return chosenOrEnd(doNow());
        }

        private @Nullable Supplier<? extends R> chosenOrEnd(@Nullable T result) {
            if (result != null) {
                return chosen(result);
            }
            return onEnd != null && hasEnded() ? end(queue.shutdownCause()) : null;
        }

        /** Returns what is chosen when the queue has ended, or null if the operation is then skipped. */
        final @Nullable Supplier<? extends R> end(@Nullable Throwable cause) {
            Function<? super @Nullable Throwable, ? extends R> handler = onEnd;
            return handler == null ? null : () -> handler.apply(cause);
        }
    }

    private static final class Take<E, R> extends Clause<E, R> {
        private final Buffer<E> buffer;
        private final Function<? super E, ? extends R> handler;

        Take(
                JanusQueue<E> queue,
                Function<? super E, ? extends R> handler,
                @Nullable Function<? super @Nullable Throwable, ? extends R> onEnd) {
            super(queue, onEnd);
            buffer = queue.buffer;
            this.handler = handler;
        }

        @Override
        @Nullable
        E poll() {
            return buffer.poll();
        }

        @Override
        @Nullable
        E doNow() {
            return buffer.takeNow();
        }

        @Override
        boolean hasEnded() {
            return queue.isTerminated();
        }

        @Override
        Supplier<? extends R> chosen(E element) {
            return () -> handler.apply(element);
        }

        @Override
        Wait<E, R> newWait(Parker parker) {
            return new Wait<>(buffer.notEmpty, buffer::takeLocked, this, parker);
        }
    }

    private static final class Add<E, R> extends Clause<Unit, R> {
        private final Buffer<E> buffer;
        private final E element;
        private final Supplier<? extends R> handler;

        Add(
                JanusQueue<E> queue,
                E element,
                Supplier<? extends R> handler,
                @Nullable Function<? super @Nullable Throwable, ? extends R> onEnd) {
            super(queue, onEnd);
            buffer = queue.buffer;
            this.element = requireNonNull(element, "element");
            this.handler = handler;
        }

        /** A put that need not wait is the same whether or not its caller would. */
        @Override
        @Nullable
        Unit poll() {
            return buffer.offer(element) ? Unit.INSTANCE : null;
        }

        @Override
        @Nullable
        Unit doNow() {
            return poll();
        }

        @Override
        boolean hasEnded() {
            return queue.isShutdown();
        }

        @Override
        Supplier<? extends R> chosen(Unit added) {
            return handler;
        }

        @Override
        Wait<Unit, R> newWait(Parker parker) {
            Put<E> put = new Put<>(buffer, element);
            return new Wait<>(buffer.notFull, inTurn -> tryLocked(put, inTurn, parker), this, parker);
        }

        /** A take of the same select that waits in a queue of capacity 0 is no slot for this put. */
        private @Nullable Unit tryLocked(Put<E> put, boolean inTurn, Object select) {
            boolean mustWait = !inTurn && !buffer.shutdown.hasBegunLocked() && !buffer.hasSlotForLocked(select);
            return mustWait ? null : put.tryLocked(inTurn);
        }
    }

    /**
     * The wait in the line of one queue. Like a coroutine it is granted an element or a slot, because another wait of the
     * same select may be served first. Its grant is then passed on.
     */
    private static final class Wait<T, R> extends Waiter<T> {
        private final Clause<T, R> clause;
        private final Parker parker;
        private boolean entered;

        /**
         * True if this wait was woken and has not tried since. A wait is granted under the lock, and woken after
         * unlock. Until it is woken it must not wait again, because it is still in the chain of waiters to wake.
         */
        private volatile boolean woken;

        @Nullable
        QueueShutdownException end;

        Wait(WaitQueue queue, Operation<T> operation, Clause<T, R> clause, Parker parker) {
            super(queue, operation);
            this.clause = clause;
            this.parker = parker;
        }

        @Nullable
        Supplier<? extends R> tryOrWait() {
            if (end != null) {
                return null;
            }
            try {
                T result = entered ? tryAgainIfWoken() : tryOrEnqueue();
                entered = true;
                return result == null ? null : clause.chosen(result);
            } catch (QueueShutdownException e) {
                end = e;
                return clause.end(e.getCause());
            }
        }

        /** Throws nothing: the thread may have done its operation in another line, and must leave the others too. */
        void leaveOrReport() {
            try {
                leave();
            } catch (Throwable e) {
                Monitor.report(e);
            }
        }

        private @Nullable T tryAgainIfWoken() {
            if (!woken) {
                return null;
            }
            woken = false;
            return onWoken();
        }

        @Override
        void wake() {
            woken = true;
            parker.wake();
        }

        @Override
        boolean isThread() {
            return true;
        }

        /** The parker is the same for all waits of the select. */
        @Override
        Object select() {
            return parker;
        }

        @Override
        boolean isCompletedInPlace() {
            return false;
        }
    }
}
