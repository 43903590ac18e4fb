package dev.janus.recipes.web

import java.net.StandardProtocolFamily
import java.net.UnixDomainSocketAddress
import java.nio.ByteBuffer
import java.nio.channels.SocketChannel
import java.nio.file.Path

/**
 * Clients that ask for events and do not read them. They are connected through a Unix domain socket, in which the system
 * holds 200 kB for each. In one of TCP, on the same machine, it holds 2.6 MB.
 */
internal class StalledClients(socket: Path, count: Int) : AutoCloseable {
    private val connections = List(count) {
        SocketChannel.open(StandardProtocolFamily.UNIX).also {
            it.connect(UnixDomainSocketAddress.of(socket))
            it.write(ByteBuffer.wrap(REQUEST))
        }
    }

    /** Half of them go away. */
    fun closeHalf() = connections.take(connections.size / 2).forEach { it.close() }

    override fun close() = connections.forEach { it.close() }

    private companion object {
        val REQUEST = "GET /events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n".toByteArray()
    }
}
