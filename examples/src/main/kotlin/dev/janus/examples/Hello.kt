@file:JvmName("Hello")

package dev.janus.examples

// sample: begin
import dev.janus.kotlin.iterator
import dev.janus.kotlin.janusQueue

suspend fun main() {
    val queue = janusQueue<String>(capacity = 2)
    Thread(Greetings(queue)).start()
    for (greeting in queue.async()) { // suspends this coroutine while the queue is empty
        println(greeting)
    }
    println("Done.")
}
// sample: end
