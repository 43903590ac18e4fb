package dev.janus.kotlin

import dev.janus.Lease
import dev.janus.LeaseBatch
import dev.janus.Permit
import dev.janus.SyncQueue
import java.util.concurrent.TimeUnit
import kotlin.time.Duration

/**
 * Adds the element, waiting up to the [timeout] until there is room. Does not wait if the timeout is zero or less. If
 * the thread is interrupted, the element was not added.
 *
 * ```
 * if (!orders.sync().offer(order, 100.milliseconds)) log("no room for $order")
 * ```
 *
 * @return false if the time elapsed or the queue was shut down before there was room; the element was not added
 * @throws InterruptedException if interrupted before or while waiting; the element was not added
 * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the guard refuses it; the
 * element was not added
 */
public fun <E : Any> SyncQueue<E>.offer(element: E, timeout: Duration): Boolean =
    offer(element, timeout.inWholeNanoseconds, TimeUnit.NANOSECONDS)

/**
 * Takes the next element, waiting up to the [timeout] until one is available. Does not wait if the timeout is zero or
 * less. If the thread is interrupted, no element was taken.
 *
 * ```
 * orders.sync().poll(100.milliseconds)?.let { order -> ship(order) }
 * ```
 *
 * @return null if the time elapsed or the queue is shut down and empty; no element was then taken
 * @throws InterruptedException if interrupted before or while waiting; no element was taken
 * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the guard refuses it; no
 * element was taken
 */
public fun <E : Any> SyncQueue<E>.poll(timeout: Duration): E? = poll(timeout.inWholeNanoseconds, TimeUnit.NANOSECONDS)

/**
 * Takes the next elements, waiting until one is available, and then for up to the [linger] time until there are [max].
 * Until it returns, the elements stay in the queue: if the thread is interrupted, no element was taken. See
 * [SyncQueue.takeBatch].
 *
 * Does not wait for more than one if the time is zero or less, or the queue is shut down.
 *
 * ```
 * shipAll(orders.sync().takeBatch(100, 50.milliseconds)) // waits 50 ms for more than one
 * ```
 *
 * @return 1 to [max] elements in the queue's order
 * @throws IllegalArgumentException if [max] is less than 1
 * @throws InterruptedException if interrupted before or while waiting; no element was taken
 * @throws dev.janus.QueueShutdownException if the queue is shut down and empty
 * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the guard refuses it; no
 * element was taken
 */
public fun <E : Any> SyncQueue<E>.takeBatch(max: Int, linger: Duration): List<E> =
    takeBatch(max, linger.inWholeNanoseconds, TimeUnit.NANOSECONDS)

/**
 * Takes the next element, waiting up to the [timeout] until one is available, and up to `max - 1` more that no other
 * caller is waiting for. Does not wait if the timeout is zero or less. If the thread is interrupted, no element was
 * taken.
 *
 * ```
 * val batch = orders.sync().pollBatch(100, 1.seconds)
 * if (batch.isEmpty()) log("no order came")
 * ```
 *
 * @return up to [max] elements in the queue's order; none if the time elapsed or the queue is shut down and empty
 * @throws IllegalArgumentException if [max] is less than 1
 * @throws InterruptedException if interrupted before or while waiting; no element was taken
 * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the guard refuses it; no
 * element was taken
 */
public fun <E : Any> SyncQueue<E>.pollBatch(max: Int, timeout: Duration): List<E> =
    pollBatch(max, timeout.inWholeNanoseconds, TimeUnit.NANOSECONDS)

/**
 * Reserves room for one element, waiting up to the [timeout] until there is some. Does not wait if the timeout is zero or
 * less. If the thread is interrupted, nothing was reserved. See [SyncQueue.reserve].
 *
 * ```
 * orders.sync().reserve(1.seconds)?.use { permit -> permit.put(nextOrder()) }
 * ```
 *
 * @return a permit, which must be used or closed; null if the time elapsed or the queue was shut down before there was room
 * @throws InterruptedException if interrupted before or while waiting; nothing was reserved
 * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the guard refuses it;
 * nothing was reserved
 */
public fun <E : Any> SyncQueue<E>.reserve(timeout: Duration): Permit<E>? =
    reserve(timeout.inWholeNanoseconds, TimeUnit.NANOSECONDS)

/**
 * Waits up to the [timeout] until there is an element, and takes none. Does not wait if the timeout is zero or less. See
 * [SyncQueue.awaitNotEmpty].
 *
 * ```
 * if (orders.sync().awaitNotEmpty(1.seconds)) openWarehouse()
 * ```
 *
 * @return false if the time elapsed, or the queue is shut down and empty
 * @throws InterruptedException if interrupted before or while waiting
 * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the guard refuses it
 */
public fun SyncQueue<*>.awaitNotEmpty(timeout: Duration): Boolean =
    awaitNotEmpty(timeout.inWholeNanoseconds, TimeUnit.NANOSECONDS)

/**
 * Leases the next element, waiting up to the [timeout] until one is available. Does not wait if the timeout is zero or
 * less. If the thread is interrupted, no element was taken.
 *
 * ```
 * orders.sync().pollLease(100.milliseconds)?.use { lease ->
 *     ship(lease.element())
 *     lease.done()
 * }
 * ```
 *
 * @return null if the time elapsed or the queue is shut down and empty; no element was then taken
 * @throws InterruptedException if interrupted before or while waiting; no element was taken
 * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the guard refuses it; no
 * element was taken
 */
public fun <E : Any> SyncQueue<E>.pollLease(timeout: Duration): Lease<E>? =
    pollLease(timeout.inWholeNanoseconds, TimeUnit.NANOSECONDS)

/**
 * Leases the next elements, waiting until one is available, and then for up to the [linger] time until there are [max].
 * If the thread is interrupted, no element was taken. See [SyncQueue.takeLeaseBatch].
 *
 * ```
 * orders.sync().takeLeaseBatch(100, 50.milliseconds).use { batch ->
 *     shipAll(batch.elements()) // if this throws, all orders go back to the head of the queue
 *     batch.done()
 * }
 * ```
 *
 * @return 1 to [max] leases, in the queue's order
 * @throws IllegalArgumentException if [max] is less than 1
 * @throws InterruptedException if interrupted before or while waiting; no element was taken
 * @throws dev.janus.QueueShutdownException if the queue is shut down and empty, and no outstanding lease can return an
 * element
 * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the guard refuses it; no
 * element was taken
 */
public fun <E : Any> SyncQueue<E>.takeLeaseBatch(max: Int, linger: Duration): LeaseBatch<E> =
    takeLeaseBatch(max, linger.inWholeNanoseconds, TimeUnit.NANOSECONDS)

/**
 * Waits up to the [timeout] until every element that was added has been marked as done. Does not wait if the timeout is
 * zero or less. Shutdown does not end this wait.
 *
 * ```
 * if (!orders.sync().join(10.seconds)) log("${orders.unfinishedTasks()} orders are not done")
 * ```
 *
 * @return false if the time elapsed first
 * @throws InterruptedException if interrupted before or while waiting
 * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the guard refuses it
 */
public fun SyncQueue<*>.join(timeout: Duration): Boolean = join(timeout.inWholeNanoseconds, TimeUnit.NANOSECONDS)

/**
 * Waits up to the [timeout] until the queue is terminated: shut down, with nothing left to take. Does not wait if the
 * timeout is zero or less.
 *
 * ```
 * orders.shutdown()
 * if (!orders.sync().awaitTermination(10.seconds)) log("${orders.size()} orders are not taken")
 * ```
 *
 * @return false if the time elapsed first
 * @throws InterruptedException if interrupted before or while waiting
 * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the guard refuses it
 */
public fun SyncQueue<*>.awaitTermination(timeout: Duration): Boolean =
    awaitTermination(timeout.inWholeNanoseconds, TimeUnit.NANOSECONDS)

/**
 * Takes the next element, waiting until one is available, and passes it to the [block]. When the block returns, the
 * element is marked as done, so the block must not call `taskDone`. If the block throws, the element returns to the
 * head of the queue; in a priority queue, to its place in the order.
 *
 * ```
 * orders.sync().process { order -> ship(order) }
 * ```
 *
 * After `shutdownNow()` the queue does not take elements back: if the block fails, its exception has the
 * [QueueShutdownException][dev.janus.QueueShutdownException] of the lease as a suppressed exception.
 *
 * @return the block's result
 * @throws InterruptedException if interrupted before or while waiting; no element was taken
 * @throws dev.janus.QueueShutdownException if the queue is shut down and empty, and no outstanding lease can return an
 * element
 * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the guard refuses it; no
 * element was taken
 */
public fun <E : Any, R> SyncQueue<E>.process(block: (E) -> R): R =
    takeLease().use { lease -> block(lease.element()).also { lease.done() } }
