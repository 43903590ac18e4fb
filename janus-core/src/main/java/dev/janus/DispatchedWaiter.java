package dev.janus;

import kotlinx.coroutines.CompletableJob;
import kotlinx.coroutines.JobKt;
import org.jspecify.annotations.Nullable;

/**
 * A waiter without a thread or coroutine of its own. When it is woken, it continues in a task on the queue's
 * dispatcher.
 *
 * @param <T> the type of the operation's result
 */
abstract class DispatchedWaiter<T> extends Waiter<T> {
    private final BoundDispatcher dispatcher;

    /** The job of all tasks. A dispatcher that was closed cancels it, and runs the task elsewhere. */
    private final CompletableJob task = JobKt.Job(null);

    /** The run that began last. A thread looks only for its own run here, so a race between two runs is harmless. */
    private volatile @Nullable Run current;

    DispatchedWaiter(WaitQueue queue, Operation<T> operation, BoundDispatcher dispatcher) {
        super(queue, operation);
        this.dispatcher = dispatcher;
    }

    /** Continues after a wake-up. Called on the dispatcher. Must not throw, and neither must {@link #onRejected}. */
    abstract void afterWake();

    @Override
    abstract void onRejected(Throwable failure);

    /** Starts to wait. Continues on the dispatcher in any case, even if there is nothing to wait for. */
    final void startOrReject() {
        try {
            start();
        } catch (Throwable e) {
            onRejected(e);
        }
    }

    @Override
    final void wake() {
        dispatcher.run(task, this::run);
    }

    /**
     * Continues after a wake-up. A dispatcher may run tasks at once on the thread that wakes. If that happens inside of
     * {@link #afterWake}, the outer run continues once more afterwards, so that runs do not nest.
     */
    private void run() {
        Run running = current;
        if (running != null && running.thread == Thread.currentThread()) {
            running.again = true;
            return;
        }
        Run run = new Run();
        current = run;
        do {
            run.again = false;
            if (task.isCancelled()) {
                onRejected(task.getCancellationException());
            } else {
                afterWake();
            }
        } while (run.again);
        if (current == run) {
            current = null;
        }
    }

    private static final class Run {
        final Thread thread = Thread.currentThread();

        /** Accessed only by {@link #thread}. */
        boolean again;
    }
}
