package dev.janus.recipes.artemis

import jakarta.jms.ConnectionFactory
import org.apache.activemq.artemis.api.core.QueueConfiguration
import org.apache.activemq.artemis.api.core.RoutingType
import org.apache.activemq.artemis.api.core.SimpleString
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ
import org.apache.activemq.artemis.core.settings.impl.AddressSettings
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory
import java.net.ServerSocket

/** A broker in this process. It moves a message to the dead letters after three failed deliveries. */
internal class ArtemisBroker : AutoCloseable {
    private val url = "tcp://localhost:${ServerSocket(0).use { it.localPort }}"
    private val server = EmbeddedActiveMQ().setConfiguration(
        ConfigurationImpl()
            .setPersistenceEnabled(false)
            .setSecurityEnabled(false)
            .addAcceptorConfiguration("tcp", url)
            .addAddressSetting(
                "#",
                AddressSettings()
                    .setMaxDeliveryAttempts(3)
                    .setDeadLetterAddress(SimpleString.of(DEAD_LETTERS)),
            ).addQueueConfiguration(QueueConfiguration.of(DEAD_LETTERS).setRoutingType(RoutingType.ANYCAST)),
    ).start()

    /** Its sessions fetch a message only when they are to deliver it. */
    val factory: ConnectionFactory = ActiveMQConnectionFactory("$url?consumerWindowSize=0")

    fun send(queue: String, messages: List<String>) {
        factory.createContext().use { session ->
            messages.forEach { session.createProducer().send(session.createQueue(queue), it) }
        }
    }

    /** Returns how many messages are in the queue, or were delivered and not acknowledged. */
    fun count(queue: String): Long = server.activeMQServer.locateQueue(queue)?.messageCount ?: 0

    /** Removes all messages from the queue, and returns them. */
    fun drain(queue: String): List<String> = factory.createContext().use { session ->
        val consumer = session.createConsumer(session.createQueue(queue))
        generateSequence { consumer.receiveBodyNoWait(String::class.java) }.toList()
    }

    override fun close() {
        (factory as ActiveMQConnectionFactory).close()
        server.stop()
    }

    companion object {
        const val DEAD_LETTERS = "dead letters"
    }
}
