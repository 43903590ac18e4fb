package dev.janus;

import kotlin.coroutines.CoroutineContext;
import kotlinx.coroutines.selects.SelectInstance;

/**
 * A clause of a {@code select} that waits. The select chooses between its clauses by a race of its own, so a grant is
 * first claimed for it, and only then offered; when the select runs at last, what was claimed is sure to be there.
 *
 * @param <T> the type of the operation's result
 */
final class SelectWaiter<T> extends Waiter<T> {
    /*
     * The ways through it, each of which ends the claim exactly once:
     *
     *   claimed, and the select takes the offer       the select runs: useClaim
     *                                                 the select is cancelled before it runs: leave
     *   claimed, and the select had chosen already,
     *   was cancelled, or is not complete yet         leave; an incomplete select registers the clause anew
     *   not claimed when another clause is chosen     leave
     */
    private final SelectInstance<?> select;
    private final Object clause;

    SelectWaiter(Monitor monitor, WaitQueue line, Operation<T> operation, SelectInstance<?> select, Object clause) {
        super(monitor, line, operation);
        this.select = select;
        this.clause = clause;
    }

    /** Has this clause chosen at once if it can be, or waits until it can. */
    void register() {
        if (claimOrEnter()) {
            select.selectInRegistrationPhase(this);
        } else {
            select.disposeOnCompletion(this::leave);
        }
    }

    @Override
    void wake() {
        if (claimAgain() && !select.trySelect(clause, this)) {
            leave();
        }
    }

    @Override
    boolean isThread() {
        return false;
    }

    @Override
    public CoroutineContext getContext() {
        return job;
    }
}
