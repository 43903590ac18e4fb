package dev.janus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.fixtures.QueueSuite;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import kotlin.coroutines.CoroutineContext;
import kotlin.coroutines.EmptyCoroutineContext;
import kotlin.jvm.functions.Function2;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** An Error strikes while a waiter is registered in the Channel or granted: the others are served as if it had not come. */
class FailedWaitTest extends QueueSuite {
    private static final OutOfMemoryError NO_MEMORY = new OutOfMemoryError("no memory for a waiter");

    /** What it is asked for the given number of times it does not have; then it fails. */
    private record Failing(int[] left) implements CoroutineContext {
        @Override
        public <E extends Element> @Nullable E get(Key<E> key) {
            if (left[0]-- == 0) {
                throw NO_MEMORY;
            }
            return null;
        }

        @Override
        public <R> R fold(R initial, Function2<? super R, ? super Element, ? extends R> operation) {
            return initial;
        }

        @Override
        public CoroutineContext minusKey(Key<?> key) {
            return this;
        }

        @Override
        public CoroutineContext plus(CoroutineContext context) {
            return this;
        }
    }

    /** A waiter whose context fails. */
    private static class Hostile extends Waiter<Integer> {
        private final CoroutineContext context;
        int woken;

        Hostile(Buffer<Integer> buffer, CoroutineContext context) {
            super(buffer.notEmpty, buffer::takeLocked);
            this.context = context;
        }

        @Override
        void wake() {
            woken++;
        }

        @Override
        public CoroutineContext getContext() {
            return context;
        }
    }

    @Test
    void entering_failsInTheChannel_waiterIsPassedOverAndTheNextIsServed() throws Exception {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(9));
        int failures = 0;
        for (int question = 0; question < 5; question++) {
            Hostile waiter = new Hostile(queue.buffer, new Failing(new int[] {question}));
            try {
                waiter.tryOrEnqueue();
                waiter.leave();
            } catch (OutOfMemoryError e) {
                assertSame(NO_MEMORY, e);
                failures++;
            }
            assertEquals(0, queue.stats().waitingTakeCoroutines(), "nobody is in line");
        }
        assertTrue(failures > 0, "the Channel asks for something");
        assertServed(queue, List.of());
    }

    @Test
    void completingInPlace_fails_waiterIsGrantedAndFailsOnItsOwn() throws Exception {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(9));
        Operation<Integer> failing = inTurn -> {
            if (inTurn) {
                throw NO_MEMORY;
            }
            return null;
        };
        int[] woken = {0};
        Waiter<Integer> waiter = new Waiter<>(queue.buffer.notEmpty, failing) {
            @Override
            boolean isCompletedInPlace() {
                return true;
            }

            @Override
            void wake() {
                woken[0]++;
            }
        };
        waiter.tryOrEnqueue();

        queue.sync().put(1);

        assertEquals(1, woken[0]);
        assertEquals(1, queue.stats().reservedElements());
        assertSame(NO_MEMORY, assertThrows(OutOfMemoryError.class, waiter::onWoken));
        assertEquals(1, queue.sync().poll());
        assertServed(queue, List.of());
    }

    @Test
    void leaving_jobFails_waiterHasLeft() throws Exception {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(9));
        Hostile waiter = new Hostile(queue.buffer, EmptyCoroutineContext.INSTANCE);
        waiter.tryOrEnqueue();
        waiter.leave(); // its context has no job, so the Channel does not hear of it
        assertServed(queue, List.of());
    }

    @Test
    void waiting_gateFails_threadHasLeft() throws Exception {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(9));
        Parker gate = new Parker() {
            @Override
            boolean await(long nanos) {
                throw NO_MEMORY;
            }
        };
        ThreadWaiter<Integer> waiter = new ThreadWaiter<>(queue.buffer.notEmpty, queue.buffer::takeLocked, gate);

        assertSame(NO_MEMORY, assertThrows(OutOfMemoryError.class, () -> waiter.await(Parker.FOREVER)));

        assertEquals(0, queue.stats().waitingTakeThreads());
        assertServed(queue, List.of());
    }

    /** As if an Error had struck in the middle of a send, after which the Channel has forgotten its waiters. */
    @Test
    void granting_channelHasForgottenTheWaiter_isSaidOnceAndTheQueueGoesOn() throws Exception {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(9));
        ThreadWaiter<Integer> forgotten =
                new ThreadWaiter<>(queue.buffer.notEmpty, queue.buffer::takeLocked, new Parker());
        forgotten.tryOrEnqueue();
        forgotten.job.cancel(null);

        IllegalStateException e =
                assertThrows(IllegalStateException.class, () -> queue.sync().put(1));

        assertEquals("1 waiting, but the channel has no receiver", e.getMessage());
        assertEquals(1, queue.sync().poll());
        assertServed(queue, List.of());
    }

    private static void assertServed(JanusQueue<Integer> queue, List<Integer> before) throws Exception {
        List<CompletableFuture<Integer>> received = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            received.add(queue.async().receiveAsync());
        }
        queue.sync().addAll(List.of(10, 11, 12));
        List<Integer> elements = new ArrayList<>(before);
        for (CompletableFuture<Integer> future : received) {
            elements.add(future.get(20, TimeUnit.SECONDS));
        }
        assertEquals(List.of(10, 11, 12), elements.stream().sorted().toList());
    }
}
