package dev.janus;

import kotlin.coroutines.CoroutineContext;
import kotlinx.coroutines.CompletableJob;
import kotlinx.coroutines.JobKt;

/**
 * Who waits without a thread or coroutine of its own: when it is woken, it goes on in a task on the queue's loop.
 *
 * @param <T> the type of the operation's result
 */
abstract class LoopWaiter<T> extends Waiter<T> {
    private final Loop loop;

    /** Cancelled by a dispatcher that was closed, which then runs the task somewhere else. */
    private final CompletableJob task = JobKt.Job(null);

    LoopWaiter(Monitor monitor, WaitLine line, Operation<T> operation, Loop loop) {
        super(monitor, line, operation);
        this.loop = loop;
    }

    /** The operation is done. Called on the loop. */
    abstract void done(T result);

    /** The operation will not be done. Called on the loop, or where the loop fails to run tasks. */
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
            end(e);
        }
    }

    private void run() {
        if (task.isCancelled()) {
            end(task.getCancellationException());
            return;
        }
        T result;
        try {
            result = tryAgain();
        } catch (Throwable e) {
            failed(e);
            return;
        }
        if (result != null) {
            done(result);
        }
    }

    private void end(Throwable failure) {
        T result = leave();
        if (result != null) {
            done(result);
        } else {
            failed(failure);
        }
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
