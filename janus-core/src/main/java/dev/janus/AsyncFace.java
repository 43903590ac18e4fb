package dev.janus;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import kotlin.Unit;
import kotlin.coroutines.Continuation;
import kotlinx.coroutines.channels.ChannelResult;
import kotlinx.coroutines.selects.SelectClause1;
import kotlinx.coroutines.selects.SelectClause2;
import org.jspecify.annotations.Nullable;

/**
 * The face for coroutines. Putting or taking one element is tried first, and only then a waiter is made.
 *
 * @param <E> the type of the elements
 */
final class AsyncFace<E> implements AsyncQueue<E> {
    private final Buffer<E> buffer;
    private final BoundDispatcher loop;

    AsyncFace(Buffer<E> buffer, BoundDispatcher loop) {
        this.buffer = buffer;
        this.loop = loop;
    }

    @Override
    public @Nullable Object send(E element, Continuation<? super Unit> continuation) {
        loop.checkCaller(continuation.getContext());
        return buffer.offerSpinning(requireNonNull(element, "element"))
                ? Unit.INSTANCE
                : await(buffer.notFull, new Put<>(buffer, element), continuation);
    }

    @Override
    public @Nullable Object send(E element, long timeout, TimeUnit unit, Continuation<? super Boolean> continuation) {
        loop.checkCaller(continuation.getContext());
        if (trySend(element)) {
            return true;
        }
        if (timeout <= 0) {
            return false;
        }
        return CoroutineBridge.awaitDone(
                new CoroutineWaiter<>(buffer, buffer.notFull, new Put<>(buffer, element)),
                millis(timeout, unit),
                continuation);
    }

    @Override
    public @Nullable Object sendAll(Collection<? extends E> elements, Continuation<? super Unit> continuation) {
        loop.checkCaller(continuation.getContext());
        return await(buffer.notFull, new Put<>(buffer, Put.arrayOf(elements)), continuation);
    }

    @Override
    public boolean trySend(E element) {
        return buffer.offer(requireNonNull(element, "element"));
    }

    @Override
    public @Nullable Object receive(Continuation<? super E> continuation) {
        loop.checkCaller(continuation.getContext());
        E element = buffer.pollSpinning();
        return element != null ? element : await(buffer.notEmpty, buffer::takeLocked, continuation);
    }

    @Override
    public @Nullable Object receive(long timeout, TimeUnit unit, Continuation<? super @Nullable E> continuation) {
        loop.checkCaller(continuation.getContext());
        E element = tryReceive();
        if (element != null || timeout <= 0) {
            return element;
        }
        return CoroutineBridge.awaitElement(
                new CoroutineWaiter<>(buffer, buffer.notEmpty, buffer::takeLocked),
                millis(timeout, unit),
                continuation);
    }

    @Override
    public @Nullable Object receiveBatch(int max, Continuation<? super List<E>> continuation) {
        Buffer.requireBatch(max);
        loop.checkCaller(continuation.getContext());
        return await(buffer.notEmpty, granted -> buffer.takeBatchLocked(max, granted), continuation);
    }

    @Override
    public @Nullable Object receiveLease(Continuation<? super Lease<E>> continuation) {
        loop.checkCaller(continuation.getContext());
        return await(buffer.notEmpty, buffer::takeLeaseLocked, continuation);
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
        loop.checkCaller(continuation.getContext());
        return await(buffer.allDone, buffer::joinLocked, continuation);
    }

    @Override
    public @Nullable Object awaitTermination(Continuation<? super Unit> continuation) {
        loop.checkCaller(continuation.getContext());
        return await(buffer.terminated, buffer::awaitTerminationLocked, continuation);
    }

    private <T> @Nullable Object await(WaitQueue line, Operation<T> operation, Continuation<? super T> caller) {
        return CoroutineBridge.await(new CoroutineWaiter<>(buffer, line, operation), caller);
    }

    /** Rounded up, so that a time-out never comes too early. */
    private static long millis(long timeout, TimeUnit unit) {
        long millis = unit.toMillis(timeout);
        boolean rest = millis < Long.MAX_VALUE && unit.convert(millis, TimeUnit.MILLISECONDS) < timeout;
        return rest ? millis + 1 : millis;
    }

    // Clauses of a select

    @Override
    public SelectClause1<E> getOnReceive() {
        return new QueueClause<@Nullable Void, E, E>(
                loop, buffer, buffer.notEmpty, none -> new ClaimedTake<>(buffer), Supplier::get);
    }

    @Override
    @SuppressWarnings("unchecked") // Kotlin's own type for a result, which Java cannot make
    public SelectClause1<ChannelResult<E>> getOnReceiveCatching() {
        return new QueueClause<@Nullable Void, E, ChannelResult<E>>(
                loop, buffer, buffer.notEmpty, none -> new ClaimedTake<>(buffer), claimed ->
                        (ChannelResult<E>) CoroutineBridge.catching(claimed));
    }

    @Override
    public SelectClause2<E, AsyncQueue<E>> getOnSend() {
        return new QueueClause<>(
                loop,
                buffer,
                buffer.notFull,
                element -> new ClaimedPut<>(buffer, requireNonNull(element, "element"), this),
                Supplier::get);
    }

    // For Java without coroutines

    @Override
    public CompletableFuture<@Nullable Void> sendAsync(E element) {
        return doneFuture(buffer.notFull, new Put<>(buffer, requireNonNull(element, "element")));
    }

    @Override
    public CompletableFuture<E> receiveAsync() {
        return new WaitingFuture<E, E>(buffer, buffer.notEmpty, buffer::takeLocked, loop) {
            @Override
            void settle(E element) {
                if (!succeed(element)) {
                    buffer.giveBack(element);
                }
            }
        }.begin(loop.isBound());
    }

    @Override
    public CompletableFuture<@Nullable Void> joinAsync() {
        return doneFuture(buffer.allDone, buffer::joinLocked);
    }

    private CompletableFuture<@Nullable Void> doneFuture(WaitQueue line, Operation<Unit> operation) {
        return new WaitingFuture<@Nullable Void, Unit>(buffer, line, operation, loop) {
            @Override
            void settle(Unit done) {
                succeed(null);
            }
        }.begin(loop.isBound());
    }

    @Override
    public AutoCloseable subscribe(Consumer<? super E> onElement, Consumer<? super @Nullable Throwable> onEnd) {
        Subscription<E> subscription = new Subscription<>(
                buffer, loop, requireNonNull(onElement, "onElement"), requireNonNull(onEnd, "onEnd"));
        subscription.begin();
        return subscription;
    }
}
