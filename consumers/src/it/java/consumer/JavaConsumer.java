package consumer;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.janus.JanusQueue;
import java.util.concurrent.CompletableFuture;
import kotlin.coroutines.Continuation;
import kotlin.coroutines.CoroutineContext;
import kotlin.coroutines.EmptyCoroutineContext;

/** A Java program that passes an element through a queue. */
public final class JavaConsumer {
    private JavaConsumer() {}

    /** Takes as arguments the versions of kotlinx-coroutines and Kotlin that it must run on. */
    public static void main(String[] versions) throws Exception {
        ClassPath.check(versions[0], versions[1]);
        JanusQueue<String> queue = JanusQueue.fifo(1);
        CompletableFuture<String> received = queue.async().receiveAsync();
        queue.async().sendAsync("hello").get(10, SECONDS);
        if (!received.get(10, SECONDS).equals("hello")) {
            throw new AssertionError(received);
        }
        receiveSuspended(queue);
    }

    /** Receives as a coroutine that has to wait does. */
    private static void receiveSuspended(JanusQueue<String> queue) throws Exception {
        CompletableFuture<Object> resumed = new CompletableFuture<>();
        Object returned = queue.async().receive(new Continuation<String>() {
            @Override
            public CoroutineContext getContext() {
                return EmptyCoroutineContext.INSTANCE;
            }

            @Override
            public void resumeWith(Object result) {
                resumed.complete(result);
            }
        });
        queue.sync().put("hello");
        if (!resumed.get(10, SECONDS).equals("hello")) {
            throw new AssertionError(returned + ", " + resumed);
        }
    }
}
