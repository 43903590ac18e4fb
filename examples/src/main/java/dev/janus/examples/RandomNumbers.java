package dev.janus.examples;

import dev.janus.JanusQueue;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A blocking source of data. Sleeps for a random number of milliseconds, puts that number into the queue, and repeats.
 * Shuts the queue down at the end.
 */
public final class RandomNumbers implements Runnable {
    private final JanusQueue<Integer> queue;
    private final int count;
    private final int maxDelayMillis;

    /**
     * @param queue the queue to put the numbers into
     * @param count how many numbers to make
     * @param maxDelayMillis the longest sleep, and so the greatest number, in milliseconds
     */
    public RandomNumbers(JanusQueue<Integer> queue, int count, int maxDelayMillis) {
        this.queue = queue;
        this.count = count;
        this.maxDelayMillis = maxDelayMillis;
    }

    @Override
    public void run() {
        try {
            for (int i = 0; i < count; i++) {
                int millis = (int) ThreadLocalRandom.current().nextLong(maxDelayMillis + 1L);
                Thread.sleep(millis);
                queue.sync().put(millis);
            }
            queue.shutdown();
        } catch (InterruptedException e) {
            queue.shutdown(e);
        }
    }
}
