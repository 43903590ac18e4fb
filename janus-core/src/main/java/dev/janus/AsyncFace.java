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
import kotlin.coroutines.CoroutineContext;
import kotlinx.coroutines.JobKt;
import kotlinx.coroutines.channels.ChannelResult;
import kotlinx.coroutines.channels.ReceiveChannel;
import kotlinx.coroutines.channels.SendChannel;
import kotlinx.coroutines.selects.SelectClause1;
import kotlinx.coroutines.selects.SelectClause2;
import org.jspecify.annotations.Nullable;

/**
 * The face for coroutines. Methods that put or take one element try to do so at once, and create a waiter only if that
 * fails.
 *
 * @param <E> the type of the elements
 */
final class AsyncFace<E> implements AsyncQueue<E> {
    private final JanusQueue<E> queue;
    private final Buffer<E> buffer;
    private final BoundDispatcher dispatcher;
    private final SelectClauses<E> clauses;

    AsyncFace(JanusQueue<E> queue) {
        this.queue = queue;
        buffer = queue.buffer;
        dispatcher = queue.dispatcher;
        clauses = new SelectClauses<>(buffer, dispatcher);
    }

    @Override
    public @Nullable Object send(E element, Continuation<? super Unit> continuation) {
        checkCaller(continuation);
        requireNonNull(element, "element");
        return !dispatcher.isKept() && buffer.putNow(element)
                ? Unit.INSTANCE
                : CoroutineBridge.send(putter(new Put<>(buffer, element)), continuation);
    }

    @Override
    public @Nullable Object send(E element, long timeout, TimeUnit unit, Continuation<? super Boolean> continuation) {
        checkCaller(continuation);
        requireNonNull(element, "element");
        if (timeout <= 0) {
            return buffer.offer(element);
        }
        if (!dispatcher.isKept() && buffer.offer(element)) {
            return true;
        }
        return CoroutineBridge.send(putter(new Put<>(buffer, element)), millis(timeout, unit), continuation);
    }

    @Override
    public @Nullable Object sendAll(Collection<? extends E> elements, Continuation<? super Unit> continuation) {
        checkCaller(continuation);
        return CoroutineBridge.sendAll(putter(new Put<>(buffer, Put.arrayOf(elements))), continuation);
    }

    @Override
    public boolean trySend(E element) {
        return buffer.offer(requireNonNull(element, "element"));
    }

    @Override
    public @Nullable Object receive(Continuation<? super E> continuation) {
        checkCaller(continuation);
        E element = dispatcher.isKept() ? null : buffer.takeNow();
        return element != null ? element : CoroutineBridge.receive(taker(buffer::takeLocked), continuation);
    }

    @Override
    public @Nullable Object receive(long timeout, TimeUnit unit, Continuation<? super @Nullable E> continuation) {
        checkCaller(continuation);
        if (timeout <= 0) {
            return tryReceive();
        }
        E element = dispatcher.isKept() ? null : buffer.takeNow();
        if (element != null) {
            return element;
        }
        return CoroutineBridge.receive(taker(buffer::takeLocked), millis(timeout, unit), continuation);
    }

    @Override
    public @Nullable Object receiveBatch(int max, Continuation<? super List<E>> continuation) {
        Buffer.requireBatch(max);
        checkCaller(continuation);
        return CoroutineBridge.receiveBatch(taker(buffer.batch(max)), continuation);
    }

    @Override
    public @Nullable Object receiveBatch(
            int max, long linger, TimeUnit unit, Continuation<? super List<E>> continuation) {
        Buffer.requireBatch(max);
        long nanos = requireNonNull(unit, "unit").toNanos(linger);
        if (nanos <= 0 || max == 1) {
            return receiveBatch(max, continuation);
        }
        checkCaller(continuation);
        Batch<List<E>> batch = buffer.gatheredBatch(max, nanos);
        return CoroutineBridge.receiveBatch(taker(batch), batch, continuation);
    }

    @Override
    public List<E> tryReceiveBatch(int max) {
        Buffer.requireBatch(max);
        return buffer.pollBatch(max);
    }

    @Override
    public int trySendAll(Collection<? extends E> elements) {
        return buffer.offerAll(new Put<>(buffer, Put.arrayOf(elements)));
    }

    @Override
    public @Nullable Object receiveLease(Continuation<? super Lease<E>> continuation) {
        checkCaller(continuation);
        return CoroutineBridge.receiveLease(taker(buffer::takeLeaseLocked), continuation);
    }

    @Override
    public @Nullable Object receiveLease(
            long timeout, TimeUnit unit, Continuation<? super @Nullable Lease<E>> continuation) {
        checkCaller(continuation);
        long millis = millis(timeout, unit);
        return millis <= 0
                ? tryReceiveLease()
                : CoroutineBridge.receiveLease(taker(buffer::takeLeaseLocked), millis, continuation);
    }

    @Override
    public @Nullable Lease<E> tryReceiveLease() {
        return buffer.pollLease();
    }

    @Override
    public @Nullable Object receiveLeaseBatch(int max, Continuation<? super LeaseBatch<E>> continuation) {
        Buffer.requireBatch(max);
        checkCaller(continuation);
        return CoroutineBridge.receiveLeaseBatch(taker(buffer.leaseBatch(max)), continuation);
    }

    @Override
    public @Nullable Object receiveLeaseBatch(
            int max, long linger, TimeUnit unit, Continuation<? super LeaseBatch<E>> continuation) {
        Buffer.requireBatch(max);
        long nanos = requireNonNull(unit, "unit").toNanos(linger);
        if (nanos <= 0 || max == 1) {
            return receiveLeaseBatch(max, continuation);
        }
        checkCaller(continuation);
        Batch<LeaseBatch<E>> batch = buffer.gatheredLeaseBatch(max, nanos);
        return CoroutineBridge.receiveLeaseBatch(taker(batch), batch, continuation);
    }

    @Override
    public @Nullable Object reserve(Continuation<? super Permit<E>> continuation) {
        checkCaller(continuation);
        Permit<E> permit = new Permit<>(buffer);
        return CoroutineBridge.reserve(reserver(permit), permit, continuation);
    }

    @Override
    public @Nullable Object reserve(
            long timeout, TimeUnit unit, Continuation<? super @Nullable Permit<E>> continuation) {
        checkCaller(continuation);
        long millis = millis(timeout, unit);
        if (millis <= 0) {
            return tryReserve();
        }
        Permit<E> permit = new Permit<>(buffer);
        return CoroutineBridge.reserve(reserver(permit), permit, millis, continuation);
    }

    private CoroutineWaiter<Permit<E>> reserver(Permit<E> permit) {
        return new CoroutineWaiter<>(buffer.notFull, permit::tryLocked, dispatcher);
    }

    @Override
    public @Nullable Permit<E> tryReserve() {
        return buffer.tryReserve();
    }

    @Override
    public @Nullable Object awaitNotEmpty(Continuation<? super Unit> continuation) {
        checkCaller(continuation);
        return CoroutineBridge.awaitNotEmpty(
                new CoroutineWaiter<>(buffer.hasElement.line, buffer::awaitElementLocked, dispatcher), continuation);
    }

    /** Throws if the caller runs on another dispatcher or was cancelled. Called before anything is put or taken. */
    private void checkCaller(Continuation<?> continuation) {
        CoroutineContext caller = continuation.getContext();
        dispatcher.checkCaller(caller);
        JobKt.ensureActive(caller);
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
        checkCaller(continuation);
        return CoroutineBridge.join(
                new CoroutineWaiter<>(buffer.allDone, buffer::joinLocked, dispatcher), continuation);
    }

    @Override
    public @Nullable Object awaitTermination(Continuation<? super Unit> continuation) {
        checkCaller(continuation);
        return CoroutineBridge.awaitTermination(
                new CoroutineWaiter<>(buffer.terminated, buffer::awaitTerminationLocked, dispatcher), continuation);
    }

    private CoroutineWaiter<Unit> putter(Put<E> put) {
        return new CoroutineWaiter<>(buffer.notFull, put, dispatcher);
    }

    private <T> CoroutineWaiter<T> taker(Operation<T> take) {
        return new CoroutineWaiter<>(buffer.notEmpty, take, dispatcher);
    }

    /** Converts to milliseconds, rounding up so that a timeout never comes too early. */
    static long millis(long timeout, TimeUnit unit) {
        long millis = unit.toMillis(timeout);
        boolean rest = millis < Long.MAX_VALUE && unit.convert(millis, TimeUnit.MILLISECONDS) < timeout;
        return rest ? millis + 1 : millis;
    }

    // The queue behind this face

    @Override
    public JanusQueue<E> queue() {
        return queue;
    }

    // Clauses of a select

    @Override
    public SelectClause1<E> getOnReceive() {
        return clauses.onReceive(Supplier::get);
    }

    @Override
    @SuppressWarnings("unchecked") // a Kotlin value class, which Java cannot create
    public SelectClause1<ChannelResult<E>> getOnReceiveCatching() {
        return clauses.onReceive(granted -> (ChannelResult<E>) ChannelViews.catching(granted));
    }

    @Override
    public SelectClause2<E, AsyncQueue<E>> getOnSend() {
        return clauses.onSend(granted -> {
            Unit unused = granted.get();
            return this;
        });
    }

    // Views as kotlinx channels

    @Override
    public SendChannel<E> asSendChannel() {
        return ChannelViews.send(queue, clauses);
    }

    @Override
    public ReceiveChannel<E> asReceiveChannel() {
        return ChannelViews.receive(queue);
    }

    // For Java without coroutines

    @Override
    public CompletableFuture<@Nullable Void> sendAsync(E element) {
        return doneFuture(buffer.notFull, new Put<>(buffer, requireNonNull(element, "element")));
    }

    @Override
    public CompletableFuture<E> receiveAsync() {
        return new WaitingFuture<E, E>(buffer.notEmpty, buffer::takeLocked, dispatcher) {
            @Override
            void completeWith(E element) {
                if (!succeed(element)) {
                    buffer.putBack(element);
                }
            }
        }.start(dispatcher.isBound());
    }

    @Override
    public CompletableFuture<@Nullable Void> joinAsync() {
        return doneFuture(buffer.allDone, buffer::joinLocked);
    }

    private CompletableFuture<@Nullable Void> doneFuture(WaitQueue line, Operation<Unit> operation) {
        return new WaitingFuture<@Nullable Void, Unit>(line, operation, dispatcher) {
            @Override
            void completeWith(Unit done) {
                succeed(null);
            }
        }.start(dispatcher.isBound());
    }

    @Override
    public AutoCloseable subscribe(Consumer<? super E> onElement, Consumer<? super @Nullable Throwable> onEnd) {
        requireNonNull(onElement, "onElement");
        requireNonNull(onEnd, "onEnd");
        Consumer<Lease<E>> onLease = lease -> {
            onElement.accept(lease.element());
            lease.keep();
        };
        Subscription<E> subscription =
                new Subscription<>(buffer, buffer::takeLeaseWithoutTimeoutLocked, dispatcher, onLease, onEnd);
        subscription.startOrReject();
        return subscription;
    }
}
