package dev.janus;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class ParkerTest {
    @Test
    void wake_lockFailsWithError_wakesAllTheSame() throws InterruptedException {
        ReentrantLock failing = new ReentrantLock() {
            private boolean failed;

            @Override
            public void lock() {
                if (!failed) {
                    failed = true;
                    throw new OutOfMemoryError("no memory to queue up");
                }
                super.lock();
            }
        };
        Parker parker = new Parker(failing);
        parker.wake();
        assertTrue(parker.await(0));
    }
}
