package dev.janus.recipes.kafka

import kafka.server.KafkaConfig
import kafka.server.KafkaRaftServer
import org.apache.kafka.clients.admin.Admin
import org.apache.kafka.clients.admin.NewTopic
import org.apache.kafka.clients.producer.KafkaProducer
import org.apache.kafka.clients.producer.ProducerRecord
import org.apache.kafka.common.GroupState
import org.apache.kafka.common.Uuid
import org.apache.kafka.common.errors.GroupIdNotFoundException
import org.apache.kafka.common.serialization.StringSerializer
import org.apache.kafka.common.utils.Time
import org.apache.kafka.metadata.storage.Formatter
import org.apache.kafka.server.common.MetadataVersion
import java.io.OutputStream
import java.io.PrintStream
import java.net.InetSocketAddress
import java.net.ServerSocket
import java.nio.file.Path
import java.util.Properties
import java.util.concurrent.ExecutionException

/** A Kafka broker in this process, which keeps its records in the [folder]. */
internal class KafkaBroker(private val folder: Path) : AutoCloseable {
    private val ports = List(3) { ServerSocket(0) }.map { it.use(ServerSocket::getLocalPort) }
    private val server: KafkaRaftServer

    val address = "localhost:${ports[0]}"

    /** Between the broker and the clients that connect to the address of the proxy. */
    val proxy = TcpProxy(InetSocketAddress("localhost", ports[2]))
    private val admin: Admin

    init {
        Formatter()
            .setPrintStream(PrintStream(OutputStream.nullOutputStream()))
            .setClusterId(Uuid.randomUuid().toString())
            .setNodeId(1)
            .setDirectories(listOf(folder.toString()))
            .setControllerListenerName("CONTROLLER")
            .setReleaseVersion(MetadataVersion.latestProduction())
            .run()
        val config = mapOf(
            "process.roles" to "broker,controller",
            "node.id" to "1",
            "log.dirs" to folder.toString(),
            "listeners" to "PLAINTEXT://$address,CONTROLLER://localhost:${ports[1]},PROXIED://localhost:${ports[2]}",
            "advertised.listeners" to "PLAINTEXT://$address,PROXIED://${proxy.address}",
            "listener.security.protocol.map" to "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,PROXIED:PLAINTEXT",
            "controller.listener.names" to "CONTROLLER",
            "controller.quorum.voters" to "1@localhost:${ports[1]}",
            "offsets.topic.replication.factor" to "1",
            "offsets.topic.num.partitions" to "1",
            "group.initial.rebalance.delay.ms" to "0",
            "group.min.session.timeout.ms" to "1000",
        )
        server = KafkaRaftServer(KafkaConfig.fromProps(Properties().apply { putAll(config) }, false), Time.SYSTEM)
        server.startup()
        admin = Admin.create(mapOf("bootstrap.servers" to address))
    }

    fun createTopic(name: String, partitions: Int) {
        admin.createTopics(listOf(NewTopic(name, partitions, 1))).all().get()
    }

    /** Writes the records to the partitions in turn. Returns when they are written. */
    fun write(topic: String, partitions: Int, records: List<String>) {
        val text = StringSerializer()
        // With more requests in flight, a new topic may get the second batch first, and then refuses the first one.
        val settings = mapOf("bootstrap.servers" to address, "max.in.flight.requests.per.connection" to 1)
        KafkaProducer(settings, text, text).use { producer ->
            records
                .mapIndexed { i, record -> producer.send(ProducerRecord(topic, i % partitions, null, record)) }
                .forEach { it.get() }
        }
    }

    /** Returns true if the group has that many members, and each of them has its partitions. */
    fun hasGroup(name: String, members: Int): Boolean = try {
        val group = admin.describeConsumerGroups(listOf(name)).describedGroups().getValue(name).get()
        group.groupState() == GroupState.STABLE && group.members().size == members
    } catch (e: ExecutionException) {
        if (e.cause !is GroupIdNotFoundException) throw e
        false
    }

    /** Returns how many records of the topic the group has committed. */
    fun committed(group: String): Long = admin
        .listConsumerGroupOffsets(group)
        .partitionsToOffsetAndMetadata()
        .get()
        .values
        .sumOf { it.offset() }

    override fun close() {
        admin.close()
        proxy.close()
        server.shutdown()
        server.awaitShutdown()
    }
}
