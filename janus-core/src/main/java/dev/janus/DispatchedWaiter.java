package dev.janus;

import kotlin.coroutines.CoroutineContext;
import kotlinx.coroutines.CompletableJob;
import kotlinx.coroutines.JobKt;
import org.jspecify.annotations.Nullable;

/**
 * Who waits without a thread or coroutine of its own: when it is woken, it goes on in a task on the queue's loop.
 *
 * @param <T> the type of the operation's result
 */
abstract class DispatchedWaiter<T> extends Waiter<T> {
    private final BoundDispatcher loop;

    /** Cancelled by a dispatcher that was closed, which then runs the task somewhere else. */
    private final CompletableJob task = JobKt.Job(null);

    /** The run that began last. A thread only looks for its own run here, so a race of two runs does no harm. */
    private volatile @Nullable Run current;

    DispatchedWaiter(Monitor monitor, WaitQueue line, Operation<T> operation, BoundDispatcher loop) {
        super(monitor, line, operation);
        this.loop = loop;
    }

    /** Goes on after it was woken. Called on the loop. It throws nothing, and neither does {@link #refused}. */
    abstract void goOn();

    @Override
    abstract void refused(Throwable failure);

    /** Waits for its turn, which comes on the loop even if there is nothing to wait for. */
    final void begin() {
        try {
            if (!enter()) {
                wake();
            }
        } catch (Throwable e) {
            refused(e);
        }
    }

    @Override
    final void wake() {
        loop.run(task, this::run);
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
                refused(task.getCancellationException());
            } else {
                goOn();
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

    @Override
    final boolean isThread() {
        return false;
    }

    @Override
    public final CoroutineContext getContext() {
        return job;
    }
}
