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
abstract class LoopWaiter<T> extends Waiter<T> {
    private final Loop loop;

    /** Cancelled by a dispatcher that was closed, which then runs the task somewhere else. */
    final CompletableJob task = JobKt.Job(null);

    /** The run that began last. A thread only looks for its own run here, so a race of two runs does no harm. */
    private volatile @Nullable Run current;

    LoopWaiter(Monitor monitor, WaitLine line, Operation<T> operation, Loop loop) {
        super(monitor, line, operation);
        this.loop = loop;
    }

    /** Goes on after it was woken. Called on the loop, or where a loop that fails leaves it. It throws nothing. */
    abstract void goOn();

    /** The loop does not run this waiter. */
    abstract void failed(Throwable failure);

    /** Waits for its turn, which comes on the loop even if there is nothing to wait for. */
    final void begin() {
        if (!enter()) {
            wake();
        }
    }

    @Override
    final void wake() {
        try {
            loop.run(task, this::run);
        } catch (Throwable e) {
            failed(e);
        }
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
            goOn();
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
