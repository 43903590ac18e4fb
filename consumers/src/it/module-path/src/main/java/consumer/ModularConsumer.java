package consumer;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.janus.JanusQueue;
import kotlinx.coroutines.Dispatchers;

/** A Java module that passes an element through a queue. */
public final class ModularConsumer {
    private ModularConsumer() {}

    /** Takes as its argument the version of kotlinx-coroutines that it must run on. */
    public static void main(String[] versions) throws Exception {
        String module = Dispatchers.class.getModule().getName();
        String jar = String.valueOf(Dispatchers.class.getProtectionDomain().getCodeSource().getLocation());
        if (!"kotlinx.coroutines.core".equals(module) || !jar.endsWith("-jvm-" + versions[0] + ".jar")) {
            throw new AssertionError("expected kotlinx-coroutines " + versions[0] + ", but found " + jar);
        }
        JanusQueue<String> queue = JanusQueue.fifo(1);
        queue.async().sendAsync("hello").get(10, SECONDS);
        if (!"hello".equals(queue.async().receiveAsync().get(10, SECONDS))) {
            throw new AssertionError();
        }
    }
}
