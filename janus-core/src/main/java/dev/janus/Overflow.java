package dev.janus;

import static java.util.Objects.requireNonNull;

import java.util.function.Consumer;
import kotlinx.coroutines.channels.BufferOverflow;
import org.jspecify.annotations.Nullable;

/**
 * What happens to an element for which there is no room.
 *
 * @param <E> the type of the elements
 */
final class Overflow<E> {
    private final BufferOverflow policy;
    private final @Nullable Consumer<? super E> onDropped;

    Overflow(BufferOverflow policy, @Nullable Consumer<? super E> onDropped) {
        this.policy = policy;
        this.onDropped = onDropped;
    }

    /** Whether a put drops something where there is no room, and never waits. */
    boolean drops() {
        return policy != BufferOverflow.SUSPEND;
    }

    boolean dropsOldest() {
        return policy == BufferOverflow.DROP_OLDEST;
    }

    /** Whether anybody wants to know what was dropped. */
    boolean isAnybodyTold() {
        return onDropped != null;
    }

    /** Hands what was dropped to its owner, whose failure is not the putter's. */
    void tellDropped(E element) {
        try {
            requireNonNull(onDropped).accept(element);
        } catch (Throwable e) {
            Monitor.report(e);
        }
    }
}
