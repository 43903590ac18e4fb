package dev.janus;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import kotlin.coroutines.CoroutineContext;
import kotlinx.coroutines.CoroutineDispatcher;
import org.jspecify.annotations.Nullable;

/** A loop that runs when the test says so, and throws once it is broken. */
final class BreakableDispatcher extends CoroutineDispatcher {
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private volatile @Nullable RuntimeException failure;

    void breakWith(RuntimeException reason) {
        failure = reason;
    }

    void runAll() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Override
    public void dispatch(CoroutineContext context, Runnable block) {
        RuntimeException reason = failure;
        if (reason != null) {
            throw reason;
        }
        tasks.add(block);
    }
}
