package dev.janus;

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
 * A clause for kotlinx's {@code select}. To Kotlin sources its interfaces are sealed, to Java they are not.
 *
 * @param <P> the type of the clause's parameter, if it has one
 * @param <T> the type of the operation's result
 * @param <Q> the type of what the clause's block gets
 */
final class QueueClause<P, T, Q> implements SelectClause1<Q>, SelectClause2<P, Q> {
    /*
     * What a select does with a clause:
     *
     *   register         while its builder runs; once more, if the clause became ready before the builder was through
     *   result           the clause was chosen, and the coroutine runs and is sure to go on with the clause's block
     *   Cancellation     the clause was chosen, and the coroutine was cancelled before it ran
     *
     * The select keeps the waiter as its internal result. The clause stands for itself as the object that tells clauses
     * apart, so one select may have several of the same queue.
     */
    private final BoundDispatcher loop;
    private final Monitor monitor;
    private final WaitQueue line;
    private final Function<P, Operation<T>> operation;
    private final Function<Supplier<T>, Q> result;

    /**
     * @param operation makes the operation, of the clause's parameter
     * @param result makes what the block gets, of what does the operation
     */
    QueueClause(
            BoundDispatcher loop,
            Monitor monitor,
            WaitQueue line,
            Function<P, Operation<T>> operation,
            Function<Supplier<T>, Q> result) {
        this.loop = loop;
        this.monitor = monitor;
        this.line = line;
        this.operation = operation;
        this.result = result;
    }

    private void register(SelectInstance<?> select, P parameter) {
        loop.checkCaller(select.getContext());
        new SelectWaiter<>(monitor, line, operation.apply(parameter), select, this).register();
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
        return (clause, parameter, waiter) -> result.apply(((SelectWaiter<T>) waiter)::useClaim);
    }

    /** To coroutines 1.9 and newer, what this function returns is of another type: the object is of both. */
    @Override
    public Function3<SelectInstance<?>, @Nullable Object, @Nullable Object, Function1<Throwable, Unit>>
            getOnCancellationConstructor() {
        return (select, parameter, waiter) -> new Cancellation((SelectWaiter<?>) waiter);
    }

    /** Called if the coroutine was cancelled after the choice: with one argument before coroutines 1.9, then with three. */
    private static final class Cancellation
            implements Function1<Throwable, Unit>, Function3<Throwable, @Nullable Object, CoroutineContext, Unit> {
        private final SelectWaiter<?> waiter;

        Cancellation(SelectWaiter<?> waiter) {
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
}
