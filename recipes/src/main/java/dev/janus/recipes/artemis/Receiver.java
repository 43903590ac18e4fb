package dev.janus.recipes.artemis;

import dev.janus.JanusQueue;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;

/**
 * Receives messages in a session of its own, which only its thread uses. A message is acknowledged when a coroutine has
 * done the work on it. There are as many messages in work as there are receivers.
 */
public final class Receiver implements Callable<Void> {
    private final ConnectionFactory factory;
    private final String source;
    private final JanusQueue<Delivery> deliveries;

    public Receiver(ConnectionFactory factory, String source, JanusQueue<Delivery> deliveries) {
        this.factory = factory;
        this.source = source;
        this.deliveries = deliveries;
    }

    /** Receives until it is interrupted, or the deliveries are shut down. */
    @Override
    public Void call() throws InterruptedException {
        // sample: begin
        try (JMSContext session = factory.createContext(JMSContext.SESSION_TRANSACTED)) {
            JMSConsumer consumer = session.createConsumer(session.createQueue(source));
            while (true) {
                Delivery delivery = new Delivery(consumer.receiveBody(String.class));
                deliveries.sync().put(delivery);
                try {
                    delivery.get(); // until a coroutine has done the work
                    session.commit();
                } catch (ExecutionException | CancellationException failure) {
                    session.rollback(); // the broker delivers it again, or moves it to the dead letters
                }
            }
        }
        // sample: end
    }
}
