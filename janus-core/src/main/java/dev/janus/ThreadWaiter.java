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
     * Waits until the operation is done. A batch then gathers for the time that it has.
     *
     * @param nanos how long to wait, for the first element of a batch; {@link Parker#FOREVER} means no limit
     * @return the result, or null if the time elapsed first
     */
    @Nullable
    T await(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + Math.max(0, nanos);
        try {
            T result = tryOrEnqueue();
            while (result == null) {
                if (parker.await(nanosLeft(nanos, deadline))) {
                    result = onWoken();
                } else if (batch != null && batch.isGathering()) {
                    batch.elapsed();
                    endGathering(); // and so wakes this thread, unless another thread does
                } else {
                    return leave();
                }
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

    private long nanosLeft(long nanos, long deadline) {
        if (batch != null && batch.isGathering()) {
            return batch.nanosLeft();
        }
        return nanos == Parker.FOREVER ? nanos : deadline - System.nanoTime();
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
