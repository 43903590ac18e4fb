package dev.janus;

import org.jspecify.annotations.Nullable;

/**
 * A thread that waits, blocked in a {@link Parker}. It always returns through {@link #await}, so nothing can get lost with it:
 * its operation is completed in place.
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
     * @return null if the time passed first; {@link Parker#FOREVER} never passes
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
