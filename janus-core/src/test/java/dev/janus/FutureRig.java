package dev.janus;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A queue whose futures are tested. It is bound to a loop that runs when the test says so, or not bound. */
final class FutureRig {
    final ManualDispatcher loop = new ManualDispatcher();
    final JanusQueue<Integer> queue;
    final SyncQueue<Integer> sync;
    final AsyncQueue<Integer> async;
    private final boolean bound;

    private FutureRig(JanusQueue.Builder<Integer> builder, boolean bound) {
        this.bound = bound;
        queue = (bound ? builder.boundTo(loop) : builder).build();
        sync = queue.sync();
        async = queue.async();
    }

    static FutureRig bound(int capacity) {
        return new Kind(new QueueKind(QueueKind.Order.FIFO, capacity), true).rig();
    }

    static FutureRig unbound(int capacity) {
        return new Kind(new QueueKind(QueueKind.Order.FIFO, capacity), false).rig();
    }

    boolean isBound() {
        return bound;
    }

    /** Lets everything run that was woken. */
    void settle() {
        ThreadCall.await("nobody woken who has not run", () -> {
            loop.runAll();
            QueueStats stats = queue.stats();
            return stats.reservedElements() + stats.reservedSlots() + stats.leased() == 0;
        });
    }

    /** What the future brings. */
    <T> T get(CompletableFuture<T> future) throws Exception {
        awaitDone(future);
        return future.get(20, TimeUnit.SECONDS);
    }

    /** What the future fails with. */
    <X extends Throwable> X failure(Class<X> type, CompletableFuture<?> future) {
        awaitDone(future);
        return assertThrows(type, () -> {
            try {
                future.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof CompletionException ? e.getCause().getCause() : e.getCause();
            }
        });
    }

    void assertWaits(CompletableFuture<?> future) {
        settle();
        assertFalse(future.isDone(), future::toString);
    }

    /** Puts elements in until there is no more room. */
    List<Integer> fill() {
        List<Integer> elements = QueueKind.elements(queue.capacity());
        elements.forEach(sync::add);
        return elements;
    }

    /** Begins sends of these elements. */
    List<CompletableFuture<Void>> sendAll(List<Integer> elements) {
        List<CompletableFuture<Void>> sends = new ArrayList<>();
        elements.forEach(element -> sends.add(async.sendAsync(element)));
        return sends;
    }

    List<CompletableFuture<Integer>> receive(int times) {
        List<CompletableFuture<Integer>> receives = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            receives.add(async.receiveAsync());
        }
        return receives;
    }

    void assertNothingPending() {
        settle();
        QueueAssertions.assertNothingPending(queue);
    }

    private void awaitDone(CompletableFuture<?> future) {
        ThreadCall.await("the future's end", () -> {
            loop.runAll();
            return future.isDone();
        });
    }

    /** Every queue, bound and not. */
    static Stream<Kind> every() {
        return QueueKind.every().flatMap(kind -> Stream.of(new Kind(kind, false), new Kind(kind, true)));
    }

    static Stream<Kind> bounded() {
        return every().filter(kind -> kind.kind.capacity() < QueueKind.UNBOUNDED);
    }

    static Stream<Kind> storing() {
        return every().filter(kind -> kind.kind.capacity() > 0);
    }

    /** One line of the table. */
    record Kind(QueueKind kind, boolean bound) {
        FutureRig rig() {
            return new FutureRig(kind.order().builder().capacity(kind.capacity()), bound);
        }

        @Override
        public String toString() {
            return kind + (bound ? ", bound" : ", not bound");
        }
    }

    /** Runs a test once for every order, every capacity, bound and not. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.METHOD)
    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.janus.FutureRig#every")
    @interface Every {}

    /** Runs a test once for every queue that can be full. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.METHOD)
    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.janus.FutureRig#bounded")
    @interface Bounded {}

    /** Runs a test once for every queue that can hold an element. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.METHOD)
    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.janus.FutureRig#storing")
    @interface Storing {}
}
