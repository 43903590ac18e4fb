package dev.janus.recipes.kafka

import java.io.IOException
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.ServerSocket
import java.net.Socket
import java.net.SocketException
import kotlin.concurrent.thread

/** Passes connections on to the [target]. They can be cut. */
internal class TcpProxy(private val target: InetSocketAddress) : AutoCloseable {
    private val listener = ServerSocket(0, 0, InetAddress.getLoopbackAddress())
    private val connections = ArrayList<Connection>() // guarded by this, as what follows
    private var isRefusing = false

    val address = "${listener.inetAddress.hostAddress}:${listener.localPort}"

    /** How many connections were cut. */
    @get:Synchronized
    var cut = 0
        private set

    /** How many connections were refused. */
    @get:Synchronized
    var refused = 0
        private set

    private val accepting = thread(name = "proxy $address") {
        try {
            while (true) pass(listener.accept())
        } catch (_: SocketException) {
            // this proxy is closed
        }
    }

    @Synchronized
    private fun pass(client: Socket) {
        if (isRefusing) {
            refused++
            client.close()
        } else {
            connections += Connection(client, Socket(target.address, target.port))
        }
    }

    /** Closes all connections in the midst of what they pass, and each new one until the [block] is done. */
    fun cut(block: () -> Unit) {
        cut()
        try {
            block()
        } finally {
            synchronized(this) { isRefusing = false }
        }
    }

    @Synchronized
    private fun cut() {
        isRefusing = true
        cut += connections.count { it.isOpen }
        connections.forEach { it.close() }
        connections.clear()
    }

    override fun close() {
        listener.close()
        accepting.join()
        cut()
    }

    private class Connection(private val client: Socket, private val server: Socket) : AutoCloseable {
        val isOpen
            get() = !client.isClosed

        init {
            copy(client, server)
            copy(server, client)
        }

        private fun copy(from: Socket, to: Socket) = thread(name = "proxy of ${client.remoteSocketAddress}") {
            try {
                from.getInputStream().transferTo(to.getOutputStream())
            } catch (_: IOException) {
                // cut, or closed by the other thread
            }
            close()
        }

        override fun close() {
            client.close()
            server.close()
        }
    }
}
