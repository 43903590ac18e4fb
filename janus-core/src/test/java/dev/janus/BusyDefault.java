package dev.janus;

import java.util.concurrent.CountDownLatch;
import kotlin.coroutines.EmptyCoroutineContext;
import kotlinx.coroutines.Dispatchers;

/** Keeps all threads of Dispatchers.Default busy, so that nothing new runs there. */
final class BusyDefault {
    private BusyDefault() {}

    /** Does this while nothing runs on Dispatchers.Default. */
    static void during(ThreadCall.Body body) throws Exception {
        int threads = Math.max(2, Runtime.getRuntime().availableProcessors());
        CountDownLatch begun = new CountDownLatch(threads);
        CountDownLatch over = new CountDownLatch(1);
        for (int i = 0; i < threads; i++) {
            Dispatchers.getDefault().dispatch(EmptyCoroutineContext.INSTANCE, () -> {
                begun.countDown();
                await(over);
            });
        }
        begun.await();
        try {
            body.run();
        } finally {
            over.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
