package dev.janus.recipes.artemis

import dev.janus.fixtures.awaitUntil
import kotlinx.coroutines.delay
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestInstance
import java.io.IOException
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.ConcurrentLinkedQueue
import kotlin.time.Duration.Companion.milliseconds

/** The recipe, and what people write today, on a real broker. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArtemisTest {
    private val broker = ArtemisBroker()
    private val messages = List(200) { "order $it" }

    /** Their work always fails. */
    private val poison = setOf("order 33", "order 66", "order 99")

    @AfterAll
    fun stopBroker() = broker.close()

    @Test
    fun message_whoseWorkFails_isDeliveredAgainOrDeadLettered() {
        val janus = failSometimes(Way.JANUS)
        println("Artemis, failing work, sessions that wait: $janus")
        val usual = failSometimes(Way.BLOCKING_SEND)
        println("Artemis, failing work, runBlocking: $usual")
        assertEquals((messages - poison).sorted(), janus.done.sorted())
        assertEquals(poison, janus.deadLetters.toSet())
        poison.forEach { assertEquals(3, janus.attempts[it], it) }
        assertEquals(177, usual.done.size)
        assertEquals(0, usual.deadLetters.size)
    }

    private class Outcome(val done: List<String>, val deadLetters: List<String>, val attempts: Map<String, Int>) {
        override fun toString() = "${done.size} of 200 done, ${deadLetters.size} dead letters, " +
            "${attempts.values.sum()} attempts"
    }

    /** The work on the poison fails always, and that on every tenth message once. */
    private fun failSometimes(way: Way): Outcome {
        val source = "failing, $way"
        val done = ConcurrentLinkedQueue<String>()
        val attempts = ConcurrentHashMap<String, Int>()
        broker.send(source, messages)
        way.consume(broker.factory, source) { message ->
            val attempt = attempts.merge(message, 1, Int::plus)
            if (message in poison || (message.endsWith("0") && attempt == 1)) throw IOException("no connection")
            done += message
        }.use {
            awaitUntil("all are acknowledged and tried") {
                broker.count(source) == 0L && attempts.keys.containsAll(messages)
            }
        }
        return Outcome(done.toList(), broker.drain(ArtemisBroker.DEAD_LETTERS), attempts)
    }

    @Test
    fun consumer_thatEndsMidway_losesNothing() {
        val outcomes = Way.values().associateWith { endMidway(it) }
        outcomes.forEach { (way, done) ->
            val lost = messages.size - done.toSet().size
            println(
                "Artemis, consumer ended midway, $way: $lost of 200 lost, ${done.size - done.toSet().size} done again",
            )
        }
        assertEquals(messages.toSet(), outcomes.getValue(Way.JANUS).toSet())
        assertTrue(outcomes.getValue(Way.BLOCKING_SEND).size < messages.size)
        assertTrue(outcomes.getValue(Way.TRY_SEND).size < messages.size)
    }

    private fun endMidway(way: Way): List<String> {
        val source = "ended midway, $way"
        val done = ConcurrentLinkedQueue<String>()
        val work: suspend (String) -> Unit = { message ->
            delay(10.milliseconds)
            done += message
        }
        broker.send(source, messages)
        way.consume(broker.factory, source, work).use {
            awaitUntil("a quarter is done") { done.size >= 50 }
            if (way != Way.JANUS) {
                awaitUntil("some are in the channel") { broker.count(source) + done.size + WORKERS < messages.size }
            }
        }
        Way.JANUS.consume(broker.factory, source, work).use {
            awaitUntil("the next consumer has done what the broker still had") { broker.count(source) == 0L }
        }
        return done.toList()
    }
}
