package dev.janus.examples;

// sample: begin
import dev.janus.JanusQueue;

/** A plain Java thread that puts a few greetings in. */
final class Greetings implements Runnable {
    private final JanusQueue<String> queue;

    Greetings(JanusQueue<String> queue) {
        this.queue = queue;
    }

    @Override
    public void run() {
        try {
            for (String name : new String[] {"Ada", "Grace", "Edsger"}) {
                queue.sync().put("Hello, " + name); // blocks this thread while the queue is full
            }
            queue.shutdown(); // nothing more to come; what is in the queue is still received
        } catch (InterruptedException e) {
            queue.shutdown(e); // tells the receiver why the greetings end
        }
    }
}
// sample: end
