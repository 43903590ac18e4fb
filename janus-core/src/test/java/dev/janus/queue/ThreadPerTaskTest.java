package dev.janus.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.janus.JanusQueue;
import dev.janus.fixtures.QueueSuite;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import kotlinx.coroutines.ExecutorsKt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** A queue bound to an executor that starts a virtual thread for each task: to block one of them holds up nothing. */
@EnabledForJreRange(min = JRE.JAVA_21)
class ThreadPerTaskTest extends QueueSuite {
    @Test
    void take_inACallback_waits() throws Exception {
        ExecutorService executor = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        JanusQueue<Integer> queue = checked(JanusQueue.<Integer>builder()
                .capacity(1)
                .boundTo(ExecutorsKt.from(executor))
                .build());
        CompletableFuture<Integer> second = queue.async().receiveAsync().thenApply(first -> {
            try {
                return queue.sync().take();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        queue.sync().put(1);
        queue.sync().put(2);
        assertEquals(2, second.get());
        executor.shutdown();
    }
}
