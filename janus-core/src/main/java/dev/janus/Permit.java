package dev.janus;

import static java.util.Objects.requireNonNull;

import kotlin.Unit;
import org.jspecify.annotations.Nullable;

/**
 * Room in a queue that is reserved for one element. A producer that fetches an element only when it has a permit never has
 * to wait while it holds one.
 *
 * <pre>{@code
 * try (Permit<Order> permit = orders.sync().reserve()) { // waits for room
 *     permit.put(nextOrder()); // does not wait; if nextOrder() throws, the next in line gets the room
 * }
 * }</pre>
 *
 * <p>A permit ends once, with the first {@link #put} that succeeds or with {@link #close()}. Until then no other caller can
 * use its room, which counts in {@link QueueStats#reservedSlots()}. A permit that never ends makes the queue smaller by one
 * element: use it in try-with-resources, or in Kotlin with {@code use}.
 *
 * <p><b>Shutdown.</b> After {@link JanusQueue#shutdown()} the element is refused. After
 * {@link JanusQueue#shutdownAfterPuts()} it is still added, and the queue does not terminate before the permit has ended or
 * {@code shutdown()} is called.
 *
 * <p><b>Waiting receivers.</b> A receiver that waits makes room, as for a put; with capacity 0 nothing else does. If it
 * leaves before the element comes, the element stays in the queue for the next one, even if {@link JanusQueue#size()} is
 * then larger than the capacity. With capacity 0, a permit keeps its receiver waiting, even if other puts wait.
 *
 * <p><b>Overflow.</b> A queue that {@linkplain JanusQueue.Builder#overflow drops} elements grants permits at once, and
 * reserves no room for them.
 *
 * <p>All methods may be called from any thread. No method waits.
 *
 * @param <E> the type of the element
 */
public final class Permit<E> implements AutoCloseable {
    /*
     * All changes of state happen under the monitor's lock. A permit is NEW only until its turn comes.
     *
     *     NEW ──▶ OPEN ── put, close ──▶ ENDED
     */
    private enum State {
        NEW,
        OPEN,
        ENDED
    }

    private final Buffer<E> buffer;

    /** Written under the lock. */
    private volatile State state = State.NEW;

    Permit(Buffer<E> buffer) {
        this.buffer = buffer;
    }

    /**
     * The operation of a caller that waits for room. If that call fails in the end, it closes the permit: its critical
     * section may have failed after this step.
     */
    @Nullable
    Permit<E> tryLocked(boolean inTurn) {
        if (!buffer.reserveLocked(inTurn)) {
            return null;
        }
        state = State.OPEN;
        return this;
    }

    /**
     * Adds the element in the room that was reserved for it, and ends the permit. Never waits. If it throws, the element
     * was not added, and the permit has not ended; {@link #close()} it.
     *
     * @throws NullPointerException if the element is null
     * @throws IllegalStateException if the permit has already ended
     * @throws QueueShutdownException if the queue was shut down meanwhile
     */
    public void put(E element) {
        requireNonNull(element, "element");
        boolean added = buffer.monitor.locked(() -> putLocked(element));
        if (!added) {
            throw new IllegalStateException("the permit has already ended; it did not add " + element);
        }
    }

    private boolean putLocked(E element) {
        if (state != State.OPEN) {
            return false;
        }
        boolean unused = buffer.putLocked(element, true, true);
        endLocked(); // only now, and even if a comparator has closed this permit meanwhile
        return true;
    }

    private void endLocked() {
        if (state == State.OPEN) {
            state = State.ENDED;
            buffer.permits--;
        }
    }

    /** Ends the permit: the room goes to the next in line. Does nothing if the permit has already ended. Never waits. */
    @Override
    public void close() {
        Unit unused = buffer.monitor.leaving(() -> {
            endLocked();
            return Unit.INSTANCE;
        });
    }

    /** Describes the permit for logging: {@code Permit[open]} or {@code Permit[ended]}. */
    @Override
    public String toString() {
        return state == State.OPEN ? "Permit[open]" : "Permit[ended]";
    }
}
