package dev.janus.benchmarks

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.selects.onTimeout
import kotlinx.coroutines.selects.select

/** Some queues of 64, and a coroutine that selects from them. */
class Selection(kind: Kind, size: Int) {
    private val queues = List(size) { kind.create(64) }

    /** Sends an element to one of the queues and finds it there, as often as given. */
    fun findAtOnce(times: Int) = runBlocking {
        repeat(times) {
            queues[it % queues.size].send(it)
            select { queues.forEach { it.onReceive { } } }
        }
    }

    /** Finds nothing and does not wait, as often as given. */
    @OptIn(ExperimentalCoroutinesApi::class) // onTimeout
    fun fallThrough(times: Int) = runBlocking {
        repeat(times) {
            select {
                queues.forEach { it.onReceive { } }
                onTimeout(0) { }
            }
        }
    }

    /** Receives a number of elements, while a coroutine for each queue sends them. */
    fun receive(count: Int) = runBlocking(Dispatchers.Default) {
        queues.forEach { launch { repeat(count / queues.size) { i -> it.send(i) } } }
        repeat(count / queues.size * queues.size) { select { queues.forEach { it.onReceive { } } } }
    }
}
