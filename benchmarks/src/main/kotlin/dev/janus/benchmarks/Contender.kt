package dev.janus.benchmarks

import com.conversantmedia.util.concurrent.DisruptorBlockingQueue
import dev.janus.JanusQueue
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.trySendBlocking
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.runInterruptible
import kotlinx.coroutines.selects.SelectClause1
import org.jctools.queues.MpscBlockingConsumerArrayQueue
import java.util.concurrent.ArrayBlockingQueue
import java.util.concurrent.BlockingQueue
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.LinkedTransferQueue
import java.util.concurrent.PriorityBlockingQueue
import java.util.concurrent.SynchronousQueue
import com.softwaremill.jox.Channel as JoxChannel

/** One queue, called as the users of its kind call it. */
abstract class Contender {
    /** Puts an element. Called by a thread. */
    abstract fun put(element: Any)

    /** Takes an element. Called by a thread. */
    abstract fun take(): Any

    /** Puts an element. Called by a coroutine. */
    abstract suspend fun send(element: Any)

    /** Takes an element. Called by a coroutine. */
    abstract suspend fun receive(): Any

    /** The clause of a select that takes an element. */
    open val onReceive: SelectClause1<Any>
        get() = throw UnsupportedOperationException("no select")
}

/** The capacity of an unbounded queue. */
const val UNBOUNDED = Int.MAX_VALUE

/**
 * A way to hand elements over.
 *
 * @property title the name in tables
 * @property accepts tells whether there is such a queue of a capacity; 0 is a rendezvous
 * @property create makes a queue of a capacity
 */
enum class Kind(val title: String, val accepts: (Int) -> Boolean, val create: (Int) -> Contender) {
    JANUS("Janus", { true }, { Janus(if (it == UNBOUNDED) JanusQueue.unbounded() else JanusQueue.fifo(it)) }),
    JANUS_PRIORITY("Janus, priority", { it > 0 }, { Janus(JanusQueue.priority(it, compareBy { e -> e as Int })) }),

    TRY_SEND_BLOCKING("Channel, trySendBlocking", { true }, { TrySendBlocking(it) }),
    RUN_BLOCKING("Channel, runBlocking", { true }, { RunBlocking(it) }),

    ARRAY_BLOCKING_QUEUE("ArrayBlockingQueue", { it in 1..<UNBOUNDED }, { Blocking(ArrayBlockingQueue(it)) }),
    LINKED_BLOCKING_QUEUE("LinkedBlockingQueue", { it > 0 }, { Blocking(LinkedBlockingQueue(it)) }),
    SYNCHRONOUS_QUEUE("SynchronousQueue", { it == 0 }, { Blocking(SynchronousQueue()) }),
    LINKED_TRANSFER_QUEUE("LinkedTransferQueue", { it == UNBOUNDED }, { Blocking(LinkedTransferQueue()) }),
    PRIORITY_BLOCKING_QUEUE("PriorityBlockingQueue", { it == UNBOUNDED }, { Blocking(PriorityBlockingQueue()) }),
    JOX("jox Channel", { Runtime.version().feature() >= 21 }, { Jox(it) }),

    /** Rounds its capacity up to a power of two, at least 2. */
    DISRUPTOR("DisruptorBlockingQueue", { it in 2..65536 }, { Blocking(DisruptorBlockingQueue(it)) }),

    /** Allows one consumer. Its capacity is a power of two, at least 2. */
    MPSC("MpscBlockingConsumerArrayQueue", { it in 2..65536 }, { Mpsc(MpscBlockingConsumerArrayQueue(it)) }),
}

private class Janus(queue: JanusQueue<Any>) : Contender() {
    private val sync = queue.sync()
    private val async = queue.async()

    override fun put(element: Any) = sync.put(element)

    override fun take(): Any = sync.take()

    override suspend fun send(element: Any) = async.send(element)

    override suspend fun receive(): Any = async.receive()

    override val onReceive: SelectClause1<Any>
        get() = async.onReceive
}

/** A kotlinx channel, with the calls that most code uses to reach it from threads. */
private open class RunBlocking(capacity: Int) : Contender() {
    protected val channel: Channel<Any> = Channel(capacity)

    override fun put(element: Any) = runBlocking { channel.send(element) }

    override fun take(): Any = runBlocking { channel.receive() }

    override suspend fun send(element: Any) = channel.send(element)

    override suspend fun receive(): Any = channel.receive()

    override val onReceive: SelectClause1<Any>
        get() = channel.onReceive
}

private class TrySendBlocking(capacity: Int) : RunBlocking(capacity) {
    override fun put(element: Any) {
        channel.trySendBlocking(element).getOrThrow()
    }
}

private open class Blocking(private val queue: BlockingQueue<Any>) : Contender() {
    override fun put(element: Any) = queue.put(element)

    override fun take(): Any = queue.take()

    override suspend fun send(element: Any) = runInterruptible(Dispatchers.IO) { queue.put(element) }

    override suspend fun receive(): Any = runInterruptible(Dispatchers.IO) { queue.take() }
}

/** A queue whose `put` does not wait but throws when the queue is full: producers try again. */
private class Mpsc(private val queue: BlockingQueue<Any>) : Blocking(queue) {
    override fun put(element: Any) {
        while (!queue.offer(element)) Thread.yield()
    }

    override suspend fun send(element: Any) = runInterruptible(Dispatchers.IO) { put(element) }
}

private class Jox(capacity: Int) : Contender() {
    private val channel: JoxChannel<Any> = when (capacity) {
        0 -> JoxChannel.newRendezvousChannel()
        UNBOUNDED -> JoxChannel.newUnlimitedChannel()
        else -> JoxChannel.newBufferedChannel(capacity)
    }

    override fun put(element: Any) = channel.send(element)

    override fun take(): Any = channel.receive()

    override suspend fun send(element: Any) = runInterruptible(Dispatchers.IO) { channel.send(element) }

    override suspend fun receive(): Any = runInterruptible(Dispatchers.IO) { channel.receive() }
}
