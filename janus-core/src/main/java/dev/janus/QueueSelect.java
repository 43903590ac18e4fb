package dev.janus;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Takes one element from whichever of several queues has one first, for threads.
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
 * String done = next.take(); // waits for an order of either queue
 * String doneInTime = next.poll(10, SECONDS); // null if none came
 * String doneAtOnce = next.poll(); // null if none was there
 * }</pre>
 *
 * <p><b>Waiting.</b> If several queues have an element, the queue that was named first is chosen. If none has one, the
 * thread waits in the lines of all queues, in its turn in each. It takes one element; any other element reserved for it
 * goes to the next caller in that line.
 *
 * <p><b>Handlers.</b> The handler of the chosen queue runs on the calling thread, without any lock held. If it throws,
 * the caller gets the same exception; the element was taken.
 *
 * <p><b>Shutdown.</b> Queues that are shut down and empty are skipped. If all of them are, {@link #take()} throws and
 * {@link #poll()} returns null.
 *
 * <p><b>Capacity 0.</b> A thread that waits at several queues of capacity 0 is a receiver at each of them, so
 * <em>each</em> may let one put return. The thread takes one of these elements; the others stay in their queues for the
 * next receiver.
 *
 * <p>Instances are immutable, and may be used repeatedly and by several threads at once. Coroutines use {@code select}
 * with {@link AsyncQueue#getOnReceive()} instead.
 *
 * @param <R> the type of the handlers' results
 */
public final class QueueSelect<R> {
    private final List<Clause<?, R>> clauses;

    private QueueSelect(List<Clause<?, R>> clauses) {
        this.clauses = clauses;
    }

    /**
     * Returns a select that takes from the given queue.
     *
     * @param handler returns the result for an element of this queue; may not return null
     * @throws NullPointerException if an argument is null
     */
    public static <E, R> QueueSelect<R> first(JanusQueue<E> queue, Function<? super E, ? extends R> handler) {
        return new QueueSelect<R>(Collections.emptyList()).or(queue, handler);
    }

    /**
     * Returns a new select that also takes from the given queue, if the queues named before it are empty. This select
     * does not change.
     *
     * @param handler returns the result for an element of this queue; may not return null
     * @throws NullPointerException if an argument is null
     */
    public <E> QueueSelect<R> or(JanusQueue<E> queue, Function<? super E, ? extends R> handler) {
        List<Clause<?, R>> more = new ArrayList<>(clauses);
        more.add(new Clause<>(queue, handler));
        return new QueueSelect<>(more);
    }

    /**
     * Takes an element from one of the queues, waiting until one is available. If the thread is interrupted, no element
     * was taken.
     *
     * @return the result of that queue's handler
     * @throws NullPointerException if the handler returns null; the element was taken
     * @throws InterruptedException if interrupted before or while waiting; no element was taken
     * @throws QueueShutdownException if all queues are shut down and empty, with the cause of the first queue that has
     *     one
     * @throws IllegalStateException if the call would block a thread of a bound dispatcher and the
     *     {@link BlockingGuard} refuses it; no element was taken
     */
    public R take() throws InterruptedException {
        return requireNonNull(await(Parker.FOREVER)).handle();
    }

    /**
     * Takes an element from one of the queues if one is available. Never waits. Like {@link SyncQueue#poll()}, it
     * ignores a {@code select} that waits to send at capacity 0.
     *
     * @return the result of that queue's handler, or null if no element is available, whether or not the queues are
     *     shut down
     * @throws NullPointerException if the handler returns null; the element was taken
     */
    public @Nullable R poll() {
        Taken<?, R> taken = firstTaken(Clause::poll);
        return taken == null ? null : taken.handle();
    }

    /**
     * Takes an element from one of the queues, waiting up to the given time until one is available. Does not wait if
     * the time is zero or less. If the thread is interrupted, no element was taken. If all queues are shut down and
     * empty, returns null at once.
     *
     * @return the result of that queue's handler, or null if the time elapsed or all queues are shut down and empty; no
     *     element was then taken
     * @throws NullPointerException if the unit is null, or if the handler returns null; in the latter case the element
     *     was taken
     * @throws InterruptedException if interrupted before or while waiting; no element was taken
     * @throws IllegalStateException if the call would block a thread of a bound dispatcher and the
     *     {@link BlockingGuard} refuses it; no element was taken
     */
    public @Nullable R poll(long timeout, TimeUnit unit) throws InterruptedException {
        Taken<?, R> taken;
        try {
            taken = await(unit.toNanos(timeout));
        } catch (QueueShutdownException e) {
            return null;
        }
        return taken == null ? null : taken.handle();
    }

    private @Nullable Taken<?, R> firstTaken(Function<Clause<?, R>, @Nullable Taken<?, R>> attempt) {
        for (Clause<?, R> clause : clauses) {
            Taken<?, R> taken = attempt.apply(clause);
            if (taken != null) {
                return taken;
            }
        }
        return null;
    }

    private @Nullable Taken<?, R> await(long nanos) throws InterruptedException {
        SyncFace.throwIfInterrupted();
        if (nanos <= 0) {
            return firstTaken(Clause::poll);
        }
        Taken<?, R> taken = firstTaken(Clause::takeNow);
        if (taken != null) {
            return taken;
        }
        for (Clause<?, R> clause : clauses) {
            if (clause.queue.dispatcher.isCurrentThread()
                    && !clauses.stream().allMatch(each -> each.queue.isTerminated())) {
                clause.queue.dispatcher.refuseToBlock("a QueueSelect", "select { queue.onReceive { … } }");
            }
        }
        return awaitFirst(nanos);
    }

    /**
     * Waits in all lines at once. All waits wake the same {@link Parker}; after each wake-up, the thread tries those
     * that were woken.
     */
    private @Nullable Taken<?, R> awaitFirst(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        Parker parker = new Parker();
        List<Wait<?, R>> waits = new ArrayList<>();
        for (Clause<?, R> clause : clauses) {
            waits.add(new Wait<>(clause, parker));
        }
        try {
            Taken<?, R> taken = firstOf(waits);
            while (taken == null) {
                if (!parker.await(nanos == Parker.FOREVER ? nanos : deadline - System.nanoTime())) {
                    return null;
                }
                taken = firstOf(waits);
            }
            return taken;
        } finally {
            waits.forEach(Wait::leave); // passes on the grants of the other waits
        }
    }

    private static <R> @Nullable Taken<?, R> firstOf(List<Wait<?, R>> waits) {
        for (Wait<?, R> wait : waits) {
            Taken<?, R> taken = wait.tryOrWait();
            if (taken != null) {
                return taken;
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

    private static final class Clause<E, R> {
        final JanusQueue<E> queue;
        final Function<? super E, ? extends R> handler;

        Clause(JanusQueue<E> queue, Function<? super E, ? extends R> handler) {
            this.queue = requireNonNull(queue, "queue");
            this.handler = requireNonNull(handler, "handler");
        }

        @Nullable
        Taken<E, R> poll() {
            return taken(queue.buffer.poll());
        }

        @Nullable
        Taken<E, R> takeNow() {
            return taken(queue.buffer.takeNow());
        }

        @Nullable
        Taken<E, R> taken(@Nullable E element) {
            return element == null ? null : new Taken<>(element, handler);
        }
    }

    /**
     * An element that was taken, with the handler of its queue. The handler is called after the thread has left all
     * lines.
     */
    private static final class Taken<E, R> {
        private final E element;
        private final Function<? super E, ? extends R> handler;

        Taken(E element, Function<? super E, ? extends R> handler) {
            this.element = element;
            this.handler = handler;
        }

        R handle() {
            return requireNonNull(handler.apply(element), "the handler returned null");
        }
    }

    /**
     * The wait in the line of one queue. Like a coroutine it is granted an element rather than given one, because
     * another wait of the same select may have an element first. Its grant is then passed on.
     */
    private static final class Wait<E, R> extends Waiter<E> {
        private final Clause<E, R> clause;
        private final Parker parker;
        private boolean entered;

        /**
         * True if this wait was woken and has not tried since. A wait is granted under the lock, and woken after
         * unlock. Until it is woken it must not wait again, because it is still in the chain of waiters to wake.
         */
        private volatile boolean woken;

        @Nullable
        QueueShutdownException end;

        Wait(Clause<E, R> clause, Parker parker) {
            super(clause.queue.buffer.notEmpty, clause.queue.buffer::takeLocked);
            this.clause = clause;
            this.parker = parker;
        }

        @Nullable
        Taken<E, R> tryOrWait() {
            if (end != null) {
                return null;
            }
            try {
                E element = entered ? tryAgainIfWoken() : tryOrEnqueue();
                entered = true;
                return clause.taken(element);
            } catch (QueueShutdownException e) {
                end = e;
                return null;
            }
        }

        private @Nullable E tryAgainIfWoken() {
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
    }
}
