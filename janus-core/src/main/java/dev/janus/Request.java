package dev.janus;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An element with a reply: a question for the worker that takes it from the queue. The asker waits for the reply in a
 * thread or a coroutine, or gets a future.
 *
 * <pre>{@code
 * int rows = new Request<String, Integer>("delete from orders").ask(statements); // waits for the reply
 * }</pre>
 *
 * <pre>{@code
 * for (Request<String, Integer> request : statements.sync().untilShutdown()) {
 *     request.handle(statement::executeUpdate); // replies, or fails the request with what this throws
 * }
 * }</pre>
 *
 * <pre>{@code
 * Request<String, Integer> request = statements.sync().take();
 * if (request.begin()) {
 *     int rows = statement.executeUpdate(request.question());
 *     if (!request.reply(rows)) {
 *         connection.rollback(); // the asker has given up
 *     }
 * }
 * }</pre>
 *
 * <p><b>Giving up.</b> An asker that is interrupted or cancelled, or whose time has elapsed, gives the request up. If no
 * worker has begun it, it is <em>withdrawn</em>: it leaves the queue, and if a worker has just taken it, {@link #begin()}
 * returns false. If a worker has begun, its reply is refused: {@link #reply} returns false, so that it can undo its work.
 * If {@code reply} returns true, the asker gets the reply, even if it was cancelled at the same time.
 *
 * <p><b>Shutdown.</b> After {@link JanusQueue#shutdown()}, workers still get the requests in the queue.
 * {@link JanusQueue#shutdownNow()} fails the requests that it hands back, with {@link QueueShutdownException}; so does a
 * queue that {@linkplain JanusQueue.Builder#overflow drops} requests, with {@link RejectedExecutionException}. A request
 * that leaves the queue in another way must be answered or failed: until then, its asker waits.
 *
 * <p>A request is asked once. All methods may be called from any thread.
 *
 * @param <Q> the type of the question
 * @param <A> the type of the reply
 */
public final class Request<Q, A> {
    /*
     * Two races are decided here, each by one atomic step:
     *
     *   whether the work begins    the state, which is OPEN until a worker begins or the asker withdraws
     *   whether the asker gets     the future, which is completed by the reply or by the asker that gives up
     *   the reply
     *
     * Whatever completes the future first withdraws the request if it is still OPEN, so functions that depend on the
     * future see how the first race has ended. No message names the question, as its toString might throw.
     */
    private enum State {
        NEW,
        OPEN,
        BEGUN,
        WITHDRAWN
    }

    private final Q question;
    private final CompletableFuture<A> reply = new Reply();
    private final AtomicReference<State> state = new AtomicReference<>(State.NEW);

    /** Set before the request is OPEN. */
    private volatile @Nullable JanusQueue<Request<Q, A>> queue;

    /**
     * Makes a request, which can be asked.
     *
     * @throws NullPointerException if the question is null
     */
    public Request(Q question) {
        this.question = requireNonNull(question, "question");
    }

    /** Returns the question. */
    public Q question() {
        return question;
    }

    // Called by the asker

    /**
     * Puts the request into the queue, and waits for the reply. For threads; Kotlin's coroutines call {@code queue.ask}.
     *
     * <p>Waits without a time limit, first for room and then for the reply. If the thread is interrupted, gives the
     * request up.
     *
     * @return the reply
     * @throws ExecutionException if the request {@linkplain #fail failed}, with that failure as its cause
     * @throws InterruptedException if interrupted before or while waiting; {@link #isWithdrawn()} says whether a worker
     *     has begun the request
     * @throws QueueShutdownException if the queue is shut down before there is room; the request was not added
     * @throws IllegalStateException if the request was asked before, or if the call would block a thread of the bound
     *     dispatcher and the {@link BlockingGuard} refuses it; the request was not added
     */
    public A ask(JanusQueue<Request<Q, A>> queue) throws InterruptedException, ExecutionException {
        refuseToBlock(queue);
        open(queue);
        try {
            queue.sync().put(this);
            return reply.get();
        } catch (Throwable e) { // also an Error of an agent that forbids blocking
            if (reply.cancel(false)) {
                throw e;
            }
            return givenReply(e instanceof InterruptedException);
        }
    }

    /**
     * Like {@link #ask(JanusQueue)}, but waits only up to the given time, for room and for the reply together. Then gives
     * the request up. If the time is zero or less, it needs room and a reply at once.
     *
     * <pre>{@code
     * Request<String, Integer> request = new Request<>("delete from orders");
     * try {
     *     log(request.ask(statements, 10, SECONDS) + " rows");
     * } catch (TimeoutException e) {
     *     log(request.isWithdrawn() ? "nothing was deleted" : "the reply comes too late");
     * }
     * }</pre>
     *
     * @return the reply
     * @throws TimeoutException if the time elapsed; {@link #isWithdrawn()} says whether a worker has begun the request
     * @throws ExecutionException if the request {@linkplain #fail failed}, with that failure as its cause
     * @throws InterruptedException if interrupted before or while waiting; {@link #isWithdrawn()} says whether a worker
     *     has begun the request
     * @throws QueueShutdownException if the queue is shut down before there is room; the request was not added
     * @throws IllegalStateException if the request was asked before, or if the call would block a thread of the bound
     *     dispatcher and the {@link BlockingGuard} refuses it; the request was not added
     */
    public A ask(JanusQueue<Request<Q, A>> queue, long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        long nanos = unit.toNanos(timeout);
        refuseToBlock(queue);
        open(queue);
        long deadline = System.nanoTime() + nanos;
        try {
            if (!queue.sync().offer(this, nanos, TimeUnit.NANOSECONDS)) {
                if (queue.isShutdown()) {
                    throw queue.buffer.shutdown.exception("the queue is shut down and accepts no more requests");
                }
                throw new TimeoutException("no room for the request within " + timeout + " " + unit);
            }
            return reply.get(nanos <= 0 ? 0 : deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (Throwable e) {
            if (reply.cancel(false)) {
                throw e;
            }
            return givenReply(e instanceof InterruptedException);
        }
    }

    /** Returns the reply, which came before the asker could give up. */
    private A givenReply(boolean interrupted) throws InterruptedException, ExecutionException {
        try {
            return reply.get();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Puts the request into the queue as soon as there is room. Never waits itself. Cancelling the future, or completing
     * it from outside, gives the request up.
     *
     * <pre>{@code
     * CompletableFuture<Integer> rows = new Request<String, Integer>("delete from orders").askAsync(statements);
     * rows.thenAccept(Shop::log);
     * }</pre>
     *
     * @return a future of the reply. Functions chained to it run on the thread that replies. It fails with the failure of
     *     the request, or with {@link QueueShutdownException} if the queue is shut down before there is room
     * @throws IllegalStateException if the request was asked before
     */
    public CompletableFuture<A> askAsync(JanusQueue<Request<Q, A>> queue) {
        open(queue);
        CompletableFuture<?> sent = queue.async().sendAsync(this);
        CompletableFuture<?> unused = sent.whenComplete((added, failure) -> {
            if (failure != null) {
                reply.completeExceptionally(forAsker(failure));
            }
        });
        CompletableFuture<?> unusedToo = reply.whenComplete((answer, failure) -> sent.cancel(false));
        return reply;
    }

    private void refuseToBlock(JanusQueue<?> queue) {
        if (queue.dispatcher.isCurrentThread()) {
            queue.dispatcher.refuseToBlock("ask()", "askAsync(), or ask() of janus-kotlin-ext,");
        }
    }

    private void open(JanusQueue<Request<Q, A>> queue) {
        requireNonNull(queue, "queue");
        synchronized (state) {
            if (state.get() != State.NEW) {
                throw new IllegalStateException("the request was asked before: make a new one each time");
            }
            this.queue = queue;
            state.set(State.OPEN);
        }
        // for the ways to complete a future that Reply does not override
        CompletableFuture<?> unused = reply.whenComplete((answer, failure) -> withdraw());
    }

    private void withdraw() {
        JanusQueue<Request<Q, A>> asked = queue;
        if (state.compareAndSet(State.OPEN, State.WITHDRAWN) && asked != null) {
            boolean unused = asked.sync().remove(this);
        }
    }

    /** The asker would take a cancellation for its own. */
    private static Throwable forAsker(Throwable failure) {
        return failure instanceof CancellationException
                ? new IllegalStateException("the work on the request was cancelled", failure)
                : failure;
    }

    private final class Reply extends CompletableFuture<A> {
        @Override
        public boolean complete(A answer) {
            withdraw();
            return super.complete(answer);
        }

        @Override
        public boolean completeExceptionally(Throwable failure) {
            withdraw();
            return super.completeExceptionally(failure);
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            withdraw();
            return super.cancel(mayInterruptIfRunning);
        }
    }

    /**
     * Returns true if the asker gave the request up, or the queue refused it or handed it back, before a worker had begun
     * it.
     *
     * <pre>{@code
     * Request<String, Integer> request = new Request<>("delete from orders");
     * try {
     *     log(request.ask(statements, 10, SECONDS) + " rows");
     * } catch (TimeoutException e) {
     *     log(request.isWithdrawn() ? "nothing was deleted" : "the reply comes too late");
     * }
     * }</pre>
     */
    public boolean isWithdrawn() {
        return state.get() == State.WITHDRAWN;
    }

    // Called by the worker

    /**
     * Begins the work on this request. From now on it cannot be withdrawn. Never waits.
     *
     * @return false if there is nothing to do: the request was withdrawn, or another worker has begun it
     * @throws IllegalStateException if the request was not asked
     */
    public boolean begin() {
        if (state.get() == State.NEW) {
            throw new IllegalStateException(
                    "the request was not asked, but added by another call: nothing waits for it");
        }
        return state.compareAndSet(State.OPEN, State.BEGUN);
    }

    /**
     * Replies to the asker. Begins the request, unless that was done before. Never waits.
     *
     * @return true if the asker gets the reply; false if it has given up, or the request was already answered
     * @throws NullPointerException if the reply is null
     * @throws IllegalStateException if the request was not asked
     */
    public boolean reply(A answer) {
        requireNonNull(answer, "answer");
        return hasBegun() && reply.complete(answer);
    }

    /**
     * Fails the request: the asker gets the failure. Begins the request, unless that was done before. Never waits.
     *
     * <pre>{@code
     * try {
     *     request.reply(statement.executeUpdate(request.question()));
     * } catch (SQLException e) {
     *     request.fail(e);
     * }
     * }</pre>
     *
     * @param failure what the asker gets. A {@link CancellationException}, which the asker would take for its own, is
     *     wrapped in an {@link IllegalStateException}
     * @return true if the asker gets the failure; false if it has given up, or the request was already answered
     * @throws NullPointerException if the failure is null
     * @throws IllegalStateException if the request was not asked
     */
    public boolean fail(Throwable failure) {
        requireNonNull(failure, "failure");
        return hasBegun() && reply.completeExceptionally(forAsker(failure));
    }

    private boolean hasBegun() {
        return begin() || state.get() == State.BEGUN;
    }

    /**
     * Begins the request, calls the handler, and replies with its result. If the handler throws, the request fails with
     * that exception; if the asker has given up meanwhile, the exception is ignored. Does nothing if the request was
     * withdrawn. Runs the handler on this thread.
     *
     * <pre>{@code
     * for (Request<String, Integer> request : statements.sync().untilShutdown()) {
     *     request.handle(statement::executeUpdate); // replies, or fails the request with what this throws
     * }
     * }</pre>
     *
     * <p>If the thread is interrupted, and the handler throws {@link InterruptedException}, the request fails with it, and
     * the thread's interrupt status is set.
     *
     * @return true if the asker gets the reply or the failure
     * @throws NullPointerException if the handler is null
     * @throws IllegalStateException if the request was not asked
     */
    public boolean handle(Handler<? super Q, ? extends A> handler) {
        requireNonNull(handler, "handler");
        if (!begin()) {
            return false;
        }
        try {
            return reply(handler.handle(question));
        } catch (Throwable e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            return fail(e);
        }
    }

    /**
     * Computes the reply to a question.
     *
     * <pre>{@code
     * Request.Handler<String, Integer> update = statement::executeUpdate;
     * int rows = update.handle("delete from orders");
     * }</pre>
     *
     * @param <Q> the type of the question
     * @param <A> the type of the reply
     */
    public interface Handler<Q, A> {
        /**
         * Returns the reply, which may not be null.
         *
         * @throws Exception fails the request
         */
        A handle(Q question) throws Exception;
    }

    // Called by the queue

    /** Fails this request, which {@code shutdownNow} hands back. */
    void handedBack(Shutdown shutdown) {
        failGone(() -> shutdown.exception("shutdownNow() has handed back the request"));
    }

    /** Fails this request, which was dropped for lack of room. */
    void dropped() {
        failGone(() -> new RejectedExecutionException("the queue was full, and has dropped the request"));
    }

    /** Fails this request, which is no longer in the queue. Throws nothing, as others must be failed too. */
    private void failGone(Supplier<Throwable> failure) {
        state.compareAndSet(State.OPEN, State.WITHDRAWN);
        if (state.get() != State.NEW) {
            try {
                reply.completeExceptionally(failure.get());
            } catch (Throwable e) {
                Monitor.report(e);
            }
        }
    }

    /** Describes the request for logging, by its question. */
    @Override
    public String toString() {
        return "Request[" + question + (isWithdrawn() ? ", withdrawn]" : "]");
    }
}
