package dev.janus.proof

import dev.janus.JanusQueue
import dev.janus.QueueShutdownException
import org.jetbrains.lincheck.datastructures.IntGen
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions
import org.jetbrains.lincheck.datastructures.Operation
import org.jetbrains.lincheck.datastructures.Options
import org.jetbrains.lincheck.datastructures.Param
import org.jetbrains.lincheck.datastructures.StressOptions
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.TestFactory
import kotlin.reflect.KClass

/** What puts and takes: the operations that most scenarios have. */
@Param(name = "element", gen = IntGen::class, conf = "1:3")
abstract class PutAndTake(protected val queue: JanusQueue<Int>) {
    @Operation
    fun trySend(@Param(name = "element") element: Int) = queue.async().trySend(element)

    @Operation
    fun tryReceive(): Int? = queue.async().tryReceive()

    @Operation(cancellableOnSuspension = false)
    suspend fun send(@Param(name = "element") element: Int) = refused { queue.async().send(element) }

    @Operation(cancellableOnSuspension = false)
    suspend fun receive(): Int = refused { queue.async().receive() }
}

/**
 * Suspending calls, and receives that are cancelled. Without calls that do not wait: they can see that an element is reserved for
 * a caller whose cancellation is under way, a state that the specification does not have. Not at capacity 0: an element that was
 * reserved for a receiver that is then cancelled stays in the queue. And without cancelled sends: one whose element is in already
 * returns normally, while Lincheck takes every coroutine that it cancels for cancelled.
 */
@Param(name = "element", gen = IntGen::class, conf = "1:3")
abstract class WaitOrCancel(private val queue: JanusQueue<Int>) {
    @Operation(cancellableOnSuspension = false)
    suspend fun send(@Param(name = "element") element: Int) = refused { queue.async().send(element) }

    @Operation
    suspend fun receive(): Int = refused { queue.async().receive() }
}

private inline fun <T> refused(call: () -> T): T = try {
    call()
} catch (_: QueueShutdownException) {
    throw Refused()
}

/** Adds the calls that shut the queue down. */
abstract class PutTakeAndEnd(queue: JanusQueue<Int>) : PutAndTake(queue) {
    @Operation
    fun shutdown() = queue.shutdown()

    @Operation
    fun shutdownNow(): List<Int> = queue.shutdownNow()
}

/** Adds changes of the capacity. */
@Param(name = "capacity", gen = IntGen::class, conf = "1:2")
abstract class PutTakeAndResize(queue: JanusQueue<Int>) : PutAndTake(queue) {
    @Operation
    fun capacity(@Param(name = "capacity") capacity: Int) = queue.capacity(capacity)
}

/** Adds calls that wait for tasks to be done. */
abstract class PutTakeAndJoin(queue: JanusQueue<Int>) : PutAndTake(queue) {
    @Operation
    fun taskDone() = try {
        queue.async().taskDone()
    } catch (_: IllegalStateException) {
        throw IllegalStateException()
    }

    @Operation(cancellableOnSuspension = false)
    suspend fun join() = queue.async().join()
}

class Fifo0 : PutAndTake(JanusQueue.fifo(0))
class Fifo0Spec : SequentialQueue(0, fifo())
class Fifo1 : PutAndTake(JanusQueue.fifo(1))
class Fifo1Spec : SequentialQueue(1, fifo())
class Fifo2 : PutAndTake(JanusQueue.fifo(2))
class Fifo2Spec : SequentialQueue(2, fifo())
class Unbounded : PutAndTake(JanusQueue.unbounded())
class UnboundedSpec : SequentialQueue(Int.MAX_VALUE, fifo())
class Lifo2 : PutAndTake(JanusQueue.lifo(2))
class Lifo2Spec : SequentialQueue(2, lifo())
class Priority2 : PutAndTake(JanusQueue.priority(2))
class Priority2Spec : SequentialQueue(2, priority())
class Fifo1Cancel : WaitOrCancel(JanusQueue.fifo(1))
class Priority1Cancel : WaitOrCancel(JanusQueue.priority(1))
class Fifo0End : PutTakeAndEnd(JanusQueue.fifo(0))
class Fifo1End : PutTakeAndEnd(JanusQueue.fifo(1))
class Priority1End : PutTakeAndEnd(JanusQueue.priority(1))
class Priority1Spec : SequentialQueue(1, priority())
class Fifo1Resize : PutTakeAndResize(JanusQueue.fifo(1))
class Fifo1Join : PutTakeAndJoin(JanusQueue.fifo(1))
class Fifo0Join : PutTakeAndJoin(JanusQueue.fifo(0))

/**
 * Every result that concurrent callers get, those whose waits are cancelled among them, is one that they could have got
 * one after the other from the [SequentialQueue].
 */
class LinearizabilityTest {
    private val pairs: List<Pair<KClass<*>, KClass<*>>> = listOf(
        Fifo0::class to Fifo0Spec::class,
        Fifo1::class to Fifo1Spec::class,
        Fifo2::class to Fifo2Spec::class,
        Unbounded::class to UnboundedSpec::class,
        Lifo2::class to Lifo2Spec::class,
        Priority2::class to Priority2Spec::class,
        Fifo1Cancel::class to Fifo1Spec::class,
        Priority1Cancel::class to Priority1Spec::class,
        Fifo0End::class to Fifo0Spec::class,
        Fifo1End::class to Fifo1Spec::class,
        Priority1End::class to Priority1Spec::class,
        Fifo1Resize::class to Fifo1Spec::class,
        Fifo1Join::class to Fifo1Spec::class,
        Fifo0Join::class to Fifo0Spec::class,
    )

    @TestFactory
    fun modelChecking(): List<DynamicTest> =
        checks { ModelCheckingOptions().loopBound(2000).iterations(ITERATIONS).invocationsPerIteration(SCHEDULES) }

    @TestFactory
    fun stress(): List<DynamicTest> = checks { StressOptions().iterations(ITERATIONS).invocationsPerIteration(1000) }

    private fun checks(options: () -> Options<*, *>) = pairs.map { (queue, specification) ->
        dynamicTest(queue.simpleName) {
            options().threads(3).actorsPerThread(2).actorsBefore(2).actorsAfter(2)
                .sequentialSpecification(specification.java).check(queue.java)
        }
    }

    private companion object {
        /** How many scenarios for each pair. */
        val ITERATIONS: Int = Integer.getInteger("janus.lincheck.iterations", 2)

        /** How many schedules of each scenario the model checker tries. */
        val SCHEDULES: Int = Integer.getInteger("janus.lincheck.schedules", 40)
    }
}
