package dev.janus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The ways in which somebody else than the queue ends a future. */
enum OutsideEnd {
    CANCEL(CancellationException.class) {
        @Override
        <T> boolean strike(CompletableFuture<T> future, @Nullable T value) {
            return future.cancel(false);
        }
    },
    CANCEL_INTERRUPTING(CancellationException.class) {
        @Override
        <T> boolean strike(CompletableFuture<T> future, @Nullable T value) {
            return future.cancel(true);
        }
    },
    COMPLETE(null) {
        @Override
        <T> boolean strike(CompletableFuture<T> future, @Nullable T value) {
            return future.complete(value);
        }
    },
    COMPLETE_EXCEPTIONALLY(ArithmeticException.class) {
        @Override
        <T> boolean strike(CompletableFuture<T> future, @Nullable T value) {
            return future.completeExceptionally(new ArithmeticException());
        }
    },
    OR_TIMEOUT(TimeoutException.class) {
        @Override
        <T> boolean strike(CompletableFuture<T> future, @Nullable T value) {
            return inTime(future, () -> future.orTimeout(1, TimeUnit.NANOSECONDS));
        }
    },
    COMPLETE_ON_TIMEOUT(null) {
        @Override
        <T> boolean strike(CompletableFuture<T> future, @Nullable T value) {
            return inTime(future, () -> future.completeOnTimeout(value, 1, TimeUnit.NANOSECONDS));
        }
    },
    COMPLETE_ASYNC(null) {
        @Override
        <T> boolean strike(CompletableFuture<T> future, @Nullable T value) {
            return inTime(future, () -> future.completeAsync(() -> value, Runnable::run));
        }
    },
    FAIL_ASYNC(ArithmeticException.class) {
        @Override
        <T> boolean strike(CompletableFuture<T> future, @Nullable T value) {
            Supplier<T> failing = () -> {
                throw new ArithmeticException();
            };
            return inTime(future, () -> future.completeAsync(failing, Runnable::run));
        }
    };

    private final @Nullable Class<? extends Throwable> failure;

    OutsideEnd(@Nullable Class<? extends Throwable> failure) {
        this.failure = failure;
    }

    /**
     * Ends the future from outside, unless it is done.
     *
     * @return whether it was not done before, as far as can be known
     */
    abstract <T> boolean strike(CompletableFuture<T> future, @Nullable T value);

    /** Asserts that the future has ended in this way. */
    <T> void assertEnded(CompletableFuture<T> future, @Nullable T value) throws Exception {
        assertTrue(future.isDone(), future::toString);
        if (failure == null) {
            assertEquals(value, future.get());
        } else if (failure == CancellationException.class) {
            assertThrows(CancellationException.class, future::get);
        } else {
            Throwable thrown = assertThrows(ExecutionException.class, future::get);
            assertInstanceOf(failure, thrown.getCause());
            assertFalse(future.isCancelled());
        }
    }

    private static boolean inTime(CompletableFuture<?> future, Runnable end) {
        boolean wasDone = future.isDone();
        end.run();
        ThreadCall.await("the end from outside", future::isDone);
        return !wasDone;
    }
}
