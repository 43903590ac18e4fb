package dev.janus;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.fixtures.Running;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class ParkerTest {
    /** A lock whose {@code lock} fails, once, in one thread. */
    @SuppressWarnings("serial") // never serialized
    private static final class FailingLock extends ReentrantLock {
        private final Thread victim = Thread.currentThread();
        private boolean failed;

        @Override
        public void lock() {
            if (Thread.currentThread() == victim && !failed) {
                failed = true;
                throw new OutOfMemoryError("no memory to queue up");
            }
            super.lock();
        }
    }

    @Test
    void wake_lockFailsWithError_wakesAllTheSame() throws Exception {
        FailingLock lock = new FailingLock();
        Parker parker = new Parker(Spinner.NONE, lock);
        Running<Boolean> waiting = Running.startAndAwaitBlocked(() -> parker.await(Parker.FOREVER));

        parker.wake();

        assertTrue(waiting.result());
        assertTrue(lock.failed);
    }

    @Test
    void await_wokenBefore_returnsOnce() throws InterruptedException {
        Parker parker = new Parker();
        parker.wake();
        assertTrue(parker.await(Parker.FOREVER));
        assertFalse(parker.await(0));
    }

    @Test
    void await_wokenAfterATimeout_returns() throws InterruptedException {
        Parker parker = new Parker();
        assertFalse(parker.await(1));
        parker.wake();
        assertTrue(parker.await(Parker.FOREVER));
    }

    @Test
    void await_wokenAndInterrupted_returnsAndStaysInterrupted() throws InterruptedException {
        Parker parker = new Parker();
        parker.wake();
        Thread.currentThread().interrupt();
        assertTrue(parker.await(Parker.FOREVER));
        assertTrue(Thread.interrupted());
    }
}
