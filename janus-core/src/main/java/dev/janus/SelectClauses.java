package dev.janus;

import static java.util.Objects.requireNonNull;

import java.util.function.Function;
import java.util.function.Supplier;
import kotlin.Unit;
import kotlin.coroutines.CoroutineContext;
import kotlin.jvm.functions.Function1;
import kotlin.jvm.functions.Function3;
import kotlinx.coroutines.selects.SelectClause1;
import kotlinx.coroutines.selects.SelectClause2;
import kotlinx.coroutines.selects.SelectInstance;
import org.jspecify.annotations.Nullable;

/**
 * The clauses of a queue for kotlinx's {@code select}.
 *
 * @param <E> the type of the elements
 */
final class SelectClauses<E> {
    private final Buffer<E> buffer;
    private final BoundDispatcher dispatcher;

    SelectClauses(Buffer<E> buffer, BoundDispatcher dispatcher) {
        this.buffer = buffer;
        this.dispatcher = dispatcher;
    }

    /**
     * Returns the clause that takes an element.
     *
     * @param blockArgument makes what the clause's block gets, from what takes the element
     */
    <Q> SelectClause1<Q> onReceive(Function<Supplier<E>, Q> blockArgument) {
        return new Clause<@Nullable Void, E, Q>(dispatcher, (select, none) -> take(select), blockArgument);
    }

    /**
     * Returns the clause that puts an element in.
     *
     * @param blockArgument makes what the clause's block gets, from what puts the element in
     */
    <Q> SelectClause2<E, Q> onSend(Function<Supplier<Unit>, Q> blockArgument) {
        return new Clause<E, Unit, Q>(dispatcher, this::put, blockArgument);
    }

    private ClauseWaiter<E> take(SelectInstance<?> select) {
        return new ClauseWaiter<E>(buffer.notEmpty, buffer::takeLocked, select) {
            @Override
            boolean grantOrEnqueueLocked() {
                return grantOrEnqueueLocked(buffer.canTakeInTurnLocked(), buffer.isTerminatedLocked());
            }
        };
    }

    private ClauseWaiter<Unit> put(SelectInstance<?> select, E element) {
        Put<E> put = new Put<>(buffer, requireNonNull(element, "element"));
        return new ClauseWaiter<Unit>(buffer.notFull, put, select) {
            @Override
            boolean grantOrEnqueueLocked() {
                return grantOrEnqueueLocked(
                        !buffer.shutdown.hasBegunLocked() && buffer.hasSlotForLocked(this),
                        buffer.shutdown.hasBegunLocked());
            }
        };
    }

    /** Makes the waiter of a clause, for one select. */
    private interface WaiterFactory<P, T> {
        ClauseWaiter<T> create(SelectInstance<?> select, P parameter);
    }

    /**
     * A clause. To Kotlin sources its interfaces are sealed, to Java they are not.
     *
     * @param <P> the type of the clause's parameter, if it has one
     * @param <T> the type of the operation's result
     * @param <Q> the type of the block's argument
     */
    private static final class Clause<P, T, Q> implements SelectClause1<Q>, SelectClause2<P, Q> {
        /*
         * What a select does with a clause:
         *
         *   register         while its builder runs; again, if the clause became ready before the builder was through
         *   result           the clause was chosen, and the coroutine runs and is sure to go on with the clause's block
         *   Cancellation     the clause was chosen, and the coroutine was cancelled before it ran
         *
         * The select keeps the waiter as its internal result. The clause stands for itself as the object that tells
         * clauses apart, so one select may have several of the same queue.
         */
        private final BoundDispatcher dispatcher;
        private final WaiterFactory<P, T> waiters;
        private final Function<Supplier<T>, Q> result;

        /**
         * Makes a clause.
         *
         * @param result makes the block's argument, from what uses the grant
         */
        Clause(BoundDispatcher dispatcher, WaiterFactory<P, T> waiters, Function<Supplier<T>, Q> result) {
            this.dispatcher = dispatcher;
            this.waiters = waiters;
            this.result = result;
        }

        private void register(SelectInstance<?> select, P parameter) {
            dispatcher.checkCaller(select.getContext());
            waiters.create(select, parameter).register(this);
        }

        @Override
        public Object getClauseObject() {
            return this;
        }

        @Override
        @SuppressWarnings("unchecked") // the parameter is the one that was given with this clause
        public Function3<Object, SelectInstance<?>, @Nullable Object, Unit> getRegFunc() {
            return (clause, select, parameter) -> {
                register(select, (P) parameter);
                return Unit.INSTANCE;
            };
        }

        @Override
        @SuppressWarnings("unchecked") // the select hands back the waiter that it was given
        public Function3<Object, @Nullable Object, @Nullable Object, @Nullable Object> getProcessResFunc() {
            return (clause, parameter, waiter) -> result.apply(((ClauseWaiter<T>) waiter)::useGrant);
        }

        /** To coroutines 1.9 and newer, what this function returns is of another type: the object is of both. */
        @Override
        public Function3<SelectInstance<?>, @Nullable Object, @Nullable Object, Function1<Throwable, Unit>>
                getOnCancellationConstructor() {
            return (select, parameter, waiter) -> new Cancellation((ClauseWaiter<?>) waiter);
        }
    }

    /** Called if the coroutine was cancelled after the choice: with one argument before coroutines 1.9, then with three. */
    private static final class Cancellation
            implements Function1<Throwable, Unit>, Function3<Throwable, @Nullable Object, CoroutineContext, Unit> {
        private final ClauseWaiter<?> waiter;

        Cancellation(ClauseWaiter<?> waiter) {
            this.waiter = waiter;
        }

        @Override
        public Unit invoke(Throwable cause) {
            waiter.leave();
            return Unit.INSTANCE;
        }

        @Override
        public Unit invoke(Throwable cause, @Nullable Object result, CoroutineContext context) {
            return invoke(cause);
        }
    }

    /**
     * A clause of one select that waits. The select chooses between its clauses by a race of its own, so the clause is
     * granted what it waits for first, and only then offered to the select; when the select runs at last, what was
     * granted is still there.
     *
     * @param <T> the type of the operation's result
     */
    private abstract static class ClauseWaiter<T> extends Waiter<T> {
        /*
         * The ways through it, each of which ends the grant exactly once:
         *
         *   granted, and the select takes the offer       the select runs: useGrant
         *                                                 the select is cancelled before it runs: leave
         *   granted, and the select had chosen already,
         *   was cancelled, or is not complete yet         leave; an incomplete select registers the clause again
         *   not granted when another clause is chosen     leave
         */
        private final SelectInstance<?> select;
        private @Nullable Object clause;

        ClauseWaiter(WaitQueue queue, Operation<T> operation, SelectInstance<?> select) {
            super(queue, operation);
            this.select = select;
        }

        /** Grants this waiter what it waits for if that is available, or enqueues it; false if it waits. */
        abstract boolean grantOrEnqueueLocked();

        /** Has this clause chosen at once if it can be, or waits until it can. */
        final void register(Object clause) {
            this.clause = clause;
            try {
                if (grantOrEnqueue()) {
                    select.selectInRegistrationPhase(this);
                } else {
                    select.disposeOnCompletion(this::leave);
                }
            } catch (Throwable e) {
                leave();
                throw e;
            }
        }

        private boolean grantOrEnqueue() {
            monitor.lock();
            try {
                return grantOrEnqueueLocked();
            } finally {
                monitor.settleAndUnlock();
            }
        }

        @Override
        void wake() {
            if (!select.trySelect(requireNonNull(clause), this)) {
                leave();
            }
        }

        @Override
        Object select() {
            return select;
        }

        @Override
        boolean isCompletedInPlace() {
            return false;
        }
    }
}
