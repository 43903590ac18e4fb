package dev.janus.recipes.web

import dev.janus.fixtures.awaitUntil
import org.junit.jupiter.api.Assertions.assertEquals

/** Events of the same size, numbered from 1, and what their reader has read. */
internal class Events(val count: Int, private val bytes: Int) {
    fun event(number: Int) = "$number ".padEnd(bytes, 'x')

    fun number(event: String) = event.substringBefore(' ').toInt()

    /** Publishes all, each when the last has been read. */
    fun publishTo(read: List<Int>, publish: (String) -> Unit) = (1..count).forEach {
        publish(event(it))
        awaitUntil("event $it is read") { read.lastOrNull() == it }
    }

    /** One client reads, and the others do not: it gets all, and for each of them 16 wait. Then half of them go away. */
    fun checkBroadcast(prices: Broadcast<String>, stalled: StalledClients, read: List<Int>) {
        awaitUntil("all have subscribed") { prices.subscribers == stalled.count + 1 }
        publishTo(read, prices::publish)
        println(
            "Janus: ${stalled.count} clients do not read, another got ${read.size} of $count; ${prices.waiting} wait",
        )
        assertEquals((1..count).toList(), read)
        assertEquals(stalled.count * 16, prices.waiting)

        stalled.closeHalf()
        awaitUntil("half of them are gone") { prices.subscribers == stalled.count / 2 + 1 }
        prices.publish(event(count + 1))
        awaitUntil("the next event is read") { read.last() == count + 1 }
    }
}
