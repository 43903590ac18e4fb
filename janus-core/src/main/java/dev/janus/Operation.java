package dev.janus;

import org.jspecify.annotations.Nullable;

/**
 * What a caller waits to do: one step on the buffer, tried under its lock.
 *
 * @param <T> the type of the result
 */
interface Operation<T> {
    /**
     * Tries to do it.
     *
     * @param inTurn whether the caller has waited and its turn has come: what it waited for is there, and was kept for it
     * @return the result, or null if the caller must wait, or wait on because it has more to do
     */
    @Nullable
    T tryLocked(boolean inTurn);

    /**
     * Returns true if it can be completed for a caller that may never run again: then nothing is lost with that caller. True
     * of a put, whose element is safe in the queue; false of a take, whose element would be lost with the caller.
     */
    default boolean canCompleteForWaiter() {
        return false;
    }
}
