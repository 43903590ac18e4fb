package dev.janus;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import kotlin.Unit;
import kotlin.coroutines.Continuation;
import org.jspecify.annotations.Nullable;

/**
 * The face for coroutines. Putting or taking one element is tried first, and only then a waiter is made.
 *
 * @param <E> the type of the elements
 */
final class AsyncFace<E> implements AsyncQueue<E> {
    private final Buffer<E> buffer;

    AsyncFace(Buffer<E> buffer) {
        this.buffer = buffer;
    }

    @Override
    public @Nullable Object send(E element, Continuation<? super Unit> continuation) {
        return buffer.offerPatiently(requireNonNull(element, "element"))
                ? Unit.INSTANCE
                : ChannelOps.await(waiter(buffer.notFull, new Put<>(buffer, element), continuation), continuation);
    }

    @Override
    public @Nullable Object send(E element, long timeout, TimeUnit unit, Continuation<? super Boolean> continuation) {
        if (trySend(element)) {
            return true;
        }
        if (timeout <= 0) {
            return false;
        }
        return ChannelOps.awaitDone(
                waiter(buffer.notFull, new Put<>(buffer, element), continuation), millis(timeout, unit), continuation);
    }

    @Override
    public @Nullable Object sendAll(Collection<? extends E> elements, Continuation<? super Unit> continuation) {
        Put<E> put = new Put<>(buffer, Put.arrayOf(elements));
        return ChannelOps.await(waiter(buffer.notFull, put, continuation), continuation);
    }

    @Override
    public boolean trySend(E element) {
        return buffer.offer(requireNonNull(element, "element"));
    }

    @Override
    public @Nullable Object receive(Continuation<? super E> continuation) {
        E element = buffer.pollPatiently();
        return element != null ? element : ChannelOps.await(elementWaiter(continuation), continuation);
    }

    @Override
    public @Nullable Object receive(long timeout, TimeUnit unit, Continuation<? super @Nullable E> continuation) {
        E element = tryReceive();
        if (element != null || timeout <= 0) {
            return element;
        }
        return ChannelOps.awaitElement(elementWaiter(continuation), millis(timeout, unit), continuation);
    }

    @Override
    public @Nullable Object receiveBatch(int max, Continuation<? super List<E>> continuation) {
        Buffer.requireBatch(max);
        return ChannelOps.await(
                waiter(buffer.notEmpty, granted -> buffer.takeBatchLocked(max, granted), continuation), continuation);
    }

    @Override
    public @Nullable E tryReceive() {
        return buffer.poll();
    }

    @Override
    public void taskDone() {
        buffer.taskDone();
    }

    @Override
    public @Nullable Object join(Continuation<? super Unit> continuation) {
        return ChannelOps.await(waiter(buffer.allDone, buffer::joinLocked, continuation), continuation);
    }

    @Override
    public @Nullable Object awaitTermination(Continuation<? super Unit> continuation) {
        return ChannelOps.await(waiter(buffer.terminated, buffer::awaitTerminationLocked, continuation), continuation);
    }

    private CoroutineWaiter<E> elementWaiter(Continuation<?> caller) {
        return waiter(buffer.notEmpty, buffer::takeLocked, caller);
    }

    private <T> CoroutineWaiter<T> waiter(WaitLine line, Operation<T> operation, Continuation<?> caller) {
        return new CoroutineWaiter<>(buffer, line, operation, caller.getContext());
    }

    /** Rounded up, so that a time-out never comes too early. */
    private static long millis(long timeout, TimeUnit unit) {
        long millis = unit.toMillis(timeout);
        boolean rest = millis < Long.MAX_VALUE && unit.convert(millis, TimeUnit.MILLISECONDS) < timeout;
        return rest ? millis + 1 : millis;
    }
}
