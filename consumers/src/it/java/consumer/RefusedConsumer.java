package consumer;

import dev.janus.JanusQueue;

/** A Java program that runs on coroutines which are too old. */
public final class RefusedConsumer {
    private RefusedConsumer() {}

    /** Takes as its first argument the version of kotlinx-coroutines that the exception must name. */
    public static void main(String[] versions) {
        String expected = "found kotlinx-coroutines-core " + versions[0] + ": expected 1.7.3 or newer";
        try {
            JanusQueue.fifo(1);
        } catch (IllegalStateException e) {
            if (expected.equals(e.getMessage())) {
                return;
            }
            throw e;
        }
        throw new AssertionError("a queue was built on coroutines " + versions[0]);
    }
}
