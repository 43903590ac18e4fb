package dev.janus;

import org.jspecify.annotations.Nullable;

/**
 * What a caller wants to do with the {@link Buffer}, and may have to wait for: a put, a take, a join. It is tried under
 * the buffer's lock.
 *
 * @param <T> the type of the result
 */
interface Operation<T> {
    /**
     * Tries the operation once.
     *
     * @param inTurn true if the caller has waited and its turn has come: the element or slot that it waited for was
     *     reserved for it
     * @return the result, or null if the caller must wait: for the first time, or again because only a part is done
     */
    @Nullable
    T tryLocked(boolean inTurn);

    /**
     * Returns true if the operation may be completed on behalf of a caller that may never run again, because nothing
     * would then be lost. A put may: its element is safe in the queue. A take may not: its element would be lost with
     * the caller.
     */
    default boolean canCompleteForWaiter() {
        return false;
    }
}
