package dev.janus.kotlin

import dev.janus.SyncQueue
import java.util.concurrent.TimeUnit
import kotlin.time.Duration

/**
 * Puts the element in, blocking for room for at most [timeout].
 *
 * ```
 * if (!orders.sync().offer(order, 100.milliseconds)) log("no room for $order")
 * ```
 *
 * @return false if the time passed without room, and at once if the queue is shut down before there is room; the element
 * was not added
 * @throws InterruptedException if interrupted before or while waiting; the element was not added
 */
public fun <E : Any> SyncQueue<E>.offer(element: E, timeout: Duration): Boolean =
    offer(element, timeout.inWholeNanoseconds, TimeUnit.NANOSECONDS)

/**
 * Takes the next element, blocking for one for at most [timeout].
 *
 * ```
 * orders.sync().poll(100.milliseconds)?.let { order -> ship(order) }
 * ```
 *
 * @return null if the time passed without an element, or if the queue is shut down and nothing is left in it
 * @throws InterruptedException if interrupted before or while waiting; no element was taken
 */
public fun <E : Any> SyncQueue<E>.poll(timeout: Duration): E? = poll(timeout.inWholeNanoseconds, TimeUnit.NANOSECONDS)

/**
 * Blocks until every element that was put in has been marked as done, for at most [timeout].
 *
 * ```
 * if (!orders.sync().join(10.seconds)) log("${orders.unfinishedTasks()} orders are not done")
 * ```
 *
 * @return false if the time passed with work still unfinished
 * @throws InterruptedException if interrupted before or while waiting
 */
public fun SyncQueue<*>.join(timeout: Duration): Boolean = join(timeout.inWholeNanoseconds, TimeUnit.NANOSECONDS)

/**
 * Blocks until the queue is shut down and nothing is left in it, for at most [timeout].
 *
 * ```
 * orders.shutdown()
 * if (!orders.sync().awaitTermination(10.seconds)) log("${orders.size()} orders are not taken")
 * ```
 *
 * @return false if the time passed before that
 * @throws InterruptedException if interrupted before or while waiting
 */
public fun SyncQueue<*>.awaitTermination(timeout: Duration): Boolean =
    awaitTermination(timeout.inWholeNanoseconds, TimeUnit.NANOSECONDS)

/**
 * Takes the next element, blocking for one as long as it takes, and passes it to the [block]. When the block returns, the
 * element's task is marked as done (the block must not call `taskDone`). When it throws, the element goes back to the head
 * of the queue, in a priority queue to where it belongs.
 *
 * ```
 * orders.sync().process { order -> ship(order) }
 * ```
 *
 * @return what the block returned
 * @throws InterruptedException if interrupted before or while waiting; no element was taken
 * @throws dev.janus.QueueShutdownException if the queue is shut down and nothing is left in it
 */
public fun <E : Any, R> SyncQueue<E>.process(block: (E) -> R): R =
    takeLease().use { lease -> block(lease.element()).also { lease.done() } }
