package dev.janus;

import org.jspecify.annotations.Nullable;

/**
 * What a caller waits to do: one step on the buffer that is tried under its lock, at once and again
 * whenever the caller is granted a try.
 *
 * @param <T> the type of its result
 */
interface Operation<T> {
    /**
     * Tries to do it.
     *
     * @param granted whether the caller waited and was woken for this try
     * @return the result, or null if the caller must wait
     */
    @Nullable
    T tryLocked(boolean granted);

    /** Whether {@link #tryLocked} would be over now, with a result or an exception. Only a select asks before it tries. */
    default boolean isReadyLocked(boolean granted) {
        throw new UnsupportedOperationException(this + " is never claimed");
    }

    /** Whether it can be done for a caller that waits and does not run. */
    default boolean needsNobody() {
        return false;
    }

    /** The result if somebody else has already finished the operation for a caller that waits, or null. */
    default @Nullable T doneByAnotherLocked() {
        return null;
    }
}
