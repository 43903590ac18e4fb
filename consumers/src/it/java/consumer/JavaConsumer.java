package consumer;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.janus.JanusQueue;
import java.util.concurrent.CompletableFuture;

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
    }
}
