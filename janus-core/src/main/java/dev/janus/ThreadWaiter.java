package dev.janus;

import org.jspecify.annotations.Nullable;

/**
 * A thread that waits, blocked in a {@link Parker}. A thread always returns through {@link #await} and collects its
 * result there, so its operation can be completed in place: nothing gets lost.
 *
 * @param <T> the type of the operation's result
 */
final class ThreadWaiter<T> extends Waiter<T> {
    private final Parker parker;

    ThreadWaiter(WaitQueue queue, Operation<T> operation, Parker parker) {
        super(queue, operation);
        this.parker = parker;
    }

    /**
     * Waits until the operation is done.
     *
     * @return the result, or null if the time elapsed first; {@link Parker#FOREVER} means no limit
     */
    @Nullable
    T await(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + Math.max(0, nanos);
        try {
            T result = tryOrEnqueue();
            while (result == null) {
                if (!parker.await(nanos == Parker.FOREVER ? nanos : deadline - System.nanoTime())) {
                    return leave();
                }
                result = onWoken();
            }
            return result;
        } catch (
                Throwable e) { // also what the wait itself throws: OutOfMemoryError, a pool that has no thread to spare
            T result = leave();
            if (result == null) {
                throw e;
            }
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            return result;
        }
    }

    @Override
    void wake() {
        parker.wake();
    }

    @Override
    boolean isThread() {
        return true;
    }

    @Override
    boolean isCompletedInPlace() {
        return true;
    }
}
