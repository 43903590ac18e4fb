package dev.janus.recipes.artemis;

import dev.janus.JanusQueue;
import dev.janus.Request;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import kotlin.Unit;

/**
 * Receives messages in a session of its own, which only its thread uses. A message is acknowledged when a coroutine has
 * done the work on it. There are as many messages in work as there are receivers.
 */
public final class Receiver implements Callable<Void> {
    private final ConnectionFactory factory;
    private final String source;
    private final JanusQueue<Request<String, Unit>> messages;

    public Receiver(ConnectionFactory factory, String source, JanusQueue<Request<String, Unit>> messages) {
        this.factory = factory;
        this.source = source;
        this.messages = messages;
    }

    /** Receives until it is interrupted, or the queue of messages is shut down. */
    @Override
    public Void call() throws InterruptedException {
        // sample: begin
        try (JMSContext session = factory.createContext(JMSContext.SESSION_TRANSACTED)) {
            JMSConsumer consumer = session.createConsumer(session.createQueue(source));
            while (true) {
                String message = consumer.receiveBody(String.class);
                try {
                    new Request<String, Unit>(message).ask(messages); // waits until a coroutine has done the work
                    session.commit();
                } catch (ExecutionException failure) {
                    session.rollback(); // the broker delivers it again, or moves it to the dead letters
                }
            }
        }
        // sample: end
    }
}
