package dev.janus.recipes.kafka

import dev.janus.fixtures.awaitUntil
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.delay
import org.apache.kafka.clients.consumer.ConsumerRecord
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeAll
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestInstance
import org.junit.jupiter.api.io.TempDir
import java.io.IOException
import java.nio.file.Path
import java.util.concurrent.CompletableFuture.supplyAsync
import java.util.concurrent.ConcurrentHashMap
import kotlin.time.Duration.Companion.milliseconds

/** The recipe, and what people write today, on a real broker. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KafkaTest {
    private lateinit var broker: KafkaBroker

    @BeforeAll
    fun startBroker(@TempDir folder: Path) {
        broker = KafkaBroker(folder)
    }

    @AfterAll
    fun stopBroker() = broker.close()

    @Test
    fun member_killed_losesNothing() {
        val usual = supplyAsync { killOneOfTwo(Way.AUTO_COMMIT, "killed-auto-commit") }
        val janus = killOneOfTwo(Way.JANUS, "killed-janus")
        println("Kafka, member killed, queues: $janus")
        println("Kafka, member killed, auto-commit and a channel: ${usual.get()}")
        assertEquals(0, janus.lost)
        assertTrue(janus.isOrdered)
        assertEquals(500 - MemberProcess.RECORDS, usual.get().lost)
    }

    private class Outcome(val lost: Int, val again: Int, val isOrdered: Boolean) {
        override fun toString() = "$lost of 1000 lost, $again done again"
    }

    private fun killOneOfTwo(way: Way, topic: String): Outcome {
        val records = List(1000) { "record $it" }
        broker.createTopic(topic, Way.PARTITIONS)
        MemberProcess(way, broker.address, topic).use { process ->
            Member(way, broker.address, topic) { delay(10.milliseconds) }.use { survivor ->
                awaitUntil("both have partitions") { broker.hasGroup(topic, members = 2) }
                broker.write(topic, Way.PARTITIONS, records)
                awaitUntil("both are in work") {
                    process.done.size == MemberProcess.RECORDS && survivor.done.size >= 200
                }
                if (way == Way.AUTO_COMMIT) awaitUntil("all is committed") { broker.committed(topic) == 1000L }
                process.kill()
                val last = List(Way.PARTITIONS) { "last $it" }
                broker.write(topic, Way.PARTITIONS, last)
                awaitUntil("the survivor has done what was left") {
                    // the last is the last of its queue; beside one channel, the other workers may still be busy
                    survivor.done.map { it.value() }.containsAll(last) && (way == Way.JANUS || survivor.backlog == 0)
                }
                return outcome(records, process.done - last.toSet(), survivor.done.filter { it.value() !in last })
            }
        }
    }

    private fun outcome(records: List<String>, one: List<String>, survivor: List<ConsumerRecord<*, String>>): Outcome {
        val done = one + survivor.map { it.value() }
        val offsets = survivor.groupBy({ it.partition() }, { it.offset() }).values
        return Outcome(
            lost = (records - done.toSet()).size,
            again = done.size - done.toSet().size,
            isOrdered = offsets.all { it.isAscending() },
        )
    }

    private fun List<Long>.isAscending() = zipWithNext().all { (a, b) -> a < b }

    private fun fill(topic: String, count: Int): List<String> {
        val records = List(count) { "record $it" }
        broker.createTopic(topic, Way.PARTITIONS)
        broker.write(topic, Way.PARTITIONS, records)
        return records
    }

    @Test
    fun member_workSlowerThanThePollInterval_keepsItsPartitions() {
        val usual = supplyAsync {
            workSlowly(Way.BLOCKING_SEND, "slow-blocking-send") { it.rebalances == 3 }
        }
        val janus = workSlowly(Way.JANUS, "slow-janus") { broker.committed("slow-janus") == 200L }
        println("Kafka, slow work, queues: $janus")
        println("Kafka, slow work, runBlocking: ${usual.get()}")
        assertEquals(Progress(done = 200, again = 0, committed = 200, rebalances = 1), janus)
    }

    private data class Progress(val done: Int, val again: Int, val committed: Long, val rebalances: Int) {
        override fun toString() = "$done done, $again of them again, $committed committed, $rebalances rebalances"
    }

    private fun workSlowly(way: Way, topic: String, isEnough: (Member) -> Boolean): Progress {
        fill(topic, 200)
        val settings = mapOf("max.poll.interval.ms" to 1000)
        Member(way, broker.address, topic, settings) { delay(60.milliseconds) }.use { member ->
            awaitUntil("enough is done") { isEnough(member) }
            return progress(member, topic)
        }
    }

    private fun progress(member: Member, topic: String): Progress {
        val done = member.done.map { it.value() }
        return Progress(done.size, done.size - done.toSet().size, broker.committed(topic), member.rebalances)
    }

    @Test
    fun member_coroutinesThatWait_pollsNoMoreThanItsQueuesHold() {
        val janus = pollAll(Way.JANUS, "waiting-janus") { it.isPaused }
        println("Kafka, coroutines that wait, queues: $janus of 5000 polled")
        val channel = pollAll(Way.AUTO_COMMIT, "waiting-auto-commit") { it.backlog == 5000 }
        println("Kafka, coroutines that wait, an unlimited channel: $channel of 5000 polled")
        assertTrue(janus <= Way.PARTITIONS * 2 * Way.MAX_POLL_RECORDS, "$janus")
    }

    private fun pollAll(way: Way, topic: String, hasEnded: (Member) -> Boolean): Int {
        fill(topic, 5000)
        val mayWork = CompletableDeferred<Unit>()
        Member(way, broker.address, topic) { mayWork.await() }.use { member ->
            awaitUntil("nothing more is polled") { hasEnded(member) }
            val polled = member.backlog
            mayWork.complete(Unit)
            awaitUntil("all is done") { member.done.size == 5000 }
            return polled
        }
    }

    @Test
    fun member_connectionsCut_losesAndRepeatsNothing() {
        val records = fill("cut", 1500)
        val settings = mapOf("session.timeout.ms" to 30_000) // however slow the machine is
        Member(Way.JANUS, broker.proxy.address, "cut", settings) { delay(5.milliseconds) }.use { member ->
            val cutBefore = broker.proxy.cut
            var times = 0
            var committed = 0L
            while (committed < 1500) {
                val enough = minOf(committed + 250, 1500)
                awaitUntil("it has committed more") { broker.committed("cut") >= enough }
                cutUntilRefused(times = 3)
                times++
                committed = broker.committed("cut")
            }
            val progress = progress(member, "cut")
            println("Kafka, ${broker.proxy.cut - cutBefore} connections cut, at $times times, queues: $progress")
            assertEquals(records.toSet(), member.done.map { it.value() }.toSet())
            assertEquals(0, progress.again)
            assertTrue(times >= 2 && broker.proxy.cut - cutBefore >= times)
        }
    }

    private fun cutUntilRefused(times: Int) {
        val refused = broker.proxy.refused
        broker.proxy.cut { awaitUntil("it tries to connect") { broker.proxy.refused >= refused + times } }
    }

    @Test
    fun member_cutOffForLongerThanItsSession_losesNothing() {
        val setUp = supplyAsync { TwoMembers(Way.AUTO_COMMIT, "cut-off-auto-commit") }
        TwoMembers(Way.JANUS, "cut-off-janus").use { janus ->
            setUp.get().use { usual ->
                awaitUntil("all are in work") { janus.areInWork && usual.areInWork }
                broker.proxy.cut {
                    awaitUntil("the others have all partitions") { janus.areMembers(1) && usual.areMembers(1) }
                }
                awaitUntil("all is done") { janus.haveDoneAll && usual.haveDoneAll }
                awaitUntil("the one that was cut off is a member again") { janus.areMembers(2) }
                println("Kafka, member cut off, queues: ${janus.outcome}")
                println("Kafka, member cut off, auto-commit and a channel: ${usual.outcome}")
                assertTrue(janus.outcome.isOrdered)
            }
        }
    }

    /** Two members of a group, of which one can be cut off. */
    private inner class TwoMembers(way: Way, private val topic: String) : AutoCloseable {
        private val records = List(1000) { "record $it" }
        private val cutOff: Member
        private val other: Member

        init {
            broker.createTopic(topic, Way.PARTITIONS)
            // slow, so that it still has records in its queues when it connects again
            cutOff = Member(way, broker.proxy.address, topic) { delay(25.milliseconds) }
            other = Member(way, broker.address, topic) { delay(10.milliseconds) }
            awaitUntil("both have partitions") { areMembers(2) }
            broker.write(topic, Way.PARTITIONS, records)
        }

        val areInWork
            get() = cutOff.done.size >= 25 && other.done.size >= 50

        val haveDoneAll
            get() = broker.committed(topic) == 1000L && outcome.lost == 0

        val outcome
            get() = outcome(records, cutOff.done.map { it.value() }, other.done.toList())

        fun areMembers(count: Int) = broker.hasGroup(topic, count)

        override fun close() {
            cutOff.close()
            other.close()
        }
    }

    @Test
    fun record_whoseWorkFails_isTriedAgainInItsTurn() {
        fill("failing", 100)
        val failed = ConcurrentHashMap.newKeySet<String>()
        Member(Way.JANUS, broker.address, "failing") { record ->
            if (record.offset() % 10 == 5L && failed.add(record.value())) throw IOException("no connection")
        }.use { member ->
            awaitUntil("all is done") { broker.committed("failing") == 100L }
            val offsets = member.done.groupBy({ it.partition() }, { it.offset() })
            assertEquals(Way.PARTITIONS, offsets.size)
            offsets.values.forEach { assertEquals((0L until 25).toList(), it) }
            assertEquals(2 * Way.PARTITIONS, failed.size)
        }
    }
}
