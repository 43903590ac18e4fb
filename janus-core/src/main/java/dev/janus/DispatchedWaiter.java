package dev.janus;

import kotlinx.coroutines.CompletableJob;
import kotlinx.coroutines.JobKt;
import org.jspecify.annotations.Nullable;

/**
 * A waiter without a thread or coroutine of its own: when it is woken, it goes on in a task on the queue's dispatcher.
 *
 * @param <T> the type of the operation's result
 */
abstract class DispatchedWaiter<T> extends Waiter<T> {
    private final BoundDispatcher dispatcher;

    /** Cancelled by a dispatcher that was closed, which then runs the task somewhere else. */
    private final CompletableJob task = JobKt.Job(null);

    /** The run that began last. A thread only looks for its own run here, so a race of two runs does no harm. */
    private volatile @Nullable Run current;

    DispatchedWaiter(WaitQueue queue, Operation<T> operation, BoundDispatcher dispatcher) {
        super(queue, operation);
        this.dispatcher = dispatcher;
    }

    /** Goes on after it was woken. Called on the dispatcher. It throws nothing, and neither does {@link #onRejected}. */
    abstract void afterWake();

    @Override
    abstract void onRejected(Throwable failure);

    /** Waits for its turn, which comes on the dispatcher even if there is nothing to wait for. */
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

    /** Goes on; if it is woken meanwhile and run right there, by a dispatcher that does so, it goes on after that. */
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

        /** Only read and written by the thread. */
        boolean again;
    }
}
