package dev.janus.recipes.web

import java.net.SocketAddress
import java.net.StandardProtocolFamily
import java.net.StandardSocketOptions
import java.net.UnixDomainSocketAddress
import java.nio.ByteBuffer
import java.nio.channels.SocketChannel

/** Clients that ask for events and do not read them. */
internal class StalledClients(val count: Int, address: SocketAddress) : AutoCloseable {
    private val connections = List(count) {
        open(address).also { it.write(ByteBuffer.wrap(REQUEST)) }
    }

    private fun open(address: SocketAddress): SocketChannel = if (address is UnixDomainSocketAddress) {
        SocketChannel.open(StandardProtocolFamily.UNIX)
    } else {
        SocketChannel.open().setOption(StandardSocketOptions.SO_RCVBUF, SMALL)
    }.also { it.connect(address) }

    /** Half of them go away. */
    fun closeHalf() = connections.take(connections.size / 2).forEach { it.close() }

    override fun close() = connections.forEach { it.close() }

    private companion object {
        const val SMALL = 4_096
        val REQUEST = "GET /events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n".toByteArray()
    }
}
