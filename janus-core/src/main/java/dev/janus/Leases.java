package dev.janus;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The elements of a {@link Buffer} that are on {@link Lease lease}, or return after a delay. Guarded by the monitor's
 * lock.
 *
 * @param <E> the type of the elements
 */
final class Leases<E> {
    private final Buffer<E> buffer;
    private final Settings<E> settings;

    /** The number of elements on lease. */
    int leased;

    /** The number of elements that were given up after the maximum number of leases. */
    long deadLetters;

    /** The elements that return after a delay, which count as taken until then. {@code shutdownNow} hands them back. */
    private final Set<Lease<E>> delayed = new LinkedHashSet<>(0);

    Leases(Buffer<E> buffer, Settings<E> settings) {
        this.buffer = buffer;
        this.settings = settings;
    }

    /** Leases the next element, which is available, with the queue's time limit. */
    Lease<E> leaseNextLocked() {
        Lease<E> lease = newLeaseLocked();
        startLaterLocked(lease::expireAfter);
        return takeLocked(lease);
    }

    /** Leases the next element, which is available, without a time limit of its own. */
    Lease<E> leaseNextWithoutTimeoutLocked() {
        return takeLocked(newLeaseLocked());
    }

    /** Starts the time limit of a lease or batch after unlock, if the queue has one. */
    void startLaterLocked(LongConsumer expireAfter) {
        if (settings.timeoutMillis > 0) {
            buffer.monitor.callAfterUnlockLocked(() -> expireAfter.accept(settings.timeoutMillis));
        }
    }

    /** Everything that may fail, for lack of memory or because of a comparator, comes before the element is taken. */
    private Lease<E> newLeaseLocked() {
        int attempts = buffer.store.nextAttempts() + 1;
        return new Lease<>(this, buffer.store.next(), attempts);
    }

    private Lease<E> takeLocked(Lease<E> lease) {
        buffer.removeNextLocked();
        leased++;
        lease.takenLocked();
        return lease;
    }

    void keepLocked() {
        leased--;
    }

    void completeLocked() {
        leased--;
        buffer.markDoneLocked();
    }

    /**
     * Ends a lease whose element was not done: it returns to the head of the queue, or becomes a dead letter.
     *
     * @return false after {@link Buffer#shutdownNow}: the element stays with the caller, and counts as handed back
     */
    boolean returnLocked(Lease<E> lease) {
        if (haveHandedBackLocked()) {
            buffer.taken--;
            buffer.removed++;
        } else if (isDeadLetter(lease)) {
            deadLetterLocked(lease.element());
        } else {
            buffer.putBackLocked(lease.element(), lease.attempts());
        }
        leased--;
        return !haveHandedBackLocked();
    }

    boolean isDeadLetter(Lease<E> lease) {
        return lease.attempts() >= settings.maxAttempts;
    }

    /** Returns true if a lease ends at once, even if its holder wants a delay. */
    boolean endsAtOnceLocked(Lease<E> lease) {
        return isDeadLetter(lease) || haveHandedBackLocked();
    }

    /** Returns true after {@link Buffer#shutdownNow}: the holders keep their elements. */
    boolean haveHandedBackLocked() {
        return buffer.shutdown.hasHandedBackLocked();
    }

    Monitor monitor() {
        return buffer.monitor;
    }

    /** Returns what a lease throws if the queue does not take its element back. */
    QueueShutdownException refusal(Object element) {
        return buffer.shutdown.exception("shutdownNow() has emptied the queue, which does not take back " + element);
    }

    private void deadLetterLocked(E element) {
        Consumer<? super E> listener = settings.onDeadLetter;
        if (listener != null) {
            buffer.monitor.callAfterUnlockLocked(() -> listener.accept(element));
        }
        deadLetters++;
        buffer.markDeadLetterDoneLocked();
    }

    /** Ends a lease whose element returns later, by {@link #returnDelayedLocked}. */
    void delayLocked(Lease<E> lease) {
        try {
            delayed.add(lease);
        } catch (Throwable e) { // the set may have run out of memory after it has added the lease
            delayed.remove(lease);
            throw e;
        }
        leased--;
    }

    /** Undoes {@link #delayLocked}. */
    void resumeLocked(Lease<E> lease) {
        delayed.remove(lease);
        leased++;
    }

    void returnDelayedLocked(Lease<E> lease) {
        buffer.putBackLocked(lease.element(), lease.attempts());
        delayed.remove(lease);
    }

    int delayedLocked() {
        return delayed.size();
    }

    /** Moves the elements that would return later to the list, which has room for them. */
    void handBackDelayedLocked(List<E> left) {
        List<Lease<E>> leases = new ArrayList<>(delayed);
        buffer.monitor.callAfterUnlockLocked(() -> leases.forEach(Lease::stopTimers));
        for (Lease<E> lease : leases) {
            lease.handedBackLocked();
            left.add(lease.element());
        }
        buffer.taken -= leases.size();
        delayed.clear();
    }

    /**
     * What the queue was built with.
     *
     * @param <E> the type of the elements
     */
    static final class Settings<E> {
        final int maxAttempts;
        final @Nullable Consumer<? super E> onDeadLetter;

        /** How long a lease may last; 0 for no limit. */
        final long timeoutMillis;

        Settings(int maxAttempts, @Nullable Consumer<? super E> onDeadLetter, long timeoutMillis) {
            this.maxAttempts = maxAttempts;
            this.onDeadLetter = onDeadLetter;
            this.timeoutMillis = timeoutMillis;
        }

        static <E> Settings<E> none() {
            return new Settings<>(Integer.MAX_VALUE, null, 0);
        }
    }
}
