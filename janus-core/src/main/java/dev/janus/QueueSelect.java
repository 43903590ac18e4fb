package dev.janus;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Takes one element from the first of several queues that has one, for threads.
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
 * <p>If several queues have an element, the one that was named first is chosen. Otherwise the thread waits in the lines
 * of all of them, in each behind those that came before and ahead of those that come later. It takes one element; any
 * other element reserved for it goes to the next in line. The element's handler runs on the calling thread, without any
 * lock. If it throws, the caller gets that exception, and has taken the element.
 *
 * <p><b>At capacity 0.</b> While it waits at several queues of capacity 0, it is a receiver at each of them, so one put
 * of <em>each</em> may return. It takes one element; the others stay in their queues, for the next receiver.
 *
 * <p>A queue that is shut down and empty is skipped; if all are, there is nothing to wait for. Coroutines use the
 * {@code select} of kotlinx.coroutines with {@link AsyncQueue#getOnReceive()} instead.
 *
 * <p>Immutable: one instance can be used repeatedly, and by several threads at once.
 *
 * @param <R> the type of what the handlers return
 */
public final class QueueSelect<R> {
    private final List<Clause<?, R>> clauses;

    private QueueSelect(List<Clause<?, R>> clauses) {
        this.clauses = clauses;
    }

    /**
     * Returns a select that takes from this queue first.
     *
     * @param handler makes the result of an element of this queue; may not return null
     * @throws NullPointerException if an argument is null
     */
    public static <E, R> QueueSelect<R> first(JanusQueue<E> queue, Function<? super E, ? extends R> handler) {
        return new QueueSelect<R>(Collections.emptyList()).or(queue, handler);
    }

    /**
     * Returns a select that also takes from this queue, if those named before have nothing.
     *
     * @param handler makes the result of an element of this queue; may not return null
     * @return a new instance; this one does not change
     * @throws NullPointerException if an argument is null
     */
    public <E> QueueSelect<R> or(JanusQueue<E> queue, Function<? super E, ? extends R> handler) {
        List<Clause<?, R>> more = new ArrayList<>(clauses);
        more.add(new Clause<>(queue, handler));
        return new QueueSelect<>(more);
    }

    /**
     * Takes an element from one of the queues, waiting for one as long as it takes.
     *
     * @return the result of that queue's handler
     * @throws InterruptedException if interrupted before or while waiting; no element was taken
     * @throws QueueShutdownException if all queues are shut down and nothing is left in them; its cause is that of the
     *     first queue that has one
     * @throws IllegalStateException if it would have to wait on a thread of a bound loop and the {@link BlockingGuard}
     *     refuses; no element was taken
     */
    public R take() throws InterruptedException {
        return requireNonNull(await(Parker.FOREVER)).handle();
    }

    /**
     * Takes an element from one of the queues if one is available. Never waits. As {@link SyncQueue#poll()}, it does
     * not see a {@code select} that waits to send at capacity 0.
     *
     * @return the result of that queue's handler, or null if no element is available, shut down or not
     */
    public @Nullable R poll() {
        Taken<?, R> taken = firstTaken(Clause::poll);
        return taken == null ? null : taken.handle();
    }

    /**
     * Takes an element from one of the queues, waiting for one for at most the given time. A time of zero or less does
     * not wait.
     *
     * @return the result of that queue's handler, or null if the time passed without an element, and at once if all
     *     queues are shut down and nothing is left in them
     * @throws InterruptedException if interrupted before or while waiting; no element was taken
     * @throws IllegalStateException if it would have to wait on a thread of a bound loop and the {@link BlockingGuard}
     *     refuses; no element was taken
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

    /** Waits in all lines at once, at one parker, until one of the waits has brought an element. */
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
            waits.forEach(Wait::leave); // what the others were granted goes to the next in their lines
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

    /** An element that was taken, and its handler. */
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

    /** The wait in the line of one of the queues. It is granted an element, and takes it if no other wait was first. */
    private static final class Wait<E, R> extends Waiter<E> {
        private final Clause<E, R> clause;
        private final Parker parker;
        private boolean entered;

        /** Whether it was woken and has not tried since. Before it is woken it may be granted, but not wait again. */
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
