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
     * @param blockArgument computes the argument of the clause's block; gets a supplier that takes the element
     */
    <Q> SelectClause1<Q> onReceive(Function<Supplier<E>, Q> blockArgument) {
        return new Clause<@Nullable Void, E, Q>(dispatcher, (select, none) -> take(select), blockArgument);
    }

    /**
     * Returns the clause that adds an element.
     *
     * @param blockArgument computes the argument of the clause's block; gets a supplier that adds the element
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
                        !buffer.shutdown.hasBegunLocked() && buffer.hasSlotForLocked(select),
                        buffer.shutdown.hasBegunLocked());
            }
        };
    }

    /** Creates the waiter of a clause for one select. */
    private interface WaiterFactory<P, T> {
        ClauseWaiter<T> create(SelectInstance<?> select, P parameter);
    }

    /**
     * A clause. Kotlin declares its interfaces as sealed, so only Java can implement them.
     *
     * @param <P> the type of the clause's parameter, if it has one
     * @param <T> the type of the operation's result
     * @param <Q> the type of the block's argument
     */
    private static final class Clause<P, T, Q> implements SelectClause1<Q>, SelectClause2<P, Q> {
        /*
         * A select calls:
         *
         *   register         while its builder runs; again if the clause became ready before the builder had finished
         *   result           when the clause was chosen and the coroutine runs: nothing can stop the clause's block now
         *   Cancellation     when the clause was chosen, but the coroutine was cancelled before it ran
         *
         * The waiter is what kotlinx calls the internal result of the select. The clause object is the clause itself,
         * so one select may have several clauses of the same queue.
         */
        private final BoundDispatcher dispatcher;
        private final WaiterFactory<P, T> waiters;
        private final Function<Supplier<T>, Q> result;

        /**
         * Creates a clause.
         *
         * @param result computes the block's argument; gets a supplier that uses the grant
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

        /** The type that this function must return changed in coroutines 1.9. {@link Cancellation} is of both types. */
        @Override
        public Function3<SelectInstance<?>, @Nullable Object, @Nullable Object, Function1<Throwable, Unit>>
                getOnCancellationConstructor() {
            return (select, parameter, waiter) -> new Cancellation((ClauseWaiter<?>) waiter);
        }
    }

    /**
     * Called if the coroutine was cancelled after the clause was chosen; with one argument before coroutines 1.9, and
     * with three since then.
     */
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
     * The waiter of a clause in one select. A select chooses among its clauses without the queue's lock. So the waiter
     * is first granted an element or a slot, and then offers itself to the select; what was granted stays reserved
     * until the select runs.
     *
     * @param <T> the type of the operation's result
     */
    private abstract static class ClauseWaiter<T> extends Waiter<T> {
        /*
         * Every path uses or passes on the grant exactly once:
         *
         *   granted, and the select accepts the offer       the select runs: useGrant
         *                                                   the select is cancelled before it runs: leave
         *   granted, but the select has already chosen,
         *   was cancelled, or is still being built          leave; a select being built registers the clause again
         *   not granted when another clause is chosen       leave
         */
        private final SelectInstance<?> select;
        private @Nullable Object clause;

        ClauseWaiter(WaitQueue queue, Operation<T> operation, SelectInstance<?> select) {
            super(queue, operation);
            this.select = select;
        }

        /**
         * Grants this waiter an element or a slot if one is available, or else enqueues it. Returns false if it waits.
         */
        abstract boolean grantOrEnqueueLocked();

        /** Makes the select choose this clause if it is ready, or waits until it is. */
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
