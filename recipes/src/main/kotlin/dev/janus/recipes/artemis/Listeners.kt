package dev.janus.recipes.artemis

import jakarta.jms.JMSContext
import kotlinx.coroutines.channels.SendChannel
import kotlinx.coroutines.runBlocking

/** What people write today: the session acknowledges a message when the listener returns, before the work. */
fun sendToChannel(session: JMSContext, source: String, messages: SendChannel<String>) {
    // sample: begin
    session.createConsumer(session.createQueue(source)).setMessageListener { message ->
        runBlocking { messages.send(message.getBody(String::class.java)) } // JMSContext.AUTO_ACKNOWLEDGE
    }
    // sample: end
}

/** Also drops the messages for which the channel has no room. */
fun trySendToChannel(session: JMSContext, source: String, messages: SendChannel<String>) {
    // sample: begin
    session.createConsumer(session.createQueue(source)).setMessageListener { message ->
        messages.trySend(message.getBody(String::class.java)) // JMSContext.AUTO_ACKNOWLEDGE
    }
    // sample: end
}
